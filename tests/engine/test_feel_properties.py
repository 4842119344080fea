"""Conditions against a naive reference written the other way round: values first, unknown as a text."""

import operator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from yichuang.engine.values import ExpressionError, compile_expression

UNKNOWN = "?"
OPS = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
numbers = st.integers(-20, 20).map(lambda n: ("number", n))
strings = st.sampled_from(["甲", "乙", "a"]).map(lambda s: ("string", s))
booleans = st.booleans().map(lambda b: ("boolean", b))
names = st.sampled_from(["数", "文", "真", "空", "缺"]).map(lambda s: ("name", s))
leaves = st.one_of(numbers, strings, booleans, names, st.just(("null", None)))


def branch(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(
        st.tuples(st.just("compare"), st.sampled_from(sorted(OPS)), inner, inner),
        st.tuples(st.just("and"), inner, inner),
        st.tuples(st.just("or"), inner, inner),
        st.tuples(st.just("not"), inner),
        st.tuples(st.just("between"), inner, inner, inner),
        st.tuples(st.just("in"), inner, inner, inner),
        st.tuples(st.just("if"), inner, inner, inner),
        st.tuples(st.just("math"), st.sampled_from("+-*"), inner, inner),
    )


trees = st.recursive(leaves, branch, max_leaves=12)


def write(tree: Any) -> str:  # noqa: C901  (one line per node)
    match tree:
        case ("number" | "name", value):
            return f"({value})"
        case ("string", value):
            return f'"{value}"'
        case ("boolean", value):
            return str(value).lower()
        case ("null", _):
            return "null"
        case ("compare" | "math", op, left, right):
            return f"({write(left)} {op} {write(right)})"
        case ("and" | "or" as word, left, right):
            return f"({write(left)} {word} {write(right)})"
        case ("not", part):
            return f"not({write(part)})"
        case ("between", part, low, high):
            return f"({write(part)} between {write(low)} and {write(high)})"
        case ("in", part, one, two):
            return f"({write(part)} in ({write(one)}, [{write(two)}]))"
        case ("if", one, two, three):
            return f"(if {write(one)} then {write(two)} else {write(three)})"
    raise AssertionError(tree)


def naive_compare(op: str, a: Any, b: Any) -> Any:
    if UNKNOWN in (a, b):
        return UNKNOWN
    if op in {"=", "!="} and (a is None or b is None):
        return OPS[op](a, b)
    if type(a) is not type(b) or a is None or (op not in {"=", "!="} and isinstance(a, bool)):
        return UNKNOWN
    return OPS[op](a, b)


def naive_and(*parts: Any) -> Any:
    truths = [part if isinstance(part, bool) else UNKNOWN for part in parts]
    return False if False in truths else UNKNOWN if UNKNOWN in truths else True


def naive_not(part: Any) -> Any:
    return (not part) if isinstance(part, bool) else UNKNOWN


def naive(tree: Any, values: dict[str, Any]) -> Any:  # noqa: C901  (one line per node)
    match tree:
        case ("number" | "string" | "boolean" | "null", value):
            return value
        case ("name", value):
            return values.get(value, UNKNOWN)
    head, *rest = tree
    ops = [part if isinstance(part, str) else naive(part, values) for part in rest]
    match head, *ops:
        case "compare", op, a, b:
            return naive_compare(op, a, b)
        case "math", op, a, b:
            if type(a) is int and type(b) is int:
                return {"+": a + b, "-": a - b, "*": a * b}[op]
            return a + b if op == "+" and type(a) is type(b) is str and UNKNOWN not in (a, b) else UNKNOWN
        case "and", a, b:
            return naive_and(a, b)
        case "or", a, b:
            return naive_not(naive_and(naive_not(a), naive_not(b)))
        case "not", a:
            return naive_not(a)
        case "between", a, low, high:
            if UNKNOWN in (low, high):
                return UNKNOWN
            return naive_and(naive_compare(">=", a, low), naive_compare("<=", a, high))
        case "in", a, one, two:
            hits = [naive_not(naive_compare("=", a, one)), naive_not(naive_compare("=", a, two))]
            return naive_not(naive_and(*hits))
        case "if", a, b, c:
            return UNKNOWN if not isinstance(a, bool) else b if a else c
    raise AssertionError(tree)


@settings(max_examples=400, deadline=None)
@given(trees)
def test_the_reference_agrees(tree: Any) -> None:
    values = {"数": 7, "文": "甲", "真": True, "空": None}
    expected = naive(tree, values)
    expression = compile_expression(write(tree))
    assert expression.evaluate(values) == (None if expected == UNKNOWN else expected)
    verdict = expression.holds(values)
    assert verdict.holds == (expected if isinstance(expected, bool) else None)
    assert verdict.because


@settings(max_examples=300, deadline=None)
@given(trees, st.sampled_from(["数", "文", "真", "空"]))
def test_taking_a_name_away_never_turns_no_into_yes(tree: Any, gone: str) -> None:
    """Failing closed, in the sense that matters: less knowledge may lose an answer, and never reverses one."""
    values = {"数": 7, "文": "甲", "真": True, "空": None}
    expression = compile_expression(write(tree))
    before = expression.holds(values).holds
    after = expression.holds({name: value for name, value in values.items() if name != gone}).holds
    assert after in (before, None)


junk = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.decimals(),
        st.text(max_size=5),
        st.dates(),
        st.datetimes(),
        st.timedeltas(),
        st.uuids(),
        st.binary(max_size=3),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from("ab"), inner, max_size=2)),
    max_leaves=6,
)
PROBES = [
    "a < b",
    "a = b",
    "a + b = b",
    "a - b = b",
    "a * b < a",
    "a / b > b",
    "-a",
    "a in b",
    "a in [b..a]",
    "a between b and a",
    "sum(a)",
    "min(a)",
    "max([a, b])",
    "mean([a, b])",
    "count(a)",
    "date(a)",
    "date(a, b, a)",
    "duration(a) * b",
    "date and time(a)",
    "number(a)",
    "string(a)",
    "substring(a, b)",
    "substring(string(a), b, b)",
    "floor(a)",
    "abs(a) + ceiling(b)",
    "contains(a, b)",
    "list contains(a, b)",
    "a.b.year",
    "a.days + a.months",
    "years and months duration(a, b).years",
    "some x in a satisfies x = b",
    "every x in a, y in x satisfies y",
    "if a then b else a",
    "all(a)",
    "any(a)",
    "is defined(a.b)",
    "upper case(a)",
    "a.hour",
]
COMPILED = [compile_expression(text) for text in PROBES]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(COMPILED), junk, junk)
def test_no_value_makes_a_condition_raise(expression: Any, a: object, b: object) -> None:
    expression.evaluate({"a": a, "b": b})
    assert expression.holds({"a": a, "b": b}).because


@settings(max_examples=400, deadline=None)
@given(
    st.one_of(
        st.text(max_size=60),
        st.lists(
            st.sampled_from(
                [
                    *"()[]<>=.,+-*/",
                    "..",
                    "a",
                    "1",
                    "and",
                    "or",
                    "in",
                    "not",
                    "if",
                    "then",
                    "else",
                    "some",
                    "satisfies",
                    "between",
                    '"s"',
                    "count(",
                    "@",
                ]
            ),
            max_size=25,
        ).map(" ".join),
    )
)
def test_any_text_compiles_or_is_refused_with_a_column_inside_it(text: str) -> None:
    column = 1
    try:
        compile_expression(text).holds({"a": 1})
    except ExpressionError as fault:
        column = fault.column
    assert 1 <= column <= len(text) + 1


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(-2000, 2000), st.integers(-600, 600))
def test_dates_and_durations(day: date, days: int, months: int) -> None:
    sign = "-" if days < 0 else ""
    shifted = compile_expression(f'd + duration("{sign}P{abs(days)}D")').evaluate({"d": day})
    assert shifted == day + timedelta(days=days)
    there = compile_expression("d + m").evaluate(
        {"d": day, "m": compile_expression(f'duration("{"-" if months < 0 else ""}P{abs(months)}M")').evaluate({})}
    )
    assert isinstance(there, date)
    assert (there.year * 12 + there.month) - (day.year * 12 + day.month) == months
    assert there.day == day.day or (there + timedelta(days=1)).day == 1


@given(st.decimals(-(10**9), 10**9, places=2), st.decimals(-(10**9), 10**9, places=2))
def test_money_is_exact(a: Decimal, b: Decimal) -> None:
    assert compile_expression("a + b").evaluate({"a": a, "b": b}) == a + b
    assert compile_expression("a * b").evaluate({"a": a, "b": b}) == a * b
