"""The book of a hall's day is judged: what cannot be is said, and a true book passes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yichuang.visits.rules.book import faults_of, sums_of
from yichuang.visits.states import Move, TicketState, after
from yichuang.visits.values import BookedMove, BookedNumber, DayBook

NINE = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
A, B, C = UUID(int=1), UUID(int=2), UUID(int=3)


def book(states: dict[UUID, str], *moves: tuple[UUID, str, str]) -> DayBook:
    numbers = [BookedNumber(ticket, f"A{ticket.int:03}", state, NINE) for ticket, state in states.items()]
    lines = [BookedMove(n, ticket, move, window, NINE) for n, (ticket, move, window) in enumerate(moves, 1)]
    return DayBook(numbers, lines)


ORDINARY = book(
    {A: "DONE", B: "LEFT", C: "CALLED"},
    (A, "call", "1"), (B, "call", "2"), (A, "start", "1"), (B, "pass", "2"), (A, "finish", "1"), (C, "call", "1"),
    (B, "leave", ""),
)  # fmt: skip


def test_an_ordinary_morning_is_true() -> None:
    assert faults_of(ORDINARY) == []
    sums = sums_of(ORDINARY)
    assert (sums.taken, sums.served, sums.gone, sums.there) == (3, 1, 1, 1)


def called_twice(day: DayBook) -> DayBook:
    return replace(day, moves=[*day.moves, BookedMove(8, C, "call", "2", NINE)])


def given_twice(day: DayBook) -> DayBook:
    return replace(day, numbers=[*day.numbers, replace(day.numbers[0], ticket=uuid4(), state="WAITING")])


def two_at_a_window(day: DayBook) -> DayBook:
    other = BookedNumber(UUID(int=9), "A009", "CALLED", NINE)
    return DayBook([*day.numbers, other], [*day.moves, BookedMove(8, other.ticket, "call", "1", NINE)])


def a_line_lost(day: DayBook) -> DayBook:
    return replace(day, moves=[line for line in day.moves if line.seq != 5])


def served_by_nobody(day: DayBook) -> DayBook:
    return replace(day, numbers=[*day.numbers, BookedNumber(uuid4(), "A010", "DONE", NINE)])


def of_nobody(day: DayBook) -> DayBook:
    return replace(day, numbers=day.numbers[1:])


def in_no_state(day: DayBook) -> DayBook:
    return replace(day, numbers=[*day.numbers, BookedNumber(uuid4(), "A011", "VANISHED", NINE)])


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (called_twice, "A003: call while CALLED"),
        (given_twice, "A001 was given 2 times"),
        (two_at_a_window, "window 1 has A009 and A003 at once"),
        (a_line_lost, "a gap or a repeat"),
        (served_by_nobody, "A010 is DONE, by the order of calls it is WAITING"),
        (of_nobody, "is of no number of this day"),
        (in_no_state, "4 numbers, but 1 + 1 + 1"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_cannot_be_is_said(broken: Callable[[DayBook], DayBook], said: str) -> None:
    assert any(said in fault for fault in faults_of(broken(ORDINARY))), faults_of(broken(ORDINARY))


@given(st.data())
def test_whatever_the_hall_allows_is_true(data: st.DataObject) -> None:
    """Any walk along the table of states, at windows with one person each."""
    states = dict.fromkeys((A, B, C), TicketState.WAITING)
    sits: dict[UUID, str] = {}
    moves: list[tuple[UUID, str, str]] = []
    for _ in range(data.draw(st.integers(0, 30))):
        ticket = data.draw(st.sampled_from([A, B, C]))
        free = [window for window in ("1", "2", "3") if window not in sits.values()]
        ways = [move for move in Move if after(states[ticket], move) is not None]
        if not ways:
            continue
        move = data.draw(st.sampled_from(ways))
        window = sits.get(ticket) or data.draw(st.sampled_from(free))
        becomes = after(states[ticket], move)
        assert becomes is not None
        states[ticket] = becomes
        sits.pop(ticket, None)
        if becomes in {TicketState.CALLED, TicketState.SERVING}:
            sits[ticket] = window
        moves.append((ticket, move.value, window))
    day = book({ticket: state.value for ticket, state in states.items()}, *moves)
    assert faults_of(day) == []
    assert timedelta(0) == day.numbers[0].taken_at - NINE
