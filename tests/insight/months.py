"""Made-up months of a small queue, for the tests of insight."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from uuid import UUID

from yichuang.core.clock import SHANGHAI
from yichuang.insight.simulation.months import months_of
from yichuang.insight.simulation.patterns import Errand, Pattern, Window, a_usual_hall
from yichuang.visits.values import PastTicket

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
