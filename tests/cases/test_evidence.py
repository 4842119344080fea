"""证据: what speaks for a rule set is dropped by nobody alone and comes from people who judged; a fault found stops it at once."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from tests.cases.at_once import SHOP, filed_and_judged, let
from tests.cases.judged import DECIDER, ITEM, from_the_beginning, judged
from tests.cases.tampering import broken
from tests.packs_aside import PACKS

from yichuang.cases.commands import proceedings
from yichuang.cases.commands.ask_person import answer_person, ask_person
from yichuang.cases.commands.recheck import answer_recheck, check_no_hand
from yichuang.cases.commands.rulesets import ANEW, LET, begin_anew, compare_again, switch_off
from yichuang.cases.evidence import LOOKED, SAID, counted, evidence_of
from yichuang.cases.instant import Mode
from yichuang.cases.models import Case, HumanReview, Recheck, RuleSet
from yichuang.cases.queries import at_once_of, get_case_for, get_rule_set
from yichuang.catalog import queries as catalog
from yichuang.catalog.commands import PUBLISH, pack_file, save_drawn, try_pack
from yichuang.catalog.queries import pack_folder
from yichuang.core import ledger, roles, second, sql
from yichuang.core.actors import Actor, Grant
from yichuang.core.ledger import Subject
from yichuang.core.refusals import Refused
from yichuang.core.second import Args
from yichuang.notices.queries import list_inbox
from yichuang.registry.queries import certificate_of_subject

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def codes_of(do: Callable[[], object]) -> set[str]:
    with pytest.raises(Refused) as caught:
        do()
    return {reason.code for reason in caught.value.reasons}


@pytest.fixture
def of(demo: Any) -> dict[str, str]:
    return {"item": ITEM, "sha": from_the_beginning(demo)}


def by_two(demo: Any, act: str, args: Args, at: datetime, asks: str = "tangmin", confirms: str = "chengang") -> None:
    proposal = second.propose(actor=demo.actor(asks), act=act, args=args, reason="两人商量过", at=at)
    actor = demo.actor(confirms)
    second.confirm(actor=actor, proposal=proposal, mark=second.mark_of(second.preview(actor, act, args, at=at)), at=at)


def row_of(of: dict[str, str]) -> RuleSet:
    """The set as it stands; a shadow that nobody spoke of has no row yet."""
    found = RuleSet.objects.filter(item_code=of["item"], sha=of["sha"]).first()
    return found or RuleSet(item_code=of["item"], sha=of["sha"])


def compared(of: dict[str, str]) -> tuple[int, int]:
    found = evidence_of(row_of(of))
    return found.compared, found.wrong


# ── nobody washes it alone ────────────────────────────────────────────────────────────────────────────────────────


def test_one_person_who_stops_it_and_lets_it_compare_again_drops_nothing(demo: Any, of: dict[str, str]) -> None:
    judged(demo, 20)
    judged(demo, 3, "denied")
    tangmin = demo.actor("tangmin")
    switch_off(actor=tangmin, **of, reason="看看再说", at=demo.at + HOUR)
    compare_again(actor=tangmin, **of, at=demo.at + 2 * HOUR)
    judged(demo, 4, at=demo.at + 3 * HOUR)
    assert compared(of) == (27, 3), "neither what agreed nor what was false is gone"


def test_two_begin_it_anew_on_record_and_everybody_concerned_is_told(demo: Any, of: dict[str, str]) -> None:
    judged(demo, 20)
    judged(demo, 3, "denied")
    assert codes_of(lambda: begin_anew(actor=demo.actor("tangmin"), **of, at=demo.at + HOUR)) == {"SECOND_NEEDED"}
    by_two(demo, ANEW, of, demo.at + HOUR)
    assert compared(of) == (0, 0)
    judged(demo, 2, at=demo.at + 2 * HOUR)
    assert compared(of) == (2, 0)
    entry = ledger.list_entries(Subject("rule-set", row_of(of).id))[-1]
    assert (entry.act, bool(entry.detail["asked_by"])) == ("rule-set-anew", True)
    assert get_rule_set(demo.actor("tangmin"), ITEM, at=demo.at + HOUR).history[0].words.zh.endswith("从头积累")
    assert any("从头积累" in row.body for row in list_inbox(demo.actor("huanghai").id))
    assert broken("rule-set") == set()


@pytest.mark.parametrize("who", ["luobin", "huanghai", "wuqian"])
def test_who_does_not_decide_drops_nothing(demo: Any, of: dict[str, str], who: str) -> None:
    judged(demo, 3, "denied")
    assert codes_of(lambda: by_two(demo, ANEW, of, demo.at, asks=who)) == {"NOT_ALLOWED"}


def test_what_decides_alone_keeps_its_evidence(demo: Any, of: dict[str, str]) -> None:
    judged(demo, 299)
    by_two(demo, LET, of, demo.at)
    assert codes_of(lambda: by_two(demo, ANEW, of, demo.at + HOUR)) == {"STILL_ALONE"}


def test_after_it_stopped_itself_agreement_is_gathered_anew_and_what_was_false_stays(
    demo: Any, of: dict[str, str]
) -> None:
    judged(demo, 400, at=demo.at - DAY)
    judged(demo, 1, "denied", at=demo.at - DAY)
    RuleSet.objects.update_or_create(item_code=ITEM, sha=of["sha"], defaults={"mode": "alone", "since": demo.at})
    (row,) = judged(demo, 1, alone=True, at=demo.at + HOUR)
    assert answered(demo, row, "not") is True
    compare_again(actor=demo.actor("tangmin"), **of, at=demo.at + 4 * HOUR)
    assert compared(of) == (2, 2), "one that people denied, one that was found wrong"
    judged(demo, 10, at=demo.at + 5 * HOUR)
    assert compared(of) == (12, 2)


def test_a_fault_that_is_found_after_all_was_begun_anew_counts_whenever_it_was_made(
    demo: Any, of: dict[str, str]
) -> None:
    (row,) = judged(demo, 1, alone=True)
    by_two(demo, ANEW, of, demo.at + HOUR)
    answered(demo, row, "not")
    assert compared(of) == (1, 1)


def test_what_silence_granted_is_no_agreement(demo: Any, of: dict[str, str]) -> None:
    judged(demo, 5, "deemed")
    judged(demo, 2)
    page = get_rule_set(demo.actor("tangmin"), ITEM, at=demo.at)
    assert (page.row.judged, page.row.evidence.compared) == (7, 2)


def test_who_made_the_table_agrees_with_nobody_but_themselves(
    demo: Any, of: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    judged(demo, 5)
    judged(demo, 2, "denied")
    assert compared(of) == (7, 2)
    decider = frozenset({demo.actor(DECIDER).id})
    monkeypatch.setattr(catalog, "makers_of", lambda code, sha: decider)
    assert compared(of) == (2, 2), "that they refused what their own table approved counts all the same"


# ── a fault that is found stops it in the same transaction ────────────────────────────────────────────────────────


def answered(demo: Any, row: Any, verdict: str = "grant", who: str = "luobin", **more: Any) -> bool:
    draw, _ = Recheck.objects.get_or_create(
        decision=row, defaults={"department_id": row.case.department_id, "drawn_at": demo.at}
    )
    reasons = "" if verdict == "grant" else "经营场所是住宅"
    at = demo.at + 3 * HOUR
    return answer_recheck(actor=demo.actor(who), recheck=draw.id, verdict=verdict, reasons=reasons, at=at, **more)


@pytest.fixture
def alone(demo: Any, of: dict[str, str]) -> Any:
    judged(demo, 299, at=demo.at - DAY)
    by_two(demo, LET, of, demo.at)
    return demo


def asked(demo: Any, n: int = 1) -> list[Case]:
    """Automatic decisions whose applicants ask for a person."""
    cases = [row.case for row in judged(demo, n, alone=True, at=demo.at + HOUR)]
    for case in cases:
        ask_person(actor=demo.actor("zhangxiao"), number=case.number, reason="我看不对", at=demo.at + HOUR)
    return cases


def reply(demo: Any, case: Case, stands: bool, who: str = "tangmin", **more: Any) -> bool:
    return answer_person(
        actor=demo.actor(who), number=case.number, stands=stands, answer="核对过了", at=demo.at + 2 * HOUR, **more
    )


def test_a_review_that_finds_the_machine_wrong_stops_it_with_the_answer(alone: Any, of: dict[str, str]) -> None:
    (case,) = asked(alone)
    assert reply(alone, case, stands=False) is True
    assert row_of(of).mode == "off"
    assert broken("rule-set") == set()


def test_one_small_fault_among_many_looked_at_stops_nothing_and_one_that_was_undue_stops_it(
    alone: Any, of: dict[str, str]
) -> None:
    cases = asked(alone, 130)
    for case in cases[:120]:
        reply(alone, case, stands=True)
    assert reply(alone, cases[120], stands=False) is False
    assert row_of(of).mode == "alone"
    assert reply(alone, cases[121], stands=False, undue=True) is True
    assert row_of(of).mode == "off"
    assert "性质严重" in row_of(of).reason_zh


def test_what_stands_was_due(alone: Any) -> None:
    (case,) = asked(alone)
    assert codes_of(lambda: reply(alone, case, stands=True, undue=True)) == {"STANDS_NEEDED"}


def test_a_revocation_of_what_it_granted_alone_stops_it_with_the_decision(demo: Any) -> None:
    let(SHOP, Mode.ALONE, demo.at)
    became, row = filed_and_judged(demo, SHOP)
    assert became.alone
    certificate = certificate_of_subject("case", became.case_id)
    assert certificate is not None
    later = demo.at + 30 * DAY
    one = proceedings.open_proceeding(
        actor=demo.actor("luobin"),
        certificate=certificate.id,
        ground="unqualified",
        facts="经营场所是住宅",
        at=demo.at + DAY,
    )
    of = {"item": SHOP, "sha": row.sha}
    assert row_of(of).mode == "alone", "nothing is decided yet"
    proceedings.end_certificate(
        actor=demo.actor("tangmin"), proceeding=one, version=1, reasons="经营场所不能登记", at=later
    )
    assert row_of(of).mode == "off"
    assert [(said.outcome.value, said.count) for said in counted(row_of(of)).said] == [("wrong", 1)]


def test_a_fault_found_today_counts_today_however_long_ago_it_was_made(demo: Any, of: dict[str, str]) -> None:
    (old,) = judged(demo, 1, alone=True, at=demo.at - 90 * DAY)
    judged(demo, 299, at=demo.at - DAY)
    by_two(demo, LET, of, demo.at)
    assert answered(demo, old, "not") is True


# ── who made a table, or had a hand in a case, looks at nothing ───────────────────────────────────────────────────


@pytest.fixture
def _aside(tmp_path: Path, settings: Any) -> None:
    """Packs and drafts of this test alone."""
    settings.YICHUANG_PACKS = [shutil.copytree(PACKS, tmp_path / "packs")]
    settings.YICHUANG_DATA = tmp_path / "data"
    settings.YICHUANG_DATA.mkdir()


@pytest.mark.usefixtures("_aside")
def test_who_wrote_proposed_or_published_a_table_lets_it_do_nothing_and_looks_at_nothing_of_it(demo: Any) -> None:
    author, proposer, confirmer = (editing(demo, name) for name in ("tangmin", "chengang", "luobin"))
    opened = pack_file(author, ITEM, "decision.dmn")
    content = opened.content.replace(b"</definitions>", b"<!-- read again --></definitions>")
    save_drawn(actor=author, item=ITEM, name="decision.dmn", content=content, digest=opened.digest, at=demo.at + HOUR)
    trial = try_pack(pack_folder(proposer, ITEM))
    assert trial.pack is not None
    args = {"item": ITEM, "digest": trial.pack.digest, "version": trial.pack.version}
    at = demo.at + 2 * HOUR
    proposal = second.propose(actor=proposer, act=PUBLISH, args=args, reason="改好了", at=at)
    mark = second.mark_of(second.preview(confirmer, PUBLISH, args, at=at))
    second.confirm(actor=confirmer, proposal=proposal, mark=mark, at=at)
    of = {"item": ITEM, "sha": from_the_beginning(replace(demo, at=at + HOUR))}
    assert catalog.makers_of(**{"code": ITEM, "sha": of["sha"]}) == {author.id, proposer.id, confirmer.id}
    for actor, act in product((author, proposer), (LET, ANEW)):
        assert not second.holds(actor, act, of)
        assert codes_of(partial(second.preview, actor, act, of, at=at)) == {"OWN_TABLE"}
    (row,) = judged(replace(demo, at=at + HOUR), 1, alone=True)
    ask_person(actor=demo.actor("zhangxiao"), number=row.case.number, reason="我看不对", at=at + HOUR)
    for who in ("luobin", "tangmin"):
        assert codes_of(partial(answered, demo, row, who=who)) == {"OWN_TABLE"}
        assert codes_of(partial(reply, demo, row.case, stands=True, who=who)) == {"OWN_TABLE"}
        page = at_once_of(demo.actor(who), get_case_for(demo.actor(who), row.case.number, at=at), at=at)
        assert page is not None
        assert not page.may_answer


def test_who_let_it_decide_alone_looks_at_nothing_of_what_it_decided(demo: Any, of: dict[str, str]) -> None:
    judged(demo, 299)
    by_two(demo, LET, of, demo.at, asks="tangmin", confirms="chengang")
    (row,) = judged(demo, 1, alone=True, at=demo.at + HOUR)
    for who in ("tangmin", "chengang"):
        with pytest.raises(Refused) as caught:
            check_no_hand(demo.actor(who), row)
        assert [reason.code for reason in caught.value.reasons] == ["OWN_TABLE"]
    assert codes_of(partial(answered, demo, row, who="tangmin")) == {"OWN_TABLE"}
    check_no_hand(demo.actor("luobin"), row)
    switch_off(actor=demo.actor("tangmin"), **of, reason="规则要改", at=demo.at + 2 * HOUR)
    assert codes_of(partial(check_no_hand, demo.actor("chengang"), row)) == {"OWN_TABLE"}, "a stop washes nobody"


def editing(demo: Any, name: str) -> Actor:
    """Somebody of the department who edits items too."""
    actor = demo.actor(name)
    return replace(actor, grants=actor.grants | {Grant(roles.ITEM_EDITOR, None, None)})


def test_who_wrote_a_paper_of_the_case_or_decided_it_does_not_re_check_it(alone: Any, of: dict[str, str]) -> None:
    from yichuang.cases.models import Decision, Document

    first, second_one = judged(alone, 2, alone=True, at=alone.at + HOUR)
    luobin = alone.actor("luobin")
    Document.objects.create(
        case=first.case,
        kind="permit",
        number="T-1",
        organ="局",
        seal="章",
        values={},
        issued_at=alone.at,
        by_id=luobin.id,
    )
    Decision.objects.filter(case=second_one.case).update(made_by_id=luobin.id)
    assert codes_of(lambda: answered(alone, first)) == {"HAND_IN_IT"}
    assert codes_of(lambda: answered(alone, second_one)) == {"HAND_IN_IT"}


# ── while a re-check is open ──────────────────────────────────────────────────────────────────────────────────────


def test_a_review_is_read_and_answered_while_the_case_is_re_checked_and_the_verdict_is_not(
    alone: Any, of: dict[str, str]
) -> None:
    (case,) = asked(alone)
    row = case.auto_decision
    Recheck.objects.create(decision=row, department_id=case.department_id, drawn_at=alone.at)
    tangmin = alone.actor("tangmin")

    def told() -> Any:
        return at_once_of(tangmin, get_case_for(tangmin, case.number, at=alone.at), at=alone.at)

    page = told()
    assert (page.blind, page.doubts, page.lines, page.sources) == (True, (), (), ())
    assert (page.review.reason, page.may_answer) == ("我看不对", True)
    reply(alone, case, stands=True)
    assert told().review.answered_at
    zhang = alone.actor("zhangxiao")
    own = at_once_of(zhang, get_case_for(zhang, case.number, at=alone.at), at=alone.at)
    assert own is not None
    assert not own.blind, "the applicant always reads what was decided"


# ── how it is read ────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_read_of_a_set_is_its_last_judgements_and_its_looks_by_index(demo: Any, of: dict[str, str]) -> None:
    like, staff = judged(demo, 1)[0].case, demo.actor("tangmin").id
    rows = judged(demo, 1500, like=like, alone=True)
    long_ago = demo.at - 90 * DAY
    Recheck.objects.bulk_create(
        Recheck(
            decision=row, department_id=like.department_id, drawn_at=long_ago, state="done", by_id=staff, at=long_ago, verdict="grant"
        )
        for row in rows
    )  # fmt: skip
    HumanReview.objects.bulk_create(
        HumanReview(
            case=row.case, department_id=like.department_id, asked_at=long_ago, asked_by_id=like.applicant_id, reason="看看",
            answered_at=long_ago, answered_by_id=staff, answered_name="唐敏", stands=True, answer="对",
        )
        for row in rows
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE cases_autodecision, cases_case, cases_decision, cases_recheck, cases_humanreview")
    values = [ITEM, of["sha"], 50, demo.at, demo.at, []]
    plan = "\n".join(line for (line,) in sql.rows(f"EXPLAIN {SAID}", values))
    assert "using auto_decision_of_set" in plan
    assert "Sort Key: cases_autodecision.judged_at" not in plan, "as the index has them: not all of the set's history"
    assert "Seq Scan on cases_autodecision" not in plan
    plan = "\n".join(line for (line,) in sql.rows(f"EXPLAIN {LOOKED}", [ITEM, of["sha"], demo.at, 500]))
    for index in ("recheck_answered", "human_review_answered"):
        assert index in plan
    assert "Seq Scan" not in plan
