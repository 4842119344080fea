"""The plan of a day in a hall that is played against the running system: who comes, how, for what, and what fails.

A pure function of its `Setting`: the same seed plans the same day. What comes of it may differ by who presses first.
Shares are assumptions, as those of `patterns`: nobody has counted them for us.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random

from yichuang.insight.simulation.patterns import CURVE, HALF_HOUR, Errand

MINUTE = timedelta(minutes=1)
USUAL = 165  # people of a usual day
PER_CLERK = 42  # people that one clerk serves on a day
LEAST_CLERKS, MOST_CLERKS = 2, 18
NOON, NOON_MINUTES = timedelta(hours=3), 35  # after the opening; somebody stays: clerks go in turns
LAST_HALF_HOUR = 2 * HALF_HOUR  # before the closing: who comes later is not planned
ERRANDS = (  # share, minutes at the window; what is filed goes to another department each
    Errand("shebao-chaxun", 0.3, 4.0, 0.5),
    Errand("yangquan-dengji", 0.3, 9.0, 0.5),
    Errand("getihu-sheli", 0.2, 13.0, 0.6),
    Errand("gongjijin-tiqu", 0.2, 10.0, 0.6),
)
LEVELS = ((5, 0.72), (4, 0.18), (3, 0.06), (2, 0.03), (1, 0.01))


class Comes(StrEnum):
    """How somebody gets to be served."""

    KIOSK = "kiosk"  # takes a number at the machine
    PHONE = "phone"  # takes it by the code at the door
    GUIDE = "guide"  # is given it by staff at the door, with a category of priority
    BOOKED = "booked"  # has booked on the phone, and checks in
    ONLINE = "online"  # files at home, comes to no window


WAYS = ((Comes.KIOSK, 0.4), (Comes.PHONE, 0.2), (Comes.GUIDE, 0.06), (Comes.BOOKED, 0.16), (Comes.ONLINE, 0.18))


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody of the day. `at`: when they take a number, file, or (booked) would like to be served."""

    nth: int
    comes: Comes
    at: datetime
    item: str
    service: timedelta
    patience: timedelta | None  # none: waits however long it takes
    files: bool  # at the window; the others ask
    lacks: bool  # leaves a paper out at first
    shows_card: bool  # lays the identity card on the kiosk's reader
    early: timedelta  # booked: before the appointment; less than nothing: late
    absent: bool  # booked, and does not come
    cancels: bool  # booked, and says so in time
    strays: bool  # is not there when first called, and joins again
    parks: bool  # has to fetch a copy in the middle
    wrong_queue: bool  # presses the wrong queue at the kiosk, and is sent on
    fetches: bool  # comes for the result when it lies ready
    level: int | None  # of the rating; none: does not rate


@dataclass(frozen=True, slots=True)
class ClerkPlan:
    """A clerk: how quick (1: as planned, 1.2: takes a fifth longer), when at the window, when away from it."""

    nth: int
    pace: float
    opens: datetime
    breaks: tuple[tuple[datetime, timedelta], ...]
    spare: bool = False  # sits at no window until the manager seats them


@dataclass(frozen=True, slots=True)
class Failure:
    """A machine fails, and is mended."""

    machine: str  # printer | reader
    fault: str
    at: datetime
    mended: datetime


@dataclass(frozen=True, slots=True)
class Setting:
    """What a plan is made from."""

    seed: int
    people: int
    opens: datetime
    closes: datetime
    errands: Sequence[Errand] = ERRANDS


@dataclass(frozen=True, slots=True)
class DayPlan:
    """A whole day, in the order in which things are due."""

    setting: Setting
    visitors: tuple[Visitor, ...]
    clerks: tuple[ClerkPlan, ...]
    failures: tuple[Failure, ...]


def clerks_for(people: int) -> int:
    """How many windows a day with so many people needs, one clerk in reserve not counted."""
    return min(MOST_CLERKS, max(LEAST_CLERKS, -(-people // PER_CLERK)))


def plan_day(setting: Setting) -> DayPlan:
    """The day; each part has dice of its own, so that more people change neither clerks nor machines."""
    moments = _moments(setting, Random(f"{setting.seed}:moments"))
    visitors = tuple(_visitor(nth, at, setting) for nth, at in enumerate(moments))
    count = clerks_for(setting.people)
    clerks = tuple(_clerk(nth, count, setting) for nth in range(count + 1))
    return DayPlan(setting, visitors, clerks, _failures(setting, Random(f"{setting.seed}:machines")))


def _moments(setting: Setting, dice: Random) -> Sequence[datetime]:
    """When each comes: by half hour as in `patterns`, evenly within it."""
    span = setting.closes - LAST_HALF_HOUR - setting.opens
    halves = max(1, int(span / HALF_HOUR))
    weights = [CURVE[half] if half < len(CURVE) else CURVE[-1] for half in range(halves)]
    chosen = dice.choices(range(halves), weights, k=setting.people)
    return sorted(setting.opens + (half + dice.random()) * HALF_HOUR for half in chosen)


def _visitor(nth: int, at: datetime, setting: Setting) -> Visitor:
    dice = Random(f"{setting.seed}:visitor:{nth}")
    errand = dice.choices(setting.errands, [one.share for one in setting.errands])[0]
    comes = dice.choices([way for way, _ in WAYS], [share for _, share in WAYS])[0]
    shape = 1 / errand.deviation**2
    minutes = dice.gammavariate(shape, errand.mean(0) / shape)
    gives_up = dice.random() < 0.15
    return Visitor(
        nth,
        comes,
        at,
        errand.item,
        service=max(1.0, minutes) * MINUTE,
        patience=dice.uniform(12, 45) * MINUTE if gives_up else None,
        files=dice.random() < 0.6,
        lacks=dice.random() < 0.12,
        shows_card=dice.random() < 0.5,
        early=dice.gauss(6, 7) * MINUTE,
        absent=dice.random() < 0.07,
        cancels=dice.random() < 0.06,
        strays=dice.random() < 0.05,
        parks=dice.random() < 0.06,
        wrong_queue=dice.random() < 0.05,
        fetches=dice.random() < 0.5,
        level=dice.choices([level for level, _ in LEVELS], [share for _, share in LEVELS])[0]
        if dice.random() < 0.45
        else None,
    )


def _clerk(nth: int, count: int, setting: Setting) -> ClerkPlan:
    """The last one is the spare. Breaks go round, so that the windows are never all empty."""
    dice = Random(f"{setting.seed}:clerk:{nth}")
    turn = nth * (3 * HALF_HOUR) / max(1, count)
    noon = setting.opens + NOON + turn
    coffee = setting.opens + timedelta(hours=1) + turn
    breaks = ((coffee, dice.uniform(4, 9) * MINUTE), (noon, NOON_MINUTES * MINUTE))
    opens = setting.opens - dice.uniform(1, 8) * MINUTE
    return ClerkPlan(nth, dice.uniform(0.8, 1.25), opens, breaks, spare=nth == count)


def _failures(setting: Setting, dice: Random) -> tuple[Failure, ...]:
    """The printer is empty once, later the reader is off; each for a while."""
    span = setting.closes - setting.opens

    def fails(machine: str, fault: str, since: float, until: float) -> Failure:
        at = setting.opens + span * dice.uniform(since, until)
        return Failure(machine, fault, at, at + dice.uniform(10, 25) * MINUTE)

    return (fails("printer", "paper-out", 0.08, 0.3), fails("reader", "offline", 0.35, 0.6))
