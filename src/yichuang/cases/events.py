"""What happened to a case: frozen facts, published in the act's own transaction."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from yichuang.core.events import Event
from yichuang.core.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEvent(Event):
    """Base of the news about one case."""

    case_id: UUID
    number: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFiled(CaseEvent):
    item_code: str
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GapsTold(CaseEvent):
    round: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAccepted(CaseEvent):
    accepted_as: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRefused(CaseEvent):
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDecided(CaseEvent):
    """A decision was served. `certificate` is its record in the certificate base, when there is one; `package` the number of
    the package (一件事) that the case was filed with, or ""."""

    package: str
    outcome: str
    certificate: UUID | None
    has_physical_result: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultReleased(CaseEvent):
    """The last hold on a granted result was lifted: it may be served now. Fields as in `CaseDecided`."""

    certificate: UUID | None
    has_physical_result: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReady(CaseEvent):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDelivered(CaseEvent):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class DueMoved(CaseEvent):
    """The calendar changed, and with it the day by which somebody must act."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCorrected(CaseEvent):
    """A clerical error was mended: what was archived before lacks the paper that says so. `certificate` is the new version of
    one that said it wrongly; the other fields as in `CaseDecided`."""

    certificate: UUID | None = None
    has_physical_result: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseClosed(CaseEvent):
    package: str  # as in `CaseDecided`
    state: str


class ServiceKind(StrEnum):
    """What is one service: a stay in a hall (一次一评), a case filed online (一事一评), a package as a whole (一件事), help that
    was done (帮办)."""

    STAY = "stay"
    CASE = "case"
    PACKAGE = "package"
    HELP = "help"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceOver(Event):
    """One service to one person is over and may be rated, once (docs/adr/0039). Packages tell of themselves by it too.

    `subject`: the encounter, the case or the package. `person`: who was served, where that is known. `told`: the message
    that tells of the end carries the address of the rating, so that nobody is written to again.
    """

    kind: ServiceKind
    subject: UUID
    number: str
    name: Words
    person: UUID | None
    place: UUID | None
    window: str
    department: UUID | None
    staff: UUID | None
    items: tuple[str, ...]
    channel: str
    told: bool
    at: datetime
