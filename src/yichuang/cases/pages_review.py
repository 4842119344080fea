"""Frozen rows of a whole review: extensions asked for (延期), those told and heard (利害关系人, 听证); part of `cases.pages`."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal
from uuid import UUID

from yichuang.core.words import W, Words
from yichuang.engine.values import StepState

HOW_WORDS: Final[dict[str, Words]] = {
    "in_person": W("直接送达", "in person"),
    "left": W("留置送达", "left with a witness"),
    "mail": W("邮寄送达", "by registered mail"),
    "electronic": W("电子送达", "electronically"),
    "public": W("公告送达（公告期满）", "by public notice, its term over"),
}


@dataclass(frozen=True, slots=True)
class ExtensionRow:
    """延期申请: "asked", "approved" or "declined"; `note` says why it was declined."""

    stage: str
    days: int
    reason: str
    asked_at: datetime
    asked_by: UUID
    asked_name: str
    answered_at: datetime | None
    answered_name: str
    note: str


@dataclass(frozen=True, slots=True)
class ExtensionWork:
    """A request that waits, with its case; `to_answer`: by the one who looks."""

    row: ExtensionRow
    number: str
    item: Words
    due_at: datetime | None
    to_answer: bool


@dataclass(frozen=True, slots=True)
class Statement:
    """陈述申辩: what somebody said, on which day, with which files; `by`: "link", "portal", or "" for the department."""

    who: str
    words: str
    on: date
    files: tuple[UUID, ...] = ()
    asks: bool = False
    by: str = ""


@dataclass(frozen=True, slots=True)
class ToldRow:
    """送达: one of those told, how and when the notice and the call to the hearing came to them."""

    id: UUID
    name: str
    contact: str
    is_applicant: bool
    has_code: bool
    served_on: date | None
    served_how: str
    refused: bool
    served_note: str
    answer_until: date | None
    called_on: date | None
    called_how: str
    called_note: str
    read_on: date | None = None  # 已阅知: opened without consent to electronic service
    call_read_on: date | None = None
    consents: bool = False  # agreed to be served electronically; else it must be served on paper
    known: bool = False  # a party on the books: an electronic service of it is never entered by hand


@dataclass(frozen=True, slots=True)
class HearingRow:
    """利害关系人告知与听证. stage: "told", "asked", "called", "held"; `held_on` is the day for which it is called."""

    stage: str
    matter: str
    parties: tuple[tuple[str, str], ...]  # (name, contact)
    told_at: datetime
    answer_until: date
    statements: tuple[Statement, ...]
    asked_on: date | None
    held_on: date | None
    place: str
    chair: str
    present: str
    record: str
    signed: bool | None
    note: str
    told: tuple[ToldRow, ...] = ()  # empty of what was told before services were kept
    open_day: str | None = None  # until when somebody may still ask for a hearing
    askers: tuple[tuple[str, str], ...] = ()  # who wants a hearing: (key for `close_hearing`, name)


@dataclass(frozen=True, slots=True)
class NoticePage:
    """A notice of the right to be heard (告知书) as one who was told may read it."""

    id: UUID
    case: UUID
    number: str  # of the applicant's own case; of nobody else's
    item: Words
    organ: Words
    applicant: str  # masked
    name: str
    matter: str
    told_at: datetime
    answer_until: date | None  # None: not served yet, the days have not begun
    held_on: date | None
    place: str
    chair: str
    stage: str
    is_applicant: bool
    is_open: bool
    may_ask: bool
    statements: tuple[Statement, ...]
    served_on: date | None = None
    to_serve: bool = False  # the notice, or the call to the hearing, is not served yet


@dataclass(frozen=True, slots=True)
class DutyDay:
    """值班: a half ("am", "pm") of a day, and who answers; nobody: a gap."""

    day: date
    half: str
    staff: UUID | None
    name: str


@dataclass(frozen=True, slots=True)
class DutyPage:
    """The duty roster of a department; `colleagues`: (staff, name) who can be put down."""

    code: str
    name: Words
    days: tuple[DutyDay, ...]
    colleagues: tuple[tuple[UUID, str], ...]
    may_set: bool

    @property
    def gaps(self) -> int:
        """Halves for which nobody is put down."""
        return sum(day.staff is None for day in self.days)


Stands = Literal["begun", "to_come", "direct", "never"]


@dataclass(frozen=True, slots=True)
class WayStep:
    """One step of a case's process: "done", "current", "late", "waiting" or "skipped", and the departments that do it."""

    name: Words
    state: StepState
    offices: tuple[Words, ...]
    entered_at: datetime | None
    left_at: datetime | None


@dataclass(frozen=True, slots=True)
class WayPage:
    """办理流程, the same for applicant and staff. `stands`: "begun", "to_come" (not accepted yet), "direct" (decided without
    these steps) or "never" (it ended before). `drawing` is an SVG; of what was decided directly it is the plan."""

    number: str
    item: Words
    stands: Stands
    steps: tuple[WayStep, ...]
    drawing: str
