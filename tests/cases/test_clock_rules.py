"""The statutory clock, against the law's own vectors and against a day-by-day oracle."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yichuang.cases.rules.clock import (
    TOO_LATE_FOR_PROMISE,
    ClockFacts,
    Span,
    Stop,
    answer_deadline,
    decision_deadline,
    delivery_deadline,
    end_of,
    excluded_days,
    half_days_between,
)
from yichuang.cases.values import Ground, Light
from yichuang.core.clock import SHANGHAI
from yichuang.core.workdays import Calendar

# 2026: Spring Festival 02-15…23 with Saturday 02-14 working; National Day 10-01…07, Sunday 09-20 and Saturday 10-10 working
RESTS = [date(2026, 2, 15) + timedelta(days=n) for n in range(9)] + [
    date(2026, 10, 1) + timedelta(days=n) for n in range(7)
]
WORKS = [date(2026, 2, 14), date(2026, 2, 28), date(2026, 9, 20), date(2026, 10, 10)]
MID_AUTUMN = [date(2026, 9, 25), date(2026, 9, 26), date(2026, 9, 27)]
YEAR = Calendar({**dict.fromkeys(RESTS + MID_AUTUMN, False), **dict.fromkeys(WORKS, True)}, frozenset({2026}))
NOW = datetime(2026, 3, 10, 4, tzinfo=UTC)
TWENTY, FIVE = Span(20, "workday"), Span(5, "workday")
PLAIN = Calendar({}, frozenset(range(2020, 2040)))


def at(day: date, hour: int = 10, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), SHANGHAI).astimezone(UTC)


def accepted(day: date, *, legal=TWENTY, promise=FIVE, hour=10, **more) -> ClockFacts:
    return ClockFacts(
        received_at=at(day, hour), legal=legal, promise=promise, accepted_at=at(day, hour), accepted_date=day, **more
    )


@pytest.mark.parametrize(
    ("day", "days", "due"),
    [(date(2026, 9, 24), 20, date(2026, 10, 29)), (date(2026, 2, 13), 5, date(2026, 2, 27))],
)
def test_the_law_vectors_across_moved_rest_days(day, days, due):
    deadline = decision_deadline(accepted(day, promise=Span(days, "workday")), YEAR, at(day), promise=True)
    assert deadline.due_date == due
    assert deadline.certain


@pytest.mark.parametrize(
    ("day", "days", "due"),
    [
        (date(2026, 3, 2), 7, date(2026, 3, 9)),
        (date(2026, 3, 2), 5, date(2026, 3, 9)),  # a Saturday
        (date(2026, 9, 16), 15, date(2026, 10, 8)),  # the first day of National Day
    ],
)
def test_calendar_days_count_every_day_and_end_on_the_next_working_day(day, days, due):
    deadline = decision_deadline(accepted(day, legal=Span(days, "day")), YEAR, at(day), promise=False)
    assert deadline.due_date == due


def test_no_clock_runs_before_acceptance():
    facts = ClockFacts(at(date(2026, 3, 2)), Span(20, "workday"), Span(5, "workday"))
    assert decision_deadline(facts, PLAIN, at(date(2026, 3, 2)), promise=True) is None


def test_silence_is_counted_from_receipt_and_a_correction_moves_it():
    monday = date(2026, 3, 2)
    facts = ClockFacts(at(monday), Span(20, "workday"), Span(5, "workday"))
    assert answer_deadline(facts, PLAIN, at(monday)).due_date == date(2026, 3, 9)
    corrected = ClockFacts(at(monday), Span(20, "workday"), Span(5, "workday"), corrected_date=date(2026, 3, 5))
    assert answer_deadline(corrected, PLAIN, at(monday)).due_date == date(2026, 3, 12)


def test_a_running_special_procedure_leaves_the_day_open_and_the_light_says_stopped():
    monday = date(2026, 3, 2)
    facts = accepted(monday, stops=(Stop(Ground.HEARING, date(2026, 3, 3), None, 10),))
    deadline = decision_deadline(facts, PLAIN, at(date(2026, 3, 4)), promise=False)
    assert deadline.due is None
    assert deadline.light is Light.STOPPED


def test_the_days_of_a_special_procedure_are_added_and_named_in_the_derivation():
    monday = date(2026, 3, 2)
    facts = accepted(monday, stops=(Stop(Ground.TESTING, date(2026, 3, 3), date(2026, 3, 6), 3),))
    deadline = decision_deadline(facts, PLAIN, at(monday), promise=True)
    assert deadline.due_date == date(2026, 3, 12)  # 9 March + 3
    assert any("检测" in step.words.zh and "第四十五条" in step.basis for step in deadline.steps)


def test_an_extension_never_mends_a_promise_that_was_broken_before():
    """Legal 20, promised 5 working days from Monday 2 March: extended on the 9th in time, on the 10th for the law alone."""
    base = {"extension_days": 3}
    for hour, promised in ((at(date(2026, 3, 9), 23), date(2026, 3, 12)), (at(date(2026, 3, 10), 0), date(2026, 3, 9))):
        facts = accepted(date(2026, 3, 2), **base, extended_at=hour)
        assert decision_deadline(facts, PLAIN, NOW, promise=False).due_date == date(2026, 4, 2)
        found = decision_deadline(facts, PLAIN, NOW, promise=True)
        assert found.due_date == promised
        assert (TOO_LATE_FOR_PROMISE in [s.words for s in found.steps]) == (promised == date(2026, 3, 9))


def test_a_stop_after_the_extension_does_not_bring_a_broken_promise_back():
    """Extended on the 10th, a day late; a later stop of two days moves the promise as it would without the extension."""
    stop = Stop(Ground.TESTING, date(2026, 3, 11), date(2026, 3, 13), 2)
    facts = accepted(
        date(2026, 3, 2),
        extension_days=3,
        extended_at=at(date(2026, 3, 10), 9),
        stops=(stop,),
    )
    assert decision_deadline(facts, PLAIN, NOW, promise=True).due_date == date(2026, 3, 11)


def test_an_extension_is_added_once_to_the_limit():
    facts = accepted(date(2026, 3, 2), extension_days=10)
    assert decision_deadline(facts, PLAIN, at(date(2026, 3, 2)), promise=False).due_date == date(2026, 4, 13)


@pytest.mark.parametrize(
    ("hour", "due"),
    [(9, at(date(2026, 3, 2), 18)), (14, at(date(2026, 3, 3), 12))],
)
def test_a_half_day_promise_ends_with_the_next_half_day(hour, due):
    facts = accepted(date(2026, 3, 2), promise=Span(0.5, "workday"), hour=hour)
    assert decision_deadline(facts, PLAIN, at(date(2026, 3, 2), hour), promise=True).due == due


def test_a_half_day_accepted_on_friday_afternoon_ends_on_monday_noon():
    facts = accepted(date(2026, 3, 6), promise=Span(0.5, "workday"), hour=15)
    assert decision_deadline(facts, PLAIN, at(date(2026, 3, 6), 15), promise=True).due == at(date(2026, 3, 9), 12)


def test_an_instant_item_is_due_the_same_day():
    facts = accepted(date(2026, 3, 2), promise=Span(0, "instant"))
    assert decision_deadline(facts, PLAIN, at(date(2026, 3, 2)), promise=True).due_date == date(2026, 3, 2)


def test_the_result_is_delivered_within_ten_working_days_of_the_decision():
    facts = accepted(date(2026, 3, 2), served_at=at(date(2026, 3, 4)), granted=True)
    assert delivery_deadline(facts, PLAIN, at(date(2026, 3, 4)), None).due_date == date(2026, 3, 18)


def test_a_year_without_published_holidays_is_flagged():
    facts = accepted(date(2026, 12, 30))
    deadline = decision_deadline(facts, YEAR, at(date(2026, 12, 30)), promise=False)
    assert not deadline.certain
    assert any("尚未公布" in step.words.zh for step in deadline.steps)


@pytest.mark.parametrize(
    ("now", "light"),
    [
        (at(date(2026, 3, 2), 11), Light.GREEN),
        (at(date(2026, 3, 24), 11), Light.YELLOW),
        (at(date(2026, 3, 30), 9), Light.RED),
        (at(date(2026, 3, 31), 1), Light.OVERDUE),
    ],
)
def test_the_light_goes_from_green_to_overdue(now, light):
    assert decision_deadline(accepted(date(2026, 3, 2)), PLAIN, now, promise=False).light is light


def test_a_decision_on_the_last_evening_is_still_in_time():
    facts = accepted(date(2026, 3, 2), decided_at=at(date(2026, 3, 9), 23, 59))
    deadline = decision_deadline(facts, PLAIN, at(date(2026, 4, 1)), promise=True)
    assert deadline.met
    assert deadline.light is Light.DONE


days = st.dates(date(2020, 1, 1), date(2035, 12, 31))
stops = st.lists(st.tuples(days, st.integers(0, 60)), max_size=5).map(
    lambda found: tuple(Stop(Ground.HEARING, d, d + timedelta(days=n), n) for d, n in found)
)


@given(stops)
def test_overlapping_special_procedures_count_once(found):
    covered = {stop.start + timedelta(days=n) for stop in found for n in range(1, (stop.end - stop.start).days + 1)}
    oracle = sum(PLAIN.is_working(day) for day in covered)
    assert excluded_days(found, PLAIN, until=date(2036, 1, 1)) == oracle


@given(days, st.integers(1, 60), st.integers(0, 20), stops)
def test_more_stops_or_extension_never_make_a_case_due_earlier(day, limit, extension, found):
    plain = decision_deadline(accepted(day, legal=Span(limit, "workday")), PLAIN, at(day), promise=False)
    later = decision_deadline(
        accepted(day, legal=Span(limit, "workday"), extension_days=extension, stops=found),
        PLAIN,
        at(day),
        promise=False,
    )
    assert later.due >= plain.due


@given(days, st.integers(1, 60))
def test_the_due_day_is_a_working_day_and_never_the_day_of_the_event(day, limit):
    deadline = decision_deadline(accepted(day, legal=Span(limit, "workday")), PLAIN, at(day), promise=False)
    assert PLAIN.is_working(deadline.due_date)
    assert deadline.due_date > day


@given(days, st.integers(0, 40), st.integers(0, 23))
def test_half_days_left_shrink_as_time_passes(day, ahead, hour):
    due = end_of(PLAIN.add(day, ahead))
    now = at(day, hour)
    left = half_days_between(now, due, PLAIN)
    assert half_days_between(now + timedelta(hours=12), due, PLAIN) <= left
