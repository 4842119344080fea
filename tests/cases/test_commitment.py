"""告知承诺 with a filing: freely chosen, read, signed by who is proved; a letter on record; barred for who broke one."""

from typing import Any

import pytest
from tests.demo import Demo
from tests.packs.test_items_at_work import HOLDERS, review

from yichuang.cases import queries
from yichuang.cases.commands.accept import accept_case
from yichuang.cases.commands.decide import decide_case
from yichuang.cases.commands.end import repair_lapse
from yichuang.cases.commitments import Kept
from yichuang.cases.models import Case, Document, PromiseLapse, SignedCommitment
from yichuang.catalog import queries as catalog
from yichuang.core import ledger
from yichuang.core.refusals import Refused
from yichuang.engine.queries import tasks_of
from yichuang.issuing.commands import render_document
from yichuang.people.values import Proof

ITEM = "gonggong-changsuo-weisheng"
BARBER = 2  # the example


def mark(demo: Demo, answers: Any = None) -> str:
    pack = catalog.get_pack(ITEM, at=demo.at)
    needs = catalog.requirements(
        ITEM, pack.version, answers=answers or demo.example(ITEM, BARBER).answers, form={}, facts={}, at=demo.at
    )
    return queries.letter_of(pack, needs).mark


def promise(demo: Demo, who: str = "zhangxiao", **more: Any) -> Any:
    """A barber's filing on a promise; 张晓 is proved by a code."""
    actor = demo.actor(who)
    proof = {} if actor.is_staff else {"proof": Proof(actor.id, "sms", demo.at)}
    return demo.file(actor, ITEM, number=BARBER, materials=("layout", "business_licence", "representative_id"), **{
        "commitment": mark(demo), **proof, **more
    })  # fmt: skip


def codes(caught: Any) -> list[str]:
    return [reason.code for reason in caught.value.reasons]


def test_a_promise_is_signed_with_the_filing_and_its_letter_is_on_record(demo: Demo) -> None:
    zhang = demo.actor("zhangxiao")
    receipt = promise(demo)
    row = SignedCommitment.objects.get()
    assert (row.code, row.state, row.sign_way, row.post) == ("hygiene", "signed", "sms", "WJJ.site_inspect")
    letter = Document.objects.get(id=row.document)
    assert letter.kind == "commitment"
    assert "告诺字" in letter.number
    assert letter.values["signer"] == zhang.name
    assert letter.values["sign_way"] == "网上签署（短信验证码核验本人）"
    assert "责令限期整改" in letter.values["consequence"]
    assert letter.values["spared"] == "公共场所卫生检测或者评价报告、卫生管理制度"
    assert letter.values["published"] == "不公开"
    assert render_document(letter.id).startswith(b"%PDF")
    (told,) = queries.get_case_for(zhang, receipt.number, at=demo.at).commitments
    assert (told.state, told.document) == (Kept.SIGNED, letter.id)
    asked = {m.code for m in queries.get_case_for(zhang, receipt.number, at=demo.at).materials}
    assert asked == {"business_licence", "representative_id", "layout"}


def test_without_a_letter_read_or_a_proof_of_who_signs_nothing_is_filed(demo: Demo) -> None:
    with pytest.raises(Refused) as refused:
        promise(demo, commitment="", proof=None)
    assert codes(refused) == ["NOT_COMMITTED", "PROOF_NEEDED"]
    with pytest.raises(Refused) as refused:
        promise(demo, commitment="another")
    assert codes(refused) == ["LETTER_CHANGED"]
    assert not Case.objects.exists()


def test_who_goes_the_usual_way_signs_nothing_and_hands_everything_in(demo: Demo) -> None:
    receipt = demo.file(demo.actor("zhangxiao"), ITEM)
    assert not SignedCommitment.objects.exists()
    page = queries.get_case_for(demo.actor("zhangxiao"), receipt.number, at=demo.at)
    assert page.commitments == ()
    assert {"hygiene_report", "rules"} <= {m.code for m in page.materials}


def test_a_letter_that_the_answers_did_not_choose_is_refused(demo: Demo) -> None:
    with pytest.raises(Refused) as refused:
        demo.file(demo.actor("zhangxiao"), ITEM, commitment=mark(demo))
    assert codes(refused) == ["LETTER_CHANGED"]


def test_at_the_window_the_applicant_signs_on_paper(demo: Demo) -> None:
    applicant = demo.actor("zhangxiao").id
    promise(demo, "lina", applicant=applicant)
    row = SignedCommitment.objects.get()
    assert row.sign_way == "window"
    assert Document.objects.get(id=row.document).values["sign_way"] == "窗口签署"
    assert Document.objects.get(id=row.document).values["signer"] == demo.actor("zhangxiao").name


def test_it_is_decided_at_once_without_an_inspection_before(demo: Demo) -> None:
    """Accepted, and the deciding post is next: nobody looks at papers or premises before."""
    receipt = promise(demo)
    head = accept_case(actor=demo.actor("lina"), number=receipt.number, version=1, findings={}, at=demo.at)
    (task,) = [task for task in tasks_of(("case", receipt.case_id)) if task.state == "open"]
    assert task.act == "decide"
    assert review(demo, receipt.case_id, head.version) == head.version
    decide_case(
        actor=demo.actor(HOLDERS[task.post]), number=receipt.number, version=head.version, outcome="grant", reasons="",
        at=demo.at,
    )  # fmt: skip
    page = queries.get_case_for(demo.actor("zhangxiao"), receipt.number, at=demo.at)
    assert page.decision is not None
    assert page.decision.outcome == "grant"


def test_who_broke_a_promise_is_refused_the_next_until_the_record_is_repaired(demo: Demo) -> None:
    zhang = demo.actor("zhangxiao")
    first = demo.file(zhang, ITEM)
    PromiseLapse.objects.create(party_id=zhang.id, case_id=first.case_id, at=demo.at, of_commitment=True)
    with pytest.raises(Refused) as refused:
        promise(demo)
    assert codes(refused) == ["COMMITMENT_BARRED"]
    (why,) = refused.value.reasons
    assert (why.field, "国办发〔2020〕42号" in (why.basis or "")) == ("/way", True)
    demo.file(zhang, ITEM)  # the usual way is open
    repair_lapse(actor=demo.actor("huanghai"), number=first.number, reason="已改正", at=demo.at)
    promise(demo)


def test_a_lapse_of_papers_that_followed_bars_no_commitment_and_the_other_way_round(demo: Demo) -> None:
    zhang = demo.actor("zhangxiao")
    first = demo.file(zhang, ITEM)
    PromiseLapse.objects.create(party_id=zhang.id, case_id=first.case_id, at=demo.at)
    promise(demo)


def test_the_ledger_vouches_for_what_was_signed(demo: Demo) -> None:
    promise(demo)
    assert [fault.kind for fault in ledger.verify_ledger([])] == []
    SignedCommitment.objects.update(sign_way="password")
    assert [fault.kind for fault in ledger.verify_ledger([])] == ["FACT_ALTERED"]
