"""Why a condition holds, fails or cannot be known: the parts that decided, and the values they saw."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from functools import singledispatch
from typing import TypeAlias

from yichuang.core.words import Words
from yichuang.engine.feel import nodes as n
from yichuang.engine.feel.build import Run, build
from yichuang.engine.feel.kinds import KINDS, Months, Range, Unknown, Val, all_of, any_of, negate


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a condition that decided. `seen` may hold personal data: show it only to who may see the case."""

    text: str
    column: int
    holds: bool | None
    seen: tuple[tuple[str, object], ...]
    missing: tuple[str, ...]
    words: Words


@dataclass(frozen=True, slots=True)
class Leaf:
    tree: n.Tree
    run: Run
    names: tuple[tuple[str, Run], ...]


@dataclass(frozen=True, slots=True)
class Junction:
    is_and: bool
    parts: "tuple[Part, ...]"


@dataclass(frozen=True, slots=True)
class Inverse:
    part: "Part"


Part: TypeAlias = Leaf | Junction | Inverse


def part_of(tree: n.Tree) -> Part:
    """The logical skeleton of a tree: and, or, not; everything else is one part."""
    match tree:
        case n.And(parts) | n.Or(parts):
            return Junction(isinstance(tree, n.And), tuple(part_of(part) for part in parts))
        case n.Not(part):
            return Inverse(part_of(part))
    names = {".".join(name.path): name for name in free_names(tree)}
    return Leaf(tree, build(tree), tuple((text, build(name)) for text, name in names.items()))


def judge(part: Part, text: str, scope: Mapping[str, object]) -> tuple[bool | Unknown, tuple[Clause, ...]]:
    """The truth of a part, and only those clauses that made it so."""
    if isinstance(part, Leaf):
        value = part.run(scope)
        truth = value if isinstance(value, bool | Unknown) else KINDS
        return truth, (_clause(part, truth, text, scope),)
    if isinstance(part, Inverse):
        truth, because = judge(part.part, text, scope)
        return negate(truth), because
    judged = [judge(inner, text, scope) for inner in part.parts]
    whole = (all_of if part.is_and else any_of)(truth for truth, _ in judged)
    return whole, tuple(clause for truth, because in judged if _same(truth, whole) for clause in because)


def _same(truth: bool | Unknown, whole: bool | Unknown) -> bool:
    return truth is whole if isinstance(whole, bool) else isinstance(truth, Unknown)


def _clause(leaf: Leaf, truth: bool | Unknown, text: str, scope: Mapping[str, object]) -> Clause:
    said = shorten(text[leaf.tree.start : leaf.tree.end])
    values = tuple((name, run(scope)) for name, run in leaf.names)
    seen = tuple((name, value) for name, value in values if not isinstance(value, Unknown))
    missing = tuple(name for name, value in values if isinstance(value, Unknown))
    return Clause(
        said,
        leaf.tree.start + 1,
        truth if isinstance(truth, bool) else None,
        seen,
        missing,
        _say(said, truth, seen, missing),
    )


def _say(said: str, truth: bool | Unknown, seen: tuple[tuple[str, Val], ...], missing: tuple[str, ...]) -> Words:
    facts_zh = "，".join(f"{name} 为 {show(value)}" for name, value in seen)
    facts_en = ", ".join(f"{name} is {show(value)}" for name, value in seen)
    if isinstance(truth, bool):
        zh, en = ("成立", "holds") if truth else ("不成立", "does not hold")
    elif missing:
        zh, en = f"无法判断：缺少 {'、'.join(missing)}", f"cannot be judged: {', '.join(missing)} missing"
    elif truth.why == "missing":
        zh, en = f"无法判断：缺少 {truth.name}", f"cannot be judged: {truth.name} missing"
    else:
        zh, en = "无法判断：数据类型不符或无法计算", "cannot be judged: the kinds of data do not fit"
    return Words(
        f"“{said}”{zh}" + (f"（{facts_zh}）" if facts_zh else ""),
        f"“{said}” {en}" + (f" ({facts_en})" if facts_en else ""),
    )


def show(value: Val, depth: int = 3) -> str:  # noqa: C901  (one line per kind of value)
    """A value as FEEL would write it, shortened; lists in lists only so deep."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case Decimal():
            return f"{value:f}"[:40]
        case str():
            return f'"{shorten(value, 60)}"'
        case date() | time():
            return value.isoformat()
        case timedelta():
            return f"P{value.days}D" if not value.seconds else f"P{value.days}DT{value.seconds}S"
        case Months():
            return f"P{value.months}M"
        case Range():
            opening, closing = "[" if value.low_in else "(", "]" if value.high_in else ")"
            return f"{opening}{show(value.low)}..{show(value.high)}{closing}"
        case tuple() if not depth:
            return "[…]"
        case tuple():
            return f"[{', '.join(show(item, depth - 1) for item in value[:5])}{', …' if len(value) > 5 else ''}]"
        case Unknown():
            return "?"
    return "{…}"


def shorten(text: str, most: int = 120) -> str:
    return text if len(text) <= most else f"{text[:most]}…"


@singledispatch
def children(tree: n.Node) -> tuple[n.Tree, ...]:
    """The parts of a node."""
    return ()


children.register(n.Path, lambda tree: (tree.base,))
children.register(n.ListOf, lambda tree: tree.items)
children.register(n.RangeOf, lambda tree: (tree.low, tree.high))
children.register(n.Compare, lambda tree: (tree.left, tree.right))
children.register(n.In, lambda tree: (tree.value, *(test for _, test in tree.tests)))
children.register(n.And, lambda tree: tree.parts)
children.register(n.Or, lambda tree: tree.parts)
children.register(n.Not, lambda tree: (tree.part,))
children.register(n.Arithmetic, lambda tree: (tree.first, *(operand for _, operand in tree.rest)))
children.register(n.Negate, lambda tree: (tree.part,))
children.register(n.If, lambda tree: (tree.condition, tree.then, tree.otherwise))
children.register(n.Call, lambda tree: tree.args)
children.register(n.Quantified, lambda tree: (*(source for _, source in tree.sources), tree.body))
children.register(n.Power, lambda tree: (tree.base, tree.exponent))
children.register(n.Filter, lambda tree: (tree.base, tree.test))
children.register(n.For, lambda tree: (*(source for _, source in tree.sources), tree.body))
children.register(n.Steps, lambda tree: (tree.low, tree.high))
children.register(n.ContextOf, lambda tree: tuple(value for _, value in tree.entries))
children.register(n.FunctionOf, lambda tree: () if tree.body is None else (tree.body,))
children.register(n.Invoke, lambda tree: (tree.function, *tree.args))
children.register(n.InstanceOf, lambda tree: (tree.value,))
children.register(n.UnaryTests, lambda tree: tuple(test for _, test in tree.tests))


def walk(tree: n.Tree) -> Iterator[n.Tree]:
    """A tree and all its parts."""
    yield tree
    for child in children(tree):
        yield from walk(child)


def free_names(tree: n.Tree, bound: frozenset[str] = frozenset()) -> Iterator[n.Name]:
    """The variables that the values must bring; those of `some` and `every` are brought along."""
    if isinstance(tree, n.Name):
        if tree.path[0] not in bound:
            yield tree
    elif isinstance(tree, n.Quantified):
        inner = bound
        for name, source in tree.sources:
            yield from free_names(source, inner)
            inner = inner | {name}
        yield from free_names(tree.body, inner)
    else:
        for child in children(tree):
            yield from free_names(child, bound)
