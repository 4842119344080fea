"""Conditions word by word: every node knows its place in the text, every function its kinds, every fault its column, and what
decided is told in the words of the text."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from yichuang.engine.feel import nodes as n
from yichuang.engine.feel.explain import free_names, shorten, show, walk
from yichuang.engine.feel.expression import compile_expression
from yichuang.engine.feel.kinds import (
    Unknown,
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
