"""Working days against the State Council's published calendars of eleven years, against the law's words, and in themselves."""

from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yichuang.core.workdays import Calendar

FIRST, LAST = date(2016, 1, 1), date(2026, 12, 31)
DAYS = [FIRST + timedelta(n) for n in range((LAST - FIRST).days + 1)]
WORKING = [day for day in DAYS if chinese_calendar.is_workday(day)]
CALENDAR = Calendar(
    {day: chinese_calendar.is_workday(day) for day in DAYS if chinese_calendar.is_workday(day) != (day.weekday() < 5)},
    frozenset(range(2016, 2027)),
)
days = st.sampled_from(DAYS[:-120])
limits = st.integers(0, 60)


@pytest.mark.parametrize("amount", [1, 2, 3, 5, 10, 15, 20, 30, 45, 60])
def test_ten_years_of_limits_equal_the_oracle_for_every_start_day(amount):
    """The oracle never walks: it looks the answer up in the sorted list of working days."""
    compared = 0
    for day in DAYS:
        place = bisect_right(WORKING, day) + amount - 1
        if place < len(WORKING):
            assert CALENDAR.add(day, amount) == WORKING[place], day
            compared += 1
    assert compared > 3900


@pytest.mark.parametrize("width", [1, 7, 30, 366])
def test_ten_years_of_counts_equal_the_oracle(width):
    for start in DAYS[:-width]:
        end = start + timedelta(width)
        assert CALENDAR.between(start, end) == bisect_right(WORKING, end) - bisect_right(WORKING, start)


@pytest.mark.parametrize(
    ("accepted", "amount", "due"),
    [
        (date(2026, 9, 24), 20, date(2026, 10, 29)),  # over Mid-Autumn and National Day with their make-up days
        (date(2026, 2, 13), 5, date(2026, 2, 27)),  # Saturday 02-14 works, Spring Festival 02-15…23 does not
        (date(2026, 11, 20), 1, date(2026, 11, 23)),  # Friday: the day of the event is not counted
        (date(2026, 11, 21), 1, date(2026, 11, 23)),  # Saturday likewise
        (date(2026, 11, 20), 0, date(2026, 11, 20)),
    ],
)
def test_law_vectors(accepted, amount, due):
    assert CALENDAR.add(accepted, amount) == due


@given(days, limits)
def test_a_limit_ends_on_a_working_day_and_counts_itself(day, amount):
    due = CALENDAR.add(day, amount)
    assert amount == 0 or CALENDAR.is_working(due)
    assert CALENDAR.between(day, due) == amount


@given(days, limits, limits)
def test_limits_add_up(day, first, second):
    assert CALENDAR.add(CALENDAR.add(day, first), second) == CALENDAR.add(day, first + second)


@given(days, days, days)
def test_counts_add_up_in_both_directions(a, b, c):
    assert CALENDAR.between(a, b) + CALENDAR.between(b, c) == CALENDAR.between(a, c)
    assert CALENDAR.between(a, b) == -CALENDAR.between(b, a)


@given(days)
def test_the_next_working_day_is_the_day_itself_or_one_limit_further(day):
    found = CALENDAR.next_working(day)
    assert found == (day if CALENDAR.is_working(day) else CALENDAR.add(day, 1))


def test_a_year_without_a_notice_counts_monday_to_friday_and_says_so():
    assert CALENDAR.add(date(2026, 12, 30), 5) == date(2027, 1, 6)
    assert CALENDAR.is_certain(date(2026, 1, 1), date(2026, 12, 31))
    assert not CALENDAR.is_certain(date(2026, 12, 30), date(2027, 1, 6))


def test_a_moment_is_not_a_day():
    """A datetime is a date to Python and equals no key of the table: it would silently count every holiday as open."""
    with pytest.raises(TypeError, match="local_date"):
        CALENDAR.is_working(datetime(2026, 10, 1, tzinfo=UTC))
    with pytest.raises(TypeError, match="local_date"):
        CALENDAR.add(datetime(2026, 10, 1, tzinfo=UTC), 1)


def test_a_negative_limit_is_a_defect():
    with pytest.raises(ValueError, match="never negative"):
        CALENDAR.add(date(2026, 1, 1), -1)
