"""秒批 and rehearsals at their edges, without a database: who may be decided alone, what is asked, what a draft would change."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from yichuang.cases.instant import Doubt, Mode
from yichuang.cases.rules import instant, rehearsal
from yichuang.cases.rulesets import CONTRADICTS, Outcome
from yichuang.core.words import W

ZHANG, LI, WANG = "440303199001011234", "440303198502025678", "440303197003033456"
OWN = instant.Filed(
    mode=Mode.ALONE,
    unchanged=True,
    number=ZHANG,
    name="张晓",
    named=((ZHANG, "张晓"),),
    asked=frozenset({ZHANG}),
    agreed=frozenset(),
    by_agent=False,
    by_clerk=False,
    seen=True,
    proved=True,
    today=1,
)


def codes(**change: Any) -> list[str]:
    return [doubt.code for doubt in instant.doubts_of(replace(OWN, **change))]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({}, []),
        ({"mode": Mode.SHADOW}, []),
        ({"mode": Mode.OFF}, ["OFF"]),
        ({"unchanged": False}, ["CHANGED"]),
        ({"named": ()}, ["NOBODY"]),
        ({"named": ((LI, "李娜"),)}, ["NOT_APPLICANT"]),
        ({"named": (("", "张晓"),)}, ["NOT_APPLICANT"]),
        ({"named": ((ZHANG, "张小"),)}, ["NAME_DIFFERS"]),
        ({"named": ((ZHANG, " 张晓 "),)}, []),
        ({"named": ((ZHANG, "张晓"), (LI, "李娜"))}, ["SEVERAL"]),
        ({"named": ((ZHANG, "张晓"), ("", "李娜"))}, ["SEVERAL"]),
        ({"named": ((ZHANG, "张晓"), (LI, "李娜")), "agreed": frozenset({LI})}, ["SEVERAL"]),
        ({"named": ((ZHANG, "张晓"), (LI, "李娜")), "signed": frozenset({LI})}, []),
        ({"named": ((ZHANG, "张晓"), (LI, "李娜"), (WANG, "王强")), "signed": frozenset({LI})}, ["SEVERAL"]),
        ({"named": ((ZHANG, "张晓"), ("", "李娜")), "signed": frozenset({LI})}, ["SEVERAL"]),
        ({"asked": frozenset({ZHANG, LI}), "signed": frozenset({LI})}, []),
        ({"asked": frozenset({ZHANG, LI})}, ["SEVERAL"]),
        ({"by_agent": True}, ["AGENT"]),
        ({"by_clerk": True}, ["CLERK"]),
        ({"by_clerk": True, "seen": False, "proved": False}, ["CLERK"]),
        ({"seen": False}, ["NOT_SEEN"]),
        ({"proved": False}, ["NOT_PROVED"]),
        ({"seen": False, "proved": False}, ["NOT_SEEN", "NOT_PROVED"]),
        ({"today": instant.MOST_A_DAY}, []),
        ({"today": instant.MOST_A_DAY + 1}, ["TOO_MANY"]),
    ],
)
def test_each_reason_why_a_person_decides_is_told(change: dict[str, Any], told: list[str]) -> None:
    assert codes(**change) == told
    assert all(doubt.public for doubt in instant.doubts_of(replace(OWN, **change)))


def test_that_a_signers_document_was_never_seen_is_for_staff_alone() -> None:
    (doubt,) = instant.doubts_of(replace(OWN, signers_seen=False))
    assert (doubt.code, doubt.public) == ("SIGNER_UNSEEN", False)


def test_all_reasons_are_told_at_once() -> None:
    assert codes(mode=Mode.OFF, unchanged=False, by_agent=True, today=99) == ["OFF", "CHANGED", "AGENT", "TOO_MANY"]


@pytest.mark.parametrize(
    ("change", "asked"),
    [
        ({}, True),
        ({"mode": Mode.SHADOW}, True),
        ({"mode": Mode.OFF}, False),
        ({"unchanged": False}, False),
        ({"today": instant.MOST_A_DAY}, True),
        ({"today": instant.MOST_A_DAY + 1}, False),
        ({"named": ((LI, "李娜"),)}, False),
        ({"named": ()}, False),
        ({"named": ((ZHANG, "张晓"), (LI, "李娜"))}, False),
        ({"named": ((ZHANG, "张晓"), (LI, "李娜")), "agreed": frozenset({LI})}, True),
        ({"named": ((ZHANG, "张晓"), ("", "李娜")), "agreed": frozenset({LI})}, False),
        ({"asked": frozenset({LI})}, False),
        ({"asked": frozenset({LI}), "agreed": frozenset({LI})}, True),
        ({"asked": frozenset({LI}), "signed": frozenset({LI})}, True),
        ({"by_agent": True, "seen": False, "proved": False}, True),
    ],
)
def test_registers_are_asked_only_of_who_files_and_who_agreed(change: dict[str, Any], asked: bool) -> None:
    assert instant.may_ask(replace(OWN, **change)) is asked


def test_strangers_are_known_by_number_however_it_is_written() -> None:
    lower = replace(OWN, number=ZHANG[:-1] + "x", named=((ZHANG[:-1] + "X", "张晓"),), asked=frozenset())
    assert instant.strangers(lower) == frozenset()
    assert instant.strangers(replace(OWN, named=((ZHANG, "张晓"), (LI, "李娜"), ("", "王强")))) == {LI, ""}


@pytest.mark.parametrize(
    ("needed", "held", "confirmed", "doubted"),
    [
        (True, False, False, True),
        (False, False, False, False),
        (True, True, False, False),
        (True, False, True, False),
        (True, True, True, False),
    ],
)
def test_a_paper_that_only_people_can_vouch_for_is_a_doubt(
    needed: bool, held: bool, confirmed: bool, doubted: bool
) -> None:
    found = instant.doubts_of_papers([instant.Paper(W("房产证", "deed"), needed, held, confirmed)])
    assert [(doubt.code, doubt.public) for doubt in found] == [("PAPER", True)] * doubted


def test_what_registers_know_of_others_is_one_sentence_for_the_applicant() -> None:
    hidden = instant.doubts_of_conditions([W("欠缴", "owes")], [W("同址", "same address"), W("旁人", "somebody")])
    assert [(doubt.code, doubt.public) for doubt in hidden] == [
        ("BLOCKED", False),
        ("UNDECIDED", False),
        ("UNDECIDED", False),
    ]
    own = Doubt(W("没有确认", "not confirmed"), True, "NOT_PROVED")
    assert instant.as_applicant([*hidden, own, own]) == (instant.OTHERS.words, own.words)
    assert instant.as_applicant([]) == ()


def test_silent_sources_are_asked_four_times_ever_later() -> None:
    waits = [instant.again_after(tries) for tries in range(6)]
    assert waits == [
        None,
        timedelta(seconds=5),
        timedelta(seconds=30),
        timedelta(minutes=2),
        timedelta(minutes=10),
        None,
    ]
    assert instant.is_silent(["busy", None])
    assert instant.is_silent(["down"])
    assert instant.is_silent(["slow"])
    assert not instant.is_silent([None, "contradictory", "stale"])
    assert not instant.is_silent([])


# ── rehearsals ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        (["approve"], ["approve"], None),
        (["a", "b"], ["b", "a", "a"], None),
        (["approve"], ["owes"], ("approve", "person", ("approve",), ("owes",))),
        (["owes", "late"], ["late"], ("person", "person", ("owes",), ())),
        (["owes"], ["approve"], ("person", "approve", ("owes",), ("approve",))),
        (["approve", "owes"], ["approve"], ("person", "approve", ("owes",), ())),
        ([], ["approve"], ("person", "approve", (), ("approve",))),
    ],
)
def test_what_a_draft_would_change(before: list[str], after: list[str], found: tuple[object, ...] | None) -> None:
    one = rehearsal.difference(before, after)
    assert (one and (one.before, one.after, one.gone, one.new)) == found


def test_the_tally_counts_each_case_once_and_what_changes() -> None:
    tally = rehearsal.Tally()
    tally.add(None, Outcome.GRANTED, ["age"])
    tally.add(rehearsal.difference(["owes"], ["approve"]), Outcome.DENIED, [])
    tally.add(rehearsal.difference(["owes"], ["approve"]), Outcome.DENIED, ["age"])
    tally.add(rehearsal.unjudged(["approve"]), Outcome.OPEN, [], [W("日期", "a date")])
    assert (tally.total, tally.changed) == (4, 2)
    assert tally.unread == {"age": 2}
    assert tally.counts["person", "approve", Outcome.DENIED] == 2
    assert (tally.gone, tally.new) == ({"owes": 2}, {"approve": 2})
    assert sum(tally.unfit.values()) == 1


def test_false_approvals_are_those_that_people_had_contradicted() -> None:
    counts = {("person", "approve", one): n for n, one in enumerate(Outcome, 1)}
    others = {("approve", "person", one): 100 for one in Outcome} | {("person", "person", one): 100 for one in Outcome}
    assert rehearsal.false_approvals({**counts, **others}) == sum(counts["person", "approve", o] for o in CONTRADICTS)
    assert rehearsal.false_approvals({}) == 0
