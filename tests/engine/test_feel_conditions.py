"""Conditions word by word: every node knows its place in the text, every function its kinds, every fault its column, and what
decided is told in the words of the text."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from yichuang.engine.feel import nodes as n
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
from yichuang.engine.feel.explain import free_names, shorten, show, walk
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
from yichuang.engine.feel.parse import MAX_DEPTH, MAX_DIGITS, parse
from yichuang.engine.feel.scan import MAX_DECISION, MAX_LENGTH, ExpressionError, scan, unquote, unquote_wide
from yichuang.engine.feel.wide import parse_decision

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
LOCAL = datetime(2026, 11, 23, 12)  # noqa: DTZ001  (FEEL's local time)
DAY = date(2026, 11, 23)
UNKNOWN = Unknown("missing", "x")


# ── where things stand ────────────────────────────────────────────────────────────────────────────────────────────
def bare(tree: Any) -> Any:
    """The tree without its places."""
    if isinstance(tree, n.Node):
        own = [bare(getattr(tree, name)) for name in type(tree).__dataclass_fields__ if name not in {"start", "end"}]
        return (type(tree).__name__, *own)
    return tuple(bare(one) for one in tree) if isinstance(tree, tuple) else tree


CONDITIONS = [
    "a", "a.b.c", "1", "1.5", ".5", '"a b"', '@"2026-01-01"', "true", "null", "-a", "- - -a", "[]", "[1]", "[a, b + 1]", "[1..2]", "(1..2)", "]1..2[", "[1..2)", "(a..b + 1]",
    "a + b - c", "a * b / c", "(a + b) * c", "a * (b + c)", "(a) + (b)", "a < b", "(a) >= (b)", "(a + 1) != (b)", "a between 1 and 2", "(a) between (1) and (2)",
    "a in b", "(a) in (1, 2)", "a in (< 5, [1..2], \"x\")", "a in (1..5]", "a in >= 3", "a and b", "(a) and (b) and (c)", "a or b", "(a or b) and (c or d)", "not(a)", "not((a))",
    "if a then b else c", "if (a) then (b) else (c)", "count(a)", "years and months duration(a, b)", "count([1, (2)])", "some x in a satisfies x", "every x in (a), y in b satisfies (x = y)",
    "(a + 1).b", 'date("2026-01-01").year', "a in (b) and c", "a = b and c = d or e", "  a  +  b  ", "1 in (a) in b",
]  # fmt: skip
DECISIONS = [
    "a ** b", "(a) ** (b)", "a instance of number", "(a + 1) instance of list<number>", "a = b instance of number", "a[1]", "(a)[b = 1].c", "a(1)", "a(x: 1, y: (2))", "f(1)(2)", "{a: 1, b: (2)}",
    "for x in a return x", "for x in (1)..(3), y in [1] return (x)", "function(a, b: number) a", "function(a) external {}", "(< 5)", "(>= a + 1)", "some x in 1..3 satisfies (x)", "a.b c",
    "(function(x) x)(1)", "a[b][c]", "a.b[1].c", 'starts with("a", (b))', "if (a) = 1 then [1] else {a: 1}", "(a) + 1 instance of number", "@\"P1D\" * (2)",
]  # fmt: skip


@pytest.mark.parametrize("text", CONDITIONS)
def test_every_part_of_a_condition_stands_where_it_says(text: str) -> None:
    check_places(text, parse)


@pytest.mark.parametrize("text", [*CONDITIONS, *DECISIONS])
def test_every_part_of_a_decisions_text_stands_where_it_says(text: str) -> None:
    check_places(text, lambda part: parse_decision(part, ["b c"]))


def check_places(text: str, read: Callable[[str], Any]) -> None:
    """What stands between the two places of a part reads as that part."""
    tree = read(text)
    whole = text.strip()
    assert text[tree.start : tree.end] == whole or whole.startswith("(")
    for part in walk(tree):
        said = text[part.start : part.end]
        if isinstance(part, n.RangeOf) and " and " in said:  # of `between`
            assert said == text.split("between ")[1]
            continue
        if isinstance(part, n.Steps):
            assert said in {"1..3", "(1)..(3)"}
            continue
        if isinstance(part, n.Literal_) and part.value is None and not said:  # the open end of `(< 5)`
            continue
        assert said == said.strip()
        assert bare(read(said)) == bare(part), said


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("(a + 1) > 3", [("(a + 1) > 3", 1)]),
        ("x = 1 and (a + 1) > 3", [("x = 1", 1), ("(a + 1) > 3", 11)]),
        ("(a) in [1, 2]", [("(a) in [1, 2]", 1)]),
        ("(a > 1) and ((b > 2) or c)", [("a > 1", 2), ("b > 2", 15), ("c", 25)]),
        ("(a) between (1) and (2)", [("(a) between (1) and (2)", 1)]),
    ],
)
def test_what_is_told_of_a_condition_has_all_its_brackets(text: str, clauses: list[tuple[str, int]]) -> None:
    assert [(one.text, one.column) for one in compile_expression(text).holds({}).because] == clauses


# ── faults ────────────────────────────────────────────────────────────────────────────────────────────────────────
FAULTS = [
    ("", 1, "条件是空的", "The condition is empty"),
    ("  ", 1, "条件是空的", "The condition is empty"),
    ("a b", 3, "这里不应有“b”", "“b” does not belong here"),
    ("a and", 6, "条件没有写完", "The condition breaks off"),
    ("2 ** 3", 3, "不支持乘方", "Powers are not supported"),
    ("a == 1", 4, "相等写作一个 =", "Equality is a single ="),
    ("1 < a < 3", 7, "比较不能连写，请用 and 或 between", "Comparisons do not chain: use and, or between"),
    ("a = 1 = 2", 7, "比较不能连写，请用 and 或 between", "Comparisons do not chain: use and, or between"),
    ("a between 1 or 2", 13, "这里应为“and”，却是“or”", "Expected “and” here, found “or”"),
    ("(a", 3, "这里应为“)”，却是“结尾”", "Expected “)” here, found “the end”"),
    ("[1, 2", 6, "这里应为“]”，却是“结尾”", "Expected “]” here, found “the end”"),
    ("]1, 2]", 3, "这里应为“..”，却是“,”", "Expected “..” here, found “,”"),
    ("[1..2", 6, "条件没有写完", "The condition breaks off"),
    ("[1..2,", 6, "这里不应有“,”", "“,” does not belong here"),
    ("a in (1, 2", 11, "这里应为“)”，却是“结尾”", "Expected “)” here, found “the end”"),
    ("if a else b", 6, "这里应为“then”，却是“else”", "Expected “then” here, found “else”"),
    ("if a then b", 12, "这里应为“else”，却是“结尾”", "Expected “else” here, found “the end”"),
    ("not a", 1, "not 要写成 not(…)", "Write not(…) with brackets"),
    ("not(a, b)", 1, "函数“not”的参数个数不对：给了 2 个", "The function “not” does not take 2 arguments"),
    ("not()", 1, "函数“not”的参数个数不对：给了 0 个", "The function “not” does not take 0 arguments"),
    ("1 + foo(1)", 5, "没有“foo”这个函数", "There is no function “foo”"),
    ("date(1, 2, 3, 4)", 1, "函数“date”的参数个数不对：给了 4 个", "The function “date” does not take 4 arguments"),
    ("starts with(a)", 1, "函数“starts with”的参数个数不对：给了 1 个", "The function “starts with” does not take 1 arguments"),
    ("a and is defined(1)", 18, "is defined 只能问一个名称", "is defined asks about a name"),
    ("some x in a, y in b, z in c satisfies true", 1, "最多同时遍历两个列表", "At most two lists can be walked at once"),
    ("some 1 in a satisfies x", 6, "这里不应有“1”", "“1” does not belong here"),
    ("some then in a satisfies x", 6, "这里不应有“then”", "“then” does not belong here"),
    ("some x of a satisfies x", 8, "这里应为“in”，却是“of”", "Expected “in” here, found “of”"),
    ("some x in a", 12, "这里应为“satisfies”，却是“结尾”", "Expected “satisfies” here, found “the end”"),
    ("1 + then", 5, "这里不应有“then”", "“then” does not belong here"),
    ("1a", 2, "数字和名称连在了一起", "A number and a name run together"),
    ("1 + " + "1" * 35, 5, "数字太长，最多 34 位", "The number is too long: at most 34 digits"),
    ("1 + " + "." + "1" * 35, 5, "数字太长，最多 34 位", "The number is too long: at most 34 digits"),
    ('1 + @"soon"', 5, "“soon”不是日期，也不是时长", "“soon” is neither a date nor a duration"),
    ("1 + &", 5, "看不懂“&”。请用 and", "“&” means nothing here. Write “and”"),
    ("a | b", 3, "看不懂“|”。请用 or", "“|” means nothing here. Write “or”"),
    ("a ! b", 3, "看不懂“!”。请用 not(…)，不等于写作 !=", "“!” means nothing here. Write not(…); unequal is !="),
    ("a = 'b'", 5, "看不懂“'”。文字要用半角双引号", "“'” means nothing here. Text is written in double quotes"),
    ('a = "b', 5, "看不懂“\"”。文字缺少结束的双引号", "“\"” means nothing here. The text has no closing quote"),
    ("@a", 1, "看不懂“@”。@ 后面要跟双引号中的日期或时长", "“@” means nothing here. @ must be followed by a date or duration in quotes"),
    ("a # b", 3, "看不懂“#”", "“#” means nothing here"),
    ("a ＞ 3", 3, "这里是全角的“＞”，请改用半角的 >", "“＞” is a full-width sign; write >"),
    ("a = “b”", 5, "这里是全角的““”，请改用半角的 \"", "““” is a full-width sign; write \""),
    ("a " + "+ 1" * 1400, 4001, "条件太长，最多 4000 个字符", "The condition is too long: at most 4000 characters"),
    (r'1 + "a\q"', 7, r"不认识的转义 \q", r"Unknown escape \q"),
    (r'"\u12"', 2, r"不认识的转义 \u", r"Unknown escape \u"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "column", "zh", "en"), FAULTS)
def test_each_fault_of_a_condition_is_told_in_words_with_its_column(text: str, column: int, zh: str, en: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        compile_expression(text)
    assert (caught.value.column, caught.value.message.zh, caught.value.message.en) == (column, zh, en)
    assert str(caught.value) == f"第 {column} 列：{zh}"


def test_limits_of_conditions_are_where_they_are_said_to_be() -> None:
    assert compile_expression("a" * MAX_LENGTH).names == {"a" * MAX_LENGTH}
    assert compile_expression("1" * MAX_DIGITS).evaluate({}) == int("1" * MAX_DIGITS)
    assert compile_expression("1." + "1" * (MAX_DIGITS - 1)).evaluate({}) is not None
    assert compile_expression("(" * (MAX_DEPTH - 1) + "1" + ")" * (MAX_DEPTH - 1)).evaluate({}) == 1
    with pytest.raises(ExpressionError, match="嵌套太深，最多 40 层"):
        compile_expression("(" * MAX_DEPTH + "1" + ")" * MAX_DEPTH)
    many = ", ".join(["1"] * 100)
    assert compile_expression(f"sum({many})").evaluate({}) == 100
    with pytest.raises(ExpressionError, match="给了 101 个"):
        compile_expression(f"sum({many}, 1)")
    assert len(scan("a" * MAX_DECISION, wide=True)) == 2
    with pytest.raises(ExpressionError, match="最多 20000 个字符"):
        scan("a" * (MAX_DECISION + 1), wide=True)


def test_tokens_know_their_kind_and_place() -> None:
    told = [
        (one.kind, one.text, one.start, one.end, one.column) for one in scan('a1 >= .5 // x\n/* y\n */ and @"b\\"c"..')
    ]
    assert told == [
        ("name", "a1", 0, 2, 1), ("op", ">=", 3, 5, 4), ("number", ".5", 6, 8, 7), ("name", "and", 23, 26, 24), ("string", '@"b\\"c"', 27, 34, 28),
        ("op", "..", 34, 36, 35), ("end", "", 36, 36, 37),
    ]  # fmt: skip
    assert [one.text for one in scan("1e3 ?->{}:", wide=True)] == ["1e3", "?", "->", "{", "}", ":", ""]
    assert [one.text for one in scan("1e3")] == ["1", "e3", ""]
    assert [one.text for one in scan("\ufeffa\u200b🐎b", wide=True)] == ["a", "🐎b", ""]


@pytest.mark.parametrize(
    ("text", "said", "wide"),
    [
        (r'"a\"b"', 'a"b', 'a"b'), (r'"a\\b"', r"a\b", r"a\b"), (r'"a\/b"', "a/b", r"a\/b"), (r'"\n\r\t"', "\n\r\t", "\n\r\t"), (r'"\u4e00\u0041"', "一A", "一A"),
        (r'@"x"', "x", "x"), ('""', "", ""),
    ],
)  # fmt: skip
def test_escapes_in_texts(text: str, said: str, wide: str) -> None:
    assert unquote(scan(text)[0]) == said
    assert unquote_wide(scan(text, wide=True)[0]) == wide


def test_a_pair_of_codes_is_one_character_and_half_a_pair_is_refused() -> None:
    assert unquote_wide(scan(r'"\uD83D\uDC0E"', wide=True)[0]) == "🐎"
    assert unquote_wide(scan(r'"\U01F40E"', wide=True)[0]) == "🐎"
    for wrong in (r'"\uD83D"', r'"\U110000"'):
        with pytest.raises(ExpressionError, match="文字里的转义不对") as caught:
            unquote_wide(scan("  " + wrong, wide=True)[0])
        assert caught.value.column == 3


# ── names ─────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("text", "column", "zh"),
    [
        ("dog.breed = 1", None, ""),
        ("dog.breed.x = 1", None, ""),  # nothing is listed inside it: anything may stand there
        ("dog = 1", None, ""),
        ("owner.home.city = 1", None, ""),
        ("owner.home.street = 1", 1, "没有“owner.home.street”这个名称"),
        ("1 + dog.bred", 5, "没有“dog.bred”这个名称，是不是“dog.breed”？"),
        ("qqq = 1", 1, "没有“qqq”这个名称"),
        ("some d in dogs satisfies d.breed = 1", None, ""),
        ("some d in dogs satisfies e.breed = 1", 26, "没有“e.breed”这个名称，是不是“dog.breed”？"),
        ("some d in d satisfies true", 11, "没有“d”这个名称"),
    ],
)
def test_names_that_nobody_brings_are_refused_with_the_nearest(text: str, column: int | None, zh: str) -> None:
    names = {"dog.breed", "owner.home.city", "dogs"}
    if column is None:
        assert compile_expression(text, names=names).text == text
        return
    with pytest.raises(ExpressionError) as caught:
        compile_expression(text, names=names)
    assert caught.value.column == column
    assert caught.value.message.zh.startswith(zh)


def test_what_a_condition_reads() -> None:
    found = compile_expression("some x in a.b, y in x.c satisfies x.d = y and z.e > a.f")
    assert found.names == {"a", "z"}
    assert found.paths == {"a.b", "z.e", "a.f"}
    assert [one.path for one in free_names(parse("a + b + a"))] == [("a",), ("b",), ("a",)]


def test_the_truth_and_the_value_of_a_condition() -> None:
    found = compile_expression("a > 1")
    assert [found.truth({"a": one}) for one in (2, 1, "x")] == [True, False, None]
    assert compile_expression("a").truth({"a": 1}) is None
    assert compile_expression("a").evaluate({"a": 1}) == 1
    assert compile_expression("a").evaluate({}) is None
    assert bool(found.holds({"a": 2}))
    assert not bool(found.holds({"a": 1}))
    assert not bool(found.holds({}))


# ── words of what decided ─────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("text", "values", "zh", "en"),
    [
        ("a > 1", {"a": 2}, "“a > 1”成立（a 为 2）", "“a > 1” holds (a is 2)"),
        ("a > b", {"a": 1, "b": 2}, "“a > b”不成立（a 为 1，b 为 2）", "“a > b” does not hold (a is 1, b is 2)"),
        ("true", {}, "“true”成立", "“true” holds"),
        ("a > b", {"a": 1}, "“a > b”无法判断：缺少 b（a 为 1）", "“a > b” cannot be judged: b missing (a is 1)"),
        ("a > b", {}, "“a > b”无法判断：缺少 a、b", "“a > b” cannot be judged: a, b missing"),
        ("a > 1", {"a": "x"}, "“a > 1”无法判断：数据类型不符或无法计算（a 为 \"x\"）", "“a > 1” cannot be judged: the kinds of data do not fit (a is \"x\")"),
        ("a", {"a": 1}, "“a”无法判断：数据类型不符或无法计算（a 为 1）", "“a” cannot be judged: the kinds of data do not fit (a is 1)"),
        ("some d in ds satisfies d.x = 1", {"ds": [{}]}, "“some d in ds satisfies d.x = 1”无法判断：缺少 d.x（ds 为 [{…}]）",
         "“some d in ds satisfies d.x = 1” cannot be judged: d.x missing (ds is [{…}])"),
    ],
)  # fmt: skip
def test_what_decided_is_told_in_words(text: str, values: Any, zh: str, en: str) -> None:
    (clause,) = compile_expression(text).holds(values).because
    assert (clause.words.zh, clause.words.en) == (zh, en)


@pytest.mark.parametrize(
    ("text", "holds", "because"),
    [
        ("a and b and c", True, ["a", "b", "c"]), ("a and f and g", False, ["f", "g"]), ("a and u", None, ["u"]), ("f and u", False, ["f"]),
        ("f or g", False, ["f", "g"]), ("a or b or f", True, ["a", "b"]), ("f or u", None, ["u"]), ("a or u", True, ["a"]),
        ("not(a and f)", True, ["f"]), ("not(u)", None, ["u"]), ("not(a or f) or b", True, ["b"]),
    ],
)  # fmt: skip
def test_only_those_parts_are_told_that_decided(text: str, holds: bool | None, because: list[str]) -> None:
    verdict = compile_expression(text).holds({"a": True, "b": True, "c": True, "f": False, "g": False})
    assert verdict.holds is holds
    assert [one.text for one in verdict.because] == because
    assert all(one.holds is (None if one.text == "u" else one.text not in "fg") for one in verdict.because)


def test_long_parts_and_values_are_shortened() -> None:
    assert shorten("a" * 120) == "a" * 120
    assert shorten("a" * 121) == "a" * 120 + "…"
    assert shorten("abc", 2) == "ab…"
    text = "x = " + '"' + "长" * 200 + '"'
    (clause,) = compile_expression(text).holds({"x": "短"}).because
    assert clause.text == text[:120] + "…"
    assert show(Decimal(10) ** 50) == "1" + "0" * 39
    assert show(Unknown("kinds")) == "?"
    assert show((1, 2, 3, 4, 5)) == "[{…}, {…}, {…}, {…}, {…}]"  # type: ignore[arg-type]  # ints are no values
    assert show(tuple(Decimal(one) for one in range(5))) == "[0, 1, 2, 3, 4]"
    assert show(timedelta(days=1, seconds=1)) == "P1DT1S"
    assert show((((Decimal(1),),),)) == "[[[1]]]"


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
        ('date and time("2026-01-31T09:00:00")', datetime(2026, 1, 31, 9)), ('date and time("2026-01-31T09:00")', datetime(2026, 1, 31, 9)), ('date and time("2026-01-31")', None), ("date and time(m)", NOON), ("date and time(d)", None),  # noqa: DTZ001
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
