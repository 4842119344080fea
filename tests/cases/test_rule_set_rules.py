"""How sure one may be of a rule set: limits against published tables and against chance itself, the brake, the draw."""

import random
from decimal import Decimal
from hashlib import sha256
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yichuang.cases.instant import Mode
from yichuang.cases.rules.rulesets import (
    CONTROLS,
    LEAST,
    MOST,
    REFUSED,
    brake_falls,
    evidence,
    is_drawn,
    judge_percent,
    judge_promotion,
    matrix,
    needed,
    outcome_of,
    upper_bound,
)
from yichuang.cases.rulesets import Outcome, Said

ONE = Decimal("0.01")
# Wilks (1941) and every table of acceptance by zero, one, two, three faults since: 95 % sure of at most 1 %, and of 5 %
PUBLISHED = [(0, 299, 0.01), (1, 473, 0.01), (2, 628, 0.01), (3, 773, 0.01)]
PUBLISHED += [(0, 59, 0.05), (1, 93, 0.05), (2, 124, 0.05), (3, 153, 0.05)]


@pytest.mark.parametrize(("wrong", "n", "share"), PUBLISHED)
def test_the_limit_is_the_one_of_published_tables(wrong: int, n: int, share: float) -> None:
    assert upper_bound(n, wrong) <= share < upper_bound(n - 1, wrong)


@given(st.integers(1, 60), st.data())
def test_the_limit_is_where_chance_has_its_five_in_a_hundred(n: int, data: st.DataObject) -> None:
    wrong = data.draw(st.integers(0, n - 1))
    p = upper_bound(n, wrong)
    chance = sum(comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(wrong + 1))
    assert chance == pytest.approx(0.05, abs=1e-9)


@pytest.mark.parametrize(("n", "wrong"), [(1_000_000, 9_000), (100_000, 1), (5_000_000, 0), (10_000, 9_999)])
def test_the_limit_holds_for_many_cases_too(n: int, wrong: int) -> None:
    assert wrong / n < upper_bound(n, wrong) < wrong / n + 4 * ((wrong + 4) / n / n) ** 0.5 * n**0.5 + 4 / n


def test_nothing_compared_says_nothing() -> None:
    assert upper_bound(0, 0) == 1
    assert upper_bound(5, 5) == 1
    with pytest.raises(ValueError, match="4 of 3"):
        upper_bound(3, 4)


def test_a_false_approval_rarely_hides_behind_the_limit() -> None:
    """Simulated: where 2 % are false, at most one evidence of twenty says “at most 1 %” – far fewer, in fact."""
    draw = random.Random(20261123)
    met = sum(upper_bound(300, sum(draw.random() < 0.02 for _ in range(300))) <= 0.01 for _ in range(2_000))
    assert met <= 100


@given(st.integers(0, 2_000), st.integers(0, 20), st.sampled_from([0.001, 0.01, 0.05, 0.2]))
def test_what_is_still_needed_is_enough_and_no_more(n: int, wrong: int, bound: float) -> None:
    wrong = min(wrong, n)
    more = needed(n, wrong, bound)
    assert n + more >= LEAST
    assert upper_bound(n + more, wrong) <= bound
    if more > 0 and n + more > LEAST:
        assert upper_bound(n + more - 1, wrong) > bound


def test_a_bound_of_nothing_is_never_met() -> None:
    """Ten million is said where no number would do."""
    assert needed(1_000_000, 0, 0.0) == needed(3, 3, 0.0) == MOST == 10_000_000


@pytest.mark.parametrize(
    ("n", "wrong", "bound", "more"),
    [
        (298, 0, 0.01, 1),  # the last one that is missing
        (299, 0, 0.01, 0),
        (0, 0, 0.01, 299),
        (472, 1, 0.01, 1),
        (0, 0, 0.2, 30),  # fewer would be sure enough: thirty are the least, whatever the bound
        (29, 0, 1.0, 1),
        (30, 0, 1.0, 0),
        (30, 30, 1.0, 0),
        (12, 0, 1.0, 18),
    ],
)
def test_the_number_that_is_still_needed_is_exact(n: int, wrong: int, bound: float, more: int) -> None:
    assert needed(n, wrong, bound) == more


def test_a_limit_that_is_just_the_bound_meets_it() -> None:
    assert needed(45, 0, upper_bound(45, 0)) == 0
    assert needed(40, 0, upper_bound(45, 0)) == 5


CASE = {
    "state": "DELIVERED", "outcome": "grant", "mended": False, "decided": True, "acted": False, "recheck": "", "stands": None,
    "revoked": False,
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        ({}, Outcome.GRANTED),
        ({"state": "GRANTED"}, Outcome.GRANTED),
        ({"state": "PREPARED"}, Outcome.GRANTED),
        ({"mended": True}, Outcome.MENDED),
        ({"state": "DENIED", "outcome": "deny"}, Outcome.DENIED),
        ({"state": "NOT_ACCEPTED", "outcome": ""}, Outcome.DENIED),
        ({"state": "WITHDRAWN", "outcome": ""}, Outcome.ENDED),
        ({"state": "TERMINATED", "outcome": "", "mended": True}, Outcome.ENDED),
        ({"state": "IN_REVIEW", "outcome": ""}, Outcome.OPEN),
        ({"state": "CORRECTING", "outcome": "", "mended": True}, Outcome.OPEN),
        ({"decided": False}, Outcome.DEEMED),
        ({"decided": False, "mended": True}, Outcome.DEEMED),
        ({"revoked": True}, Outcome.WRONG),
        ({"recheck": "not"}, Outcome.GRANTED),  # a control measures who re-checks
        ({"acted": True, "revoked": True, "recheck": "grant"}, Outcome.WRONG),
        ({"acted": True}, Outcome.OPEN),
        ({"acted": True, "recheck": "grant"}, Outcome.RIGHT),
        ({"acted": True, "recheck": "not"}, Outcome.WRONG),
        ({"acted": True, "stands": True}, Outcome.RIGHT),
        ({"acted": True, "stands": False}, Outcome.WRONG),
        ({"acted": True, "recheck": "grant", "stands": False}, Outcome.WRONG),
        ({"acted": True, "recheck": "not", "stands": True}, Outcome.WRONG),
    ],
)
def test_a_case_counts_by_what_people_said_of_it(change: dict[str, object], outcome: Outcome) -> None:
    assert outcome_of(**{**CASE, **change}) is outcome  # type: ignore[arg-type]  # fields of many kinds


SAID = [
    Said("approve", ("approve",), Outcome.GRANTED, 290),
    Said("approve", ("approve",), Outcome.MENDED, 2),
    Said("approve", ("approve",), Outcome.DENIED, 1),
    Said("approve", ("approve",), Outcome.ENDED, 7),
    Said("approve", ("approve",), Outcome.OPEN, 50),
    Said("person", ("agent",), Outcome.GRANTED, 30),
    Said("person", ("agent", "elsewhere"), Outcome.DENIED, 4),
    Said("person", ("agent", "agent"), Outcome.MENDED, 1),
    Said("person", (), Outcome.GRANTED, 3),
]


def test_the_matrix_has_a_line_for_each_verdict_and_for_each_rule_that_hit() -> None:
    rows = {(row.verdict, row.code): row for row in matrix(SAID)}
    assert set(rows) == {("approve", ""), ("person", ""), ("person", "agent"), ("person", "elsewhere")}
    assert rows["approve", ""].counts == {
        Outcome.GRANTED: 290, Outcome.MENDED: 2, Outcome.DENIED: 1, Outcome.ENDED: 7, Outcome.OPEN: 50
    }  # fmt: skip
    assert rows["person", ""].total == 38
    assert rows["person", "agent"].counts == {Outcome.GRANTED: 30, Outcome.DENIED: 4, Outcome.MENDED: 1}
    assert rows["person", "elsewhere"].total == 4
    assert [row.code for row in matrix(SAID)] == ["", "", "agent", "elsewhere"]  # in all first, then by how often


def test_an_empty_matrix_still_has_its_two_lines() -> None:
    assert [(row.verdict, row.total) for row in matrix([])] == [("approve", 0), ("person", 0)]


def test_only_approvals_that_people_judged_too_are_evidence() -> None:
    found = evidence(SAID, ONE)
    assert (found.compared, found.wrong) == (293, 3)  # what was withdrawn, is open, or went to people, is none
    assert found.needed == 773 - 293
    assert not found.met


def test_what_was_begun_anew_or_judged_by_the_tables_own_author_is_no_evidence() -> None:
    """An agreement has to prove something; a contradiction counts until two persons began the evidence anew."""
    said = [
        Said("approve", ("approve",), Outcome.GRANTED, 1),
        Said("approve", ("approve",), Outcome.RIGHT, 20, proves=False),
        Said("approve", ("approve",), Outcome.GRANTED, 300, counts=False, proves=False),
        Said("approve", ("approve",), Outcome.DENIED, 2),
        Said("approve", ("approve",), Outcome.MENDED, 30, proves=False),
        Said("approve", ("approve",), Outcome.WRONG, 400, counts=False, proves=False),
        Said("person", ("agent",), Outcome.DENIED, 5_000),
    ]
    found = evidence(said, ONE)
    assert (found.compared, found.wrong) == (33, 32)


def test_it_may_decide_alone_once_the_bound_is_met_and_is_told_how_many_are_missing() -> None:
    sure = evidence([Said("approve", ("approve",), Outcome.GRANTED, 299)], ONE)
    assert judge_promotion(Mode.SHADOW, sure) == []
    almost = evidence([Said("approve", ("approve",), Outcome.GRANTED, 179)], ONE)
    (reason,) = judge_promotion(Mode.SHADOW, almost)
    assert reason.code == "NOT_COMPARED_ENOUGH"
    assert "还需要 120 件" in reason.words.zh
    assert {reason.code for reason in judge_promotion(Mode.OFF, almost)} == {"NOT_SHADOW", "NOT_COMPARED_ENOUGH"}
    assert [reason.code for reason in judge_promotion(Mode.ALONE, sure)] == ["NOT_SHADOW"]


def test_nobody_decides_alone_after_a_handful_however_wide_the_bound() -> None:
    assert not evidence([Said("approve", ("approve",), Outcome.GRANTED, LEAST - 1)], Decimal(1)).met
    assert evidence([Said("approve", ("approve",), Outcome.GRANTED, LEAST)], Decimal(1)).met


@pytest.mark.parametrize(
    ("checked", "wrong", "grave", "bound", "falls"),
    [
        (0, 0, 0, ONE, False),
        (1, 0, 0, ONE, False),
        (1, 1, 0, ONE, True),
        (99, 1, 0, ONE, True),
        (100, 1, 0, ONE, False),  # exactly the allowed share is allowed
        (199, 2, 0, ONE, True),
        (200, 2, 0, ONE, False),
        (100_000, 1, 1, ONE, True),  # one that the pack calls grave
        (100_000, 1, 0, Decimal(0), True),
        (100_000, 0, 0, Decimal(0), False),
        (3, 3, 0, Decimal(1), False),
    ],
)
def test_the_brake_falls_when_more_is_wrong_than_is_allowed(
    checked: int, wrong: int, grave: int, bound: Decimal, falls: bool
) -> None:
    assert brake_falls(checked=checked, wrong=wrong, grave=grave, bound=bound) is falls


def test_what_let_the_brake_fall_never_lets_it_go_again() -> None:
    """No flutter: on any evidence on which the brake falls, nobody could let the rule set decide alone."""
    for checked in range(1, 400):
        for wrong in range(6):
            if wrong <= checked and brake_falls(checked=checked, wrong=wrong, grave=0, bound=ONE):
                assert checked < LEAST or upper_bound(checked, wrong) > float(ONE)


def test_the_draw_takes_its_share_is_the_same_each_time_and_a_larger_share_takes_the_same_and_more() -> None:
    scores = [sha256(str(n).encode()).hexdigest() for n in range(20_000)]
    five = {score for score in scores if is_drawn(score, Decimal(5))}
    assert len(five) == pytest.approx(1_000, abs=120)
    assert five < {score for score in scores if is_drawn(score, Decimal("7.5"))}
    assert all(is_drawn(score, Decimal(100)) for score in scores)
    assert is_drawn("f" * 64, Decimal(100))


def test_half_of_the_re_checks_bring_a_control_and_half_of_the_controls_were_refused() -> None:
    """Scores are drawn from 0 to f…f alike: the lower half is drawn, what lies exactly on the middle no longer."""
    for share in (CONTROLS, REFUSED):
        assert [is_drawn(score.ljust(64, "0"), share) for score in ("0", "7fffffffffff", "8", "f")] == [
            True, True, False, False,
        ]  # fmt: skip


@pytest.mark.parametrize("percent", ["0", "0.99", "100.01", "-5", "5.001", "NaN", "Infinity"])
def test_a_share_that_cannot_be_is_refused(percent: str) -> None:
    assert [reason.code for reason in judge_percent(Decimal(percent))] == ["PERCENT_WRONG"]


@pytest.mark.parametrize("percent", ["1", "5", "12.25", "100"])
def test_a_share_that_can_be_is_taken(percent: str) -> None:
    assert judge_percent(Decimal(percent)) == []
