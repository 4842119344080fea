"""Made-up days of a hall: who comes by half hour, for what, how long it takes, and how all of it drifts. Pure and seeded.

The numbers are assumptions (nobody has measured them for us): a morning peak at ten, a lower one at half past two, services
that are skewed to the right, mornings of Mondays fuller than Thursdays. The same seed gives the same days.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from math import exp
from random import Random
from uuid import UUID

from yichuang.insight.simulation.hall import Comer, Shift
from yichuang.visits.values import TicketClass

HALF_HOUR = timedelta(minutes=30)
WEEK = 7.0
SPREAD = 0.12  # of a whole day's busyness around what is usual (log-normal)
MORNING = (time(9), time(12))
AFTERNOON = (time(13), time(17))
CURVE = (0.7, 1.1, 1.5, 1.5, 1.2, 0.7, 0.3, 0.4, 0.8, 1.2, 1.3, 1.1, 0.9, 0.7, 0.5, 0.3)  # from nine, by half hour
WEEKDAYS = (1.25, 1.05, 1.0, 0.9, 1.0, 0.4, 0.0)  # Monday first


@dataclass(frozen=True, slots=True)
class Errand:
    """What people come for: its share of all, how long it takes (minutes, with the deviation over the mean), and how that
    drifts: `trend` a week, and from `changes_at` (weeks) on all at once by `changes_by` (a new form, a new system)."""

    item: str
    share: float
    minutes: float
    deviation: float = 0.6
    trend: float = 0.0
    changes_at: float = 1e9
    changes_by: float = 1.0

    def mean(self, week: float) -> float:
        """Minutes of a service in that week."""
        return self.minutes * float((1 + self.trend) ** week) * (self.changes_by if week >= self.changes_at else 1.0)


@dataclass(frozen=True, slots=True)
class Window:
    """A window of the pattern: its number, whether it is shut at noon, the pace of who sits there, the weekdays it opens."""

    number: str
    at_noon: bool = False
    pace: float = 1.0
    weekdays: frozenset[int] = frozenset(range(6))


@dataclass(frozen=True, slots=True)
class Pattern:
    """A queue as its days usually are. `a_day`: people on a usual day; `trend`: of that, a week."""

    queue: UUID
    a_day: float
    errands: tuple[Errand, ...]
    windows: tuple[Window, ...]
    trend: float = 0.0
    priority: float = 0.05  # share of 优先
    booked: float = 0.15  # share of appointments
    gives_up: float = 0.03  # share of those who leave when it takes too long
    patience: float = 30.0  # minutes on average, of those who give up
    absent: float = 0.08  # that a window stays shut for the day
    aim: timedelta = timedelta(minutes=15)
    curve: tuple[float, ...] = field(default=CURVE)

    def expected_arrivals(self, half: int, weekday: int, week: float) -> float:
        """People of a half hour (0: the one from nine) on a weekday (0: Monday) in that week."""
        usual = self.a_day * self.curve[half] / sum(self.curve)
        return usual * WEEKDAYS[weekday] * float((1 + self.trend) ** week)


@dataclass(frozen=True, slots=True)
class MadeDay:
    """A day that was drawn: who comes, and which windows are open."""

    day: date
    comers: tuple[Comer, ...]
    shifts: tuple[Shift, ...]


def a_usual_hall(queue: UUID) -> Pattern:
    """A district hall's queue for everything: six windows, a hundred and sixty-five people a day, services that grow longer."""
    return Pattern(
        queue,
        a_day=165,
        errands=(
            Errand("shebao-chaxun", 0.35, 4.0, 0.5),
            Errand("yanglao-renzheng", 0.2, 6.0, 0.5, trend=0.02),
            Errand("getihu-sheli", 0.25, 15.0, 0.6, changes_at=9, changes_by=1.35),
            Errand("gongjijin-tiqu", 0.2, 11.0, 0.7, trend=-0.015),
        ),
        windows=(
            Window("1", at_noon=True, pace=0.85),
            Window("2", at_noon=True, pace=1.1),
            Window("3", pace=0.95),
            Window("4", pace=1.25, weekdays=frozenset(range(5))),
            Window("5", pace=0.9, weekdays=frozenset(range(5))),
            Window("6", pace=1.05, weekdays=frozenset({0, 1})),
        ),
        trend=0.012,
    )


def make_day(pattern: Pattern, day: date, week: float, dice: Random, zone: tzinfo) -> MadeDay:
    """One day of the pattern, `week` weeks after its beginning."""
    busy = exp(dice.gauss(-SPREAD * SPREAD / 2, SPREAD))
    start = datetime.combine(day, MORNING[0], zone)
    comers: list[Comer] = []
    for half in range(len(pattern.curve)):
        mean = pattern.expected_arrivals(half, day.weekday(), week) * busy
        opens = start + half * HALF_HOUR
        moments = sorted(opens + dice.random() * HALF_HOUR for _ in range(_poisson(mean, dice)))
        comers.extend(_comer(pattern, at, week, dice) for at in moments)
    return MadeDay(day, tuple(comers), _shifts(pattern, day, dice, zone))


def _comer(pattern: Pattern, at: datetime, week: float, dice: Random) -> Comer:
    errand = dice.choices(pattern.errands, [one.share for one in pattern.errands])[0]
    shape = 1 / errand.deviation**2
    service = dice.gammavariate(shape, errand.mean(week) / shape) * 60
    drawn = dice.random()
    of = TicketClass.ORDINARY
    if drawn < pattern.priority:
        of = TicketClass.PRIORITY
    elif drawn < pattern.priority + pattern.booked:
        of = TicketClass.BOOKED
    patience = dice.expovariate(1 / (pattern.patience * 60)) if dice.random() < pattern.gives_up else float("inf")
    return Comer(pattern.queue, at, service, errand.item, of, at, patience)


def _shifts(pattern: Pattern, day: date, dice: Random, zone: tzinfo) -> tuple[Shift, ...]:
    there = [one for one in pattern.windows if day.weekday() in one.weekdays]
    present = [one for one in there if dice.random() >= pattern.absent] or there[:1]
    return tuple(_shift(one, pattern.queue, day, zone) for one in present)


def _shift(window: Window, queue: UUID, day: date, zone: tzinfo) -> Shift:
    def at(moment: time) -> datetime:
        return datetime.combine(day, moment, zone)

    whole = ((at(MORNING[0]), at(AFTERNOON[1])),)
    parts = ((at(MORNING[0]), at(MORNING[1])), (at(AFTERNOON[0]), at(AFTERNOON[1])))
    return Shift(window.number, frozenset({queue}), whole if window.at_noon else parts, window.pace)


def _poisson(mean: float, dice: Random) -> int:
    """How many, when each comes by themselves."""
    count, left = 0, dice.expovariate(1.0)
    while left < mean:
        count, left = count + 1, left + dice.expovariate(1.0)
    return count


def days_of(pattern: Pattern, first: date, weeks: int, seed: int, zone: tzinfo) -> Sequence[MadeDay]:
    """All the days on which the hall is open, for so many weeks."""
    dice = Random(seed)
    days = [first + timedelta(days=n) for n in range(weeks * 7)]
    return [make_day(pattern, day, (day - first).days / WEEK, dice, zone) for day in days if WEEKDAYS[day.weekday()]]
