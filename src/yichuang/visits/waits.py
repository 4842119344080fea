"""The naive forecast as the room asks for it: who is ahead, which desks are open, how long services took lately."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from uuid import UUID

from django.db.models import Count, Min

from yichuang.visits.models import PRESENT, Desk, Queue, Ticket
from yichuang.visits.rules.waiting import ServiceTimes, Wait, expected, learned
from yichuang.visits.states import TicketState

DAYS = timedelta(days=30)
LONGEST = timedelta(hours=2)  # longer: nobody pressed the end, which tells nothing of services
SERVICES = 400  # of a queue, the newest ones


@dataclass(frozen=True, slots=True)
class Line:
    """How a queue stands: who waits, since when the first one does, how many desks serve it and are taken."""

    waiting: int
    first: datetime | None
    desks: int
    taken: int


def lines_now(place: UUID, day: date, queues: Collection[UUID]) -> Mapping[UUID, Line]:
    """How these queues of a hall stand. Three statements, however many queues there are."""
    return lines_of([place], day, queues)


def lines_of(places: Collection[UUID], day: date, queues: Collection[UUID]) -> Mapping[UUID, Line]:
    """How these queues of several halls stand. Three statements, too."""
    rows = Ticket.objects.filter(queue__in=queues, day=day, state=TicketState.WAITING.value).values("queue")
    waiting = {
        row["queue"]: (row["n"], row["first"])
        for row in rows.annotate(n=Count("id"), first=Min("taken_at")).order_by("queue")
    }
    open_now = Desk.objects.filter(place__in=places, closed_at=None, paused_at=None).order_by("id")
    serving = dict(open_now.values_list("id", "queues"))
    taken = set(
        Ticket.objects.filter(desk__in=serving, state__in=PRESENT).order_by("id").values_list("desk", flat=True)
    )
    found = {}
    for queue in queues:
        desks = [desk for desk, served in serving.items() if queue in served]
        found[queue] = Line(*waiting.get(queue, (0, None)), len(desks), sum(desk in taken for desk in desks))
    return found


def wait_in(queue: Queue, day: date, at: datetime) -> Wait | None:
    """The wait of who joins the queue now; None while no desk serves it."""
    line = lines_now(queue.place_id, day, [queue.id])[queue.id]
    return wait_behind(queue.id, line, line.waiting, at)


def wait_behind(queue: UUID, line: Line, ahead: int, at: datetime) -> Wait | None:
    """The wait of who stands behind `ahead` others."""
    return expected(ahead, line.desks, service_times(queue, at), busy=line.taken >= line.desks)


def service_times(queue: UUID, at: datetime) -> ServiceTimes:
    """How long services took in this queue, of the newest ones in thirty days; looked up once an hour."""
    return _service_times(queue, at.replace(minute=0, second=0, microsecond=0))


@lru_cache(maxsize=1024)
def _service_times(queue: UUID, hour: datetime) -> ServiceTimes:
    ended = Ticket.objects.filter(queue=queue, outcome__gt="", ended_at__gte=hour - DAYS, started_at__isnull=False)
    rows = ended.order_by("-ended_at", "id").values_list("started_at", "ended_at")[:SERVICES]
    taken = [(end - start) for start, end in rows if start and end]
    return learned([one.total_seconds() for one in taken if one < LONGEST])
