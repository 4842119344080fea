"""共同签署 by programs: asked once per key, read and signed by each with a proof, filed by the last; and at a window."""

from typing import Any

import pytest
from tests.cases.at_once import COMPANY, let
from tests.cases.cosigning import asked, company, of
from tests.web.api.test_api import Caller

from yichuang.cases.instant import Mode
from yichuang.cases.models import Case, Draft, Signing
from yichuang.people.cast import PASSWORD
from yichuang.people.models import Look
from yichuang.people.queries import get_party


@pytest.fixture(autouse=True)
def _let(demo: Any) -> None:
    let(COMPANY, Mode.ALONE, demo.at)


@pytest.fixture
def call(client: Any, demo: Any) -> Any:
    return lambda username="": Caller(client, demo, username)


def body_of(demo: Any, *others: str, **more: Any) -> dict[str, Any]:
    answers = dict(demo.example(COMPANY, 9).answers)
    return {"item": COMPANY, "answers": answers, "form": company(demo, *others), "password": PASSWORD, **more}


KEY = {"Idempotency-Key": "one"}


def test_two_programs_open_a_company_and_the_last_signature_files_it(call: Any, demo: Any) -> None:
    zhang, sun = call("zhangxiao"), call("sunyan")
    told = zhang.post("signings", body_of(demo, "sunyan"), **KEY)
    assert told.status_code == 201, told.content.decode()
    assert zhang.post("signings", body_of(demo, "sunyan"), **KEY).json() == told.json(), "pressed twice it is the same"
    assert (Draft.objects.count(), Signing.objects.count()) == (1, 1)
    assert {one["state"] for one in told.json()["signers"]} == {"asked", "signed"}
    [mine] = sun.get("signatures").json()["items"]
    page = sun.get(f"signatures/{mine['id']}").json()
    words = str(page["sections"])
    assert "张晓" in words
    assert get_party(demo.actor("zhangxiao").id).id_no not in words
    wrong = sun.post(f"signatures/{mine['id']}/sign", {"mark": page["mark"], "agreed": False, "password": PASSWORD})
    assert [one["code"] for one in wrong.json()["reasons"]] == ["NOT_READ"]
    done = sun.post(f"signatures/{mine['id']}/sign", {"mark": page["mark"], "agreed": True, "password": PASSWORD})
    assert done.json()["signing"] == "filed"
    after = zhang.get(f"signings/{told.json()['draft']}").json()
    assert (after["state"], after["case_number"]) == ("filed", Case.objects.get().number)
    assert Case.objects.get().outcome == "grant"
    assert zhang.get("signings").json()["items"] == [], "what is filed is a case"


def test_a_signature_is_nobodys_but_the_signers_and_needs_the_proof(call: Any, demo: Any) -> None:
    signing = asked(demo, "sunyan")
    row = of(signing, demo, "sunyan")
    for who in ("zhangxiao", "moshengren", "wangqiang"):
        assert call(who).get(f"signatures/{row.id}").status_code == 404
        assert call(who).get("signatures").json()["items"] == []
        sign = {"mark": Signing.objects.get().mark, "agreed": True, "password": PASSWORD}
        assert call(who).post(f"signatures/{row.id}/sign", sign).status_code == 404
    assert call().get("signatures").status_code == 401
    sign = {"mark": Signing.objects.get().mark, "agreed": True, "password": "not-this-one"}
    assert call("sunyan").post(f"signatures/{row.id}/sign", sign).status_code == 422
    assert call("moshengren").get(f"signings/{Draft.objects.get().id}").status_code == 404
    assert call("moshengren").post(f"signings/{Draft.objects.get().id}/end").status_code == 404


def test_who_does_not_agree_says_why_and_who_asked_reads_it(call: Any, demo: Any) -> None:
    row = of(asked(demo, "sunyan"), demo, "sunyan")
    sun = call("sunyan")
    assert sun.post(f"signatures/{row.id}/refuse", {"reason": " "}).status_code == 422
    assert sun.post(f"signatures/{row.id}/refuse", {"reason": "出资比例不对"}).status_code == 200
    [mine] = call("zhangxiao").get("signings").json()["items"]
    assert mine["state"] == "refused"
    assert "出资比例不对" in {one["reason"] for one in mine["signers"]}
    assert sun.get(f"signatures/{row.id}").json()["sections"] == []


def test_it_is_taken_back_and_stays_so(call: Any, demo: Any) -> None:
    row = of(asked(demo, "sunyan"), demo, "sunyan")
    zhang, draft = call("zhangxiao"), Draft.objects.get().id
    for _ in range(2):
        assert zhang.post(f"signings/{draft}/end").json()["state"] == "ended"
    assert call("sunyan").get(f"signatures/{row.id}").json()["open"] is False


def test_at_a_window_the_document_in_hand_finds_it_and_signs_it(call: Any, demo: Any) -> None:
    row = of(asked(demo, "sunyan"), demo, "sunyan")
    lina, number = call("lina"), get_party(demo.actor("sunyan").id).id_no
    [found] = lina.post("signatures/find", {"id_no": number}).json()["items"]
    assert found["id"] == str(row.id)
    mark = lina.get(f"signatures/{row.id}").json()["mark"]
    assert Look.objects.filter(party=demo.actor("zhangxiao").id, viewer_staff=demo.actor("lina").id).count() == 2
    there = f"signatures/{row.id}/sign-at-counter"
    wrong = lina.post(there, {"id_no": "440303199001010192", "mark": mark}).json()
    assert [one["code"] for one in wrong["reasons"]] == ["DOCUMENT_DIFFERS"]
    assert call("sunyan").post(there, {"id_no": number, "mark": mark}).status_code == 404
    assert call("sunyan").post("signatures/find", {"id_no": number}).status_code == 404
    assert lina.post(there, {"id_no": number, "mark": mark}).json()["signing"] == "filed"


def test_nobody_is_asked_to_sign_what_could_not_be_filed(call: Any, demo: Any) -> None:
    zhang = call("zhangxiao")
    other = str(demo.actor("moshengren").id)
    nothing = "01900000-0000-7000-8000-000000000000"
    for wrong, code in (
        ({"item": "nothing"}, "UNKNOWN_ITEM"),
        ({"item_version": 999}, "UNKNOWN_VERSION"),
        ({"applicant": other}, "NOT_AUTHORISED_FOR"),
        ({"materials": {"no_such_paper": []}}, "UNKNOWN_MATERIAL"),
        ({"materials": {"articles": [nothing]}}, "UNKNOWN_UPLOAD"),
        ({"form": {}}, "请填写字号"),
        ({"password": ""}, "PROOF_NEEDED"),
    ):
        answer = zhang.post("signings", body_of(demo, "sunyan", **wrong), **KEY)
        assert code in str(answer.json()), answer.json()
        assert answer.status_code == 422, code
    assert zhang.post("signings", body_of(demo, "sunyan")).json()["reasons"][0]["code"] == "KEY_MISSING"
    assert not Draft.objects.exists()
    assert call("lina").post("signings", body_of(demo, "sunyan"), **KEY).status_code == 404


def test_the_draft_can_be_changed_on_the_pages_and_that_voids_it(call: Any, demo: Any) -> None:
    zhang = call("zhangxiao")
    told = zhang.post("signings", body_of(demo, "sunyan"), **KEY).json()
    row = Draft.objects.get(id=told["draft"])
    from yichuang.cases.commands.drafts import save_draft

    save_draft(
        actor=demo.actor("zhangxiao"), draft=row.id, item_code=row.item_code, item_version=row.item_version,
        answers=row.answers, form={**row.form, "place": {}}, materials={}, applicant=row.applicant_id, step="check", at=demo.at,
    )  # fmt: skip
    assert zhang.get(f"signings/{row.id}").json()["state"] == "void"
