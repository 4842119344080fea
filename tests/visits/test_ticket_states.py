"""The tables of a ticket's life and an appointment's: whole, reachable, every state finds an end, and no step is missing."""

import pytest

from yichuang.visits.booking_states import BookingMove, BookingState
from yichuang.visits.booking_states import after as after_booking
from yichuang.visits.states import (
    AT_A_DESK,
    ENDS,
    MOST_CALLS,
    MOST_RETURNS,
    MOVE_WORDS,
    TRANSITIONS,
    WORDS,
    Move,
    TicketState,
    after,
)


def test_every_state_and_move_has_words_and_is_reached() -> None:
    assert set(WORDS) == set(TicketState)
    assert set(MOVE_WORDS) == set(Move)
    assert {move for _, move in TRANSITIONS} == set(Move)
    assert {TicketState.WAITING, *TRANSITIONS.values()} == set(TicketState)


def test_nothing_happens_after_an_end_and_every_state_reaches_one() -> None:
    assert not [state for state, _ in TRANSITIONS if state in ENDS]
    ending = set(ENDS)
    while more := {state for (state, _), then in TRANSITIONS.items() if then in ending} - ending:
        ending |= more
    assert ending == set(TicketState)


def test_only_a_call_brings_somebody_to_a_desk() -> None:
    ways = {move for (state, move), then in TRANSITIONS.items() if then in AT_A_DESK and state not in AT_A_DESK}
    assert ways == {Move.CALL, Move.RESUME}
    assert after(TicketState.LEFT, Move.CALL) is None


@pytest.mark.parametrize(
    ("state", "moves"),
    [
        ("WAITING", {"call": "CALLED", "step-away": "AWAY", "transfer": "WAITING", "leave": "LEFT"}), ("AWAY", {"come-back": "WAITING", "leave": "LEFT"}), ("CALLED", {"recall": "CALLED", "start": "SERVING", "pass": "PASSED", "put-back": "WAITING", "leave": "LEFT"}),
        ("PASSED", {"return": "WAITING", "leave": "LEFT"}), ("SERVING", {"park": "PARKED", "transfer": "WAITING", "finish": "DONE"}), ("PARKED", {"resume": "SERVING", "finish": "DONE"}), ("DONE", {}), ("LEFT", {}),
    ],
)  # fmt: skip
def test_what_can_happen_to_a_number_and_nothing_else(state: str, moves: dict[str, str]) -> None:
    found = {move.value: then.value for move in Move if (then := after(TicketState(state), move)) is not None}
    assert found == moves


def test_a_number_is_called_three_times_and_comes_back_once() -> None:
    assert (MOST_CALLS, MOST_RETURNS) == (3, 1)


@pytest.mark.parametrize(
    ("state", "moves"),
    [
        ("BOOKED", {"move": "BOOKED", "assign": "BOOKED", "check-in": "ARRIVED", "carry-out": "DONE", "cancel": "CANCELLED", "miss": "MISSED", "lapse": "LAPSED"}),
        ("MISSED", {"excuse": "EXCUSED"}), *((over, {}) for over in ("ARRIVED", "DONE", "CANCELLED", "EXCUSED", "LAPSED")),
    ],
)  # fmt: skip
def test_what_can_happen_to_an_appointment_and_nothing_else(state: str, moves: dict[str, str]) -> None:
    found = {move.value: then.value for move in BookingMove if (then := after_booking(BookingState(state), move))}
    assert found == moves
