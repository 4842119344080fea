"""The wide grammar and what is known of a text before any value is there: faults, names, types, remarks, and what work costs."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from yichuang.core.words import Words
from yichuang.engine.feel import nodes as n
from yichuang.engine.feel.budget import (
    BUDGET,
    CHECK_STEPS,
    MAX_ITEMS,
    MAX_TEXT,
    MAX_WEIGHT,
    ROUNDS,
    STEPS,
    Budget,
    OutOfSteps,
    charge,
    left_of,
    one_budget,
    paid,
    spend,
    toil,
    weight,
)
from yichuang.engine.feel.decide import GUARDED, PLAIN, decide, run_with
from yichuang.engine.feel.doubt import Doubt, asked, full, hollow, lacks, must, says_null, sure
from yichuang.engine.feel.infer import base_of, called, remarks_on
from yichuang.engine.feel.kinds import Lambda, Months, Range, Unknown
from yichuang.engine.feel.member import holds
from yichuang.engine.feel.names import Names, pieces
from yichuang.engine.feel.scan import ExpressionError, scan
from yichuang.engine.feel.shapes import kind_words, type_of
from yichuang.engine.feel.types import (
    ANY,
    Basic,
    ContextType,
    FunctionType,
    Limited,
    ListType,
    RangeType,
    Type,
    World,
    fit,
    is_a,
    narrows,
)
from yichuang.engine.feel.wide import MAX_TESTS, parse_decision, parse_tests, read_literal

AT = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
NUMBER, STRING, BOOLEAN, DATE = (Basic(kind) for kind in ("number", "string", "boolean", "date"))


def value(text: str, guarded: bool = False, **names: object) -> Any:
    return run_with(decide(parse_decision(text, names), GUARDED if guarded else PLAIN), names, at=AT, budget=Budget())


# ── faults of the wide grammar ────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("text", "column", "zh"),
    [
        ("", 1, "这里是空的"), (" ", 1, "这里是空的"), ("1 2", 3, "这里不应有“2”"), ("f(a: 1, 2)", 1, "参数要么都写名称，要么都不写"), ("f(1, a: 2)", 1, "参数要么都写名称，要么都不写"), ("f(1 2)", 5, "这里应为“,”，却是“2”"), ("{a: 1, a: 2}", 11, "这里不应有“2”"),
        ("{1}", 2, "这里不应有“1”"), ("{a: 1 b: 2}", 7, "这里应为“,”，却是“b”"), ("[1, 2][", 8, "条件没有写完"), ("a[1", 4, "这里应为“]”，却是“结尾”"), ("(< 5", 5, "这里应为“)”，却是“结尾”"), ("1e9999", 1, "数字太大"), ("2 + 1e9999", 5, "数字太大"), ("1a", 2, "数字和名称连在了一起"),
        ('@"x"', 1, "“x”不是日期、时间，也不是时长"), ("for in a return 1", 5, "这里不应有“in”"), ("for 1 in a return 1", 5, "这里不应有“1”"), ("for x a return 1", 5, "这里不应有“x”"), ("for x in a", 11, "这里应为“return”，却是“结尾”"), ("some x in a return 1", 13, "这里应为“satisfies”，却是“return”"),
        ("function(a b", 10, "这里不应有“a”"), ("function a", 10, "这里应为“(”，却是“a”"), ("1 instance number", 12, "这里应为“of”，却是“number”"), ("1 instance of 5", 15, "这里不应有“5”"), ("1 instance of list<number", 26, "这里应为“>”，却是“结尾”"), ("1 instance of context<number>", 23, "这里不应有“number”"),
        ("1 instance of function<number> number", 32, "这里应为“->”，却是“number”"), ("if a", 5, "这里应为“then”，却是“结尾”"), ("and", 1, "这里不应有“and”"), ("1 + return", 5, "这里不应有“return”"), ("]1, 2]", 3, "这里应为“..”，却是“,”"), ("1 instance of " + "list<" * 41 + "number", None, "这里不应有"),
    ],
)  # fmt: skip
def test_faults_of_a_text_of_a_decision(text: str, column: int | None, zh: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse_decision(text, ["f", "a"])
    assert caught.value.message.zh.startswith(zh)
    assert column is None or caught.value.column == column


@pytest.mark.parametrize(
    ("cell", "column"), [("", 1), ("< ", 3), ("1,", 3), ("not(1", 6), ("not(1) 2", 8), ("- 1 2", 5), ("1 < ", 5)]
)
def test_faults_of_a_cell(cell: str, column: int) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse_tests(cell)
    assert caught.value.column == column


def test_limits_of_cells_and_types() -> None:
    assert MAX_TESTS == 500
    assert len(parse_tests(", ".join(["1"] * MAX_TESTS)).tests) == MAX_TESTS
    with pytest.raises(ExpressionError, match="一格最多 500 项"):
        parse_tests(", ".join(["1"] * (MAX_TESTS + 1)))
    assert parse_decision("1 instance of " + "list<" * 38 + "number" + ">" * 38)
    with pytest.raises(ExpressionError):
        parse_decision("1 instance of " + "list<" * 39 + "number" + ">" * 39)
    assert value("1e6144") == Decimal("1E+6144")
    with pytest.raises(ExpressionError):
        parse_decision("1e6145")
    assert value("1e-6144") == Decimal("1E-6144")
    assert str(value("1." + "1" * 40)) == "1." + "1" * 33


@pytest.mark.parametrize(
    ("cell", "tests", "negated"),
    [("-", 0, False), ("not(1, 2)", 2, True), ("not(1) and true", 1, False), ("-1", 1, False), ("- 1", 1, False), ("1, 2", 2, False), ("< 5", 1, False), ("not(-)", 0, None), ("not(true)", 1, True)],
)  # fmt: skip
def test_a_cell_is_a_dash_a_negation_or_tests(cell: str, tests: int, negated: bool | None) -> None:
    if negated is None:
        with pytest.raises(ExpressionError):
            parse_tests(cell)
        return
    found = parse_tests(cell)
    assert (len(found.tests), found.negated, found.start, found.end) == (tests, negated, 0, len(cell))


@pytest.mark.parametrize(
    ("text", "given", "expected"),
    [
        ("first name", {"first name": 1}, 1), ("first name + first", {"first name": 1, "first": 2}, 3), ("a+b", {"a+b": 5, "a": 1, "b": 2}, 5), ("a + b", {"a+b": 5, "a": 1, "b": 2}, 5), ("a-b", {"a": 3, "b": 1}, 2), ("{a b: 1, c: a b + 1}.c", {}, 2), ("{a+b: 1, c: a+b}.c", {}, 1),
        ('{"a b": 1}.a b', {}, 1), ("for first one in [1, 2] return first one * 2", {}, (2, 4)), ("(function(first one) first one + 1)(2)", {}, 3), ("(function(first one: number, b) first one + b)(2, 3)", {}, 5), ("x.first name", {"x": {"first name": 4}, "first name": 1}, 4),
        ("some a b in [1] satisfies a b = 1", {}, True), ("count", {"count": 7}, 7), ("count([1])", {"counter": 7}, 1), ("date and time", {"date and time": 3}, 3), ("if a then b else c", {"a": True, "b": 1, "c": 2}, 1), ("if", {"if": 3}, None), ("f(first name: 2)", {"f": Lambda(("first name",), lambda args: args[0])}, 2),
        ('f("first name": 2)', {"f": Lambda(("first name",), lambda args: args[0])}, 2), ("{1a: 1}.1a", {}, None), ("a.b.c", {"a": {"b": {"c": 9}}}, 9), ("(a).b", {"a": {"b": 8}}, 8), ("(a).b.c", {"a": {"b": {"c": 9}}}, 9), ("[{x y: 1}, {x y: 2}].x y", {}, (1, 2)), ("1..3", {}, None),
        ("2 ** 3 ** 2", {}, 64), ("-2 ** 2", {}, 4), ("2 * 3 ** 2", {}, 18), ("(1 = 1) instance of boolean", {}, True), ("[1,2,3][2]", {}, 2), ("[[1,2],[3]][1][2]", {}, 2), ("f(1)(2)", {"f": Lambda(("a",), lambda args: Lambda(("b",), lambda more: (args[0], more[0])))}, (1, 2)),
    ],
)  # fmt: skip
def test_names_with_spaces_and_signs(text: str, given: dict[str, Any], expected: Any) -> None:
    if expected is None:
        with pytest.raises(ExpressionError):
            parse_decision(text, given)
        return
    assert value(text, **given) == expected


def test_a_book_of_names_knows_the_longest() -> None:
    book = Names(["a", "a b", "a b c", "x-y", "", "&"])
    tokens = scan("a b c d x-y", wide=True)
    assert [book.match(tokens, at) for at in range(len(tokens))] == [
        ("a b c", 3), None, None, None, ("x-y", 3), None, None, None,
    ]  # fmt: skip
    book.add("a b")
    assert book.match(scan("a b", wide=True), 0) == ("a b", 2)
    assert book.match(scan("a", wide=True), 0) == ("a", 1)
    assert pieces("x-y z") == ("x", "-", "y", "z")
    assert pieces("&") == ()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("number", n.Kind("number")), ("date and time", n.Kind("date and time")), ("years and months duration", n.Kind("years and months duration")), ("days and time duration", n.Kind("days and time duration")), ("list<string>", n.Kind("list", (("", n.Kind("string")),))), ("range<number>", n.Kind("range", (("", n.Kind("number")),))),
        ("context<a: number, b c: string>", n.Kind("context", (("a", n.Kind("number")), ("b c", n.Kind("string"))))), ("function<number, string> -> boolean", n.Kind("function", (("", n.Kind("number")), ("", n.Kind("string"))), n.Kind("boolean"))), ("function<> -> Any", n.Kind("function", (), n.Kind("Any"))),
        ("o.tA", n.Kind("o.tA")), ("list", n.Kind("list")), ("context", n.Kind("context")), ("my type", n.Kind("my type")),
    ],
)  # fmt: skip
def test_types_as_they_are_written(text: str, kind: n.Kind) -> None:
    tree = parse_decision(f"x instance of {text}", ["x", "my type"])
    assert isinstance(tree, n.InstanceOf)
    assert tree.kind == kind


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2026-01-02", date(2026, 1, 2)), ("09:30:00", time(9, 30)), ("2026-01-02T09:30:00", datetime(2026, 1, 2, 9, 30)), ("P1Y", Months(12)), ("P1D", timedelta(1)), ("x", None), ("", None)],  # noqa: DTZ001  (local time)
)  # fmt: skip
def test_what_stands_behind_the_sign_of_a_date(text: str, expected: Any) -> None:
    assert read_literal(text) == expected


# ── types ─────────────────────────────────────────────────────────────────────────────────────────────────────────
SMALL = Limited(NUMBER, lambda one: isinstance(one, Decimal) and one < 5, "< 5")
FUNCTION = FunctionType((NUMBER,), STRING)


def lam(params: tuple[str, ...], kind: object = None) -> Lambda:
    return Lambda(params, lambda args: None, kind)


@pytest.mark.parametrize(
    ("one", "kind", "answer"),
    [
        (None, ANY, False), (Decimal(1), ANY, True), (None, NUMBER, False), (Decimal(1), NUMBER, True), ("1", NUMBER, False), (None, Basic("null"), True), (Decimal(1), SMALL, True), (Decimal(5), SMALL, False), ("1", SMALL, False), ((), ListType(NUMBER), True), ((Decimal(1), None), ListType(NUMBER), True),
        ((Decimal(1), "a"), ListType(NUMBER), False), (Decimal(1), ListType(NUMBER), False), (Range(Decimal(1), None, True, True), RangeType(NUMBER), True), (Range("a", "b", True, True), RangeType(NUMBER), False), (Decimal(1), RangeType(NUMBER), False), ({"a": 1, "b": 2}, ContextType((("a", NUMBER),)), True),
        ({"a": None}, ContextType((("a", NUMBER),)), True), ({}, ContextType((("a", NUMBER),)), False), ({"a": "x"}, ContextType((("a", NUMBER),)), False), (Decimal(1), ContextType(()), False), (lam(("a",)), FUNCTION, True), (lam(("a", "b")), FUNCTION, False), (lam(("a",), FUNCTION), FUNCTION, True),
        (lam(("a",), FunctionType((NUMBER,), NUMBER)), FUNCTION, False), (lam(("a",), FunctionType((STRING,), STRING)), FUNCTION, False), (lam(("a",), FunctionType((ANY,), STRING)), FUNCTION, True), (lam(("a",), FunctionType((NUMBER,), ANY)), FUNCTION, True), (lam((), FunctionType((), STRING)), FUNCTION, False), (Decimal(1), FUNCTION, False),
    ],
)  # fmt: skip
def test_what_is_a_value_of_a_type(one: Any, kind: Type, answer: bool) -> None:
    assert is_a(one, kind) is answer


@pytest.mark.parametrize(
    ("inner", "outer", "answer"),
    [
        (NUMBER, ANY, True), (ANY, NUMBER, False), (NUMBER, NUMBER, True), (NUMBER, STRING, False), (Basic("null"), STRING, True), (SMALL, NUMBER, True), (SMALL, STRING, False), (NUMBER, SMALL, False), (ListType(SMALL), ListType(NUMBER), True), (ListType(NUMBER), ListType(STRING), False), (ListType(NUMBER), RangeType(NUMBER), False),
        (RangeType(SMALL), RangeType(NUMBER), True), (ContextType((("a", NUMBER), ("b", STRING))), ContextType((("a", NUMBER),)), True), (ContextType(()), ContextType((("a", NUMBER),)), False), (ContextType((("a", STRING),)), ContextType((("a", NUMBER),)), False), (FUNCTION, FunctionType((NUMBER,), ANY), True),
        (FUNCTION, FunctionType((NUMBER,), NUMBER), False), (FUNCTION, FunctionType((), STRING), False), (NUMBER, ListType(NUMBER), False),
    ],
)  # fmt: skip
def test_which_type_is_narrower(inner: Type, outer: Type, answer: bool) -> None:
    assert narrows(inner, outer) is answer


NONE_FITS = Unknown("kinds")


@pytest.mark.parametrize(
    ("one", "kind", "fitted"),
    [
        (None, NUMBER, None), ("x", ANY, "x"), (Decimal(1), NUMBER, Decimal(1)), ("x", NUMBER, NONE_FITS), ((Decimal(1),), NUMBER, Decimal(1)), (((Decimal(1),),), NUMBER, Decimal(1)), ((None,), NUMBER, NONE_FITS), ((Decimal(1), Decimal(2)), NUMBER, NONE_FITS), ((), NUMBER, NONE_FITS), (("x",), NUMBER, NONE_FITS),
        (Decimal(1), ListType(NUMBER), (Decimal(1),)), ("x", ListType(NUMBER), NONE_FITS), (("x",), ListType(NUMBER), NONE_FITS), (Decimal(1), Basic("list"), (Decimal(1),)), (Decimal(1), Limited(ListType(NUMBER), lambda one: True), (Decimal(1),)), (Decimal(9), Limited(ListType(NUMBER), lambda one: False), NONE_FITS),
        (date(2026, 1, 2), Basic("moment"), datetime(2026, 1, 2)), (AT, Basic("moment"), AT), (AT, DATE, NONE_FITS), (date(2026, 1, 2), DATE, date(2026, 1, 2)), ({"a": 1}, ContextType((("a", NUMBER),)), {"a": 1}), ("x", Basic("moment"), NONE_FITS),  # noqa: DTZ001  (its midnight)
    ],
)  # fmt: skip
def test_a_value_is_fitted_to_a_type(one: Any, kind: Type, fitted: Any) -> None:
    assert fit(one, kind) == fitted
    assert type(fit(one, kind)) is type(fitted)


def test_what_is_too_large_is_fitted_to_nothing() -> None:
    big = tuple([Decimal(1)] * MAX_WEIGHT)
    with pytest.raises(OutOfSteps):
        fit(big, ListType(NUMBER))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("number", NUMBER), ("dateTime", Basic("moment")), ("tA", SMALL), ("list<tA>", ListType(SMALL)), ("range<number>", RangeType(NUMBER)), ("context<a: number>", ContextType((("a", NUMBER),))), ("function<number> -> string", FUNCTION), ("Any", ANY), ("nobody", None), ("list<nobody>", None), ("context<a: nobody>", None),
        ("function<number> -> nobody", None), ("function<nobody> -> number", None), ("list<Any>", ListType(ANY)), ("function<> -> string", FunctionType((), STRING)),
    ],
)  # fmt: skip
def test_types_of_a_world(text: str, kind: Type | None) -> None:
    tree = parse_decision(f"x instance of {text}", ["x"])
    assert isinstance(tree, n.InstanceOf)
    assert World({"tA": SMALL}).type_of(tree.kind) == kind
    assert World().type_of(None) == ANY


# ── before any value is there ─────────────────────────────────────────────────────────────────────────────────────
PERSON = ContextType((("age", NUMBER), ("name", STRING)))
KINDS: dict[str, Type] = {
    "n": NUMBER, "s": STRING, "b": BOOLEAN, "d": DATE, "p": PERSON, "ps": ListType(PERSON), "ns": ListType(NUMBER), "any": ANY, "small": SMALL, "f": FUNCTION, "g": Basic("function"), "deep": ContextType((("p", Limited(PERSON, lambda one: True)),)),
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("1", NUMBER), ('"a"', STRING), ("true", BOOLEAN), ("null", ANY), ('@"2026-01-01"', DATE), ("n", NUMBER), ("small", NUMBER), ("any", ANY), ("p.age", NUMBER), ("deep.p.name", STRING), ("ps.age", ListType(NUMBER)), ("any.x", ANY), ("n.x", ANY), ("n + 1", NUMBER), ("s + s", STRING), ("n + any", ANY), ("d - d", ANY), ("d + d", ANY), ("-n", NUMBER),
        ("n = 1", BOOLEAN), ("n in (1, 2)", BOOLEAN), ("b and b", BOOLEAN), ("b or b", BOOLEAN), ("n instance of number", BOOLEAN), ("if b then 1 else 2", NUMBER), ('if b then 1 else "a"', ANY), ("some x in ns satisfies x > 1", BOOLEAN), ("for x in ns return x", ListType(NUMBER)), ("for x in any return x", ListType(ANY)),
        ("for p in ps return p.name", ListType(STRING)), ("for x in ns return partial", ListType(ANY)), ("ns[1]", NUMBER), ("ns[item > 1]", ListType(NUMBER)), ("ps[age > 1]", ListType(PERSON)), ("ps[1]", PERSON), ("any[1]", ANY), ("{a: n, b: a}", ContextType((("a", NUMBER), ("b", NUMBER)))), ("{a: n}.a", ANY),
        ("function(x: number) x", FunctionType((NUMBER,), NUMBER)), ("function(x) 1", FunctionType((ANY,), NUMBER)), ("function(x) external {}", FunctionType((ANY,), ANY)), ("f(1)", STRING), ("g(1)", ANY), ("count(ns)", NUMBER), ("upper case(s)", STRING), ("contains(s, s)", BOOLEAN), ("date(s)", DATE), ("today()", DATE), ("now()", Basic("moment")),
        ("time(s)", Basic("time")), ("duration(s)", ANY), ("day of week(d)", STRING), ("years and months duration(d, d)", Basic("months")), ("2 ** 3", ANY), ("[1, 2]", ANY), ("[1..2]", ANY), ("abs", ANY), ("not(b)", BOOLEAN), ("sort(ns)", ANY),
    ],
)  # fmt: skip
def test_the_type_of_a_text(text: str, kind: Type) -> None:
    assert remarks_on(parse_decision(text, KINDS), KINDS, World()) == (kind, [])


@pytest.mark.parametrize(
    ("text", "remarks"),
    [
        ("m", [(1, "没有“m”这个名称")]), ("zzz", [(1, "没有“zzz”这个名称")]), ("1 + smal", [(5, "没有“smal”这个名称，是不是“small”？")]), ("p.nothing", [(1, "没有“p.nothing”这一项")]), ("ps.nothing", [(1, "没有“ps.nothing”这一项")]), ("deep.p.x", [(1, "没有“deep.p.x”这一项")]), ("n = s", [(1, "数字不能和文字比较")]),
        ("b < d", [(1, "是否不能和日期比较")]), ("n in (1, s)", [(10, "数字不能和文字比较")]), ("n in [1, s]", [(10, "数字不能和文字比较")]), ("n in [s..1]", [(7, "数字不能和文字比较")]), ("n in [1..s]", [(10, "数字不能和文字比较")]), ("n in (< s)", [(9, "数字不能和文字比较")]), ("n in (b)", []), ("n in (true)", [(7, "数字不能和是否比较")]), ("n + s", [(5, "文字和数字不能一起计算")]), ("s - s", [(5, "文字和数字不能一起计算")]), ("s * any", [(5, "文字和数字不能一起计算")]), ("s + any", []), ("n + s + s", [(5, "文字和数字不能一起计算")]), ("n(1)", [(1, "“n”不是函数")]), ("any(1)", []), ("if zzz then 1 else 2", [(4, "没有“zzz”这个名称")]), ("for x in ns return zzz", [(20, "没有“zzz”这个名称")]),
        ("for x in ns return x + s", [(24, "文字和数字不能一起计算")]), ("ns[item > s]", [(4, "数字不能和文字比较")]), ("ps[age > s]", [(4, "数字不能和文字比较")]), ("ps[item.age > s]", [(4, "数字不能和文字比较")]), ("any[zzz]", []), ("{a: s, b: a + n}", [(15, "文字和数字不能一起计算")]), ("(function(x: number) x + s)(1)", [(26, "文字和数字不能一起计算")]),
        ("count(zzz)", [(7, "没有“zzz”这个名称")]), ("-zzz", [(2, "没有“zzz”这个名称")]), ("some x in ns satisfies x = s", [(24, "数字不能和文字比较")]), ("[zzz]", [(2, "没有“zzz”这个名称")]), ("b and zzz", [(7, "没有“zzz”这个名称")]), ("zzz(1)", [(1, "没有“zzz”这个名称")]), ("g(zzz)", [(3, "没有“zzz”这个名称")]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_remarked_at_its_place(text: str, remarks: list[tuple[int, str]]) -> None:
    found = remarks_on(parse_decision(text, KINDS), KINDS, World())[1]
    assert [one.column for one in found] == [column for column, _ in remarks]
    assert all(one.words.zh.startswith(zh) for one, (_, zh) in zip(found, remarks, strict=True))
    assert all(one.words.en != one.words.zh for one in found)


@pytest.mark.parametrize(
    ("cell", "wrong"),
    [
        ("1", False),
        ('"a"', True),
        ("< 5", False),
        ('< "a"', True),
        ("? > 5", False),
        ("not(1)", False),
        ('not("a")', True),
        ("-", False),
        ("[1..5]", False),
        ('["a".."b"]', True),
    ],
)
def test_a_cell_is_read_by_the_type_of_its_input(cell: str, wrong: bool) -> None:
    for kind in (NUMBER, SMALL):
        found, remarks = remarks_on(parse_tests(cell), {"?": kind}, World())
        assert found == BOOLEAN
        assert bool(remarks) is wrong


def test_kinds_in_words() -> None:
    assert called("number") == kind_words("number") == Words("数字", "a number")
    assert called("list") == Words("list", "list")
    assert base_of(Limited(SMALL, lambda one: True)) == NUMBER
    assert type_of({"a": ["number"], "b": "", "c": {"d": "string"}}) == ContextType(
        (("a", ListType(NUMBER)), ("b", ANY), ("c", ContextType((("d", STRING),))))
    )


# ── what work costs ───────────────────────────────────────────────────────────────────────────────────────────────
def test_a_budget_is_spent_to_the_last_step() -> None:
    budget = Budget(3)
    budget.spend(2)
    budget.spend()
    assert (budget.left, budget.over) == (0, False)
    with pytest.raises(OutOfSteps):
        budget.spend()
    assert (budget.left, budget.over) == (-1, True)
    assert (Budget().left, STEPS, MAX_WEIGHT, ROUNDS, CHECK_STEPS, MAX_TEXT, MAX_ITEMS) == (
        200_000,
        200_000,
        400_000,
        64,
        1_000_000,
        100_000,
        100_000,
    )


def test_a_shared_budget_is_spent_by_all_inside_it() -> None:
    with one_budget(10) as shared:
        Budget(100).spend(4)
        toil(5)
        assert shared.left == 1
        with one_budget(1000) as inner:
            assert inner is shared
        with pytest.raises(OutOfSteps):
            Budget(100).spend(2)
    Budget(100).spend(50)
    toil(10**6)
    with one_budget(10, seconds=0.0) as hurried:
        for _ in range(ROUNDS - 1):
            hurried.spend(0)
        with pytest.raises(OutOfSteps):
            hurried.spend(0)


@pytest.mark.parametrize(
    ("one", "size"),
    [(None, 1), (Decimal(1), 1), ("abc", 4), ((), 1), ((Decimal(1), "ab"), 5), ([[1], [2]], 5), ({"a": 1, "b": "xy"}, 5), (Range(Decimal(1), "ab", True, True), 5), (((("x",),),), 5)],
)  # fmt: skip
def test_a_value_weighs_all_that_is_inside_it(one: Any, size: int) -> None:
    assert weight(one) == size
    assert weight(one, size) == size
    with pytest.raises(OutOfSteps):
        weight(one, size - 1)


def test_walking_a_value_costs_an_eighth_of_its_weight() -> None:
    budget = Budget(1000)
    charge({BUDGET: budget}, "a" * 800, Decimal(1), None)
    assert budget.left == 1000
    charge({BUDGET: budget}, tuple([Decimal(1)] * 79))
    assert budget.left == 990
    assert paid({BUDGET: budget}, {"a": "x" * 78}, 1) == ({"a": "x" * 78}, 1)
    assert budget.left == 980
    spend({BUDGET: budget}, 7)
    assert budget.left == 973
    charge({}, tuple([Decimal(1)] * 79))
    assert [
        left_of({}),
        left_of({BUDGET: Budget(0)}),
        left_of({BUDGET: Budget(-5)}),
        left_of({BUDGET: Budget(10)}),
        left_of({BUDGET: Budget(10**9)}),
    ] == [MAX_WEIGHT, 8, 8, 88, MAX_WEIGHT]
    with pytest.raises(OutOfSteps):
        charge({BUDGET: Budget(0)}, tuple([Decimal(1)] * 8))


@pytest.mark.parametrize(
    ("text", "cost"),
    [("1 + 1", 0), ("for x in 1..10 return x", 10), ("some x in [1, 2, 3] satisfies x = 9", 3), ("[1, 2, 3][item > 1]", 3), ("abs(-1)", 1), ("count([1, 2, 3, 4, 5, 6, 7])", 2), ("distinct values([1, 2, 3])", 1), ("(function(a) a)(1)", 3), ("for x in 1..20 return partial", 36)],
)  # fmt: skip
def test_what_a_text_costs(text: str, cost: int) -> None:
    budget = Budget(1000)
    run_with(decide(parse_decision(text), PLAIN), {}, at=AT, budget=budget)
    assert 1000 - budget.left == cost


# ── in doubt ──────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("one", "answer"),
    [(None, True), (Unknown("kinds"), True), (Decimal(0), False), ("", False), ((), False), ((None,), True), ((Decimal(1), (None,)), True), ({}, False), ({"a": None}, True), ({"a": {"b": (None,)}}, True), ({"a": 1}, False)],
)  # fmt: skip
def test_null_at_any_depth_makes_a_value_hollow(one: Any, answer: bool) -> None:
    assert hollow(one) is answer


def test_who_asks_whether_something_is_true_is_answered_or_doubts() -> None:
    assert [must(True), must(False)] == [True, False]
    for wrong in (None, Decimal(1), "true"):
        with pytest.raises(Doubt):
            must(wrong)
    assert full((Decimal(1), None)) is None
    assert full((Decimal(1),)) == (Decimal(1),)
    assert lacks((None, Decimal(1)), (False, False))
    assert not lacks((None, Decimal(1)), (True, False))
    assert not lacks((Decimal(1),), (False,))
    shrug = sure(Lambda(("a",), lambda args: args[0]))
    assert shrug.call((True,)) is True
    with pytest.raises(Doubt):
        shrug.call((None,))
    kept, wrapped = asked((Decimal(1), Lambda(("a",), lambda args: None)))
    assert kept == 1
    with pytest.raises(Doubt):
        wrapped.call((Decimal(1),))  # type: ignore[union-attr]  # it is a function
    assert says_null(parse_decision("null"))
    assert not says_null(parse_decision("1"))
    assert not says_null(parse_decision("a", ["a"]))
    assert str(Doubt(Words("一", "1"), Words("二", "2"))) == "一；二"


@pytest.mark.parametrize(
    ("text", "plain", "guarded"),
    [
        ("[1, null]", (1, None), (1, None)), ("[1, 1 / 0]", (1, None), None), ("if null then 1 else 2", 2, "doubt"), ("if 1 / 0 > 1 then 1 else 2", 2, "doubt"), ("1 / 0 = null", True, True), ("1 / 0 = 1", False, None), ("null = 1", False, False), ("1 / 0 in (1, 2)", False, None), ("1 in (1, 1 / 0)", True, True), ("2 in (1, 1 / 0)", False, None),
        ("1 / 0 in (null)", True, True), ("1 / 0 instance of number", False, None), ("1 / 0 instance of Null", True, True), ("[1, 2][1 / 0 > 1]", (), "doubt"), ("[][1 / 0 > 1]", (), ()), ("[][1]", None, None), ("[1, 2][2]", 2, 2), ("[1, 2][1 / 0]", (), "doubt"), ('[1, 2]["x"]', None, "doubt"), ("for x in [1, 0] return 1 / x", (1, None), None),
        ("count([1, 1 / 0])", 2, None), ("count([1, null])", 2, None), ("all([true, null])", None, None), ("all([false, 1 / 0 = 1])", False, None), ("not(null)", None, None), ("sort([1, 2], function(a, b) null)", (1, 2), "doubt"), ("abs(null)", None, None), ("string(null)", None, None), ("now().hour", 9, 9), ("today().day", 3, 3), ("[1, 2][item = 1 / 0]", (), "doubt"),
    ],
)  # fmt: skip
def test_null_is_false_for_the_standard_and_a_doubt_for_who_decides_alone(text: str, plain: Any, guarded: Any) -> None:
    assert value(text) == plain
    if guarded == "doubt":
        with pytest.raises(Doubt):
            value(text, guarded=True)
    else:
        assert value(text, guarded=True) == guarded


def test_without_a_moment_nobody_knows_the_time() -> None:
    run: Callable[[bool], Any] = lambda guarded: run_with(  # noqa: E731  (asked twice)
        decide(parse_decision("now()"), GUARDED if guarded else PLAIN), {}, at=None, budget=Budget()
    )
    assert run(False) is None
    with pytest.raises(Doubt):
        run(True)


@pytest.mark.parametrize(
    ("one", "test", "answer"),
    [
        (Decimal(2), Range(Decimal(1), Decimal(3), True, True), True), (Decimal(9), Range(Decimal(1), Decimal(3), True, True), False), (Range(Decimal(1), Decimal(3), True, True), Range(Decimal(1), Decimal(3), True, True), True), (Range(Decimal(1), Decimal(2), True, True), Range(Decimal(1), Decimal(3), True, True), False),
        (Decimal(2), (Decimal(1), Decimal(2)), True), (Decimal(2), (Range(Decimal(1), Decimal(3), True, True),), True), (Decimal(2), ((Decimal(2),),), True), ((Decimal(2),), (Decimal(2),), True), (Decimal(9), (Decimal(1),), False), (Decimal(2), Decimal(2), True), (Decimal(2), "2", None), (Decimal(2), True, True), (Decimal(2), False, False), (None, None, True), (None, Decimal(1), False),
    ],
)  # fmt: skip
def test_what_a_test_holds(one: Any, test: Any, answer: Any) -> None:
    assert holds(one, test) is answer


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("concatenate([1], null)", None), ("concatenate([1], 2)", (1, 2)), ("union([1], null)", None), ('number(from: "1,5", decimal separator: ",")', Decimal("1.5")), ('number(from: "1 000", grouping separator: " ")', 1000), ('substring(string: "abc", start position: 2)', "bc"), ('substring(start position: 2, length: 1)', None), ("abs()", None), ("abs(1, 2)", None), ("abs([1])", 1),
        ("abs([1, 2])", None), ("count(1)", 1), ("count(null)", None), ("sum([1, 2])", 3), ("sum(1, 2, 3)", 6), ("append([1], null)", (1, None)), ('replace("abc", "(?:a)(b)", "$1")', "bc"), ('matches("abb", "^(?:a)(b)\\\\1$")', True), ('matches("aba", "^(?:a)(b)\\\\1$")', False), ('matches("a", "a", null)', True), ('matches("a", null)', None), ("abs(n: [2])", 2), ("abs(m: 2)", None), ("abs(n: 1, m: 2)", None),
    ],
)  # fmt: skip
def test_arguments_fit_the_parameters_or_the_answer_is_null(text: str, expected: Any) -> None:
    assert value(text) == expected


def passes(cell: str, given: object, guarded: bool, **names: object) -> Any:
    scope = {**names, "?": given}
    return run_with(decide(parse_tests(cell, scope), GUARDED if guarded else PLAIN), scope, at=AT, budget=Budget())


@pytest.mark.parametrize(
    ("cell", "given", "plain", "guarded"),
    [
        ("-", None, True, True), ("1", 1, True, True), ("1", 2, False, False), ("1", None, False, None), ("= 1 / a", 1, False, None), ("!= 1 / a", 1, True, None), ("> 1 / a", 1, None, None), ("1 / a", 1, None, None), ("1, 1 / a", 1, True, True), ("1, 1 / a", 2, None, None), ("not(1 / a)", 2, None, None), ("not(1, 1 / a)", 1, False, False),
        ("null", None, True, True), ("null", 1, False, False), ("= null", None, True, True), ("not(null)", 1, True, True), ("[1..1 / a]", 1, None, None), ("[1..5]", None, None, None), ("? > 1 / a", 1, None, None), ("? = 1 / a", 1, False, None), ("? = 1", 1, True, True), ('"x"', 1, None, None), ("[1, 2]", 2, True, True), ("[1, null]", 1, True, None), ("true", True, True, True), ("true", False, False, False),
    ],
)  # fmt: skip
def test_cells_as_the_standard_has_them_and_in_doubt(cell: str, given: Any, plain: Any, guarded: Any) -> None:
    value_given = Decimal(given) if isinstance(given, int) and not isinstance(given, bool) else given
    assert passes(cell, value_given, False, a=Decimal(0)) is plain
    assert passes(cell, value_given, True, a=Decimal(0)) is guarded
