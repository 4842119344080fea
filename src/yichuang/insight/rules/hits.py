"""What was told beside what came: pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from yichuang.visits.values import PastTicket


@dataclass(frozen=True, slots=True)
class Tally:
    """A day's numbers that were told a wait and called; `error`: minutes, the sum."""

    told: int = 0
    hits: int = 0
    sooner: int = 0
    later: int = 0
    learned: int = 0
    error: float = 0.0


def tally(rows: Iterable[PastTicket]) -> Tally:
    """Of those who were called in the queue in which they were told; who left before tells nothing."""
    told = hits = sooner = later = learned = 0
    error = 0.0
    for row in rows:
        if row.told is None or row.waited is None:
            continue
        minutes = row.waited / 60
        told += 1
        sooner += minutes < row.told.least
        later += minutes > row.told.most
        hits += row.told.least <= minutes <= row.told.most
        learned += row.told.learned
        error += abs(minutes - row.told.likely)
    return Tally(told, hits, sooner, later, learned, error)
