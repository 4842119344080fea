"""抽签: nothing that was decided alone escapes the draw, nothing is drawn twice, and controls lie among what is drawn."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.cases.judged import ITEM, from_the_beginning, judged
from tests.cases.tampering import broken

from yichuang.cases.commands.draws import draw_rechecks
from yichuang.cases.commands.recheck import answer_recheck
from yichuang.cases.commands.rulesets import set_percent, switch_off
from yichuang.cases.evidence import counted, evidence_of
from yichuang.cases.models import AutoDecision, GapNotice, Recheck, RuleSet
from yichuang.cases.queries import get_recheck, get_rule_set, list_rechecks

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def rules(demo: Any) -> RuleSet:
    """A rule set that decides alone, of which everything is looked at."""
    sha = from_the_beginning(demo)
    row, _ = RuleSet.objects.update_or_create(
        item_code=ITEM, sha=sha, defaults={"mode": "alone", "since": demo.at, "percent": Decimal(100)}
    )
    return row


def drawn(*, acted: bool = True) -> set[Any]:
    return set(Recheck.objects.filter(decision__acted=acted).values_list("decision", flat=True))


def ids(rows: list[AutoDecision]) -> set[Any]:
    return {row.id for row in rows}


def test_what_was_decided_while_the_job_stood_still_for_weeks_is_drawn(demo: Any, rules: RuleSet) -> None:
    first = judged(demo, 2, alone=True, at=demo.at)
    assert draw_rechecks(at=demo.at + HOUR) == 2
    missed = judged(demo, 5, alone=True, at=demo.at + 2 * DAY)
    assert draw_rechecks(at=demo.at + 40 * DAY) == 5
    assert drawn() == ids(first) | ids(missed)
    assert draw_rechecks(at=demo.at + 41 * DAY) == 0


def test_what_was_filed_long_before_it_was_decided_is_drawn(demo: Any, rules: RuleSet) -> None:
    """Its sources were silent for days: it is drawn by the moment of the decision."""
    rows = judged(demo, 2, alone=True, at=demo.at)
    AutoDecision.objects.filter(id=rows[1].id).update(asked_at=demo.at - 9 * DAY)
    assert draw_rechecks(at=demo.at + HOUR) == 2


def test_a_decision_that_was_committed_after_a_later_one_was_drawn_is_drawn_too(demo: Any, rules: RuleSet) -> None:
    judged(demo, 1, alone=True, at=demo.at + HOUR)
    draw_rechecks(at=demo.at + HOUR)
    slow = judged(demo, 1, alone=True, at=demo.at + HOUR - timedelta(minutes=5))
    assert draw_rechecks(at=demo.at + 2 * HOUR) == 1
    assert ids(slow) <= drawn()


def test_what_was_decided_before_the_share_was_lowered_is_drawn_by_the_share_of_its_time(
    demo: Any, rules: RuleSet
) -> None:
    rows = judged(demo, 30, alone=True, at=demo.at)
    sha = rules.sha
    set_percent(actor=demo.actor("huanghai"), item=ITEM, sha=sha, percent=Decimal(1), at=demo.at + HOUR)
    assert drawn() == ids(rows)


def test_what_was_decided_before_a_stop_is_drawn_after_it(demo: Any, rules: RuleSet) -> None:
    rows = judged(demo, 3, alone=True, at=demo.at)
    switch_off(actor=demo.actor("tangmin"), item=ITEM, sha=rules.sha, reason="看看再说", at=demo.at + HOUR)
    assert draw_rechecks(at=demo.at + DAY) == 3
    assert drawn() == ids(rows)


# ── controls ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def mixed(demo: Any, rules: RuleSet) -> RuleSet:
    """Forty automatic decisions drawn, beside sixty that people decided."""
    judged(demo, 30, "granted", at=demo.at)
    judged(demo, 30, "denied", codes=("population_silent",), at=demo.at)
    judged(demo, 40, alone=True, at=demo.at)
    assert draw_rechecks(at=demo.at + HOUR) == 40, "controls are no automatic decisions"
    return rules


def test_among_what_is_drawn_lie_cases_that_people_granted_and_refused(demo: Any, mixed: RuleSet) -> None:
    controls = Recheck.objects.filter(decision__acted=False)
    assert 8 <= controls.count() <= 32  # every other draw brings one
    assert set(controls.values_list("decision__case__outcome", flat=True)) == {"grant", "deny"}
    assert broken("recheck") == set()


def test_a_control_looks_like_all_the_others(demo: Any, mixed: RuleSet) -> None:
    luobin = demo.actor("luobin")
    waiting, _ = list_rechecks(luobin)
    assert {row.number for row in waiting} == {""}
    order = [row.id for row in waiting]
    assert order != [row.id for row in Recheck.objects.order_by("id")], "not each control behind its neighbour"
    pages = [get_recheck(luobin, row.id, at=demo.at + HOUR) for row in waiting]
    for one in pages:
        assert (one.row.number, one.row.state, one.row.verdict) == ("", "open", "")
    assert len({one.kinds for one in pages}) == 1


def test_what_is_said_of_a_control_measures_who_says_it_and_never_the_rules(demo: Any, mixed: RuleSet) -> None:
    before = evidence_of(mixed)
    row = Recheck.objects.filter(decision__acted=False, decision__case__outcome="grant").first()
    other = Recheck.objects.filter(decision__acted=False, decision__case__outcome="deny").first()
    assert row is not None
    assert other is not None
    for one in (row, other):
        fell = answer_recheck(
            actor=demo.actor("luobin"), recheck=one.id, verdict="not", reasons="场所不能登记", at=demo.at + 2 * HOUR
        )
        assert fell is False
    mixed.refresh_from_db()
    assert mixed.mode == "alone"
    assert evidence_of(mixed) == before
    assert counted(mixed).checked == 0
    assert get_rule_set(demo.actor("tangmin"), ITEM, at=demo.at).controls == (2, 1)


def test_what_was_mended_first_or_silence_granted_is_no_control(demo: Any, rules: RuleSet) -> None:
    judged(demo, 5, "mended", at=demo.at)
    judged(demo, 5, "deemed", at=demo.at)
    (told,) = judged(demo, 1, "granted", at=demo.at)
    GapNotice.objects.create(case=told.case, round=1, items=[], told_at=demo.at)
    judged(demo, 20, alone=True, at=demo.at)
    draw_rechecks(at=demo.at + HOUR)
    assert drawn(acted=False) == set()
