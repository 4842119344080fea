"""督办 and 跑动账 over HTTP: the supervisor and the hall's manager see the list, write, and the holder reads it."""

from datetime import timedelta

import pytest
from django.test import Client

from yichuang.cases.commands.accept import accept_case
from yichuang.cases.commands.end import withdraw_case
from yichuang.cases.commands.escalate import escalate_case
from yichuang.cases.figures import trip_figures
from yichuang.cases.models import Case
from yichuang.core.clock import fixed
from yichuang.people.cast import PASSWORD


@pytest.fixture
def late(demo):
    """A case a day past its limit, with the instant."""
    receipt = demo.file(demo.actor("zhangxiao"))
    accept_case(actor=demo.actor("lina"), number=receipt.number, version=1, findings={}, at=demo.at)
    at = Case.objects.get(number=receipt.number).due_at + timedelta(days=1)
    escalate_case(case=receipt.case_id, at=at)
    return receipt.number, at


def signed_in(username, at):
    browser = Client()
    with fixed(at):
        assert browser.post("/sign-in", {"username": username, "password": PASSWORD}).status_code == 302
    return browser


@pytest.mark.parametrize(("who", "link"), [("huanghai", "/office/cases/"), ("mali", "/counter/cases/")])
def test_who_watches_over_limits_sees_the_case_and_writes_and_the_holder_reads_it(demo, late, who, link):
    number, at = late
    watcher, holder = signed_in(who, at), signed_in("wangqiang", at)
    with fixed(at):
        page = watcher.get("/office/supervision/").content.decode()
        for words in (f"{link}{number}/", "2 个工作日", "还没有人领取", "超期 1 件"):
            assert words in page
        assert watcher.post(f"/office/cases/{number}/urge/", {"words": " "}).status_code == 422
        assert watcher.post(f"/office/cases/{number}/urge/", {"words": "请今日内办结"}).status_code == 302
        assert "已督办 1 次" in watcher.get("/office/supervision/").content.decode()
        assert "请今日内办结" in holder.get(f"/office/cases/{number}/").content.decode()
        assert "写督办意见" not in holder.get("/office/supervision/").content.decode()


def test_trips_of_ended_cases_stand_beside_what_their_item_declares(demo):
    zhang, li = demo.actor("zhangxiao"), demo.actor("lina")
    online = demo.file(zhang)
    walked_in = demo.file(li, applicant=zhang.id, number=2)
    for receipt, actor in ((online, zhang), (walked_in, li)):
        at = demo.at + timedelta(days=1)
        withdraw_case(actor=actor, number=receipt.number, version=1, reason="不办了", at=at)
    [row] = trip_figures(demo.actor("mali"), at=demo.at + timedelta(days=2))
    assert (row.declared, row.cases, row.trips, row.over, row.average) == (1, 2, 2, 1, 1.0)
    assert [words.zh for words, _ in row.causes] == ["撤回申请"]
    assert trip_figures(demo.actor("zhaomin"), at=demo.at + timedelta(days=2)) == ()
    assert trip_figures(demo.actor("mali"), at=demo.at + timedelta(days=40)) == ()
    with fixed(demo.at + timedelta(days=2)):
        page = signed_in("mali", demo.at + timedelta(days=2)).get("/office/supervision/").content.decode()
    assert "跑动账" in page
    assert "撤回申请" in page
