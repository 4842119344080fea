"""秒批 at the doors: a filing is decided in one sitting, or a person decides with the doubts before them; and who reads what."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from tests.cases.at_once import COMPANY, JOB, SHOP, Police, file, forget_population, form_of, let, of_those_who_agreed

from yichuang.cases.commands.at_once import decide_at_once
from yichuang.cases.commands.drafts import save_draft
from yichuang.cases.instant import Mode
from yichuang.cases.models import AutoDecision, Case, HumanReview, Recheck, RuleSet
from yichuang.catalog.queries import get_pack
from yichuang.core.clock import fixed
from yichuang.people.cast import PASSWORD
from yichuang.people.commands import issue_token
from yichuang.people.queries import find_demo_account
from yichuang.registry.ports import SourceDown, connected


@pytest.fixture(autouse=True)
def _let(demo: Any) -> None:
    for code in (JOB, SHOP, COMPANY):
        let(code, Mode.ALONE, demo.at)


class Visitor:
    """Somebody at a browser, on the demo's Tuesday."""

    def __init__(self, demo: Any, username: str) -> None:
        self.demo, self.browser = demo, Client()
        with fixed(demo.at):
            assert self.browser.post("/sign-in", {"username": username, "password": PASSWORD}).status_code == 302

    def get(self, path: str, status: int = 200) -> str:
        with fixed(self.demo.at):
            answer = self.browser.get(path)
        assert answer.status_code == status, (path, answer.status_code)
        return answer.content.decode()

    def post(self, path: str, status: int = 302, **data: str) -> Any:
        with fixed(self.demo.at):
            answer = self.browser.post(path, data)
        assert answer.status_code == status, (path, answer.status_code, answer.content.decode()[:3000])
        return answer


def draft(demo: Any, code: str, **parts: Any) -> UUID:
    zhang = demo.actor("zhangxiao")
    return save_draft(
        actor=zhang, item_code=code, item_version=get_pack(code, at=demo.at).version, answers=demo.example(code).answers,
        form=form_of(demo, code, zhang, **parts), materials={}, applicant=zhang.id, step="check", at=demo.at,
    )  # fmt: skip


def submitted(visitor: Visitor, draft: UUID, **data: str) -> str:
    answer = visitor.post(f"/my/drafts/{draft}/submit", **data)
    return str(answer.headers["Location"]).split("/")[-2]


def judged(demo: Any, code: str, **more: Any) -> str:
    receipt = file(demo, code, **more)
    decide_at_once(case=receipt.case_id, at=demo.at)
    return str(receipt.number)


def test_a_shop_owner_gets_the_licence_in_one_sitting_and_reads_why(demo: Any) -> None:
    zhang = Visitor(demo, "zhangxiao")
    shop = draft(demo, SHOP)
    assert "想当场办结，请确认是您本人" in zhang.get(f"/my/drafts/{shop}/step/check")
    number = submitted(zhang, shop, password=PASSWORD)
    receipt = zhang.get(f"/my/cases/{number}/receipt")
    assert "已当场办结" in receipt
    assert "为什么自动通过" in receipt
    why = zhang.get(f"/my/cases/{number}/rules")
    rules = get_pack(SHOP, at=demo.at).decision
    assert rules is not None
    assert all(result.words.zh in why for result in rules.results.values())
    assert "人口库" in why
    assert Case.objects.get(number=number).state == "GRANTED"
    assert submitted(zhang, shop, password=PASSWORD) == number, "pressed again it is the same case"


def test_who_does_not_confirm_is_filed_and_reads_that_a_person_decides(demo: Any) -> None:
    zhang = Visitor(demo, "zhangxiao")
    number = submitted(zhang, draft(demo, JOB))
    page = zhang.get(f"/my/cases/{number}")
    assert "提交时没有确认是本人" in page
    assert "这不是拒绝" in page
    assert Case.objects.get(number=number).state == "SUBMITTED"


def test_a_wrong_password_files_nothing_and_stands_at_its_field(demo: Any) -> None:
    zhang = Visitor(demo, "zhangxiao")
    answer = zhang.post(f"/my/drafts/{draft(demo, JOB)}/submit", status=422, password="not this one")
    assert 'id="f-password-error"' in answer.content.decode()
    assert not Case.objects.exists()


def test_a_code_is_sent_to_the_phone_and_nothing_is_filed_by_that(demo: Any) -> None:
    zhang, job = Visitor(demo, "zhangxiao"), draft(demo, JOB)
    assert zhang.post(f"/my/drafts/{job}/submit", _code="1").headers["Location"].endswith("#f-code")
    assert not Case.objects.exists()


def test_a_doubtful_one_lies_with_a_reviewer_who_reads_the_doubt_beside_its_field(demo: Any) -> None:
    number = judged(demo, SHOP, parts={"place": {"detail": "深圳市罗湖区桂园街道没有这条路9号101"}})
    applicant = Visitor(demo, "zhangxiao").get(f"/my/cases/{number}/rules")
    assert "地址库没有这个地址" in applicant
    for desk, who in (("office", "luobin"), ("counter", "lina")):
        page = Visitor(demo, who).get(f"/{desk}/cases/{number}/")
        assert page.count("地址库没有这个地址") >= 2, "on the list of doubts and at the field"


def test_the_founder_reads_nothing_of_the_others_and_the_reviewer_everything(demo: Any) -> None:
    number = judged(demo, COMPANY, form=of_those_who_agreed(demo))
    hidden = [doubt for doubt in AutoDecision.objects.get(case__number=number).doubts if not doubt[2]]
    assert hidden
    own = Visitor(demo, "zhangxiao").get(f"/my/cases/{number}/rules")
    office = Visitor(demo, "luobin").get(f"/office/cases/{number}/")
    assert "需要由工作人员核对其他人员的情况" in own
    for words, *_ in hidden:
        assert words not in own
        assert words in office


def test_a_person_looks_at_an_automatic_decision_when_the_applicant_asks(demo: Any) -> None:
    number = judged(demo, JOB)
    zhang, sun = Visitor(demo, "zhangxiao"), Visitor(demo, "sunli")
    assert 'id="f-reason-error"' in zhang.post(f"/my/cases/{number}/rules", status=422, reason=" ").content.decode()
    for _ in range(2):
        zhang.post(f"/my/cases/{number}/rules", reason="失业日期不对")
    assert HumanReview.objects.count() == 1
    assert number in sun.get("/office/")
    assert "失业日期不对" in sun.get(f"/office/cases/{number}/")
    answer = sun.post(f"/office/cases/{number}/human-review/", status=422).content.decode()
    assert {"f-stands-error", "f-answer-error"} <= {part.split('"')[0] for part in answer.split('id="')}
    sun.post(f"/office/cases/{number}/human-review/", stands="yes", answer="已与单位核对，日期正确")
    sun.post(f"/office/cases/{number}/human-review/", status=409, stands="no", answer="再答一次")
    assert "已与单位核对，日期正确" in zhang.get(f"/my/cases/{number}/rules")
    assert number not in sun.get("/office/")


@pytest.mark.parametrize("who", ["moshengren", "maimaiti"])
def test_what_the_rules_said_is_nobody_elses(demo: Any, who: str) -> None:
    number = judged(demo, JOB, receiver=demo.actor("maimaiti").id)
    visitor = Visitor(demo, who)
    visitor.get(f"/my/cases/{number}/rules", 404)
    visitor.post(f"/my/cases/{number}/rules", status=404, reason="看看")


def test_another_department_reads_and_answers_nothing(demo: Any) -> None:
    number = judged(demo, JOB)
    Visitor(demo, "zhangxiao").post(f"/my/cases/{number}/rules", reason="失业日期不对")
    wang = Visitor(demo, "wangqiang")
    wang.post(f"/office/cases/{number}/human-review/", status=404, stands="yes", answer="对")
    assert number not in wang.get("/office/")


# ── programs ──────────────────────────────────────────────────────────────────────────────────────────────────────


def api(demo: Any, username: str) -> dict[str, Any]:
    account = find_demo_account(username)
    assert account is not None
    with fixed(demo.at):
        return {"headers": {"Authorization": f"Bearer {issue_token(account=account, at=demo.at)}"}}


def test_a_program_learns_at_once_what_became_of_it_and_why(demo: Any) -> None:
    zhang, own = demo.actor("zhangxiao"), api(demo, "zhangxiao")
    own["headers"]["Idempotency-Key"] = str(uuid4())
    body = {
        "item": JOB, "answers": dict(demo.example(JOB).answers), "form": form_of(demo, JOB, zhang), "password": PASSWORD,
    }  # fmt: skip
    with fixed(demo.at):
        first, again = (
            Client().post("/api/v1/cases", body, content_type="application/json", **own).json() for _ in range(2)
        )
        told = Client().get(f"/api/v1/cases/{first['number']}/decision", **own).json()
        other = Client().get(f"/api/v1/cases/{first['number']}/decision", **api(demo, "moshengren"))
    assert (first["state"], first["version"], first["replayed"]) == ("GRANTED", 3, False)
    assert first["at_once"] == {"judged": "done", "alone": True, "why": []}
    assert (again["number"], again["replayed"], again["at_once"]) == (first["number"], True, first["at_once"])
    assert {one["rule"]["zh"] for one in told["rules"] if one["hit"]} == {
        "未参保、未领养老金、无执照、未登记，直接登记"
    }
    assert (told["may_ask"], told["review"], other.status_code) == (True, None, 404)


def test_a_proof_made_before_counts_for_one_filing_of_a_program_and_for_that_only(demo: Any) -> None:
    zhang, own, other = demo.actor("zhangxiao"), api(demo, "zhangxiao"), api(demo, "moshengren")
    body = {"item": JOB, "answers": dict(demo.example(JOB).answers), "form": form_of(demo, JOB, zhang)}

    def file(given: Any, key: str, **more: Any) -> Any:
        headers = {**given["headers"], "Idempotency-Key": key}
        return Client().post("/api/v1/cases", {**body, **more}, content_type="application/json", headers=headers)

    with fixed(demo.at):
        wrong = Client().post("/api/v1/identity/proof", {"password": "wrong"}, content_type="application/json", **own)
        made = Client().post("/api/v1/identity/proof", {"password": PASSWORD}, content_type="application/json", **own)
        proof = made.json()["proof"]
        strangers = file(other, "theirs", proof=proof)
        refused = file(own, "faulty", proof=proof, form={})
        first, again, second = (file(own, key, proof=proof) for key in ("mine", "mine", "another"))
    assert (wrong.status_code, made.status_code) == (422, 201)
    assert [one["code"] for one in strangers.json()["reasons"]] == ["PROOF_STALE"]
    assert (refused.status_code, first.status_code) == (422, 201)  # a refused filing has used none
    assert first.json()["at_once"] == {"judged": "done", "alone": True, "why": []}
    assert (again.json()["number"], again.json()["replayed"]) == (first.json()["number"], True)
    assert [one["code"] for one in second.json()["reasons"]] == ["PROOF_STALE"]
    assert AutoDecision.objects.get(case__number=first.json()["number"]).proved == "password"


def test_who_sends_a_filing_again_while_a_source_is_silent_asks_no_register_anew(demo: Any) -> None:
    """Each asking counts against the number of tries, and shows in the record of who looked at whose data."""
    police, own = Police(SourceDown("down")), api(demo, "zhangxiao")
    forget_population()
    own["headers"]["Idempotency-Key"] = str(uuid4())
    form = form_of(demo, JOB, demo.actor("zhangxiao"))
    body = {"item": JOB, "answers": dict(demo.example(JOB).answers), "form": form, "password": PASSWORD}
    with fixed(demo.at), connected(police):
        first, again = (
            Client().post("/api/v1/cases", body, content_type="application/json", **own).json() for _ in range(2)
        )
    assert (first["at_once"]["judged"], first["at_once"]) == ("waiting", again["at_once"])
    assert (police.asked, AutoDecision.objects.get(case__number=first["number"]).tries) == (1, 1)


def test_who_answers_a_review_while_the_case_is_re_checked_reads_it_and_is_told_what_was_done(demo: Any) -> None:
    number = judged(demo, JOB)
    Visitor(demo, "zhangxiao").post(f"/my/cases/{number}/rules", reason="失业日期不对")
    row = AutoDecision.objects.get(case__number=number)
    Recheck.objects.create(decision=row, department_id=row.case.department_id, drawn_at=demo.at)
    page = Visitor(demo, "sunli").get(f"/office/cases/{number}/")
    assert "失业日期不对" in page
    assert "这一件正在抽查" in page
    assert "未参保、未领养老金" not in page
    body, sun = {"stands": False, "undue": True, "answer": "当时还有执照，不应登记"}, api(demo, "sunli")
    with fixed(demo.at + timedelta(minutes=1)):
        where = f"/api/v1/cases/{number}/decision/answer-person"
        answered = Client().post(where, body, content_type="application/json", **sun)
    assert answered.status_code == 200, answered.content
    told = answered.json()
    assert (told["review"]["stands"], told["review"]["undue"], told["blind"], told["rules"]) == (False, True, True, [])
    assert "不应当批，将依法处理" in Visitor(demo, "zhangxiao").get(f"/my/cases/{number}/rules")
    assert RuleSet.objects.get(sha=row.sha).mode == "off"
