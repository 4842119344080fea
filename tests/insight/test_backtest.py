"""The learned forecast beats the naive one on held-back days of months with drift; the command says so."""

from dataclasses import replace
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from tests.insight.months import months

from yichuang.insight.rules.backtest import back_test


@pytest.mark.parametrize("seed", [1, 2])
def test_it_beats_the_naive_estimate_on_months_with_drift(seed: int) -> None:
    found = back_test(months(weeks=7, seed=seed, usual=True), 8)
    assert found is not None
    assert found.unlearned == 0
    assert found.naive.numbers == found.learned.numbers > 800
    assert found.learned.pinball < found.naive.pinball * 0.8
    assert found.learned.error < found.naive.error * 0.85
    assert 78 <= found.learned.covered <= 95  # eight of ten at least, and not by telling everybody everything


def test_nothing_of_the_day_itself_is_known() -> None:
    """What is told on a day (so the width of it) does not change with what comes of it."""
    rows = months(weeks=5)
    day = rows[-1].day
    other = [replace(row, waited=row.waited * 9) if row.day == day and row.waited is not None else row for row in rows]
    found, again = back_test(rows, 1), back_test(other, 1)
    assert found is not None
    assert again is not None
    assert (again.learned.width, again.naive.width) == (found.learned.width, found.naive.width)
    assert again.learned.error > found.learned.error


def test_with_too_little_history_both_say_the_same() -> None:
    rows = [row for row in months(weeks=5) if row.day < months(weeks=5)[0].day + timedelta(days=6)]
    found = back_test(rows, 2)
    assert found is not None
    assert found.unlearned == found.learned.numbers
    assert found.learned == found.naive


def test_the_command_prints_both_forecasts_side_by_side() -> None:
    out = StringIO()
    call_command("backtest", "--made-up", "--weeks", "4", "--days", "3", "--seed", "5", stdout=out)
    header, naive, learned = out.getvalue().splitlines()[:3]
    assert "pinball" in header
    assert "naive" in naive
    assert "learned" in learned


@pytest.mark.django_db
def test_the_command_says_when_there_is_nothing_to_judge_by() -> None:
    with pytest.raises(CommandError, match="no history"):
        call_command("backtest", stdout=StringIO())
    with pytest.raises(CommandError):
        call_command("backtest", "NOWHERE", stdout=StringIO())
