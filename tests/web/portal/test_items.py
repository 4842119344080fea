"""Finding an item in one's own words, its guide, and the list of papers that only this applicant needs."""

from typing import Any

import pytest
from django.test import Client

from yichuang.webkit.messages import chinese_in

ITEM = "yangquan-dengji"
CODE = f"/items/{ITEM}"


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_what_people_say_finds_the_item(client: Client, demo: Any) -> None:
    assert "养犬登记" in text(client.get("/items", {"q": "养狗"}))
    nothing = text(client.get("/items", {"q": "阿尔法半人马座签证"}))
    assert "没有找到" in nothing
    assert "养犬登记" in text(client.get("/items", {"mark": "online", "audience": "person", "q": "养犬"}))
    assert "<html" not in text(client.get("/items", headers={"HX-Request": "true"}))


def test_the_guide_shows_my_list_after_the_questions(client: Client, demo: Any) -> None:
    open_page = text(client.get(CODE))
    assert "还有问题没有回答" in open_page
    mine = text(client.get(CODE, {"applicant_kind": "person", "housing": "own"}))
    assert "还有问题没有回答" not in mine
    assert f"{CODE}/start?applicant_kind=person&amp;housing=own" in mine
    assert "tick-box" in text(client.get(CODE, {"applicant_kind": "person", "housing": "own", "print": "1"}))
    assert client.get("/items/no-such-item").status_code == 404


@pytest.mark.parametrize(
    "page", ["/", "/items", CODE, f"{CODE}?applicant_kind=person&print=1", "/verify", "/verify?number=x"]
)
def test_english_pages_hold_no_chinese(page: str, demo: Any) -> None:
    found = chinese_in(text(Client(headers={"accept-language": "en"}).get(page)))
    assert [run for run in found if run not in {"中文"}] == []


def test_what_was_answered_goes_along_into_the_filing(client: Client, demo: Any) -> None:
    answer = client.get(f"{CODE}/start", {"applicant_kind": "person", "housing": "own", "evil": "1"})
    assert answer.headers["Location"] == f"/file/{ITEM}?applicant_kind=person&housing=own"


def test_a_law_is_cited_by_its_name(client: Client, demo: Any) -> None:
    mine = text(client.get(CODE, {"applicant_kind": "person", "housing": "own"}))
    assert "（《深圳市养犬管理条例》" in mine
    assert "（L2" not in mine
