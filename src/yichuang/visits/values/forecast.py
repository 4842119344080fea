"""What is told of a wait, what was seen when it was told, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from yichuang.core.words import Words
from yichuang.visits.values.hall import TicketClass


@dataclass(frozen=True, slots=True)
class Wait:
    """From … to, whole minutes: eight of ten waits shall lie within; `likely` between.

    `learned`: from the hall's own history; else from people ahead × mean ÷ windows.
    """

    least: timedelta
    likely: timedelta
    most: timedelta
    learned: bool = False


@dataclass(frozen=True, slots=True)
class LineSeen:
    """A queue as somebody joins it, or stands in it.

    `mix`: how many of those who wait come for which item ("" for none named); `desks`: windows that call from it, `taken`:
    those of them that have somebody. `turn`: how many would be called before by the rule of calling, which looks at classes
    too; None: as many as are ahead.
    """

    queue: UUID
    at: datetime
    ahead: int
    desks: int
    taken: int
    mix: Mapping[str, int] = field(default_factory=dict)
    of: TicketClass = TicketClass.ORDINARY
    turn: int | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What was said when a number was taken, in minutes."""

    least: int
    likely: int
    most: int
    learned: bool


@dataclass(frozen=True, slots=True)
class PastTicket:
    """A number of an earlier day: what was seen and told when it was taken, and what came.

    `ahead`: the item of each who waited then ("" for none named); `desks`, `taken`: None where nothing was kept. `waited`:
    seconds until the first call, None for who left before it, went away meanwhile or changed the queue. `served`: seconds of
    the service, None without one.
    """

    queue: UUID
    day: date
    at: datetime
    of: TicketClass
    item: str
    ahead: tuple[str, ...]
    desks: int | None
    taken: int | None
    waited: float | None
    served: float | None
    ended_at: datetime | None
    window: str
    told: Told | None


@dataclass(frozen=True, slots=True)
class PastVisitor:
    """Somebody of a day gone by: since when they waited, and for how long a window was theirs, from the call to the end.

    `busy`: seconds, None for who was never served; `waited`: seconds until the first call, None for who left before.
    """

    queue: UUID
    at: datetime
    order_at: datetime
    of: TicketClass
    item: str
    busy: float | None
    waited: float | None


@dataclass(frozen=True, slots=True)
class PastWindow:
    """A window of a day gone by, from opening to closing."""

    number: str
    queues: frozenset[UUID]
    opened_at: datetime
    closed_at: datetime


@dataclass(frozen=True, slots=True)
class PastQueue:
    """A queue of a hall, with how long people should wait in it at most."""

    id: UUID
    letter: str
    name: Words
    aim: timedelta


@dataclass(frozen=True, slots=True)
class PastDay:
    """A whole day of a hall, as it was."""

    queues: tuple[PastQueue, ...]
    visitors: tuple[PastVisitor, ...]
    windows: tuple[PastWindow, ...]
