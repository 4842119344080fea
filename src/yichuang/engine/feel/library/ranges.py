"""Functions of points and ranges (DMN 1.5, 10.3.4.11), after Allen's interval algebra (HL7 CQL)."""

from collections.abc import Callable
from typing import Final

from yichuang.engine.feel.kinds import ORDERED, Range, Val, all_of, kind_of, less
from yichuang.engine.feel.library.same import same
from yichuang.engine.feel.library.signatures import Book

BOOK: Final = Book()
Test = Callable[[Range, Range], bool]


def _lt(left: Val, right: Val) -> bool:
    return less(left, right) is True


def _as_range(value: Val) -> Range:
    return value if isinstance(value, Range) else Range(value, value, True, True)


def _before(a: Range, b: Range) -> bool:
    return _lt(a.high, b.low) or (same(a.high, b.low) and not (a.high_in and b.low_in))


def _meets(a: Range, b: Range) -> bool:
    return a.high_in and b.low_in and same(a.high, b.low)


def _low_le(a: Range, b: Range) -> bool:
    """Whether a begins no later than b."""
    return _lt(a.low, b.low) or (same(a.low, b.low) and (a.low_in or not b.low_in))


def _high_ge(a: Range, b: Range) -> bool:
    return _lt(b.high, a.high) or (same(a.high, b.high) and (a.high_in or not b.high_in))


def _includes(a: Range, b: Range) -> bool:
    return _low_le(a, b) and _high_ge(a, b)


def _overlaps(a: Range, b: Range) -> bool:
    return not _before(a, b) and not _before(b, a)


def _overlaps_before(a: Range, b: Range) -> bool:
    return _low_le(a, b) and not _low_le(b, a) and _overlaps(a, b) and _high_ge(b, a)


def _overlaps_after(a: Range, b: Range) -> bool:
    return _high_ge(a, b) and not _high_ge(b, a) and _overlaps(a, b) and _low_le(b, a)


def _starts(a: Range, b: Range) -> bool:
    return same(a.low, b.low) and a.low_in == b.low_in and _high_ge(b, a)


def _finishes(a: Range, b: Range) -> bool:
    return same(a.high, b.high) and a.high_in == b.high_in and _low_le(b, a)


def _coincides(a: Range, b: Range) -> bool:
    return _includes(a, b) and _includes(b, a)


def _fits(a: Range, b: Range) -> bool:
    """Whether the ends are of one ordered kind."""
    kinds = {kind_of(end) for end in (a.low, a.high, b.low, b.high) if end is not None}
    return len(kinds) == 1 and kinds <= ORDERED


def _add(name: str, test: Test, *shapes: tuple[str, str]) -> None:
    def run(first: Val, second: Val) -> Val:
        a, b = _as_range(first), _as_range(second)
        return test(a, b) if _fits(a, b) else None

    for first, second in shapes:
        BOOK.add(name, first, second)(run)


_ALL: Final = (
    ("point1 point", "point2 point"),
    ("point point", "range range"),
    ("range range", "point point"),
    ("range1 range", "range2 range"),
)
_RANGES: Final = (("range1 range", "range2 range"),)
_POINT_IN: Final = (("point point", "range range"), ("range1 range", "range2 range"))
_RANGE_OF: Final = (("range range", "point point"), ("range1 range", "range2 range"))
_add("before", _before, *_ALL)
_add("after", lambda a, b: _before(b, a), *_ALL)
_add("meets", _meets, *_RANGES)
_add("met by", lambda a, b: _meets(b, a), *_RANGES)
_add("overlaps", _overlaps, *_RANGES)
_add("overlaps before", _overlaps_before, *_RANGES)
_add("overlaps after", _overlaps_after, *_RANGES)
_add("finishes", _finishes, *_POINT_IN)
_add("finished by", lambda a, b: _finishes(b, a), *_RANGE_OF)
_add("includes", _includes, *_RANGE_OF)
_add("during", lambda a, b: _includes(b, a), *_POINT_IN)
_add("starts", _starts, *_POINT_IN)
_add("started by", lambda a, b: _starts(b, a), *_RANGE_OF)
_add("coincides", _coincides, ("point1 point", "point2 point"), ("range1 range", "range2 range"))


def inside(value: Val, span: Range) -> Val:
    """Whether a value lies in a range; null when the kinds do not fit or an end is null that is not left open."""
    if span.op == "!=":
        return not same(value, span.low)
    tests: list[object] = []
    if span.low is not None or not span.op:
        order = less(span.low, value)
        tests.append(True if span.low_in and same(span.low, value) else order)
    if span.high is not None or not span.op:
        order = less(value, span.high)
        tests.append(True if span.high_in and same(span.high, value) else order)
    truth = all_of(tests)
    return truth if isinstance(truth, bool) else None
