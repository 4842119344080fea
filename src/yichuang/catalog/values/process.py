"""How an item runs and what comes out: the steps as the guide tells them, the result and its fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from yichuang.core.words import W, Words

if TYPE_CHECKING:
    from yichuang.engine.values import Expression


@dataclass(frozen=True, slots=True)
class ResultField:
    """One line of the result: `value` is a FEEL expression over form, answers, facts and today."""

    key: str
    label: Words
    value: Expression
    personal: bool = False


@dataclass(frozen=True, slots=True)
class Validity:
    amount: int
    unit: Literal["year", "month", "day", "forever"]
    basis: str = ""
    source: str = ""
    until: str | None = None  # JSON pointer to a date of the form that ends it (a lease's end)


@dataclass(frozen=True, slots=True)
class Handover:
    """A thing beside the paper that is handed over (犬牌)."""

    code: str
    name: Words


FollowUpKind = Literal["change", "renew", "replace"]
FOLLOW_UP_WORDS: Mapping[str, Words] = {
    "change": W("变更", "Change"),
    "renew": W("延续", "Renewal"),
    "replace": W("补发", "Replacement"),
}


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What may be applied for of a result in force: 变更, 延续 (from so many days before its end on), 补发 (行政许可法 arts. 49–50)."""

    kind: FollowUpKind
    from_days: int = (
        0  # 延续: how many calendar days before the end it may be applied for at the earliest; 0: at any time
    )
    basis: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class EndedCertificate:
    """A certificate that ends when this result is granted (转移登记: the title of the former owner).

    `printed` points into the form at its number; `holders` at the part in which its holders' numbers must stand.
    """

    certificate: str
    printed: str
    holders: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class ResultSpec:
    """审批结果: what is recorded in the certificate base and rendered. `number_rule` is a Python format string over
    `year` (of the decision) and `serial` (of the year, per issuer and type)."""

    type_code: str
    name: Words
    kind: Literal["certificate", "approval", "other"]
    template: str
    number_rule: str
    validity: Validity
    fields: tuple[ResultField, ...]
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # name -> JSON pointers into the form
    handovers: tuple[Handover, ...] = ()
    unique: str = ""  # the key of which only one VALID certificate may exist ("chip")
    by_sound: tuple[str, ...] = ()  # keys under which names that are read alike in the same trade are one
    by_place: tuple[str, ...] = ()  # keys whose last value is an address: however it is written, one place is one
    sample_note: Words | None = None
    source: str = ""
    follow_ups: tuple[FollowUp, ...] = ()
    ends: tuple[EndedCertificate, ...] = ()
    keep: Literal["permanent", "30", "10", ""] = (
        ""  # 保管期限 of a granted case's file, years; "": as the archive's rule says
    )

    def follow_up(self, kind: str) -> FollowUp | None:
        """The follow-up of that kind, when this result knows it."""
        return next((one for one in self.follow_ups if one.kind == kind), None)


OPERATIONS: Mapping[str, Words] = {
    "remind": W("催办：提醒现在的承办人", "Remind whoever holds the case now"),
    "tell-applicant": W("告知申请人办理进展", "Tell the applicant how far the case is"),
}
"""What a process may ask of the house (service and send tasks), for a case under way."""
MESSAGES: Mapping[str, Words] = {
    "papers-handed-in": W("申请人补交了材料", "The applicant handed in papers"),
    "promise-kept": W("容缺承诺的材料已补齐", "The promised papers are complete"),
    "hearing-held": W("听证已举行", "The hearing was held"),
    "extended": W("延期已批准", "An extension was approved"),
    "resumed": W("特别程序已结束", "The special procedure has ended"),
}
"""What happens to a case that its process may wait for (receive tasks, message events)."""


@dataclass(frozen=True, slots=True)
class FlowStep:
    """办理流程: one step as the guide tells it."""

    name: Words
    by: Words
    limit: Words
    result: Words
