"""The calendar file of an appointment as its person downloads it, read as a calendar program reads it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.test import Client
from icalendar import Calendar
from tests.visits.booked import BookedHall

from yichuang.core.clock import fixed
from yichuang.visits.commands.booking import move_booking
from yichuang.visits.values import BookingKind


def event_of(browser: Client, booking: UUID, at: datetime) -> Any:
    with fixed(at):
        answer = browser.get(f"/my/bookings/{booking}/calendar.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Content-Disposition"].endswith(".ics")
    [event] = Calendar.from_ical(b"".join(answer) if answer.streaming else answer.content).walk("VEVENT")
    return event


def test_it_is_the_same_event_when_moved_and_gone_when_cancelled(
    demo: Any, signed_in: Callable[..., Client], client: Client
) -> None:
    hall = BookedHall.open_to(demo)
    with fixed(hall.at):
        browser, other = signed_in("zhangxiao"), signed_in("moshengren")
    booked = hall.book(slot=hall.slot(2, 10))
    first = event_of(browser, booked.id, hall.at)
    assert first.decoded("DTSTART") == hall.slot(2, 10).starts_at
    assert booked.number in str(first["SUMMARY"])
    hall.later()
    move_booking(actor=demo.actor("zhangxiao"), booking=booked.id, slot=hall.slot(3, 14.5).id, at=hall.at)
    moved = event_of(browser, booked.id, hall.at)
    assert moved.decoded("DTSTART") == hall.slot(3, 14.5).starts_at
    hall.later()
    hall.cancel(booked)
    gone = event_of(browser, booked.id, hall.at)
    assert str(first["UID"]) == str(moved["UID"]) == str(gone["UID"])
    assert first["SEQUENCE"] < moved["SEQUENCE"] < gone["SEQUENCE"]
    assert first.decoded("DTSTAMP") < moved.decoded("DTSTAMP") < gone.decoded("DTSTAMP")
    assert [str(one["STATUS"]) for one in (first, moved, gone)] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    with fixed(hall.at):
        assert client.get(f"/my/bookings/{booked.id}/calendar.ics").status_code == 302
        assert other.get(f"/my/bookings/{booked.id}/calendar.ics").status_code == 404


def test_a_file_for_a_home_visit_says_no_address(demo: Any, signed_in: Callable[..., Client]) -> None:
    hall = BookedHall.open_to(demo)
    booked = hall.book(slot=hall.slot(2, 10, BookingKind.HOME), address="桂园街道红宝路 8 号 501")
    with fixed(hall.at):
        browser = signed_in("zhangxiao")
    event = event_of(browser, booked.id, hall.at)
    assert "红宝路" not in event.to_ical().decode()
