"""Gaps and overlaps of a table: what no row covers, and what two rows cover that exclude each other.

Every column is cut into the stretches between the bounds that its cells name; over these the table is exact, whatever
the numbers. The walk goes column by column and visits each set of rows that is left only once, so it ends quickly for
tables that people can read; where it does not, that is said.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from yichuang.core.words import Words
from yichuang.engine.dmn.axes import (
    NOT_CONSTANT,
    Axis,
    Piece,
    Tried,
    axis_of,
    example,
    is_empty,
)
from yichuang.engine.dmn.guard import GuardedTable, allowed_values, base_kind, bits
from yichuang.engine.dmn.model import Fault
from yichuang.engine.feel import nodes as n
from yichuang.engine.feel.explain import show
from yichuang.engine.feel.kinds import Val
from yichuang.engine.feel.library.same import same
from yichuang.engine.feel.scan import ExpressionError
from yichuang.engine.feel.types import Limited, Type
from yichuang.engine.feel.wide import parse_tests

MAX_VISITS: Final = 50_000
MAX_PAIRS: Final = 10
Pieces = list[tuple[Piece, int]]


class _TooMany(Exception):
    """The table has too many cases to walk."""


def holes(guarded: GuardedTable) -> list[Fault]:
    """Gaps (which warn: a person decides there) and, where rows must exclude each other, overlaps."""
    columns = _columns(guarded)
    table = guarded.table
    if columns is None:
        return []
    walk = _Walk(guarded, columns)
    faults: list[Fault] = []
    try:
        if table.policy in {"U", "A"}:
            faults.extend(walk.overlaps())
        if table.policy in {"U", "A", "P", "F"} and all(column.default is None for column in table.outputs):
            faults.extend(walk.gaps())
    except _TooMany:
        words = Words("表格太大，没有检查完空缺和重叠", "The table is too large to check for gaps and overlaps")
        faults.append(Fault(table.line, guarded.element, words, "UNCHECKED", warns=True))
    return faults


def _columns(guarded: GuardedTable) -> list[Pieces] | None:
    """The stretches of each column, only those that hold allowed values; None when a cell has to be run to be known."""
    columns: list[Pieces] = []
    domain = 1 << len(guarded.table.rules)
    for at, (cells, kind) in enumerate(zip(guarded.trees, guarded.kinds, strict=True)):
        axis = _axis(guarded, at, cells, kind)
        if isinstance(axis, Tried):
            return None
        pieces = [(piece, mask & ~domain) for piece, mask in axis.pieces() if mask & domain and not is_empty(piece)]
        columns.append(pieces)
    return columns


def _axis(guarded: GuardedTable, at: int, cells: tuple[n.UnaryTests, ...], kind: Type) -> Axis:
    """The axis with one more row for what is allowed at all."""
    values = guarded.table.inputs[at].values
    text = values.text if values is not None else kind.text if isinstance(kind, Limited) else "-"
    try:
        limits = parse_tests(text)
    except ExpressionError:
        limits = n.UnaryTests((), False)
    return axis_of((*cells, limits), base_kind(kind), lambda row: lambda scope: None, allowed_values(kind))


@dataclass
class _Walk:
    guarded: GuardedTable
    columns: list[Pieces]
    visits: int = 0

    def _step(self) -> None:
        self.visits += 1
        if self.visits > MAX_VISITS:
            raise _TooMany

    def gaps(self) -> Iterator[Fault]:
        """One example of what no row covers."""
        found = self._uncovered(0, self.guarded.everything, set())
        if found is None:
            return
        said = self._said(found)
        words = Words(f"没有一行符合，例如 {said.zh}", f"No row fits, for example {said.en}")
        yield Fault(self.guarded.table.line, self.guarded.element, words, "GAP", warns=True)

    def _uncovered(self, column: int, left: int, seen: set[tuple[int, int]]) -> list[Piece] | None:
        if not left:
            return []
        if column == len(self.columns) or (column, left) in seen:
            return None
        seen.add((column, left))
        for piece, mask in self.columns[column]:
            self._step()
            rest = self._uncovered(column + 1, left & mask, seen)
            if rest is not None:
                return [piece, *rest]
        return None

    def overlaps(self) -> Iterator[Fault]:
        """Pairs of rows that fit at the same time, each with one example."""
        found: dict[tuple[int, int], list[Piece]] = {}
        self._shared(0, self.guarded.everything, [], found, set())
        for (one, other), pieces in sorted(found.items())[:MAX_PAIRS]:
            said = self._said(pieces)
            words = Words(
                f"第 {one + 1} 行和第 {other + 1} 行同时符合，例如 {said.zh}",
                f"Rows {one + 1} and {other + 1} fit at the same time, for example {said.en}",
            )
            line = self.guarded.table.rules[other].line
            yield Fault(line, self.guarded.element, words, "OVERLAP", other + 1)

    def _shared(
        self,
        column: int,
        left: int,
        path: list[Piece],
        found: dict[tuple[int, int], list[Piece]],
        seen: set[tuple[int, int]],
    ) -> None:
        if not left & (left - 1) or (column, left) in seen or len(found) >= MAX_PAIRS:
            return
        seen.add((column, left))
        if column == len(self.columns):
            self._note(bits(left), path, found)
            return
        for piece, mask in self.columns[column]:
            self._step()
            self._shared(column + 1, left & mask, [*path, piece], found, seen)

    def _note(self, rules: list[int], path: list[Piece], found: dict[tuple[int, int], list[Piece]]) -> None:
        results = self.guarded.constants
        for at, one in enumerate(rules):
            for other in rules[at + 1 :]:
                known = NOT_CONSTANT not in (results[one], results[other])
                agree = self.guarded.table.policy == "A" and (not known or same(results[one], results[other]))
                if not agree:
                    found.setdefault((one, other), path)

    def _said(self, pieces: list[Piece]) -> Words:
        zh, en = [], []
        for piece, kind, column in zip(pieces, self.guarded.kinds, self.guarded.table.inputs, strict=False):
            value = example(piece)
            zh.append(f"{column.label} {_value(value, base_kind(kind)).zh}")
            en.append(f"{column.label} {_value(value, base_kind(kind)).en}")
        return Words("、".join(zh) or "任何值", ", ".join(en) or "anything")


def _value(value: Val, kind: str) -> Words:
    if value is None:
        return Words(
            "为别的文字" if kind == "string" else "为任何值", "is any other text" if kind == "string" else "is anything"
        )
    return Words(f"为 {show(value)}", f"is {show(value)}")
