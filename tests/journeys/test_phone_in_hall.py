"""The citizen's phone: which hall is quickest, a number from home, when to leave, and a page that keeps itself fresh."""

import re
from datetime import timedelta

from tests.demo import TUESDAY
from tests.journeys.people import Hall, Visitor

from yichuang.visits.commands.watch import tell_watchers

DOG = "yangquan-dengji"


def test_a_number_from_home_tells_when_to_leave_and_shows_each_call(hall: Hall) -> None:
    clerk = hall.person("lina", to="/counter/queue/")
    phone = hall.person("wangxiuying", phone=True, to=f"/items/{DOG}")
    phone.follow("现在到哪里办")
    phone.sees("罗湖区政务服务中心", "人等候")
    if clerk.page.get_by_role("button", name="开窗").count():
        clerk.press("开窗")
    clerk.sees("窗口空着")
    for _ in range(5):
        clerk.press("取号", exact=True)
        clerk.sees("已取")
    phone.reload()
    phone.sees("约 ")
    phone.shot("phone-01-halls")
    phone.follow("罗湖区政务服务中心")
    phone.press("手机取号")
    phone.arrives("**/t/*")
    number, ahead = phone.page.locator(".ticket-mine").inner_text(), _ahead(phone)
    assert ahead >= 5
    phone.page.select_option("#f-travel", "60")
    phone.press("该出发时提醒我")
    phone.sees("现在该出发了")
    phone.shot("phone-02-leave")
    assert tell_watchers(at=TUESDAY + timedelta(minutes=1)) >= 1
    ticket = phone.address
    phone.go("/my/messages")
    phone.sees(f"{number} 号：按您选的路上时间，现在出发正好")

    phone.go(ticket)
    clerk.press("叫下一个")
    clerk.page.locator(".ticket-now").wait_for()
    phone.page.evaluate("() => document.body.dispatchEvent(new Event('fresh'))")  # as news from the hall does
    phone.sees(f"前面还有 {ahead - 1} 人")
    assert f"前面还有 {ahead - 1} 人" in phone.page.title()
    phone.shot("phone-03-fresh")
    phone.press("不等了")
    phone.sees("已离开")
    clerk.press("过号")
    clerk.sees("窗口空着")
    clerk.press("关窗")
    clerk.sees("开窗")


def _ahead(phone: Visitor) -> int:
    found = re.search(r"前面还有 (\d+) 人", phone.text)
    assert found, phone.text
    return int(found[1])
