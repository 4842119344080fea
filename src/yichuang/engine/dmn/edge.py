"""Deciding with a closed edge: a decision that is sure, or the reasons why a person decides (转人工)."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from yichuang.core.words import Words
from yichuang.engine.dmn import axes
from yichuang.engine.dmn.axes import NOT_CONSTANT, Masks
from yichuang.engine.dmn.decision import CompiledModel, Evaluation, Node, compile_model, deep
from yichuang.engine.dmn.guard import (
    TRACE,
    Guard,
    GuardedTable,
    allowed_values,
    base_kind,
    bits,
    gathers,
    names_null,
    wrong_kind,
)
from yichuang.engine.dmn.model import DecisionFaults, Fault, Table
from yichuang.engine.dmn.read import read_model
from yichuang.engine.feel import nodes as n
from yichuang.engine.feel.budget import BUDGET, MAX_ITEMS, Budget, OutOfSteps, weight
from yichuang.engine.feel.doubt import Doubt, hollow
from yichuang.engine.feel.explain import shorten, show
from yichuang.engine.feel.kinds import Unknown, Val, kind_of, normalise
from yichuang.engine.feel.scan import ExpressionError
from yichuang.engine.feel.types import ANY, Basic, ContextType, Limited, ListType, Type, is_a
from yichuang.engine.feel.wide import parse_decision

HIT: Final = 255
UNJUDGED: Final = 254
MAX_RECORD: Final = 400  # bytes
TOO_COSTLY: Final = Words("规则太繁，没有算完", "The rules are too costly to work out")
_VERSION: Final = 8  # bytes of the file's SHA-256
_TYPES: Final[dict[str, type]] = {"number": Decimal, "string": str, "boolean": bool, "date": date, "moment": datetime}
Trace = tuple[GuardedTable, Sequence[Val], Sequence[Masks | int]]


class Tried(NamedTuple):
    """One rule of a table and what became of it: hit, or the first cell that failed and the value it saw."""

    element: str
    row: int  # from 1
    column: int  # from 1; 0: the rule hit
    label: str
    cell: str
    seen: Val
    judged: bool  # False: the cell could not be judged

    @property
    def hit(self) -> bool:
        return self.column == 0

    @property
    def words(self) -> Words:
        """The sentence for people. It may hold personal data: only for who may see the case."""
        if self.hit:
            return Words(f"第 {self.row} 行符合", f"Row {self.row} fits")
        seen, cell = show(self.seen), shorten(self.cell)
        if not self.judged:
            return Words(
                f"第 {self.row} 行：“{self.label}”为 {seen}，无法判断是否符合 {cell}",
                f"Row {self.row}: “{self.label}” is {seen}; whether {cell} holds cannot be judged",
            )
        return Words(
            f"第 {self.row} 行：“{self.label}”为 {seen}，应符合 {cell}",
            f"Row {self.row}: “{self.label}” is {seen}, needed {cell}",
        )


class InputKind(NamedTuple):
    """What an input takes: number, string, boolean, date, time, moment, days, months; "" for lists and contexts."""

    kind: str
    allowed: tuple[str, ...]


class Outcome(NamedTuple):
    """What was decided; with `doubts` nothing was, and a person decides. `value` cannot be changed.

    `trace` and `version` are what the record is made of.
    """

    value: Val
    doubts: tuple[Words, ...]
    trace: Trace | None
    version: bytes

    @property
    def decided(self) -> bool:
        return not self.doubts

    @property
    def record(self) -> bytes:
        """At most 400 bytes to keep beside the inputs: the version, then of each rule the first cell that failed."""
        if self.trace is None:
            return self.version
        guarded, _, masks = self.trace
        return self.version + marks(guarded, masks)[: MAX_RECORD - _VERSION]


def refusals(ways: "tuple[_Way, ...]", inputs: Mapping[str, object]) -> tuple[Words, ...]:
    """Everything that is wrong with the inputs, at once."""
    doubts: list[Words] = []
    for way in ways:
        value = way.accept(inputs.get(way.name))
        if value is _BAD or (way.allowed is not None and value not in way.allowed):
            doubts.append(bad_input(way.label, way.name, inputs, value is not _BAD))
            continue
        try:
            way.mask(value)
        except TypeError:
            doubts.append(wrong_kind(way.label, value))
    return tuple(doubts)


def marks(guarded: GuardedTable, masks: Sequence[Masks | int]) -> bytes:
    """One byte a rule: the first column that failed (from 0), `HIT`, or `UNJUDGED`."""
    out = bytearray([HIT]) * len(guarded.table.rules)
    left, unsure = guarded.everything, 0
    for column, passing in enumerate(masks):
        yes, maybe = (passing, 0) if isinstance(passing, int) else passing
        for rule in bits(left & ~(yes | maybe)):
            out[rule] = column
        left &= yes | maybe
        unsure |= maybe & ~yes
    for rule in bits(left & unsure):
        out[rule] = UNJUDGED
    return bytes(out)


_BAD: Final = Unknown("kinds")
Accept = Callable[[object], Val]


class _Way(NamedTuple):
    """A column of the quick way: where its value stands, its Python type, how others are taken, and the look-up."""

    name: str
    exact: type
    accept: Accept
    mask: Callable[[Any], int]
    label: str
    allowed: frozenset[object] | None


@dataclass(frozen=True)
class ReadyDecision:
    """A decision that may decide: its model has no faults. `version` is the SHA-256 of its file, in hex."""

    name: str
    version: str
    compiled: CompiledModel
    needs: tuple[tuple[str, Type], ...]
    _table: GuardedTable | None
    _ways: tuple[_Way, ...] | None
    _short: bytes
    _sure: tuple[Val, ...] = ()  # of each rule the value, where nothing has to be worked out
    _first: bool = False  # the first rule that hits decides, whatever else does
    _places: "tuple[tuple[Place, ...], ...]" = ()

    @property
    def table(self) -> Table | None:
        """Its own table as the file has it; None for a decision that is none."""
        return None if self._table is None else self._table.table

    @property
    def kinds(self) -> dict[str, InputKind]:
        """Of each input its kind as FEEL names it, and the texts that are allowed where it is an enumeration."""
        found = {}
        for name, kind in self.needs:
            texts = tuple(one for one in allowed_values(kind) if isinstance(one, str))
            found[name] = InputKind(base_kind(kind), texts)
        return found

    def decide(self, inputs: Mapping[str, object], *, at: datetime | None = None) -> Outcome:
        """Decide. Never raises for what the inputs hold: whatever is missing, of a wrong kind or undecided is a doubt."""
        try:
            if self._ways is not None and self._table is not None:
                return self._quickly(self._table, self._ways, inputs)
            return self._by_graph(inputs, at)
        except (OutOfSteps, RecursionError, ArithmeticError, ValueError):
            return Outcome(None, (TOO_COSTLY,), None, self._short)

    def _quickly(self, table: GuardedTable, ways: tuple[_Way, ...], inputs: Mapping[str, object]) -> Outcome:
        hits = table.everything
        masks: list[int] = []
        values: list[Any] = []
        try:
            for name, exact, accept, mask, _, allowed in ways:
                value: Any = inputs.get(name)
                if type(value) is not exact:
                    value = accept(value)
                if value is _BAD or (allowed is not None and value not in allowed):
                    return Outcome(None, refusals(ways, inputs), None, self._short)
                passing = mask(value)
                hits &= passing
                masks.append(passing)
                values.append(value)
        except (TypeError, InvalidOperation):  # a moment with a zone among some without; a number that is none
            return Outcome(None, refusals(ways, inputs), None, self._short)
        trace = (table, values, masks)
        if hits and (self._first or not hits & (hits - 1)):
            sure = self._sure[(hits & -hits).bit_length() - 1]
            if sure is not NOT_CONSTANT:
                return Outcome(sure, (), trace, self._short)
        return self._settled(table, hits, trace)

    def _settled(self, table: GuardedTable, hits: int, trace: Trace) -> Outcome:
        """What the hits decide, where one sure rule does not."""
        try:
            return Outcome(frozen(table.result(hits, {BUDGET: Budget()})), (), trace, self._short)
        except Doubt as doubt:
            return Outcome(None, doubt.words, trace, self._short)
        except (OutOfSteps, RecursionError):
            return Outcome(None, (TOO_COSTLY,), trace, self._short)

    def _by_graph(self, inputs: Mapping[str, object], at: datetime | None) -> Outcome:
        doubts = [words for name, kind in self.needs if (words := doubt_of(name, kind, inputs)) is not None]
        if doubts:
            return Outcome(None, tuple(doubts), None, self._short)
        traces: list[Trace] = []
        element = self.compiled.model.find(self.name, "decision")
        assert element is not None
        try:
            value = _Traced(self.compiled, inputs, {}, Budget(), at, traces=traces).value(element.id)
        except Doubt as doubt:
            return Outcome(None, doubt.words, self._last(traces), self._short)
        weight(value, MAX_ITEMS)
        if hollow(value):
            words = Words(f"“{self.name}”没有得出结果", f"“{self.name}” gives no result")
            return Outcome(None, (words,), self._last(traces), self._short)
        return Outcome(frozen(value), (), self._last(traces), self._short)

    def _last(self, traces: list[Trace]) -> Trace | None:
        """What the decision's own table saw, if it is one."""
        return next((trace for trace in reversed(traces) if trace[0] is self._table), None)

    def explain(self, inputs: Mapping[str, object], record: bytes, *, at: datetime | None = None) -> tuple[Tried, ...]:
        """Row by row, why; from the record and the inputs that were decided on. Raises ValueError for another version."""
        if record[:_VERSION] != self._short:
            raise ValueError("the record is of another version of the decision")
        table, kept = self._table, record[_VERSION:]
        if table is None or not kept:
            return ()
        values: tuple[Val, ...]
        if self._ways is not None:
            values = tuple([normalise(inputs.get(way.name)) for way in self._ways])
        else:
            trace = self._by_graph(inputs, at).trace
            if trace is None:
                return ()
            values = tuple(trace[1])
        return tuple(explained(table, self._places, values, kept))


Place = tuple[str, int, int, str, str]


def places_of(table: GuardedTable) -> tuple[tuple[Place, ...], ...]:
    """Of each rule and column, where a cell stands and what it says."""
    labels = [column.label for column in table.table.inputs]
    return tuple(
        tuple(
            (table.element, row, column, label, test.text)
            for column, (label, test) in enumerate(zip(labels, rule.tests, strict=False), 1)
        )
        for row, rule in enumerate(table.table.rules, 1)
    )


def explained(
    table: GuardedTable, places: tuple[tuple[Place, ...], ...], values: Sequence[Val], kept: bytes
) -> list[Tried]:
    """What became of each rule, from its mark."""
    make = Tried._make
    return [
        make((*places[row][mark], values[mark], True)) if mark < UNJUDGED else _whole(table, row, mark, values)
        for row, mark in enumerate(kept)
    ]


def _whole(table: GuardedTable, row: int, mark: int, values: Sequence[Val]) -> Tried:
    """A rule that hit, or of which a cell could not be judged: the first that has to be run."""
    if mark == HIT:
        return Tried(table.element, row + 1, 0, "", "", None, True)
    at = next((place for place, axis in enumerate(table.axes) if isinstance(axis, axes.Tried)), 0)
    rule, column = table.table.rules[row], table.table.inputs[at]
    return Tried(table.element, row + 1, at + 1, column.label, rule.tests[at].text, values[at], False)


@dataclass
class _Traced(Evaluation):
    """An evaluation whose tables leave what they saw."""

    traces: list[Trace] | None = None

    def scope(self, node: Node) -> dict[str, object]:
        return {**super().scope(node), TRACE: self.traces}


def frozen(value: Val) -> Val:
    """The value, its contexts read-only."""
    if isinstance(value, dict):
        return MappingProxyType({key: frozen(normalise(one)) for key, one in value.items()})
    return tuple(frozen(one) for one in value) if isinstance(value, tuple) else value


def sure_value(value: Val) -> Val:
    """A constant result, ready to be given; `NOT_CONSTANT` for null, which is a doubt."""
    if hollow(value):
        return NOT_CONSTANT
    return frozen(value)


def sure_values(table: GuardedTable) -> Iterator[Val]:
    """Of each rule what is decided when it alone hits."""
    alone = gathers(table.table)
    for one in table.constants:
        value = sure_value(one)
        yield (value,) if alone and value is not NOT_CONSTANT else value


def doubt_of(name: str, kind: Type, inputs: Mapping[str, object]) -> Words | None:
    """What is wrong with an input: it is missing, null, or not of its type. Nothing is fitted: "15" is no number."""
    value = deep(inputs.get(name))
    if value is None:
        return Words(f"缺少“{name}”", f"“{name}” is missing")
    if is_a(value, kind):
        return None if whole(value, kind) else part_missing(name)
    base = kind.base if isinstance(kind, Limited) else kind
    return bad_input(name, name, inputs, is_a(value, base))


def whole(value: Val, kind: Type) -> bool:
    """Whether nothing is null inside a value of a type, but where the type says that null is a value."""
    if isinstance(kind, Limited):
        return (value is None and names_null(kind)) or whole(value, kind.base)
    if value is None or isinstance(value, Unknown):
        return kind == Basic("null")
    if isinstance(kind, ListType) and isinstance(value, tuple):
        return all(whole(one, kind.item) for one in value)
    if isinstance(kind, ContextType) and isinstance(value, Mapping):
        return all(whole(normalise(value.get(name)), inner) for name, inner in kind.fields)
    return not hollow(value)


def part_missing(name: str) -> Words:
    return Words(f"“{name}”里缺少内容", f"Something inside “{name}” is missing")


def bad_input(label: str, name: str, inputs: Mapping[str, object], not_allowed: bool) -> Words:
    """The words for an input that is missing, of a wrong kind, or not allowed."""
    value = normalise(inputs.get(name))
    if value is None:
        return Words(f"缺少“{label}”", f"“{label}” is missing")
    if not_allowed:
        return Words(f"“{label}”不能是 {show(value)}", f"“{label}” cannot be {show(value)}")
    return wrong_kind(label, value)


def ready_decision(xml: bytes, name: str) -> ReadyDecision:
    """The decision of a file, guarded. Raises `DecisionFaults` with every fault of the file at once."""
    return ready_with_tables(xml, name)[0]


def ready_with_tables(xml: bytes, name: str) -> tuple[ReadyDecision, tuple[GuardedTable, ...]]:
    """The same, with every table of the file for whoever checks them."""
    model = read_model(xml)
    guard = Guard()
    compiled = compile_model(model, tables=guard, guarded=True)
    element = model.find(name, "decision")
    if element is None:
        words = Words(f"文件里没有“{name}”这个决策", f"The file has no decision “{name}”")
        raise DecisionFaults((Fault(1, name, words, "NO_DECISION"),))
    needs = inputs_of(compiled, element.id)
    faults = [*compiled.faults, *circles(compiled), *untyped(compiled, needs)]
    if faults:
        raise DecisionFaults(tuple(dict.fromkeys(faults)))
    digest = hashlib.sha256(xml)
    table = next(iter(guard.tables.get(element.name, ())), None) if isinstance(element.body, Table) else None
    ways = None if table is None else quick_ways(table, compiled.nodes[element.id], needs, compiled)
    sure = () if table is None else tuple(sure_values(table))
    first = table is not None and table.table.policy == "F"
    short = digest.digest()[:_VERSION]
    places = () if table is None else places_of(table)
    decision = ReadyDecision(name, digest.hexdigest(), compiled, needs, table, ways, short, sure, first, places)
    return decision, tuple(one for tables in guard.tables.values() for one in tables)


def inputs_of(compiled: CompiledModel, key: str) -> tuple[tuple[str, Type], ...]:
    """The input data that a decision needs, directly or not, with their types."""
    found: dict[str, Type] = {}
    waiting, seen = [key], set[str]()
    while waiting:
        one = waiting.pop()
        node = compiled.nodes.get(one)
        if node is None or one in seen:
            continue
        seen.add(one)
        waiting.extend(node.needs)
        if node.element.kind == "input":
            found[node.element.name] = node.kind
    return tuple(sorted(found.items(), key=lambda item: item[0]))


def untyped(compiled: CompiledModel, needs: tuple[tuple[str, Type], ...]) -> list[Fault]:
    """Inputs of which nobody could tell whether a value is wrong."""
    faults = []
    for name, kind in needs:
        if kind is ANY:
            element = compiled.model.find(name, "input")
            words = Words(f"输入“{name}”没有类型", f"The input “{name}” has no type")
            faults.append(Fault(element.line if element else 1, name, words, "NO_TYPE"))
    return faults


def circles(compiled: CompiledModel) -> list[Fault]:
    """Decisions that need themselves."""
    faults: list[Fault] = []
    done: set[str] = set()

    def visit(key: str, path: tuple[str, ...]) -> None:
        node = compiled.nodes.get(key)
        if node is None or key in done:
            return
        if key in path:
            name = node.element.name
            words = Words(f"“{name}”的依据绕回了它自己", f"“{name}” depends on itself")
            faults.append(Fault(node.element.line, name, words, "CIRCLE"))
            return
        for need in node.needs:
            visit(need, (*path, key))
        done.add(key)

    for key in compiled.nodes:
        visit(key, ())
    return faults


def quick_ways(
    table: GuardedTable, node: Node, needs: tuple[tuple[str, Type], ...], compiled: CompiledModel
) -> tuple[_Way, ...] | None:
    """The quick way through a table whose columns are the inputs themselves; None when it has to be the graph."""
    types = dict(needs)
    if not (table.simple and table.fixed) or table.table.policy not in {"U", "A", "F", "P", "R", "O", "C"}:
        return None
    ways: list[_Way] = []
    for axis, column in zip(table.axes, table.table.inputs, strict=True):
        try:
            tree = parse_decision(column.expression.text if column.expression else "", types)
        except ExpressionError:
            return None
        if not isinstance(tree, n.Name) or len(tree.path) != 1 or tree.path[0] not in types:
            return None
        kind = types[tree.path[0]]
        base, allowed = base_kind(kind), allowed_values(kind)
        own = column.values is not None and not allowed
        if base not in _TYPES or own or (isinstance(kind, Limited) and not allowed):
            return None
        limit = frozenset(allowed) if allowed else None
        ways.append(_Way(tree.path[0], _TYPES[base], acceptor(base), axis.lookup(), column.label, limit))  # type: ignore[union-attr]  # simple: no Tried among them
    if {way.name for way in ways} != set(types) or any(other != "input" for other in _kinds(node, compiled)):
        return None
    return tuple(ways)


def _kinds(node: Node, compiled: CompiledModel) -> list[str]:
    return [compiled.nodes[need].element.kind for need in node.needs]


def acceptor(base: str) -> Accept:
    """A value of another Python type as FEEL has it (an int is a number), or `_BAD`."""

    def accept(raw: object) -> Val:
        value = normalise(raw)
        return value if value is not None and kind_of(value) == base else _BAD

    return accept
