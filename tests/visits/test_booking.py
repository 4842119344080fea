"""Appointments: made, moved, given back, kept; never one too many, whatever the limits and whoever asks."""

from datetime import timedelta
from uuid import uuid4

import pytest
from tests.visits.booked import ITEM, PLAN, BookedHall, counted

from yichuang.core import chance, ledger
from yichuang.core.clock import local_date
from yichuang.core.refusals import Conflict, NotFound, Refused
from yichuang.network import queries as network
from yichuang.notices.models import Message
from yichuang.visits import queries as visits
from yichuang.visits.commands.booking import (
    assign_helper,
    cancel_booking,
    cancel_day,
    check_in,
    confirm_offer,
    join_waiting_list,
    move_booking,
    publish_slots,
    set_booking_rules,
    set_group_plan,
)
from yichuang.visits.models import Booking, BookingGroup, Queue, Seat, Slot, Ticket
from yichuang.visits.places import settle_place
from yichuang.visits.values import BookingKind, BookingRules, GroupPlan, Source, TicketClass

HALL = BookingKind.HALL


@pytest.fixture
def hall(demo):
    return BookedHall.open_to(demo)


def codes(refused) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def told(person) -> list[str]:
    return list(Message.objects.filter(party=person).order_by("id").values_list("template", flat=True))


# publishing


def test_slots_follow_the_hours_of_the_hall_and_the_plan(hall):
    tomorrow = local_date(hall.at) + timedelta(days=1)
    rows = visits.slots(hall.place, ITEM, first=tomorrow, last=tomorrow, at=hall.at)
    assert rows
    assert all(network.is_open(hall.place, row.starts_at) for row in rows)
    by_hour = {(row.starts_at.hour + 8) % 24: row.free for row in rows}
    assert by_hour[10] == 2  # two windows, a quarter of an hour each: four, less forty of a hundred
    assert by_hour[15] == 2
    assert 12 not in by_hour or by_hour[12] == 1


def test_slots_published_again_follow_the_new_plan_but_keep_what_was_booked(hall):
    slot = hall.slot()
    for who in ("zhangxiao", "maimaiti"):
        hall.book(who, slot)
    smaller = GroupPlan((1, 1, 1), (0, 0, 0), 30)  # one, less forty of a hundred: none
    set_group_plan(actor=hall.manager, place=hall.place, group=hall.queues["A"], plan=smaller, at=hall.at)
    today = local_date(hall.at)
    publish_slots(
        actor=hall.manager, place=hall.place, group=hall.queues["A"], first=today, last=today + timedelta(days=5), at=hall.at
    )  # fmt: skip
    slot.refresh_from_db()
    assert (slot.capacity, slot.planned, slot.booked) == (2, 0, 2)
    with pytest.raises(Conflict) as full:
        hall.book("moshengren", slot)
    assert codes(full) == ["SLOT_FULL"]
    hall.cancel_first(slot)
    slot.refresh_from_db()
    assert (slot.capacity, slot.booked) == (1, 1)  # what comes back is gone: the hall does not plan it any more


@pytest.mark.parametrize(("first", "last"), [(-1, 3), (3, 2), (0, 31)])
def test_a_range_of_days_is_refused_that_is_past_empty_or_too_long(hall, first, last):
    today = local_date(hall.at)
    days = {"first": today + timedelta(days=first), "last": today + timedelta(days=last)}
    with pytest.raises(Refused) as refused:
        publish_slots(actor=hall.manager, place=hall.place, group=hall.queues["A"], at=hall.at, **days)
    assert codes(refused) == ["RANGE_WRONG"]


def test_only_the_manager_of_the_hall_plans(hall):
    for who in ("lina", "wangqiang", "zhangxiao"):
        actor = hall.demo.actor(who)
        for do in (
            lambda actor=actor: set_booking_rules(actor=actor, place=hall.place, hall=BookingRules(), at=hall.at),
            lambda actor=actor: visits.plan_page(actor, hall.place, at=hall.at),
        ):
            with pytest.raises(Refused) as refused:
                do()
            assert codes(refused) == ["NOT_THE_MANAGER"]


# booking


def test_a_person_books_and_is_told_and_nothing_personal_is_in_the_ledger(hall):
    slot = hall.slot()
    booked = hall.book(slot=slot)
    zhang = hall.demo.actor("zhangxiao")
    row = visits.my_bookings(zhang, at=hall.at)[0]
    assert (row.number, row.state, row.starts_at) == (booked.number, "BOOKED", slot.starts_at)
    assert told(zhang.id) == ["booking_made"]
    assert counted(slot.id) == (1, 1)
    entry = next(one for one in ledger.list_entries(subject=ledger.Subject("booking", booked.id)))
    assert set(entry.detail) == {"number", "when", "state"}


def test_pressed_twice_it_is_one_appointment(hall):
    assert hall.book(key="press") == hall.book(key="press")
    assert counted(hall.slot().id) == (1, 1)


def test_the_same_key_of_somebody_else_is_another_press(hall):
    assert hall.book(key="press").id != hall.book("maimaiti", key="press").id


def test_a_document_books_an_item_once_a_day_and_three_at_a_time(hall):
    hall.book()
    with pytest.raises(Refused) as twice:
        hall.book(slot=hall.slot(hour=15))
    assert codes(twice) == ["ONCE_A_DAY"]
    hall.book(slot=hall.slot(days=2))
    hall.book(slot=hall.slot(days=3))
    with pytest.raises(Refused) as four:
        hall.book(slot=hall.slot(days=6))
    assert codes(four) == ["TOO_MANY_OPEN"]


def test_a_full_slot_takes_nobody(hall):
    slot = hall.slot()
    hall.book("zhangxiao", slot)
    hall.book("maimaiti", slot)
    with pytest.raises(Conflict) as full:
        hall.book("moshengren", slot)
    assert codes(full) == ["SLOT_FULL"]
    assert counted(slot.id) == (2, 2)


def test_nobody_books_before_the_second_of_the_release(hall):
    slot = hall.slot(days=9)
    Slot.objects.filter(id=slot.id).update(opens_at=hall.at + timedelta(seconds=1))
    with pytest.raises(Refused) as early:
        hall.book(slot=slot)
    assert codes(early) == ["NOT_RELEASED"]
    assert hall.book(slot=slot, at=hall.at + timedelta(seconds=1))


def test_nobody_books_for_a_stranger_but_staff_of_the_hall_for_who_stands_before_them(hall):
    other = hall.demo.actor("maimaiti").id
    with pytest.raises(Refused) as stranger:
        hall.book(person=other)
    assert (stranger.value.kind, codes(stranger)) == ("forbidden", ["NOT_YOUR_PERSON"])
    with pytest.raises(Refused) as elsewhere:
        hall.book("wangqiang", person=other)
    assert elsewhere.value.kind == "forbidden"
    assert hall.book("lina", person=other)


def test_an_item_that_the_group_does_not_take_is_refused(hall):
    slot = hall.slot()
    with pytest.raises(Refused) as none:
        hall.book(slot=slot, items=[])
    assert codes(none) == ["NO_ITEM"]
    with pytest.raises(NotFound):
        hall.book(slot=slot, items=["no-such-item"])


def test_a_home_visit_needs_an_address_that_is_sealed(hall):
    slot = hall.slot(kind=BookingKind.HOME)
    with pytest.raises(Refused) as refused:
        hall.book(slot=slot)
    assert codes(refused) == ["ADDRESS_MISSING"]
    booked = hall.book(slot=slot, address="幸福路 1 号")
    page = visits.booking_page(hall.demo.actor("zhangxiao"), booked.id, at=hall.at)
    assert page.address == "幸福路 1 号"

    def seen_by(actor):
        return visits.booking_page(actor, booked.id, at=hall.at).address

    assert (seen_by(hall.manager), seen_by(hall.clerk)) == ("幸福路 1 号", "")
    assign_helper(actor=hall.manager, booking=booked.id, helper=hall.clerk.id, at=hall.at)
    assert seen_by(hall.clerk) == "幸福路 1 号"  # who goes there
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT address::text FROM visits_booking WHERE id = %s", [booked.id])
        assert "幸福" not in cursor.fetchone()[0]


# seeing


def test_an_appointment_is_seen_by_whose_it_is_and_by_the_hall_and_by_nobody_else(hall):
    booked = hall.book()
    for who in ("zhangxiao", "lina", "mali"):
        assert visits.booking_page(hall.demo.actor(who), booked.id, at=hall.at).row.number == booked.number
    for who in ("moshengren", "wangqiang"):
        with pytest.raises(NotFound):
            visits.booking_page(hall.demo.actor(who), booked.id, at=hall.at)
        with pytest.raises(NotFound):
            cancel_booking(actor=hall.demo.actor(who), booking=booked.id, reason="x", at=hall.at)
        with pytest.raises(NotFound):
            move_booking(actor=hall.demo.actor(who), booking=booked.id, slot=hall.slot(days=2).id, at=hall.at)


# moving and cancelling


def test_moved_it_keeps_its_number_and_the_old_place_is_given_back_later(hall):
    old, new = hall.slot(), hall.slot(days=2)
    booked = hall.book(slot=old)
    zhang = hall.demo.actor("zhangxiao")
    moved = move_booking(actor=zhang, booking=booked.id, slot=new.id, at=hall.at)
    again = move_booking(actor=zhang, booking=booked.id, slot=new.id, at=hall.at)
    assert booked == moved == again
    assert counted(new.id) == (1, 1)
    assert counted(old.id) == (1, 1)  # resting
    seat = Seat.objects.get(slot=old)
    assert timedelta(minutes=1) <= seat.until - hall.at <= timedelta(minutes=10)
    assert settle_place(seat=seat.id, at=seat.until)
    assert not settle_place(seat=seat.id, at=seat.until)
    assert counted(old.id) == (0, 0)
    assert told(zhang.id) == ["booking_made", "booking_moved"]


def test_the_moment_at_which_a_place_is_everybody_s_again_cannot_be_known(hall):
    waits = set()
    for seed in range(8):
        with chance.seeded(seed):
            booked = hall.book()
            hall.cancel(booked)
        seat = Seat.objects.order_by("-id").first()
        waits.add((seat.until - hall.at).seconds)
        settle_place(seat=seat.id, at=seat.until)
    assert len(waits) > 4


def test_the_person_cancels_until_two_hours_before_and_the_hall_later(hall):
    slot = hall.slot()
    booked, zhang = hall.book(slot=slot), hall.demo.actor("zhangxiao")
    late = slot.starts_at - timedelta(hours=2) + timedelta(seconds=1)
    with pytest.raises(Refused) as refused:
        cancel_booking(actor=zhang, booking=booked.id, at=late)
    assert codes(refused) == ["TOO_LATE"]
    with pytest.raises(Refused) as why:
        cancel_booking(actor=hall.clerk, booking=booked.id, at=late)
    assert codes(why) == ["REASON_MISSING"]
    cancel_booking(actor=hall.clerk, booking=booked.id, reason="系统维护", at=late)
    assert hall.state(booked) == "CANCELLED"
    assert visits.booking_page(zhang, booked.id, at=late).reason == "系统维护"
    assert told(zhang.id) == ["booking_made", "booking_cancelled_by_hall"]


def test_cancelled_twice_the_place_is_given_back_once_and_the_document_may_book_again(hall):
    slot = hall.slot()
    booked = hall.book(slot=slot)
    hall.cancel(booked)
    hall.cancel(booked)
    assert Seat.objects.filter(slot=slot).count() == 1
    assert visits.standing_of(hall.demo.actor("zhangxiao").id, at=hall.at).open == 0
    assert hall.book(slot=slot)
    assert counted(slot.id) == (2, 2)


def test_moving_to_a_full_slot_changes_nothing(hall):
    old, full = hall.slot(), hall.slot(days=2)
    booked = hall.book(slot=old)
    for who in ("maimaiti", "moshengren"):
        hall.book(who, full)
    with pytest.raises(Conflict):
        move_booking(actor=hall.demo.actor("zhangxiao"), booking=booked.id, slot=full.id, at=hall.at)
    assert Booking.objects.get(id=booked.id).slot_id == old.id
    assert (counted(old.id), counted(full.id)) == ((1, 1), (2, 2))


def test_a_home_visit_does_not_move_into_the_hall(hall):
    booked = hall.book(slot=hall.slot(kind=BookingKind.HOME), address="幸福路 1 号")
    with pytest.raises(Refused) as refused:
        move_booking(actor=hall.demo.actor("zhangxiao"), booking=booked.id, slot=hall.slot().id, at=hall.at)
    assert codes(refused) == ["OTHER_KIND"]


def test_a_hall_that_closes_for_a_day_tells_everybody_and_offers_nothing(hall):
    slot, other = hall.slot(), hall.slot(days=2)
    mine, theirs, kept = hall.book(slot=slot), hall.book("maimaiti", slot), hall.book("moshengren", other)
    given = {"place": hall.place, "day": slot.day, "at": hall.at}
    with pytest.raises(Refused) as clerk:
        cancel_day(actor=hall.clerk, reason="停电", **given)
    assert codes(clerk) == ["NOT_THE_MANAGER"]
    for reason, day, code in ((" ", slot.day, "REASON_MISSING"), ("停电", slot.day - timedelta(days=9), "DAY_OVER")):
        with pytest.raises(Refused) as refused:
            cancel_day(actor=hall.manager, reason=reason, **{**given, "day": day})
        assert codes(refused) == [code]
    assert [cancel_day(actor=hall.manager, reason="停电", **given) for _ in range(2)] == [2, 0]
    assert [hall.state(one) for one in (mine, theirs, kept)] == ["CANCELLED", "CANCELLED", "BOOKED"]
    assert told(hall.demo.actor("zhangxiao").id) == ["booking_made", "booking_cancelled_by_hall"]
    slot.refresh_from_db()
    assert (slot.capacity, slot.booked) == (0, 0)
    with pytest.raises(Conflict):
        hall.book(slot=slot)


def test_what_was_offered_for_a_day_on_which_the_hall_closes_cannot_be_taken_any_more(hall):
    slot = hall.slot()
    booked = hall.book(slot=slot)
    hall.book("maimaiti", slot)
    given = {"items": [ITEM], "kind": BookingKind.HALL, "first": slot.day, "last": slot.day, "at": hall.at}
    stranger = hall.demo.actor("moshengren")
    entry = join_waiting_list(actor=stranger, place=hall.place, person=stranger.id, **given)
    hall.cancel(booked)
    cancel_day(actor=hall.manager, place=hall.place, day=slot.day, reason="停电", at=hall.at)
    with pytest.raises(Conflict) as refused:
        confirm_offer(actor=stranger, waiting=entry, at=hall.at)
    assert codes(refused) == ["OFFER_OVER"]
    assert not Booking.objects.filter(slot=slot, state="BOOKED").exists()


def test_an_item_that_a_group_names_is_booked_there_whatever_the_order(hall):
    """The wide group comes first in the order; the one that names the item is meant."""
    given = {"actor": hall.manager, "place": hall.place, "group": hall.queues["B"], "at": hall.at}
    Queue.objects.filter(id=hall.queues["B"]).update(items=[ITEM], order=9)
    assert {row.group for row in visits.slots(hall.place, ITEM, **day_of(hall))} == {hall.queues["A"]}  # B has no plan
    set_group_plan(**given, plan=PLAN)
    day = local_date(hall.at)
    publish_slots(**given, first=day, last=day + timedelta(days=3))
    assert {row.group for row in visits.slots(hall.place, ITEM, **day_of(hall))} == {hall.queues["B"]}
    assert visits.halls_now([hall.place], item=ITEM, at=hall.at)[hall.place].letter == "B"
    BookingGroup.objects.filter(queue=hall.queues["B"]).update(video=0)
    [row] = [one for one in visits.halls_for(ITEM, at=hall.at) if one.place == hall.place]
    assert set(row.kinds) == {BookingKind.HALL, BookingKind.HOME}


def day_of(hall):
    day = local_date(hall.at) + timedelta(days=1)
    return {"first": day, "last": day, "at": hall.at}


# arriving


def arrive(hall, slot, minutes, who="zhangxiao", **more):
    given = {"source": Source.PHONE, "key": uuid4().hex, **more}
    at = slot.starts_at + timedelta(minutes=minutes)
    return check_in(actor=hall.demo.actor(who), place=hall.place, at=at, **given)


@pytest.mark.parametrize(
    ("minutes", "of"), [(-15, "booked"), (0, "booked"), (15, "booked"), (16, "ordinary"), (60, "ordinary")]
)
def test_who_checks_in_around_the_time_is_of_the_class_of_appointments(hall, minutes, of):
    slot = hall.slot()
    booked = hall.book(slot=slot)
    given = arrive(hall, slot, minutes, booking=booked.id)
    row = Ticket.objects.get(id=given.ticket)
    assert row.of == TicketClass(of).value
    assert row.person_id == hall.demo.actor("zhangxiao").id
    assert (hall.state(booked), Booking.objects.get(id=booked.id).ticket_id) == ("ARRIVED", row.id)
    assert arrive(hall, slot, minutes, booking=booked.id) == given  # checked in again: the same number


def test_nobody_arrives_when_the_hall_has_closed(hall):
    """By phone, in the evening, somebody who never came would else not have missed it."""
    slot = hall.slot()
    booked = hall.book(slot=slot)
    with pytest.raises(Refused) as refused:
        arrive(hall, slot, 60 * 12, booking=booked.id)
    assert codes(refused) == ["HALL_CLOSED"]
    assert hall.state(booked) == "BOOKED"


def test_too_early_is_refused_with_the_time(hall):
    slot = hall.slot()
    booked = hall.book(slot=slot)
    with pytest.raises(Refused) as early:
        arrive(hall, slot, -16, booking=booked.id)
    assert codes(early) == ["TOO_EARLY"]
    with pytest.raises(Refused) as day:
        arrive(hall, slot, -60 * 24, booking=booked.id)
    assert codes(day) == ["NOT_TODAY"]


def test_a_guide_and_a_kiosk_find_the_appointment_by_the_document(hall):
    slot = hall.slot()
    booked = hall.book(slot=slot)
    zhang = hall.demo.actor("zhangxiao").id
    given = arrive(hall, slot, 0, who="lina", source=Source.GUIDE, person=zhang)
    assert hall.state(booked) == "ARRIVED"
    assert arrive(hall, slot, 0, who="lina", source=Source.GUIDE, person=zhang) == given
    with pytest.raises(Refused) as none:
        arrive(hall, slot, 0, who="lina", source=Source.GUIDE, person=hall.demo.actor("maimaiti").id)
    assert codes(none) == ["NO_BOOKING_TODAY"]


def test_pressed_again_at_the_kiosk_it_is_the_same_number_though_another_appointment_follows(hall):
    first, second = hall.slot(hour=9), hall.slot(hour=14)
    hall.book(slot=first)
    later = hall.book(slot=second, items=["shebao-chaxun"])
    zhang = hall.demo.actor("zhangxiao").id
    given = {"who": "lina", "source": Source.GUIDE, "person": zhang}
    assert arrive(hall, first, 1, **given) == arrive(hall, first, 2, **given)
    assert hall.state(later) == "BOOKED"
    arrive(hall, second, -10, **given)
    assert hall.state(later) == "ARRIVED"


def test_who_comes_late_for_one_and_early_for_another_gets_the_number_of_the_first(hall):
    first, second = hall.slot(hour=9), hall.slot(hour=11)
    late = hall.book(slot=first)
    hall.book(slot=second, items=["shebao-chaxun"])
    given = {"who": "lina", "source": Source.GUIDE, "person": hall.demo.actor("zhangxiao").id}
    arrive(hall, first, 75, **given)
    assert hall.state(late) == "ARRIVED"


def test_nobody_checks_in_for_a_stranger(hall):
    slot = hall.slot()
    booked = hall.book(slot=slot)
    for who in ("moshengren", "wangqiang"):
        with pytest.raises(NotFound):
            arrive(hall, slot, 0, who=who, booking=booked.id)


def test_who_has_an_appointment_is_called_before_who_came_after_its_time(hall):
    slot = hall.slot()
    booked = hall.book(slot=slot)
    hall.at = slot.starts_at - timedelta(minutes=5)
    before = hall.take()
    mine = arrive(hall, slot, -5, booking=booked.id)
    hall.at = slot.starts_at + timedelta(minutes=1)
    after_it = hall.take()
    hall.open()
    assert [hall.serve() for _ in range(3)] == [mine.number, before.number, after_it.number]
