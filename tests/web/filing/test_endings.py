"""A case that ended without what was asked for: why, what can be done against it, and what now — on the page, in words."""

import re
from datetime import timedelta

import pytest

from yichuang.cases.commands.accept import accept_case
from yichuang.cases.commands.decide import decide_case
from yichuang.cases.commands.end import terminate_case
from yichuang.cases.commands.refuse import refuse_case
from yichuang.cases.models import Case, Draft
from yichuang.cases.values import RefusalKind
from yichuang.people.commands.agency import grant_agency

WHY = "申请人在本市没有固定住所"


def refused(demo, kind=RefusalKind.NOT_ACCEPTED, **more):
    receipt = demo.file(demo.actor("zhangxiao"))
    refuse_case(actor=demo.actor("lina"), number=receipt.number, version=1, kind=kind, reason=WHY, at=demo.at, **more)
    return receipt.number


def denied(demo):
    receipt = demo.file(demo.actor("zhangxiao"))
    head = accept_case(actor=demo.actor("lina"), number=receipt.number, version=1, findings={}, at=demo.at)
    decide_case(
        actor=demo.actor("chengang"), number=receipt.number, version=head.version, outcome="deny", reasons=WHY,
        basis=["L2", "L3"], at=demo.at
    )  # fmt: skip
    return receipt.number


def terminated(demo):
    receipt = demo.file(demo.actor("zhangxiao"))
    terminate_case(actor=demo.actor("lina"), number=receipt.number, version=1, reason=WHY, at=demo.at)
    return receipt.number


@pytest.mark.parametrize(("end", "words"), [(refused, "未受理"), (denied, "未批准"), (terminated, "已终止")])
def test_the_page_says_why_and_where_to_turn(demo, signed_in, end, words):
    number = end(demo)
    page = signed_in("zhangxiao").get(f"/my/cases/{number}").content.decode()
    assert words in page
    assert WHY in page
    assert re.search(r"60 日内，可以向[^，]*罗湖[^，]*申请行政复议", page)
    assert re.search(r"6 个月内，可以向[^，]*法院提起行政诉讼", page)
    assert "已办结" not in page
    assert "（已停止）" in page
    assert page.count("btn-main") == 1
    assert f"previous={number}" in page
    assert ("依据：" in page) == (end is denied)
    assert ("《深圳市养犬管理条例》犬只登记各条；《中华人民共和国动物防疫法》第三十条" in page) == (end is denied)
    assert "已办结" not in signed_in("zhangxiao").get(f"/my/cases/{number}/clock").content.decode()


def test_another_organ_is_named_in_english_too(demo, signed_in):
    number = refused(demo, RefusalKind.NOT_OURS, where_to_go="深圳市公安局")
    page = signed_in("zhangxiao", "en").get(f"/my/cases/{number}").content.decode()
    assert "Not accepted" in page
    assert "深圳市公安局" in page
    assert "Within 60 days of receiving it" in page
    assert "Apply again" in page


def test_what_needs_no_permit_is_not_applied_for_again(demo, signed_in):
    number = refused(demo, RefusalKind.NOT_NEEDED)
    page = signed_in("zhangxiao").get(f"/my/cases/{number}").content.decode()
    assert WHY in page
    assert "重新申请" not in page


def test_applying_again_brings_what_was_filled_in_and_refers_to_the_case(demo, signed_in):
    number, browser = refused(demo), signed_in("zhangxiao")
    assert number in browser.get("/file/yangquan-dengji", {"previous": number}).content.decode()
    answer = browser.post("/file/yangquan-dengji", {"previous": number, "applicant": str(demo.actor("zhangxiao").id)})
    draft = Draft.objects.get()
    assert str(draft.id) in answer["location"]
    before = Case.objects.get(number=number)
    assert (draft.form["dog"], draft.answers, draft.previous_id) == (before.form["dog"], before.answers, before.id)
    browser.get(f"/my/drafts/{draft.id}/step/check")
    answer = browser.post(f"/my/drafts/{draft.id}/submit")
    again = Case.objects.latest("id")
    assert again.previous_id == before.id
    assert f'href="/my/cases/{number}"' in browser.get(f"/my/cases/{again.number}").content.decode()


def test_a_case_of_one_principal_is_no_beginning_of_anothers(demo, signed_in):
    number, other = refused(demo), demo.actor("moshengren")
    agent = demo.actor("zhangxiao")
    grant_agency(
        actor=other, principal=other.id, agent=agent.id, valid_to=demo.at.date() + timedelta(days=30), at=demo.at
    )
    signed_in("zhangxiao").post("/file/yangquan-dengji", {"previous": number, "applicant": str(other.id)})
    draft = Draft.objects.get()
    assert (draft.applicant_id, draft.previous_id) == (other.id, None)


def test_nobody_takes_up_somebody_elses_case_or_one_that_still_runs(demo, signed_in):
    number = refused(demo)
    assert signed_in("moshengren").get("/file/yangquan-dengji", {"previous": number}).status_code == 404
    running = demo.file(demo.actor("zhangxiao")).number
    assert signed_in("zhangxiao").get("/file/yangquan-dengji", {"previous": running}).status_code == 404
    assert signed_in("zhangxiao").get("/file/shiye-dengji", {"previous": number}).status_code == 404
