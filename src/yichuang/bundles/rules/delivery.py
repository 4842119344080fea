"""统一出件: whether the results on paper of a package are handed over one by one or in one go. Pure.

Electronic results are served at once in any case. What waits for others waits no longer than `LONGEST` working days from
the first grant: a result is to be served within ten (行政许可法 art. 44).
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from enum import StrEnum

from yichuang.bundles.rules.refusal import ENDED, Fate
from yichuang.core.clock import local_date
from yichuang.core.words import W, Words
from yichuang.core.workdays import Calendar

LONGEST = 7  # working days


class Handover(StrEnum):
    """How the results on paper are handed over."""

    EACH = "each"
    TOGETHER = "together"
    EARLY = "early"  # was to be together; what is there is handed over, by wish or because its day comes near


WORDS: Mapping[Handover, Words] = {
    Handover.EACH: W("办成一项领一项", "Each result as soon as it is there"),
    Handover.TOGETHER: W("等齐后一次领取", "All together, once"),
    Handover.EARLY: W("先领已经办成的，其余办成一项领一项", "What is there now, the rest one by one"),
}
CHOICES = (Handover.TOGETHER, Handover.EACH)


def words_of(way: Handover) -> Words:
    """How people say it."""
    return WORDS[way]


def waiting(paper: Collection[str], fates: Mapping[str, Fate]) -> tuple[str, ...]:
    """The items whose result on paper is still to come."""
    return tuple(slot for slot in fates if slot in paper and fates[slot] not in ENDED)


def must_go(granted: Iterable[datetime], *, at: datetime, calendar: Calendar) -> bool:
    """Whether the first grant (of those at these moments) can wait for the others no longer."""
    first = min(granted, default=None)
    return first is not None and local_date(at) >= calendar.add(local_date(first), LONGEST)
