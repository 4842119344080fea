"""Forecasts made again on days that were held back, each from nothing but what was known then. Pure."""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby

from yichuang.insight.rules.line import HISTORY, learn, seen_by
from yichuang.insight.rules.scores import score
from yichuang.insight.values import BackTest
from yichuang.visits.rules.waiting import DAYS, LONGEST, SERVICES, ServiceTimes, expected, learned
from yichuang.visits.values import PastTicket, Wait


def back_test(rows: Sequence[PastTicket], held_back: int) -> BackTest | None:
    """Of one queue: both forecasts for every number of the last `held_back` days whose wait is known, as of the moment at
    which it was taken. The naive one knows all services that had ended by the full hour, as it does in the hall; the
    learned one the days before. None where there is nothing to judge."""
    days = sorted({row.day for row in rows})[-held_back:]
    simple = _Naive(rows)
    naive: list[tuple[Wait, float]] = []
    own: list[tuple[Wait, float]] = []
    unlearned = 0
    for day, of_day in groupby((row for row in rows if row.day in days), key=lambda row: row.day):
        model = learn([row for row in rows if day - timedelta(days=HISTORY) <= row.day < day], day)
        for row in of_day:
            told = simple.wait(row)
            if told is None or row.waited is None:
                continue
            learnt = model.wait(seen_by(row)) if model else None
            naive.append((told, row.waited))
            own.append((learnt or told, row.waited))
            unlearned += learnt is None
    return BackTest(days[0], days[-1], score(naive), score(own), unlearned) if naive else None


class _Naive:
    """The naive forecast, as the hall would have told it."""

    def __init__(self, rows: Sequence[PastTicket]) -> None:
        ended = [(row.ended_at, row.served) for row in rows if row.ended_at is not None and row.served is not None]
        self.services = sorted(one for one in ended if one[1] < LONGEST.total_seconds())
        self.ends = [at for at, _ in self.services]
        self.known: dict[datetime, ServiceTimes] = {}

    def wait(self, row: PastTicket) -> Wait | None:
        if not row.desks:
            return None
        busy = (row.taken or 0) >= row.desks
        return expected(len(row.ahead), row.desks, self._times(row.at), busy=busy)

    def _times(self, at: datetime) -> ServiceTimes:
        hour = at.replace(minute=0, second=0, microsecond=0)
        if hour not in self.known:
            first, last = bisect_left(self.ends, hour - DAYS), bisect_left(self.ends, hour)
            self.known[hour] = learned([served for _, served in self.services[max(first, last - SERVICES) : last]])
        return self.known[hour]
