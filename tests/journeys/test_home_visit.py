"""上门办: the clerk stands at the door with a phone: photographs a paper, takes an original along against a receipt, asks about a
fingerprint; the person reads all of it on their own page, and the original comes back."""

from datetime import timedelta
from pathlib import Path

from tests.demo import Demo
from tests.journeys.people import Hall
from tests.visits.booked import ITEM

from yichuang.cases.models import Draft
from yichuang.core.clock import local_date
from yichuang.people.models import Party
from yichuang.visits.commands.booking import assign_helper, book
from yichuang.visits.models import Slot
from yichuang.visits.values import BookingKind


def test_a_clerk_photographs_and_takes_an_original_along_and_it_comes_back(hall: Hall, photo: Path) -> None:
    demo = Demo()
    clerk, person = demo.actor("lina"), demo.actor("moshengren")
    day = local_date(demo.at) + timedelta(days=2)
    slots = Slot.objects.filter(place=clerk.place, kind=BookingKind.HOME.value, day=day).order_by("-starts_at")
    given = {"items": [ITEM], "person": person.id, "address": "幸福路 7 号 3 栋 502", "at": demo.at}
    booked = book(actor=person, slot=slots[0].id, key="home-journey", **given)
    assign_helper(actor=demo.actor("mali"), booking=booked.id, helper=clerk.id, at=demo.at)
    hall.set_clock(slots[0].starts_at)
    before = Draft.objects.filter(owner=person.id).count()

    phone = hall.person("lina", phone=True, to=f"/counter/bookings/{booked.id}/")
    phone.follow("到了，拍材料、取件")
    phone.sees("幸福路 7 号 3 栋 502", "拍材料", "取走的原件", "核对本人")
    phone.page.locator('input[type="file"]').first.set_input_files(photo)
    phone.page.get_by_role("button", name="保存照片").first.click()
    phone.sees("已拍下，照片里的位置等信息已去掉", "存成本人的申请草稿")
    phone.page.get_by_label("取走什么").fill("户口簿原件")
    phone.press("取件，开收据", exact=True)
    phone.sees("已登记取件，收据号 YJ", "户口簿原件", "登记归还")
    phone.press("登记本人的选择", exact=True)
    phone.sees("不采集指纹", "核对身份证件原件")
    phone.shot("home-01-visit")
    phone.follow("收据", exact=True)
    phone.sees("取件收据", "还没有归还")
    phone.go(f"/counter/bookings/{booked.id}/home/")
    phone.press("存成本人的申请草稿", exact=True)
    phone.sees("已存成本人的草稿", "接力码只在这里显示一次")
    phone.shot("home-02-draft")
    assert Draft.objects.filter(owner=Party.objects.get(id=person.id)).count() == before + 1

    own = hall.person("moshengren", phone=True, to=f"/my/bookings/{booked.id}")
    own.sees("工作人员取走的原件", "户口簿原件", "还没有归还")
    desk = hall.person("zhoujie", to="/counter/bookings/originals/")
    desk.sees("户口簿原件")
    desk.press("登记归还")
    desk.sees("已登记归还，本人已收到通知")
    own.reload()
    own.sees("送回本人")
    own.shot("home-03-back")
