"""Questions to the shared bases, what allows them, and what comes back."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as kept
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Literal
from uuid import UUID

from yichuang.core.words import W, Words
from yichuang.registry.values.catalogue import FIELDS, Base

Value = str | bool | int | Decimal | date | tuple[str, ...]
GroundKind = Literal["duty", "consent"]
State = Literal["found", "none", "unknown"]
Fault = Literal[
    "down",
    "slow",
    "wrong",
    "contradictory",
    "refused",
    "not_held",
    "unclear",
    "busy",
    "stale",
    "incomplete",
    "settled",
]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a base: about whom (identity number, credit code, address), and no more than these fields.

    ValueError for a field that the catalogue does not have, or none at all: a defect of who asks (最小必要, PIPL art. 6).
    """

    name: str
    base: Base
    key: str = kept(repr=False)  # personal: it must not come into a log by way of a traceback
    fields: tuple[str, ...]

    def __post_init__(self) -> None:
        unknown = [name for name in self.fields if name not in FIELDS[self.base]]
        if unknown or not self.fields:
            raise ValueError(
                f"{self.name}: {self.base} has no fields {unknown}" if unknown else f"{self.name}: no fields"
            )


@dataclass(frozen=True, slots=True)
class Ground:
    """What allows the question: a statutory duty (with its article), or the person's consent (with its row)."""

    kind: GroundKind
    basis: str
    consent: UUID | None = None


@dataclass(frozen=True, slots=True)
class Purpose:
    """What for: the item and, once there is one, the case."""

    item: str
    case_number: str
    words: Words


@dataclass(frozen=True, slots=True)
class Answer:
    """What a base says. `none` only when it really said that there is nothing; whatever is not sure is `unknown`.

    `settled`: where sources contradict each other and a person chose which is right (a field; "": whether there is
    anything). It may be shown to people as such; a machine decides nothing by it (`registry.queries.sure`).
    """

    name: str
    base: Base
    state: State
    fields: Mapping[str, Value] = kept(default_factory=lambda: MappingProxyType({}), repr=False)
    source: str = ""
    as_of: datetime | None = None
    why: Words | None = None
    fault: Fault | None = None
    settled: tuple[str, ...] = ()
    look: UUID | None = kept(default=None, compare=False)  # its line in the log (谁看过我的数据)


@dataclass(frozen=True, slots=True)
class Verdict:
    """How what somebody said stands to what a base says. `score` 0–1 is for people to look at; it decides nothing."""

    field: str
    state: Literal["same", "different", "unknown"]
    score: Decimal | None
    words: Words


@dataclass(frozen=True, slots=True)
class Clash:
    """Sources that do not say the same: of a field, or ("") of whether there is anything at all."""

    field: str
    said: Mapping[str, object] = kept(repr=False)  # source -> what it says


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong with a row of a batch: the row as a spreadsheet counts it, the column; never the value."""

    row: int
    column: str
    code: str
    words: Words


@dataclass(frozen=True, slots=True)
class BatchReport:
    """What became of a batch. Rows with faults stayed out; all others are in."""

    id: UUID
    loaded: int
    unchanged: int
    gone: int  # of a whole batch: rows that the source no longer has
    clashes: int
    faults: tuple[RowFault, ...]
    total_faults: int


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A batch in the list."""

    id: UUID
    base: Base
    source: str
    file: str
    whole: bool
    at: datetime
    by: str
    loaded: int
    unchanged: int
    gone: int
    faults: int
    clashes: int


@dataclass(frozen=True, slots=True)
class HoldingRow:
    """What a local source has given of a base. `stale`: it said the whole of it (or, of a part, anything) too long ago."""

    id: UUID
    base: Base
    source: str
    records: int
    loaded_at: datetime
    whole_at: datetime | None
    incomplete: bool  # its last whole delivery had faults
    stale: bool


@dataclass(frozen=True, slots=True)
class LookRow:
    """One use of a shared base, as the person reads it."""

    id: UUID
    at: datetime
    who: str  # masked
    base: Base
    fields: tuple[Words, ...]
    purpose: Words
    ground: GroundKind
    basis: str
    case_number: str
    state: State


@dataclass(frozen=True, slots=True)
class ClashRow:
    """One contradiction between sources, for who settles it: values masked by their field."""

    id: UUID
    base: Base
    field: str
    words: Words
    key_masked: str
    said: tuple[tuple[str, Words], ...]  # source, what it says (masked)
    hint: Words  # where the difference lies, without the values
    found_at: datetime
    settled_at: datetime | None
    kept: str
    reason: str


@dataclass(frozen=True, slots=True)
class SourceState:
    """How a source does. Percentages and times are of the last day; `last_success` as far back as the log is read."""

    code: str
    local: bool
    bases: tuple[Base, ...]
    records: int
    last_success: datetime | None
    asked: int
    failed: int
    p95_ms: int | None
    open: bool  # 断路: it is known to be down and not asked


@dataclass(frozen=True, slots=True)
class CatalogueBase:
    """A base in the data catalogue."""

    base: Base
    words: Words
    key: Words
    keep_minutes: int
    fresh_days: int  # what a source said longer ago is no answer


WHY: Mapping[Fault, Words] = MappingProxyType(
    {
        "down": W("数据来源暂时连不上", "The source cannot be reached at the moment"),
        "slow": W("数据来源没有在规定时间内答复", "The source did not answer in time"),
        "wrong": W("数据来源的答复无法确认真实或格式不对", "The source's answer could not be trusted or read"),
        "contradictory": W("几个来源说法不一致", "Sources contradict each other"),
        "refused": W("数据来源拒绝提供", "The source refused"),
        "not_held": W(
            "本地没有这类数据的完整副本，也没有接通来源", "No whole copy is held here and no source is connected"
        ),
        "unclear": W("查询条件不完整，无法对应到唯一的记录", "What was asked does not point to one record"),
        "busy": W("数据来源正忙", "The source is busy"),
        "stale": W("数据来源的数据过旧，不能作准", "What the source has is too old to go by"),
        "incomplete": W(
            "数据来源最近一次提供的数据有错漏，不能确认这条记录",
            "The source's last delivery had faults: it may have left this record out",
        ),
        "settled": W(
            "几个来源说法不一致，已由工作人员核实，须由人判断",
            "Sources contradict each other; staff have looked into it, and a person has to judge",
        ),
    }
)
STATE_WORDS: Mapping[State, Words] = MappingProxyType(
    {"found": W("有记录", "Found"), "none": W("无记录", "Nothing on record"), "unknown": W("未查到结果", "No answer")}
)
