"""预约: booked on a phone, moved, put into a calendar; arrived at the hall, called by its time, served; and the case follows."""

from datetime import timedelta

from tests.demo import TUESDAY, Demo
from tests.journeys.filings import DOG, dog
from tests.journeys.people import Hall, Visitor
from tests.visits.booked import ITEM

from yichuang.cases.models import Case
from yichuang.core.jobs import enqueue
from yichuang.visits.commands.booking import book
from yichuang.visits.jobs import sweep
from yichuang.visits.models import Booking, Slot, Ticket

THURSDAY = TUESDAY + timedelta(days=2)
DAY = "11月26日"


def test_booked_on_a_phone_moved_kept_called_and_served(hall: Hall) -> None:
    citizen = hall.person("wangxiuying", phone=True, to=f"/items/{DOG}")
    citizen.follow("预约一个时间")
    citizen.sees("预约到哪里办？")
    citizen.shot("book-01-halls")
    citizen.follow("罗湖区政务服务中心")
    choose(citizen, "14:00")
    citizen.sees("确认预约", "14:00–14:30")
    citizen.shot("book-02-confirm")
    citizen.press("确认预约")
    citizen.sees("预约成功", "已预约", "14:00–14:30")
    citizen.follow("改期，或者等更早的")
    citizen.sees("等一个更早的名额")
    choose(citizen, "14:30")
    citizen.press("确认改期")
    citizen.sees("已改期", "14:30–15:00")
    citizen.shot("book-03-mine")
    with citizen.page.expect_download() as coming:
        citizen.follow("加到手机日历")
    file = coming.value.path().read_bytes()
    assert b"DTSTART:20261126T063000Z" in file
    assert b"SEQUENCE:1" in file
    mine = citizen.address
    citizen.sees("到了大厅怎么办？", "14:15 起")
    assert citizen.page.get_by_text("我到了，报到").count() == 0, "offered two days before it can succeed"

    hall.set_clock(THURSDAY + timedelta(hours=4, minutes=20))  # 14:20: a quarter of an hour before and a little
    enqueue(sweep)
    hall.work()
    clerk = hall.person("lina", to="/counter/bookings/")
    clerk.sees("14:30")
    clerk.shot("book-04-counter")
    clerk.go("/counter/queue/")
    clerk.press("取号", exact=True)
    clerk.sees("已取")
    citizen = hall.person("wangxiuying", phone=True, to=mine)
    citizen.press("我到了，报到")
    citizen.arrives("**/t/*")
    number = citizen.page.locator(".ticket-mine").inner_text()
    ticket = citizen.address
    citizen.sees("预约")
    citizen.shot("book-05-ticket")

    hall.set_clock(THURSDAY + timedelta(hours=4, minutes=31))
    clerk.go("/counter/queue/")
    clerk.press("开窗")
    clerk.press("叫下一个")
    clerk.page.locator(".ticket-now").get_by_text(number).wait_for()  # its time has come: before who only came
    clerk.shot("book-06-called")
    citizen.go(ticket)
    citizen.sees("号窗口")
    clerk.press("开始服务")
    clerk.page.locator("#f-outcome").wait_for()
    filed = Demo(at=THURSDAY + timedelta(hours=4, minutes=40))
    case = filed.file(filed.actor("lina"), DOG, form=dog(61), applicant=filed.actor("wangxiuying").id).number
    clerk.page.select_option("#f-outcome", "filed")
    clerk.press("办理结束")
    clerk.sees("办理结束")
    row = Booking.objects.get(booker__person=filed.actor("wangxiuying").id, ticket__isnull=False)
    assert (row.state, row.ticket and row.ticket.number) == ("ARRIVED", number)
    served = Ticket.objects.get(id=row.ticket_id)
    assert (served.of, served.state, served.outcome) == ("booked", "DONE", "filed")
    assert Case.objects.get(number=case).encounter_id == served.encounter_id
    clerk.go("/counter/queue/")
    clerk.press("关窗")  # who comes next opens it
    clerk.sees("选择窗口")
    citizen.go("/my/bookings")
    citizen.sees("已到场")


def test_who_finds_it_full_waits_and_takes_the_place_that_is_given_back(hall: Hall) -> None:
    demo = Demo()
    place = demo.actor("lina").place
    slots = Slot.objects.filter(place=place, kind="home", starts_at__gt=TUESDAY + timedelta(days=2))
    slot = slots.order_by("starts_at").first()
    assert slot is not None
    Slot.objects.filter(id=slot.id).update(capacity=1, planned=1)
    other, at = demo.actor("zhangjie"), TUESDAY
    taken = book(actor=other, slot=slot.id, items=[ITEM], person=other.id, key="journey", address="演示路 1 号", at=at)
    citizen = hall.person("jiye", phone=True, to=f"/items/{DOG}/book/LH?kind=home&day=2026-11-26")
    citizen.sees("已满")
    citizen.page.fill("[name=first]", "2026-11-26")
    citizen.page.fill("[name=last]", "2026-11-26")
    citizen.press("加入候补")
    citizen.sees("上门办理请填写地址")
    citizen.page.fill("[name=address]", "南湖街道演示路 5 号")
    citizen.press("加入候补")
    citizen.sees("已加入候补", "正在候补")
    citizen.shot("book-07-waiting")

    giver = hall.person("zhangjie", phone=True, to=f"/my/bookings/{taken.id}")
    giver.press("取消预约")
    giver.sees("预约已取消")
    citizen.reload()
    citizen.sees("有一个名额给您留着")
    citizen.shot("book-08-offer")
    citizen.press("要这个名额")
    citizen.sees("预约成功", "上门办理", "南湖街道演示路 5 号")
    manager = hall.person("mali", to="/counter/bookings/?day=2026-11-26")
    manager.page.get_by_role("row", name="上门办理 已预约").first.get_by_role("link").click()
    manager.page.select_option("[name=helper]", label="李娜")
    manager.press("指派")
    manager.sees("已指派")
    citizen.reload()
    citizen.sees("李娜")


def choose(citizen: Visitor, hour: str) -> None:
    """The day, then the half hour."""
    citizen.follow(DAY)
    citizen.page.locator("#h-day").get_by_text(DAY).wait_for()
    citizen.page.get_by_role("link", name=hour).click()
