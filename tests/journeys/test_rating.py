"""好差评: who was served says how it was, once, on the own phone; the window can ask and cannot answer; the hall reads sums."""

import re
from datetime import timedelta
from pathlib import Path

from tests.demo import TUESDAY
from tests.journeys.people import Hall, Visitor
from tests.journeys.qr import read

from yichuang.feedback.models import Rating


def test_who_was_served_rates_once_and_the_window_cannot(hall: Hall, tmp_path: Path) -> None:
    phone, clerk = hall.person("jiye", phone=True, to="/places/LH"), hall.person("lina", to="/counter/queue/")
    phone.press("手机取号")
    phone.arrives("**/t/*")
    ticket = phone.address
    if clerk.page.get_by_role("button", name="开窗").count():
        clerk.press("开窗")
    clerk.sees("窗口空着")
    _serve(clerk, phone.page.locator(".ticket-mine").inner_text())
    phone.go(ticket)
    phone.sees("服务已结束")
    phone.shot("rating-01-ticket")
    phone.follow("评价本次服务")
    asked = phone.page.locator(".rate-tags.blame")
    phone.page.get_by_label("非常满意", exact=True).check()
    assert not asked.is_visible()
    phone.page.get_by_label("不满意", exact=True).check()
    asked.wait_for()
    phone.page.get_by_label("等得久").check()
    phone.page.fill("#f-words", "等了四十分钟")
    phone.shot("rating-02-form")
    phone.onward()
    phone.sees("这次服务已评价，谢谢")
    phone.shot("rating-03-done")
    phone.go(ticket)
    phone.sees("这次服务已评价，谢谢")
    given = Rating.objects.get(invitation__person__account__username="jiye")
    assert (given.level, given.tags, given.words, given.way) == (2, ["long-wait"], "等了四十分钟", "account")

    clerk.press("取号", exact=True)
    clerk.sees("已取")
    taken = re.search(r"号票 (\w+) 已取", clerk.text)
    assert taken, clerk.text
    _serve(clerk, taken[1])
    clerk.press("请刚才的人评价")
    clerk.sees("请用您自己的手机扫码")
    clerk.shot("rating-04-window")
    picture = tmp_path / "code.png"
    clerk.page.locator(".rating-code img").screenshot(path=str(picture))
    address = read(picture)
    assert address.startswith(hall.url)
    clerk.page.goto(address)
    assert "评价由办事人本人" in clerk.text
    clerk.go("/counter/queue/")
    clerk.press("关窗")
    clerk.sees("开窗")
    passer = hall.visitor(phone=True, locale="en-GB")
    passer.page.goto(address)
    passer.page.get_by_label("Very satisfied", exact=True).check()
    passer.onward()
    passer.sees("has been rated")
    assert list(Rating.objects.filter(way="window").values_list("level", flat=True)) == [5]

    hall.set_clock(TUESDAY + timedelta(days=1))
    manager = hall.person("mali", to="/office/ratings/")
    manager.sees("等了四十分钟", "不足 5 份，不显示")
    assert "季" not in manager.text
    manager.shot("rating-05-sums")


def _serve(clerk: Visitor, number: str) -> None:
    """The window calls that number, serves and ends."""
    clerk.press(f"叫此号 {number}")
    clerk.press("开始服务")
    clerk.press("办理结束")
    clerk.sees("窗口空着")
