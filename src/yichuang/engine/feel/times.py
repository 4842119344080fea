"""Dates, times and durations as text (DMN 1.5, 10.3.2.3.4–9; XML Schema part 2), with offsets and zones."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from yichuang.engine.feel.kinds import Months

_DATE: Final = re.compile(r"(-?)(\d{4,9})-(\d{2})-(\d{2})", re.ASCII)
_TIME: Final = re.compile(
    r"(\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(Z|z|[+-]\d{2}:\d{2}(?::\d{2})?|@[A-Za-z][\w+\-/]*)?", re.ASCII
)
_SPAN: Final = re.compile(
    r"(-?)P(?:(\d{1,12})Y)?(?:(\d{1,12})M)?(?:(\d{1,12})D)?"
    r"(T)?(?:(\d{1,15})H)?(?:(\d{1,15})M)?(?:(\d{1,15}(?:\.\d*)?)S)?",
    re.ASCII,
)
MAX_OFFSET: Final = timedelta(hours=18)


def read_date(text: str) -> date | None:
    """`2026-01-31`; years of 1 to 9999, which is what a calendar of people needs."""
    found = _DATE.fullmatch(text)
    if found is None or found[1] or (len(found[2]) > 4 and found[2][0] == "0"):
        return None
    return make_date(int(found[2]), int(found[3]), int(found[4]))


def make_date(year: int, month: int, day: int) -> date | None:
    """A day of the calendar, if there is one."""
    try:
        return date(year, month, day)
    except (ValueError, OverflowError):
        return None


def read_time(text: str) -> time | None:
    """`09:00:00`, with an offset (`Z`, `+08:00`), a zone (`@Asia/Shanghai`) or neither."""
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    zone = read_zone(found[5] or "")
    if zone is None and found[5]:
        return None
    try:
        return time(int(found[1]), int(found[2]), int(found[3]), int((found[4] or "0")[:6].ljust(6, "0")), zone)
    except ValueError:
        return None


def read_moment(text: str) -> datetime | None:
    """`2026-01-31T09:00:00`; a date alone is its midnight."""
    day, sign, rest = text.partition("T")
    found = read_date(day)
    if rest.startswith("24:00:00") and found is not None and found < date.max:  # the end of a day (ISO 8601)
        found, rest = found + timedelta(days=1), "00" + rest[2:]
    clock = read_time(rest) if sign else time(0)
    return datetime.combine(found, clock) if found is not None and clock is not None else None


def read_zone(text: str) -> tzinfo | None:
    """An offset, or a zone by its name."""
    if text in {"Z", "z"}:
        return UTC
    if text.startswith("@"):
        return _named(text[1:])
    if not text:
        return None
    parts = [int(part) for part in text[1:].split(":")]
    offset = timedelta(hours=parts[0], minutes=parts[1], seconds=parts[2] if len(parts) > 2 else 0)
    if offset > MAX_OFFSET or parts[1] > 59:
        return None
    return make_offset(-offset if text[0] == "-" else offset)


def make_offset(offset: timedelta) -> tzinfo | None:
    """The zone of an offset; none at all is UTC."""
    if abs(offset) > MAX_OFFSET:
        return None
    return timezone(offset) if offset else UTC


@lru_cache(maxsize=64)
def _named(key: str) -> tzinfo | None:
    try:
        return ZoneInfo(key)
    except (KeyError, ValueError, OSError):  # no such zone (a KeyError), or no such file name
        return None


def read_span(text: str) -> timedelta | Months | None:
    """ISO 8601: years and months, or days and time; never both, for they do not add up."""
    found = _SPAN.fullmatch(text)
    if found is None or text.endswith("T"):
        return None
    sign, years, months, days, mark, hours, minutes, seconds = found.groups()
    factor = -1 if sign else 1
    long, short = (years, months), (days, hours, minutes, seconds)
    if any(long) and not any(short) and not mark:
        return Months(factor * (int(years or 0) * 12 + int(months or 0)))
    if any(long) or not any(short) or bool(mark) != any(short[1:]):
        return None
    micro = int(Decimal(seconds.rstrip(".") if seconds else 0) * 1_000_000)
    try:
        return factor * timedelta(
            days=int(days or 0), hours=int(hours or 0), minutes=int(minutes or 0), microseconds=micro
        )
    except OverflowError:
        return None


def zone_text(zone: tzinfo | None) -> str:
    """A zone as it is written after a time."""
    if zone is None:
        return ""
    if isinstance(zone, ZoneInfo):
        return f"@{zone.key}"
    offset = zone.utcoffset(None) or timedelta(0)
    if not offset:
        return "Z"
    minutes, seconds = divmod(abs(offset) // timedelta(seconds=1), 60)
    end = f":{seconds:02d}" if seconds else ""
    return f"{'-' if offset < timedelta(0) else '+'}{minutes // 60:02d}:{minutes % 60:02d}{end}"


def clock_text(clock: time) -> str:
    """`09:00:00.5+08:00`."""
    fraction = f".{clock.microsecond:06d}".rstrip("0") if clock.microsecond else ""
    return f"{clock.hour:02d}:{clock.minute:02d}:{clock.second:02d}{fraction}{zone_text(clock.tzinfo)}"


def moment_text(moment: datetime) -> str:
    """`2026-01-31T09:00:00@Asia/Shanghai`."""
    return f"{moment.date().isoformat()}T{clock_text(moment.timetz())}"


def months_text(span: Months) -> str:
    """`P1Y2M`; `P0M` for none."""
    years, months = divmod(abs(span.months), 12)
    body = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
    return ("-" if span.months < 0 else "") + "P" + (body or "0M")


def span_text(span: timedelta) -> str:
    """`P1DT2H3M4.5S`; `PT0S` for none."""
    micro = abs(span) // timedelta(microseconds=1)
    seconds, micro = divmod(micro, 1_000_000)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    days, hour = divmod(hours, 24)
    tail = f"{second}" + (f".{micro:06d}".rstrip("0") if micro else "")
    clock = (f"{hour}H" if hour else "") + (f"{minute}M" if minute else "") + (f"{tail}S" if second or micro else "")
    body = (f"{days}D" if days else "") + (f"T{clock}" if clock else "")
    return ("-" if span < timedelta(0) else "") + "P" + (body or "T0S")
