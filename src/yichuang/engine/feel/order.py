"""Comparisons in decisions (DMN 1.5, tables 52 and 53): null where the kinds do not fit."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from yichuang.engine.feel.kinds import Unknown, Val, less
from yichuang.engine.feel.library.same import equals


def decide_order(op: str, left: Val, right: Val) -> Val:
    """left op right, one of = != < <= > >=."""
    if op in {"=", "!="}:
        equal = equals(left, right)
        if isinstance(equal, Unknown):
            return None
        return equal if op == "=" else not equal
    if op in {">", ">="}:
        left, right, op = right, left, "<" if op == ">" else "<="
    if op == "<":
        return _truth(less(left, right))
    after = _truth(less(right, left))
    return None if after is None else not after


def _truth(value: bool | Unknown) -> bool | None:
    return value if isinstance(value, bool) else None


def instant(moment: datetime) -> datetime:
    """A moment with a zone, as UTC: over a change of the clocks the hours count, not the hands."""
    return moment.astimezone(UTC) if moment.tzinfo is not None else moment


def has_zone(clock: time) -> bool:
    """Whether a time says where it holds (by its name a zone has no offset without a day)."""
    return clock.tzinfo is not None and not isinstance(clock.tzinfo, ZoneInfo)
