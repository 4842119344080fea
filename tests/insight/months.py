"""Made-up months of a small queue, for the tests of insight."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from uuid import UUID

from yichuang.core.clock import SHANGHAI, local_date
from yichuang.insight.commands.forecast import learn_waits, measure_waits
from yichuang.insight.simulation.months import months_of
from yichuang.insight.simulation.patterns import Errand, Pattern, Window, a_usual_hall
from yichuang.visits.commands.demo_past import load_demo_past
from yichuang.visits.models import Queue
from yichuang.visits.values import PastTicket, Told

QUEUE = UUID(int=7)
FIRST = date(2026, 9, 7)  # a Monday


def small(queue: UUID = QUEUE) -> Pattern:
    """Two windows, about forty people a day, short and long errands."""
    errands = (Errand("shebao-chaxun", 0.5, 5.0), Errand("getihu-sheli", 0.5, 16.0))
    return Pattern(queue, 52, errands, (Window("1", at_noon=True), Window("2")), absent=0.0)


@lru_cache(maxsize=4)
def months(weeks: int = 5, seed: int = 3, queue: UUID = QUEUE, *, usual: bool = False) -> Sequence[PastTicket]:
    """So many weeks, drawn once for all tests of a process."""
    return months_of(a_usual_hall(queue) if usual else small(queue), FIRST, weeks, seed, SHANGHAI)


def moved(queue: UUID, before: date) -> list[PastTicket]:
    """The months of that queue, ending in the week before a day, so that weekdays stay weekdays; the last days were told
    ten minutes at most."""
    rows = months()
    by = timedelta(days=(before - timedelta(days=1) - rows[-1].day).days // 7 * 7)
    return [_moved(row, queue, by, before - timedelta(days=7)) for row in rows]


def _moved(row: PastTicket, queue: UUID, by: timedelta, told_from: date) -> PastTicket:
    ended = row.ended_at + by if row.ended_at else None
    told = Told(0, 5, 10, True) if row.day + by >= told_from else None
    return replace(row, queue=queue, day=row.day + by, at=row.at + by, ended_at=ended, told=told)


def give_a_past(place: UUID, at: datetime) -> None:
    """Five weeks for the first queue of a hall; learned and measured."""
    queue = Queue.objects.get(place=place, letter="A")
    assert load_demo_past(queue=queue.id, rows=moved(queue.id, local_date(at)))
    learn_waits(at=at)
    measure_waits(at=at)
