"""A real day under another plan: more windows wait less, the cheapest plan meets its target, nobody else looks."""

from datetime import date, datetime, time, timedelta
from random import Random
from time import process_time
from typing import Any
from uuid import UUID

import pytest
from tests.visits.hall import Hall

from yichuang.core.clock import SHANGHAI, local_date
from yichuang.core.refusals import Refused
from yichuang.core.words import Words
from yichuang.insight.queries import replay_page
from yichuang.insight.simulation.replay import _minutes, as_it_was, cheapest, replay, shifts_as_they_were, shifts_of
from yichuang.insight.values import Plan
from yichuang.visits import figures
from yichuang.visits.models import Ticket
from yichuang.visits.values import PastDay, PastQueue, PastVisitor, PastWindow, TicketClass

A, B = UUID(int=1), UUID(int=2)
DAY = date(2026, 11, 23)
NINE, FIVE = (datetime.combine(DAY, time(hour), SHANGHAI) for hour in (9, 17))
HOURS = ((NINE, FIVE),)


def a_day(visitors: int = 200, seed: int = 1, windows: int = 4) -> PastDay:
    """Two queues; services of eight minutes on average, two thirds of them in A."""
    dice, rows = Random(seed), []
    for at in sorted(NINE + timedelta(minutes=470 * dice.random()) for _ in range(visitors)):
        queue = A if dice.random() < 2 / 3 else B
        busy = dice.gammavariate(2, 240) if dice.random() > 0.05 else None
        rows.append(PastVisitor(queue, at, at, TicketClass.ORDINARY, "", busy, None if busy is None else 60.0))
    queues = [
        PastQueue(id, letter, Words(letter, letter), timedelta(minutes=15)) for id, letter in ((A, "A"), (B, "B"))
    ]
    open_all = [PastWindow(str(n), frozenset({A, B}), NINE, FIVE) for n in range(windows)]
    return PastDay(tuple(queues), tuple(rows), tuple(open_all))


def test_one_window_more_waits_less_and_pooled_windows_wait_less_than_dedicated_ones() -> None:
    day = a_day()
    most = {n: replay(day, shifts_of(day, Plan(n, True, True), HOURS), FIVE).most for n in (3, 4, 5)}
    assert most[3] > most[4] > most[5]
    apart = replay(day, shifts_of(day, Plan(4, False, True), HOURS), FIVE)
    assert apart.most > most[4]


def test_a_window_each_needs_as_many_windows_as_queues() -> None:
    day = a_day()
    assert shifts_of(day, Plan(1, False, True), HOURS) == []
    three = shifts_of(day, Plan(3, False, True), HOURS)
    assert sorted(len([one for one in three if queue in one.queues]) for queue in (A, B)) == [1, 2]


def test_noon_costs_hours_and_waits_and_who_comes_after_closing_is_counted() -> None:
    day = a_day()
    whole = replay(day, shifts_of(day, Plan(4, True, True), HOURS), FIVE)
    shut = replay(day, shifts_of(day, Plan(4, True, False), HOURS), FIVE)
    assert (whole.hours, shut.hours) == (32.0, 28.0)
    assert shut.most > whole.most
    three = FIVE - timedelta(hours=2)
    early = replay(day, shifts_of(day, Plan(4, True, True), ((NINE, three),)), three)
    assert early.turned_away == sum(one.at >= three for one in day.visitors) > 0
    assert early.called + early.turned_away == len(day.visitors)


def test_the_cheapest_plan_meets_its_target_and_one_window_less_does_not() -> None:
    day = a_day()
    found = cheapest(day, HOURS, 8, 20)
    assert found is not None
    assert found.outcome.most <= 20
    assert found.outcome.late <= 45
    for pooled in (True, False):
        for noon in (True, False):
            plan = Plan(found.plan.windows - 1, pooled, noon)
            shifts = shifts_of(day, plan, HOURS)
            other = replay(day, shifts, FIVE) if shifts else None
            assert (
                other is None
                or other.most > 20
                or other.late > found.outcome.late
                or other.hours >= found.outcome.hours
            )
    assert cheapest(day, HOURS, 2, 5) is None  # two windows never do it


def test_the_same_windows_again_and_the_record_itself() -> None:
    day = a_day()
    was, again = as_it_was(day, FIVE), replay(day, shifts_as_they_were(day), FIVE)
    assert (was.usual, was.most, was.within) == (1.0, 1.0, 100)
    assert was.called == sum(one.waited is not None for one in day.visitors)
    assert again.called == len(day.visitors)  # who left is taken as one who would have stayed
    assert again.hours == was.hours == 32.0


def test_a_day_of_two_thousand_numbers_is_played_within_two_seconds() -> None:
    day = a_day(2000)
    shifts = shifts_of(day, Plan(38, True, True), HOURS)
    since = process_time()
    assert replay(day, shifts, FIVE).called == 2000
    assert process_time() - since < 2


def test_nine_of_ten_wait_at_most_what_is_told() -> None:
    assert [_minutes([60.0 * n for n in range(1, 11)], level) for level in (0.5, 0.9, 1.0)] == [5.0, 9.0, 10.0]
    assert [_minutes([60.0], level) for level in (0.5, 0.9)] == [1.0, 1.0]
    assert _minutes([], 0.9) == 0.0


@pytest.fixture
def hall(demo: Any) -> Hall:
    return Hall.of(demo)


def a_real_day(hall: Hall) -> date:
    """Two at once, one waits; one leaves: through the commands of every day."""
    hall.open()
    for _ in range(4):
        hall.take()
    for _ in range(4):
        hall.serve()
    hall.take("B")
    hall.serve()
    return local_date(hall.at)


def test_a_hall_plays_its_own_day(hall: Hall) -> None:
    day, manager = a_real_day(hall), hall.demo.actor("mali")
    hall.at += timedelta(days=1)
    found = replay_page(manager, hall.place, plan=Plan(2, True, True), target=30, at=hall.at)
    assert found is not None
    assert (found.day, found.visitors, found.windows) == (day, 5, 1)
    assert found.was.called == 5
    assert found.again is not None
    assert found.again.usual == pytest.approx(found.was.usual, abs=1)  # the same windows: the same waits
    assert found.other is not None
    assert found.other.outcome.most < found.was.most
    assert found.cheapest is not None
    assert found.cheapest.plan.windows == 1


def test_a_clock_that_was_set_back_makes_nobody_wait_less_than_nothing(hall: Hall) -> None:
    day, manager = a_real_day(hall), hall.demo.actor("mali")
    earlier = hall.at - timedelta(hours=3)
    Ticket.objects.filter(day=day).update(ended_at=earlier)
    Ticket.objects.filter(day=day, number="A001").update(taken_at=hall.at + timedelta(minutes=5))
    past = figures.day_of(hall.place, day)
    assert all(one.busy == 0 for one in past.visitors)
    assert all(one.waited is not None and one.waited >= 0 for one in past.visitors)
    rows = figures.history(hall.queues["A"], day, day)
    assert all((row.waited or 0) >= 0 and (row.served or 0) >= 0 for row in rows)
    assert (
        replay_page(manager, hall.place, plan=Plan(2, True, True), target=5, at=hall.at + timedelta(days=1)) is not None
    )


def test_other_hours_and_days_that_are_none(hall: Hall) -> None:
    manager = hall.demo.actor("mali")
    assert replay_page(manager, hall.place, at=hall.at) is None  # nothing gone by yet
    day = a_real_day(hall)
    hall.at += timedelta(days=1)
    assert replay_page(manager, hall.place, day=day - timedelta(days=1), at=hall.at) is None
    found = replay_page(manager, hall.place, day=day, plan=Plan(1, False, True), hours=(time(7), time(8)), at=hall.at)
    assert found is not None
    assert found.other is None  # one window, two queues
    assert f"{found.opens_at:%H:%M}" == "07:00"


@pytest.mark.parametrize("who", ["lina", "zhaomin", "zhangxiao"])
def test_only_the_manager_of_the_hall_plays_its_days(hall: Hall, who: str) -> None:
    with pytest.raises(Refused):
        replay_page(hall.demo.actor(who), hall.place, at=hall.at)
