"""Conditions: what holds, what does not, and what nobody can know."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from yichuang.engine.values import ExpressionError, compile_expression

DOG = {"dog": {"breed": "柯基", "age": 4, "next_due": "2026-12-01"}, "犬只数量": 1, "today": date(2026, 11, 22)}


def holds(text: str, **values: object) -> bool | None:
    return compile_expression(text).holds(values).holds


@pytest.mark.parametrize(
    "text",
    [
        'dog.breed != "藏獒" and 犬只数量 < 2',
        'not(dog.breed in ["藏獒", "比特"])',
        'dog.breed in ("柯基", "柴犬")',
        "dog.age in [1..4]",
        "dog.age in ]3..5[",
        "dog.age in (3..4]",
        "dog.age in (< 2, >= 4)",
        "dog.age in >= 4",
        "dog.age between 1 and 4 and 犬只数量 = 1",
        'date(dog.next_due) > today + duration("P7D")',
        'date(dog.next_due) - today = duration("P9D")',
        "today.year = 2026 and today.weekday = 7",
        'if dog.age > 3 then dog.breed = "柯基" else false',
        "0.1 + 0.2 = 0.3",
        "1 / 3 * 3 != 2 and -(-2) = 2 and 7 - 2 - 1 = 4 and 2 + 3 * 4 = 14",
        'count(["a", "b"]) = 2 and sum([1, 2, 3]) = 6 and min(3, 1, 2) = 1 and max([@"P1D", @"P2D"]) = @"P2D"',
        'starts with("440305", "4403") and ends with("a.pdf", ".pdf") and contains("养犬登记", "登记")',
        'string length("𠮷𠮷") = 2 and substring("440305199001011234", 7, 8) = "19900101"',
        "list contains([1, 2], 2) and any([false, true]) and not(all([true, false]))",
        "some n in [1, 2, 3] satisfies n > 犬只数量 + 1",
        "every n in [1, 2], m in [3, 4] satisfies n < m",
        'years and months duration(date("1990-05-01"), today).years >= 18',
        "is defined(dog.age) and not(is defined(dog.chip)) and not(is defined(owner.name))",
        'upper case("ab") + lower case("CD") = "ABcd"',
        'date and time("2026-11-22T09:00:00+08:00") + duration("PT1H") < date and time("2026-11-22T02:00:01Z")',
        'number("3.50") = 3.5 and string(2) = "2" and floor(-1.5) = -2 and ceiling(1.2) = 2 and abs(-3) = 3',
        "null = null and not(1 = null) and 1 != null",
        "true // 注释\n /* 也行 */ and not(false)",
    ],
)
def test_these_hold(text: str) -> None:
    assert compile_expression(text).holds(DOG).holds is True


@pytest.mark.parametrize(
    "text",
    [
        "owner.age < 60",  # no such name
        "dog.chip = null",  # missing is not null
        "not(dog.chip = 1)",
        "dog.breed < 3",  # kinds that do not fit
        'dog.age = "4"',
        'dog.age != "4"',
        "dog.age",  # not a truth value
        "dog",
        "dog.age / 0 > 1",
        'date("2026-02-30") < today',
        'today < date and time("2026-01-01T00:00:00")',
        "if dog.chip then true else true",
        "dog.age in [dog.chip, 4]",
        "count([dog.chip]) = 1",
        "min([]) < 3",
        "null < 3",
        "true and dog.chip = 1",
        "false or dog.age",
        'date("9999-12-31") + duration("P1D") > today',
        "every n in dog.age satisfies true",
    ],
)
def test_nobody_knows_so_it_is_not_true(text: str) -> None:
    verdict = compile_expression(text).holds(DOG)
    assert verdict.holds is None
    assert not verdict


def test_one_false_decides_a_conjunction_and_one_true_an_alternative_whatever_is_missing() -> None:
    assert holds("x = 1 and false") is False
    assert holds("x = 1 or true") is True
    assert holds("x = 1 in [true]") is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 0.10", Decimal("1.10")),
        ('date("2026-01-31") + duration("P1M")', date(2026, 2, 28)),
        ('duration("P1M") + date("2024-01-31")', date(2024, 2, 29)),
        ('date("2026-03-31") - @"P1Y1M"', date(2025, 2, 28)),
        ('date("2026-02-13") + @"P5D"', date(2026, 2, 18)),
        ('@"P2D" * 1.5', timedelta(days=3)),
        ('@"P3D" / @"P2D"', Decimal("1.5")),
        ('date and time("2026-01-01T23:30:00") + @"PT1H"', datetime(2026, 1, 2, 0, 30)),  # noqa: DTZ001  (FEEL's local time)
        ("dogs.age", (Decimal(1), Decimal(4))),
        ('"证" + "照"', "证照"),
        ("12345678901234567890.12 + 0.01", Decimal("12345678901234567890.13")),
    ],
)
def test_values(text: str, value: object) -> None:
    assert compile_expression(text).evaluate({"dogs": [{"age": 1}, {"age": 4}]}) == value


def test_the_verdict_names_the_part_that_failed_and_what_it_saw() -> None:
    verdict = compile_expression('犬只数量 < 2 and not(dog.breed in ["柯基"]) and dog.age > 1').holds(DOG)
    (clause,) = verdict.because
    assert (clause.text, clause.column, clause.holds) == ('dog.breed in ["柯基"]', 18, True)
    assert clause.seen == (("dog.breed", "柯基"),)
    assert clause.words.zh == '“dog.breed in ["柯基"]”成立（dog.breed 为 "柯基"）'
    assert clause.words.en == '“dog.breed in ["柯基"]” holds (dog.breed is "柯基")'


def test_the_verdict_names_every_missing_name() -> None:
    verdict = compile_expression("a > 1 and b.c = 2").holds({"b": {}})
    assert [clause.missing for clause in verdict.because] == [("a",), ("b.c",)]
    assert verdict.because[1].words.en == "“b.c = 2” cannot be judged: b.c missing"


def test_names_and_paths_are_told_without_those_that_a_quantifier_brings() -> None:
    expression = compile_expression("some d in dogs satisfies d.age > limit and dog.breed = limit")
    assert expression.names == {"dogs", "limit", "dog"}
    assert expression.paths == {"dogs", "limit", "dog.breed"}


@pytest.mark.parametrize(
    ("text", "column", "part"),
    [
        ("", 1, "空"),
        ("犬龄 ＝ 3", 4, "全角"),
        ("x == 3", 4, "一个 ="),
        ("x < < 16", 5, "不应有"),
        ("x < 16,", 7, "不应有"),
        ("1 < x < 3", 7, "连写"),
        ("not x", 1, "not(…)"),
        ("x and", 6, "没有写完"),
        ("(x", 3, "应为“)”"),
        ('"abc', 1, "引号"),
        (r'"a\q"', 3, "转义"),
        ("x ! y", 3, "not"),
        ("__import__(1)", 1, "函数"),
        ("count(1, 2)", 1, "参数"),
        ("2 ** 3", 3, "乘方"),
        ("3岁", 2, "连在"),
        ('@"P1Y3D"', 1, "时长"),
        ("1" * 35, 1, "太长"),
        ("(" * 50 + "1" + ")" * 50, 41, "太深"),
        ("x + " * 2000 + "x", 4001, "太长"),
        ("is defined(1 + 1)", 12, "名称"),
        ("if x then 1", 12, "else"),
        ("some a in b, c in d, e in f satisfies true", 1, "两个列表"),
    ],
)
def test_a_fault_is_told_with_its_column_in_both_languages(text: str, column: int, part: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        compile_expression(text)
    assert caught.value.column == column
    assert part in caught.value.message.zh
    assert caught.value.message.en
    assert caught.value.message.en != caught.value.message.zh


def test_unknown_names_are_refused_with_a_hint() -> None:
    names = {"dog.breed", "dog.age", "answers", "today"}
    assert compile_expression('dog.breed = "a" and answers.q1 and is defined(dog)', names=names).names >= {"dog"}
    with pytest.raises(ExpressionError) as caught:
        compile_expression('today > x and dog.bred = "柯基"', names=names | {"x"})
    assert (caught.value.column, caught.value.message.zh) == (15, "没有“dog.bred”这个名称，是不是“dog.breed”？")


def test_long_chains_do_not_exhaust_the_stack() -> None:
    assert compile_expression("+".join(["1"] * 1900)).evaluate({}) == 1900
    assert holds(" and ".join(["x"] * 600), x=True) is True
    assert compile_expression("x" + ".a" * 1500).evaluate({"x": {}}) is None


def test_values_nested_beyond_reason_are_unknown() -> None:
    deep: list[object] = []
    for _ in range(5000):
        deep = [deep]
    assert holds("x = x", x=deep) is None
    assert compile_expression("count(x)").evaluate({"x": deep}) is None


def test_one_in_another_in_another_costs_no_more_than_all_rounds_together() -> None:
    """Each alone may have ten thousand rounds; a condition of three must not have a million million."""
    from time import process_time

    from yichuang.engine.feel.budget import one_budget

    items, began = {"n": list(range(1000))}, process_time()
    hot = compile_expression("some i in n satisfies some j in n satisfies some k in n satisfies i + j + k = -1")
    assert hot.truth(items) is None
    assert process_time() - began < 5
    with one_budget(100) as budget:
        assert hot.truth(items) is None
        assert budget.over
    assert compile_expression("some i in n satisfies some j in n satisfies i + j = 1998").truth({"n": [999, 1]}) is True


def test_a_budget_of_time_ends_what_has_steps_left() -> None:
    from yichuang.engine.feel.budget import ROUNDS, OutOfSteps, one_budget, toil

    with one_budget(seconds=0.0), pytest.raises(OutOfSteps):
        for _ in range(ROUNDS):
            toil(1)
    with one_budget(seconds=60.0) as budget:
        for _ in range(ROUNDS * 2):
            toil(1)
        assert not budget.over
    toil(10**9)  # nobody counts
