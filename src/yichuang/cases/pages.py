"""Frozen rows of the cases room's pages: what a door shows; no template can run a query."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

from yichuang.cases.commitments import CommitmentRow
from yichuang.cases.pages_review import HOW_WORDS as HOW_WORDS
from yichuang.cases.pages_review import DutyDay as DutyDay
from yichuang.cases.pages_review import DutyPage as DutyPage
from yichuang.cases.pages_review import ExtensionRow as ExtensionRow
from yichuang.cases.pages_review import ExtensionWork as ExtensionWork
from yichuang.cases.pages_review import HearingRow as HearingRow
from yichuang.cases.pages_review import NoticePage as NoticePage
from yichuang.cases.pages_review import Statement as Statement
from yichuang.cases.pages_review import ToldRow as ToldRow
from yichuang.cases.pages_review import WayPage as WayPage
from yichuang.cases.pages_review import WayStep as WayStep
from yichuang.cases.rules.clock import ANSWER, PROMISED
from yichuang.cases.rules.clock import Deadline as Deadline  # a row of the clock's page, for the doors
from yichuang.cases.states import Act, State, Turn
from yichuang.cases.turns import CorrectionRow
from yichuang.cases.values import (
    DocumentKind,
    DocumentRow,
    GapItem,
    HoldRow,
    Light,
    MaterialRow,
    PhaseRow,
    Purpose,
    Step,
    TimelineRow,
    TripKind,
)
from yichuang.catalog.values import FileRule
from yichuang.core.words import Words
from yichuang.engine.values import TaskRow
from yichuang.people.values import StaffRow


class WorkRow(NamedTuple):
    """One line of a work list, or of my cases. A tuple: a list makes twenty, and a frozen dataclass sets each value by a call."""

    id: UUID
    number: str
    item: Words
    applicant_masked: str
    state: State
    words: Words
    channel: str
    filed_at: datetime
    due_at: datetime | None
    light: Light
    turn: Turn
    version: int
    accepted_as: str
    half_days_left: int | None
    next_step: Words
    taking_place: UUID
    responsible_place: UUID
    priority: bool  # 优先; why is nobody's business on a list

    @property
    def taken_for_another(self) -> bool:
        """代收: another place answers for it than the one that took the filing."""
        return self.taking_place != self.responsible_place


@dataclass(frozen=True, slots=True)
class TaskWork:
    """A task of one of my posts with the case it belongs to."""

    task: TaskRow
    case: WorkRow


@dataclass(frozen=True, slots=True)
class Hands:
    """What somebody may do with a live task of their post, beside completing it."""

    holds: bool  # may hand it on (转办), ask about it (加签), send it back (退回补查)
    may_take_back: bool
    colleagues: tuple[StaffRow, ...]
    steps_back: tuple[tuple[str, Words], ...]  # (step, its name)
    questions: tuple[TaskRow, ...]  # asked from this task, answered or open

    @property
    def waiting(self) -> bool:
        """Whether an answer is still to come."""
        return any(question.state in {"open", "claimed"} for question in self.questions)


@dataclass(frozen=True, slots=True)
class InspectionRow:
    """现场核查 of a task: who was sent (staff, name, licence number, when signed), when, where; then what was found."""

    task: UUID
    inspectors: tuple[tuple[UUID, str, str, datetime | None], tuple[UUID, str, str, datetime | None]]
    planned_at: datetime
    place: str
    photos: tuple[UUID, ...]
    held_at: datetime | None
    findings: str
    meets: bool | None
    present: str
    signed: str  # "signed", "refused", "absent", or "" before the record
    note: str
    document: UUID | None  # the record's paper, when both have signed

    def sends(self, staff: UUID | None) -> bool:
        """Whether this is one of the two."""
        return staff in {one[0] for one in self.inspectors}

    def waits_for(self, staff: UUID | None) -> bool:
        """Whether the record is written and lacks this one's signature."""
        return (
            self.held_at is not None
            and self.document is None
            and (staff, None) in {(o[0], o[3]) for o in self.inspectors}
        )


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """One 一次性告知, frozen. `new_demands` shows what should have been told the first time."""

    round: int
    told_at: datetime
    items: tuple[GapItem, ...]
    new_demands: tuple[str, ...]
    supervisor_reason: str


@dataclass(frozen=True, slots=True)
class DecisionRow:
    outcome: str
    reasons: str
    made_at: datetime
    served_at: datetime | None


@dataclass(frozen=True, slots=True)
class HolderRow:
    """An open task of a case: its name, its post, and who claimed it ("" while nobody has)."""

    task: Words
    post: str
    name: str


@dataclass(frozen=True, slots=True)
class EscalatedRow:
    """One line of the 督办 list. `days_late`: working days begun since the limit ended."""

    case: WorkRow
    limit: Words
    due_at: datetime
    days_late: int
    holders: tuple[HolderRow, ...]
    orders: int


@dataclass(frozen=True, slots=True)
class EscalationRow:
    """A step of 督办 on a case; `note` and `by` are of a supervisor's own words."""

    step: Step
    words: Words
    due_at: datetime | None
    at: datetime
    note: str
    by: str


@dataclass(frozen=True, slots=True)
class CauseRow:
    """Why somebody came: the paper, the sentence of the guide that asks for it, the window that had asked."""

    kind: TripKind
    words: Words
    material: Words | None
    guide: Words | None
    window: str


@dataclass(frozen=True, slots=True)
class TripRow:
    """One trip (一次到现场). `extra`: beyond the declared number."""

    encounter: UUID
    at: datetime
    place: Words
    window: str
    purpose: Purpose
    words: Words
    extra: bool
    causes: tuple[CauseRow, ...]


@dataclass(frozen=True, slots=True)
class TripPage:
    """跑动账: the trips that the guide declared, and those that were made, oldest first."""

    declared: int
    rows: tuple[TripRow, ...]

    @property
    def made(self) -> int:
        return len(self.rows)

    @property
    def extra(self) -> tuple[TripRow, ...]:
        return tuple(row for row in self.rows if row.extra)

    @property
    def unexplained(self) -> tuple[TripRow, ...]:
        """Extra trips whose cause nobody has named yet."""
        return tuple(row for row in self.extra if not row.causes)


@dataclass(frozen=True, slots=True)
class ResultRow:
    """Where the result on paper lies (`place`), or where it is bound for, by what carrier (for staff)."""

    place: UUID | None
    place_name: Words
    bound_for: UUID | None
    bound_for_name: Words
    carrier: str
    since: datetime


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """中台支撑: a question to the duty specialist, and the answer once there is one. For staff."""

    id: UUID
    text: str
    asked_at: datetime
    asked_by: str
    answer: str
    answered_at: datetime | None
    answered_by: str
    for_knowledge: bool
    put_to: UUID | None = None  # on duty when it was asked
    put_to_name: str = ""


@dataclass(frozen=True, slots=True)
class QuestionWork:
    """A question on the list of a department, with its case."""

    number: str
    item: Words
    question: QuestionRow


@dataclass(frozen=True, slots=True)
class CasePage:
    """Everything the case page shows to somebody who may open it."""

    id: UUID
    number: str
    query_code: str
    version: int
    state: State
    words: Words
    sentence: Words
    turn: Turn
    phases: tuple[PhaseRow, ...]
    item_code: str
    item_version: int
    item: Words
    is_permit: bool
    channel: str
    applicant: UUID
    applicant_masked: str
    agent: UUID | None
    receiver: UUID
    department: UUID
    department_name: Words
    taking_place: UUID
    taking_place_name: Words
    responsible_place: UUID
    responsible_place_name: Words
    answers: Mapping[str, Any]
    form: Mapping[str, Any]
    filed_at: datetime
    received_at: datetime
    accepted_at: datetime | None
    accepted_as: str
    decided_at: datetime | None
    materials: tuple[MaterialRow, ...]
    asked: tuple[GapItem, ...]
    notices: tuple[NoticeRow, ...]
    holds: tuple[HoldRow, ...]
    documents: tuple[DocumentRow, ...]
    timeline: tuple[TimelineRow, ...]
    decision: DecisionRow | None
    due_at: datetime | None
    light: Light
    acts: tuple[Act, ...]
    lapse: "LapseRow | None"
    trips: TripPage
    may_note_trips: bool
    escalations: tuple[EscalationRow, ...]  # for staff; the applicant reads in the timeline that there were any
    may_urge: bool
    promise_until: datetime | None  # an offered promise (容缺承诺) may be signed before
    ending: "EndingRow | None"  # refused, denied or ended: why, and what can be done against it
    previous: str  # the number of the case that this one takes up again, or whose result it follows, or ""
    result: ResultRow | None  # the result on paper, once it is made
    priority: bool  # 优先
    priority_category: Words | None  # why, for the applicant's side and the clerk who recorded it
    may_prioritise: bool
    questions: tuple[QuestionRow, ...]  # for staff
    may_ask: bool
    corrections: tuple[CorrectionRow, ...]  # 更正: asked for, made, declined
    may_ask_correction: bool
    next_step: Words = Words("", "")  # for staff: what is to be done now; empty after the end
    follow_up: str = ""  # change, renew, replace: what it asks of the result of `previous`
    package: str = ""  # 一件事: the number of what it is a part of
    commitments: tuple[CommitmentRow, ...] = ()  # 告知承诺: what was promised with it, and what the checks found

    @property
    def taken_for_another(self) -> bool:
        """代收: another place answers for it than the one that took the filing (全城通办)."""
        return self.taking_place != self.responsible_place

    @property
    def clock_name(self) -> Words:
        """Which limit `due_at` is: until acceptance that of the answer, then the promised one."""
        return ANSWER if self.accepted_at is None else PROMISED


@dataclass(frozen=True, slots=True)
class EndingRow:
    """Why a case was not accepted, denied or ended, and the remedies (行政许可法 art. 38), as its paper says."""

    kind: DocumentKind
    title: Words
    document: UUID
    at: datetime
    reasons: str  # as typed, in Chinese; lines
    basis: tuple[str, ...]  # articles
    right_organ: str  # who is competent instead
    review_organ: Words  # 行政复议机关
    court: Words
    papers: tuple[Words, ...] = ()  # of a lapse: what did not come by the promised day


@dataclass(frozen=True, slots=True)
class LapseRow:
    """A promise that was not kept: 容缺, or (`of_commitment`) 告知承诺."""

    at: datetime
    objected_at: datetime | None
    repaired_at: datetime | None
    of_commitment: bool = False


@dataclass(frozen=True, slots=True)
class ClockPage:
    """时限账: every deadline with its derivation; citizen and staff see the same."""

    number: str
    item: Words
    deadlines: tuple[Deadline, ...]
    calendar_certain: bool
    rule_version: int
    now: datetime
    why_no_extension: Words | None = None  # why the legal limit cannot be extended, or not again


@dataclass(frozen=True, slots=True)
class DraftRow:
    id: UUID
    item_code: str
    item_version: int
    answers: Mapping[str, Any]
    form: Mapping[str, Any]
    materials: Mapping[str, list[str]]
    applicant: UUID | None
    step: str
    updated_at: datetime
    previous: UUID | None = None  # the case that this filing takes up again, or whose result it follows
    follow_up: str = ""  # change, renew, replace: what it asks of that result
    agreed: frozenset[str] = frozenset()  # papers that may be fetched, where that rests on consent (免证办)


@dataclass(frozen=True, slots=True)
class FollowUpRow:
    """What may follow a certificate by application; `why_not` is empty when it may be applied for now."""

    kind: str
    words: Words
    item_code: str
    case_number: str  # the case that the new one refers to
    why_not: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class SupplyScope:
    """What a supply link opens: the names of the papers, nothing about the person."""

    link: UUID
    case_id: UUID
    number: str
    item: Words
    expires_at: datetime
    materials: tuple[MaterialRow, ...]
    files: Mapping[str, FileRule]  # what each paper's files may be


@dataclass(frozen=True, slots=True)
class WorkFilters:
    """Filters of a work list; empty ones let everything through."""

    state: str = ""
    item: str = ""
    light: str = ""
    text: str = ""
    asof: date | None = None


@dataclass(frozen=True, slots=True)
class PromiseOffer:
    """Which papers may follow, each by which day; or why none may. Nothing missing: no gaps, no days, no reasons."""

    gaps: tuple[GapItem, ...]
    days: Mapping[str, date]  # material code → last day
    why_not: tuple[Words, ...]

    @property
    def due_date(self) -> date | None:
        """The first of the days."""
        return min(self.days.values(), default=None)

    @property
    def mark(self) -> str:
        """What was read, in short: whoever signs gives it back, so that nobody signs other days than those read."""
        lines = [f"{gap.material}|{gap.words.zh}|{self.days.get(gap.material)}" for gap in self.gaps]
        return sha256("\n".join(lines).encode()).hexdigest()[:16]
