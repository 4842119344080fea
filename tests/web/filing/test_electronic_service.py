"""电子送达 on the pages: read before it is agreed to, asked in a filing once, at the counter with the signed paper."""

import pytest
from tests.web.filing.conftest import Wizard

from yichuang.cases.commands.accept import accept_case
from yichuang.cases.commands.hearing import tell_interested
from yichuang.cases.models import ToldParty
from yichuang.people import queries

pytestmark = pytest.mark.demo
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
