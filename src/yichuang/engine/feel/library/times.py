"""Functions of dates, times and durations (DMN 1.5, 10.3.4.1, 10.3.4.7, 10.3.4.9)."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from yichuang.engine.feel.arith import months_between
from yichuang.engine.feel.kinds import Range, Val, kind_of, less
from yichuang.engine.feel.library.same import same
from yichuang.engine.feel.library.signatures import Book
from yichuang.engine.feel.library.texts import read_number
from yichuang.engine.feel.times import (
    make_date,
    make_offset,
    read_date,
    read_moment,
    read_span,
    read_time,
    zone_text,
)

BOOK: Final = Book()
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@BOOK.add("date", "from text")
def _date(text: str) -> Val:
    return read_date(text)


@BOOK.add("date", "from date")
def _day_of(when: date) -> Val:
    return when.date() if isinstance(when, datetime) else when


@BOOK.add("date", "year number", "month number", "day number")
def _date_of(year: Decimal, month: Decimal, day: Decimal) -> Val:
    return make_date(int(year), int(month), int(day))


@BOOK.add("date and time", "from text")
def _moment(text: str) -> Val:
    return read_moment(text)


@BOOK.add("date and time", "from date")
def _midnight(day: date) -> Val:
    return day if isinstance(day, datetime) else datetime.combine(day, time(0))


@BOOK.add("date and time", "date date", "time clock")
def _joined(day: date, clock: time) -> Val:
    return datetime.combine(day, clock)


@BOOK.add("time", "from text")
def _time(text: str) -> Val:
    return read_time(text)


@BOOK.add("time", "from clock")
def _same_time(clock: time) -> Val:
    return clock


@BOOK.add("time", "from date")
def _time_of(when: date) -> Val:
    return when.timetz() if isinstance(when, datetime) else read_time("00:00:00Z")


@BOOK.add("time", "hour number", "minute number", "second number", "offset span?")
def _time_from(hour: Decimal, minute: Decimal, second: Decimal, offset: Val = None) -> Val:
    zone = None
    if offset is not None:
        zone = make_offset(offset) if isinstance(offset, timedelta) else None
        if zone is None:
            return None
    micro = int((second - int(second)) * 1_000_000)
    try:
        return time(int(hour), int(minute), int(second), micro, zone)
    except ValueError:
        return None


@BOOK.add("duration", "from text")
def _duration(text: str) -> Val:
    return read_span(text)


@BOOK.add("duration", "from span")
def _same_span(span: Val) -> Val:
    return span


@BOOK.add("years and months duration", "from date", "to date")
def _between(start: date, end: date) -> Val:
    """Whole months of the calendar; what the clock and the zone say does not count."""
    return months_between(_calendar_day(start), _calendar_day(end))


def _calendar_day(when: date) -> date:
    return when.date() if isinstance(when, datetime) else when


@BOOK.add("is", "value1 any", "value2 any")
def _is(left: Val, right: Val) -> Val:
    """The same value of the same kind: 2026-01-01T00:00:00Z is not the same moment as one written elsewhere."""
    if kind_of(left) != kind_of(right):
        return False
    if isinstance(left, datetime | time) and isinstance(right, datetime | time):
        return left.replace(tzinfo=None) == right.replace(tzinfo=None) and zone_text(left.tzinfo) == zone_text(
            right.tzinfo
        )
    return same(left, right)


BOOK.add("day of year", "date date")(lambda day: Decimal(day.timetuple().tm_yday))
BOOK.add("day of week", "date date")(lambda day: _DAYS[day.weekday()])
BOOK.add("month of year", "date date")(lambda day: _MONTHS[day.month - 1])
BOOK.add("week of year", "date date")(lambda day: Decimal(day.isocalendar().week))


def point(text: str) -> Val:
    """An end of a range as text: a number, a date, a duration, or a text in quotes."""
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] == '"':
        return text[1:-1]
    bare = text
    for name in ("date and time", "date", "time", "duration"):
        if text.startswith(name + "(") and text.endswith(")"):
            bare = text[len(name) + 1 : -1].strip().strip('"')
    bare = bare.removeprefix('@"').removesuffix('"')
    for read in (read_number, read_date, read_time, read_moment, read_span):
        value = read(bare)
        if value is not None:
            return value
    return None


@BOOK.add("range", "from text")
def _range(text: str) -> Val:
    text = text.strip()
    low, _, high = text[1:-1].partition("..")
    if text[:1] not in "[(]" or text[-1:] not in "])[":
        return None
    least, most = (point(end) if end.strip() else None for end in (low, high))
    if least is None or most is None:
        return None
    in_order = less(most, least) is False
    return Range(least, most, text[0] == "[", text[-1] == "]") if in_order else None
