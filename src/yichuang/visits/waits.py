"""The naive forecast as the room asks for it: who is ahead, which desks are open, how long services took lately."""

from datetime import date, datetime, timedelta

from yichuang.visits.models import PRESENT, Desk, Queue, Ticket
from yichuang.visits.rules.waiting import ServiceTimes, Wait, expected, learned
from yichuang.visits.states import TicketState

DAYS = timedelta(days=30)
LONGEST = timedelta(hours=2)  # longer: nobody pressed the end, which tells nothing of services
SERVICES = 400  # of a queue, the newest ones


def wait_in(queue: Queue, day: date, at: datetime) -> Wait | None:
    """The wait of who joins the queue now; None while no desk serves it."""
    return wait_behind(queue, ahead_in(queue, day), at)


def wait_behind(queue: Queue, ahead: int, at: datetime) -> Wait | None:
    """The wait of who stands behind `ahead` others."""
    desks = Desk.objects.filter(place=queue.place_id, closed_at=None, paused_at=None, queues__contains=[queue.id])
    ids = list(desks.order_by("id").values_list("id", flat=True))
    taken = Ticket.objects.filter(desk__in=ids, state__in=PRESENT).count()
    return expected(ahead, len(ids), service_times(queue, at), busy=taken >= len(ids))


def ahead_in(queue: Queue, day: date) -> int:
    """Who waits in a queue now."""
    return Ticket.objects.filter(queue=queue, day=day, state=TicketState.WAITING.value).count()


def service_times(queue: Queue, at: datetime) -> ServiceTimes:
    """How long services took in this queue, of the newest ones in thirty days."""
    ended = Ticket.objects.filter(queue=queue, outcome__gt="", ended_at__gte=at - DAYS, started_at__isnull=False)
    rows = ended.order_by("-ended_at", "id").values_list("started_at", "ended_at")[:SERVICES]
    taken = [(end - start) for start, end in rows if start and end]
    return learned([one.total_seconds() for one in taken if one < LONGEST])
