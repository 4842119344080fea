"""What conditions work out: functions and the kinds they take, nodes, values and how they compare, arithmetic."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from yichuang.engine.feel.arith import (
    add_months,
    calculate,
    minus,
    months_between,
    parse_date,
    parse_duration,
    parse_moment,
)
from yichuang.engine.feel.build import MAX_ROUNDS, step_in
from yichuang.engine.feel.builtins import FUNCTIONS
from yichuang.engine.feel.expression import compile_expression
from yichuang.engine.feel.kinds import (
    ARITHMETIC,
    KINDS,
    MAX_EXPONENT,
    Lambda,
    Months,
    Range,
    Unknown,
    all_of,
    any_of,
    compare,
    equal,
    inside,
    kind_of,
    less,
    matches,
    negate,
    normalise,
    settled,
)

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
LOCAL = datetime(2026, 11, 23, 12)  # noqa: DTZ001  (FEEL's local time)
DAY = date(2026, 11, 23)
UNKNOWN = Unknown("missing", "x")

# ── functions ─────────────────────────────────────────────────────────────────────────────────────────────────────
KIND_VALUES: dict[str, Any] = {
    "null": None, "truth": True, "number": Decimal(3), "text": "abc", "day": DAY, "moment": NOON, "span": timedelta(days=3), "months": Months(14),
    "list": (Decimal(1),), "context": {"a": 1}, "range": Range(Decimal(1), Decimal(2), True, True),
}  # fmt: skip
TAKES = {
    "date": {"day", "moment"},
    "date and time": {"moment"},
    "duration": {"span", "months"},
    "string": {"truth", "number", "text", "day", "moment"},
    "number": {"number"},
    "string length": {"text"}, "upper case": {"text"}, "lower case": {"text"},
    "abs": {"number"}, "floor": {"number"}, "ceiling": {"number"},
    "count": {"list"},
    "sum": {"number", "span", "months", "list"}, "mean": {"number", "span", "months", "list"},
    "min": {"number", "text", "day", "moment", "span", "months", "list"}, "max": {"number", "text", "day", "moment", "span", "months", "list"},
}  # fmt: skip


@pytest.mark.parametrize("name", TAKES)
def test_a_function_of_one_value_takes_its_kinds_and_no_others(name: str) -> None:
    """Whatever it does not take is not known: never null, never false (docs/adr/0005)."""
    run = FUNCTIONS[name].run
    taken = {kind for kind, value in KIND_VALUES.items() if not isinstance(run(value), Unknown)}
    assert taken == TAKES[name]


@pytest.mark.parametrize("name", ["all", "any"])
def test_all_and_any_take_lists_of_truths(name: str) -> None:
    run = FUNCTIONS[name].run
    assert [run(value) for value in KIND_VALUES.values() if not isinstance(value, tuple)] == [KINDS] * 10
    assert run((True,)) is True


@pytest.mark.parametrize("name", ["contains", "starts with", "ends with"])
def test_functions_of_two_texts_take_nothing_else(name: str) -> None:
    run = FUNCTIONS[name].run
    for kind, value in KIND_VALUES.items():
        assert isinstance(run(value, "a"), bool) == (kind == "text")
        assert isinstance(run("abc", value), bool) == (kind == "text")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("date(2026, 1, 31)", date(2026, 1, 31)), ("date(2026, 2, 31)", None), ("date(2026, 1)", None), ('date("2026-1-31")', None), ("date(m)", DAY), ("date(d)", DAY), ("date(1.5, 1, 1)", None),
        ("date(999, 1, 1)", date(999, 1, 1)),
        ('date and time("2026-01-31T09:00:00")', datetime(2026, 1, 31, 9)), ('date and time("2026-01-31T09:00")', datetime(2026, 1, 31, 9)), ('date and time("2026-01-31")', None), ("date and time(m)", NOON), ("date and time(d)", None),  # noqa: DTZ001  (local time)
        ('duration("P1Y2M")', Months(14)), ('duration("-P1Y2M")', Months(-14)), ('duration("P2D")', timedelta(2)), ('duration("PT1H2M3.5S")', timedelta(seconds=3723.5)), ('duration("-PT1M")', -timedelta(minutes=1)),
        ('duration("P")', None), ('duration("P1DT")', None), ('duration("PT")', None), ('duration("P1Y1D")', None), ('duration("P0D")', timedelta(0)), ('duration("P0M")', Months(0)), ('duration("P99999999D")', timedelta(99999999)), ('duration("P999999999D")', None),
        ('duration("P1M1D")', None), ('duration("P3M")', Months(3)), ('duration("P2Y")', Months(24)),
        ("years and months duration(d, m)", Months(0)), ("years and months duration(m, d)", Months(0)), ('years and months duration(date and time("2025-10-23T23:00:00"), m)', Months(13)), ("years and months duration(1, d)", None), ("years and months duration(d, 1)", None),
        ('years and months duration(date("2008-02-29"), date("2026-03-01"))', Months(216)), ('years and months duration(date("2008-02-29"), date("2026-02-28"))', Months(215)),
        ('years and months duration(date("2026-03-31"), date("2026-02-28"))', Months(-1)), ('years and months duration(date("2026-05-01"), date("2025-04-30"))', Months(-12)),
        ("string(true)", "true"), ("string(false)", "false"), ("string(1.50)", "1.50"), ("string(d)", "2026-11-23"), ('string("x")', "x"), ("string([1])", None), ("string(null)", None),
        ('number("12")', 12), ('number("-1.5")', Decimal("-1.5")), ('number("1.2.3")', None), ('number("")', None), ('number("-")', None), ('number("1e3")', None), ('number("１")', None), ('number("+1")', None),
        ('number("' + "1" * 40 + '")', int("1" * 40)), ('number("' + "1" * 41 + '")', None), ("number(5)", 5), ("number(true)", None), ('number(".5")', Decimal("0.5")), ('number(".")', None),
        ('substring("abcdef", 3)', "cdef"), ('substring("abcdef", 3, 2)', "cd"), ('substring("abcdef", -2)', "ef"), ('substring("abcdef", -2, 1)', "e"), ('substring("abc", 3)', "c"), ('substring("abc", 4)', ""),
        ('substring("abc", -9)', "abc"), ('substring("abc", 0)', None), ('substring("abc", 1.5)', None), ('substring("abc", 1, 0)', None), ('substring("abc", 1, 1)', "a"), ("substring(1, 1)", None),
        ('substring("abc", "1")', None), ('substring("abc", 1, "1")', None), ('substring("abc", 1, 99)', "abc"),
        ("floor(1.5)", 1), ("floor(-1.5)", -2), ("ceiling(1.5)", 2), ("ceiling(-1.5)", -1), ("abs(-1.5)", Decimal("1.5")), ("abs(1.5)", Decimal("1.5")),
        ("sum(1, 2, 3)", 6), ("sum([1, 2, 3])", 6), ("sum([])", None), ('sum([@"P1D", @"P2D"])', timedelta(3)), ('sum([1, "a"])', None), ("sum([1], 2)", None), ('sum([@"P1M", @"P1D"])', None),
        ("mean([1, 2, 6])", 3), ("mean(1, 2)", Decimal("1.5")), ("mean([])", None), ('mean([@"P1D", @"P3D"])', timedelta(2)),
        ("min(3, 1, 2)", 1), ("max(3, 1, 2)", 3), ("min([3, 1, 2])", 1), ("max([1, 3, 2])", 3), ("min([])", None), ("max([])", None), ('min(["b", "a"])', "a"), ('max(["b", "a"])', "b"), ('min([1, "a"])', None), ("max([1, null])", None),
        ("max([true])", None), ("min([5])", 5),
        ("count([])", 0), ("count([1, null])", 2), ("count(1)", None),
        ("list contains([1, 2], 2)", True), ("list contains([1, 2], 3)", False), ("list contains([], 3)", False), ("list contains(1, 1)", None), ('list contains([1, "a"], 3)', None), ("list contains([[1..5]], 3)", True),
        ("list contains([null], null)", True),
        ("all([true, true])", True), ("all([true, false])", False), ("all([])", True), ("all([true, 1])", None), ("all([false, 1])", False), ("any([false, true])", True), ("any([])", False), ("any([false, 1])", None), ("any([true, 1])", True),
        ("is defined(d)", True), ("is defined(nobody)", False), ("is defined(c.a)", True), ("is defined(c.b)", False), ("is defined(d.year)", True),
        ('upper case("aé")', "AÉ"), ('lower case("AÉ")', "aé"), ('string length("")', 0), ('string length("一𠮷")', 2),
    ],
)  # fmt: skip
def test_functions_of_conditions(text: str, value: Any) -> None:
    given = {"d": DAY, "m": NOON, "c": {"a": 1}}
    found = compile_expression(text).evaluate(given)
    assert found == value
    assert type(found) is not bool or type(value) is bool
    if value is None:
        assert compile_expression(f"({text}) = 1").holds(given).holds is None


def test_of_what_is_missing_no_function_says_anything() -> None:
    for name, function in FUNCTIONS.items():
        least, _ = function.arity
        args = ", ".join(["nobody"] * least)
        if name != "is defined":
            (clause,) = compile_expression(f"{name}({args}) = 1").holds({}).because
            assert (clause.holds, clause.missing) == (None, ("nobody",))


# ── nodes ─────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("if t then 1 else 2", 1), ("if f then 1 else 2", 2), ("if n then 1 else 2", None), ("if nobody then 1 else 2", None), ("if null then 1 else 2", None),
        ("[1, nobody]", None), ("[1, n]", (1, 5)), ("[nobody..2]", None), ("[1..nobody]", None), ("n in [1..5]", True), ("n in [1..5)", False), ("n in (5..9]", False), ("n in [5..9)", True), ("n in ]4..6[", True),
        ("n in (1, 5)", True), ("n in (1, 2)", False), ("n in (nobody, 5)", True), ("n in (nobody, 4)", None), ("n in (< 5, > 5)", False), ("n in (<= 5)", True), ("n in [1, 5]", True), ("n in [[1..2], [5..6]]", True),
        ("nobody in [1, 2]", None), ("nobody in (1)", None), ('n in ["a"]', None), ('n in ("a", 5)', True), ("n in []", False), ("nobody in []", None),
        ("n between 5 and 5", True), ("n between 6 and 9", False), ("n between 1 and 4", False), ("n between nobody and 4", None), ("n between 1 and nobody", None),
        ("d.year", 2026), ("d.month", 11), ("d.day", 23), ("d.weekday", 1), ("m.hour", 12), ("m.minute", 0), ("m.second", 0), ("d.hour", None), ("d.nothing", None), ("m.year", 2026),
        ("s.days", 3), ("s.hours", 4), ("neg.days", -3), ("neg.hours", -4), ("s.minutes", None), ("y.years", 1), ("y.months", 2), ("minusy.years", -1), ("minusy.months", -2), ("y.days", None),
        ("c.a.b", 7), ("c.a.x", None), ("c.x.b", None), ("c.n.x", None), ("n.x", None), ("l.v", (1, 2)), ("l.x", None), ("l.o.p", (3, 4)), ("c.l.v", (8,)), ("t.x", None), ('"abc".x', None), ("null.x", None),
        ("(c).a.b", 7), ("[c].a.b", (7,)), ("-n", -5), ("-s.days", -3), ("--n", 5), ('-"a"', None), ("-nobody", None), ("-true", None),
        ("not(t)", False), ("not(f)", True), ("not(n)", None), ("not(nobody)", None),
        ("n + 1 - 2 * 3 / 4", Decimal("4.5")), ("nobody + 1", None), ("1 + nobody", None), ('n + "a"', None), ("1 / 0", None), ("n - -1", 6),
        ("some x in [1, 2] satisfies x = 2", True), ("some x in [1, 2] satisfies x = 3", False), ("some x in [1, nobody] satisfies x = 2", None), ("some x in n satisfies true", None), ("some x in [] satisfies true", False),
        ("every x in [1, 2] satisfies x > 0", True), ("every x in [1, 2] satisfies x > 1", False), ("every x in [] satisfies false", True), ("every x in nobody satisfies true", None),
        ('some x in ["a", 2] satisfies x = 2', True), ('some x in ["a", 1] satisfies x = 2', None), ("some x in [1, 2], y in [3] satisfies x + y = 5", True), ("every x in [[1], [2]], y in x satisfies y < 3", True),
        ("every x in [[1], [2]], y in x satisfies y < 2", False), ("some n in [7] satisfies n = 7", True), ("some x in [1], y in nobody satisfies true", None),
    ],
)  # fmt: skip
def test_nodes_of_conditions(text: str, value: Any) -> None:
    given = {
        "t": True, "f": False, "n": 5, "d": DAY, "m": NOON, "s": timedelta(days=3, hours=4), "neg": -timedelta(days=3, hours=4), "y": Months(14), "minusy": Months(-14),
        "c": {"a": {"b": 7}, "n": None, "l": [{"v": 8}]}, "l": [{"v": 1, "o": {"p": 3}}, {"v": 2, "o": {"p": 4}}],
    }  # fmt: skip
    found = compile_expression(text).evaluate(given)
    assert found == value
    assert isinstance(found, bool) == isinstance(value, bool)


def test_a_walk_of_two_lists_has_ten_thousand_rounds_and_no_more() -> None:
    assert MAX_ROUNDS == 10_000
    found = compile_expression("every x in a, y in b satisfies x = y")
    assert found.truth({"a": [1] * 100, "b": [1] * (MAX_ROUNDS // 100)}) is True
    assert found.truth({"a": [1] * 100, "b": [1] * (MAX_ROUNDS // 100 + 1)}) is None
    assert compile_expression("every x in a satisfies x = 1").truth({"a": [1] * MAX_ROUNDS}) is True
    assert compile_expression("every x in a satisfies x = 1").truth({"a": [1] * (MAX_ROUNDS + 1)}) is None


def test_a_way_into_what_is_not_known_stays_unknown_by_its_name() -> None:
    assert step_in(UNKNOWN, ("a",), "x.a") == UNKNOWN
    assert step_in(None, ("a",), "x.a") == Unknown("missing", "x.a")
    assert step_in(Decimal(1), ("a",), "x.a") == KINDS
    assert step_in(({"a": 1}, {}), ("a",), "x.a") == Unknown("missing", "x.a")
    assert step_in({"a": {"b": 2}}, ("a", "b"), "x.a.b") == 2
    (clause,) = compile_expression("c.x.y = 1").holds({"c": {}}).because
    assert clause.missing == ("c.x.y",)


# ── values ────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (1, Decimal(1)), (1.5, Decimal("1.5")), (0.1, Decimal("0.1")), (float("nan"), KINDS), (float("inf"), KINDS), (Decimal("NaN"), KINDS), (Decimal("1E+6144"), Decimal("1E+6144")), (Decimal("1E+6145"), KINDS),
        (Decimal("1E-6145"), KINDS), ([1, [2]], (Decimal(1), (Decimal(2),))), ((1, None), (Decimal(1), None)), (True, True), (None, None), ("a", "a"), (DAY, DAY), (time(9), time(9)), (Months(1), Months(1)),
        (timedelta(1), timedelta(1)), ({"a": 1}, {"a": 1}), (object(), KINDS), (b"a", KINDS), ({1}, KINDS), (UNKNOWN, UNKNOWN),
    ],
)  # fmt: skip
def test_a_value_as_feel_sees_it(raw: Any, value: Any) -> None:
    found = normalise(raw)
    assert found == value
    assert type(found) is type(value)
    assert MAX_EXPONENT == 6144


def test_a_text_of_another_make_is_a_text() -> None:
    class Sealed(str):
        pass

    assert type(normalise(Sealed("a"))) is str
    lists = ([1],)
    assert settled(lists) is lists
    assert settled([1]) == (Decimal(1),)


KINDS_OF: list[tuple[Any, str]] = [
    (None, "null"), (True, "boolean"), (Decimal(1), "number"), ("a", "string"), (NOON, "moment"), (DAY, "date"), (time(9), "time"), (timedelta(1), "days"), (Months(1), "months"), ((), "list"),
    (Range(None, None, True, True), "range"), (Lambda((), lambda args: None), "function"), (UNKNOWN, "unknown"), ({}, "context"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "kind"), KINDS_OF)
def test_every_value_is_of_one_kind(value: Any, kind: str) -> None:
    assert kind_of(value) == kind


PAIRS: list[tuple[Any, Any]] = [
    (Decimal(1), Decimal(2)), ("a", "b"), (DAY, date(2026, 11, 24)), (NOON, NOON + timedelta(1)), (time(9), time(10)), (timedelta(1), timedelta(2)), (Months(1), Months(2)),
]  # fmt: skip


@pytest.mark.parametrize(("low", "high"), PAIRS)
def test_values_of_one_ordered_kind_are_compared_all_six_ways(low: Any, high: Any) -> None:
    told = {
        op: [compare(op, low, high), compare(op, low, low), compare(op, high, low)]
        for op in ("=", "!=", "<", "<=", ">", ">=")
    }
    assert told == {
        "=": [False, True, False], "!=": [True, False, True], "<": [True, False, False], "<=": [True, True, False], ">": [False, False, True], ">=": [False, True, True],
    }  # fmt: skip
    assert [inside(one, low, high, True, True) for one in (low, high)] == [True, True]
    assert [inside(one, low, high, False, True) for one in (low, high)] == [False, True]
    assert [inside(one, low, high, True, False) for one in (low, high)] == [True, False]
    assert [inside(one, low, high, False, False) for one in (low, high)] == [False, False]


@pytest.mark.parametrize(
    ("left", "right", "answer"),
    [
        (None, None, True), (None, Decimal(1), False), (Decimal(1), None, False), (UNKNOWN, None, UNKNOWN), (None, UNKNOWN, UNKNOWN), (UNKNOWN, KINDS, UNKNOWN), (Decimal(1), UNKNOWN, UNKNOWN),
        (Decimal(1), "1", KINDS), (True, Decimal(1), KINDS), (DAY, NOON, KINDS), ((Decimal(1),), (Decimal(1),), True), ((Decimal(1),), (Decimal(2),), False), ((Decimal(1),), (), False), ((Decimal(1),), ("a",), KINDS),
        ((Decimal(1), "a"), (Decimal(2), Decimal(1)), False), ({"a": 1}, {"a": 1}, True), ({"a": 1}, {"a": 2}, False), ({"a": 1}, {"b": 1}, False), ({"a": 1}, {"a": "1"}, KINDS), ({"a": [1]}, {"a": (1,)}, True),
        (Range(Decimal(1), Decimal(2), True, True), Range(Decimal(1), Decimal(2), True, True), True), (Range(Decimal(1), Decimal(2), True, True), Range(Decimal(1), Decimal(2), True, False), False), (True, True, True), (True, False, False),
    ],
)  # fmt: skip
def test_equality_is_known_or_it_is_not(left: Any, right: Any, answer: Any) -> None:
    assert equal(left, right) == answer
    assert type(equal(left, right)) is type(answer)
    assert negate(equal(left, right)) == (not answer if isinstance(answer, bool) else answer)


@pytest.mark.parametrize(
    ("left", "right", "answer"),
    [(UNKNOWN, Decimal(1), UNKNOWN), (Decimal(1), UNKNOWN, UNKNOWN), (None, Decimal(1), KINDS), (True, False, KINDS), ((), (), KINDS), (Decimal(1), "a", KINDS), (NOON, LOCAL, KINDS), ({}, {}, KINDS)],
)  # fmt: skip
def test_what_stands_in_no_order_is_not_known(left: Any, right: Any, answer: Any) -> None:
    assert less(left, right) == answer
    assert isinstance(compare("<=", left, right), Unknown)


@pytest.mark.parametrize(
    ("truths", "all_", "any_"),
    [
        ([], True, False), ([True], True, True), ([False], False, False), ([True, False], False, True), ([UNKNOWN], UNKNOWN, UNKNOWN), ([True, UNKNOWN], UNKNOWN, True), ([False, UNKNOWN], False, UNKNOWN),
        ([UNKNOWN, False], False, UNKNOWN), ([UNKNOWN, True], UNKNOWN, True), ([1], KINDS, KINDS), ([None], KINDS, KINDS), ([UNKNOWN, 1], UNKNOWN, UNKNOWN), ([1, UNKNOWN], KINDS, KINDS),
    ],
)  # fmt: skip
def test_and_and_or_of_three_values(truths: list[Any], all_: Any, any_: Any) -> None:
    assert (all_of(truths), any_of(truths)) == (all_, any_)


@pytest.mark.parametrize(
    ("value", "test", "answer"),
    [
        (Decimal(2), Range(Decimal(1), Decimal(3), True, True), True), (Decimal(1), Range(Decimal(1), Decimal(3), False, True), False), (Decimal(2), (Decimal(1), Decimal(2)), True), (Decimal(2), (Range(Decimal(1), Decimal(3), True, True),), True),
        (Decimal(2), (), False), (UNKNOWN, (), UNKNOWN), (UNKNOWN, (Decimal(1),), UNKNOWN), (Decimal(2), Decimal(2), True), (Decimal(2), "2", KINDS), (Decimal(2), ("2", Decimal(2)), True), (Decimal(2), ("2",), KINDS), (None, (None,), True),
    ],
)  # fmt: skip
def test_what_is_in_what(value: Any, test: Any, answer: Any) -> None:
    assert matches(value, test) == answer


# ── arithmetic ────────────────────────────────────────────────────────────────────────────────────────────────────
CALCULATED: list[tuple[Any, str, Any, Any]] = [
    (Decimal(7), "+", Decimal(2), Decimal(9)), (Decimal(7), "-", Decimal(2), Decimal(5)), (Decimal(7), "*", Decimal(2), Decimal(14)), (Decimal(7), "/", Decimal(2), Decimal("3.5")), (Decimal(7), "/", Decimal(0), ARITHMETIC),
    (Decimal("9E+6144"), "*", Decimal(10), ARITHMETIC), ("a", "+", "b", "ab"), ("a", "-", "b", KINDS), ("a", "*", Decimal(2), KINDS), ("a", "+", Decimal(1), KINDS), (None, "+", Decimal(1), KINDS), (True, "+", True, KINDS),
    (timedelta(2), "+", timedelta(1), timedelta(3)), (timedelta(2), "-", timedelta(1), timedelta(1)), (timedelta(2), "*", timedelta(1), KINDS), (timedelta(3), "/", timedelta(2), Decimal("1.5")), (timedelta(3), "/", timedelta(0), ARITHMETIC),
    (timedelta(2), "*", Decimal("1.5"), timedelta(3)), (Decimal("1.5"), "*", timedelta(2), timedelta(3)), (timedelta(3), "/", Decimal(2), timedelta(hours=36)), (timedelta(3), "/", Decimal(0), ARITHMETIC), (Decimal(2), "/", timedelta(1), KINDS),
    (Months(5), "+", Months(2), Months(7)), (Months(5), "-", Months(2), Months(3)), (Months(5), "*", Decimal("1.5"), Months(7)), (Decimal("1.5"), "*", Months(5), Months(7)), (Months(5), "/", Decimal(2), Months(2)), (Months(5), "/", Months(2), Decimal("2.5")),
    (Months(5), "/", Months(0), ARITHMETIC), (Months(5), "+", timedelta(1), KINDS), (Months(5), "-", timedelta(1), KINDS), (timedelta(1), "-", Months(1), KINDS),
    (DAY, "+", timedelta(hours=23), DAY), (DAY, "+", timedelta(1), date(2026, 11, 24)), (DAY, "-", timedelta(hours=1), date(2026, 11, 22)), (DAY, "-", timedelta(1), date(2026, 11, 22)), (timedelta(1), "+", DAY, date(2026, 11, 24)), (timedelta(1), "-", DAY, KINDS),
    (DAY, "+", Months(3), date(2027, 2, 23)), (DAY, "-", Months(11), date(2025, 12, 23)), (Months(1), "+", DAY, date(2026, 12, 23)), (NOON, "+", timedelta(hours=1), NOON + timedelta(hours=1)), (NOON, "-", timedelta(hours=1), NOON - timedelta(hours=1)),
    (NOON, "+", Months(1), datetime(2026, 12, 23, 12, tzinfo=UTC)), (NOON, "-", NOON - timedelta(2), timedelta(2)), (DAY, "-", date(2026, 11, 20), timedelta(3)), (DAY, "-", NOON, KINDS), (NOON, "-", DAY, KINDS), (DAY, "+", DAY, KINDS), (DAY, "*", Decimal(2), KINDS),
    (DAY, "+", Decimal(1), KINDS), (date.max, "+", timedelta(1), ARITHMETIC), (date.max, "+", Months(1), ARITHMETIC), (date.min, "-", Months(1), ARITHMETIC), (NOON, "-", LOCAL, ARITHMETIC), (UNKNOWN, "+", KINDS, UNKNOWN), (Decimal(1), "+", UNKNOWN, UNKNOWN),
    (Decimal(1), "/", Decimal(3), Decimal("0.3333333333333333333333333333333333")),
]  # fmt: skip


@pytest.mark.parametrize(("left", "op", "right", "expected"), CALCULATED)
def test_what_comes_of_a_calculation(left: Any, op: str, right: Any, expected: Any) -> None:
    found = calculate(op, left, right)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Decimal(3), Decimal(-3)),
        (timedelta(1), -timedelta(1)),
        (Months(2), Months(-2)),
        (UNKNOWN, UNKNOWN),
        ("a", KINDS),
        (None, KINDS),
        (True, KINDS),
    ],
)
def test_the_negative(value: Any, expected: Any) -> None:
    assert minus(value) == expected


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)), (date(2024, 1, 31), 1, date(2024, 2, 29)), (date(2026, 1, 31), 2, date(2026, 3, 31)), (date(2026, 1, 1), -1, date(2025, 12, 1)), (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 11, 30), 0, date(2026, 11, 30)), (date(2026, 12, 31), 12, date(2027, 12, 31)), (date(1, 1, 1), -1, ARITHMETIC), (date(1, 2, 1), -1, date(1, 1, 1)), (date(9999, 12, 1), 1, ARITHMETIC), (date(9999, 11, 1), 1, date(9999, 12, 1)),
    ],
)  # fmt: skip
def test_months_on(day: date, months: int, expected: Any) -> None:
    assert add_months(day, months) == expected


def test_whole_months_between_two_days() -> None:
    told = {
        (date(2026, 1, 31), date(2026, 2, 28)): 0, (date(2026, 1, 28), date(2026, 2, 28)): 1, (date(2025, 12, 15), date(2026, 1, 14)): 0, (date(2025, 12, 15), date(2026, 1, 15)): 1, (date(2026, 1, 15), date(2025, 12, 15)): -1,
        (date(2026, 1, 14), date(2025, 12, 15)): 0, (date(2000, 5, 1), date(2026, 5, 1)): 312, (DAY, DAY): 0,
    }  # fmt: skip
    assert {pair: months_between(*pair).months for pair in told} == told
    assert [Months(n).years for n in (0, 11, 12, 23, 24, -11, -12, -23)] == [0, 0, 1, 1, 2, 0, -1, -1]


@pytest.mark.parametrize(
    "text", ["2026-1-1", "2026-01-01 ", "20260101", "2026-13-01", "2026-02-29", "２026-01-01", "+2026-01-01"]
)
def test_what_is_no_day(text: str) -> None:
    assert parse_date(text) is None
    assert parse_moment(f"{text}T09:00:00") is None


def test_moments_and_durations_as_text() -> None:
    assert parse_moment("2026-01-01T09:00:00Z") == datetime(2026, 1, 1, 9, tzinfo=UTC)
    assert parse_moment("2026-01-01T09:00:00.5+08:00") == datetime(2026, 1, 1, 1, 0, 0, 500_000, tzinfo=UTC)
    assert parse_moment("2026-01-01T25:00:00") is None
    assert parse_moment("2026-01-01") is None
    assert [parse_duration(text) for text in ("P1Y", "-P1Y", "P1Y1M", "P1D", "PT1S", "-PT1.5S", "P1DT2H3M4S")] == [
        Months(12), Months(-12), Months(13), timedelta(1), timedelta(seconds=1), -timedelta(seconds=1.5), timedelta(days=1, hours=2, minutes=3, seconds=4),
    ]  # fmt: skip
    assert [
        parse_duration(text) for text in ("", "P", "PT", "P1YT", "P1Y2D", "1D", "P1H", "PT1D", "P-1D", "P1.5D")
    ] == [None] * 10
