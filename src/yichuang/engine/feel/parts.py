"""Parts of a value: entries of contexts, and the properties of dates, times, durations and ranges (DMN 1.5, table 65)."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from yichuang.engine.feel.kinds import Months, Range, Unknown, Val, settled


def part_of(value: Val, key: str) -> Val:
    """The entry or property; of a list that of each item; null where there is none."""
    if isinstance(value, dict | Mapping):
        found = settled(value.get(key))
        return None if isinstance(found, Unknown) else found
    if isinstance(value, tuple):
        return tuple(part_of(item, key) for item in value)
    for kind, properties in _PROPERTIES:
        if isinstance(value, kind) and key in properties:
            return properties[key](value)
    return None


def _offset(value: datetime | time) -> Val:
    return value.utcoffset()


def _zone(value: datetime | time) -> Val:
    return value.tzinfo.key if isinstance(value.tzinfo, ZoneInfo) else None


def _whole(value: timedelta, unit: int, inside: int) -> Val:
    """So many whole units, less those that the next larger unit holds; with the sign of the duration."""
    seconds = abs(value) // timedelta(seconds=1)
    count = seconds // unit % inside if inside else seconds // unit
    return Decimal(count if value >= timedelta() else -count)


_CLOCK: Final[dict[str, Callable[..., Val]]] = {
    "hour": lambda value: Decimal(value.hour),
    "minute": lambda value: Decimal(value.minute),
    "second": lambda value: Decimal(value.second),
    "time offset": _offset,
    "timezone": _zone,
}
_DAY: Final[dict[str, Callable[..., Val]]] = {
    "year": lambda value: Decimal(value.year),
    "month": lambda value: Decimal(value.month),
    "day": lambda value: Decimal(value.day),
    "weekday": lambda value: Decimal(value.isoweekday()),
}
_PROPERTIES: Final[tuple[tuple[type, dict[str, Callable[..., Val]]], ...]] = (
    (datetime, {**_DAY, **_CLOCK}),
    (date, {**_DAY, **{key: lambda value: Decimal(0) for key in ("hour", "minute", "second")}}),
    (time, _CLOCK),
    (
        timedelta,
        {
            "days": lambda value: _whole(value, 86400, 0),
            "hours": lambda value: _whole(value, 3600, 24),
            "minutes": lambda value: _whole(value, 60, 60),
            "seconds": lambda value: _whole(value, 1, 60),
        },
    ),
    (
        Months,
        {
            "years": lambda value: Decimal(value.years),
            "months": lambda value: Decimal(value.months - value.years * 12),
        },
    ),
    (
        Range,
        {
            "start": lambda value: value.low,
            "end": lambda value: value.high,
            "start included": lambda value: value.low_in,
            "end included": lambda value: value.high_in,
        },
    ),
)
