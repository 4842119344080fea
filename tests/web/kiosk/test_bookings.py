"""预约 at the kiosk: booked, moved and cancelled by who lays the card on the reader, at this hall; by nobody else."""

import re

import pytest
from django.test import override_settings
from tests.visits.booked import ITEM, BookedHall

from yichuang.visits.models import Booking, Slot

LIST, NEW = "/kiosk/bookings/", f"/kiosk/bookings/new/{ITEM}/"


@pytest.fixture
def hall(demo, tuesday):
    return BookedHall.open_to(demo)


@pytest.fixture
def zhang(hall, kiosk):
    """张晓's card lies on the reader of the kiosk."""
    browser, machine = kiosk(reader="simulator:zhangxiao")
    assert browser.post("/kiosk/bookings/card/").status_code == 302
    return browser, machine


def said(browser, address=LIST):
    answer = browser.get(address)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return answer.content.decode()


def press(browser, slot, key="once", move=""):
    return browser.post(NEW, {"slot": str(slot.id), "key": key, **({"move": str(move)} if move else {})})


def test_somebody_books_by_card_once_and_the_slip_comes_out(hall, zhang):
    browser, machine = zhang
    assert "现在没有预约" in said(browser)
    assert "养犬登记" in said(browser, "/kiosk/bookings/new/")
    slot = hall.slot(days=1, hour=10)
    page = said(browser, f"{NEW}?day={slot.day.isoformat()}")
    assert str(slot.id) in page
    key = re.search(r'name="key" value="(\w+)"', page)[1]
    for _ in "twice":
        assert press(browser, slot, key)["Location"] == LIST
    row = Booking.objects.get()
    assert (row.slot_id, row.booker_id, row.channel) == (slot.id, hall.demo.actor("zhangxiao").id, "kiosk")
    page = said(browser)
    assert row.number in page
    assert "张*" in page or "张" in page
    assert "张晓" not in page  # who stands behind reads along
    assert "预约单已打印" in page
    assert len(machine.slips) == 1


def test_it_is_moved_and_cancelled_there(hall, zhang):
    browser, _ = zhang
    first, later = hall.slot(days=1, hour=10), hall.slot(days=2, hour=10)
    booked = hall.book("zhangxiao", first)
    assert "现在约的是" in said(browser, f"{NEW}?move={booked.id}")
    assert press(browser, later, move=booked.id)["Location"] == LIST
    row = Booking.objects.get()
    assert (row.slot_id, row.sequence, row.state) == (later.id, 1, "BOOKED")
    for _ in "twice":
        assert browser.post(f"{LIST}{booked.id}/cancel/").status_code == 302
    row.refresh_from_db()
    assert row.state == "CANCELLED"
    assert "现在没有预约" in said(browser)


def test_what_is_full_or_too_late_is_said_and_nothing_is_booked(hall, zhang):
    browser, _ = zhang
    slot = hall.slot(days=1, hour=10)
    Slot.objects.filter(id=slot.id).update(capacity=0, planned=0)
    answer = press(browser, slot)
    assert answer.status_code == 409
    assert "error-summary" in answer.content.decode()
    assert not Booking.objects.exists()
    hall.book("zhangxiao", hall.slot(days=0, hour=11))
    assert "已不能在这里改期或取消" in said(browser)
    answer = browser.post(f"{LIST}{Booking.objects.get().id}/cancel/")
    assert answer.status_code == 409
    assert Booking.objects.get().state == "BOOKED"


def test_without_a_card_nobody_books_and_nobody_touches_anothers(hall, kiosk, zhang, demo):
    stranger, slot = hall.book("moshengren"), hall.slot(days=2, hour=10)
    browser, _ = zhang
    assert browser.get(f"{NEW}?move={stranger.id}").status_code == 404
    assert press(browser, slot, move=stranger.id).status_code == 404
    assert browser.post(f"{LIST}{stranger.id}/cancel/").status_code == 404
    browser.post("/kiosk/wipe/")  # 张晓 has gone
    for answer in (browser.get(NEW), press(browser, slot), browser.post(f"{LIST}{stranger.id}/cancel/")):
        assert answer["Location"] == LIST
    assert "身份证" in said(browser)
    assert [row.state for row in Booking.objects.all()] == ["BOOKED"]


def test_a_card_of_somebody_new_is_told_where_to_book(hall, kiosk):
    browser, _ = kiosk(reader="simulator")
    answer = browser.post("/kiosk/bookings/card/")
    assert (answer.status_code, "没有读到证件" in answer.content.decode()) == (422, True)
    assert "手机上登录预约" in said(browser)


def test_a_relay_code_opens_no_appointments(hall, zhang):
    browser, _ = zhang
    hall.book("zhangxiao")
    session = browser.session
    session["visit"] = {**session["visit"], "card": ""}  # as after a relay code
    session.save()
    assert "身份证" in said(browser)
    assert press(browser, hall.slot(days=2, hour=10))["Location"] == LIST
    assert Booking.objects.count() == 1


def test_an_appointment_elsewhere_is_shown_and_left_alone(hall, zhang, demo):
    browser, _ = zhang
    booked = hall.book("zhangxiao")
    elsewhere = demo.actor("zhaomin").place
    Booking.objects.filter(id=booked.id).update(place=elsewhere)
    assert "在别的大厅" in said(browser)
    assert browser.post(f"{LIST}{booked.id}/cancel/").status_code == 404
    assert browser.get(f"{NEW}?move={booked.id}").status_code == 404


def test_a_hall_node_makes_no_appointments(hall, zhang):
    browser, _ = zhang
    with override_settings(YICHUANG_CENTRE="https://centre.example"):
        assert browser.get(LIST).status_code == 404
        assert "预约办理" not in said(browser, "/kiosk/")
