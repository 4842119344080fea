"""How an item runs and what comes out: the steps as the guide tells them, the result and its fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from yichuang.core.words import Words

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
    sample_note: Words | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class FlowStep:
    """办理流程: one step as the guide tells it."""

    name: Words
    by: Words
    limit: Words
    result: Words
