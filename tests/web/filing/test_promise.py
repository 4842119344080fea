"""Reading and signing a letter of promise on the portal, through Django's client."""

import re
from pathlib import Path

import pytest

from yichuang.cases.commands.promise import offer_promise
from yichuang.cases.models import Case
from yichuang.notices.queries import list_outbox
from yichuang.people import cast

PAPERS = ("owner_id", "property_certificate", "immunity_certificate")
LETTER = Path(__file__).parents[3] / "src/yichuang/issuing/templates/promise.typ"


@pytest.fixture
def offered(demo):
    receipt = demo.file(demo.actor("zhangxiao"), materials=PAPERS)
    offer_promise(actor=demo.actor("lina"), number=receipt.number, version=1, findings={}, at=demo.at)
    return receipt.number


def hidden(page, name):
    return re.search(rf'name="{name}" value="([^"]*)"', page).group(1)


def sign(browser, number, **more):
    page = browser.get(f"/my/cases/{number}/promise").content.decode()
    data = {"version": hidden(page, "version"), "letter": hidden(page, "letter"), "agreed": "true", **more}
    return browser.post(f"/my/cases/{number}/promise", data)


def test_the_case_page_leads_to_the_letter_and_the_signature_accepts(offered, signed_in):
    browser = signed_in("zhangxiao")
    page = browser.get(f"/my/cases/{offered}").content.decode()
    assert page.count("btn-main") == 1
    assert "2026年11月30日 24:00 前签署" in page
    assert "待签署容缺承诺" in browser.get("/my/cases").content.decode()
    letter = browser.get(f"/my/cases/{offered}/promise").content.decode()
    assert "犬只照片" in letter
    assert "2026年11月27日（周五）前补交" in letter
    answer = sign(browser, offered, password=cast.PASSWORD)
    assert answer["location"] == f"/my/cases/{offered}"
    page = browser.get(f"/my/cases/{offered}").content.decode()
    assert "容缺受理通知书" in page
    assert "上传 犬只照片" in page


def test_the_page_says_what_the_paper_says(offered, signed_in):
    shown = signed_in("zhangxiao").get(f"/my/cases/{offered}/promise").content.decode()
    clauses = re.search(r"#numbered\(\((.*?)\)\)", LETTER.read_text(encoding="utf-8"), re.S).group(1)
    for clause in re.findall(r'"([^"]+)"', clauses):
        assert clause in shown


def test_a_code_to_the_phone_will_do(offered, signed_in):
    browser = signed_in("zhangxiao")
    answer = browser.post(f"/my/cases/{offered}/promise", {"_code": "1"})
    assert answer["location"] == f"/my/cases/{offered}/promise#f-code"
    assert "验证码已发到您的手机" in browser.get(f"/my/cases/{offered}/promise").content.decode()
    code = re.search(r"\d{6}", list_outbox(1).items[0].body).group()
    assert sign(browser, offered, code=code).status_code == 302
    assert Case.objects.get(number=offered).state == "IN_REVIEW"


def test_a_code_is_not_spent_on_a_letter_that_is_not_signed(offered, signed_in):
    browser = signed_in("zhangxiao")
    browser.post(f"/my/cases/{offered}/promise", {"_code": "1"})
    code = re.search(r"\d{6}", list_outbox(1).items[0].body).group()
    assert sign(browser, offered, code=code, letter="another").status_code == 422
    assert sign(browser, offered, code=code).status_code == 302, "the same code still works"
    assert Case.objects.get(number=offered).state == "IN_REVIEW"


def test_everything_that_is_wrong_is_said_at_once_in_english_too(offered, signed_in):
    browser = signed_in("zhangxiao", "en")
    page = browser.get(f"/my/cases/{offered}/promise").content.decode()
    assert "Letter of promise" in page
    data = {"version": hidden(page, "version"), "letter": hidden(page, "letter"), "password": "wrong"}
    answer = browser.post(f"/my/cases/{offered}/promise", data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "I have read this and promise it” " not in page
    assert 'href="#f-agreed"' in page
    assert 'href="#f-password"' in page
    assert "Tries left: 4" in page
    assert Case.objects.get(number=offered).state == "SUBMITTED"


def test_not_signing_is_asked_once_more_and_lists_everything(offered, signed_in):
    browser = signed_in("zhangxiao")
    page = browser.get(f"/my/cases/{offered}/promise/decline").content.decode()
    answer = browser.post(f"/my/cases/{offered}/promise/decline", {"version": hidden(page, "version")})
    assert answer["location"] == f"/my/cases/{offered}"
    page = browser.get(f"/my/cases/{offered}").content.decode()
    assert "一次性补正告知书" in page
    assert "缺少“犬只照片（正面、侧面各 1 张）”" in page


def test_a_second_press_and_a_late_one_lead_back_to_the_case(offered, signed_in):
    browser = signed_in("zhangxiao")
    assert sign(browser, offered, password=cast.PASSWORD).status_code == 302
    for path in ("promise", "promise/decline"):
        assert browser.post(f"/my/cases/{offered}/{path}", {"version": "2"})["location"] == f"/my/cases/{offered}"


@pytest.mark.parametrize("path", ["promise", "promise/decline"])
def test_nobody_else_learns_of_it(offered, signed_in, path):
    assert signed_in("moshengren").get(f"/my/cases/{offered}/{path}").status_code == 404
