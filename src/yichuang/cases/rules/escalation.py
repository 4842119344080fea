"""督办: when a running limit is brought before somebody else, and how late it is. The lights are those of `rules.clock`."""

from datetime import date, datetime, timedelta

from yichuang.cases.rules.clock import end_of
from yichuang.cases.values import Light, Step
from yichuang.core.clock import local_date
from yichuang.core.workdays import Calendar


def step_of(light: Light) -> Step | None:
    """Red (the last working day): whoever holds it is reminded. Overdue: supervisor and hall manager."""
    return {Light.RED: Step.DUE_SOON, Light.OVERDUE: Step.OVERDUE}.get(light)


def horizon(now: datetime, calendar: Calendar) -> datetime:
    """No limit that ends behind this instant can be red now."""
    today = local_date(now)
    return end_of(today if calendar.is_working(today) else calendar.next_working(today))


def days_ago(now: datetime, count: int, calendar: Calendar) -> date:
    """The latest day from which at least `count` working days have passed."""
    day = local_date(now)
    while calendar.between(day, local_date(now)) < count:
        day -= timedelta(days=1)
    return day


def days_late(due: datetime, now: datetime, calendar: Calendar) -> int:
    """Working days begun since the limit ended; 0 while it runs."""
    if now <= due:
        return 0
    last = local_date(due - timedelta(microseconds=1))
    return max(calendar.between(last, local_date(now)), 1)
