"""A clock that runs quicker than the machine's, for a demo's day that is played (docs/adr/0044). Pure.

From `since` on (an instant of the machine) each second of the machine is `speed` seconds of the demo. With `hours` only
those of working days pass: at their end it is the next working day's morning at once. Working days are Monday to Friday;
a public holiday among them is a day on which the hall is closed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
WORKING = 5  # Monday to Friday
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours of a day that pass, on the wall clock of the halls."""

    opens: time
    closes: time

    @property
    def length(self) -> timedelta:
        return datetime.combine(date.min, self.closes) - datetime.combine(date.min, self.opens)

    def passed(self, at: datetime) -> timedelta:
        """How much of its day's hours has passed at an instant; of a week-end, all of them."""
        there = at.astimezone(SHANGHAI)
        if there.weekday() >= WORKING:
            return self.length
        opened = datetime.combine(there.date(), self.opens, SHANGHAI)
        return min(max(there - opened, timedelta(0)), self.length)


@dataclass(frozen=True, slots=True)
class Pace:
    """How our clock runs beside the machine's."""

    since: datetime  # of the machine
    speed: float
    hours: Hours | None = None

    def of(self, machine: datetime, offset: timedelta) -> datetime:
        """What our clock shows at an instant of the machine."""
        if machine <= self.since:
            return machine + offset
        start, gone = self.since + offset, (machine - self.since) * self.speed
        return start + gone if self.hours is None else _along(start, gone, self.hours)

    def machine(self, ours: datetime, offset: timedelta) -> datetime:
        """The first instant of the machine at which our clock shows this, or later."""
        start = self.since + offset
        if ours <= start:
            return ours - offset
        gone = ours - start if self.hours is None else _between(start, ours, self.hours)
        return self.since + gone / self.speed


def _along(start: datetime, gone: timedelta, hours: Hours) -> datetime:
    """So much later, when nothing passes but these hours."""
    first = start.astimezone(SHANGHAI)
    left = hours.length - hours.passed(start)
    if gone < left:
        begins = datetime.combine(first.date(), hours.opens, SHANGHAI)
        return (max(first, begins) + gone).astimezone(UTC)
    days, rest = divmod(gone - left, hours.length)
    morning = datetime.combine(_later(first.date(), days + 1), hours.opens, SHANGHAI)
    return (morning + rest).astimezone(UTC)


def _later(day: date, working: int) -> date:
    """So many working days later; from a week-end as from its Friday."""
    weekday = min(day.weekday(), WORKING - 1)
    friday_or_day = day - (day.weekday() - weekday) * _DAY
    weeks, rest = divmod(weekday + working, WORKING)
    return friday_or_day + timedelta(weeks=weeks) + (rest - weekday) * _DAY


def _between(start: datetime, end: datetime, hours: Hours) -> timedelta:
    """How much of these hours lies between two instants."""
    return _hours_until(end, hours) - _hours_until(start, hours)


def _hours_until(at: datetime, hours: Hours) -> timedelta:
    """The hours of all working days before an instant, from the beginning of time (a Monday)."""
    weeks, weekday = divmod(at.astimezone(SHANGHAI).date().toordinal() - 1, 7)
    return (weeks * WORKING + min(weekday, WORKING - 1)) * hours.length + hours.passed(at)


def pace_of(environment: Mapping[str, str]) -> Pace | None:
    """The pace that a process was told; None: the machine's. ValueError for what is none."""
    speed = float(environment.get("YICHUANG_CLOCK_SPEED") or 1)
    told = environment.get("YICHUANG_CLOCK_HOURS") or ""
    if not 0 < speed <= 1000:
        raise ValueError(f"YICHUANG_CLOCK_SPEED must be more than 0 and at most 1000, not {speed}")
    if speed == 1 and not told:
        return None
    since = datetime.fromtimestamp(float(environment.get("YICHUANG_CLOCK_SINCE") or 0), UTC)
    return Pace(since, speed, hours_of(told) if told else None)


def hours_of(text: str) -> Hours:
    """08:30-18:30 as hours. ValueError for what are none."""
    opens, _, closes = text.partition("-")
    found = Hours(time.fromisoformat(opens), time.fromisoformat(closes))
    if found.length <= timedelta(0):
        raise ValueError(f"{text!r} are no hours such as 08:30-18:30")
    return found
