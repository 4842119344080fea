"""The numbers of appointments, without a database: how many, since when, for whom, and what a missed one costs."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yichuang.visits.booking_states import TRANSITIONS, BookingMove, BookingState, after
from yichuang.visits.rules import booking as rules
from yichuang.visits.values import BookingKind, BookingRules, GroupPlan
from yichuang.visits.values.booking import Held, WantedRules, Wish

DAY = date(2026, 11, 24)  # a Tuesday
TEN = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)  # 10:00 in the hall
HALL, HOME, VIDEO = BookingKind.HALL, BookingKind.HOME, BookingKind.VIDEO


def here(hour: float, day: date = DAY) -> datetime:
    return datetime.combine(day, time(), UTC) + timedelta(hours=hour - 8)


def wish(**more: Any) -> Wish:
    given = {"kind": HALL, "starts_at": here(14), "opens_at": here(8), "items": ("a",), "address": "", **more}
    return Wish(**given)


def codes(found: list[Any]) -> list[str]:
    return [one.code for one in found]


def test_half_hours_lie_whole_in_the_hours_of_the_hall() -> None:
    stretches = [(here(9.25), here(11.75)), (here(13.5), here(14.25))]
    assert rules.half_hours(stretches) == [here(9.5), here(10), here(10.5), here(11), here(13.5)]
    assert rules.half_hours([(here(9), here(9.4))]) == []
    assert rules.half_hours([(here(9), here(10))]) == [here(9), here(9.5)]
    late = timedelta(seconds=61, microseconds=500_000)
    assert rules.half_hours([(here(9) + late, here(11))]) == [here(9.5), here(10), here(10.5)]


@pytest.mark.parametrize(
    ("hour", "places"),
    [(9, 3), (11.5, 3), (12, 1), (13.5, 1), (14, 2), (17, 2)],
)
def test_places_follow_the_windows_of_the_time_of_day_less_the_share_of_who_just_comes(
    hour: float, places: int
) -> None:
    """Three, one, two windows; fifteen minutes each; half is kept back: 3 × 2 × 50 % and so on."""
    plan = GroupPlan((3, 1, 2), (0, 0, 0), 15)
    assert rules.capacity(plan, HALL, here(hour), 50) == places


def test_at_the_weekend_the_other_plan_holds_and_home_and_video_have_their_own_numbers() -> None:
    plan = GroupPlan((3, 1, 2), (0, 0, 4), 30, home=2, video=5)
    saturday = DAY + timedelta(days=4)
    assert [rules.capacity(plan, HALL, here(hour, saturday), 25) for hour in (9, 12, 15)] == [0, 0, 3]
    assert (rules.capacity(plan, HOME, here(9), 90), rules.capacity(plan, VIDEO, here(9), 90)) == (2, 5)


@given(
    windows=st.integers(0, 100), minutes=st.sampled_from(range(5, 121)), share=st.sampled_from(range(20, 91)),
)  # fmt: skip
def test_booked_and_kept_back_never_pass_what_the_windows_serve(windows: int, minutes: int, share: int) -> None:
    places = rules.capacity(GroupPlan((windows,) * 3, (windows,) * 3, minutes), HALL, TEN, share)
    assert 0 <= places * minutes <= windows * 30 * (100 - share) / 100


def test_a_day_is_released_at_its_second_so_many_days_before() -> None:
    assert rules.opens_at(BookingRules(10, time(8, 30), 40), DAY) == here(8.5, DAY - timedelta(days=10))


@pytest.mark.parametrize(
    ("seconds", "code"), [(-1, ["NOT_RELEASED"]), (0, []), (6 * 3600 - 1, []), (6 * 3600, ["SLOT_OVER"])]
)
def test_a_slot_is_booked_from_its_second_until_it_begins(seconds: int, code: list[str]) -> None:
    at = here(8) + timedelta(seconds=seconds)
    assert codes(rules.faults(wish(), Held(0, (), None), at)) == code


def test_who_asks_for_a_visit_says_where_in_no_more_than_two_hundred_characters() -> None:
    def said(address: str, kind: BookingKind = HOME) -> list[str]:
        return codes(rules.faults(wish(kind=kind, address=address), Held(0, (), None), here(9)))

    assert (said("民族街 12 号"), said("长" * 200), said("长" * 201)) == ([], [], ["ADDRESS_LONG"])
    assert (said(" "), said("", VIDEO)) == (["ADDRESS_MISSING"], [])


def test_another_item_of_the_same_day_at_another_time_is_no_fault() -> None:
    held = Held(2, ((here(16), ("b",)),), None)
    assert rules.faults(wish(), held, here(9)) == []
    assert codes(rules.faults(wish(), Held(2, ((here(16), ("b", "a")),), None), here(9))) == ["ONCE_A_DAY"]


def test_it_is_cancelled_until_two_hours_before() -> None:
    assert rules.last_cancel(here(14)) == here(12)


def test_a_place_given_back_is_nobodys_for_a_while() -> None:
    assert rules.rest_until(here(9), 90) == here(9) + timedelta(seconds=90)
    assert rules.REST == (60, 600)


def test_every_reason_is_said_at_once() -> None:
    held = Held(3, ((here(14), ("a", "b")),), DAY)
    found = rules.faults(wish(kind=HOME, address="  "), held, here(7))
    assert codes(found) == ["NOT_RELEASED", "ADDRESS_MISSING", "PAUSED", "TOO_MANY_OPEN", "ONCE_A_DAY", "SAME_TIME"]
    assert all(one.words.zh and one.words.en for one in found)


def test_moving_counts_neither_the_old_one_nor_the_limits_of_new_ones() -> None:
    held = Held(3, ((here(14), ("a",)),), DAY)
    assert rules.faults(wish(starts_at=here(15)), held, here(9), instead_of=here(14)) == []
    other = Held(3, ((here(14), ("a",)), (here(16), ("a",))), None)
    assert codes(rules.faults(wish(starts_at=here(15)), other, here(9), instead_of=here(14))) == ["ONCE_A_DAY"]


def test_the_last_day_of_a_pause_still_counts() -> None:
    held = Held(0, (), DAY)
    assert codes(rules.faults(wish(), held, here(9))) == ["PAUSED"]
    assert rules.faults(wish(), Held(0, (), DAY - timedelta(days=1)), here(9)) == []


def test_the_third_miss_in_ninety_days_pauses_thirty() -> None:
    first, second, third = DAY - timedelta(days=89), DAY - timedelta(days=10), DAY
    assert rules.pause_until([third, first, second]) == DAY + timedelta(days=30)
    assert rules.pause_until([first - timedelta(days=1), second, third]) is None
    assert rules.pause_until([first, second]) is None


@given(st.lists(st.integers(0, 400).map(lambda n: DAY + timedelta(days=n)), max_size=8, unique=True))
def test_a_pause_ends_thirty_days_after_a_day_that_had_two_others_behind_it(days: list[date]) -> None:
    until = rules.pause_until(days)
    thirds = [day for day in days if sum(0 <= (day - other).days < 90 for other in days) >= 3]
    assert until == (max(thirds) + timedelta(days=30) if thirds else None)


@pytest.mark.parametrize(
    ("asked", "until"),
    [(10, 10.5), (21.5, 22), (22, 24 + 8.5), (23.9, 24 + 8.5), (0, 8.5), (7.99, 8.5), (8, 8.5)],
)
def test_a_place_is_kept_half_an_hour_of_the_day_and_never_runs_out_at_night(asked: float, until: float) -> None:
    assert rules.offer_until(here(asked), here(100)) == here(until)
    assert rules.offer_until(here(asked), here(asked + 0.25)) == here(asked + 0.25)  # never longer than the slot


@pytest.mark.parametrize(
    ("hall", "code"),
    [
        (BookingRules(), []),
        (BookingRules(7, walk_in_percent=20), []),
        (BookingRules(15, walk_in_percent=90), []),
        (BookingRules(6, walk_in_percent=91), ["DAYS_AHEAD", "WALK_IN"]),
        (BookingRules(16, walk_in_percent=19), ["DAYS_AHEAD", "WALK_IN"]),
        (WantedRules(1, None, 1), ["DAYS_AHEAD", "RELEASE", "WALK_IN"]),
    ],
)
def test_a_hall_opens_seven_to_fifteen_days_ahead_and_always_keeps_places_for_who_just_comes(
    hall: BookingRules | WantedRules, code: list[str]
) -> None:
    assert codes(rules.judge_rules(hall)) == code


def test_a_plan_has_reasonable_numbers() -> None:
    assert rules.judge_plan(GroupPlan((0, 100, 1), minutes=5, home=100)) == []
    assert rules.judge_plan(GroupPlan(minutes=120, video=100)) == []
    for beyond in ({"home": -1}, {"video": -1}, {"video": 101}):
        assert codes(rules.judge_plan(GroupPlan(**beyond))) == ["VISITS"]
    assert codes(rules.judge_plan(GroupPlan(minutes=121))) == ["MINUTES"]
    wrong = GroupPlan((0, 101, 1), (-1, 0, 0), minutes=4, home=101)
    assert codes(rules.judge_plan(wrong)) == ["WINDOWS", "MINUTES", "VISITS"]


def test_what_is_over_stays_over_but_an_absence_can_be_excused() -> None:
    ends = {state for state in BookingState if not any(after(state, move) for move in BookingMove)}
    assert ends == {
        BookingState.ARRIVED, BookingState.DONE, BookingState.CANCELLED, BookingState.EXCUSED, BookingState.LAPSED,
    }  # fmt: skip
    assert {then for (_, _), then in TRANSITIONS.items()} == set(BookingState)
