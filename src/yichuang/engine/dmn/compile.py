"""Boxed expressions to closures (DMN 1.5, 10.2), as the standard means them: what does not fit is null."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import singledispatch
from typing import Final

from yichuang.core.words import Words
from yichuang.engine.dmn import model as m
from yichuang.engine.feel import nodes as n
from yichuang.engine.feel.budget import spend
from yichuang.engine.feel.decide import (
    Run,
    Scope,
    call_builtin,
    call_value,
    decide,
    items_of,
    make_function,
    null,
)
from yichuang.engine.feel.doubt import TAKES_NULL, asked, full, lacks, must
from yichuang.engine.feel.infer import base_of, called, remarks_on
from yichuang.engine.feel.kinds import Unknown, Val, all_of, any_of
from yichuang.engine.feel.library import FUNCTIONS
from yichuang.engine.feel.picking import picker
from yichuang.engine.feel.scan import ExpressionError
from yichuang.engine.feel.types import ANY, BASIC, Basic, Type, World, fit
from yichuang.engine.feel.wide import parse_decision

NOTHING: Final[Run] = lambda scope: None  # noqa: E731  (a value, named once)
Report = Callable[[m.Fault], None]


@dataclass(frozen=True)
class Room:
    """What a boxed expression stands in: the names it may see, the types, and who hears of faults."""

    element: str
    kinds: Mapping[str, Type]  # the names in sight
    types: Mapping[str, Type]
    report: Report
    members: frozenset[str]
    tables: "Callable[[m.Table, Room], Run]"  # how tables are compiled: as the standard means them, or guarded
    guarded: bool = False  # texts too

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self.kinds)

    @property
    def world(self) -> World:
        return World(self.types, self.guarded)

    def type_of(self, name: str, line: int = 1) -> Type:
        """The type of a reference; an unknown one is reported and taken for Any."""
        if name in {"", "Any"}:
            return ANY
        found = self.types.get(name) or (Basic(BASIC[name]) if name in BASIC else None)
        if found is None:
            self.fault(line, "NO_TYPE", f"没有“{name}”这个类型", f"There is no type “{name}”")
        return found or ANY

    def fault(self, line: int, code: str, zh: str, en: str, row: int = 0, column: int = 0) -> None:
        """Tell of something wrong."""
        self.report(m.Fault(line, self.element, Words(zh, en), code, row, column))

    def seeing(self, *names: str, **kinds: Type) -> "Room":
        """The same with more names in sight."""
        return self.knowing({**dict.fromkeys(names, ANY), **kinds})

    def knowing(self, kinds: Mapping[str, Type]) -> "Room":
        """The same with more names in sight, of known types."""
        return replace(self, kinds={**self.kinds, **kinds})

    def read(self, text: m.Text, row: int = 0, column: int = 0, wanted: Type = ANY) -> Run:
        """The closure of a FEEL text; a fault in it is reported, and the value of what cannot be read is null."""
        try:
            tree = parse_decision(text.text, self.names | self.members)
        except ExpressionError as error:
            self.report(m.Fault(text.line, self.element, at_column(error.column, error.message), "FEEL", row, column))
            return NOTHING
        self.look(tree, text, row, column, wanted)
        return decide(tree, self.world)

    def look(self, tree: n.Tree, text: m.Text, row: int, column: int, wanted: Type = ANY) -> Type:
        """Report unknown names and kinds that do not fit; the type of the text."""
        kind, remarks = remarks_on(tree, self.kinds, self.world)
        for remark in remarks:
            self.report(m.Fault(text.line, self.element, at_column(remark.column, remark.words), "NAMES", row, column))
        want = base_of(wanted)
        if isinstance(kind, Basic) and isinstance(want, Basic) and kind != want and not remarks:
            found, asked = called(kind.kind), called(want.kind)
            self.fault(
                text.line,
                "KIND",
                f"应为{asked.zh}，却是{found.zh}",
                f"Expected {asked.en}, found {found.en}",
                row,
                column,
            )
        return kind


def at_column(column: int, words: Words) -> Words:
    """The words of a fault in a text, with its column."""
    return Words(f"第 {column} 个字符：{words.zh}", f"at character {column}: {words.en}")


def compile_box(box: m.Box | None, room: Room) -> Run:
    """The closure of a boxed expression, its result fitted to its type."""
    if box is None:
        return NOTHING
    run = _compile(box, room)
    return fitted(run, room.type_of(box.type_ref)) if box.type_ref else run


def fitted(run: Run, kind: Type) -> Run:
    """A closure whose value is fitted to a type, or null."""
    return run if kind is ANY else lambda scope: null(fit(run(scope), kind))


@singledispatch
def _compile(box: object, room: Room) -> Run:
    raise NotImplementedError(type(box).__name__)


@_compile.register(m.Literal)
def _(box: m.Literal, room: Room) -> Run:
    return room.read(box.text)


@_compile.register(m.Table)
def _(box: m.Table, room: Room) -> Run:
    return room.tables(box, room)


@_compile.register(m.ContextBox)
def _(box: m.ContextBox, room: Room) -> Run:
    entries: list[tuple[str | None, Run]] = []
    for entry in box.entries:
        name = entry.variable.name if entry.variable else None
        run = compile_box(entry.value, room)
        if entry.variable is not None:
            run = fitted(run, room.type_of(entry.variable.type_ref))
        entries.append((name, run))
        room = room.knowing({name: room.type_of(entry.variable.type_ref)}) if name and entry.variable else room

    def run_all(scope: Scope) -> Val:
        inner, made = dict(scope), dict[str, object]()
        for name, run in entries:
            value = run(inner)
            if name is None:
                return value
            inner[name] = made[name] = value
        return made

    return run_all


@_compile.register(m.InvocationBox)
def _(box: m.InvocationBox, room: Room) -> Run:
    function = compile_box(box.function, room)
    guarded = room.guarded
    called = box.function.text.text if isinstance(box.function, m.Literal) else ""
    builtin = FUNCTIONS.get(called)
    names = tuple(one.variable.name for one in box.bindings if one.variable)
    args = tuple(
        fitted(compile_box(one.value, room), room.type_of(one.variable.type_ref))
        for one in box.bindings
        if one.variable
    )

    def run(scope: Scope) -> Val:
        values = tuple([arg(scope) for arg in args])
        if builtin is not None and called not in scope:
            if guarded and called not in TAKES_NULL:
                if lacks(values, (False,) * len(values)):
                    return None
                return call_builtin(builtin, names, asked(values), scope)
            return call_builtin(builtin, names, values, scope)
        return call_value(function(scope), names, values)

    return run


@_compile.register(m.FunctionBox)
def _(box: m.FunctionBox, room: Room) -> Run:
    if box.foreign:
        room.fault(1, "FOREIGN", "不执行 FEEL 以外的函数体", "Only functions in FEEL are executed")
    names = tuple(param.name for param in box.params)
    types = tuple(room.type_of(param.type_ref) for param in box.params)
    body = compile_box(box.body, room.knowing(dict(zip(names, types, strict=True)))) if box.body is not None else None
    return lambda scope: make_function(names, types, body, scope)


@_compile.register(m.ListBox)
def _(box: m.ListBox, room: Room) -> Run:
    items = tuple(compile_box(item, room) for item in box.items)
    if room.guarded:
        return lambda scope: full(tuple([item(scope) for item in items]))
    return lambda scope: tuple([item(scope) for item in items])


@_compile.register(m.RelationBox)
def _(box: m.RelationBox, room: Room) -> Run:
    names = tuple(column.name for column in box.columns)
    types = tuple(room.type_of(column.type_ref) for column in box.columns)
    rows = tuple(
        tuple(fitted(compile_box(cell, room), kind) for cell, kind in zip(row, types, strict=False)) for row in box.rows
    )
    return lambda scope: tuple([dict(zip(names, [cell(scope) for cell in row], strict=False)) for row in rows])


@_compile.register(m.ConditionalBox)
def _(box: m.ConditionalBox, room: Room) -> Run:
    condition, then, otherwise = (compile_box(one, room) for one in (box.condition, box.then, box.otherwise))

    def run(scope: Scope) -> Val:
        truth = condition(scope)
        if room.guarded:
            must(truth)
        if truth is not None and not isinstance(truth, bool):
            return None
        return then(scope) if truth is True else otherwise(scope)

    return run


@_compile.register(m.LoopBox)
def _(box: m.LoopBox, room: Room) -> Run:
    source, name = compile_box(box.source, room), box.iterator
    body = compile_box(box.body, room.seeing(name, "partial"))
    whole = box.kind == "for"

    def run(scope: Scope) -> Val:
        items = items_of(source(scope))
        if items is None:
            return None
        inner, results = dict(scope), list[Val]()
        for item in items:
            spend(scope, 1 + (len(results) >> 3))
            inner[name] = item
            if whole:
                inner["partial"] = tuple(results)
            results.append(body(inner))
        if whole:
            return full(tuple(results)) if room.guarded else tuple(results)
        if any(one is not None and not isinstance(one, bool) for one in results):
            return None
        truth = any_of(results) if box.kind == "some" else all_of(results)
        return None if isinstance(truth, Unknown) else truth

    return run


@_compile.register(m.FilterBox)
def _(box: m.FilterBox, room: Room) -> Run:
    source, match = compile_box(box.source, room), compile_box(box.match, room.seeing("item"))
    pick = picker(room.guarded)

    def run(scope: Scope) -> Val:
        items = source(scope)
        if items is None:
            return None
        return pick(items if isinstance(items, tuple) else (items,), match, scope)

    return run
