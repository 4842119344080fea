"""The table of a ticket's life: whole, reachable, and every state finds an end."""

from yichuang.visits.states import AT_A_DESK, ENDS, MOVE_WORDS, TRANSITIONS, WORDS, Move, TicketState, after


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
