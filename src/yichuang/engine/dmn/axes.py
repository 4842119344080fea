"""The cells of one column as an axis: for a value, the rules whose cell it passes, as a mask of bits.

An axis is made once. A column of numbers, dates or other ordered values is cut at every bound that a cell names; a value
then costs one bisection, whatever the number of rules. A column of texts that are only compared for equality is a
dictionary. Cells that ask anything else are run one by one. The checker walks the same axes to find gaps and overlaps.
"""

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from functools import cmp_to_key
from typing import Any, Final

from yichuang.engine.feel import nodes as n
from yichuang.engine.feel.budget import BUDGET, Budget, OutOfSteps
from yichuang.engine.feel.decide import GUARDED, INPUT, Run, decide
from yichuang.engine.feel.doubt import Doubt
from yichuang.engine.feel.explain import walk
from yichuang.engine.feel.kinds import Months, Range, Unknown, Val, kind_of, less
from yichuang.engine.feel.library import FUNCTIONS

Masks = tuple[int, int]
"""Rules whose cell passes, and rules whose cell cannot be judged."""
_ORDERED: Final = frozenset({"number", "date", "moment", "time", "days", "months"})
NOT_CONSTANT: Final = Unknown("missing")


def names_nothing(tree: n.Tree, names: frozenset[str] = frozenset()) -> bool:
    """Whether a text says the same wherever it stands; `names` are in sight there and hide functions of the library."""
    for node in walk(tree):
        if isinstance(node, n.Name) and (
            len(node.path) > 1 or node.path[0] not in FUNCTIONS or node.path[0] in names | {"now", "today"}
        ):
            return False
    return True


def constant(tree: n.Tree, names: frozenset[str] = frozenset()) -> Val:
    """The value of a text that names nothing; `NOT_CONSTANT` for others."""
    if not names_nothing(tree, names):
        return NOT_CONSTANT
    try:
        return decide(tree, GUARDED)({BUDGET: Budget(1000)})
    except (Doubt, OutOfSteps, RecursionError):
        return NOT_CONSTANT


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of an axis: one value (`low` is `high`), or all between two; an end that is None is open.

    On an axis of texts the stretch with neither end is every text that no cell names.
    """

    low: Val
    high: Val

    @property
    def is_point(self) -> bool:
        return self.low is not None and self.low is self.high


@dataclass(frozen=True)
class Ordered:
    """Bounds in order; `masks` of what lies before the first, on it, behind it, and so on."""

    bounds: tuple[Any, ...]  # as bisection compares them
    masks: tuple[int, ...]
    values: tuple[Val, ...]  # the same bounds as they are written

    def mask(self, value: Any) -> int:
        """The rules whose cell passes. Raises TypeError for a moment with a zone among some without, and for infinity."""
        return self.lookup()(value)

    def lookup(self) -> Callable[[Any], int]:
        """`mask` for many values: everything it needs within reach."""
        bounds, masks, end = self.bounds, self.masks, len(self.bounds)

        def mask(value: Any) -> int:
            at = bisect_left(bounds, value)
            if at < end and bounds[at] == value:
                return masks[2 * at + 1]
            if (at == end or not at) and isinstance(value, Decimal) and not value.is_finite():
                raise TypeError  # infinity lies beyond every bound, and NaN where there is none
            return masks[2 * at]

        return mask

    def pieces(self) -> list[tuple[Piece, int]]:
        ends: tuple[Val, ...] = (None, *self.values, None)
        out: list[tuple[Piece, int]] = []
        for at, (low, high) in enumerate(zip(ends, ends[1:], strict=False)):
            out.append((Piece(low, high), self.masks[2 * at]))
            if high is not None:
                out.append((Piece(high, high), self.masks[2 * at + 1]))
        return out


@dataclass(frozen=True)
class Listed:
    """Texts or truth values by name; `other` is the mask of all that no cell names (None: there are no others)."""

    known: Mapping[Any, int]
    other: int | None

    def mask(self, value: Any) -> int:
        return self.known.get(value, self.other or 0)

    def lookup(self) -> Callable[[Any], int]:
        known, other = dict(self.known), self.other or 0
        return lambda value: known.get(value, other)

    def pieces(self) -> list[tuple[Piece, int]]:
        out = [(Piece(value, value), mask) for value, mask in self.known.items()]
        return out if self.other is None else [*out, (Piece(None, None), self.other)]


@dataclass(frozen=True)
class Tried:
    """Cells that are run one by one; each with the mask of the rules that have it."""

    cells: tuple[tuple[Run, int], ...]

    def masks(self, value: Val, scope: Mapping[str, object]) -> Masks:
        """Raises `OutOfSteps`."""
        yes = maybe = 0
        inner = {**scope, INPUT: value}
        for run, mask in self.cells:
            truth = run(inner)
            if truth is True:
                yes |= mask
            elif truth is not False:
                maybe |= mask
        return yes, maybe


Axis = Ordered | Listed | Tried


def axis_of(cells: Sequence[n.UnaryTests], kind: str, runs: Callable[[int], Run], values: Sequence[Val] = ()) -> Axis:
    """The axis of a column. `kind` as `kind_of` has it ("" where it is not known), `values` all that are allowed."""
    axis: Axis | None = None
    if kind in _ORDERED:
        axis = _ordered(cells, kind)
    elif kind in {"string", "boolean"}:
        axis = _listed(cells, kind, (True, False) if kind == "boolean" else values)
    if axis is not None:
        return axis
    same: dict[n.UnaryTests, list[int]] = {}
    for at, cell in enumerate(cells):
        same.setdefault(cell, []).append(at)
    return Tried(tuple((runs(places[0]), sum(1 << at for at in places)) for places in same.values()))


Simple = tuple[str, Val]  # an operator and a value, or "in" and a range


def _simple(cell: n.UnaryTests, kind: str) -> list[Simple] | None:
    """The tests of a cell, if all are comparisons of the input with constants of its kind."""
    out: list[Simple] = []
    for op, test in cell.tests:
        value = constant(test)
        if isinstance(value, Unknown):
            return None
        for one in value if isinstance(value, tuple) and op is None else (value,):
            if isinstance(one, Range) and op is None:
                if not _fits(one, kind):
                    return None
                out.append((one.op if one.op in {"!=", "="} else "in", one.low if one.op in {"!=", "="} else one))
            elif kind_of(one) == kind:
                out.append((op or "=", one))
            else:
                return None
    return out


def _fits(span: Range, kind: str) -> bool:
    ends = [end for end in (span.low, span.high) if end is not None]
    open_ends = 1 if span.op in {"<", "<=", ">", ">="} else 0
    return len(ends) == 2 - open_ends and all(kind_of(end) == kind for end in ends)


def _ordered(cells: Sequence[n.UnaryTests], kind: str) -> Ordered | None:
    tests = [_simple(cell, kind) for cell in cells]
    known = [one for one in tests if one is not None]
    if len(known) < len(tests):
        return None
    bounds = _sorted([end for one in known for op, value in one for end in (_ends(value) if op == "in" else (value,))])
    if bounds is None:
        return None
    places = {bound: 2 * at + 1 for at, bound in enumerate(bounds)}
    end = 2 * len(bounds)
    masks = [0] * (end + 1)
    for bit, (cell, one) in enumerate(zip(cells, known, strict=True)):
        for at in _covered(cell, one, places, end):
            masks[at] |= 1 << bit
    return Ordered(tuple(plain(bound) for bound in bounds), tuple(masks), tuple(bounds))


def _covered(cell: n.UnaryTests, tests: list[Simple], places: Mapping[Val, int], end: int) -> set[int]:
    """The stretches that pass a cell."""
    whole = set(range(end + 1))
    covered = set() if cell.tests else whole
    for op, value in tests:
        for low, high in _stretches(op, value, places, end):
            covered.update(range(low, high + 1))
    return whole - covered if cell.negated else covered


def _stretches(op: str, value: Val, places: Mapping[Val, int], end: int) -> list[tuple[int, int]]:
    """The stretches (even: between bounds, odd: on one) that pass a test, from and to."""
    if isinstance(value, Range):
        low = 0 if value.low is None else places[value.low] + (not value.low_in)
        high = end if value.high is None else places[value.high] - (not value.high_in)
        return [(low, high)]
    at = places[value]
    return {
        "=": [(at, at)],
        "!=": [(0, at - 1), (at + 1, end)],
        "<": [(0, at - 1)],
        "<=": [(0, at)],
        ">": [(at + 1, end)],
        ">=": [(at, end)],
    }[op]


def _ends(value: Val) -> list[Val]:
    return [end for end in (value.low, value.high) if end is not None] if isinstance(value, Range) else []


def plain(value: Val) -> Any:
    """A value as an ordered axis looks it up."""
    return value.months if isinstance(value, Months) else value


def _sorted(values: list[Any]) -> list[Any] | None:
    distinct = list(dict.fromkeys(values))
    if any(isinstance(less(value, distinct[0]), Unknown) for value in distinct):
        return None
    return sorted(distinct, key=cmp_to_key(_order))


def _order(left: Any, right: Any) -> int:
    return -1 if less(left, right) is True else 1


def _listed(cells: Sequence[n.UnaryTests], kind: str, values: Sequence[Val]) -> Listed | None:
    tests = [_simple(cell, kind) for cell in cells]
    known: dict[Val, int] = dict.fromkeys(values, 0)
    for one in tests:
        if one is None or any(op not in {"=", "!="} for op, _ in one):
            return None
        known.update({value: 0 for _, value in one})
    other = 0
    for bit, (cell, one) in enumerate(zip(cells, tests, strict=True)):
        for value in known:
            if _names(one or [], value, bool(cell.tests)) != cell.negated:
                known[value] |= 1 << bit
        if _names(one or [], NOT_CONSTANT, bool(cell.tests)) != cell.negated:
            other |= 1 << bit
    return Listed(known, None if values else other)


def _names(tests: list[Simple], value: Val, has_tests: bool) -> bool:
    if not has_tests:
        return True
    return any((value == named) == (op == "=") for op, named in tests)


def example(piece: Piece) -> Val:
    """A value of a stretch; None where it is any other text."""
    low, high = piece.low, piece.high
    if piece.is_point or (low is None and high is None):
        return low
    if low is None or high is None:
        return _beside(low if low is not None else high, 1 if high is None else -1)
    middle = _between(low, high)
    return middle if middle is not None else low


def _beside(value: Val, step: int) -> Val:
    """A value before or behind one; the value itself where there is none: no time is before midnight, no day after 9999."""
    match value:
        case Decimal():
            return value + step
        case time():
            return (time.max if step > 0 else time.min).replace(tzinfo=value.tzinfo)
        case date() | timedelta():
            with suppress(OverflowError):
                return value + timedelta(days=step)
        case Months():
            return Months(value.months + step)
    return value


def _between(low: Any, high: Any) -> Val:
    if isinstance(low, Decimal):
        next_whole = Decimal(int(low) + 1)
        return next_whole if low < next_whole < high else (low + high) / 2
    if isinstance(low, time):
        seconds = (_seconds(low) + _seconds(high)) // 2
        return time(seconds // 3600, seconds % 3600 // 60, seconds % 60, tzinfo=low.tzinfo)
    if isinstance(low, Months):
        return Months((low.months + high.months) // 2)
    middle: Val = low + (high - low) / 2
    return middle


def _seconds(clock: time) -> int:
    return clock.hour * 3600 + clock.minute * 60 + clock.second


def is_empty(piece: Piece) -> bool:
    """Whether no value lies in a stretch: between two days that follow each other there is none, nor before midnight."""
    low, high = piece.low, piece.high
    if piece.is_point or (low is None and high is None):
        return False
    if low is None or high is None:
        return example(piece) in (low, high)
    if kind_of(low) == "date" and isinstance(low, date) and isinstance(high, date):
        return (high - low).days <= 1
    return isinstance(low, Months) and isinstance(high, Months) and high.months - low.months <= 1
