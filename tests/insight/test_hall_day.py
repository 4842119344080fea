"""A day that is played: against queueing theory within confidence bounds, and by the rules of the hall."""

from datetime import UTC, datetime, timedelta
from math import factorial, sqrt
from random import Random
from statistics import mean, stdev
from typing import Protocol
from uuid import UUID

import pytest

from yichuang.insight.simulation.hall import Comer, Shift, Stay, play
from yichuang.visits.values import TicketClass

A, B = UUID(int=1), UUID(int=2)
NINE = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
FIVE = NINE + timedelta(hours=8)
FOR_EVER = NINE + timedelta(days=3650)
AIMS = {A: timedelta(minutes=15), B: timedelta(minutes=5)}
WARM, COUNTED, RUNS = 200, 1500, 24
T_99 = 2.807  # Student's t, two-sided 99 %, 23 degrees of freedom


class Draw(Protocol):
    def __call__(self, dice: Random) -> float: ...


def minutes(n: float) -> timedelta:
    return timedelta(minutes=n)


def waits(draw: Draw, gap: float, windows: int) -> list[float]:
    """The mean waits of so many runs (seconds), each after the hall has filled."""
    found = []
    for run in range(RUNS):
        dice, at, comers = Random(1000 + run), NINE, []
        for _ in range(WARM + COUNTED):
            at += timedelta(seconds=dice.expovariate(1 / gap))
            comers.append(Comer(A, at, draw(dice)))
        shifts = [Shift(str(n), frozenset({A}), ((NINE, FOR_EVER),)) for n in range(windows)]
        stays = play(comers, shifts, {A: AIMS[A]}).stays[WARM:]
        found.append(mean(stay.waited or 0.0 for stay in stays))
    return found


def holds(found: list[float], theory: float) -> bool:
    """Whether theory lies within the 99 % confidence bounds, which are narrow enough to mean something."""
    half = T_99 * stdev(found) / sqrt(len(found))
    assert half < theory * 0.25
    return abs(mean(found) - theory) <= half


def erlang_c(load: float, windows: int) -> float:
    """The share that waits in M/M/c (Erlang's second formula)."""
    last = load**windows / factorial(windows) * windows / (windows - load)
    return last / (sum(load**k / factorial(k) for k in range(windows)) + last)


@pytest.mark.parametrize(("windows", "busy"), [(1, 0.5), (3, 0.6), (5, 0.6)])
def test_many_alike_windows_wait_as_erlang_says(windows: int, busy: float) -> None:
    service = 360.0
    gap = service / (busy * windows)
    theory = erlang_c(busy * windows, windows) * service / (windows * (1 - busy))
    found = waits(lambda dice: dice.expovariate(1 / service), gap, windows)
    assert holds(found, theory)
    assert not holds(found, theory * 1.5)  # and it would be noticed


@pytest.mark.parametrize("deviation", [0.5, 1.0, 1.5])
def test_one_window_waits_as_pollaczek_and_khinchine_say(deviation: float) -> None:
    service, busy, shape = 300.0, 0.5, 1 / deviation**2
    theory = busy * service * (1 + deviation**2) / (2 * (1 - busy))
    found = waits(lambda dice: dice.gammavariate(shape, service / shape), service / busy, 1)
    assert holds(found, theory)


def test_nobody_waits_while_a_window_is_free_and_order_is_kept() -> None:
    comers = [Comer(A, NINE + minutes(n), 600.0) for n in range(4)]
    two = [Shift(str(n), frozenset({A}), ((NINE, FIVE),)) for n in (1, 2)]
    assert [stay.waited for stay in play(comers, two, AIMS).stays] == [0, 0, 480, 480]


def test_a_priority_number_goes_first_but_not_always() -> None:
    comers = [Comer(A, NINE, 300.0), *(Comer(A, NINE + minutes(1), 300.0) for _ in range(3))]
    comers += [Comer(A, NINE + minutes(2), 300.0, of=TicketClass.PRIORITY) for _ in range(2)]
    stays = play(comers, [Shift("1", frozenset({A}), ((NINE, FIVE),))], AIMS).stays
    order = [stay.comer.of for stay in sorted(stays, key=lambda one: one.called_at or FIVE)]
    assert [order.index(TicketClass.PRIORITY), order[2]] == [1, TicketClass.ORDINARY]  # one of three at most


def test_who_loses_patience_is_not_called() -> None:
    comers = [Comer(A, NINE, 1200.0), Comer(A, NINE, 60.0, patience=600.0), Comer(A, NINE, 60.0)]
    stays = play(comers, [Shift("1", frozenset({A}), ((NINE, FIVE),))], AIMS).stays
    assert [stay.waited for stay in stays] == [0, None, 1200]


def test_at_noon_a_window_calls_nobody_and_at_the_end_everybody_is_served() -> None:
    noon, one = NINE + minutes(180), NINE + minutes(240)
    shift = Shift("1", frozenset({A}), ((NINE, noon), (one, FIVE)))
    comers = [Comer(A, noon + minutes(5), 60.0), *(Comer(A, FIVE - minutes(5), 600.0) for _ in range(3))]
    played = play(comers, [shift], AIMS)
    assert [stay.called_at for stay in played.stays][:2] == [one, FIVE - minutes(5)]
    assert all(stay.ended_at for stay in played.stays)
    assert played.stays[-1].ended_at == FIVE + minutes(25)  # three of ten minutes from five before
    assert played.worked["1"] == 60 + 3 * 600


def test_an_appointment_is_called_when_its_time_has_come() -> None:
    slot = NINE + minutes(10)
    booked = Comer(A, NINE, 60.0, of=TicketClass.BOOKED, order_at=slot)
    stays = play([booked], [Shift("1", frozenset({A}), ((NINE, FIVE),))], AIMS).stays
    assert stays[0].called_at == slot


def test_a_window_of_two_queues_takes_the_one_that_is_later_for_its_aim() -> None:
    comers = [Comer(A, NINE, 600.0), Comer(A, NINE + minutes(1), 60.0), Comer(B, NINE + minutes(3), 60.0)]
    stays = play(comers, [Shift("1", frozenset({A, B}), ((NINE, FIVE),))], AIMS).stays

    def called(stay: Stay) -> datetime:
        assert stay.called_at is not None
        return stay.called_at

    assert called(stays[2]) < called(stays[1])  # seven of five minutes, nine of fifteen


def test_who_comes_sees_who_waits_and_what_is_open() -> None:
    comers = [Comer(A, NINE + minutes(n), 3600.0, item=f"item-{n}") for n in range(4)]
    stays = play(comers, [Shift("1", frozenset({A}), ((NINE, FIVE),))], AIMS).stays
    assert [(stay.desks, stay.taken, stay.waiting) for stay in stays] == [
        (1, 0, ()), (1, 1, ()), (1, 1, ("item-1",)), (1, 1, ("item-1", "item-2")),
    ]  # fmt: skip
