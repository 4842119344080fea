"""FEEL as decisions have it (DMN 1.5, level 3): values, null where the standard says so, and limits that hold."""

import operator
import time
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yichuang.engine.feel.budget import Budget, OutOfSteps
from yichuang.engine.feel.decide import PLAIN, decide, run_with
from yichuang.engine.feel.kinds import Lambda, Months, Range
from yichuang.engine.feel.scan import ExpressionError
from yichuang.engine.feel.wide import parse_decision, parse_tests

AT = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)


def value(text: str, **names: object) -> Any:
    return run_with(decide(parse_decision(text, names), PLAIN), names, at=AT, budget=Budget())


def passes(cell: str, given: object, **names: object) -> Any:
    scope = {**names, "?": given}
    return run_with(decide(parse_tests(cell, scope), PLAIN), scope, at=AT, budget=Budget())


@pytest.mark.parametrize(
    "text",
    [
        "2 ** 3 = 8 and -2 ** 2 = 4 and 2 ** -1 = 0.5 and 1.2e3 = 1200",
        "[1, 2, 3][item >= 2] = [2, 3] and [1, 2, 3][-1] = 3 and [1, 2, 3][4] = null and 7[1] = 7",
        '[{a b: 1, c: "x"}, {a b: 2, c: "y"}][a b > 1].c = ["y"]',
        "(for i in 1..3 return i * 2) = [2, 4, 6]",
        "(for i in 3..1 return i) = [3, 2, 1]",
        "(for i in [1, 2], j in [10, 20] return i + j) = [11, 21, 12, 22]",
        "(for i in 1..4 return if i = 1 then 1 else partial[-1] * i) = [1, 2, 6, 24]",
        "some x in [1, 2] satisfies x > 1",
        "every x in [1, 2], y in [3, 4] satisfies x < y",
        "{a: 1, b: a + 1}.b = 2 and {first name: 3}.first name = 3",
        "(function(a: number, b) a - b)(b: 1, a: 3) = 2",
        '(function(a: number) a)("x") = null',
        "{f: function(n) if n = 0 then 1 else n * 2, g: f(4)}.g = 8",
        "sort([3, 1, 2], function(a, b) a > b) = [3, 2, 1]",
        "5 in (< 10) and 5 in ]1..9[ and not(5 in (5..9]) and 5 in [[1..2], [4..6]]",
        "(null..5].start included = false and [1..5).end included = false and [2..5].start = 2",
        "3 instance of number and [1] instance of list<number> and not([1] instance of list<string>)",
        "{a: 1} instance of context<a: number> and [1..2] instance of range<number>",
        '@"2026-03-03T10:00:00@Asia/Shanghai".timezone = "Asia/Shanghai"',
        '@"2026-03-03T10:00:00+08:00" = @"2026-03-03T02:00:00Z" and @"10:00:00" + @"PT15H" = @"01:00:00"',
        '@"2026-03-29T01:30:00@Europe/Paris" + @"PT1H" = @"2026-03-29T03:30:00@Europe/Paris"',
        '@"P1Y6M".months = 6 and @"P2DT3H4M5S".minutes = 4 and -@"P1D" = @"-P1D"',
        'date(2026, 2, 28) + @"P1D" = @"2026-03-01" and @"2024-01-31" + @"P1M" = @"2024-02-29"',
        'date and time(@"2026-03-03", @"08:00:00Z") = @"2026-03-03T08:00:00Z"',
        'today() = @"2026-03-03" and now().hour = 9',
        'null = null and not(null = 1) and (1 = "1") = null and (null > 1) = null',
        "(true or null) and (false and null) = false and (true and null) = null",
        "if null then false else true",
        'substring("foobar", -2, 1) = "a" and substring before("a-b", "-") = "a" and substring after("a-b", "-") = "b"',
        'replace("a1b2", "([a-z])([0-9])", "$2$1") = "1a2b" and matches("x", "[A-Z-[OI]]", "i")',
        'split("a;b", ";") = ["a", "b"] and string join(["a", null, "b"], "-") = "a-b"',
        'number("1 000,5", " ", ",") = 1000.5 and number("x") = null',
        "modulo(-5, 3) = 1 and decimal(2.5, 0) = 2 and round half up(2.5, 0) = 3 and round down(-2.55, 1) = -2.5",
        "floor(1.58, 1) = 1.5 and ceiling(-1.5) = -1 and abs(-3) = 3 and even(4) and odd(-3)",
        "median([8, 2, 5, 3, 4]) = 4 and stddev([2, 4, 7, 5]) > 2.08 and mode([1, 1, 2, 2, 3]) = [1, 2]",
        "flatten([[1, [2]], 3]) = [1, 2, 3] and union([1], [1, 2]) = [1, 2] and index of([1, 2, 1], 1) = [1, 3]",
        "list replace([1, 2], 1, 9) = [9, 2] and insert before([1], 1, 0) = [0, 1] and remove([1, 2], 1) = [2]",
        "append([1], 2, 3) = [1, 2, 3] and sublist([1, 2, 3], 2) = [2, 3] and reverse([1, 2]) = [2, 1]",
        'get value({a: 1}, "a") = 1 and get entries({a: 1})[1].key = "a" and context put({}, "a", 1) = {a: 1}',
        'context([{key: "a", value: 1}]) = {a: 1} and context merge([{a: 1}, {a: 2}]) = {a: 2}',
        "before(1, [2..3]) and during(2, [1..3]) and overlaps([1..5], [3..8]) and meets([1..5], [5..9])",
        "finishes(3, [1..3]) and starts([1..2], [1..3]) and coincides([1..2], [1..2]) and includes([1..9], [2..3])",
        'day of week(@"2026-03-03") = "Tuesday" and week of year(@"2026-01-01") = 1 and day of year(@"2026-02-01") = 32',
        'is(@"2026-03-03", @"2026-03-03") and not(is(1, "1")) and not(is(@"10:00:00", @"10:00:00Z"))',
        'string([1, "a", null]) = "[1, \\"a\\", null]" and string(@"P1DT2H") = "P1DT2H"',
        "count([]) = 0 and sum([]) = null and min([3, 1]) = 1 and all([]) and not(any([]))",
        "max(1, 3, 2) = 3 and product([2, 3]) = 6 and distinct values([1, 1, 2]) = [1, 2]",
        '"🐎" = "\\uD83D\\uDC0E" and string length("🐎ab") = 3',
        'range("[1..3]") = [1..3]',
    ],
)
def test_these_are_true(text: str) -> None:
    assert value(text) is True


@pytest.mark.parametrize(
    "text",
    [
        "nobody", "1 + null", '"a" + 1', "1 / 0", "[1][\"x\"]", "date(\"2026-02-30\")", "duration(\"P1Y1D\")", "abs()",
        "abs(1, 2)", "substring(\"a\", 0)", "matches(\"a\", \"(\")", "sqrt(-1)", "log(0)", "nobody(1)", "5 in [1..null]",
        "for i in null return i", "{a: 1}.b", "[1..\"x\"]", "decimal(1, 9999)", "10 ** 9999", "sum([1, \"a\"])",
        "(function(a) external {java: {}})(1)", '@"10:00:00" - @"10:00:00Z"', "modulo(1, 0)", "flatten(null)", "date(9999, 12, 31) + @\"P1D\"",
    ],
)  # fmt: skip
def test_what_does_not_fit_is_null(text: str) -> None:
    assert value(text) is None


def test_names_with_spaces_and_signs_win_over_arithmetic_where_they_are_known() -> None:
    assert value("a-b", **{"a-b": 7, "a": 3, "b": 1}) == 7
    assert value("a-b", a=3, b=1) == 2
    assert value("loan amount * 2", **{"loan amount": 5}) == 10
    assert value("户 主.年", **{"户 主": {"年": 3}}) == 3
    assert value("date and time", **{"date and time": 3}) == 3


@pytest.mark.parametrize(
    ("cell", "yes", "no"),
    [
        ("-", 1, None),
        ("< 16", 15, 16),
        ("[1..5], > 9", 3, 7),
        ('not("a", "b")', "c", "a"),
        ('"a","b"', "b", "c"),
        ("? > 3 and ? < 5", 4, 5),
        ("limit", 3, 4),
        ("> limit * 2", 7, 6),
        ("null", None, 1),
        ('starts with(?, "4403")', "440305", "11"),
        ("not(? = 1)", 2, 1),
        ('@"2026-01-01"', date(2026, 1, 1), date(2026, 1, 2)),
    ],
)
def test_cells(cell: str, yes: object, no: object) -> None:
    assert passes(cell, yes, limit=3) is True
    assert cell == "-" or passes(cell, no, limit=3) is not True


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("", 1), ("1 +", 4), ("< < 16", 1), ("[1, 2", 6), ("{a: 1, a: 2}", 11), ("f(a: 1, 2)", 1), ("1 < x < 3", 7),
        ('"a', 1), ('@"nonsense"', 1), ("3岁", 2), ("for x in y", 11), ("function(a b", 10), ("x instance of", 14), ("if a then b", 12),
        ("{" * 60 + "}" * 60, 2), ("(" * 60 + "1" + ")" * 60, 41), ("1e9999", 1), ("1" + " + 1" * 6000, 20001), ("x in [1..2", 11),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_place(text: str, column: int) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse_decision(text)
    assert caught.value.column == column
    assert caught.value.message.zh != caught.value.message.en


@pytest.mark.parametrize(
    "text",
    [
        "for a in 1..1000, b in 1..1000 return 1",
        "some a in 1..100000, b in 1..100000 satisfies false",
        "{f: function(s) f2(s), r: (for i in 1..90000 return for j in 1..90000 return i)}.r",
        "distinct values(for i in 1..9000 return i)",
    ],
)
def test_too_much_work_ends_soon(text: str) -> None:
    began = time.process_time()
    with pytest.raises(OutOfSteps):
        value(text)
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+$",
        "(a*)*b",
        "(a|aa)+$",
        "(.*)*x",
        "((a)*)*",
        "(a{0,50}){0,50}b",
        "(x+x+)+y",
        "a*a*a*a*a*a*b",
        "(?=a)",
        "(?P<x>a)",
        "\\1",
        "a{5000}",
        "a?" * 26 + "a" * 26,
        "a{0,20}" * 8 + "b",
        "(a?){30}a{30}",
        "((a?){6}){5}b",
        "(a?b?)*c",
        "(a|a)" * 30 + "b",
        "(a?b|b)*c",
        "(((){1000}){1000}){1000}",
    ],
)
def test_patterns_that_could_hang_a_server_are_refused(pattern: str) -> None:
    assert value("matches(s, p)", s="a" * 2000, p=pattern) is None


@pytest.mark.parametrize(
    ("pattern", "flags", "text", "matches"),
    [
        ("^\\d{17}[\\dXx]$", "", "440305199001011234", True),
        ("^(\\d{3}-)+x$", "", "123-456-x", True),
        ("^(ab|cd)*$", "", "abcdab", True),
        ("\\p{Lu}", "", "aB", True),
        ("\\P{L}", "", "ab", False),
        ("\\p{IsCJKUnifiedIdeographs}+", "", "证", True),
        ("[^a-c\\d]", "", "a1", False),
        ("a.c", "", "a\nc", False),
        ("a.c", "s", "a\nc", True),
        ("^b$", "m", "a\nb", True),
        ("A B", "ix", "ab", True),
        ("a.b", "q", "a.b", True),
        ("[\\w-]+", "", "a-b", True),
        ("(a)\\1", "", "aa", True),
        ("a$", "", "a\n", False),
        ("(a|A)*b", "i", "a" * 30, None),
        ("^(\\d{4})-?(\\d{1,2})-?(\\d{1,2})$", "", "2026-1-31", True),
        ("^[\\w.+-]{1,64}@[a-z.]+$", "", "a.b@example.com", True),
        ("^(ab?|cd)*$", "", "abacd", True),
    ],
)
def test_patterns(pattern: str, flags: str, text: str, matches: bool | None) -> None:
    assert value("matches(s, p, f)", s=text, p=pattern, f=flags) is matches


def test_texts_cannot_grow_without_end() -> None:
    doubling = (
        '{f: function(s, n, f) if n = 0 then s else f(s + s, n - 1, f), r: string length(f("abcdefgh", 60, f))}.r'
    )
    assert value(doubling) is None


def test_functions_and_ranges_are_values() -> None:
    assert isinstance(value("function(a) a"), Lambda)
    assert value("(>= 5)") == Range(Decimal(5), None, True, False, ">=")
    assert value('@"P14M"') == Months(14)
    assert value('@"2026-03-03T08:00:00Z" - @"2026-03-02"') == timedelta(days=1, hours=8)


# -- against a naive reference

OPS = {"=": operator.eq, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
leaves = st.one_of(
    st.integers(-9, 9).map(lambda n: ("is", n)), st.sampled_from("甲乙").map(lambda s: ("is", s)), st.booleans().map(lambda b: ("is", b)),
    st.just(("is", None)), st.just(("name", "数")), st.just(("name", "缺")),
)  # fmt: skip


def branch(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(
        st.tuples(st.just("compare"), st.sampled_from(sorted(OPS)), inner, inner),
        st.tuples(st.sampled_from(["and", "or"]), inner, inner),
        st.tuples(st.just("if"), inner, inner, inner),
        st.tuples(st.just("plus"), inner, inner),
        st.tuples(st.just("for"), inner, inner),
        st.tuples(st.just("filter"), inner, inner, st.integers(-9, 9)),
    )


def write(tree: Any) -> str:  # noqa: C901  (one line per node)
    match tree:
        case ("is", None):
            return "null"
        case ("is", bool() as truth):
            return str(truth).lower()
        case ("is", str() as text):
            return f'"{text}"'
        case ("is" | "name", other):
            return f"({other})"
        case ("compare", op, a, b):
            return f"({write(a)} {op} {write(b)})"
        case ("if", a, b, c):
            return f"(if {write(a)} then {write(b)} else {write(c)})"
        case ("plus", a, b):
            return f"({write(a)} + {write(b)})"
        case ("for", a, b):
            return f"(for x in [{write(a)}, {write(b)}] return [x, x])"
        case ("filter", a, b, n):
            return f"([{write(a)}, {write(b)}][item >= {n}])"
    word, a, b = tree
    return f"({write(a)} {word} {write(b)})"


def naive_compare(op: str, a: Any, b: Any) -> Any:
    if op == "=" and (a is None or b is None):
        return a is b
    if type(a) is not type(b) or a is None:
        return None
    if op != "=" and isinstance(a, bool | tuple):
        return None
    return OPS[op](a, b) if not isinstance(a, tuple) else naive_same(a, b)


def naive_same(a: Any, b: Any) -> bool:
    if isinstance(a, tuple) and isinstance(b, tuple):
        return len(a) == len(b) and all(map(naive_same, a, b))
    return type(a) is type(b) and a == b


def naive(tree: Any) -> Any:
    match tree:
        case ("is", found):
            return found
        case ("name", name):
            return 7 if name == "数" else None
        case ("compare", op, a, b):
            return naive_compare(op, naive(a), naive(b))
        case ("if", a, b, c):
            return naive(b) if naive(a) is True else naive(c)
        case ("plus", a, b):
            one, two = naive(a), naive(b)
            return one + two if type(one) is type(two) and type(one) in (int, str) else None
        case ("for", a, b):
            return tuple((x, x) for x in (naive(a), naive(b)))
        case ("filter", a, b, n):
            return naive_filter((naive(a), naive(b)), n)
    word, a, b = tree
    truths = [part if isinstance(part := naive(one), bool) else None for one in (a, b)]
    decisive = word == "or"
    return decisive if decisive in truths else None if None in truths else not decisive


def naive_filter(items: tuple[Any, ...], least: int) -> Any:
    return tuple(item for item in items if naive_compare(">=", item, least) is True)


@settings(max_examples=150, deadline=None)
@given(st.recursive(leaves, branch, max_leaves=10))
def test_the_reference_agrees(tree: Any) -> None:
    assert value(write(tree), 数=7) == naive(tree)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from([*"()[]{}<>=.,+-*/:?", "..", "**", "a", "1", "and", "in", "not", "if", "then", "else", "for", "return", "some",
                         "satisfies", "function", "instance of", "number", '"s"', "count(", "@", "null", "list<", "between", "date and time("]),
        max_size=22,
    ).map(" ".join)
)  # fmt: skip
def test_any_text_is_read_and_run_or_refused_with_a_place_inside_it(text: str) -> None:
    for read in (parse_decision, parse_tests):
        column, tree = 1, None
        try:
            tree = read(text, ["a"])
        except ExpressionError as fault:
            column = fault.column
        assert 1 <= column <= len(text) + 1
        if tree is not None:
            run_with(decide(tree, PLAIN), {"a": 1, "?": 2}, at=AT, budget=Budget(2000))


junk = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=4), st.dates(), st.datetimes(), st.timedeltas(), st.times()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from("ab"), inner, max_size=2)),
    max_leaves=5,
)  # fmt: skip


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_no_value_makes_a_function_raise(data: st.DataObject) -> None:
    from yichuang.engine.feel.library import FUNCTIONS

    name = data.draw(st.sampled_from(sorted(FUNCTIONS)))
    args = data.draw(st.lists(junk, max_size=4))
    names = {f"p{at}": arg for at, arg in enumerate(args)}
    value(f"{name}({', '.join(names)})", **names)
    value(
        "[a = b, a < b, a + b, a - b, a * b, a / b, a in b, a.year, a[b], string(a), a between b and a]",
        a=args,
        b=names,
    )
