"""On what an item rests and under which terms it is done: law, fees, where, how often one must come, whom to ask."""

from __future__ import annotations

from dataclasses import dataclass

from yichuang.core.words import Words


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """设定依据: `id` is what materials, limits and conditions cite."""

    id: str
    title: str
    title_en: str
    number: str
    article: str
    text: Words
    issued_by: str
    in_force: str
    source: str


@dataclass(frozen=True, slots=True)
class Fee:
    """One charge. `amount_fen` is money in fen (分), None when it depends on a table described in `standard`."""

    name: Words
    standard: Words
    amount_fen: int | None
    basis: str
    source: str


@dataclass(frozen=True, slots=True)
class Fees:
    charged: bool
    note: Words
    items: tuple[Fee, ...] = ()
    pay_online: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """通办范围: where the item may be filed. `area` is hall | district | city | province | state."""

    area: str
    note: Words
    source: str = ""


@dataclass(frozen=True, slots=True)
class Visits:
    """到办事现场次数: how often the applicant must come in the whole case, and why."""

    count: int
    reason: Words | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class SourceNote:
    id: str
    title: str
    url: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Contacts:
    """咨询方式、监督投诉方式、办理地点和时间."""

    consult: str
    complain: str
    places: tuple[Words, ...]
    hours: Words
    source: str = ""
