"""报到 at the kiosk: the card names the appointment, and its number comes out once."""

from datetime import timedelta

import pytest
from tests.visits.booked import BookedHall

from yichuang.core.clock import fixed
from yichuang.visits.models import Ticket


@pytest.fixture
def hall(demo, tuesday):
    return BookedHall.open_to(demo)


def arrive(browser, at, key="once"):
    with fixed(at):
        return browser.post("/kiosk/check-in/", {"key": key})


def page(browser, at, address):
    with fixed(at):
        return browser.get(address).content.decode()


def test_who_booked_checks_in_by_card_and_gets_the_number_of_the_appointment_once(hall, kiosk):
    browser, machine = kiosk(reader="simulator:zhangxiao")
    assert "预约报到" in page(browser, hall.at, "/kiosk/")
    slot = hall.slot(days=0, hour=11)
    booked = hall.book("zhangxiao", slot)
    early = arrive(browser, slot.starts_at - timedelta(minutes=16))
    assert early.status_code == 409
    assert "提前 15 分钟" in early.content.decode()
    page(browser, slot.starts_at - timedelta(minutes=10), "/kiosk/")  # the visit of before is over
    for key in ("once", "once", "again"):
        assert arrive(browser, slot.starts_at - timedelta(minutes=10), key)["Location"] == "/kiosk/ticket/"
    row = Ticket.objects.get()
    assert (row.of, row.source, row.person_id) == ("booked", "kiosk", hall.demo.actor("zhangxiao").id)
    assert hall.state(booked) == "ARRIVED"
    assert len(machine.slips) == 1
    assert "预约" in page(browser, slot.starts_at - timedelta(minutes=10), "/kiosk/ticket/")


def test_who_has_no_appointment_today_is_told_so_and_can_take_a_number(hall, kiosk):
    browser, _ = kiosk(reader="simulator:zhangxiao")
    hall.book("zhangxiao", hall.slot(days=1))
    hall.book("moshengren", hall.slot(days=0, hour=11))
    answer = arrive(browser, hall.at)
    assert answer.status_code == 404
    assert "没有找到今天在这里的预约" in answer.content.decode()
    assert Ticket.objects.count() == 0


def test_who_comes_late_gets_an_ordinary_number(hall, kiosk):
    browser, _ = kiosk(reader="simulator:zhangxiao")
    slot = hall.slot(days=0, hour=11)
    hall.book("zhangxiao", slot)
    arrive(browser, slot.starts_at + timedelta(minutes=16))
    assert Ticket.objects.get().of == "ordinary"


def test_without_a_reader_or_a_card_nothing_is_checked_in(hall, kiosk, demo):
    browser, _ = kiosk(reader="simulator")
    hall.book("zhangxiao", hall.slot(days=0, hour=11))
    answer = arrive(browser, hall.slot(days=0, hour=11).starts_at)
    assert (answer.status_code, "没有读到证件" in answer.content.decode()) == (422, True)
    assert Ticket.objects.count() == 0
