"""The life of a case is one table; everything drawn from it holds together."""

from pathlib import Path

import pytest

from yichuang.cases import states
from yichuang.cases.states import (
    ACT_WORDS,
    ENDS,
    PHASE,
    TRANSITIONS,
    TURN,
    WORDS,
    Act,
    State,
    Turn,
    acts_in,
    can_move,
    next_state,
)


def reachable(origin: State) -> set[State]:
    found, edge = {origin}, [origin]
    while edge:
        here = edge.pop()
        for (state, _), targets in TRANSITIONS.items():
            if state is here:
                edge += [t for t in targets if t not in found]
                found |= targets
    return found


def test_every_state_can_be_reached_from_a_filing():
    assert reachable(State.SUBMITTED) == set(State)


@pytest.mark.parametrize("state", list(State))
def test_every_state_reaches_an_end(state):
    assert reachable(state) & ENDS


@pytest.mark.parametrize("state", list(State))
def test_every_state_has_words_a_phase_and_somebody_whose_turn_it_is(state):
    assert WORDS[state].zh
    assert WORDS[state].en
    assert PHASE[state]
    assert (TURN[state] is Turn.NOBODY) == (state in ENDS)


def test_every_act_has_words_and_every_act_but_filing_appears_in_the_table():
    assert set(ACT_WORDS) == set(Act)
    assert {act for _, act in TRANSITIONS} == set(Act) - {Act.FILE}


def test_nothing_can_be_done_to_an_ended_case():
    assert all(acts_in(state) == () for state in ENDS)


def test_a_decision_needs_acceptance_first():
    assert not can_move(State.SUBMITTED, Act.GRANT)
    assert not can_move(State.CORRECTING, Act.GRANT)


def test_a_prepared_approval_can_only_be_served_not_decided_again():
    assert not can_move(State.PREPARED, Act.DENY)
    assert can_move(State.PREPARED, Act.SERVE_GRANT)


def test_the_drawing_shows_every_transition():
    drawing = states.draw()
    for (origin, act), targets in TRANSITIONS.items():
        for target in targets:
            assert f"{origin} --> {target}: {act}" in drawing


def test_the_drawing_in_the_documentation_is_fresh():
    page = (Path(__file__).parents[2] / "docs/reference/case-states.md").read_text(encoding="utf-8")
    assert states.draw().rstrip() in page
    for (origin, act), targets in TRANSITIONS.items():
        assert f"| {origin} | {WORDS[origin].zh} | {WORDS[origin].en} | {act} ({ACT_WORDS[act].zh}) | " in page
        assert ", ".join(sorted(targets)) in page


@pytest.mark.parametrize(("move", "targets"), TRANSITIONS.items())
def test_the_next_state_is_the_tables_one_or_the_chosen_of_several(move, targets):
    for target in targets:
        assert next_state(*move, choose=target) is target
    elsewhere = next(state for state in State if state not in targets)
    if len(targets) == 1:
        assert {next_state(*move), next_state(*move, choose=elsewhere)} == set(targets)
    else:
        for choice in (None, elsewhere):
            with pytest.raises(ValueError, match="unpack"):
                next_state(*move, choose=choice)
