"""When a timer is due. Pure: the moment, the variables and the calendar are handed in."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from yichuang.core.clock import SHANGHAI, local_date
from yichuang.core.workdays import Calendar
from yichuang.engine.bpmn.graph import Timer
from yichuang.engine.bpmn.triggers import DURATION, MOMENT
from yichuang.engine.feel.kinds import Months

LAST: Final = datetime(9000, 1, 1, tzinfo=SHANGHAI)
MAX_DAYS: Final = 9999


class NoTime(Exception):
    """A timer whose moment cannot be known: nothing may be guessed."""

    def __init__(self, timer: Timer, why: str) -> None:
        super().__init__(timer.text)
        self.timer = timer
        self.why = why


def due(timer: Timer, values: Mapping[str, object], at: datetime, calendar: Calendar | None) -> datetime:
    """The moment at which a wait that begins at `at` is over. Raises `NoTime`.

    A date without a time is its beginning in the halls (Asia/Shanghai); working days end with the last of them
    (民法典 art. 201, 203: the day of the event is not counted, the last day ends at 24:00).
    """
    value: object = timer.expression.evaluate(values) if timer.expression else timer.text
    if value is None:
        raise NoTime(timer, "unknown")
    found = _workdays(timer, value, at, calendar) if timer.kind == "workdays" else _moment(timer, value, at)
    if found >= LAST:
        raise NoTime(timer, "too far")
    return found


def after_pause(timer: Timer, due_at: datetime, *, since: datetime, until: datetime, calendar: Calendar) -> datetime:
    """When a timer is due that stood still from `since` to `until` (特别程序: that time does not count).

    Working days are put off by the working days in between, durations by the time in between; a date stays what it is,
    and so does what was due before.
    """
    if timer.kind == "date" or due_at <= since:
        return due_at
    if timer.kind == "duration":
        return min(due_at + (until - since), LAST)
    days = calendar.between(local_date(since), local_date(until))
    return (
        _beginning(calendar.add(local_date(due_at) - timedelta(days=1), days) + timedelta(days=1)) if days else due_at
    )


def _workdays(timer: Timer, value: object, at: datetime, calendar: Calendar | None) -> datetime:
    text = str(value)
    if not isinstance(value, (str, Decimal)) or not text.isdigit() or int(text) > MAX_DAYS:
        raise NoTime(timer, "kind")
    if calendar is None:
        raise NoTime(timer, "calendar")
    return _beginning(calendar.add(local_date(at), int(text)) + timedelta(days=1))


def _moment(timer: Timer, value: object, at: datetime) -> datetime:
    if isinstance(value, str):
        value = _parsed(timer, value.strip())
    if isinstance(value, tuple):
        return _within(timer, _add_months(at, value[0]), value[1])
    if isinstance(value, Months):
        return _add_months(at, value.months)
    if isinstance(value, timedelta) and value >= timedelta(0):
        return _within(timer, at, value)
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=SHANGHAI)
    if isinstance(value, date):
        return _beginning(value)
    raise NoTime(timer, "kind")


def _within(timer: Timer, at: datetime, value: timedelta) -> datetime:
    try:
        return min(at + value, LAST)
    except OverflowError:
        raise NoTime(timer, "too far") from None


def _parsed(timer: Timer, text: str) -> object:
    if found := DURATION.fullmatch(text):
        years, months, weeks, days, hours, minutes, seconds = (int(one or 0) for one in found.groups())
        return years * 12 + months, timedelta(weeks * 7 + days, seconds, hours=hours, minutes=minutes)
    try:
        if MOMENT.fullmatch(text):
            return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    except ValueError:
        pass
    raise NoTime(timer, "kind")


def _add_months(at: datetime, months: int) -> datetime:
    """The same day of a later month, in the halls; its last day where the month is shorter."""
    local = at.astimezone(SHANGHAI)
    year, month = divmod(local.year * 12 + local.month - 1 + months, 12)
    if year > 9000:
        return LAST
    following = date(year + month // 11, (month + 1) % 12 + 1, 1)
    last = (following - timedelta(days=1)).day
    return local.replace(year=year, month=month + 1, day=min(local.day, last))


def _beginning(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)
