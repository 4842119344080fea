"""What to do next with a message, how long an SMS is, and whose receipts count: without a database."""

import pytest

from yichuang.notices.rules import TRIES, is_parked, may_report, next_step, rounds_of, sms_parts
from yichuang.notices.values import Outcome, Step, Try

B, S, F, U, R = Outcome.BEGUN, Outcome.SENT, Outcome.FAILED, Outcome.UNKNOWN, Outcome.REFUSED
BOTH = ("main", "spare")


def steps(*made):
    return [Try(sender, outcome) for sender, outcome in made]


@pytest.mark.parametrize(
    ("history", "ready", "offered", "step"),
    [
        ([], BOTH, {}, Step("offer", "main")),
        ([], ("spare",), {}, Step("offer", "spare")),
        ([], (), {}, Step("later")),
        ([("main", B), ("main", F)], BOTH, {"main": 1}, Step("offer", "spare")),
        ([("main", B), ("main", F), ("spare", B), ("spare", F)], BOTH, {"main": 1, "spare": 1}, Step("offer", "main")),
        ([("main", F), ("spare", F)], BOTH, {"main": 2, "spare": 2}, Step("later")),
        ([("main", B)], BOTH, {}, Step("ask", "main")),
        ([("main", B)], (), {}, Step("ask", "main")),
        ([("main", B), ("main", U)], BOTH, {"main": 1}, Step("ask", "main")),
        ([("main", U), ("main", F)], BOTH, {}, Step("offer", "main")),
        ([("gone", B)], BOTH, {}, Step("later")),
        ([("gone", B), ("", Outcome.PARKED), ("", Outcome.AGAIN)], BOTH, {}, Step("offer", "main")),
        ([("main", B), ("", Outcome.PARKED), ("", Outcome.AGAIN)], BOTH, {}, Step("ask", "main")),
        ([("main", R)], BOTH, {"main": 1}, Step("offer", "spare")),
        ([("main", R), ("spare", R)], BOTH, {}, Step("park")),
        ([("main", R), ("spare", R), ("", Outcome.PARKED), ("", Outcome.AGAIN)], BOTH, {}, Step("offer", "main")),
        ([("", Outcome.PARKED)], BOTH, {}, Step("done")),
        ([("main", S)], BOTH, {}, Step("done")),
        ([("", Outcome.PARKED), ("", Outcome.AGAIN), ("main", S)], BOTH, {}, Step("done")),
    ],
)
def test_what_comes_next_follows_from_what_was_done(history, ready, offered, step):
    assert next_step(steps(*history), BOTH, ready, offered) == step


def test_rounds_begin_anew_when_a_person_says_so():
    late = [("", Outcome.LATER)] * TRIES + [("", Outcome.PARKED)]
    assert (rounds_of(steps(*late)), is_parked(steps(*late))) == (8, True)
    again = [*late, ("", Outcome.AGAIN), ("", Outcome.LATER)]
    assert (rounds_of(steps(*again)), is_parked(steps(*again))) == (1, False)


@pytest.mark.parametrize(
    ("text", "parts"), [("", 1), ("字" * 70, 1), ("字" * 71, 2), ("字" * 134, 2), ("字" * 135, 3), ("𠮷" * 36, 2)]
)
def test_an_sms_has_seventy_characters_and_longer_ones_sixty_seven_in_each_part(text, parts):
    assert sms_parts(text) == parts


@pytest.mark.parametrize(
    ("history", "may"),
    [
        ([], False),
        ([("main", B), ("main", S)], True),
        ([("main", B)], True),
        ([("main", B), ("main", U)], True),
        ([("main", B), ("main", F)], False),
        ([("main", B), ("main", R), ("spare", B), ("spare", S)], False),
        ([("main", B), ("main", F), ("main", B), ("main", S)], True),
        ([("", S)], False),
    ],
)
def test_who_took_a_message_may_report_of_it(history, may):
    assert may_report(steps(*history), "main") is may
