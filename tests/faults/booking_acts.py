"""The acts of appointments that pass fault points, each prepared in one hall, by people who do not stand in each other's way."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.visits.booked import ITEM, BookedHall

from yichuang.core.clock import local_date
from yichuang.visits.commands.booking import (
    book,
    cancel_booking,
    check_in,
    confirm_offer,
    join_waiting_list,
    move_booking,
)
from yichuang.visits.values import BookingKind, Source

Run = Callable[[], Any]


def booking(hall: BookedHall) -> Run:
    zhang, slot = hall.demo.actor("zhangxiao"), hall.slot().id
    return lambda: book(actor=zhang, slot=slot, items=[ITEM], person=zhang.id, key="the-same-key", at=hall.at)


def moving(hall: BookedHall) -> Run:
    """改期: the new place is taken and the old one given back, both or neither."""
    zhang, booked = hall.demo.actor("zhangxiao"), hall.book("zhangxiao", hall.slot(2))
    return lambda: move_booking(actor=zhang, booking=booked.id, slot=hall.slot(3, 11).id, at=hall.at)


def cancelling(hall: BookedHall) -> Run:
    actor, booked = hall.demo.actor("maimaiti"), hall.book("maimaiti", hall.slot(6))
    return lambda: cancel_booking(actor=actor, booking=booked.id, at=hall.at)


def arriving(hall: BookedHall) -> Run:
    """报到: the appointment is used up and its number given, both or neither."""
    slot = hall.slot(0, 14)
    booked, actor, at = hall.book("maimaiti", slot), hall.demo.actor("maimaiti"), slot.starts_at
    told = {"place": hall.place, "source": Source.PHONE, "key": "the-same-key", "booking": booked.id, "at": at}
    return lambda: check_in(actor=actor, **told)


def confirming(hall: BookedHall) -> Run:
    """候补: the place that was kept becomes an appointment."""
    slot, day = hall.slot(7), local_date(hall.at) + timedelta(days=7)
    booked, _ = hall.book("zhangxiao", slot), hall.book("maimaiti", slot)
    stranger = hall.demo.actor("moshengren")
    days = {"kind": BookingKind.HALL, "first": day, "last": day}
    entry = join_waiting_list(actor=stranger, place=hall.place, items=[ITEM], person=stranger.id, at=hall.at, **days)
    hall.cancel(booked)
    return lambda: confirm_offer(actor=stranger, waiting=entry, at=hall.at)


ACTS = (booking, moving, cancelling, arriving, confirming)
