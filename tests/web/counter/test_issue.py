"""出件: what is ready, for whom, where; handed over against identity, with its proof."""

import pytest

from yichuang.cases.commands.accept import accept_case
from yichuang.cases.commands.correct import ask_correction, make_correction
from yichuang.cases.commands.decide import decide_case
from yichuang.cases.queries import get_case_for
from yichuang.cases.states import State
from yichuang.cases.turns import Wish
from yichuang.cases.values import DocumentKind
from yichuang.core.jobs import run_waiting
from yichuang.people.queries import get_party


@pytest.fixture
def ready(demo, tuesday):
    """张晓's dog is registered and the result lies ready at the district hall."""
    receipt = demo.file(
        demo.actor("lina"), applicant=demo.actor("zhangxiao").id, originals=frozenset({"application_form"})
    )
    head = accept_case(
        actor=demo.actor("lina"), number=receipt.number, version=receipt.version, findings={}, at=demo.at
    )
    decide_case(
        actor=demo.actor("chengang"),
        number=receipt.number,
        version=head.version,
        outcome="grant",
        reasons="",
        at=demo.at,
    )
    run_waiting()
    case = get_case_for(demo.actor("zhoujie"), receipt.number, at=demo.at)
    assert case.state is State.READY
    return case


def test_zhou_jie_sees_what_is_ready_for_whom(as_user, ready):
    page = as_user("周洁").get("/counter/ready/").content.decode()
    assert ready.number in page
    assert ready.applicant_masked in page
    assert "12月8日" in page, "ten working days from the decision on 24 November (行政许可法 art. 44)"


def test_the_result_goes_to_the_one_on_the_document_with_proof_of_delivery(as_user, demo, ready):
    client = as_user("周洁")
    id_no = get_party(ready.receiver).id_no
    answer = client.post(f"/counter/cases/{ready.number}/hand-over/", {"version": ready.version, "identity": id_no})
    assert answer.status_code == 302
    case = get_case_for(demo.actor("zhoujie"), ready.number, at=demo.at)
    assert case.state is State.DELIVERED
    proof = next(d for d in case.documents if d.kind is DocumentKind.DELIVERY)
    assert client.get(f"/counter/documents/{proof.id}/").content.startswith(b"%PDF-")


def test_nobody_else_takes_it(as_user, demo, ready):
    client = as_user("周洁")
    stranger = get_party(demo.actor("moshengren").id).id_no
    answer = client.post(f"/counter/cases/{ready.number}/hand-over/", {"version": ready.version, "identity": stranger})
    assert answer.status_code == 422
    assert "均不一致" in answer.content.decode()
    assert get_case_for(demo.actor("zhoujie"), ready.number, at=demo.at).state is State.READY


def test_pressing_twice_hands_over_once(as_user, ready):
    client, id_no = as_user("周洁"), get_party(ready.receiver).id_no
    fields = {"version": ready.version, "identity": id_no}
    assert client.post(f"/counter/cases/{ready.number}/hand-over/", fields).status_code == 302
    again = client.post(f"/counter/cases/{ready.number}/hand-over/", fields)
    assert again.status_code == 409
    assert "已于" in again.content.decode()


@pytest.mark.parametrize("name", ["李娜", "赵敏", "张晓", "陌生人"])
def test_who_does_not_issue_hands_over_nothing(as_user, ready, name):
    client = as_user(name)
    assert client.get("/counter/ready/").status_code in {403, 404}
    assert client.post(f"/counter/cases/{ready.number}/hand-over/", {"version": 1}).status_code in {403, 404}


def test_the_desk_hands_over_the_corrected_version_only(as_user, demo, ready):
    path = f"/counter/cases/{ready.number}/hand-over/"
    assert "第 1 版" in as_user("周洁").get(path).content.decode()
    wish = Wish("form:/dog/colour", "黑白")
    id = ask_correction(actor=demo.actor("zhangxiao"), number=ready.number, wishes=[wish], reason="写错", at=demo.at)
    make_correction(actor=demo.actor("chengang"), correction=id, at=demo.at)
    assert "只交付第 2 版" in as_user("周洁").get(path).content.decode()


def test_a_corrected_certificate_is_exchanged_and_the_holder_reads_where(as_user, demo, ready):
    client, id_no = as_user("周洁"), get_party(ready.receiver).id_no
    path = f"/counter/cases/{ready.number}/"
    assert client.get(f"{path}certificate/").status_code == 404, "nothing waits to be exchanged"
    client.post(f"{path}hand-over/", {"version": ready.version, "identity": id_no})
    wish = Wish("form:/dog/colour", "黑白")
    id = ask_correction(actor=demo.actor("zhangxiao"), number=ready.number, wishes=[wish], reason="写错", at=demo.at)
    make_correction(actor=demo.actor("chengang"), correction=id, at=demo.at)
    assert "等您换领" in as_user("张晓").get(f"/my/cases/{ready.number}").content.decode()
    assert "等待换领" in client.get("/counter/ready/").content.decode()
    assert "第 2 版" in client.get(f"{path}hand-over/").content.decode()
    assert client.get(f"{path}certificate/").content.startswith(b"%PDF-")
    fields = {"version": 2, "identity": id_no, "old_paper": "lost"}
    refused = client.post(f"{path}exchange/", fields)
    assert (refused.status_code, "请写明原因" in refused.content.decode()) == (422, True)
    for name in ("赵敏", "李娜", "张晓", "陌生人"):
        assert as_user(name).post(f"{path}exchange/", fields).status_code in {403, 404}
    given = fields | {"reason": "搬家时遗失"}
    assert [client.post(f"{path}exchange/", given).status_code for _ in range(2)] == [302, 302], "pressed twice"
    page = client.get(f"{path}hand-over/").content.decode()
    assert "遗失，未收回 — 搬家时遗失" in page
    assert "等待换领" not in client.get("/counter/ready/").content.decode()
    assert "等您换领" not in as_user("张晓").get(f"/my/cases/{ready.number}").content.decode()
