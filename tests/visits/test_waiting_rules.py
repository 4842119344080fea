"""How long a wait will be, and since when somebody waits."""

from datetime import UTC, datetime, timedelta
from random import Random
from statistics import mean

import pytest

from yichuang.visits.rules.order import keeps_its_slot, number, of_appointment, of_return
from yichuang.visits.rules.waiting import ASSUMED, ServiceTimes, expected, learned

NINE = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
TIMES = ServiceTimes(timedelta(minutes=6), timedelta(minutes=4), 500)


def minutes(n: float) -> timedelta:
    return timedelta(minutes=n)


def test_the_wait_grows_with_those_ahead_and_falls_with_desks() -> None:
    one, two = expected(10, 1, TIMES, busy=False), expected(10, 2, TIMES, busy=False)
    assert one is not None
    assert two is not None
    assert (one.likely, two.likely) == (minutes(60), minutes(30))
    assert one.least < one.likely < one.most
    assert two.most - two.least < one.most - one.least
    busy = expected(10, 1, TIMES)
    assert busy is not None
    assert busy.likely > one.likely


def test_nobody_is_promised_less_than_nothing_or_told_a_minute_that_nobody_knows() -> None:
    nobody_ahead = expected(0, 3, TIMES, busy=False)
    assert nobody_ahead is not None
    assert (nobody_ahead.least, nobody_ahead.likely) == (minutes(0), minutes(0))
    assert nobody_ahead.most >= minutes(2)
    assert expected(4, 0, TIMES) is None  # no desk is open: nobody can know


@pytest.mark.parametrize(("ahead", "desks"), [(0, 1), (4, 1), (12, 3), (30, 5), (8, 8)])
def test_eight_of_ten_waits_lie_within(ahead: int, desks: int) -> None:
    """Simulated: all desks are in the middle of a service when one comes, and take the next in order."""
    wait = expected(ahead, desks, TIMES)
    assert wait is not None
    dice, hits, rounds = Random(7), 0, 1500
    for _ in range(rounds):
        free = [_left(dice) for _ in range(desks)]
        for _ in range(ahead):
            free.sort()
            free[0] += dice.gammavariate(2.25, 6 / 2.25)
        hits += wait.least <= minutes(min(free)) <= wait.most
    assert hits / rounds >= 0.7


def _left(dice: Random) -> float:
    """What is left of a service that somebody meets after two hours of services."""
    at = 0.0
    while at < 120:
        at += dice.gammavariate(2.25, 6 / 2.25)
    return at - 120


def test_few_services_lean_on_what_is_assumed_and_many_do_not() -> None:
    assert learned([]).mean == ASSUMED.mean
    few, many = learned([60.0] * 5), learned([60.0] * 2000)
    assert many.mean < minutes(1.2) < few.mean < ASSUMED.mean
    dice = Random(3)
    seconds = [dice.gammavariate(4, 90) for _ in range(5000)]
    assert abs(learned(seconds).mean.total_seconds() - mean(seconds)) < 3


@pytest.mark.parametrize(("late", "kept"), [(-16, False), (-15, True), (0, True), (15, True), (16, False)])
def test_an_appointment_is_kept_a_quarter_of_an_hour_around_its_time(late: int, kept: bool) -> None:
    assert keeps_its_slot(NINE, NINE + minutes(late)) is kept


def test_since_when_somebody_counts_as_waiting() -> None:
    assert of_appointment(NINE, NINE - minutes(10), minutes(20)) == NINE
    assert of_appointment(NINE, NINE + minutes(10), minutes(0)) == NINE + minutes(10)
    assert of_appointment(NINE, NINE + minutes(10), minutes(4)) == NINE + minutes(6)
    assert of_appointment(NINE, NINE + minutes(10), minutes(40)) == NINE
    waiting = [NINE + minutes(n) for n in range(5)]
    assert waiting[2] < of_return(waiting, NINE + minutes(60)) < waiting[3]
    assert waiting[2] < of_return(waiting[:3], NINE + minutes(60)) < NINE + minutes(3), (
        "three are enough to stand behind"
    )
    assert of_return(waiting[:2], NINE + minutes(60)) == NINE + minutes(60)
    assert of_return(waiting[:1], NINE) > NINE  # of one moment: still behind
    assert of_return([], NINE) == NINE


def test_numbers_have_a_letter_and_three_digits() -> None:
    assert (number("A", 12), number("B", 1000)) == ("A012", "B1000")


def test_who_comes_to_an_empty_hall_with_a_free_desk_is_called_at_once_or_after_one_service() -> None:
    free = expected(0, 1, TIMES, busy=False)  # spread 1.2816 · 4 · √1
    assert free is not None
    assert (free.least, free.likely, free.most, free.learned) == (minutes(0), minutes(0), minutes(6), False)


def test_the_interval_by_hand() -> None:
    """Nine ahead, three busy desks, 6 ± 4 minutes: 9 + (1 + 4/9)/2 services, two minutes each on average of three desks."""
    wait = expected(9, 3, TIMES)  # likely 19.44, spread 1.2816 · 4 · √9.72 / 3 = 5.33
    assert wait is not None
    assert (wait.least, wait.likely, wait.most) == (minutes(14), minutes(19), minutes(25))
    short = expected(0, 4, ServiceTimes(minutes(4), minutes(0), 50), busy=False)
    assert short is not None
    assert (short.least, short.likely, short.most) == (minutes(0), minutes(0), minutes(2))  # never closer than two


def test_the_mixture_by_hand() -> None:
    """Two services of 5 and 10 minutes, as if beside twenty of 8 ± 6."""
    times = learned([300.0, 600.0])
    assert times.count == 2
    assert times.mean.total_seconds() == pytest.approx(477.27, abs=0.01)
    assert times.deviation.total_seconds() == pytest.approx(346.32, abs=0.05)
    assert learned([]).deviation.total_seconds() == pytest.approx(360, abs=0.01)
    assert (ASSUMED.mean, ASSUMED.deviation, ASSUMED.count) == (minutes(8), minutes(6), 0)
