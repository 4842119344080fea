"""Lists of items on the portal, and the numbers of items for those who run halls, over HTTP."""

from typing import Any

import pytest
from django.test import Client

from yichuang.catalog import figures
from yichuang.core.clock import fixed
from yichuang.people.cast import PASSWORD


def text(answer: Any) -> str:
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_citizen_reads_what_was_promised_and_how_far_it_is(client: Client, demo: Any) -> None:
    page = text(client.get("/lists"))
    for words in (
        "200 个事项可区内通办",
        f"{figures.get_progress('district-wide-1', at=demo.at).done} / 200 项",
        "第 2 批",
        "已过目标日期",
        "目标日期",
    ):
        assert words in page
    page = text(client.get("/lists/at-once-2"))
    done, _, waiting = page.partition("还没有做到的事项（2 项）")
    assert "/items/shiye-dengji" in done
    assert "/items/yangquan-dengji" in waiting
    assert client.get("/lists/nothing").status_code == 404
    assert client.get("/lists/at-once-2?cursor=x").status_code == 422


def test_items_by_visits_and_by_where_they_can_be_filed(client: Client, demo: Any) -> None:
    assert "/items/yangquan-dengji" not in text(client.get("/items?visits=0"))
    assert "/items/yangquan-dengji" in text(client.get("/items?visits=1&q=养犬"))
    wide = text(client.get("/items?area=city"))
    assert "/items/getihu-sheli" in wide
    assert "/items/fangwu-zulin-beian" not in wide
    assert "/items/yangquan-dengji" in text(client.get("/items?visits=x&area=x&q=养犬"))


@pytest.mark.parametrize("who", ["mali", "huanghai", "wangqiang"])
def test_who_runs_a_hall_sees_the_numbers(demo: Any, who: str) -> None:
    browser = Client()
    with fixed(demo.at):
        assert browser.post("/sign-in", {"username": who, "password": PASSWORD}).status_code == 302
        page = text(browser.get("/office/items/"))
    total = figures.item_figures(at=demo.at).total
    for words in (f"现在可以办的事项共 {total} 项", "一次办", "跑两次以上", "200 个事项可区内通办"):
        assert words in page
