"""秒批: decided alone only where nothing is doubtful; everything else lies with a person, with each doubt named."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from tests.cases.at_once import (
    CARD,
    COMPANY,
    JOB,
    RECORD,
    SHOP,
    Police,
    codes,
    file,
    filed_and_judged,
    forget_population,
    form_of,
    let,
    of_those_who_agreed,
)

from yichuang.cases.commands.at_once import decide_again, decide_at_once, decide_at_once_job
from yichuang.cases.instant import JudgedBy, Mode
from yichuang.cases.models import AutoDecision, Case, Decision, Document, Material, RuleSet
from yichuang.cases.queries import way_of
from yichuang.cases.rules.instant import AGAIN
from yichuang.cases.states import State
from yichuang.catalog.packs.folder import load_files, read_folder
from yichuang.core import ledger, sql
from yichuang.core.clock import fixed
from yichuang.core.faults import armed
from yichuang.core.ledger import Subject
from yichuang.core.refusals import Reason, Refused
from yichuang.core.words import W
from yichuang.people.queries import get_party
from yichuang.registry.models import Certificate, RegistryLook
from yichuang.registry.ports import Found, Nothing, SourceDown, SourceRefused, SourceSlow, SourceWrong, connected


@pytest.mark.parametrize(
    ("code", "who"), [(JOB, "zhangxiao"), (SHOP, "zhangxiao"), (RECORD, "zhangxiao"), (CARD, "wangxiuying")]
)
def test_where_data_confirm_everything_it_is_granted_in_the_same_request(demo: Any, code: str, who: str) -> None:
    let(code, Mode.ALONE, demo.at)
    became, row = filed_and_judged(demo, code, who)
    assert (became.alone, became.state, became.why) == (True, State.GRANTED, ()), row.doubts
    assert (row.verdict, row.mode, row.codes, row.acted) == ("approve", "alone", ["approve"], True)
    case = Case.objects.get(id=became.case_id)
    assert (case.accepted_as, case.outcome, case.version) == ("full", "grant", 3)
    way = way_of(demo.actor(who), case.number, at=demo.at)
    assert way.stands == "direct"
    assert "未经过" not in way.drawing  # the plan, of nobody's case
    assert Decision.objects.get(case=case).made_by is None
    assert Certificate.objects.get(subject_id=case.id).holder_id == case.applicant_id
    papers = {paper.kind: paper.values for paper in Document.objects.filter(case=case)}
    assert row.sha[:16] in papers["acceptance"]["automatic"]
    assert row.sha[:16] in papers["grant"]["automatic"]
    acts = [(entry.act, entry.actor_kind) for entry in ledger.list_entries(Subject("case", case.id))]
    assert acts == [("file", "person"), ("accept", "system"), ("grant", "system")]
    assert not Material.objects.filter(case=case, required=True, state="missing").exists()


def test_a_rule_set_of_which_nobody_said_anything_decides_nothing_and_tells_nobody(demo: Any) -> None:
    RuleSet.objects.all().delete()
    became, row = filed_and_judged(demo, JOB)
    assert (became.alone, became.state, became.why) == (False, State.SUBMITTED, ())
    assert (row.verdict, row.mode) == ("approve", "shadow")
    entry = ledger.list_entries(Subject("case", became.case_id))[-1]
    assert (entry.act, "verdict" in entry.detail) == ("judge-at-once", False)


def test_one_that_is_switched_off_asks_no_register(demo: Any) -> None:
    let(JOB, Mode.OFF, demo.at)
    became, row = filed_and_judged(demo, JOB)
    assert (codes(row), row.sources, became.state) == ({"OFF"}, {}, State.SUBMITTED)
    assert not RegistryLook.objects.filter(case_number=became.number).exists()


def test_who_is_not_the_person_in_the_form_gets_nothing_and_learns_nothing(demo: Any) -> None:
    let(SHOP, Mode.ALONE, demo.at)
    stolen = form_of(demo, SHOP, demo.actor("moshengren"))
    became, row = filed_and_judged(demo, SHOP, "zhangxiao", form=stolen)
    assert (became.state, codes(row)) == (State.SUBMITTED, {"NOT_APPLICANT"})
    assert (row.sources, row.inputs, row.codes) == ({}, {}, [])
    assert not RegistryLook.objects.filter(case_number=became.number).exists()


def test_another_name_under_the_own_number_is_a_doubt(demo: Any) -> None:
    let(JOB, Mode.ALONE, demo.at)
    became, row = filed_and_judged(demo, JOB, parts={"person": {"name": "张小小"}})
    assert became.state is State.SUBMITTED
    assert {"NAME_DIFFERS", "identity_differs"} <= codes(row)


def test_who_did_not_prove_again_to_be_there_waits_for_a_person(demo: Any) -> None:
    let(JOB, Mode.ALONE, demo.at)
    _, row = filed_and_judged(demo, JOB, proved=False)
    assert codes(row) == {"NOT_PROVED"}


def test_an_account_that_nobody_opened_against_a_document_is_not_enough(demo: Any) -> None:
    from yichuang.people.models import Account

    let(JOB, Mode.ALONE, demo.at)
    Account.objects.filter(username="zhangxiao").update(identity_seen=False)
    _, row = filed_and_judged(demo, JOB)
    assert codes(row) == {"NOT_SEEN"}


def test_a_stale_or_foreign_proof_is_refused_before_anything_is_filed(demo: Any) -> None:
    from dataclasses import replace

    from tests.cases.at_once import proof

    from yichuang.cases.commands.file_case import Filing, file_case

    zhang, stranger = demo.actor("zhangxiao"), demo.actor("moshengren")
    filing = Filing(JOB, None, demo.example(JOB).answers, form_of(demo, JOB, zhang), {}, zhang.id)
    for bad in (proof(stranger, demo.at), proof(zhang, demo.at - timedelta(minutes=5))):
        with pytest.raises(Refused) as refused:
            file_case(actor=zhang, filing=replace(filing, proof=bad), key=str(uuid4()), at=demo.at)
        assert [reason.code for reason in refused.value.reasons] == ["PROOF_STALE"]


def test_a_paper_that_no_data_stand_for_is_read_by_a_person(demo: Any) -> None:
    let(JOB, Mode.ALONE, demo.at)
    proof = {"hardship_proof": [demo.upload(demo.actor("zhangxiao"))]}
    _, row = filed_and_judged(demo, JOB, answers={"hardship": "yes"}, materials=proof)
    assert {"PAPER", "hardship"} <= codes(row)
    assert "就业困难情形证明" in " ".join(doubt[0] for doubt in row.doubts)


def test_a_paper_is_confirmed_only_where_its_look_up_is_found_and_the_same(demo: Any) -> None:
    let(SHOP, Mode.ALONE, demo.at)
    _, row = filed_and_judged(demo, SHOP, parts={"place": {"detail": "深圳市罗湖区桂园街道没有这条路9号101"}})
    assert {"PAPER", "address_not_standard"} <= codes(row)


def test_nobody_is_asked_about_strangers_who_are_named_beside_the_applicant(demo: Any) -> None:
    let(COMPANY, Mode.ALONE, demo.at)
    before = RegistryLook.objects.count()
    became, row = filed_and_judged(demo, COMPANY)
    assert "SEVERAL" in codes(row)
    assert (row.sources, row.inputs, bytes(row.record)) == ({}, {}, b"")
    assert RegistryLook.objects.count() == before
    assert became.state is State.SUBMITTED


def test_a_company_of_people_who_agreed_lies_with_a_person_and_its_founder_learns_nothing_of_them(demo: Any) -> None:
    let(COMPANY, Mode.ALONE, demo.at)
    became, row = filed_and_judged(demo, COMPANY, form=of_those_who_agreed(demo))
    assert {"SEVERAL", "PAPER"} <= codes(row)
    assert "found" in set(row.sources.values())
    hidden = [doubt for doubt in row.doubts if not doubt[2]]
    assert hidden, "what the bases say of the others"
    told = " ".join(words.zh for words in became.why)
    assert "需要由工作人员核对其他人员的情况" in told
    assert not any(doubt[0] in told for doubt in hidden)


def test_an_authority_for_another_item_is_no_leave_to_ask(demo: Any) -> None:
    let(COMPANY, Mode.ALONE, demo.at)
    _, row = filed_and_judged(demo, COMPANY, form=of_those_who_agreed(demo, items=(JOB,)))
    assert row.sources == {}


def test_what_a_clerk_typed_is_never_decided_alone(demo: Any) -> None:
    let(JOB, Mode.ALONE, demo.at)
    zhang = demo.actor("zhangxiao")
    became, row = filed_and_judged(
        demo, JOB, "lina", applicant=zhang.id, form=form_of(demo, JOB, zhang), proved=False, confirmed="paper",
        originals=frozenset({"applicant_id", "registration_form"}),
    )  # fmt: skip
    assert became.state is State.SUBMITTED
    assert "CLERK" in codes(row)


def test_pressed_twice_it_is_one_filing_and_one_decision(demo: Any) -> None:
    let(JOB, Mode.ALONE, demo.at)
    first, second = file(demo, JOB, key="twice"), file(demo, JOB, key="twice")
    assert first.case_id == second.case_id
    one, two = (decide_at_once(case=first.case_id, at=demo.at) for _ in range(2))
    assert one == two
    assert Certificate.objects.filter(subject_id=first.case_id).count() == 1


def test_of_two_filings_alike_the_second_sees_the_first(demo: Any) -> None:
    let(JOB, Mode.ALONE, demo.at)
    first, second = file(demo, JOB), file(demo, JOB)
    granted, waits = (decide_at_once(case=one.case_id, at=demo.at) for one in (first, second))
    assert (granted and granted.alone, waits and waits.state) == (True, State.SUBMITTED)
    assert "registered" in codes(AutoDecision.objects.get(case=second.case_id))


def test_whoever_files_again_and_again_is_compared_no_more_that_day(demo: Any) -> None:
    from yichuang.cases.rules.instant import MOST_A_DAY

    for _ in range(MOST_A_DAY):
        file(demo, JOB)
    let(JOB, Mode.ALONE, demo.at)
    became, row = filed_and_judged(demo, JOB)
    assert (codes(row), row.sources) == ({"TOO_MANY"}, {})
    assert became.state is State.SUBMITTED


def test_what_changed_meanwhile_is_left_to_people(demo: Any) -> None:
    from yichuang.cases.commands.end import withdraw_case

    let(JOB, Mode.ALONE, demo.at)
    receipt = file(demo, JOB)
    withdraw_case(actor=demo.actor("zhangxiao"), number=receipt.number, version=1, reason="不办了", at=demo.at)
    became = decide_at_once(case=receipt.case_id, at=demo.at)
    assert became
    assert became.state is State.WITHDRAWN
    assert codes(AutoDecision.objects.get(case=receipt.case_id)) == {"CHANGED"}


def test_a_request_that_died_before_it_judged_is_made_good_by_the_job(demo: Any) -> None:
    let(JOB, Mode.ALONE, demo.at)
    receipt = file(demo, JOB)
    assert sql.row(
        "SELECT count(*) FROM procrastinate_jobs WHERE task_name = $1 AND args ->> 'case' = $2 AND status = 'todo'",
        ["cases.decide_at_once", str(receipt.case_id)],
    ) == (1,)
    with fixed(demo.at + timedelta(seconds=6)):
        decide_at_once_job(case=receipt.case_id)
    row = AutoDecision.objects.get(case=receipt.case_id)
    assert (row.state, row.acted) == (JudgedBy.DONE.value, True)


# ── sources that are silent ───────────────────────────────────────────────────────────────────────────────────────


def says(demo: Any, **fields: object) -> Found:
    who = get_party(demo.actor("zhangxiao").id)
    return Found({"name": who.name, "alive": True, "in_work": False, "pension": False, **fields}, demo.at)


def outside(demo: Any, *told: Found | Nothing | Exception) -> tuple[Police, UUID]:
    """张晓 files a registration while the population base lies outside and behaves so."""
    let(JOB, Mode.ALONE, demo.at)
    forget_population()
    return Police(*told), file(demo, JOB).case_id


@pytest.mark.parametrize("fault", [SourceDown("down"), SourceSlow("slow")], ids=["down", "slow"])
def test_a_source_that_is_down_or_slow_is_asked_again_and_then_a_person_decides(demo: Any, fault: Exception) -> None:
    police, case = outside(demo, fault)
    at = demo.at
    with connected(police):
        for tries, wait in enumerate((*AGAIN, None), 1):
            became = decide_at_once(case=case, at=at)
            assert became
            row = AutoDecision.objects.get(case=case)
            assert (row.tries, became.judged is JudgedBy.WAITING) == (tries, wait is not None)
            assert became.state is State.SUBMITTED
            at += (wait or timedelta()) + timedelta(minutes=5)  # the breaker has closed again
    assert {"population_silent"} <= codes(row)
    assert any("人口库" in words.zh or "数据来源" in words.zh for words in became.why)


def test_as_soon_as_the_source_speaks_it_is_granted(demo: Any) -> None:
    police, case = outside(demo, SourceDown("down"), says(demo))
    with connected(police):
        first = decide_at_once(case=case, at=demo.at)
        later = decide_again(case=case, at=demo.at + timedelta(minutes=5))
    assert (first and first.judged, later and later.alone) == (JudgedBy.WAITING, True)


@pytest.mark.parametrize("told", [SourceWrong("signature"), SourceRefused("no right")], ids=["wrong", "refused"])
def test_what_will_not_change_by_waiting_goes_to_a_person_at_once(demo: Any, told: Exception) -> None:
    police, case = outside(demo, told)
    with connected(police):
        became = decide_at_once(case=case, at=demo.at)
    assert became
    assert (became.judged, became.state) == (JudgedBy.DONE, State.SUBMITTED)
    assert "population_silent" in codes(AutoDecision.objects.get(case=case))


def test_sources_that_contradict_each_other_decide_nothing(demo: Any) -> None:
    let(JOB, Mode.ALONE, demo.at)
    with connected(Police(says(demo, in_work=True))):  # the local base says that she is not
        became = decide_at_once(case=file(demo, JOB).case_id, at=demo.at)
    assert became
    assert (became.alone, became.state) == (False, State.SUBMITTED)


# ── what breaks ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "point",
    ["at_once.before_judging", "at_once.after_comparing", "at_once.after_acceptance", "serve.after_certificate"],
)
def test_whatever_breaks_the_filing_stands_and_the_job_makes_it_good(demo: Any, point: str, caplog: Any) -> None:
    let(JOB, Mode.ALONE, demo.at)
    receipt = file(demo, JOB)
    with armed(point, "raise"):
        assert decide_at_once(case=receipt.case_id, at=demo.at) is None
    assert "deciding at once broke: error " in caplog.text
    case = Case.objects.get(id=receipt.case_id)
    assert (case.state, case.version) == ("SUBMITTED", 1)
    assert not Certificate.objects.filter(subject_id=case.id).exists()
    became = decide_again(case=receipt.case_id, at=demo.at)
    assert became
    assert became.alone


def test_what_breaks_again_lies_with_a_person_under_its_number(demo: Any, caplog: Any) -> None:
    let(JOB, Mode.ALONE, demo.at)
    receipt = file(demo, JOB)
    with armed("at_once.after_comparing", "raise"):
        decide_at_once(case=receipt.case_id, at=demo.at)
        decide_again(case=receipt.case_id, at=demo.at)
    row = AutoDecision.objects.get(case=receipt.case_id)
    assert (row.state, row.verdict, codes(row)) == ("failed", "", {"BROKEN"})
    assert f"error {row.error}" in caplog.text
    assert Case.objects.get(id=receipt.case_id).state == "SUBMITTED"


def test_a_refusal_of_the_certificate_base_undoes_the_grant_alone_and_is_the_doubt(demo: Any, monkeypatch: Any) -> None:
    let(JOB, Mode.ALONE, demo.at)
    receipt = file(demo, JOB)

    def refuse(**told: Any) -> None:
        raise Refused(Reason("REGISTERED_ELSEWHERE", W("已登记在别处", "Registered elsewhere")), kind="conflict")

    monkeypatch.setattr("yichuang.registry.commands.record_certificate", refuse)
    became = decide_at_once(case=receipt.case_id, at=demo.at)
    assert became
    assert (became.alone, became.state, became.version) == (False, State.SUBMITTED, 1)
    assert codes(AutoDecision.objects.get(case=receipt.case_id)) == {"REGISTERED_ELSEWHERE"}
    acts = [entry.act for entry in ledger.list_entries(Subject("case", receipt.case_id))]
    assert acts == ["file", "judge-at-once"]


def test_a_new_version_published_meanwhile_does_not_decide_what_was_filed_under_the_old(demo: Any) -> None:
    let(JOB, Mode.ALONE, demo.at)
    receipt = file(demo, JOB)
    RuleSet.objects.filter(item_code=JOB).update(sha="f" * 64)  # only the newer one is let decide
    became = decide_at_once(case=receipt.case_id, at=demo.at)
    assert became
    row = AutoDecision.objects.get(case=receipt.case_id)
    assert (became.alone, row.mode, row.verdict) == (False, "shadow", "approve")


def test_the_whole_of_it_is_vouched_for(demo: Any, settings: Any, tmp_path: Any) -> None:
    settings.YICHUANG_DATA = tmp_path
    let(JOB, Mode.ALONE, demo.at)
    doubtful, _ = filed_and_judged(demo, JOB, answers={"hardship": "yes"})
    granted, _ = filed_and_judged(demo, JOB)
    assert (granted.alone, doubtful.alone) == (True, False)
    ledger.sequence(at=demo.at)
    assert [(fault.kind, fault.where) for fault in ledger.verify_ledger([])] == []


def test_another_form_or_other_papers_make_another_rule_set() -> None:
    """Otherwise two editors could take a check away, and what was let decide with it would go on deciding without."""
    files, _ = read_folder(Path(settings.YICHUANG_PACKS[0]) / "shichang/getihu-sheli")

    def sha(**changed: bytes) -> str:
        pack = load_files(
            {**files, **{name.replace("_", "."): text for name, text in changed.items()}}, check=False
        ).pack
        assert pack is not None
        assert pack.decision is not None
        return pack.decision.sha

    before = sha()
    assert sha(faqs_yaml=files["faqs.yaml"] + b"\n# another answer\n") == before
    assert sha(form_json=files["form.json"].replace(b"SCOPE_NEEDS_APPROVAL", b"SCOPE_SEEMS_FINE")) != before
    assert sha(materials_yaml=files["materials.yaml"] + b"\n# fewer\n") != before
    assert sha(item_yaml=files["item.yaml"].replace(b"ABLE_CITIZEN", b"ANY_CITIZEN")) != before
