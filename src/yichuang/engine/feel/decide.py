"""The tree to closures as the DMN standard means it: what does not fit is null, and null is neither true nor false.

The same scanner, parser and tree as conditions; `build.py` is the other reading, which keeps a doubt a doubt. Decisions
may use null freely inside because their edge fails closed (`dmn.decide`).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal, DecimalException
from functools import singledispatch
from typing import Final, cast

from yichuang.engine.feel import nodes as n
from yichuang.engine.feel.arith import DECIMAL, minus
from yichuang.engine.feel.budget import BUDGET, MAX_ITEMS, NOW, Budget, charge, left_of, paid, spend, weight
from yichuang.engine.feel.doubt import (
    NO_MOMENT,
    TAKES_NULL,
    Doubt,
    asked,
    full,
    lacks,
    must,
    says_null,
)
from yichuang.engine.feel.doubt import Run as Run
from yichuang.engine.feel.doubt import Scope as Scope
from yichuang.engine.feel.explain import walk
from yichuang.engine.feel.kinds import Lambda, Range, Unknown, Val, all_of, any_of, settled
from yichuang.engine.feel.library import FUNCTIONS
from yichuang.engine.feel.library.signatures import Builtin
from yichuang.engine.feel.member import holds, order_full, whole_tester
from yichuang.engine.feel.order import decide_order
from yichuang.engine.feel.parts import part_of
from yichuang.engine.feel.picking import picker
from yichuang.engine.feel.sums import count_up, walk_range, work_out
from yichuang.engine.feel.types import (
    ANY,
    Basic,
    FunctionType,
    Type,
    World,
    fit,
    is_a,
)

INPUT: Final = "?"  # what a cell tests


PLAIN: Final = World()
GUARDED: Final = World(guarded=True)


def null(value: Val) -> Val:
    """A value, or null where it is not known."""
    return None if isinstance(value, Unknown) else value


@singledispatch
def decide(tree: n.Node, world: World) -> Run:
    """The closure of a tree; it may raise `OutOfSteps` and RecursionError."""
    raise NotImplementedError(type(tree).__name__)


@decide.register(n.Literal_)
def _(tree: n.Literal_, world: World) -> Run:
    value = tree.value
    return lambda scope: value


@decide.register(n.Name)
def _(tree: n.Name, world: World) -> Run:
    root, *path = tree.path
    builtin = FUNCTIONS.get(root)
    function = None if builtin is None else as_value(builtin)

    def run(scope: Scope) -> Val:
        value = null(settled(scope[root])) if root in scope else function
        for key in path:
            charge(scope, value)
            value = part_of(value, key)
        return value

    return run


@decide.register(n.Path)
def _(tree: n.Path, world: World) -> Run:
    base, path = decide(tree.base, world), tree.path

    def run(scope: Scope) -> Val:
        value = base(scope)
        for key in path:
            charge(scope, value)
            value = part_of(value, key)
        return value

    return run


def as_value(builtin: Builtin) -> Lambda:
    """A built-in function as a value."""
    params = builtin.shapes[0].params
    return Lambda(tuple(param.name for param in params), builtin.call)


@decide.register(n.ListOf)
def _(tree: n.ListOf, world: World) -> Run:
    items = tuple(decide(item, world) for item in tree.items)
    if world.guarded and not any(says_null(item) for item in tree.items):
        return lambda scope: full(tuple([item(scope) for item in items]))
    return lambda scope: tuple([item(scope) for item in items])


@decide.register(n.RangeOf)
def _(tree: n.RangeOf, world: World) -> Run:
    low, high = decide(tree.low, world), decide(tree.high, world)
    low_in, high_in, op = tree.low_in, tree.high_in, tree.op

    def run(scope: Scope) -> Val:
        least, most = low(scope), high(scope)
        if least is not None and most is not None and not op and decide_order("<=", least, most) is None:
            return None
        return Range(least, most, low_in, high_in, op)

    return run


@decide.register(n.Compare)
def _(tree: n.Compare, world: World) -> Run:
    op, left, right = tree.op, decide(tree.left, world), decide(tree.right, world)
    if world.guarded and not (says_null(tree.left) or says_null(tree.right)):
        return lambda scope: order_full(op, *paid(scope, left(scope), right(scope)))
    return lambda scope: decide_order(op, *paid(scope, left(scope), right(scope)))


def tester(op: str | None, test: Run, *, asks: bool) -> Callable[[Val, Scope], Val]:
    """One test of a value: a comparison, a range or list that holds it, or what it equals."""
    if op:
        return lambda value, scope: decide_order(op, *paid(scope, value, test(scope)))
    if asks:
        return lambda value, scope: test(scope)
    return lambda value, scope: holds(*paid(scope, value, test(scope)))


@decide.register(n.In)
def _(tree: n.In, world: World) -> Run:
    left = decide(tree.value, world)
    tests = tuple(
        whole_tester(op, decide(test, world))
        if world.guarded and not says_null(test)
        else tester(op, decide(test, world), asks=False)
        for op, test in tree.tests
    )

    def run(scope: Scope) -> Val:
        value = left(scope)
        return null(any_of([test(value, scope) for test in tests]))

    return run


@decide.register(n.UnaryTests)
def _(tree: n.UnaryTests, world: World) -> Run:
    if not tree.tests:
        return lambda scope: True
    tests = tuple(cell_test(op, test, world) for op, test in tree.tests)
    negated = tree.negated

    def run(scope: Scope) -> Val:
        value = settled(scope.get(INPUT))
        truth = any_of([test(value, scope) for test in tests])
        if isinstance(truth, Unknown):
            return None
        return not truth if negated else truth

    return run


def cell_test(op: str | None, tree: n.Tree, world: World) -> Callable[[Val, Scope], Val]:
    """One test of a cell. A text that comes to nothing is no value to be equal to: its test cannot be judged."""
    run = decide(tree, world)
    asks = uses_input(tree)
    if world.guarded and (op or not asks) and not says_null(tree):
        return whole_tester(op, run)
    test = tester(op, run, asks=asks)
    if op or isinstance(tree, n.Literal_):
        return test
    return lambda value, scope: None if run(scope) is None else test(value, scope)


def uses_input(tree: n.Tree) -> bool:
    """Whether a test asks about `?` itself."""
    return any(isinstance(node, n.Name) and node.path[0] == INPUT for node in walk(tree))


@decide.register(n.And)
def _(tree: n.And, world: World) -> Run:
    parts = tuple(decide(part, world) for part in tree.parts)
    return lambda scope: null(all_of(part(scope) for part in parts))


@decide.register(n.Or)
def _(tree: n.Or, world: World) -> Run:
    parts = tuple(decide(part, world) for part in tree.parts)
    return lambda scope: null(any_of(part(scope) for part in parts))


@decide.register(n.Arithmetic)
def _(tree: n.Arithmetic, world: World) -> Run:
    first = decide(tree.first, world)
    rest = tuple((op, decide(operand, world)) for op, operand in tree.rest)

    def run(scope: Scope) -> Val:
        value = first(scope)
        for op, operand in rest:
            value = work_out(op, value, operand(scope))
            if isinstance(value, str):
                spend(scope, len(value) >> 6)
        return value

    return run


@decide.register(n.Power)
def _(tree: n.Power, world: World) -> Run:
    base, exponent = decide(tree.base, world), decide(tree.exponent, world)

    def run(scope: Scope) -> Val:
        left, right = base(scope), exponent(scope)
        if not isinstance(left, Decimal) or not isinstance(right, Decimal):
            return None
        try:
            power = DECIMAL.power(left, right)
        except DecimalException:
            return None
        return power if power.is_finite() else None  # 0 ** -1 is no signal to Python, and larger than any limit

    return run


@decide.register(n.Negate)
def _(tree: n.Negate, world: World) -> Run:
    part = decide(tree.part, world)
    return lambda scope: null(minus(part(scope)))


@decide.register(n.If)
def _(tree: n.If, world: World) -> Run:
    condition, then, otherwise = (decide(part, world) for part in (tree.condition, tree.then, tree.otherwise))
    if world.guarded:
        return lambda scope: then(scope) if must(condition(scope)) else otherwise(scope)
    return lambda scope: then(scope) if condition(scope) is True else otherwise(scope)


@decide.register(n.InstanceOf)
def _(tree: n.InstanceOf, world: World) -> Run:
    value, kind = decide(tree.value, world), world.type_of(tree.kind)
    if kind is None:
        return lambda scope: None
    if world.guarded and kind != Basic("null"):
        return lambda scope: None if (seen := value(scope)) is None else is_a(seen, kind)
    return lambda scope: is_a(value(scope), kind)


@decide.register(n.ContextOf)
def _(tree: n.ContextOf, world: World) -> Run:
    entries = tuple((name, decide(value, world)) for name, value in tree.entries)

    def run(scope: Scope) -> Val:
        made: dict[str, object] = {}
        inner = dict(scope)
        for name, value in entries:
            made[name] = inner[name] = value(inner)
        return made

    return run


# -- loops and filters


def items_of(value: Val) -> Iterable[Val] | None:
    """What a loop walks: a list, a range of whole numbers or days, or a single value."""
    if isinstance(value, tuple):
        return value
    if isinstance(value, Range):
        return walk_range(value)
    return None if value is None else (value,)


@decide.register(n.Steps)
def _(tree: n.Steps, world: World) -> Run:
    low, high = decide(tree.low, world), decide(tree.high, world)

    def run(scope: Scope) -> Val:
        steps = count_up(low(scope), high(scope))
        return None if steps is None else tuple(steps)

    return run


def rounds(sources: tuple[tuple[str, Run], ...], scope: dict[str, object]) -> Iterator[bool]:
    """Set the names of a loop in `scope`, one round after the other; False when a source is no list."""
    (name, source), rest = sources[0], sources[1:]
    items = items_of(source(scope))
    if items is None:
        yield False
        return
    for item in items:
        spend(scope, 1)
        scope[name] = item
        if rest:
            yield from rounds(rest, scope)
        else:
            yield True


@decide.register(n.For)
def _(tree: n.For, world: World) -> Run:
    sources = tuple((name, decide(source, world)) for name, source in tree.sources)
    body = decide(tree.body, world)

    def run(scope: Scope) -> Val:
        inner = dict(scope)
        results: list[Val] = []
        needs_partial = uses_partial
        for good in rounds(sources, inner):
            if not good:
                return None
            if needs_partial:
                spend(scope, len(results) >> 3)
                inner["partial"] = tuple(results)
            results.append(body(inner))
        return full(tuple(results)) if world.guarded else tuple(results)

    uses_partial = mentions(tree.body, "partial")
    return run


def mentions(tree: n.Tree, name: str) -> bool:
    """Whether a name stands anywhere in a tree."""
    return any(isinstance(node, n.Name) and node.path[0] == name for node in walk(tree))


@decide.register(n.Quantified)
def _(tree: n.Quantified, world: World) -> Run:
    sources = tuple((name, decide(source, world)) for name, source in tree.sources)
    body, judge = decide(tree.body, world), any_of if tree.some else all_of

    def run(scope: Scope) -> Val:
        inner = dict(scope)
        truths: list[object] = []
        for good in rounds(sources, inner):
            if not good:
                return None
            truths.append(body(inner))
        return null(judge(truths))

    return run


@decide.register(n.Filter)
def _(tree: n.Filter, world: World) -> Run:
    base, test, pick = decide(tree.base, world), decide(tree.test, world), picker(world.guarded)

    def run(scope: Scope) -> Val:
        items = base(scope)
        if items is None:
            return None
        return pick(items if isinstance(items, tuple) else (items,), test, scope)

    return run


# -- functions


@decide.register(n.FunctionOf)
def _(tree: n.FunctionOf, world: World) -> Run:
    names = tuple(name for name, _ in tree.params)
    types = tuple(world.type_of(kind) for _, kind in tree.params)
    body = None if tree.body is None else decide(tree.body, world)
    return lambda scope: make_function(names, tuple(kind or ANY for kind in types), body, scope)


def make_function(
    names: tuple[str, ...], types: tuple[Type, ...], body: Run | None, scope: Scope, result: Type = ANY, own: str = ""
) -> Lambda:
    """A function over what its text saw where it stands; it sees itself under its `own` name. An argument that does not fit
    its type makes it null."""
    outer = dict(scope)

    def call(args: tuple[Val, ...]) -> Val:
        spend(outer, 3)
        if body is None or len(args) != len(names):
            return None
        inner = dict(outer)
        for name, kind, arg in zip(names, types, args, strict=True):
            if kind is not ANY:
                charge(outer, arg)
            fitted = fit(arg, kind)
            if isinstance(fitted, Unknown):
                return None
            inner[name] = fitted
        return null(fit(body(inner), result))

    function = Lambda(names, call, FunctionType(types, result))
    if own:
        outer[own] = function
    return function


@decide.register(n.Invoke)
def _(tree: n.Invoke, world: World) -> Run:
    args = tuple(decide(arg, world) for arg in tree.args)
    name = tree.function.path[0] if isinstance(tree.function, n.Name) and len(tree.function.path) == 1 else ""
    if name in {"now", "today"} and not args:
        return lambda scope: _clock(name, scope, world.guarded)
    strict = world.guarded and name not in TAKES_NULL
    written = tuple(says_null(arg) for arg in tree.args)
    function, builtin, names = decide(tree.function, world), FUNCTIONS.get(name), tree.names

    def run(scope: Scope) -> Val:
        values = tuple([arg(scope) for arg in args])
        if builtin is not None and name not in scope:
            if strict and lacks(paid(scope, *values), written):
                return None
            return call_builtin(builtin, names, asked(values) if strict else values, scope)
        return call_value(function(scope), names, values)

    return run


def _clock(name: str, scope: Scope, guarded: bool) -> Val:
    now = scope.get(NOW)
    if not isinstance(now, datetime):
        if guarded:
            raise Doubt(NO_MOMENT)
        return None
    return now if name == "now" else now.date()


def call_builtin(builtin: Builtin, names: tuple[str, ...] | None, values: tuple[Val, ...], scope: Scope) -> Val:
    """A function of the library, its work charged before it is done."""
    size = sum(len(value) for value in values if isinstance(value, tuple | str))
    heavy = sum(weight(value, left_of(scope)) for value in values)
    spend(scope, 1 + (size * heavy >> 4 if builtin.cost > 1 else heavy >> 3))
    value = null(builtin.call(values) if names is None else builtin.named(dict(zip(names, values, strict=True))))
    if isinstance(value, tuple) and len(value) > MAX_ITEMS:
        return None
    return value


def call_value(function: Val, names: tuple[str, ...] | None, values: tuple[Val, ...]) -> Val:
    """A function that is a value; null when it is none, or the names are not its own."""
    if not isinstance(function, Lambda):
        return None
    if names is None:
        return function.call(values)
    named = dict(zip(names, values, strict=True))
    if set(named) != set(function.params) or len(named) != len(names):
        return None
    return function.call(tuple(named[param] for param in function.params))


def run_with(run: Run, scope: Mapping[str, object], *, at: datetime | None, budget: Budget) -> Val:
    """Evaluate with a budget. Raises `OutOfSteps`, RecursionError."""
    return run(cast(Scope, {**scope, BUDGET: budget, NOW: at}))
