"""Equality as decisions have it (DMN 1.5, 10.3.2.13): of times the seconds count, of lists and contexts all that is inside."""

from collections.abc import Mapping
from datetime import datetime, time

from yichuang.engine.feel.budget import weight
from yichuang.engine.feel.kinds import KINDS, Unknown, Val, equal, kind_of, settled


def same(left: Val, right: Val) -> bool:
    """Whether two values are the same; those of different kinds are not."""
    return equals(left, right) is True


def equals(left: Val, right: Val) -> bool | Unknown:
    """Equal, unequal, or of kinds that cannot be compared. Raises `OutOfSteps` for values that are too large."""
    if isinstance(left, tuple | Mapping):
        weight(left)
    return _equals(left, right)


def _equals(left: Val, right: Val) -> bool | Unknown:
    if left is None or right is None:
        return left is right
    if kind_of(left) != kind_of(right):
        return KINDS
    match left, right:
        case (tuple(), tuple()):
            return len(left) == len(right) and all(
                _equals(one, other) is True for one, other in zip(left, right, strict=True)
            )
        case (Mapping(), Mapping()):
            return set(left) == set(right) and all(
                _equals(settled(left[key]), settled(right[key])) is True for key in left
            )
        case (datetime(), datetime()):
            return left.replace(microsecond=0) == right.replace(microsecond=0)
        case (time(), time()):
            return left.replace(microsecond=0) == right.replace(microsecond=0)
    return equal(left, right)
