"""The publishing check: gaps, overlaps, examples, and every fault at once with its place."""

import time
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.decisions import table

from yichuang.engine.values import Example, Report, check_decision, one_budget

AGE = {"年龄": "number"}


def check(
    rows: list[Any], inputs: dict[str, str] | None = None, examples: tuple[Example, ...] = (), **more: Any
) -> Report:
    return check_decision(table(rows, inputs or AGE, **more), "准入", examples)


def codes(report: Report) -> list[str]:
    return [fault.code for fault in report.faults]


def test_a_whole_table_is_fine() -> None:
    report = check([("< 16", '"a"'), (">= 16", '"b"')])
    assert report.fine
    assert report.faults == ()


@pytest.mark.parametrize(
    ("rows", "inputs", "said"),
    [
        ([("< 16", '"a"'), ("> 16", '"b"')], AGE, "年龄 为 16"),
        ([("[1..5]", '"a"'), ("> 5", '"b"')], AGE, "年龄 为 0"),
        ([("< 5", '"a"'), ("> 7", '"b"')], AGE, "年龄 为 5"),
        ([('"甲"', '"a"'), ('"乙"', '"b"')], {"类型": "string"}, "类型 为别的文字"),
        ([("true", '"a"')], {"有": "boolean"}, "有 为 false"),
        ([('< @"2026-01-01"', '"a"'), ('> @"2026-01-02"', '"b"')], {"日": "date"}, "日 为 2026-01-01"),
        ([('< @"P1Y"', '"a"'), ('> @"P1Y"', '"b"')], {"期": "years and months duration"}, "期 为 P12M"),
        (
            [("< 16", "true", '"a"'), (">= 16", "-", '"b"')],
            {"年龄": "number", "有": "boolean"},
            "年龄 为 15、有 为 false",
        ),
    ],
)
def test_a_gap_is_told_by_an_example_and_warns(rows: list[Any], inputs: dict[str, str], said: str) -> None:
    report = check(rows, inputs)
    assert codes(report) == ["GAP"]
    assert said in report.faults[0].words.zh
    assert report.fine


def test_there_is_no_gap_between_two_days_nor_outside_of_what_is_allowed() -> None:
    assert codes(check([('<= @"2026-01-01"', '"a"'), ('>= @"2026-01-02"', '"b"')], {"日": "date"})) == []
    kinds = '<itemDefinition name="tKind"><typeRef>string</typeRef><allowedValues><text>"甲","乙"</text></allowedValues></itemDefinition>'
    assert codes(check([('"甲"', '"a"'), ('"乙"', '"b"')], {"类型": "tKind"}, items=kinds)) == []
    ages = '<itemDefinition name="tAge"><typeRef>number</typeRef><allowedValues><text>[0..150]</text></allowedValues></itemDefinition>'
    assert codes(check([("< 16", '"a"'), ("[16..150]", '"b"')], {"年龄": "tAge"}, items=ages)) == []
    assert codes(check([("< 16", '"a"')], default='"b"')) == []


def test_an_overlap_stops_a_table_whose_rows_must_exclude_each_other() -> None:
    report = check([("< 16", '"a"'), (">= 10", '"b"')])
    assert not report.fine
    fault = report.faults[0]
    assert (fault.code, fault.row) == ("OVERLAP", 2)
    assert fault.words.zh == "第 1 行和第 2 行同时符合，例如 年龄 为 10"
    assert fault.words.en == "Rows 1 and 2 fit at the same time, for example 年龄 is 10"
    assert codes(check([("< 16", '"a"'), (">= 10", '"a"')], policy="ANY")) == []
    assert codes(check([("< 16", '"a"'), (">= 10", '"b"')], policy="ANY")) == ["OVERLAP"]
    assert codes(check([("< 16", '"a"'), (">= 10", '"b"')], policy="FIRST")) == []


def test_every_fault_is_told_at_once_with_row_and_column() -> None:
    report = check([("< < 16", '"a"'), ("< 年纪", "b"), ('"x"', "5")])
    assert {(fault.row, fault.column) for fault in report.faults} == {(1, 1), (2, 1), (2, 2), (3, 1), (3, 2)}
    assert "没有“年纪”" in next(fault.words.zh for fault in report.faults if (fault.row, fault.column) == (2, 1))
    assert all(fault.words.en and fault.line for fault in report.faults)


def test_examples_have_to_be_green() -> None:
    rows = [("< 16", '"a"'), (">= 16", '"b"')]
    good = (Example("成年", {"年龄": 20}, "b"), Example("没有年龄", {}, None))
    assert check(rows, examples=good).fine
    red = check(rows, examples=(*good, Example("错", {"年龄": 20}, "a"), Example("也错", {}, "a")))
    assert codes(red) == ["EXAMPLE", "EXAMPLE"]
    assert not red.fine
    assert "由人决定" in red.faults[1].words.zh


def test_a_table_too_large_to_walk_says_so() -> None:
    inputs = {f"n{at}": "number" for at in range(12)}
    rows = [(*(f"> {(row * 7 + at * 3) % 50}" for at in range(12)), '"x"') for row in range(40)]
    assert "UNCHECKED" in codes(check(rows, inputs, policy="UNIQUE")) or "OVERLAP" in codes(check(rows, inputs))


cells = st.sampled_from(["-", "< 2", "<= 2", "> 1", ">= 3", "[1..2]", "(0..3)", "1", "not(2)", "0, 3"])


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(cells, cells), min_size=1, max_size=5))
def test_gaps_and_overlaps_are_those_that_trying_everything_finds(rows: list[tuple[str, str]]) -> None:
    inputs = {"a": "number", "b": "number"}
    report = check([(*row, f'"{at}"') for at, row in enumerate(rows)], inputs)
    grid = [n / 2 for n in range(-2, 10)]  # every bound, and between and beyond them
    hits = [sum(naive(row[0], a) and naive(row[1], b) for row in rows) for a, b in product(grid, grid)]
    assert ("GAP" in codes(report)) == (0 in hits)
    assert ("OVERLAP" in codes(report)) == any(count > 1 for count in hits)


def naive(cell: str, n: float) -> bool:
    return {
        "-": True, "< 2": n < 2, "<= 2": n <= 2, "> 1": n > 1, ">= 3": n >= 3, "[1..2]": 1 <= n <= 2, "(0..3)": 0 < n < 3,
        "1": n == 1, "not(2)": n != 2, "0, 3": n in (0, 3),
    }[cell]  # fmt: skip


def costly(rows: int, loops: int = 500) -> bytes:
    """A table all of whose results have to be worked out, each for so many steps."""
    return table([("-", f"string(count(for i in 1..{loops} return i))")] * rows, AGE, policy="COLLECT")


EXAMPLES = tuple(Example(f"例{n}", {"年龄": n}, None) for n in range(200))


def test_a_check_has_one_budget_for_all_its_cells_and_examples() -> None:
    """Each example stays below what one evaluation may cost; all together would take minutes."""
    begun = time.process_time()
    report = check_decision(costly(100), "准入", EXAMPLES)
    assert time.process_time() - begun < 20
    told = report.faults[-1]
    assert (told.code, told.warns, report.fine) == ("TOO_COSTLY", False, False)
    assert "1000000" in told.words.zh
    assert "steps" in told.words.en
    assert codes(check_decision(costly(100), "准入", EXAMPLES[:1])) == ["EXAMPLE"]


def test_what_is_checked_within_a_budget_shares_it() -> None:
    with one_budget(3000) as budget:
        assert codes(check_decision(costly(1), "准入", EXAMPLES[:2])) == ["EXAMPLE"] * 2
        assert not budget.over
        report = check_decision(costly(1), "准入", EXAMPLES[:20])
        assert (budget.over, codes(report)[-1]) == (True, "TOO_COSTLY")
        with one_budget() as same:  # nobody helps themselves to a second one
            assert same is budget
    assert codes(check_decision(costly(1), "准入", EXAMPLES[:2])) == ["EXAMPLE"] * 2  # the next check has its own


def test_a_decision_that_is_made_is_not_bounded_by_anybodys_check() -> None:
    decision = check_decision(costly(100), "准入").decision
    assert decision is not None
    with one_budget(10):
        assert not decision.decide({"年龄": 1}).decided
    for _ in range(3):
        assert decision.decide({"年龄": 1}).decided
