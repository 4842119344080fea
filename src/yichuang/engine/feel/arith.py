"""Arithmetic on numbers, texts, dates and durations. Whatever has no result is `Unknown`."""

import calendar
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Context, Decimal, DecimalException, DivisionByZero, InvalidOperation, Overflow
from typing import Final

from yichuang.engine.feel.kinds import ARITHMETIC, KINDS, Months, Unknown, Val, kind_of

DECIMAL: Final = Context(prec=34, Emax=6144, Emin=-6143, traps=[DivisionByZero, InvalidOperation, Overflow])
"""IEEE 754 decimal128, as DMN 1.5, 10.3.2.3.1 demands: money never passes through binary fractions."""
_DURATION = re.compile(
    r"(?P<sign>-?)P(?:(?P<years>\d{1,6})Y)?(?:(?P<months>\d{1,6})M)?(?:(?P<days>\d{1,8})D)?"
    r"(?P<time>T(?:(?P<hours>\d{1,8})H)?(?:(?P<minutes>\d{1,8})M)?(?:(?P<seconds>\d{1,8}(?:\.\d{1,6})?)S)?)?"
)


def parse_date(text: str) -> date | None:
    """`2026-01-31`, nothing looser."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def parse_moment(text: str) -> datetime | None:
    """`2026-01-31T09:00:00`, with or without an offset."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?", text, re.ASCII):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def parse_duration(text: str) -> timedelta | Months | None:
    """ISO 8601: years and months (P1Y2M), or days and time (P3DT4H); never both, for they do not add up."""
    found = _DURATION.fullmatch(text)
    if found is None or text.endswith("T"):
        return None
    given = {key: value for key, value in found.groupdict().items() if value and key not in {"sign", "time"}}
    sign = -1 if found["sign"] else 1
    if given and set(given) <= {"years", "months"}:
        return Months(sign * (int(given.get("years", 0)) * 12 + int(given.get("months", 0))))
    if not given or set(given) & {"years", "months"}:
        return None
    seconds = float(given.pop("seconds", 0))
    try:
        return sign * timedelta(seconds=seconds, **{key: int(value) for key, value in given.items()})
    except OverflowError:
        return None


def add_months(day: date, months: int) -> date | Unknown:
    """The same day some months on; the end of a shorter month where there is no such day (31 January + P1M)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        return ARITHMETIC
    return day.replace(year=year, month=month + 1, day=min(day.day, calendar.monthrange(year, month + 1)[1]))


def months_between(start: date, end: date) -> Months:
    """Whole months from start to end, toward zero. Born 2008-02-29: 18 years on 2026-03-01 (Civil Code, art. 17)."""
    if end < start:
        return Months(-months_between(end, start).months)
    months = (end.year - start.year) * 12 + end.month - start.month
    return Months(months - (1 if end.day < start.day else 0))


def _shift(when: Val, by: Val, sign: int) -> Val:
    if isinstance(by, Months) and isinstance(when, date):
        return add_months(when, sign * by.months)
    if isinstance(by, timedelta) and isinstance(when, datetime):
        return when + sign * by
    if isinstance(by, timedelta) and isinstance(when, date):  # whole days count; the rest is cut (DMN 1.5, table 54)
        return (datetime(when.year, when.month, when.day) + sign * by).date()  # noqa: DTZ001  (a calendar day)
    return KINDS


def _plus(left: Val, right: Val) -> Val:
    match left, right:
        case Decimal(), Decimal():
            return DECIMAL.add(left, right)
        case str(), str():
            return left + right
        case timedelta(), timedelta():
            return left + right
        case Months(), Months():
            return Months(left.months + right.months)
        case ((timedelta() | Months()), date()):
            return _shift(right, left, 1)
    return _shift(left, right, 1)


def _minus(left: Val, right: Val) -> Val:
    match left, right:
        case Decimal(), Decimal():
            return DECIMAL.subtract(left, right)
        case timedelta(), timedelta():
            return left - right
        case Months(), Months():
            return Months(left.months - right.months)
        case date(), date():
            return left - right if kind_of(left) == kind_of(right) else KINDS
    return _shift(left, right, -1)


def _times(left: Val, right: Val) -> Val:
    match left, right:
        case Decimal(), Decimal():
            return DECIMAL.multiply(left, right)
        case (timedelta(), Decimal()) | (Decimal(), timedelta()):
            span, factor = (left, right) if isinstance(left, timedelta) else (right, left)
            assert isinstance(span, timedelta)
            assert isinstance(factor, Decimal)
            return timedelta(microseconds=int(DECIMAL.multiply(Decimal(span // timedelta(microseconds=1)), factor)))
        case (Months(), Decimal()) | (Decimal(), Months()):
            length, factor = (left, right) if isinstance(left, Months) else (right, left)
            assert isinstance(length, Months)
            assert isinstance(factor, Decimal)
            return Months(int(DECIMAL.multiply(Decimal(length.months), factor)))
    return KINDS


def _divide(left: Val, right: Val) -> Val:
    match left, right:
        case Decimal(), Decimal():
            return DECIMAL.divide(left, right)
        case timedelta(), timedelta():
            tick = timedelta(microseconds=1)
            return DECIMAL.divide(Decimal(left // tick), Decimal(right // tick))
        case Months(), Months():
            return DECIMAL.divide(Decimal(left.months), Decimal(right.months))
        case timedelta(), Decimal():
            return timedelta(microseconds=int(DECIMAL.divide(Decimal(left // timedelta(microseconds=1)), right)))
        case Months(), Decimal():
            return Months(int(DECIMAL.divide(Decimal(left.months), right)))
    return KINDS


_OPS: Final[dict[str, Callable[[Val, Val], Val]]] = {"+": _plus, "-": _minus, "*": _times, "/": _divide}


def calculate(op: str, left: Val, right: Val) -> Val:
    """left op right; division by zero, overflow and kinds that do not fit are `Unknown`."""
    if isinstance(left, Unknown):
        return left
    if isinstance(right, Unknown):
        return right
    try:
        return _OPS[op](left, right)
    except (DecimalException, OverflowError, TypeError):
        return ARITHMETIC


def minus(value: Val) -> Val:
    """The negative of a number or a duration."""
    match value:
        case Decimal():
            return DECIMAL.minus(value)
        case timedelta():
            return -value
        case Months():
            return Months(-value.months)
    return value if isinstance(value, Unknown) else KINDS
