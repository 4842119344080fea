"""What doors may hold of looks back and ahead."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from yichuang.core.words import Words


@dataclass(frozen=True, slots=True)
class Score:
    """How good a forecast was on numbers whose wait is known: minutes, and percent of the waits within the interval.

    `pinball`: mean of the three quantile losses (10, 50, 90 %), the measure that an honest interval makes smallest.
    """

    numbers: int
    pinball: float
    covered: float
    error: float  # mean absolute error of the likely wait
    width: float  # of the interval, on average


@dataclass(frozen=True, slots=True)
class BackTest:
    """The naive and the learned forecast on the same held-back days. `unlearned`: numbers for which history was too short."""

    first: date
    last: date
    naive: Score
    learned: Score
    unlearned: int


@dataclass(frozen=True, slots=True)
class HitRate:
    """How often what was told came true, over some days. `sooner`, `later`: numbers called before and after the interval."""

    queue: UUID
    days: int
    told: int
    hits: int
    sooner: int
    later: int
    learned: int  # told from the hall's own history
    error: float  # mean absolute error in minutes

    @property
    def percent(self) -> int | None:
        """Of ten, eight should be within; None while nothing was told."""
        return round(100 * self.hits / self.told) if self.told else None


@dataclass(frozen=True, slots=True)
class QueueHits:
    """A queue of a hall with its hit rate. `learned_at`: None while its history is too short, then the naive one is told."""

    letter: str
    name: Words
    rate: HitRate | None  # None: nothing was told yet
    learned_at: datetime | None


@dataclass(frozen=True, slots=True)
class HalfHour:
    """How long who comes in this half hour usually waits, in minutes: half of them at most `usual`, nine of ten `most`."""

    starts_at: datetime
    usual: int
    most: int
    best: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """How a hall is manned on a day that is played again. `pooled`: every window takes every queue; else one each."""

    windows: int
    pooled: bool
    at_noon: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a day was, or would have been. `usual`, `most`: minutes that half and nine of ten waited at most; `within`: percent
    that were called within the aim of their queue; `late`: minutes that the last window stayed beyond closing; `busy`:
    percent of the hours at windows in which somebody was served; `hours`: those hours, what the plan costs."""

    called: int
    usual: float
    most: float
    within: int
    late: int
    busy: int
    hours: float
    turned_away: int


@dataclass(frozen=True, slots=True)
class Replayed:
    """A plan with what it would have come to."""

    plan: Plan
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class ReplayPage:
    """A day with what it was, the same windows played again, another plan, and the cheapest one that meets the target.

    `again`: None where the windows of the day are not on record; `other`: None where the plan has too few windows.
    """

    day: date
    days: tuple[date, ...]
    visitors: int
    opens_at: datetime
    closes_at: datetime
    windows: int  # most that were open at once
    most_windows: int  # that the hall has
    was: Outcome
    again: Outcome | None
    other: Replayed | None
    cheapest: Replayed | None
