"""What counts as one trip, which are extra, and what is known of their cause: pure rules, no database."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from tests.conftest import HALL_A, HALL_B

from yichuang.cases.rules.trips import STAY, Cause, Stay, causes_of, extra_trips, is_same_visit
from yichuang.cases.values import Purpose, TripKind
from yichuang.core.ids import new_id

MORNING = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)  # 10:00 in the hall
ZHANG, LI = new_id(), new_id()
F, S, C, W, O = Purpose.FILE, Purpose.SUPPLEMENT, Purpose.COLLECT, Purpose.WITHDRAW, Purpose.OTHER  # noqa: E741  (O is for OTHER)


@pytest.mark.parametrize(
    ("place", "people", "later", "same"),
    [
        (HALL_A, {ZHANG}, timedelta(0), True),
        (HALL_A, {ZHANG, LI}, timedelta(minutes=40), True),  # applicant or agent: whoever may have come
        (HALL_A, {ZHANG}, STAY, True),
        (HALL_A, {ZHANG}, STAY + timedelta(seconds=1), False),  # nothing done for so long: they came again
        (HALL_B, {ZHANG}, timedelta(minutes=5), False),
        (HALL_A, {LI}, timedelta(minutes=5), False),
        (HALL_A, {ZHANG}, timedelta(days=1), False),
    ],
)
def test_one_person_in_one_hall_within_one_stay_makes_one_trip(place, people, later, same):
    stay = Stay(HALL_A, ZHANG, MORNING)
    assert is_same_visit(stay, place=place, people=frozenset(people), at=MORNING + later) is same


def test_a_stay_ends_with_the_day():
    late = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)  # 23:30 in the hall
    stay = Stay(HALL_A, ZHANG, late)
    assert not is_same_visit(stay, place=HALL_A, people=frozenset({ZHANG}), at=late + timedelta(hours=1))


@pytest.mark.parametrize(
    ("purposes", "declared", "extra"),
    [
        ((), 0, set()),
        ((F,), 0, {0}),  # could have been done without coming
        ((F,), 1, set()),
        ((F, S), 1, {1}),
        ((S, C), 1, {0}),  # filed online, a paper at the window, collected: the paper is what was not foreseen
        ((F, C), 1, {1}),
        ((F, S, C), 1, {1, 2}),
        ((F, S, C), 2, {1}),
        ((O, S, W), 1, {0, 1}),
        ((F, C, O), 3, set()),
    ],
)
def test_trips_beyond_the_declared_number_are_those_the_item_does_not_ask_for(purposes, declared, extra):
    assert extra_trips(purposes, declared) == extra


def test_an_extra_trip_stays_extra_whatever_comes_after():
    for declared, purposes in product(range(4), product(Purpose, repeat=4)):
        for length in range(4):
            assert extra_trips(purposes[:length], declared) <= extra_trips(purposes[: length + 1], declared)


def test_what_the_system_knows_of_the_cause():
    papers = {"photos": "missing", "owner_id": "faulty", "deed": "promised", "form": "provided"}
    assert causes_of(S, papers, moved=True) == (
        Cause(TripKind.MISSING, "deed", "materials/deed"),
        Cause(TripKind.FAULTY, "owner_id", "materials/owner_id"),
        Cause(TripKind.MISSING, "photos", "materials/photos"),
    )
    assert causes_of(C, {}, moved=True) == (Cause(TripKind.COLLECT, guide="visits"),)
    assert causes_of(W, {}, moved=False) == (Cause(TripKind.WITHDRAW),)
    assert causes_of(O, {}, moved=True) == (Cause(TripKind.SENT_ON),)
    assert causes_of(S, {"form": "provided"}, moved=False) == ()  # the clerk is asked
    assert causes_of(O, {}, moved=False) == ()
