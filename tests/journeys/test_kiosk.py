"""From the door to the window: a machine is let in, somebody takes a number at it, and is called on the wall."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from tests.journeys.people import DESK, Hall, Visitor

from yichuang.visits.models import Booking, Ticket

PLACE = "LH"
PORTRAIT, WALL = {"width": 1080, "height": 1920}, {"width": 1920, "height": 1080}


def let_in(hall: Hall, name: str) -> Visitor:
    """The keeper names a kiosk, its printer and its reader on the console; its browser trades the code."""
    keeper = hall.person("dengjie", to=f"/console/devices/{PLACE}/")
    keeper.page.select_option("#f-kind", "kiosk")
    keeper.page.fill("#f-name", name)
    keeper.press("登记设备", within="main")
    code = keeper.page.locator("code.token").inner_text()
    for kind, words, address in (("printer", "打印机", "simulator"), ("reader", "读卡器", "simulator:moshengren")):
        keeper.page.select_option("#f-kind", kind)
        keeper.page.fill("#f-name", name + words)
        keeper.page.select_option("#f-kiosk", label=name)
        keeper.page.fill("#f-address", address)
        keeper.press("登记设备", within="main")
        keeper.sees(name + words)
    kiosk = hall.visitor()
    kiosk.page.set_viewport_size(PORTRAIT)
    kiosk.go("/kiosk/")
    kiosk.arrives("**/kiosk/enrol/")
    kiosk.page.fill("#f-code", code)
    kiosk.press("启用")
    kiosk.sees("请选择要做什么")
    return kiosk


@pytest.fixture
def kiosk(hall: Hall) -> Iterator[Visitor]:
    found = let_in(hall, f"取号机 {uuid4().hex[:8]}")  # printer and reader are given to a kiosk by its name
    yield found
    found.page.context.set_offline(False)
    found.page.set_viewport_size(DESK)


def number_on(kiosk: Visitor) -> str:
    return kiosk.page.locator(".kiosk-number").inner_text()


def take(kiosk: Visitor) -> str:
    """Press the first queue; the number on the screen."""
    kiosk.follow("我要取号")
    kiosk.sees("您要办哪一类事？")
    kiosk.press("综合业务")
    kiosk.sees("小票已打印")
    return kiosk.page.locator(".kiosk-number").inner_text()


def test_a_number_from_the_kiosk_is_called_on_the_wall(hall: Hall, kiosk: Visitor) -> None:
    kiosk.shot("kiosk-1-home")
    number = take(kiosk)
    kiosk.shot("kiosk-2-number")
    assert kiosk.address == "/kiosk/"  # moves leave nothing to go back to
    clerk = called(hall, number, "kiosk-3-wall")
    kiosk.press("结束并清除")
    kiosk.follow("查我的号")
    for letter in number:
        kiosk.press(letter, exact=True, within=".kiosk-pad")
    kiosk.press("查询")
    kiosk.sees("号窗口")
    served(clerk)


def called(hall: Hall, number: str, shot: str) -> Visitor:
    """李娜 opens her window and calls the number: it rises on the wall."""
    wall = hall.visitor()
    wall.page.set_viewport_size(WALL)
    wall.go(f"/wall/{PLACE}/")
    clerk = hall.person("lina", to="/counter/queue/")
    clerk.page.select_option("#f-window", index=0)
    clerk.press("开窗")
    clerk.press(f"叫此号 {number}")
    clerk.sees("开始服务")
    wall.page.evaluate("window.dispatchEvent(new Event('online'))")  # no news here: as after a pause of the network
    wall.page.locator(f"[data-number='{number}'].fresh").wait_for()
    wall.shot(shot)
    wall.page.set_viewport_size(DESK)
    return clerk


def served(clerk: Visitor) -> None:
    clerk.press("开始服务")
    clerk.press("办理结束")
    clerk.press("关窗")
    clerk.sees("选择窗口")


def test_who_booked_on_a_phone_checks_in_at_the_kiosk_and_is_called_on_the_wall(hall: Hall, kiosk: Visitor) -> None:
    phone = hall.person("moshengren", phone=True, to=f"/items/yangquan-dengji/book/{PLACE}")
    phone.page.locator("a.hour").first.click()
    phone.sees("确认预约")
    phone.onward()
    phone.arrives("**/my/bookings/*")
    phone.shot("kiosk-4-booked")
    mine = Booking.objects.select_related("slot").get(id=phone.address.strip("/").rsplit("/", 1)[1])
    hall.set_clock(mine.slot.starts_at - timedelta(minutes=5))
    kiosk.follow("预约报到")
    kiosk.press("已放好证件，报到取号")
    kiosk.sees("小票已打印")
    kiosk.sees("预约")
    kiosk.shot("kiosk-5-checked-in")
    served(called(hall, kiosk.page.locator(".kiosk-number").inner_text(), "kiosk-6-wall"))


def test_who_walks_away_leaves_nothing(kiosk: Visitor) -> None:
    kiosk.press("English")
    kiosk.page.get_by_role("button", name="中文").wait_for()
    kiosk.page.clock.install()
    kiosk.follow("Take a number")
    kiosk.page.locator("main button[name=queue]").first.click()
    number = kiosk.page.locator(".kiosk-number").inner_text()
    kiosk.page.clock.run_for(46_000)
    kiosk.page.get_by_role("heading", name="Are you still there?").wait_for()
    kiosk.press("Yes, go on")
    assert kiosk.page.locator(".kiosk-number").inner_text() == number
    kiosk.page.clock.run_for(61_000)
    kiosk.sees("请选择要做什么")
    kiosk.page.get_by_role("button", name="English").wait_for()
    kiosk.go("/kiosk/ticket/")
    kiosk.arrives("**/kiosk/")
    assert number not in kiosk.text


def test_a_network_that_is_gone_costs_no_number_and_gives_no_second(kiosk: Visitor) -> None:
    before = Ticket.objects.count()
    kiosk.follow("我要取号")
    kiosk.sees("您要办哪一类事？")
    kiosk.page.context.set_offline(True)
    kiosk.press("综合业务")
    kiosk.page.locator("[data-gone]").wait_for()
    kiosk.sees("您要办哪一类事？")
    kiosk.page.context.set_offline(False)
    kiosk.page.locator("[data-gone]").wait_for(state="hidden")
    kiosk.press("综合业务")
    kiosk.sees("小票已打印")
    assert Ticket.objects.count() == before + 1
