"""Decision tables as the standard means them (DMN 1.5, 8): all hit policies; whatever does not fit is null."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from yichuang.engine.dmn import model as m
from yichuang.engine.dmn.compile import NOTHING, Room, at_column, fitted
from yichuang.engine.feel import nodes as n
from yichuang.engine.feel.decide import INPUT, Run, Scope, decide, null
from yichuang.engine.feel.infer import remarks_on
from yichuang.engine.feel.kinds import Val
from yichuang.engine.feel.library import FUNCTIONS
from yichuang.engine.feel.library.same import same
from yichuang.engine.feel.scan import ExpressionError
from yichuang.engine.feel.types import ANY, Type
from yichuang.engine.feel.wide import parse_decision, parse_tests

_COLLECT: Final = {"SUM": "sum", "MIN": "min", "MAX": "max"}


@dataclass(frozen=True, slots=True)
class Clause:
    """A column, compiled: of inputs its expression, of outputs its default; `allowed` are the tests of its values."""

    run: Run
    allowed: Run | None


@dataclass(frozen=True, slots=True)
class Row:
    tests: tuple[Run, ...]
    results: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Compiled:
    """A table, compiled."""

    table: m.Table
    inputs: tuple[Clause, ...]
    outputs: tuple[Clause, ...]
    ranks: tuple[tuple[Run, ...], ...]  # of each output its values in the order of their priority
    rows: tuple[Row, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.table.outputs)


def compile_tests(text: m.Text, room: Room, row: int, column: int) -> Run:
    """The closure of a cell of inputs. An empty cell is a fault: `-` says that anything fits."""
    try:
        tree = parse_tests(text.text, room.names | room.members)
    except ExpressionError as error:
        room.report(m.Fault(text.line, room.element, at_column(error.column, error.message), "CELL", row, column))
        return NOTHING
    room.look(tree, text, row, column)
    return decide(tree, room.world)


def input_kind(column: m.Column, room: Room) -> Type:
    """The type of a column of inputs: its own, or that of its expression."""
    if column.type_ref and column.type_ref != "Any":
        return room.type_of(column.type_ref, column.line)
    try:
        tree = parse_decision(column.expression.text if column.expression else "", room.names | room.members)
    except ExpressionError:
        return ANY
    return remarks_on(tree, room.kinds, room.world)[0]


def compile_rows(table: m.Table, room: Room) -> Compiled:
    """All cells of a table; faults are reported with row and column."""
    kinds = [input_kind(column, room) for column in table.inputs]
    inside = [room.knowing({INPUT: kind}) for kind in kinds]
    inputs = tuple(_input(column, inside[index - 1], index) for index, column in enumerate(table.inputs, 1))
    width = len(table.inputs)
    outputs = tuple(
        Clause(
            NOTHING
            if column.default is None
            else fitted(room.read(column.default, 0, width + index, _kind(room, column)), _kind(room, column)),
            None
            if column.values is None
            else compile_tests(column.values, room.knowing({INPUT: _kind(room, column)}), 0, width + index),
        )
        for index, column in enumerate(table.outputs, 1)
    )
    rows: list[Row] = []
    for number, rule in enumerate(table.rules, 1):
        if len(rule.tests) != width or len(rule.results) != len(table.outputs):
            room.fault(rule.line, "CELLS", "格子数与列数不符", "The row has too few or too many cells", number)
        tests = tuple(
            compile_tests(text, one, number, at)
            for at, (text, one) in enumerate(zip(rule.tests, inside, strict=False), 1)
        )
        results = tuple(
            fitted(room.read(text, number, width + at, _kind(room, column)), _kind(room, column))
            for at, (text, column) in enumerate(zip(rule.results, table.outputs, strict=False), 1)
        )
        rows.append(Row(tests, results))
    return Compiled(table, inputs, outputs, tuple(_ranks(column, room) for column in table.outputs), tuple(rows))


def _kind(room: Room, column: m.Column) -> Type:
    return room.type_of(column.type_ref, column.line)


def _input(column: m.Column, room: Room, at: int) -> Clause:
    run = NOTHING if column.expression is None else room.read(column.expression, 0, at)
    kind = room.type_of(column.type_ref, column.line)
    allowed = None if column.values is None else compile_tests(column.values, room, 0, at)
    return Clause(fitted(run, kind), allowed)


def _ranks(column: m.Column, room: Room) -> tuple[Run, ...]:
    """The allowed values, the most important first."""
    if column.values is None:
        return ()
    try:
        tree = parse_tests(column.values.text, room.names)
    except ExpressionError:
        return ()
    world = room.world
    return tuple(decide(test, world) for op, test in tree.tests if op is None and not isinstance(test, n.RangeOf))


def compile_table(table: m.Table, room: Room) -> Run:
    """The closure of a table."""
    compiled = compile_rows(table, room)

    def run(scope: Scope) -> Val:
        inner = dict(scope)
        values = []
        for clause in compiled.inputs:
            value = clause.run(scope)
            inner[INPUT] = value
            if clause.allowed is not None and clause.allowed(inner) is not True:
                return None
            values.append(value)
        hits = [index for index, row in enumerate(compiled.rows) if _hits(row, values, inner)]
        return settle(compiled, hits, scope)

    return run


def _hits(row: Row, values: list[Val], scope: dict[str, object]) -> bool:
    for test, value in zip(row.tests, values, strict=False):
        scope[INPUT] = value
        if test(scope) is not True:
            return False
    return True


def settle(compiled: Compiled, hits: list[int], scope: Scope) -> Val:
    """What the rules that hit decide together, by the hit policy."""
    if not hits:
        return _default(compiled, scope)
    return _POLICIES.get(compiled.table.policy, _never)(compiled, hits, scope)


def _default(compiled: Compiled, scope: Scope) -> Val:
    if all(column.default is None for column in compiled.table.outputs):
        return None
    value = _shaped(compiled, tuple(clause.run(scope) for clause in compiled.outputs))
    return (value,) if compiled.table.policy in {"R", "O"} else value


def _result(compiled: Compiled, index: int, scope: Scope) -> Val:
    return _shaped(compiled, tuple(result(scope) for result in compiled.rows[index].results))


def _shaped(compiled: Compiled, values: tuple[Val, ...]) -> Val:
    """One output is a value, several are a context; a value that is not allowed is null."""
    for clause, value in zip(compiled.outputs, values, strict=False):
        if clause.allowed is not None and value is not None and clause.allowed({INPUT: value}) is not True:
            return None
    return values[0] if len(compiled.outputs) == 1 and values else dict(zip(compiled.names, values, strict=False))


def _never(compiled: Compiled, hits: list[int], scope: Scope) -> Val:
    return None


def _unique(compiled: Compiled, hits: list[int], scope: Scope) -> Val:
    return _result(compiled, hits[0], scope) if len(hits) == 1 else None


def _any(compiled: Compiled, hits: list[int], scope: Scope) -> Val:
    first, *others = [_result(compiled, hit, scope) for hit in hits]
    return first if all(same(first, other) for other in others) else None


def _first(compiled: Compiled, hits: list[int], scope: Scope) -> Val:
    return _result(compiled, hits[0], scope)


def by_rank(compiled: Compiled, hits: list[int], scope: Scope) -> list[int]:
    """The rules that hit, those with the most important outputs first."""
    ranks = [[run(scope) for run in column] for column in compiled.ranks]

    def rank(hit: int) -> tuple[int, ...]:
        values = [result(scope) for result in compiled.rows[hit].results]
        return tuple(
            next((at for at, known in enumerate(column) if same(value, known)), len(column))
            for value, column in zip(values, ranks, strict=False)
        )

    return sorted(hits, key=rank)


def _priority(compiled: Compiled, hits: list[int], scope: Scope) -> Val:
    return _result(compiled, by_rank(compiled, hits, scope)[0], scope)


def _rule_order(compiled: Compiled, hits: list[int], scope: Scope) -> Val:
    return tuple(_result(compiled, hit, scope) for hit in hits)


def _output_order(compiled: Compiled, hits: list[int], scope: Scope) -> Val:
    return _rule_order(compiled, by_rank(compiled, hits, scope), scope)


def _collect(compiled: Compiled, hits: list[int], scope: Scope) -> Val:
    values = tuple(_result(compiled, hit, scope) for hit in hits)
    if compiled.table.collect == "COUNT":
        return Decimal(len(values))
    name = _COLLECT.get(compiled.table.collect)
    return null(FUNCTIONS[name].call((values,))) if name else values


_POLICIES: Final[dict[str, Callable[[Compiled, list[int], Scope], Val]]] = {
    "U": _unique,
    "A": _any,
    "P": _priority,
    "F": _first,
    "R": _rule_order,
    "O": _output_order,
    "C": _collect,
}
