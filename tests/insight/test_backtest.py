"""The learned forecast beats the naive one on held-back days of months with drift."""

from dataclasses import replace
from datetime import timedelta

import pytest
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
