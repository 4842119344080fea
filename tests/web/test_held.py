"""免证办 at the doors: what will be fetched is said before, agreed to paper by paper, and shown afterwards with source and law."""

import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from tests.cases.held import HOME, own_form, plain
from tests.web.test_at_once import Visitor

from yichuang.cases.commands.drafts import save_draft
from yichuang.cases.models import Case, Draft, HeldPaper
from yichuang.catalog.queries import get_pack
from yichuang.core.clock import fixed
from yichuang.people.commands import issue_token
from yichuang.people.queries import find_demo_account
from yichuang.registry.models import RegistryLook


@pytest.fixture
def zhang(demo: Any) -> Visitor:
    return Visitor(demo, "zhangxiao")


@pytest.fixture
def draft(demo: Any) -> UUID:
    who = demo.actor("zhangxiao")
    return save_draft(
        actor=who, item_code=HOME, item_version=get_pack(HOME, at=demo.at).version, answers=demo.example(HOME).answers,
        form=own_form(demo, HOME, who, "applicant"), materials={}, applicant=who.id, step="materials", at=demo.at,
    )  # fmt: skip


def test_the_papers_page_says_what_will_be_fetched_and_asks_where_it_needs_consent(zhang: Visitor, draft: UUID) -> None:
    page = zhang.get(f"/my/drafts/{draft}/step/materials")
    assert page.count("由系统取得，可以不交") == 2
    assert "您提交后，系统从“人口库”取得您的户籍登记信息（依法履行职责）" in page
    assert "《优化营商环境条例》第三十七条" in page
    assert page.count("同意由系统取得") == 1
    assert not RegistryLook.objects.exists(), "a draft asks nothing"
    zhang.post(f"/my/drafts/{draft}/papers/marriage_proof/fetch", agreed="1")
    assert Draft.objects.get(id=draft).agreed == ["marriage_proof"]
    assert "不同意了，我自己交" in zhang.get(f"/my/drafts/{draft}/step/materials")
    assert zhang.get(f"/my/drafts/{draft}/step/check").count("由系统取得") == 3
    zhang.post(f"/my/drafts/{draft}/papers/marriage_proof/fetch")
    assert Draft.objects.get(id=draft).agreed == []


def test_nobody_agrees_to_what_is_not_offered(zhang: Visitor, draft: UUID, demo: Any) -> None:
    zhang.post(f"/my/drafts/{draft}/papers/money_statement/fetch", status=404, agreed="1")
    Visitor(demo, "moshengren").post(f"/my/drafts/{draft}/papers/marriage_proof/fetch", status=404, agreed="1")


def test_the_receipt_and_the_case_show_where_each_paper_came_from(zhang: Visitor, draft: UUID, demo: Any) -> None:
    zhang.post(f"/my/drafts/{draft}/papers/marriage_proof/fetch", agreed="1")
    number = str(zhang.post(f"/my/drafts/{draft}/submit").headers["Location"]).split("/")[-2]
    receipt = zhang.get(f"/my/cases/{number}/receipt")
    assert "系统替您取的材料" in receipt
    page = zhang.get(f"/my/cases/{number}")
    for said in ("户籍登记信息，由系统从“人口库”取得", "已婚", "本人同意", "仅供办理“公共租赁住房"):
        assert said in page
    assert "married" not in page
    assert HeldPaper.objects.get(case__number=number, code="marriage_proof").state == "fetched"


def test_what_could_not_be_fetched_is_told_at_once(zhang: Visitor, draft: UUID, demo: Any) -> None:
    number = str(zhang.post(f"/my/drafts/{draft}/submit").headers["Location"]).split("/")[-2]
    receipt = zhang.get(f"/my/cases/{number}/receipt")
    assert "没有同意系统调取" in receipt
    assert "没有取到的，请在办件里补交" in receipt


def test_a_walk_in_agrees_at_the_window_and_the_clerk_sees_each_source(demo: Any) -> None:
    lina, party = Visitor(demo, "lina"), demo.actor("zhangxiao").id
    form = own_form(demo, HOME, demo.actor("zhangxiao"), "applicant")
    answers = {f"answer:{name}": str(value) for name, value in demo.example(HOME).answers.items()}
    page = lina.post(
        f"/counter/intake/{party}/{HOME}/", status=200, step="show", **answers, **flat(form)
    ).content.decode()
    assert page.count("收件时由系统取得") == 2
    assert "已问过申请人，同意由系统取得" in page
    sent = {
        **answers,
        **flat(form),
        "agreed:marriage_proof": "true",
        "confirmed": "screen",
        "step": "file",
        "key": uuid4().hex,
    }
    number = str(lina.post(f"/counter/intake/{party}/{HOME}/", **sent).headers["Location"]).split("/")[-2]
    case = Case.objects.get(number=number)
    assert set(plain({row.code: row for row in HeldPaper.objects.filter(case=case)}).values()) == {"fetched"}
    shown = lina.get(f"/counter/cases/{number}/")
    assert "婚姻登记信息，由系统从“人口库”取得" in shown
    assert "已婚" not in shown, "a clerk reads that it is there, not what it says"


def flat(form: dict[str, Any], before: str = "") -> dict[str, str]:
    """A form as a page sends it."""
    sent: dict[str, str] = {}
    for name, value in form.items():
        here = f"{before}/{name}"
        if isinstance(value, dict):
            sent |= flat(value, here)
        elif isinstance(value, list):
            sent[f"{here}#"] = str(len(value))
            for n, one in enumerate(value):
                sent |= flat(one, f"{here}/{n}")
        else:
            sent[here] = str(value).lower() if isinstance(value, bool) else str(value)
    return sent


def test_a_program_learns_what_may_be_fetched_agrees_and_reads_what_came(demo: Any) -> None:
    with fixed(demo.at):
        bearer = issue_token(account=find_demo_account("zhangxiao"), at=demo.at)
    head = {"authorization": f"Bearer {bearer}"}
    example, form = demo.example(HOME), own_form(demo, HOME, demo.actor("zhangxiao"), "applicant")
    body: dict[str, Any] = {"answers": example.answers, "form": form}

    def call(path: str, body: dict[str, Any] | None = None, **more: str) -> Any:
        with fixed(demo.at):
            if body is None:
                answer = Client().get(f"/api/v1/{path}", headers=head)
            else:
                sent = json.dumps(body, default=str)
                answer = Client().post(f"/api/v1/{path}", sent, content_type="application/json", headers=head | more)
        assert answer.status_code in {200, 201}, answer.content.decode()
        return answer.json()

    offers = {m["code"]: m["fetch"] for m in call(f"items/{HOME}/requirements", body)["materials"]}
    assert offers["money_statement"] is None
    assert (offers["marriage_proof"]["ground"], offers["marriage_proof"]["fields"]) == ("consent", ["marital_status"])
    filed = call("cases", {"item": HOME, **body, "fetch": ["marriage_proof"]}, **{"idempotency-key": uuid4().hex})
    held = {m["code"]: m["held"] for m in call(f"cases/{filed['number']}")["materials"]}
    assert held["money_statement"] is None
    assert (held["marriage_proof"]["state"], held["marriage_proof"]["ground"]) == ("fetched", "consent")
    assert held["marriage_proof"]["said"] == [
        {"field": {"zh": "婚姻状况", "en": "Marital status"}, "value": {"zh": "已婚", "en": "married"}}
    ]
