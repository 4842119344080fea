"""The package's clock in business minutes: against a count minute by minute, and in itself."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from tests.bundles.sample import RESTS

from yichuang.bundles.rules.clock import Hand, Holding, after, behind, clock_of, critical, joined, open_time

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
HOURS = [
    (MONDAY + timedelta(days=day, hours=start), MONDAY + timedelta(days=day, hours=end))
    for day in (0, 1, 2, 3, 4, 7, 8)
    for start, end in ((9, 12), (14, 18))
]
PROMISE = timedelta(minutes=240)
minutes = st.integers(0, 9 * 24 * 60).map(lambda n: MONDAY + timedelta(minutes=n))
amounts = st.integers(0, 7 * 6 * 60).map(lambda n: timedelta(minutes=n))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return MONDAY + timedelta(days=day, hours=hour, minutes=minute)


def naive(since: datetime, until: datetime) -> timedelta:
    """Each minute asked by itself."""
    count, here = 0, since
    while here < until:
        count += any(start <= here < end for start, end in HOURS)
        here += timedelta(minutes=1)
    return timedelta(minutes=count)


@given(minutes, st.integers(0, 3000))
def test_open_time_is_what_a_count_of_minutes_says(since: datetime, width: int) -> None:
    until = since + timedelta(minutes=width)
    assert open_time(HOURS, since, until) == naive(since, until)


@given(minutes, minutes, minutes)
def test_open_time_adds_up(one: datetime, other: datetime, third: datetime) -> None:
    a, b, c = sorted((one, other, third))
    assert open_time(HOURS, a, b) + open_time(HOURS, b, c) == open_time(HOURS, a, c)


@given(minutes, amounts)
def test_the_moment_after_so_many_minutes_is_the_first_by_which_they_passed(since: datetime, amount: timedelta) -> None:
    found = after(HOURS, since, amount)
    if found is None:
        assert open_time(HOURS, since, HOURS[-1][1]) < amount
        return
    assert open_time(HOURS, since, found) == amount
    if amount:
        assert open_time(HOURS, since, found - timedelta(seconds=1)) < amount


def test_half_a_working_day_goes_over_lunch_nights_and_the_week_end() -> None:
    assert after(HOURS, at(0, 9), PROMISE) == at(0, 15)
    assert after(HOURS, at(0, 16, 30), PROMISE) == at(1, 11, 30)
    assert after(HOURS, at(4, 17), PROMISE) == at(7, 12)
    assert after(HOURS, at(5, 3), PROMISE) == at(7, 15)


holdings = st.lists(
    st.tuples(st.sampled_from(list(RESTS)), st.sampled_from(list(Hand)), minutes, st.one_of(st.none(), minutes)),
    max_size=8,
).map(
    lambda rows: [
        Holding(slot, hand, since, until) for slot, hand, since, until in rows if until is None or since <= until
    ]
)


@given(holdings, minutes)
def test_the_package_never_counts_less_than_its_slowest_part_nor_more_than_all_together(
    rows: list[Holding], now: datetime
) -> None:
    clock = clock_of(rows, HOURS, promise=PROMISE, rests=RESTS, now=now)
    parts = clock.by_slot.values()
    assert max(parts, default=timedelta(0)) <= clock.used <= sum(parts, timedelta(0))
    assert clock.left + clock.used == PROMISE


@given(holdings, minutes)
def test_time_with_the_applicant_or_in_a_special_procedure_counts_for_nobody(
    rows: list[Holding], now: datetime
) -> None:
    offices = [row for row in rows if row.hand in {Hand.DESK, Hand.DEPARTMENT}]
    everything = clock_of(rows, HOURS, promise=PROMISE, rests=RESTS, now=now)
    only = clock_of(offices, HOURS, promise=PROMISE, rests=RESTS, now=now)
    assert (everything.used, everything.by_slot, everything.running) == (only.used, only.by_slot, only.running)


def test_two_offices_at_once_cost_the_package_once_and_each_its_own() -> None:
    rows = [
        Holding("licence", Hand.DEPARTMENT, at(0, 9), at(0, 11)),
        Holding("seal", Hand.DEPARTMENT, at(0, 10), at(0, 12)),
    ]
    clock = clock_of(rows, HOURS, promise=PROMISE, rests=RESTS, now=at(0, 17))
    assert clock.minutes_used == 180
    assert clock.by_slot == {"licence": timedelta(minutes=120), "seal": timedelta(minutes=120)}
    assert not clock.running
    assert clock.due_at is None


def test_a_broken_promise_has_no_moment_to_come_and_says_by_how_much() -> None:
    rows = [Holding("licence", Hand.DESK, at(0, 9), None)]
    clock = clock_of(rows, HOURS, promise=PROMISE, rests=RESTS, now=at(0, 16))
    assert (clock.minutes_left, clock.due_at) == (-60, None)
    in_time = clock_of(rows, HOURS, promise=PROMISE, rests=RESTS, now=at(0, 11))
    assert (in_time.minutes_left, in_time.due_at) == (120, at(0, 15))


def test_the_part_on_which_most_rest_is_the_one_that_keeps_them_waiting() -> None:
    open_now = [Holding(slot, Hand.DEPARTMENT, at(0, 9), None) for slot in ("bank", "seal", "licence")]
    assert critical(open_now, RESTS) == "licence"
    assert critical(open_now[:1], RESTS) == "bank"
    assert critical([], RESTS) == ""
    assert behind("bank", RESTS) == {"seal", "licence"}


@given(st.lists(st.tuples(minutes, minutes).map(sorted).map(tuple), max_size=6))
def test_joined_stretches_cover_the_same_and_stand_apart(rows: list[tuple[datetime, datetime]]) -> None:
    found = joined(rows)
    assert all(one[1] < other[0] for one, other in zip(found, found[1:], strict=False))
    for moment in {end for row in rows for end in row}:
        inside = any(start <= moment < end for start, end in rows)
        assert inside == any(start <= moment < end for start, end in found)
