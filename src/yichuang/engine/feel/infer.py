"""What a text of a decision names, and of which type it will be: the publishing check's view, without any values."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import singledispatchmethod
from typing import Final

from yichuang.core.words import Words
from yichuang.engine.feel import nodes as n
from yichuang.engine.feel.explain import children
from yichuang.engine.feel.kinds import kind_of
from yichuang.engine.feel.library import FUNCTIONS
from yichuang.engine.feel.types import ANY, Basic, ContextType, FunctionType, Limited, ListType, Type, World

Kinds = Mapping[str, Type]
BOOLEAN: Final = Basic("boolean")
NUMBER: Final = Basic("number")
STRING: Final = Basic("string")
_RESULTS: Final[dict[str, Type]] = {
    **dict.fromkeys(("count", "string length", "abs", "floor", "ceiling", "decimal", "modulo", "sqrt"), NUMBER),
    **dict.fromkeys(("day of year", "week of year", "number", "mean", "product", "median", "stddev"), NUMBER),
    **dict.fromkeys(("upper case", "lower case", "substring", "string", "string join", "replace"), STRING),
    **dict.fromkeys(("day of week", "month of year", "substring before", "substring after"), STRING),
    **dict.fromkeys(("contains", "starts with", "ends with", "matches", "list contains", "even", "odd"), BOOLEAN),
    **dict.fromkeys(("all", "any", "not", "is"), BOOLEAN),
    **dict.fromkeys(("date", "today"), Basic("date")),
    **dict.fromkeys(("date and time", "now"), Basic("moment")),
    "time": Basic("time"),
    "years and months duration": Basic("months"),
}
_NAMES: Final = {
    "number": Words("数字", "a number"),
    "string": Words("文字", "a text"),
    "boolean": Words("是否", "a truth value"),
    "date": Words("日期", "a date"),
    "moment": Words("日期时间", "a date and time"),
    "time": Words("时间", "a time"),
    "days": Words("天时分秒的时长", "a duration of days and time"),
    "months": Words("年月的时长", "a duration of years and months"),
}


@dataclass(frozen=True, slots=True)
class Remark:
    """What is wrong at a place of a text; `column` counts characters from 1."""

    column: int
    words: Words


def base_of(kind: Type) -> Type:
    """The type without its limits."""
    while isinstance(kind, Limited):
        kind = kind.base
    return kind


def called(kind: str) -> Words:
    """A kind in words."""
    return _NAMES.get(kind, Words(kind, kind))


@dataclass
class Reader:
    """Walks a tree with the types of the names in sight, and collects what is wrong."""

    world: World
    remarks: list[Remark] = field(default_factory=list)

    def say(self, tree: n.Tree, zh: str, en: str) -> None:
        self.remarks.append(Remark(tree.start + 1, Words(zh, en)))

    def of(self, tree: n.Tree, kinds: Kinds) -> Type:
        """The type of a tree; Any where it cannot be told."""
        return base_of(self._of(tree, kinds))

    @singledispatchmethod
    def _of(self, tree: n.Node, kinds: Kinds) -> Type:
        for child in children(tree):
            self.of(child, kinds)
        if isinstance(tree, n.And | n.Or | n.Not | n.InstanceOf):
            return BOOLEAN
        return ANY

    @_of.register(n.Literal_)
    def _(self, tree: n.Literal_, kinds: Kinds) -> Type:
        return ANY if tree.value is None else Basic(kind_of(tree.value))

    @_of.register(n.Name)
    def _(self, tree: n.Name, kinds: Kinds) -> Type:
        root, *path = tree.path
        if root not in kinds:
            if root not in FUNCTIONS:
                self._unseen(tree, root, kinds)
            return ANY
        return self._along(tree, root, kinds[root], path)

    def _unseen(self, tree: n.Tree, name: str, kinds: Kinds) -> None:
        near = difflib.get_close_matches(name, sorted(kinds), n=1)
        hint_zh, hint_en = (f"，是不是“{near[0]}”？", f"; did you mean “{near[0]}”?") if near else ("", "")
        self.say(tree, f"没有“{name}”这个名称{hint_zh}", f"There is no “{name}”{hint_en}")

    def _along(self, tree: n.Tree, whole: str, kind: Type, path: list[str]) -> Type:
        several = False  # a path through a list gives the list of what its items have there
        for key in path:
            kind = base_of(kind)
            if isinstance(kind, ListType):
                kind, several = base_of(kind.item), True
            whole = f"{whole}.{key}"
            if not isinstance(kind, ContextType):
                return ANY
            found = dict(kind.fields).get(key)
            if found is None:
                self.say(tree, f"没有“{whole}”这一项", f"There is no “{whole}”")
                return ANY
            kind = found
        return ListType(kind) if several else kind

    @_of.register(n.Compare)
    def _(self, tree: n.Compare, kinds: Kinds) -> Type:
        self.agree(tree, self.of(tree.left, kinds), self.of(tree.right, kinds))
        return BOOLEAN

    def agree(self, tree: n.Tree, left: Type, right: Type) -> None:
        """Two types that are compared have to be one."""
        if isinstance(left, Basic) and isinstance(right, Basic) and left != right:
            one, other = called(left.kind), called(right.kind)
            self.say(tree, f"{one.zh}不能和{other.zh}比较", f"{one.en} cannot be compared with {other.en}")

    @_of.register(n.In)
    def _(self, tree: n.In, kinds: Kinds) -> Type:
        kind = self.of(tree.value, kinds)
        for op, test in tree.tests:
            self.test(op, test, kind, kinds)
        return BOOLEAN

    def test(self, op: str | None, tree: n.Tree, kind: Type, kinds: Kinds) -> None:
        """One test of a value of a type."""
        if op is None and isinstance(tree, n.RangeOf):
            for end in (tree.low, tree.high):
                self.agree(end, kind, self.of(end, kinds))
        elif op is None and isinstance(tree, n.ListOf):
            for item in tree.items:
                self.test(None, item, kind, kinds)
        else:
            found = self.of(tree, kinds)
            if op is None and found == BOOLEAN and not isinstance(tree, n.Literal_):
                return  # a condition of its own
            self.agree(tree, kind, found)

    @_of.register(n.Arithmetic)
    def _(self, tree: n.Arithmetic, kinds: Kinds) -> Type:
        whole = self.of(tree.first, kinds)
        for op, operand in tree.rest:
            other = self.of(operand, kinds)
            if {whole, other} == {NUMBER, STRING} or (op in "-*/" and STRING in {whole, other}):
                self.say(operand, "文字和数字不能一起计算", "Texts and numbers cannot be worked out together")
            whole = whole if whole == other and whole in {NUMBER, STRING} else ANY
        return whole

    @_of.register(n.Negate)
    def _(self, tree: n.Negate, kinds: Kinds) -> Type:
        return self.of(tree.part, kinds)

    @_of.register(n.If)
    def _(self, tree: n.If, kinds: Kinds) -> Type:
        self.of(tree.condition, kinds)
        one, other = self.of(tree.then, kinds), self.of(tree.otherwise, kinds)
        return one if one == other else ANY

    @_of.register(n.Quantified)
    def _(self, tree: n.Quantified, kinds: Kinds) -> Type:
        self.of(tree.body, self._through(tree.sources, kinds))
        return BOOLEAN

    @_of.register(n.For)
    def _(self, tree: n.For, kinds: Kinds) -> Type:
        return ListType(self.of(tree.body, {**self._through(tree.sources, kinds), "partial": ANY}))

    def _through(self, sources: tuple[tuple[str, n.Tree], ...], kinds: Kinds) -> Kinds:
        for name, source in sources:
            found = self.of(source, kinds)
            kinds = {**kinds, name: found.item if isinstance(found, ListType) else ANY}
        return kinds

    @_of.register(n.Filter)
    def _(self, tree: n.Filter, kinds: Kinds) -> Type:
        found = self.of(tree.base, kinds)
        item = base_of(found.item) if isinstance(found, ListType) else ANY
        inner: dict[str, Type] = {**kinds, "item": item}
        if isinstance(item, ContextType):
            inner.update(item.fields)
            self.of(tree.test, inner)
        elif isinstance(item, Basic):
            self.of(tree.test, inner)
        by_place = isinstance(tree.test, n.Literal_) and isinstance(tree.test.value, Decimal)
        return item if by_place else found

    @_of.register(n.ContextOf)
    def _(self, tree: n.ContextOf, kinds: Kinds) -> Type:
        fields: list[tuple[str, Type]] = []
        for name, value in tree.entries:
            kind = self.of(value, kinds)
            fields.append((name, kind))
            kinds = {**kinds, name: kind}
        return ContextType(tuple(fields))

    @_of.register(n.FunctionOf)
    def _(self, tree: n.FunctionOf, kinds: Kinds) -> Type:
        types = tuple(self.world.type_of(kind) or ANY for _, kind in tree.params)
        names = [name for name, _ in tree.params]
        result = ANY if tree.body is None else self.of(tree.body, {**kinds, **dict(zip(names, types, strict=True))})
        return FunctionType(types, result)

    @_of.register(n.Invoke)
    def _(self, tree: n.Invoke, kinds: Kinds) -> Type:
        for arg in tree.args:
            self.of(arg, kinds)
        name = tree.function.path[0] if isinstance(tree.function, n.Name) and len(tree.function.path) == 1 else ""
        if name in FUNCTIONS and name not in kinds:
            return _RESULTS.get(name, ANY)
        if name in {"now", "today"}:
            return _RESULTS[name]
        kind = self.of(tree.function, kinds)
        if isinstance(kind, FunctionType):
            return kind.result
        if isinstance(kind, Basic) and kind.kind != "function":
            self.say(tree, f"“{name}”不是函数", f"“{name}” is not a function")
        return ANY

    @_of.register(n.UnaryTests)
    def _(self, tree: n.UnaryTests, kinds: Kinds) -> Type:
        kind = base_of(kinds.get("?", ANY))
        for op, test in tree.tests:
            self.test(op, test, kind, kinds)
        return BOOLEAN


def remarks_on(tree: n.Tree, kinds: Kinds, world: World) -> tuple[Type, list[Remark]]:
    """The type of a tree, and what is wrong in it."""
    reader = Reader(world)
    return reader.of(tree, kinds), reader.remarks
