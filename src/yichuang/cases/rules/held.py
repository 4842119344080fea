"""免证办: what an answer of a base, or a certificate of our own, is worth in the place of a paper. Pure.

Only what is sure and in force stands for a paper. Everything else says why not, in words for the applicant.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Protocol
from uuid import UUID

from yichuang.cases.fetched import HeldState
from yichuang.core.words import W, Words
from yichuang.registry.values import BASE_WORDS, VALIDITY_WORDS, WHY, Answer, Base, CertificateRow, Trust, Validity

NOTHING = W("{base}里没有查到您的{name}", "There is no {name} of yours in the base “{base}”")
UNFIT = W("查到的{name}与这份材料要证明的不一致", "The {name} that was found does not show what this paper has to show")
ENDED = W("您的{name}：{validity}", "Your {name}: {validity}")
SILENT = W(
    "{base}暂时没有可靠的答复（{why}），不算您漏交",
    "No sure answer of the base “{base}” ({why}): this is not your omission",
)


@dataclass(frozen=True, slots=True)
class Said:
    """What came for a paper. `data` are values, `kept` the same as JSON holds them."""

    state: HeldState
    why: Words | None = None
    data: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    kept: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    number: str = ""
    valid_to: date | None = None
    provider: Words | None = None
    certificate: UUID | None = None
    look: UUID | None = None
    as_of: datetime | None = None


class Found(Protocol):
    """A certificate as the certificate base hands it out."""

    @property
    def certificate(self) -> CertificateRow: ...
    @property
    def validity(self) -> Validity: ...
    @property
    def look(self) -> UUID | None: ...


def of_certificate(found: Found) -> Said:
    """Our own certificate: as it is while it is in force, else why it is worth nothing."""
    row = found.certificate
    if found.look is None:
        told = ENDED.format(name=row.name, validity=VALIDITY_WORDS[found.validity])
        return Said(HeldState.ENDED, told, valid_to=row.valid_to, certificate=row.id, provider=row.issuer_name)
    return Said(
        HeldState.FETCHED,
        data=row.data,
        kept={row.labels.get(name, name): value for name, value in row.data.items()},
        number=row.number,
        valid_to=row.valid_to,
        provider=row.issuer_name,
        certificate=row.id,
        look=found.look,
        as_of=row.status_at,
    )


def of_answer(answer: Answer, name: Words, type_code: str | None) -> Said:
    """What a shared base surely said: of the certificates, whether one of this type is in force; of any other, its fields."""
    base = BASE_WORDS[answer.base]
    if answer.state == "unknown":
        why = answer.why or WHY[answer.fault or "down"]
        return Said(HeldState.SILENT, SILENT.format(base=base, why=why), as_of=answer.as_of)
    of_type = answer.base is not Base.CERTIFICATES or type_code in _types(answer)
    if answer.state == "none" or not of_type:
        return Said(HeldState.NOTHING, NOTHING.format(base=base, name=name), as_of=answer.as_of)
    if answer.base is Base.CERTIFICATES:
        return Said(HeldState.FETCHED, as_of=answer.as_of)
    return Said(HeldState.FETCHED, data=answer.fields, kept=plain(answer.fields), as_of=answer.as_of)


def _types(answer: Answer) -> tuple[str, ...]:
    types = answer.fields.get("types", ())
    return types if isinstance(types, tuple) else ()


def plain(fields: Mapping[str, object]) -> dict[str, Any]:
    """The fields as JSON holds them: days in ISO form, amounts as text."""
    kept: dict[str, Any] = json.loads(json.dumps(dict(fields), default=str, ensure_ascii=False))
    return kept


def will_do(level: Trust, arrived: date, *, least: Trust, days: int, today: date) -> bool:
    """Whether a paper of an earlier case is good enough and fresh enough to be used once more."""
    return level.value <= least.value and (today - arrived).days <= days
