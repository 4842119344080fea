"""Decision tables with a closed edge: where the standard says null, a person decides and hears why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from yichuang.core.words import Words
from yichuang.engine.dmn import model as m
from yichuang.engine.dmn.axes import NOT_CONSTANT, Axis, Masks, Tried, axis_of, constant, names_nothing, plain
from yichuang.engine.dmn.compile import Room
from yichuang.engine.dmn.tables import Compiled, by_rank, compile_rows, input_kind, settle
from yichuang.engine.feel import nodes as n
from yichuang.engine.feel.decide import INPUT, Run, Scope
from yichuang.engine.feel.doubt import Doubt, hollow, says_null
from yichuang.engine.feel.explain import show
from yichuang.engine.feel.kinds import Unknown, Val
from yichuang.engine.feel.library.same import same
from yichuang.engine.feel.scan import ExpressionError
from yichuang.engine.feel.types import Basic, Limited, Type
from yichuang.engine.feel.wide import parse_decision, parse_tests

TRACE: Final = "\0trace"  # where a guarded table leaves what it saw


@dataclass(frozen=True)
class GuardedTable:
    """A table whose every doubt is told. `constants` are the results that need no working out; `fixed`: none needs any."""

    element: str
    compiled: Compiled
    axes: tuple[Axis, ...]
    kinds: tuple[Type, ...]
    trees: tuple[tuple[n.UnaryTests, ...], ...]  # per column, the cells
    everything: int
    constants: tuple[Val, ...]
    simple: bool  # no cell has to be run
    fixed: bool  # no result names anything: the hits alone say what is decided

    @property
    def table(self) -> m.Table:
        return self.compiled.table

    def masks(self, values: tuple[Val, ...], scope: Mapping[str, object]) -> list[Masks]:
        """Of each column the rules that it lets pass. Raises `Doubt`."""
        out: list[Masks] = []
        for axis, value, column in zip(self.axes, values, self.table.inputs, strict=True):
            if isinstance(axis, Tried):
                out.append(axis.masks(value, scope))
                continue
            try:
                out.append((axis.mask(plain(value)), 0))
            except TypeError:
                raise Doubt(wrong_kind(column.label, value)) from None
        return out

    def choose(self, masks: list[Masks], scope: Scope) -> Val:
        """The result of the hit policy. Raises `Doubt` for no hit, hits that exclude each other, and null."""
        yes = possible = self.everything
        for sure, maybe in masks:
            yes &= sure
            possible &= sure | maybe
        if possible != yes:
            raise Doubt(self._unjudged(possible & ~yes))
        return self.result(yes, scope)

    def _unjudged(self, rules: int) -> Words:
        rows = ", ".join(str(at + 1) for at in bits(rules)[:5])
        return Words(
            f"“{self.element}”第 {rows} 行有无法判断的格子", f"“{self.element}”: a cell of row {rows} cannot be judged"
        )

    def result(self, hits: int, scope: Scope) -> Val:
        """The value for the rules that hit."""
        policy = self.table.policy
        if not hits:
            value = self._no_hit(scope)
        elif gathers(self.table) and (known := self._gathered(hits)) is not None:
            return known
        elif policy == "F" or not hits & (hits - 1):
            value = self._one((hits & -hits).bit_length() - 1, policy, scope)
        else:
            value = self._several(bits(hits), policy, scope)
        if hollow(value):
            raise Doubt(Words(f"“{self.element}”没有得出结果", f"“{self.element}” gives no result"))
        return value

    def _gathered(self, hits: int) -> tuple[Val, ...] | None:
        """The results of all rules that hit, where none has to be worked out."""
        found = tuple(self.constants[hit] for hit in bits(hits))
        return None if any(one is NOT_CONSTANT or hollow(one) for one in found) else found

    def _no_hit(self, scope: Scope) -> Val:
        if all(column.default is None for column in self.table.outputs):
            raise Doubt(Words(f"“{self.element}”没有一行符合", f"No row of “{self.element}” fits"))
        return settle(self.compiled, [], scope)

    def _one(self, hit: int, policy: str, scope: Scope) -> Val:
        if policy in {"U", "A", "F", "P"}:
            value = self.constants[hit]
            if value is not NOT_CONSTANT:
                return value
        return settle(self.compiled, [hit], scope)

    def _several(self, hits: list[int], policy: str, scope: Scope) -> Val:
        if policy == "U" or (policy == "A" and not self._agree(hits, scope)):
            rows = ", ".join(str(hit + 1) for hit in hits[:5])
            raise Doubt(
                Words(f"“{self.element}”第 {rows} 行同时符合", f"Rows {rows} of “{self.element}” fit at the same time")
            )
        if policy == "P":
            return settle(self.compiled, by_rank(self.compiled, hits, scope)[:1], scope)
        return settle(self.compiled, hits[:1] if policy == "A" else hits, scope)

    def _agree(self, hits: list[int], scope: Scope) -> bool:
        first, *others = [settle(self.compiled, [hit], scope) for hit in hits]
        return all(same(first, other) for other in others)


def bits(mask: int) -> list[int]:
    """The places of a mask's bits, from 0."""
    out: list[int] = []
    while mask:
        low = mask & -mask
        out.append(low.bit_length() - 1)
        mask ^= low
    return out


def wrong_kind(label: str, value: Val) -> Words:
    """The value of a column that is of another kind than its cells."""
    seen = show(value)
    return Words(f"“{label}”的值 {seen} 类型不对", f"“{label}”: {seen} is of the wrong kind")


def base_kind(kind: Type) -> str:
    """The FEEL kind under a type's limits; nothing for contexts, lists and the like."""
    while isinstance(kind, Limited):
        kind = kind.base
    return kind.kind if isinstance(kind, Basic) else ""


def allowed_values(kind: Type) -> tuple[Val, ...]:
    """The values of an enumeration; nothing when a type is not one."""
    if not isinstance(kind, Limited):
        return ()
    try:
        tests = parse_tests(kind.text)
    except ExpressionError:
        return ()
    return enumeration(tests)


def names_null(kind: Limited) -> bool:
    """Whether null is among the values that a type allows."""
    try:
        tests = parse_tests(kind.text)
    except ExpressionError:
        return False
    return not tests.negated and any(op is None and says_null(test) for op, test in tests.tests)


def enumeration(tests: n.UnaryTests) -> tuple[Val, ...]:
    """The values of unary tests that are nothing but values."""
    values = [constant(test) for op, test in tests.tests if op is None]
    if tests.negated or len(values) != len(tests.tests) or any(not isinstance(one, str | bool) for one in values):
        return ()
    return tuple(values)


@dataclass
class Guard:
    """Compiles the tables of a model guarded, and keeps them by the element they stand in."""

    tables: dict[str, list[GuardedTable]] = field(default_factory=dict)

    def __call__(self, table: m.Table, room: Room) -> Run:
        guarded = self.make(table, room)
        self.tables.setdefault(room.element, []).append(guarded)
        return runner(guarded)

    def make(self, table: m.Table, room: Room) -> GuardedTable:
        """The table with its axes."""
        compiled = compile_rows(table, room)
        kinds = tuple(input_kind(column, room) for column in table.inputs)
        names = room.names | room.members | {INPUT}
        trees = tuple(
            tuple(
                _cell(rule.tests[at] if at < len(rule.tests) else m.Text("", rule.line), names) for rule in table.rules
            )
            for at in range(len(table.inputs))
        )
        axes = tuple(
            axis_of(cells, base_kind(kind), _runs(compiled, at), _values(table.inputs[at], kind))
            for at, (cells, kind) in enumerate(zip(trees, kinds, strict=True))
        )
        everything = (1 << len(table.rules)) - 1
        constants = tuple(_filled(_constant(compiled, at, names)) for at in range(len(table.rules)))
        simple = not any(isinstance(axis, Tried) for axis in axes)
        fixed = all(_fixed(text, names) for text in _results(table))
        return GuardedTable(room.element, compiled, axes, kinds, trees, everything, constants, simple, fixed)


def _values(column: m.Column, kind: Type) -> tuple[Val, ...]:
    if column.values is not None:
        try:
            return enumeration(parse_tests(column.values.text))
        except ExpressionError:
            return ()
    return allowed_values(kind)


def _runs(compiled: Compiled, column: int) -> Any:
    return lambda row: compiled.rows[row].tests[column]


def _cell(text: m.Text, names: frozenset[str]) -> n.UnaryTests:
    """The cell; one that cannot be read (it is reported as a fault) lets nothing pass."""
    try:
        return parse_tests(text.text, names)
    except ExpressionError:
        return n.UnaryTests((), True)


def _filled(value: Val) -> Val:
    """A constant without null in it; null is worked out again where it is asked for, and doubted there."""
    return NOT_CONSTANT if hollow(value) else value


def _results(table: m.Table) -> list[m.Text]:
    """Every text that may become the result: of the rules, the defaults, and what orders them."""
    texts = [text for rule in table.rules for text in rule.results]
    for column in table.outputs:
        texts += [text for text in (column.default, column.values) if text is not None]
    return texts


def _fixed(text: m.Text, names: frozenset[str]) -> bool:
    try:
        return names_nothing(parse_tests(text.text, names), names)
    except ExpressionError:
        return False


def _constant(compiled: Compiled, row: int, names: frozenset[str]) -> Val:
    """The result of a rule that names nothing."""
    for text in compiled.table.rules[row].results:
        try:
            if isinstance(constant(parse_decision(text.text, names), names), Unknown):
                return NOT_CONSTANT
        except ExpressionError:
            return NOT_CONSTANT
    if compiled.table.policy in {"U", "A", "F", "P"}:
        return settle(compiled, [row], {})
    if gathers(compiled.table):
        found = settle(compiled, [row], {})
        return found[0] if isinstance(found, tuple) else NOT_CONSTANT
    return NOT_CONSTANT


def gathers(table: m.Table) -> bool:
    """Whether the result is the list of what the rules that hit say, in their order."""
    return table.policy in {"C", "R"} and not table.collect


def runner(guarded: GuardedTable) -> Run:
    """The closure of a guarded table inside a graph; it leaves what it saw under `TRACE`."""

    def run(scope: Scope) -> Val:
        values = tuple(clause.run(scope) for clause in guarded.compiled.inputs)
        check_values(guarded, values, scope)
        masks = guarded.masks(values, scope)
        trace = scope.get(TRACE)
        if isinstance(trace, list):
            trace.append((guarded, values, masks))
        return guarded.choose(masks, scope)

    return run


def check_values(guarded: GuardedTable, values: tuple[Val, ...], scope: Scope) -> None:
    """Raises `Doubt` for values that are not there or not allowed."""
    doubts: list[Words] = []
    for clause, value, column in zip(guarded.compiled.inputs, values, guarded.table.inputs, strict=True):
        if value is None:
            doubts.append(Words(f"“{column.label}”没有值", f"“{column.label}” has no value"))
        elif clause.allowed is not None and clause.allowed({**scope, INPUT: value}) is not True:
            seen = show(value)
            doubts.append(Words(f"“{column.label}”不能是 {seen}", f"“{column.label}” cannot be {seen}"))
    if doubts:
        raise Doubt(*doubts)
