"""FEEL at its limits: one argument too many, a text as long as may be, the last day there is, the signs of a block."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.engine.test_feel_edges import value

from yichuang.engine.feel.arith import calculate
from yichuang.engine.feel.budget import MAX_ITEMS, MAX_TEXT
from yichuang.engine.feel.infer import remarks_on
from yichuang.engine.feel.kinds import Range
from yichuang.engine.feel.library.ranges import inside
from yichuang.engine.feel.sums import count_up
from yichuang.engine.feel.types import Basic, Limited, ListType, World
from yichuang.engine.feel.wide import parse_decision
from yichuang.engine.values import ExpressionError, compile_expression

NUMBER = Basic("number")
BLOCKS = (
    "BasicLatin", "Latin-1Supplement", "LatinExtended-A", "LatinExtended-B", "Greek", "GreekandCoptic", "Cyrillic", "Hebrew",
    "Arabic", "CJKSymbolsandPunctuation", "Hiragana", "Katakana", "HangulSyllables", "CJKUnifiedIdeographs",
)  # fmt: skip
ALL_SIGNS = "".join(chr(code) for code in range(0x10000) if not 0xD800 <= code < 0xE000)
# how many arguments a function of conditions takes: the least, the most
ARGUMENTS = {
    "is defined": (1, 1), "date": (1, 3), "date and time": (1, 1), "duration": (1, 1), "years and months duration": (2, 2),
    "string": (1, 1), "number": (1, 1), "string length": (1, 1), "upper case": (1, 1), "lower case": (1, 1), "contains": (2, 2),
    "starts with": (2, 2), "ends with": (2, 2), "substring": (2, 3), "abs": (1, 1), "floor": (1, 1), "ceiling": (1, 1),
    "count": (1, 1), "list contains": (2, 2), "sum": (1, 99), "mean": (1, 99), "min": (1, 99), "max": (1, 99), "all": (1, 1), "any": (1, 1),
}  # fmt: skip


def taken(name: str, many: int) -> bool:
    try:
        compile_expression(f"{name}({', '.join(['a'] * many)})")
    except ExpressionError:
        return False
    return True


@pytest.mark.parametrize("name", ARGUMENTS)
def test_a_function_of_conditions_takes_no_fewer_and_no_more_arguments_than_it_has(name: str) -> None:
    least, most = ARGUMENTS[name]
    tried = [many for many in (least - 1, least, most, most + 1) if many < 100]
    assert [taken(name, many) for many in tried] == [least <= many <= most for many in tried]


@pytest.mark.parametrize("text", ['a."b"', "a.(b)", "a.[1]", "a.", "a.b."])
def test_behind_a_dot_stands_a_name(text: str) -> None:
    with pytest.raises(ExpressionError):
        compile_expression(text)


@pytest.mark.parametrize("name", BLOCKS)
def test_a_block_begins_and_ends_with_a_row_of_sixteen_signs_as_unicode_has_it(name: str) -> None:
    found = value("replace(s, p, r)", s=ALL_SIGNS, p=f"\\P{{Is{name}}}", r="")
    assert ord(found[0]) % 16 == 0
    assert (ord(found[-1]) + 1) % 16 == 0
    assert len(found) == ord(found[-1]) - ord(found[0]) + 1


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        (r"^[\t-\r]$", "\n", True),
        (r"^[\t-\r]$", "-", False),
        (r"^[+-\-]$", ",", True),
        (r"^[\d-a]$", "-", True),
        (r"^[\d-a]$", "7", True),
        (r"^[\p{Lu}-a]$", "-", True),
        ("\\²", "²", None),  # a digit that counts nothing
    ],
)
def test_a_hyphen_between_single_signs_is_from_one_to_the_other(pattern: str, text: str, found: bool | None) -> None:
    assert value("matches(s, p)", s=text, p=pattern) is found


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        (r"\\[ ]b", "\\ b", True),  # the backslash stands for itself: the bracket opens, its blank counts
        (r"\\[ ] b", "\\ b", True),
        (r"\\\[ b", "\\[b", True),
        (r"\ [ b", "[b", True),  # what is left out is left out before anything is read
        (r"[\] ] b", " b", True),
    ],
)
def test_without_blanks_a_pattern_means_what_it_would_have_meant(pattern: str, text: str, found: bool) -> None:
    assert value('matches(s, p, "x")', s=text, p=pattern) is found


def test_a_thousand_times_is_the_most_that_is_asked_for() -> None:
    assert value('matches("a", "a{1000,}")') is False
    assert value('matches("a", "a{1001,}")') is None


def test_a_name_made_here_hides_a_function_of_the_language() -> None:
    assert value("{abs: function(x) x + 1, r: abs(1)}.r = 2") is True


def test_a_text_of_a_list_is_as_long_as_may_be_and_not_longer() -> None:
    whole = "a" * (MAX_TEXT - 4)  # two quotes, two brackets
    assert len(value("string(s)", s=(whole,))) == MAX_TEXT
    assert value("string(s)", s=(whole + "a",)) is None


def test_the_end_of_the_last_day_is_no_moment() -> None:
    assert value('date and time("9999-12-31T24:00:00")') is None
    assert value('date and time("9999-12-31T23:59:59").day') == 31
    assert value('date and time("9999-12-30T24:00:00").day') == 31


@pytest.mark.parametrize("op", ["<", "<=", ">", ">=", "=", "!="])
def test_a_number_lies_in_an_open_range_as_it_compares(op: str) -> None:
    said = {
        "<": [True, False, False],
        "<=": [True, True, False],
        ">": [False, False, True],
        ">=": [False, True, True],
        "=": [False, True, False],
        "!=": [True, False, True],
    }[op]
    span = value(f"({op} 5)")
    assert [inside(Decimal(n), span) for n in (4, 5, 6)] == said
    assert [value("n in s", n=Decimal(n), s=span) for n in (4, 5, 6)] == said


def test_a_type_with_limits_is_the_same_wherever_it_is_read() -> None:
    def one(limit: str, base: Any = NUMBER) -> Limited:
        return Limited(base, lambda _: True, limit)

    assert one("< 5") == one("< 5")
    assert one("< 5") != one("< 6")
    assert one("< 5") != one("< 5", Basic("string"))


def test_a_condition_is_the_same_however_its_names_were_checked() -> None:
    assert compile_expression("a > 1") == compile_expression("a > 1", names=["a", "b"])
    assert compile_expression("a > 1") != compile_expression("a > 2")


def test_a_loop_counts_as_far_as_a_list_may_be_long_and_no_further() -> None:
    far, first = Decimal(MAX_ITEMS), date(2000, 1, 1)
    assert [len(list(count_up(low, high) or ())) for low, high in ((Decimal(0), far), (far, Decimal(0)))] == [
        MAX_ITEMS + 1
    ] * 2
    assert count_up(Decimal(0), far + 1) is None
    assert len(list(count_up(first, first + timedelta(MAX_ITEMS)) or ())) == MAX_ITEMS + 1
    assert count_up(first + timedelta(MAX_ITEMS + 1), first) is None


@pytest.mark.parametrize(
    "text",
    [
        "for i in [1.5..3] return i",  # no whole number to begin with
        'for i in ["a".."c"] return i',
        'sum([1, "a", 2])',  # what does not add up is not begun anew
        'sum([@"P1D", 1, @"P2D"])',
        '(function(a: number) a)(@"2026-01-01")',  # only a moment is made of a day
        '(function(a: time) a)(@"2026-01-01")',
        'range("[\\"..\\"a\\"]")',  # one quote is no text
        'range("[12]")',
        'number("1,5", ",", ",")',  # one sign for two things
        'duration("P1DT")',
        'duration("P1YT")',
    ],
)
def test_what_cannot_be_worked_out_is_nothing(text: str) -> None:
    assert value(text) is None


@pytest.mark.parametrize(
    ("pattern", "length", "taken_"),
    [
        ("a{0,999}", 4000, True),  # 4000 places, a thousand ways each
        ("a{0,999}", 4001, False),
        ("(a|b)(c|d)(e|f)(g|h)(i|j)", 200_000, True),  # which of them it is, is seen at their first sign
        ("(a|aa)(c|cc)(e|ee)(g|gg)(i|ii)", 200_000, False),
    ],
)
def test_alternatives_cost_when_they_begin_alike(pattern: str, length: int, taken_: bool) -> None:
    assert (value("matches(s, p)", s="x" * length, p=pattern) is not None) is taken_


@pytest.mark.parametrize("part", ["hours", "minutes", "weekdays", "tzinfo"])
def test_a_moment_has_the_parts_of_a_moment_only(part: str) -> None:
    moment = datetime(2026, 3, 4, 5, 6, 7)  # noqa: DTZ001  (without a zone)
    assert compile_expression(f"m.{part} = null").holds({"m": moment}).holds is None
    assert compile_expression("m.hour = 5 and m.minute = 6 and m.second = 7").holds({"m": moment}).holds is True


@pytest.mark.parametrize(("op", "right", "expected"), [("*", Decimal(2), 6), ("/", Decimal(3), 1)])
def test_a_microsecond_counts(op: str, right: Decimal, expected: int) -> None:
    tick = timedelta(microseconds=1)
    assert calculate(op, 3 * tick, right) == expected * tick
    assert calculate("/", 3 * tick, 2 * tick) == Decimal("1.5")


@pytest.mark.parametrize(
    ("text", "kind"), [("l[1]", NUMBER), ("l[true]", ListType(NUMBER)), ("l[item > 1]", ListType(NUMBER))]
)
def test_one_is_picked_by_its_place_and_several_by_a_test(text: str, kind: Any) -> None:
    assert remarks_on(parse_decision(text, ["l"]), {"l": ListType(NUMBER)}, World())[0] == kind


def test_names_that_are_made_here_may_hold_signs() -> None:
    assert value("(for a-b in [1, 2] return a-b * 2) = [2, 4]") is True
    assert value("(function(dog's age) dog's age + 1)(3) = 4") is True


@pytest.mark.parametrize(
    ("number", "text"),
    [("1E+59", "1" + "0" * 59), ("1E+60", "1E+60"), ("1E-39", "0." + "0" * 38 + "1"), ("1E-40", "1E-40")],
)
def test_a_number_is_written_in_digits_where_that_stays_short(number: str, text: str) -> None:
    assert value("string(n)", n=Decimal(number)) == text


@pytest.mark.parametrize("name", ["before", "after", "includes", "coincides", "meets"])
def test_truth_values_stand_in_no_order(name: str) -> None:
    truths = Range(True, True, True, True)
    assert value(f"{name}(a, b)", a=truths, b=truths) is None


def deepest(fields: int) -> int:
    """How many lists may stand in each other in the last field of a type with so many fields before it."""
    before = "".join(f"f{at}: number, " for at in range(fields))
    for lists in range(60):
        try:
            parse_decision(f"1 instance of context<{before}z: {'list<' * lists}number{'>' * lists}>", [])
        except ExpressionError:
            return lists - 1
    return 60


def test_how_deep_types_may_stand_in_each_other_does_not_depend_on_what_stands_beside_them() -> None:
    assert 20 < deepest(0) == deepest(60) < 40
