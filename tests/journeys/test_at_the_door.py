"""导办: the guide gives a number for what somebody says, shows the way to follow it, takes a request for help; it is rated."""

from pathlib import Path

from tests.demo import TUESDAY, Demo
from tests.journeys.people import Hall
from tests.journeys.qr import read

from yichuang.cases.commands.help import ask_help
from yichuang.feedback.models import Rating
from yichuang.visits.models import Ticket


def test_a_number_at_the_door_is_followed_on_the_visitors_own_phone(hall: Hall, tmp_path: Path) -> None:
    guide = hall.person("lina", phone=True, to="/counter/door/")
    guide.page.fill("#q", "养狗")
    guide.press("查找")
    guide.follow("选这一项")
    guide.sees("养犬登记（首次）", "按所选事项")
    guide.page.fill("#q", "没有这样的事")
    guide.press("查找")
    guide.sees("没有查到", "养犬登记（首次）")
    guide.page.select_option("[name=reason]", "pregnant")
    guide.page.fill("[name=companions]", "1")
    guide.shot("door-01-chosen")
    guide.press("取号", exact=True)
    guide.sees("请来人用手机扫码")
    guide.shot("door-02-given")
    number = guide.page.locator(".ticket-now").inner_text()
    ticket = Ticket.objects.get(number=number, day=TUESDAY.date())
    assert (ticket.items, ticket.companions, ticket.of) == (["yangquan-dengji"], 1, "priority")
    picture = tmp_path / "code.png"
    guide.page.locator(".rating-code img").screenshot(path=str(picture))
    phone = hall.visitor(phone=True)
    phone.page.goto(read(picture))
    phone.sees(number, "等候中")
    phone.press("不等了")
    phone.sees("已离开")
    guide.follow("下一位")
    guide.sees("来办什么")


def test_help_at_the_door_is_taken_done_and_rated_once_by_who_asked(hall: Hall) -> None:
    demo = Demo(at=TUESDAY)
    given = {"text": "看不清屏幕，想有人带到窗口", "item_code": "yangquan-dengji", "consents": [], "at": TUESDAY}
    help = ask_help(actor=demo.actor("lina"), asker=demo.actor("qianjin").id, kind="lead", **given)
    guide = hall.person("lina", to="/counter/door/")
    guide.page.locator(f"form[action$='/{help}/take/'] button").click()
    guide.sees("已接单", "想有人带到窗口")
    guide.page.fill("#f-done", "已带到 3 号窗口。")
    guide.press("办结并告知求助人")
    guide.sees("已办结")
    asker = hall.person("qianjin", phone=True, to="/my/ratings")
    asker.page.locator("main a[href*='/rate/']").first.click()
    asker.page.get_by_label("非常满意", exact=True).check()
    asker.shot("door-03-rate")
    asker.onward()
    asker.sees("这次服务已评价，谢谢")
    assert [row.level for row in Rating.objects.filter(invitation__subject=help)] == [5]
