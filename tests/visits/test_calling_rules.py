"""Fairness of calling: the order, the cap of priority, appointments in turn, nobody starved; by example and by property."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from yichuang.visits.rules.calling import BOOKED_IN_ROW, OTHERS_BETWEEN, called, choose, next_of
from yichuang.visits.values import Head, Line, Rule, TicketClass

P, B, R = TicketClass.PRIORITY, TicketClass.BOOKED, TicketClass.ORDINARY
NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
AIM = timedelta(minutes=15)


def ticket(n: int) -> UUID:
    return UUID(int=n)


def line(queue: int = 1, *, since: int = 9, row: int = 0, aim: timedelta = AIM, **waits: float) -> Line:
    """A queue; `waits`: minutes that the head of each class has waited."""
    heads = {
        TicketClass(name): Head(ticket(queue * 10 + n), NOON - timedelta(minutes=waited))
        for n, (name, waited) in enumerate(waits.items())
    }
    return Line(ticket(queue), aim, heads, since, row)


def test_who_waits_longest_is_next_and_the_rule_says_so() -> None:
    one = choose([line(ordinary=5)], NOON)
    assert one is not None
    assert one.rule is Rule.ORDER
    several = choose([line(1, ordinary=5), line(2, ordinary=9)], NOON)
    assert several is not None
    assert (several.queue, several.rule) == (ticket(2), Rule.LONGEST_WAIT)


def test_a_wait_counts_by_the_aim_of_its_queue() -> None:
    """Nine minutes where ten are meant are later than fifteen where thirty are."""
    lines = [line(1, ordinary=9, aim=timedelta(minutes=10)), line(2, ordinary=15, aim=timedelta(minutes=30))]
    found = choose(lines, NOON)
    assert found is not None
    assert found.queue == ticket(1)


def test_priority_goes_first_but_not_again_before_two_others() -> None:
    assert next_of(line(priority=1, ordinary=30), NOON) is P
    assert next_of(line(priority=1, ordinary=30, since=0), NOON) is R
    assert next_of(line(priority=1, ordinary=30, since=1), NOON) is R
    assert next_of(line(priority=1, ordinary=30, since=2), NOON) is P
    assert next_of(line(priority=1, since=0), NOON) is P  # nobody else waits


def test_an_appointment_waits_for_its_time_and_goes_first_then() -> None:
    assert next_of(line(booked=-5, ordinary=1), NOON) is R
    assert next_of(line(booked=-5), NOON) is None
    assert next_of(line(booked=0, ordinary=40), NOON) is B
    assert next_of(line(booked=0, ordinary=40, row=2), NOON) is R
    assert next_of(line(booked=0, row=2), NOON) is B


def test_an_empty_hall_has_no_next() -> None:
    assert choose([], NOON) is None
    assert choose([Line(ticket(1), AIM, {}, 0, 0)], NOON) is None


ARRIVALS = st.lists(st.tuples(st.sampled_from([P, B, R]), st.integers(1, 3)), min_size=1, max_size=60)


@settings(max_examples=300, deadline=None)
@given(ARRIVALS, st.integers(0, 20))
def test_nobody_is_lost_called_twice_or_passed_without_bound(
    arrivals: list[tuple[TicketClass, int]], burst: int
) -> None:
    """People come while others are called; the head of a class is passed by a bounded number of calls of its own queue."""
    waiting: dict[int, dict[TicketClass, list[Head]]] = {n: {P: [], B: [], R: []} for n in (1, 2, 3)}
    lines = {n: Line(ticket(n), timedelta(minutes=10 * n), {}, 9, 0) for n in waiting}
    left, calls, passed = list(enumerate(arrivals)), list[UUID](), Counter[UUID]()
    at, in_row = NOON, list[TicketClass]()
    while left or any(heads for one in waiting.values() for heads in one.values()):
        at += timedelta(minutes=1)
        for n, (of, queue) in left[: burst + 1]:
            waiting[queue][of].append(Head(ticket(100 + n), at))
        left = left[burst + 1 :]
        lines = {
            n: replace(one, heads={of: heads[0] for of, heads in waiting[n].items() if heads})
            for n, one in lines.items()
        }
        choice = choose(list(lines.values()), at)
        assert choice is not None
        n = choice.queue.int
        for of, head in lines[n].heads.items():
            if of is not choice.of:
                passed[head.ticket] += 1
        calls.append(choice.ticket)
        in_row.append(choice.of)
        since, row = called(lines[n], choice.of)
        lines[n] = replace(lines[n], since_priority=since, booked_in_row=row)
        assert waiting[n][choice.of].pop(0).ticket == choice.ticket
    assert sorted(calls, key=str) == sorted((ticket(100 + n) for n in range(len(arrivals))), key=str)
    assert max(passed.values(), default=0) <= OTHERS_BETWEEN + BOOKED_IN_ROW + 1


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from([P, B, R]), min_size=3, max_size=40))
def test_of_three_calls_in_a_row_one_at_most_is_priority_while_others_wait(coming: list[TicketClass]) -> None:
    one = line(since=9)
    waiting = {of: [Head(ticket(100 + n), NOON) for n, it in enumerate(coming) if it is of] for of in (P, B, R)}
    order = list[TicketClass]()
    others = list[bool]()
    while any(waiting.values()):
        now = replace(one, heads={of: heads[0] for of, heads in waiting.items() if heads})
        of = next_of(now, NOON)
        assert of is not None
        others.append(bool(waiting[B] or waiting[R]))
        order.append(of)
        waiting[of].pop(0)
        since, row = called(one, of)
        one = replace(one, since_priority=since, booked_in_row=row)
    for n in range(len(order) - 2):
        if all(others[n : n + 3]):
            assert order[n : n + 3].count(P) <= 1
