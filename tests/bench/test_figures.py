"""The bench's arithmetic and what it says about a bar: never a pass that is none."""

import pytest
from bench.ceiling import _change, _plain, _vary
from bench.figures import Result, Round, percentile, table
from bench.stack import _counted, _short


def result(*ratios, bar=10.0, faults=()):
    made = Result("worklist", "a list", bar, faults=list(faults))
    made.rounds = [Round(app=ratio * 0.75, database=ratio * 0.25, ceiling=1.0) for ratio in ratios]
    made.take([r.ratio for r in made.rounds])
    return made


def test_the_median_counts_and_the_spread_is_told():
    made = result(30, 8, 9)
    assert (made.value, made.low, made.high) == (9, 8, 30)
    assert made.verdict == "meets the bar"


@pytest.mark.parametrize(
    ("ratio", "verdict"),
    [
        (10, "meets the bar"),
        (10.04, "BAR NOT MET: 1.00× the bar"),
        (21, "BAR NOT MET: 2.10× the bar"),
    ],
)
def test_a_missed_bar_is_said_plainly(ratio, verdict):
    made = result(ratio)
    assert (made.verdict, made.missed) == (verdict, verdict != "meets the bar")


def test_a_wrong_answer_makes_the_figure_worthless():
    made = result(1, faults=["3 of 9 answers were wrong"])
    assert made.verdict.startswith("INVALID")
    assert "INVALID" in table([made])


@pytest.mark.parametrize(("share", "found"), [(0.5, 50), (0.99, 99), (1.0, 100)])
def test_percentiles_are_values_that_were_seen(share, found):
    assert percentile(list(range(100, 0, -1)), share) == found


def test_there_is_no_percentile_of_nothing():
    with pytest.raises(ValueError, match="no values"):
        percentile([], 0.5)


def test_pgbench_finds_no_variable_in_a_literal():
    assert _plain("'k1:intl:abc'") == "U&'k1\\003Aintl\\003Aabc'"
    assert _plain("'plain'") == "'plain'"
    assert _plain(r"E'\\x3a:b'") == r"U&'\\x3a\003Ab'"


def test_a_counter_goes_on_counting_and_a_text_is_set():
    assert _change("value", "'41'", "'42'") == '"value" + 1'
    assert _change("state", "'open'", "'done'") == "'done'"


def test_what_must_be_unique_differs_in_each_transaction():
    assert ":n" in _vary("'440303-20261122-A-000001-7'", 0)
    assert _vary("NULL", 0) == "NULL"


def test_a_statement_in_the_report_holds_nobodys_data():
    short = _short(
        """SELECT "a"."id", "a"."name" FROM "a" WHERE ("a"."name" = '张''晓' AND "a"."day" = '2026-01-01'::date)"""
    )
    assert "张" not in short
    assert "2026" not in short


def test_statements_of_several_lines_are_counted_each():
    """Found by the search's: the line break at its end took the next entry of the log with it."""
    entry = "2026 LOG:  execute hot1: \n\t    SELECT term\n\t    FROM words\n\t\n2026 DETAIL:  parameters: $1 = 'x'\n"
    assert _counted(entry * 6, 3).queries == 2
