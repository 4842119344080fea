"""The tree to closures: one Python function per node, made once, called as often as wanted."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import singledispatch
from itertools import repeat
from operator import call
from typing import Any, Final, TypeAlias

from yichuang.engine.feel import nodes as n
from yichuang.engine.feel.arith import calculate, minus
from yichuang.engine.feel.budget import STEPS, Budget, OutOfSteps, one_budget
from yichuang.engine.feel.builtins import FUNCTIONS
from yichuang.engine.feel.kinds import (
    KINDS,
    Months,
    Range,
    Unknown,
    Val,
    all_of,
    any_of,
    compare,
    matches,
    negate,
    normalise,
)

Run: TypeAlias = Callable[[Mapping[str, object]], Val]
MAX_ROUNDS: Final = 10_000  # of one `some` or `every`; beyond it the answer is Unknown


@singledispatch
def build(tree: n.Node) -> Run:
    """The closure of a tree."""
    raise NotImplementedError(type(tree).__name__)


@build.register(n.Literal_)
def _(tree: n.Literal_) -> Run:
    value = tree.value
    return lambda scope: value


@build.register(n.Name)
def _(tree: n.Name) -> Run:
    root, *rest = tree.path
    path, whole = tuple(rest), ".".join(tree.path)
    steps, unknown = tuple(enumerate(path)), Unknown("missing", whole)

    def run(scope: Mapping[str, object]) -> Val:
        if root not in scope:
            return Unknown("missing", root)
        value: Any = scope[root]
        for place, key in steps:  # contexts in contexts, as nearly always; `step_in` knows the rest
            if type(value) is not dict:
                return step_in(normalise(value), path[place:], whole)
            if key not in value:
                return unknown
            value = value[key]
        return normalise(value)

    return run


@build.register(n.Path)
def _(tree: n.Path) -> Run:
    base, path = build(tree.base), tree.path
    return lambda scope: step_in(base(scope), path, ".".join(path))


def step_in(value: Val, path: tuple[str, ...], whole: str) -> Val:
    """Follow a path: into a context, into each item of a list (DMN 1.5, 10.3.2.5), or to a part of a date."""
    for index, key in enumerate(path):
        if isinstance(value, Unknown):
            return value
        if isinstance(value, tuple):
            return known(tuple(step_in(item, path[index:], whole) for item in value))
        value = _member(value, key, whole)
    return value


def _member(value: Val, key: str, whole: str) -> Val:
    if isinstance(value, dict | Mapping):  # a dict first: asking whether something is a Mapping is slow
        return normalise(value[key]) if key in value else Unknown("missing", whole)
    if isinstance(value, date):
        return _date_part(value, key)
    if isinstance(value, timedelta) and key in {"days", "hours"}:
        seconds = abs(value) // timedelta(seconds=1)
        whole_part = seconds // 86400 if key == "days" else seconds % 86400 // 3600
        return Decimal(whole_part if value >= timedelta() else -whole_part)
    if isinstance(value, Months) and key in {"years", "months"}:
        return Decimal(value.years if key == "years" else value.months - value.years * 12)
    return Unknown("missing", whole) if value is None else KINDS


def _date_part(value: date, key: str) -> Val:
    if key in {"year", "month", "day"}:
        return Decimal(int(getattr(value, key)))
    if key == "weekday":  # Monday is 1 (ISO 8601)
        return Decimal(value.isoweekday())
    if key in {"hour", "minute", "second"} and isinstance(value, datetime):
        return Decimal(int(getattr(value, key)))
    return KINDS


def known(items: tuple[Val, ...]) -> tuple[Val, ...] | Unknown:
    """The items, unless one of them is unknown: then the whole is."""
    for item in items:
        if isinstance(item, Unknown):
            return item
    return items


@build.register(n.ListOf)
def _(tree: n.ListOf) -> Run:
    items = tuple(build(item) for item in tree.items)
    return lambda scope: known(tuple(item(scope) for item in items))


@build.register(n.RangeOf)
def _(tree: n.RangeOf) -> Run:
    low, high, low_in, high_in = build(tree.low), build(tree.high), tree.low_in, tree.high_in

    def run(scope: Mapping[str, object]) -> Val:
        least, most = low(scope), high(scope)
        if isinstance(least, Unknown):
            return least
        return most if isinstance(most, Unknown) else Range(least, most, low_in, high_in)

    return run


@build.register(n.Compare)
def _(tree: n.Compare) -> Run:
    op, left, right = tree.op, build(tree.left), build(tree.right)
    return lambda scope: compare(op, left(scope), right(scope))


@build.register(n.In)
def _(tree: n.In) -> Run:
    left = build(tree.value)
    tests = tuple((op, build(test)) for op, test in tree.tests)

    def run(scope: Mapping[str, object]) -> Val:
        value = left(scope)
        return any_of(compare(op, value, test(scope)) if op else matches(value, test(scope)) for op, test in tests)

    return run


@build.register(n.And)
def _(tree: n.And) -> Run:
    parts = tuple(build(part) for part in tree.parts)
    return lambda scope: all_of(map(call, parts, repeat(scope)))


@build.register(n.Or)
def _(tree: n.Or) -> Run:
    parts = tuple(build(part) for part in tree.parts)
    return lambda scope: any_of(map(call, parts, repeat(scope)))


@build.register(n.Not)
def _(tree: n.Not) -> Run:
    part = build(tree.part)
    return lambda scope: negate(part(scope))


@build.register(n.Arithmetic)
def _(tree: n.Arithmetic) -> Run:
    first = build(tree.first)
    rest = tuple((op, build(operand)) for op, operand in tree.rest)

    def run(scope: Mapping[str, object]) -> Val:
        value = first(scope)
        for op, operand in rest:
            value = calculate(op, value, operand(scope))
        return value

    return run


@build.register(n.Negate)
def _(tree: n.Negate) -> Run:
    part = build(tree.part)
    return lambda scope: minus(part(scope))


@build.register(n.If)
def _(tree: n.If) -> Run:
    condition, then, otherwise = build(tree.condition), build(tree.then), build(tree.otherwise)

    def run(scope: Mapping[str, object]) -> Val:
        truth = condition(scope)
        if isinstance(truth, bool):
            return then(scope) if truth else otherwise(scope)
        return truth if isinstance(truth, Unknown) else KINDS  # DMN would take `else`; a doubt must not decide

    return run


@build.register(n.Call)
def _(tree: n.Call) -> Run:
    function, args = FUNCTIONS[tree.name].run, tuple(build(arg) for arg in tree.args)
    if tree.name == "is defined":
        return lambda scope: function(args[0](scope))
    if all(isinstance(arg, n.Literal_) for arg in tree.args):  # duration("P20Y") is the same each time
        always = function(*(arg({}) for arg in args))
        return lambda scope: always

    def run(scope: Mapping[str, object]) -> Val:
        values = tuple(arg(scope) for arg in args)
        for value in values:
            if isinstance(value, Unknown):
                return value
        return function(*values)

    return run


@build.register(n.Quantified)
def _(tree: n.Quantified) -> Run:
    sources = tuple((name, build(source)) for name, source in tree.sources)
    body, judge = build(tree.body), any_of if tree.some else all_of

    def rounds(scope: Mapping[str, object], budget: Budget) -> Val:
        scopes: list[dict[str, object]] = [dict(scope)]
        for name, source in sources:
            wider: list[dict[str, object]] = []
            for inner in scopes:
                items = source(inner)
                if not isinstance(items, tuple):
                    return items if isinstance(items, Unknown) else KINDS
                if len(wider) + len(items) > MAX_ROUNDS:
                    return KINDS
                budget.spend(len(items))
                wider.extend({**inner, name: item} for item in items)
            scopes = wider
        return judge(body(inner) for inner in scopes)

    def run(scope: Mapping[str, object]) -> Val:
        """One in another, in another, costs no more than `STEPS` rounds together: each alone may have MAX_ROUNDS."""
        with one_budget(STEPS) as budget:
            try:
                return rounds(scope, budget)
            except OutOfSteps:
                return KINDS

    return run
