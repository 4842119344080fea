"""The clerk's case page: every act of the counter through the real pages, by the people who may, and not by others."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.web.counter.pictures import png

from yichuang.cases.queries import documents, get_case_for, supply_scope
from yichuang.cases.states import State
from yichuang.cases.values import DocumentKind, MaterialState

ALL = ("owner_id", "property_certificate", "immunity_certificate", "dog_photos")
MAIN = ("owner_id", "immunity_certificate")


@pytest.fixture
def filed(demo):
    """张晓 files from home; the state of her case is looked up as 李娜."""

    def file(materials=ALL, applicant="zhangxiao"):
        return demo.file(demo.actor(applicant), materials=materials)

    return file


def now_of(demo, receipt, name="lina"):
    return get_case_for(demo.actor(name), receipt.number, at=demo.at)


def press(client, receipt, act, version=None, **fields):
    return client.post(
        f"/counter/cases/{receipt.number}/{act}/",
        {"version": receipt.version if version is None else version, **fields},
    )


def checked(*codes, **more):
    return {**{f"state:{code}": "checked" for code in codes}, **more}


def kinds(demo, receipt):
    return {row.kind for row in documents(demo.actor("lina"), receipt.number)}


def test_f8_accepts_a_complete_filing_and_the_notice_is_there(as_user, demo, filed):
    receipt = filed()
    answer = press(as_user("李娜"), receipt, "accept", **checked(*ALL))
    assert answer.status_code == 302
    assert now_of(demo, receipt).state is State.IN_REVIEW
    assert DocumentKind.ACCEPTANCE in kinds(demo, receipt)


def test_accepting_with_something_missing_names_every_gap_and_keeps_the_findings(as_user, demo, filed):
    receipt = filed(MAIN)
    answer = press(
        as_user("李娜"),
        receipt,
        "accept",
        **checked("immunity_certificate"),
        **{"state:owner_id": "faulty", "fault:owner_id": "照片模糊"},
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "不动产权证书" in page
    assert "犬只照片" in page
    assert ">照片模糊</textarea>" in page
    assert now_of(demo, receipt).state is State.SUBMITTED


def test_shift_f8_shows_the_letter_first_and_accepts_once_it_is_signed(as_user, demo, filed):
    client, receipt = as_user("李娜"), filed(MAIN)
    first = press(client, receipt, "promise", **checked(*MAIN))
    page = first.content.decode()
    assert first.status_code == 422
    assert "容缺受理承诺书" in page
    assert "2026年11月27日" in page, "three working days for the photos"
    assert '<a href="#f-promise_signed">不能容缺受理：缺少申请人签署的容缺受理承诺书</a>' in page
    assert press(client, receipt, "promise", promise_signed="true", **checked(*MAIN)).status_code == 302
    case = now_of(demo, receipt)
    assert case.accepted_as == "promise"
    assert {m.code for m in case.materials if m.state is MaterialState.PROMISED} == {
        "property_certificate",
        "dog_photos",
    }
    assert {DocumentKind.PROMISE, DocumentKind.GAP_ACCEPTANCE} <= kinds(demo, receipt)


def test_a_missing_main_paper_cannot_follow_and_the_page_says_why(as_user, demo, filed):
    receipt = filed(("owner_id", "dog_photos"))
    page = as_user("李娜").get(f"/counter/cases/{receipt.number}/").content.decode()
    assert "主要材料不能容缺：犬只狂犬病免疫证明" in page


def test_f9_tells_everything_at_once(as_user, demo, filed):
    receipt = filed(MAIN)
    answer = press(
        as_user("李娜"),
        receipt,
        "notify",
        **checked("immunity_certificate"),
        **{"state:owner_id": "faulty", "fault:owner_id": "身份证已过期，请提供有效期内的"},
    )
    assert answer.status_code == 302
    case = now_of(demo, receipt)
    assert case.state is State.CORRECTING
    assert {gap.material for gap in case.notices[0].items} == {"owner_id", "property_certificate", "dog_photos"}
    assert DocumentKind.GAP_NOTICE in kinds(demo, receipt)


def test_a_faulty_paper_needs_words(as_user, demo, filed):
    receipt = filed()
    answer = press(as_user("李娜"), receipt, "notify", **{"state:owner_id": "faulty"})
    assert answer.status_code == 422
    assert now_of(demo, receipt).state is State.SUBMITTED


def test_the_precheck_is_noted_and_changes_no_state(as_user, demo, filed):
    receipt = filed()
    assert press(as_user("李娜"), receipt, "precheck", **checked("owner_id")).status_code == 302
    case = now_of(demo, receipt)
    assert case.state is State.SUBMITTED
    assert case.timeline[-1].act == "precheck"


@pytest.mark.parametrize(
    ("kind", "paper"),
    [
        ("not_needed", DocumentKind.NOT_NEEDED),
        ("not_ours", DocumentKind.NOT_OURS),
        ("not_accepted", DocumentKind.NON_ACCEPTANCE),
    ],
)
def test_the_three_ways_of_not_accepting_each_have_their_paper(as_user, demo, filed, kind, paper):
    receipt = filed()
    answer = press(
        as_user("李娜"), receipt, "refuse", kind=kind, reason="经核查不属于本事项", where_to_go="区农业农村局"
    )
    assert answer.status_code == 302
    assert now_of(demo, receipt).state is State.NOT_ACCEPTED
    assert paper in kinds(demo, receipt)


def test_refusing_without_a_reason_is_refused_and_keeps_where_to_go(as_user, demo, filed):
    receipt = filed()
    answer = press(as_user("李娜"), receipt, "refuse", kind="not_ours", reason="", where_to_go="区农业农村局")
    assert answer.status_code == 422
    assert "区农业农村局" in answer.content.decode()


def test_the_applicant_withdraws_at_the_window(as_user, demo, filed):
    receipt = filed()
    assert press(as_user("李娜"), receipt, "withdraw", reason="").status_code == 302
    assert now_of(demo, receipt).state is State.WITHDRAWN


def test_a_case_that_cannot_go_on_is_terminated_with_its_reason(as_user, demo, filed):
    client, receipt = as_user("李娜"), filed()
    assert press(client, receipt, "terminate", reason="").status_code == 422
    assert press(client, receipt, "terminate", reason="申请人死亡").status_code == 302
    assert now_of(demo, receipt).state is State.TERMINATED


def test_papers_brought_to_the_window_complete_a_correction(as_user, demo, filed):
    client, receipt = as_user("李娜"), filed(("owner_id", "property_certificate", "immunity_certificate"))
    press(client, receipt, "notify")
    case = now_of(demo, receipt)
    scan = SimpleUploadedFile("狗.png", png(), "image/png")
    answer = press(client, receipt, "supplement", case.version, **{"file:dog_photos": scan})
    assert answer.status_code == 302
    case = now_of(demo, receipt)
    assert case.state is State.SUBMITTED
    photos = next(m for m in case.materials if m.code == "dog_photos")
    assert [u.name for u in photos.uploads] == ["狗.png"]
    got = client.get(f"/counter/uploads/{photos.uploads[0].id}/")
    assert got.content.startswith(b"\x89PNG")
    assert got.headers["Content-Disposition"].startswith("attachment")


def test_a_link_for_the_phone_comes_as_code_and_as_picture(as_user, demo, filed):
    client, receipt = as_user("李娜"), filed(MAIN)
    press(client, receipt, "notify", **checked(*MAIN))
    page = client.post(f"/counter/cases/{receipt.number}/supply-link/", {"material": ["dog_photos"]}).content.decode()
    code = re.search(r'class="code num">([^<]+)<', page)
    assert code
    assert 'src="data:image/svg+xml' in page
    assert [m.code for m in supply_scope(code[1], at=demo.at).materials] == ["dog_photos"]


def test_the_second_clerk_is_told_who_changed_what_and_loses_nothing(as_user, demo, filed):
    client, receipt = as_user("李娜"), filed()
    press(client, receipt, "precheck", **checked("owner_id"))
    answer = press(
        client,
        receipt,
        "notify",
        **{"state:dog_photos": "faulty", "fault:dog_photos": "看不清毛色", "version": receipt.version},
    )
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "李*" in page
    assert "网上预审" in page
    assert ">看不清毛色</textarea>" in page
    assert now_of(demo, receipt).state is State.SUBMITTED


def test_pressing_accept_twice_accepts_once(as_user, demo, filed):
    client, receipt = as_user("李娜"), filed()
    assert press(client, receipt, "accept", **checked(*ALL)).status_code == 302
    assert press(client, receipt, "accept", **checked(*ALL)).status_code == 409
    acts = [row.act for row in now_of(demo, receipt).timeline]
    assert acts.count("accept") == 1


def test_zhao_min_of_another_hall_finds_nothing(as_user, demo, filed):
    client, receipt = as_user("赵敏"), filed()
    assert client.get(f"/counter/cases/{receipt.number}/").status_code == 404
    for act in ("accept", "promise", "notify", "precheck", "refuse", "withdraw", "terminate", "supplement"):
        assert press(client, receipt, act, reason="试试", kind="not_accepted", **checked(*ALL)).status_code == 404, act
    assert client.post(f"/counter/cases/{receipt.number}/supply-link/").status_code == 404
    assert receipt.number not in client.get("/counter/").content.decode()
    assert now_of(demo, receipt).version == receipt.version


@pytest.mark.parametrize("name", ["张晓", "陌生人", "王强"])
def test_who_is_no_clerk_gets_no_further_than_the_door(as_user, filed, name):
    client, receipt = as_user(name), filed()
    assert client.get("/counter/").status_code in {403, 404}
    assert client.get(f"/counter/cases/{receipt.number}/").status_code in {403, 404}
    assert press(client, receipt, "accept").status_code in {403, 404}


def test_who_is_not_signed_in_is_asked_to(client, demo, filed):
    receipt = filed()
    assert client.get(f"/counter/cases/{receipt.number}/").status_code == 302
    assert press(client, receipt, "accept").status_code == 401


def test_documents_come_as_sealed_pdf_and_only_to_those_of_the_case(as_user, demo, filed):
    receipt = filed()
    row = documents(demo.actor("lina"), receipt.number)[0]
    got = as_user("李娜").get(f"/counter/documents/{row.id}/")
    assert got.content.startswith(b"%PDF-")
    assert as_user("赵敏").get(f"/counter/documents/{row.id}/").status_code == 404


def test_names_are_masked_and_the_whole_is_shown_for_a_reason_only(as_user, demo, filed):
    client, receipt = as_user("李娜"), filed()
    page = client.get(f"/counter/cases/{receipt.number}/").content.decode()
    assert "张晓" not in page
    assert "44030319900101901X" not in page
    refused = client.post(f"/counter/cases/{receipt.number}/unmask/", {"field": "name", "reason": ""})
    assert refused.status_code == 422
    shown = client.post(f"/counter/cases/{receipt.number}/unmask/", {"field": "name", "reason": "与证件核对姓名"})
    assert "张晓" in shown.content.decode()


def test_the_clock_page_shows_how_the_day_is_derived(as_user, demo, filed):
    receipt = filed()
    page = as_user("李娜").get(f"/counter/cases/{receipt.number}/clock/").content.decode()
    assert "时限怎么算的" in page
    assert "2026年12月1日" in page, "five working days after Tuesday 24 November"


def test_the_history_names_the_place_of_a_window(as_user, demo, filed):
    receipt = filed()
    press(as_user("李娜"), receipt, "accept", **checked(*ALL))
    page = as_user("李娜").get(f"/counter/cases/{receipt.number}/").content.decode()
    history = page[page.index('id="h-time"') :]
    assert "罗湖区政务服务中心 · 1 号窗口" in history


def test_the_chief_representative_decides_on_the_spot(as_user, demo, filed):
    receipt = filed()
    press(as_user("李娜"), receipt, "accept", **checked(*ALL))
    chief = as_user("陈刚")
    page = chief.get(f"/counter/cases/{receipt.number}/").content.decode()
    assert "当场决定" in page
    version = now_of(demo, receipt).version
    assert press(chief, receipt, "decide", version, outcome="deny", reasons="").status_code == 422
    assert press(chief, receipt, "decide", version, outcome="grant", reasons="").status_code == 302
    assert now_of(demo, receipt).state in {State.GRANTED, State.READY}


def test_li_na_may_not_decide(as_user, demo, filed):
    client, receipt = as_user("李娜"), filed()
    press(client, receipt, "accept", **checked(*ALL))
    version = now_of(demo, receipt).version
    assert "当场决定" not in client.get(f"/counter/cases/{receipt.number}/").content.decode()
    assert press(client, receipt, "decide", version, outcome="grant").status_code in {403, 404}


def test_only_possible_acts_have_buttons(as_user, demo, filed):
    client, receipt = as_user("李娜"), filed()
    before = client.get(f"/counter/cases/{receipt.number}/").content.decode()
    assert 'data-key="F8"' in before
    press(client, receipt, "accept", **checked(*ALL))
    after = client.get(f"/counter/cases/{receipt.number}/").content.decode()
    assert 'data-key="F8"' not in after
    assert 'data-key="F9"' not in after
