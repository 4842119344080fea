"""规则集: it compares first, two let it decide alone, some of it is looked at blind, and it stops by itself."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.cases.judged import ITEM, from_the_beginning, judged
from tests.cases.tampering import broken

from yichuang.cases import jobs
from yichuang.cases.commands.draws import draw_rechecks
from yichuang.cases.commands.recheck import answer_recheck, watch_brakes
from yichuang.cases.commands.rehearse import past_cases
from yichuang.cases.commands.rulesets import LET, compare_again, let_decide_alone, set_percent, switch_off
from yichuang.cases.evidence import counted, evidence_of
from yichuang.cases.instant import Mode
from yichuang.cases.models import Case, Correction, HumanReview, Material, Recheck, RuleSet
from yichuang.cases.queries import get_recheck, get_rule_set, list_examples, list_rechecks, list_rule_sets
from yichuang.cases.rulesets import Outcome
from yichuang.core import clock, ledger, second
from yichuang.core.actors import SYSTEM
from yichuang.core.ids import new_id
from yichuang.core.ledger import Subject
from yichuang.core.refusals import Conflict, NotFound, Refused
from yichuang.notices.queries import list_inbox

HOUR = timedelta(hours=1)


def raised(do: Callable[[], object]) -> tuple[str, set[str]]:
    """The kind and the codes of a refusal."""
    with pytest.raises(Refused) as caught:
        do()
    return caught.value.kind, {reason.code for reason in caught.value.reasons}


@pytest.fixture
def of(demo: Any) -> dict[str, str]:
    return {"item": ITEM, "sha": from_the_beginning(demo)}


def let(demo: Any, of: dict[str, str], asks: str = "tangmin", confirms: str = "chengang") -> None:
    """One asks, another reads what would happen and confirms."""
    proposal = second.propose(actor=demo.actor(asks), act=LET, args=of, reason="比对已经达到标准", at=demo.at)
    actor = demo.actor(confirms)
    mark = second.mark_of(second.preview(actor, LET, of, at=demo.at))
    second.confirm(actor=actor, proposal=proposal, mark=mark, at=demo.at)


def mode(of: dict[str, str]) -> str:
    return RuleSet.objects.get(item_code=of["item"], sha=of["sha"]).mode


@pytest.fixture
def alone(demo: Any, of: dict[str, str]) -> Any:
    """A rule set that two let decide alone, of a time when everything was compared."""
    judged(demo, 299, at=demo.at - timedelta(days=30))
    let(demo, of)
    return demo


# ── comparing ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_people_and_table_are_compared_and_every_false_approval_counts(demo: Any, of: dict[str, str]) -> None:
    judged(demo, 20)
    judged(demo, 2, "mended")
    judged(demo, 1, "denied")
    judged(demo, 3, "withdrawn")
    judged(demo, 4, "open")
    judged(demo, 5, codes=("population_silent",))
    judged(demo, 1, "denied", codes=("population_silent", "name_taken"))
    page = get_rule_set(demo.actor("tangmin"), ITEM, at=demo.at)
    rows = {(row.verdict, row.code): row.counts for row in page.matrix}
    assert rows["approve", ""] == {
        Outcome.GRANTED: 20, Outcome.MENDED: 2, Outcome.DENIED: 1, Outcome.ENDED: 3, Outcome.OPEN: 4
    }  # fmt: skip
    assert rows["person", "population_silent"] == {Outcome.GRANTED: 5, Outcome.DENIED: 1}
    assert rows["person", "name_taken"] == {Outcome.DENIED: 1}
    assert (page.row.judged, page.row.approved, page.row.mode) == (36, 30, Mode.SHADOW)
    found = page.row.evidence
    assert (found.compared, found.wrong, found.met) == (23, 3, False)
    assert any(f"还需要 {found.needed} 件" in words.zh for words in page.why_not)


def test_a_case_that_was_told_what_is_missing_counts_as_mended(demo: Any, of: dict[str, str]) -> None:
    from yichuang.cases.models import GapNotice

    (row,) = judged(demo, 1)
    GapNotice.objects.create(case=row.case, round=1, items=[], told_at=demo.at)
    assert [one.outcome for one in counted(RuleSet(item_code=ITEM, sha=of["sha"])).said] == [Outcome.MENDED]
    assert [outcome for *_, outcome in past_cases(ITEM)] == [Outcome.MENDED]


@pytest.mark.parametrize(("after", "outcome"), [(-HOUR, Outcome.MENDED), (HOUR, Outcome.GRANTED)])
def test_what_was_corrected_before_it_was_decided_counts_as_mended(
    demo: Any, of: dict[str, str], after: timedelta, outcome: Outcome
) -> None:
    (row,) = judged(demo, 1)
    Correction.objects.create(
        case=row.case, state="made", lines=[], reason="名字写错了一个字", asked_at=demo.at, asked_name="张晓",
        asked_by_party_id=row.case.applicant_id, decided_at=demo.at + after, decided_by_id=demo.actor("lina").id,
        decided_name="李娜", document=new_id(),
    )  # fmt: skip
    assert [one.outcome for one in counted(RuleSet(item_code=ITEM, sha=of["sha"])).said] == [outcome]
    assert [told for *_, told in past_cases(ITEM)] == [outcome]


def test_only_the_cases_that_somebody_may_open_are_linked(demo: Any, of: dict[str, str]) -> None:
    judged(demo, 2, "denied")
    ask = {"verdict": "approve", "code": "", "outcome": "denied", "at": demo.at}
    seen = list_examples(demo.actor("tangmin"), **of, **ask)
    assert [row.visible for row in seen] == [True, True]
    assert [row.visible for row in list_examples(demo.actor("wuqian"), **of, **ask)] == [False, False]
    assert list_examples(demo.actor("tangmin"), **of, **{**ask, "outcome": "granted"}) == ()


def test_who_has_nothing_to_do_with_it_does_not_see_that_it_is_there(demo: Any, of: dict[str, str]) -> None:
    for who in ("zhangxiao", "lina", "sunli", "hetao", "shilei", "mali"):
        with pytest.raises(NotFound):
            get_rule_set(demo.actor(who), ITEM, at=demo.at)
        assert ITEM not in {row.item for row in list_rule_sets(demo.actor(who), at=demo.at)}
    for who in ("luobin", "tangmin", "chengang", "huanghai", "wuqian"):
        assert ITEM in {row.item for row in list_rule_sets(demo.actor(who), at=demo.at)}
    with pytest.raises(NotFound):
        get_rule_set(demo.actor("tangmin"), ITEM, "0" * 64, at=demo.at)
    with pytest.raises(NotFound):
        get_rule_set(demo.actor("wangqiang"), "yangquan-dengji", at=demo.at)


# ── deciding alone ────────────────────────────────────────────────────────────────────────────────────────────────


def test_two_who_decide_let_it_and_nobody_alone(demo: Any, of: dict[str, str]) -> None:
    judged(demo, 299)
    tangmin = demo.actor("tangmin")
    assert raised(lambda: let_decide_alone(actor=tangmin, **of, at=demo.at)) == ("conflict", {"SECOND_NEEDED"})
    proposal = second.propose(actor=tangmin, act=LET, args=of, reason="比对已经达到标准", at=demo.at)
    mark = second.mark_of(second.preview(tangmin, LET, of, at=demo.at))
    codes = raised(lambda: second.confirm(actor=tangmin, proposal=proposal, mark=mark, at=demo.at))
    assert codes == ("forbidden", {"SAME_PERSON"})
    second.confirm(actor=demo.actor("chengang"), proposal=proposal, mark=mark, at=demo.at)
    assert mode(of) == "alone"
    row = RuleSet.objects.get(sha=of["sha"])
    entry = ledger.list_entries(Subject("rule-set", row.id))[-1]
    assert entry.act == "rule-set-alone"
    assert entry.detail["asked_by"]
    assert broken("rule-set") == set()


@pytest.mark.parametrize("who", ["luobin", "huanghai", "wuqian"])
def test_who_does_not_decide_neither_asks_nor_confirms(demo: Any, of: dict[str, str], who: str) -> None:
    judged(demo, 299)
    kind, codes = raised(lambda: second.propose(actor=demo.actor(who), act=LET, args=of, reason="可以了", at=demo.at))
    assert (kind, codes) == ("forbidden", {"NOT_ALLOWED"})
    assert not second.holds(demo.actor(who), LET, of)


def test_the_deciders_of_the_department_are_told_that_one_of_them_asks(demo: Any, of: dict[str, str]) -> None:
    judged(demo, 299)
    second.propose(actor=demo.actor("chengang"), act=LET, args=of, reason="比对已经达到标准", at=demo.at)
    told = [row for row in list_inbox(demo.actor("tangmin").id) if "启用自动办理" in row.body]
    assert told


def test_too_little_compared_is_refused_with_how_many_are_missing(demo: Any, of: dict[str, str]) -> None:
    judged(demo, 179)
    propose = {"actor": demo.actor("tangmin"), "act": LET, "args": of, "reason": "想启用", "at": demo.at}
    with pytest.raises(Refused) as caught:
        second.propose(**propose)
    assert "还需要 120 件" in caught.value.reasons[0].words.zh


def test_what_changes_between_asking_and_confirming_is_noticed(demo: Any, of: dict[str, str]) -> None:
    judged(demo, 299)
    proposal = second.propose(actor=demo.actor("tangmin"), act=LET, args=of, reason="可以启用了", at=demo.at)
    actor = demo.actor("chengang")
    mark = second.mark_of(second.preview(actor, LET, of, at=demo.at))
    judged(demo, 1, "denied")
    kind, _ = raised(lambda: second.confirm(actor=actor, proposal=proposal, mark=mark, at=demo.at))
    assert kind == "conflict"
    assert not RuleSet.objects.filter(sha=of["sha"], mode="alone").exists()


def test_who_published_the_table_neither_asks_nor_confirms(demo: Any, of: dict[str, str]) -> None:
    from yichuang.catalog.models import ItemVersion

    judged(demo, 299)
    tangmin = demo.actor("tangmin")
    with_trigger_off(lambda: ItemVersion.objects.filter(code=ITEM).update(published_by=tangmin.id))
    assert raised(lambda: second.propose(actor=tangmin, act=LET, args=of, reason="我写的", at=demo.at)) == (
        "forbidden",
        {"OWN_TABLE"},
    )
    assert not second.holds(tangmin, LET, of)
    assert second.holds(demo.actor("chengang"), LET, of)


def with_trigger_off(do: Callable[[], object]) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        do()
        cursor.execute("SET LOCAL session_replication_role = origin")


# ── stopping ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("who", ["tangmin", "chengang", "huanghai"])
def test_one_person_stops_it_at_once_and_everybody_concerned_is_told(alone: Any, of: dict[str, str], who: str) -> None:
    switch_off(actor=alone.actor(who), **of, reason="发现一处不对", at=alone.at + HOUR)
    assert mode(of) == "off"
    for told in ("huanghai", "tangmin", "luobin"):
        assert any("已停用" in row.body for row in list_inbox(alone.actor(told).id)), told
    switch_off(actor=alone.actor(who), **of, reason="再按一次", at=alone.at + 2 * HOUR)  # a button pressed twice
    assert RuleSet.objects.get(sha=of["sha"]).reason_zh == "发现一处不对"
    assert broken("rule-set") == set()


def test_a_stop_needs_the_power_and_a_reason(alone: Any, of: dict[str, str]) -> None:
    asked = {**of, "reason": "有问题", "at": alone.at}
    assert raised(lambda: switch_off(actor=alone.actor("luobin"), **asked))[0] == "forbidden"
    assert raised(lambda: switch_off(actor=alone.actor("sunli"), **asked))[0] == "missing"
    assert raised(lambda: switch_off(actor=alone.actor("tangmin"), **{**asked, "reason": " "}))[0] == "invalid"
    assert mode(of) == "alone"


def test_after_a_stop_who_decides_lets_it_compare_again(alone: Any, of: dict[str, str]) -> None:
    tangmin = alone.actor("tangmin")
    assert raised(lambda: compare_again(actor=tangmin, **of, at=alone.at)) == ("conflict", {"NOT_OFF"})
    switch_off(actor=tangmin, **of, reason="发现一处不对", at=alone.at + HOUR)
    assert raised(lambda: let(alone, of)) == ("conflict", {"NOT_YET"})
    assert raised(lambda: compare_again(actor=alone.actor("huanghai"), **of, at=alone.at))[0] == "forbidden"
    compare_again(actor=tangmin, **of, at=alone.at + 2 * HOUR)
    assert get_rule_set(tangmin, ITEM, at=alone.at + 3 * HOUR).row.mode is Mode.SHADOW


def test_a_share_that_is_the_usual_one_is_on_record_too(demo: Any, of: dict[str, str]) -> None:
    set_percent(actor=demo.actor("huanghai"), **of, percent=Decimal(5), at=demo.at)
    assert broken("rule-set") == set(), "no row without an entry that vouches for it"


def test_who_decides_never_learns_from_the_figures_what_the_table_said_of_an_open_case(
    demo: Any, of: dict[str, str]
) -> None:
    judged(demo, 2, "open")
    judged(demo, 1, alone=True)
    ask = {"verdict": "approve", "code": "", "outcome": "open", "at": demo.at}
    assert list_examples(demo.actor("tangmin"), **of, **ask) == ()


def test_the_share_of_re_checks_is_set_within_bounds_and_on_record(demo: Any, of: dict[str, str]) -> None:
    judged(demo, 10)
    set_percent(actor=demo.actor("huanghai"), **of, percent=Decimal("12.5"), at=demo.at + HOUR)
    set_percent(actor=demo.actor("huanghai"), **of, percent=Decimal("12.5"), at=demo.at + HOUR)
    row = RuleSet.objects.get(sha=of["sha"])
    assert (row.percent, row.mode) == (Decimal("12.5"), "shadow")
    acts = [entry.act for entry in ledger.list_entries(Subject("rule-set", row.id))]
    assert acts.count("rule-set-percent") == 1
    assert evidence_of(row).compared == 10, "what was compared before counts on"
    assert raised(lambda: set_percent(actor=demo.actor("tangmin"), **of, percent=Decimal(0), at=demo.at))[1] == {
        "PERCENT_WRONG"
    }
    assert (
        raised(lambda: set_percent(actor=demo.actor("wuqian"), **of, percent=Decimal(9), at=demo.at))[0] == "forbidden"
    )
    assert get_rule_set(demo.actor("tangmin"), ITEM, at=demo.at).history[0].words.zh == "调整抽查比例"


# ── re-checks ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def drawn(alone: Any, of: dict[str, str]) -> list[Recheck]:
    """Ten automatic decisions, all of them drawn."""
    set_percent(actor=alone.actor("huanghai"), **of, percent=Decimal(100), at=alone.at)
    judged(alone, 10, alone=True, at=alone.at + HOUR)
    judged(alone, 5, codes=("population_silent",), at=alone.at + HOUR)  # what went to people is no automatic decision
    assert draw_rechecks(at=alone.at + 2 * HOUR) == 10
    return list(Recheck.objects.filter(decision__acted=True).order_by("id"))


def test_each_is_drawn_once_by_a_key_that_follows_from_no_number(alone: Any, of: dict[str, str]) -> None:
    judged(alone, 400, alone=True, at=alone.at + HOUR)
    with clock.fixed(alone.at + 2 * HOUR):
        jobs.watch_rule_sets()
    drawn = Recheck.objects.filter(decision__acted=True).count()
    assert 5 <= drawn <= 40  # five of a hundred; one run of a million is outside
    assert draw_rechecks(at=alone.at + 3 * HOUR) == 0
    assert broken("recheck") == set()
    assert draw_rechecks(at=alone.at + timedelta(days=3)) == 0


def test_a_reviewer_sees_what_was_filed_and_nothing_of_what_became_of_it(alone: Any, drawn: list[Recheck]) -> None:
    luobin = alone.actor("luobin")
    Material.objects.create(
        case=drawn[0].decision.case, order=1, code="premises", name_zh="住所证明", name_en="Proof of premises",
        necessity="main", required=True, tolerable=False, state="provided",
    )  # fmt: skip
    waiting, done = list_rechecks(luobin)
    assert (len(waiting), done) == (Recheck.objects.count(), ())
    assert all(row.number == "" for row in waiting)
    page = get_recheck(luobin, drawn[0].id, at=alone.at)
    assert page.form
    assert page.materials
    assert page.row.number == ""
    assert all("approve" not in code for code, _ in page.kinds)
    for who in ("sunli", "lina", "huanghai", "zhangxiao", "chengang"):
        with pytest.raises(NotFound):
            get_recheck(alone.actor(who), waiting[0].id, at=alone.at)
        assert list_rechecks(alone.actor(who)) == ((), ())


def test_papers_stand_as_they_came_in_so_that_nothing_tells_who_decided(alone: Any, drawn: list[Recheck]) -> None:
    """In a case that the table granted data stand for papers; in one that people decided a clerk has read them."""
    paper = {"name_zh": "证明", "name_en": "Proof", "necessity": "main", "required": True, "tolerable": False}
    told = []
    for row, stands in zip(drawn, ("held", "checked"), strict=False):
        case = row.decision.case
        for code, state in (("rented_premises", stands), ("card", "held")):
            Material.objects.create(
                case=case, order=1, code=code, state=state, seen_original=stands == "checked", **paper
            )
        page = get_recheck(alone.actor("luobin"), row.id, at=alone.at)
        told.append({(m.code, m.state.value, m.seen_original, m.note) for m in page.materials})
    assert told[0] == told[1] == {("rented_premises", "missing", False, None), ("card", "held", False, None)}


def answer(demo: Any, row: Recheck, verdict: str = "grant", who: str = "luobin", **more: Any) -> bool:
    asked = {"reasons": "" if verdict == "grant" else "经营场所是住宅", "at": demo.at + 3 * HOUR, **more}
    return answer_recheck(actor=demo.actor(who), recheck=row.id, verdict=verdict, **asked)


def test_an_answer_is_given_once_and_the_second_hears_who_was_first(alone: Any, drawn: list[Recheck]) -> None:
    assert get_rule_set(alone.actor("tangmin"), ITEM, at=alone.at).waiting == (
        len(Recheck.objects.all()),
        drawn[0].drawn_at,
    )
    assert answer(alone, drawn[0]) is False
    assert get_rule_set(alone.actor("tangmin"), ITEM, at=alone.at).waiting[0] == len(Recheck.objects.all()) - 1
    assert answer(alone, drawn[0]) is False, "a button pressed twice"
    with pytest.raises(Conflict) as caught:
        answer(alone, drawn[0], who="tangmin")
    assert caught.value.change is not None
    assert caught.value.change.who == "罗斌"
    assert raised(lambda: answer(alone, drawn[1], "perhaps"))[1] == {"VERDICT_NEEDED"}
    assert raised(lambda: answer(alone, drawn[1], "not", reasons=" ", found=("nothing",)))[1] >= {"KIND_UNKNOWN"}
    _, done = list_rechecks(alone.actor("luobin"))
    assert [row.number for row in done] == [drawn[0].decision.case.number]
    assert broken("recheck") == set()


def test_nobody_re_checks_a_case_in_which_they_had_a_hand(alone: Any, drawn: list[Recheck]) -> None:
    case = drawn[0].decision.case
    ledger.append(act="urge", actor=alone.actor("luobin"), at=alone.at, subject=Subject("case", case.id))
    assert raised(lambda: answer(alone, drawn[0])) == ("forbidden", {"HAND_IN_IT"})
    assert raised(lambda: get_recheck(alone.actor("luobin"), drawn[0].id, at=alone.at))[1] == {"HAND_IN_IT"}
    assert answer(alone, drawn[0], who="shenjie") is False


def test_more_wrong_than_allowed_stops_it_by_itself_and_the_supervisor_is_told(
    alone: Any, of: dict[str, str], drawn: list[Recheck]
) -> None:
    for row in drawn[:9]:
        assert answer(alone, row) is False
    assert answer(alone, drawn[9], "not") is True  # one of ten is more than one of a hundred
    row = RuleSet.objects.get(sha=of["sha"])
    assert (row.mode, row.changed_by_id) == ("off", None)
    assert any("系统已自动停用" in one.body for one in list_inbox(alone.actor("huanghai").id))
    assert ledger.list_entries(Subject("rule-set", row.id))[-1].actor_kind == "system"
    assert broken("rule-set") == set()


def test_one_among_enough_right_ones_does_not_stop_it_unless_the_pack_calls_it_grave(
    alone: Any, of: dict[str, str], drawn: list[Recheck], monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    from yichuang.catalog import queries as catalog

    right = judged(alone, 120, alone=True, at=alone.at + HOUR)
    review(alone, [row.case for row in right], stands=True)
    code = next(code for code, _ in get_recheck(alone.actor("luobin"), drawn[0].id, at=alone.at).kinds)
    assert answer(alone, drawn[0], "not", found=(code,)) is False
    assert mode(of) == "alone"

    pack = catalog.find_tabled(**{"code": ITEM, "sha": of["sha"]})
    assert pack is not None
    assert pack.decision is not None
    results = {**pack.decision.results, code: replace(pack.decision.results[code], grave=True)}
    grave = replace(pack, decision=replace(pack.decision, results=results))
    monkeypatch.setattr(catalog, "find_tabled", lambda code, sha: grave)
    assert watch_brakes(at=alone.at + 4 * HOUR) == 1
    assert mode(of) == "off"


def review(demo: Any, cases: list[Case], *, stands: bool, after: timedelta = 2 * HOUR) -> None:
    """Applicants asked for a person, who answered so long after the demo's moment."""
    by = demo.actor("tangmin").id
    HumanReview.objects.bulk_create(
        HumanReview(
            id=new_id(), case=case, department_id=case.department_id, asked_at=demo.at, asked_by_id=case.applicant_id,
            reason="请人看一看", answered_at=demo.at + after, answered_by_id=by, answered_name="唐敏", stands=stands, answer="核对",
        )
        for case in cases
    )  # fmt: skip


def test_a_review_that_an_applicant_asked_for_lets_the_brake_fall_too(alone: Any, of: dict[str, str]) -> None:
    rows = judged(alone, 3, alone=True, at=alone.at + HOUR)
    review(alone, [rows[0].case], stands=False)
    assert watch_brakes(at=alone.at + 2 * HOUR) == 1
    assert mode(of) == "off"
    assert watch_brakes(at=alone.at + 3 * HOUR) == 0


def test_what_was_found_before_it_was_let_decide_stops_nothing_afterwards(demo: Any, of: dict[str, str]) -> None:
    rows = judged(demo, 3, alone=True, at=demo.at - timedelta(days=90))
    review(demo, [row.case for row in rows], stands=False, after=-HOUR)
    since = {"mode": "alone", "since": demo.at}
    RuleSet.objects.update_or_create(item_code=ITEM, sha=of["sha"], defaults=since)
    assert watch_brakes(at=demo.at + HOUR) == 0


def test_the_machines_operator_needs_no_second_person_but_the_same_evidence(demo: Any, of: dict[str, str]) -> None:
    assert raised(lambda: let_decide_alone(actor=SYSTEM, **of, at=demo.at))[1] == {"NOT_COMPARED_ENOUGH"}
    judged(demo, 299)
    assert let_decide_alone(actor=SYSTEM, **of, at=demo.at) is Mode.ALONE
