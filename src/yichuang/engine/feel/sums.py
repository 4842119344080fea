"""Arithmetic in decisions: that of conditions, and times, instants and counting."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from yichuang.engine.feel.arith import calculate
from yichuang.engine.feel.budget import MAX_ITEMS, MAX_TEXT
from yichuang.engine.feel.kinds import Range, Unknown, Val, kind_of, less
from yichuang.engine.feel.order import has_zone, instant

_DAY: Final = timedelta(days=1)


def work_out(op: str, left: Val, right: Val) -> Val:
    """left op right; null when it has no result."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        value: Val = calculate(op, left, right)
    elif isinstance(left, time) or isinstance(right, time):
        value = _clocks(op, left, right)
    elif op == "-" and isinstance(left, date) and isinstance(right, date):
        value = _apart(left, right)
    elif isinstance(left, datetime) and isinstance(right, timedelta) and left.tzinfo is not None:
        value = _moved(op, left, right)
    else:
        value = calculate(op, left, right)
    if isinstance(value, str) and len(value) > MAX_TEXT:
        return None
    return None if isinstance(value, Unknown) else value


def _moved(op: str, moment: datetime, by: timedelta) -> Val:
    if op not in "+-":
        return None
    try:
        return (instant(moment) + (by if op == "+" else -by)).astimezone(moment.tzinfo)
    except OverflowError:
        return None


def _apart(left: date, right: date) -> Val:
    """Moments and days apart; a day is its midnight, in UTC where the other has a zone."""
    one, other = _as_moment(left), _as_moment(right)
    if (one.tzinfo is None) != (other.tzinfo is None):
        if kind_of(left) == kind_of(right):
            return None
        one = one if one.tzinfo else one.replace(tzinfo=UTC)
        other = other if other.tzinfo else other.replace(tzinfo=UTC)
    return instant(one) - instant(other)


def _as_moment(when: date) -> datetime:
    return when if isinstance(when, datetime) else datetime.combine(when, time(0))


def _seconds(clock: time) -> timedelta:
    since = timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second, microseconds=clock.microsecond)
    return since - (clock.utcoffset() or timedelta(0))


def _clocks(op: str, left: Val, right: Val) -> Val:
    if op == "-" and isinstance(left, time) and isinstance(right, time):
        return _seconds(left) - _seconds(right) if has_zone(left) == has_zone(right) else None
    if op == "+" and isinstance(left, timedelta):
        left, right = right, left
    if op in "+-" and isinstance(left, time) and isinstance(right, timedelta):
        moved = datetime.combine(date(2000, 1, 1), left.replace(tzinfo=None)) + (right if op == "+" else -right) % _DAY
        return moved.time().replace(tzinfo=left.tzinfo)
    return None


def count_up(low: Val, high: Val) -> Iterable[Val] | None:
    """`1..3`, `3..1`, and days; null when the ends are not whole numbers or days, or too far apart."""
    if isinstance(low, Decimal) and isinstance(high, Decimal):
        if low != int(low) or high != int(high) or abs(high - low) > MAX_ITEMS:
            return None
        first, last = int(low), int(high)
        step = 1 if last >= first else -1
        return tuple(Decimal(number) for number in range(first, last + step, step))
    if kind_of(low) == kind_of(high) == "date" and isinstance(low, date) and isinstance(high, date):
        days = (high - low).days
        if abs(days) > MAX_ITEMS:
            return None
        step = 1 if days >= 0 else -1
        return tuple(low + timedelta(days=day) for day in range(0, days + step, step))
    return None


def walk_range(span: Range) -> Iterable[Val] | None:
    """The items of a range of whole numbers or days, its open ends left out."""
    items = count_up(span.low, span.high)
    if items is None or less(span.high, span.low) is not False:
        return None
    listed = list(items)
    if not span.low_in:
        listed = listed[1:]
    return listed if span.high_in else listed[:-1]
