"""The naive forecast, which needs no history to begin with: people ahead × mean ÷ windows."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from yichuang.visits.models import Ticket
from yichuang.visits.rules.waiting import DAYS, LONGEST, SERVICES, ServiceTimes, expected, learned
from yichuang.visits.services import served_for, services_of
from yichuang.visits.values import LineSeen, Wait


class Naive:
    """People ahead × mean ÷ windows, from the queue's own services of the last days."""

    def waits(self, seen: Sequence[LineSeen]) -> Sequence[Wait | None]:
        """One answer for each, in their order."""
        return [self._wait(one) for one in seen]

    def _wait(self, seen: LineSeen) -> Wait | None:
        if seen.desks < 1:
            return None
        before = seen.ahead if seen.turn is None else seen.turn
        return expected(before, seen.desks, service_times(seen.queue, seen.at), busy=seen.taken >= seen.desks)


def service_times(queue: UUID, at: datetime) -> ServiceTimes:
    """How long services took in this queue, of the newest ones in thirty days; looked up once an hour."""
    return _service_times(queue, at.replace(minute=0, second=0, microsecond=0))


@lru_cache(maxsize=1024)
def _service_times(queue: UUID, hour: datetime) -> ServiceTimes:
    ended = Ticket.objects.filter(queue=queue, outcome__gt="", ended_at__gte=hour - DAYS, started_at__isnull=False)
    rows = list(ended.order_by("-ended_at", "id")[:SERVICES])
    known = services_of([row.id for row in rows])
    taken = [seconds for row in rows if (seconds := served_for(row, known.get(row.id))) is not None]
    return learned([one for one in taken if one < LONGEST.total_seconds()])
