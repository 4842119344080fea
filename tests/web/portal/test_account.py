"""Signing in and out, what travels along, registering, language and large type, the outbox, who looked."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from yichuang.core import clock
from yichuang.people.models import Account
from yichuang.people.queries import list_demo_accounts
from yichuang.webkit.limits import REGISTERING
from yichuang.webkit.messages import chinese_in
from yichuang.webkit.session import LONGEST

from .conftest import PASSWORD

OPEN_PAGES = ("/", "/help", "/places", "/places/LH", "/sign-in", "/register")


@pytest.mark.parametrize("page", OPEN_PAGES)
def test_open_pages_open_for_everybody(page: str, client: Client, demo: None) -> None:
    answer = client.get(page)
    assert answer.status_code == 200
    text = answer.content.decode()
    assert text.count("<h1") == 1
    assert 'id="main"' in text
    assert "session" not in answer.cookies, "looking begins no session"


@pytest.mark.parametrize("page", OPEN_PAGES)
def test_english_pages_hold_no_chinese(page: str, demo: None) -> None:
    text = Client(headers={"accept-language": "en"}).get(page).content.decode()
    made_up = re.sub(r"<code>.*?</code>|<td data-label=\"Name\">.*?</td>", "", text)  # personal names stay as they are
    assert chinese_in(made_up) == []


def test_signing_in_changes_the_session_key_and_shows_the_masked_name(client: Client, demo: None) -> None:
    client.get("/sign-in")
    answer = client.post("/sign-in", {"username": "zhangxiao", "password": PASSWORD, "next": "/my/looks"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/my/looks")
    cookie = answer.cookies["session"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    before = cookie.value
    page = client.get("/my/looks").content.decode()
    assert "张*" in page
    assert "张晓" not in page
    client.post("/sign-out")
    assert client.cookies["session"].value != before
    assert client.get("/my/looks").status_code == 302


def test_a_session_cannot_be_fixed_by_somebody_else(client: Client, demo: None) -> None:
    client.cookies["session"] = "a" * 32
    client.post("/sign-in", {"username": "zhangxiao", "password": PASSWORD})
    assert client.cookies["session"].value != "a" * 32


def test_a_wrong_password_says_so_and_keeps_the_name(client: Client, demo: None) -> None:
    answer = client.post("/sign-in", {"username": "zhangxiao", "password": "wrong"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="zhangxiao"' in text
    assert 'href="#f-password"' in text
    assert "wrong" not in text.replace('class="field wrong"', "")


def test_signing_in_by_code_from_the_outbox(client: Client, demo: None) -> None:
    mobile = next(a.phone for a in list_demo_accounts() if a.username == "zhangxiao")
    assert client.post("/sign-in/code", {"mobile": mobile}).status_code == 200
    code = re.search(r"验证码\D{0,9}(\d{6})", client.get("/dev/outbox").content.decode())
    assert code
    wrong = client.post("/sign-in/code", {"mobile": mobile, "code": "000000", "step": "2"})
    assert wrong.status_code in {422, 429}
    answer = client.post("/sign-in/code", {"mobile": mobile, "code": code.group(1), "step": "2"})
    assert answer.status_code == 302
    assert client.get("/my/looks").status_code == 200


def test_an_interrupted_form_goes_on_after_signing_in(client: Client, demo: None) -> None:
    stopped = client.post("/password?x=1", {"old": "a", "note": "写了很久 𠮷"})
    assert stopped.status_code == 401
    carried = dict(re.findall(r'name="(keep[^"]*)" value="([^"]*)"', stopped.content.decode()))
    assert carried["keep:note"] == "写了很久 𠮷"
    answer = client.post("/sign-in", {"username": "zhangxiao", "password": PASSWORD, **carried})
    page = answer.content.decode()
    assert 'action="/password?x=1"' in page
    assert 'name="note" value="写了很久 𠮷"' in page


def test_a_path_to_another_site_is_not_carried(client: Client, demo: None) -> None:
    posted = {"username": "zhangxiao", "password": PASSWORD, "keep-path": "https://evil.example/x", "keep:a": "1"}
    assert client.post("/sign-in", posted).headers["Location"] == "/"


def test_registering_in_the_demo(client: Client, demo: None) -> None:
    answer = client.post(
        "/register", {"name": "x", "id_no": "11010119900307771X", "password": "short", "again": "other"}
    )
    assert answer.status_code == 422
    told = answer.content.decode()
    for field in ("name", "id_no", "mobile", "password", "again"):
        assert f'href="#f-{field}"' in told, f"all at once, {field} too"
    fields = {"name": "测试·𠮷", "id_type": "111", "id_no": "440303199003079906", "mobile": "13800000777"}
    fields |= {"username": "tester1", "password": "Long-enough-2026", "again": "Long-enough-2026"}
    answer = client.post("/register", fields)
    if answer.status_code == 422:  # the made-up number's check digit is told by the page itself
        digit = re.search(r"应为 ?“?([0-9X])", answer.content.decode())
        assert digit, answer.content.decode()[:3000]
        answer = client.post("/register", {**fields, "id_no": fields["id_no"][:17] + digit.group(1)})
    assert answer.status_code == 302
    assert client.post("/sign-in", {"username": "tester1", "password": "Long-enough-2026"}).status_code == 302


def test_registering_tells_little_of_who_is_known_and_not_to_a_list_of_numbers(
    client: Client, demo: None, monkeypatch: Any
) -> None:
    zhang = Account.objects.get(username="zhangxiao").party
    assert zhang is not None
    fields = {"id_type": "111", "id_no": zhang.id_no, "mobile": "13800000777", "username": "tester1"}
    fields |= {"password": "Long-enough-2026", "again": "Long-enough-2026"}
    for name in ("张晓", "李四"):  # has an account; the number of somebody else
        answer = client.post("/register", {**fields, "name": name})
        told = answer.content.decode()
        assert answer.status_code == 422
        assert "这个证件不能在这里注册" in told
        assert "张*" not in told
    monkeypatch.setattr("yichuang.web.portal.views_account.REGISTERING", replace(REGISTERING, most=2))
    answer = client.post("/register", {**fields, "name": "李四"})
    assert (answer.status_code, "这个证件不能在这里注册" in answer.content.decode()) == (429, False)


def test_a_list_of_mobile_numbers_or_user_names_is_answered_no_further_either(
    client: Client, demo: None, monkeypatch: Any
) -> None:
    taken = Account.objects.get(username="zhangxiao")
    monkeypatch.setattr("yichuang.web.portal.views_account.REGISTERING", replace(REGISTERING, most=2))
    fields = {
        "id_type": "111",
        "id_no": "1",
        "name": "李四",
        "password": "Long-enough-2026",
        "again": "Long-enough-2026",
    }
    tried = [{"mobile": taken.phone, "username": "tester1"}, {"mobile": "13800000777", "username": "zhangxiao"}]
    statuses = [client.post("/register", {**fields, **given}).status_code for given in (*tried, tried[0])]
    assert statuses == [422, 422, 429]


def test_nobody_registers_outside_the_demo(client: Client, demo: None, settings: Any) -> None:
    settings.YICHUANG_DEMO = False
    assert client.get("/register").status_code == 404
    assert client.get("/dev/outbox").status_code == 404
    assert PASSWORD not in client.get("/sign-in").content.decode()


def test_large_type_and_language_are_kept_in_cookies(client: Client, demo: None) -> None:
    answer = client.post("/elder", {"elder": "1", "next": "/places"})
    assert answer.headers["Location"] == "/places"
    assert "citizen elder" in client.get("/").content.decode()
    client.post("/language", {"language": "en"})
    assert "What would you like to do?" in client.get("/").content.decode()
    assert client.post("/language", {"language": "xx"}).status_code == 302
    assert "What would" in client.get("/").content.decode()


def test_staff_come_to_the_citizens_pages_only_as_citizens(signed_in: Callable[..., Client]) -> None:
    answer = signed_in("lina").get("/my/looks")
    assert answer.status_code == 403
    assert "工作人员身份" in answer.content.decode()


def test_messages_follow_the_language_of_the_pages(demo: None) -> None:
    def language() -> str:
        return Account.objects.values_list("language", flat=True).get(username="zhangxiao")

    browser = Client(headers={"accept-language": "en-GB"})
    browser.post("/sign-in", {"username": "zhangxiao", "password": PASSWORD})
    assert language() == "en"
    browser.post("/language", {"language": "zh-hans"})
    assert language() == "zh-hans"
    browser.post("/language", {"language": "tlh"})
    assert language() == "zh-hans"


def test_a_password_that_somebody_else_chose_opens_nothing_but_a_new_one(client: Client, demo: None) -> None:
    Account.objects.filter(username="lina").update(must_change=True)
    answer = client.post("/sign-in", {"username": "lina", "password": PASSWORD, "next": "/counter/"})
    assert answer["location"] == "/password"
    for page in ("/counter/", "/counter/intake/"):
        assert client.get(page)["location"] == "/password"
    assert client.get("/api/v1/tasks").status_code == 401, "programs sign in by token"
    assert client.get("/").status_code == 200
    fresh = "Another-2026-secret"
    client.post("/password", {"old": PASSWORD, "new": fresh, "again": fresh})
    assert client.get("/counter/").status_code == 200


@pytest.mark.parametrize(
    ("username", "place"),
    [("lina", "/counter/"), ("zhoujie", "/counter/"), ("mali", "/counter/"), ("wangqiang", "/office/")]
    + [("huanghai", "/office/"), ("wuqian", "/console/"), ("shilei", "/console/"), ("zhangxiao", "/")],
)
def test_everybody_lands_where_they_work(demo: None, client: Client, username: str, place: str) -> None:
    answer = client.post("/sign-in", {"username": username, "password": PASSWORD})
    assert answer.headers["Location"] == place
    assert client.get(place).status_code == 200


def test_a_guardian_chooses_a_child_by_name(signed_in: Callable[..., Client]) -> None:
    assert "为 张小满 办理" in signed_in("zhangxiao").get("/file/yangquan-dengji").content.decode()


def test_who_sits_at_a_counter_is_told_of_an_old_form_in_the_counters_frame(client: Client, demo: None) -> None:
    assert client.post("/sign-in", {"username": "lina", "password": PASSWORD}).status_code == 302
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    came = {"Referer": "http://testserver/counter/?q=1"}
    page = strict.post("/sign-out", {"a": "你好"}, headers=came).content.decode()
    assert 'class="staff"' in page
    assert 'value="你好"' in page
    assert 'data-instead="/counter/?q=1"' in page
    away = strict.post("/sign-out", {"a": "b"}, headers={"Referer": "https://elsewhere.example/x"}).content.decode()
    assert 'data-instead="/"' in away


def test_who_works_on_without_a_pause_signs_in_anew_after_twelve_hours(client: Client, demo: None) -> None:
    begun = clock.now()
    client.post("/sign-in", {"username": "zhangxiao", "password": PASSWORD})
    for minutes in range(30, 12 * 60 + 1, 30):
        with clock.fixed(begun + timedelta(minutes=minutes)):
            assert client.get("/my/looks").status_code == 200, minutes
    with clock.fixed(begun + LONGEST + timedelta(minutes=1)):
        assert client.get("/my/looks").status_code == 302


def test_signing_out_has_the_browser_forget_what_it_kept(client: Client, demo: None) -> None:
    client.post("/sign-in", {"username": "zhangxiao", "password": PASSWORD})
    answer = client.post("/sign-out")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get("/my/looks").status_code == 302
