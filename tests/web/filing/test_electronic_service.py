"""电子送达 on the pages: read before it is agreed to, asked in a filing once, at the counter with the signed paper."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.web.filing.conftest import Wizard

from yichuang.cases.commands.accept import accept_case
from yichuang.cases.commands.hearing import tell_interested
from yichuang.cases.models import ToldParty
from yichuang.people import queries
from yichuang.people.commands import give_service_consent, grant_agency, issue_token, withdraw_service_consent
from yichuang.people.models import Account
from yichuang.web.portal import views_service

pytestmark = pytest.mark.demo
DOG = "yangquan-dengji"
VERSION = queries.service_text().version


def test_a_notice_is_read_then_agreed_to_then_served_by_opening(demo, signed_in):
    number = demo.file(demo.actor("zhangxiao")).number
    accept_case(actor=demo.actor("lina"), number=number, version=1, findings={}, at=demo.at)
    tell_interested(
        actor=demo.actor("wangqiang"), number=number, version=2, matter="共用出入口",
        parties=[("邻居王某", "13800000000")], at=demo.at,
    )  # fmt: skip
    zhang, notice = signed_in("zhangxiao"), ToldParty.objects.get(is_applicant=True).id
    page = zhang.get(f"/my/notices/{notice}").content.decode()
    assert "已阅知，还没有送达。" in page
    assert f"/my/service?notice={notice}" in page
    page = zhang.get(f"/my/service?notice={notice}").content.decode()
    assert "我已看过，同意电子送达" in page
    given = {"party": str(demo.actor("zhangxiao").id), "item": "", "notice": str(notice)}
    stale = zhang.post("/my/service", {**given, "version": "2020-01", "step": "give"})
    assert (stale.status_code, "同意书已更新" in stale.content.decode()) == (409, True)
    answer = zhang.post("/my/service", {**given, "version": VERSION, "step": "give"})
    assert answer["location"] == f"/my/notices/{notice}"
    assert "已阅知，还没有送达" not in zhang.get(answer["location"]).content.decode()
    assert ToldParty.objects.get(id=notice).served_how == "electronic"
    assert zhang.post("/my/service", {**given, "step": "withdraw"}).status_code == 302
    page = zhang.get("/my/service").content.decode()
    assert "撤回" in page
    assert "未同意，书面送达" in page
    assert ToldParty.objects.get(id=notice).served_on, "what was served stays served"
    zhang.post("/language", {"language": "en"})
    assert "From when days run" in zhang.get("/my/service").content.decode()
    stranger = signed_in("moshengren")
    assert stranger.post("/my/service", {**given, "version": VERSION, "step": "give"}).status_code == 404


def test_a_filing_asks_until_it_was_answered(demo, signed_in):
    zhang = signed_in("zhangxiao")
    walk = Wizard(zhang)
    walk.fill()
    assert 'name="service_agreed"' in walk.get("check").content.decode()
    answer = zhang.post(f"{walk.address}/submit", {"service_agreed": VERSION})
    assert answer["location"].endswith("/receipt")
    assert queries.service_consent(demo.actor("zhangxiao").id)
    again = Wizard(zhang)
    again.fill()
    assert 'name="service_agreed"' not in again.get("check").content.decode()


def test_a_clerk_records_the_signed_paper_and_its_withdrawal(demo, signed_in):
    party = demo.actor("zhangxiao").id
    path, li = f"/counter/service/{party}/", signed_in("lina")
    page = li.get(path).content.decode()
    assert "电子送达地址确认书" in page
    assert "从哪天起算" in page
    unsigned = li.post(path, {"step": "give", "version": VERSION})
    assert (unsigned.status_code, "请核对本人" in unsigned.content.decode()) == (422, True)
    assert li.post(path, {"step": "give", "version": VERSION, "signed": "true"}).status_code == 302
    assert "窗口当面签字" in li.get(path).content.decode()
    assert queries.service_consent(party).given_channel == "counter"
    li.post(path, {"step": "withdraw", "signed": "true"})
    assert queries.service_standing(party) == "withdrawn"
    assert signed_in("wangqiang").get(path).status_code == 404


def an_agent(demo, principal="zhangxiao", items=(DOG,)):
    """周季 acts for somebody; the principal."""
    of, until = demo.actor(principal), demo.at.date() + timedelta(days=300)
    grant_agency(
        actor=of, principal=of.id, agent=demo.actor("jiye").id, items=items, valid_to=until, at=demo.at
    )  # fmt: skip
    return of


def agree(actor, party, item, at):
    return give_service_consent(actor=actor, party=party, item=item, version=VERSION, at=at)


def test_a_principal_sees_and_takes_back_what_an_agent_agreed_to(demo, signed_in):
    zhang = an_agent(demo)
    for browser, path, given in (
        (signed_in("zhangxiao"), "/my/service", {"party": str(zhang.id), "item": ""}),
        (signed_in("lina"), f"/counter/service/{zhang.id}/", {"signed": "true"}),
    ):
        agree(zhang, zhang.id, DOG, demo.at)
        page = browser.get(path).content.decode()
        assert "部分事项已同意" in page
        assert {'value="give"' in page, 'value="withdraw"' in page} == {True}, "everything, or nothing at all"
        assert browser.post(path, {**given, "step": "withdraw"}).status_code == 302
        assert queries.consenting([zhang.id], item=DOG) == frozenset()
        page = browser.get(path).content.decode()
        assert "撤回，以后的文书书面送达" in page
        assert 'value="withdraw"' not in page
        browser.post(path, {**given, "step": "withdraw"})  # a page that was open before
        page = browser.get(path).content.decode()
        assert "撤回，以后的文书书面送达" not in page
        assert "没有撤回：" in page or "没有可以撤回的同意" in page


def test_an_agent_for_one_item_has_no_button_for_what_was_agreed_to_for_everything(demo, signed_in):
    zhang, jiye = an_agent(demo), signed_in("jiye")
    agree(zhang, zhang.id, "", demo.at)
    page = jiye.get("/my/service").content.decode()
    assert "这是对全部事项的同意" in page
    assert 'value="withdraw"' not in page
    jiye.post("/my/service", {"party": str(zhang.id), "item": DOG, "step": "withdraw"})
    assert "没有撤回：" in jiye.get("/my/service").content.decode()
    assert queries.service_consent(zhang.id)
    withdraw_service_consent(actor=zhang, party=zhang.id, at=demo.at)
    given = {"party": str(zhang.id), "item": DOG, "version": VERSION, "step": "give"}
    refused = jiye.post("/my/service", given)
    assert (refused.status_code, "本人撤回过电子送达" in refused.content.decode()) == (409, True)


def test_who_acts_for_many_turns_pages_and_each_costs_the_same(demo, signed_in, monkeypatch):
    jiye = signed_in("jiye")

    def statements(path="/my/service"):
        with CaptureQueriesContext(connection) as asked:
            page = jiye.get(path).content.decode()
        return len(asked), page

    agree(an_agent(demo), demo.actor("zhangxiao").id, DOG, demo.at)
    statements()
    few, _ = statements()
    for name in ("moshengren", "sunyan"):
        agree(an_agent(demo, name), demo.actor(name).id, DOG, demo.at)
    more, page = statements()
    assert page.count("已同意") >= 3
    assert more == few
    monkeypatch.setattr(views_service, "MOST_LINES", 2)
    _, first = statements()
    _, second = statements("/my/service?cursor=2")
    assert "/my/service?cursor=2" in first
    assert "下一页" not in second
    assert first.count('name="step"') + second.count('name="step"') == 4
    assert statements("/my/service?cursor=x")[1].count('name="step"') == 2
    answer = jiye.post(
        "/my/service", {"party": str(demo.actor("jiye").id), "step": "give", "version": VERSION, "cursor": "2"}
    )
    assert answer["location"] == "/my/service?cursor=2"


def test_the_api_answers_a_second_press_however_much_came_since(demo, client):
    zhang = demo.actor("zhangxiao")
    token = issue_token(account=Account.objects.get(username="zhangxiao").id, at=demo.at)
    head = {"Authorization": f"Bearer {token}"}

    def post(path, key, **body):
        return client.post(
            f"/api/v1/service-consents{path}", body, content_type="application/json",
            headers={**head, "Idempotency-Key": key},
        )  # fmt: skip

    first = post("", "a", version=VERSION).json()
    for nth in range(1, 51):
        agree(zhang, zhang.id, DOG, demo.at + timedelta(seconds=nth))
        withdraw_service_consent(actor=zhang, party=zhang.id, item=DOG, at=demo.at + timedelta(seconds=nth))
    assert post("", "b", version=VERSION).json() == first
    assert post("", "c", version=VERSION, item="13800138000").status_code == 404
    assert post("/withdraw", "d").json() == {"done": True, "withdrawn": True}
    assert post("/withdraw", "e").json()["withdrawn"] is False
