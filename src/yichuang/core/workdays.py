"""Working days (工作日): the statutory unit of nearly every limit (行政许可法 art. 82).

The table comes from the district's own calendar, year by year, as the State Council's notice is published.
A year without a confirmed notice is counted Monday to Friday and says so (`is_certain`): nobody guesses where
调休 (moved rest days) will fall.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """`days`: those that differ from Monday–Friday (True = works, False = rests), as local dates of the hall."""

    days: Mapping[date, bool]
    confirmed_years: frozenset[int]

    def is_working(self, day: date) -> bool:
        """Whether offices work on the day; TypeError for a moment, which would equal no day of the table."""
        if isinstance(day, datetime):
            raise TypeError("working days are counted in days of the hall: core.clock.local_date(at)")
        return self.days.get(day, day.weekday() < 5)

    def add(self, start: date, amount: int) -> date:
        """The day on which `amount` working days have passed; the day of the event is not counted (民法典 art. 201)."""
        if amount < 0:
            raise ValueError("a limit is never negative")
        day = start
        while amount:
            day += _DAY
            amount -= self.is_working(day)
        return day

    def between(self, start: date, end: date) -> int:
        """Working days in (start, end]; negative when the end lies before the start."""
        if end < start:
            return -self.between(end, start)
        return sum(self.is_working(start + n * _DAY) for n in range(1, (end - start).days + 1))

    def next_working(self, day: date) -> date:
        """The day itself when offices work, else the next day on which they do (民法典 art. 203)."""
        while not self.is_working(day):
            day += _DAY
        return day

    def is_certain(self, start: date, end: date) -> bool:
        """Whether every year from start to end rests on a published notice."""
        return all(year in self.confirmed_years for year in range(start.year, end.year + 1))
