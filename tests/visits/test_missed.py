"""Who does not come: counted, limited, excused; reminders before; visits and talks put on record, or nobody's fault."""

from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from tests.visits.booked import ITEM, BookedHall

from yichuang.cases.models import Encounter
from yichuang.core.clock import fixed, local_date
from yichuang.core.refusals import NotFound, Refused
from yichuang.core.words import W
from yichuang.network.commands.places import set_special_day
from yichuang.notices.models import Message
from yichuang.visits import queries as visits
from yichuang.visits.commands.booking import (
    assign_helper,
    book,
    cancel_booking,
    carry_out,
    check_in,
    excuse_booking,
    miss_booking,
    move_booking,
)
from yichuang.visits.jobs import mind_bookings, publish, remind
from yichuang.visits.models import Booker, Booking, Slot
from yichuang.visits.values import BookingKind, Source

HOME = BookingKind.HOME


@pytest.fixture
def hall(demo):
    return BookedHall.open_to(demo)


def codes(refused) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def told(person) -> list[str]:
    return list(Message.objects.filter(party=person).order_by("id").values_list("template", flat=True))


def night_after(hall, slot) -> None:
    """Every job of the night after the day of the slot."""
    hall.at = slot.starts_at + timedelta(days=1)
    with fixed(hall.at):
        mind_bookings()
        mind_bookings()


def missed_days(hall, *days: int) -> None:
    """Appointments of 张晓 so many days ago, not kept."""
    slot, person = hall.slot(), hall.demo.actor("zhangxiao").id
    Booker.objects.get_or_create(person_id=person)
    for ago in days:
        Booking.objects.create(
            number=uuid4().hex[:9], slot=slot, place_id=hall.place, booker_id=person, day=local_date(hall.at) - timedelta(days=ago),
            item=ITEM, items=[ITEM], channel="portal", key=uuid4().hex, state="MISSED", made_at=hall.at, changed_at=hall.at,
        )  # fmt: skip


def test_who_did_not_come_is_told_and_counted_and_the_third_time_pauses(hall):
    missed_days(hall, 80, 10)
    slot, zhang = hall.slot(), hall.demo.actor("zhangxiao")
    booked = hall.book(slot=slot)
    night_after(hall, slot)
    assert hall.state(booked) == "MISSED"
    standing = visits.standing_of(zhang.id, at=hall.at)
    assert (standing.open, standing.missed) == (0, 3)
    assert standing.paused_until == slot.day + timedelta(days=30)
    assert told(zhang.id) == ["booking_made", "booking_paused"]
    with pytest.raises(Refused) as paused:
        hall.book(slot=hall.slot(days=4))
    assert codes(paused) == ["PAUSED"]


def test_what_was_missed_more_than_ninety_days_ago_is_forgotten(hall):
    missed_days(hall, 100, 10)
    slot, zhang = hall.slot(), hall.demo.actor("zhangxiao")
    hall.book(slot=slot)
    night_after(hall, slot)
    standing = visits.standing_of(zhang.id, at=hall.at)
    assert (standing.missed, standing.paused_until) == (2, None)
    assert told(zhang.id)[-1] == "booking_missed"


def test_the_manager_excuses_and_the_pause_ends(hall):
    missed_days(hall, 80, 10)
    slot = hall.slot()
    booked = hall.book(slot=slot)
    night_after(hall, slot)
    with pytest.raises(Refused) as clerk:
        excuse_booking(actor=hall.clerk, booking=booked.id, reason="住院", at=hall.at)
    assert codes(clerk) == ["NOT_THE_MANAGER"]
    with pytest.raises(Refused) as why:
        excuse_booking(actor=hall.manager, booking=booked.id, reason=" ", at=hall.at)
    assert codes(why) == ["REASON_MISSING"]
    for _ in range(2):
        excuse_booking(actor=hall.manager, booking=booked.id, reason="住院", at=hall.at)
    assert hall.state(booked) == "EXCUSED"
    assert hall.book(slot=hall.slot(days=4))


def test_a_hall_that_was_closed_blames_nobody(hall):
    slot, zhang = hall.slot(), hall.demo.actor("zhangxiao")
    booked = hall.book(slot=slot)
    closed = {"day": slot.day, "spans": [], "reason": W("停电", "No power"), "at": hall.at}
    set_special_day(actor=hall.manager, place=hall.place, **closed)
    night_after(hall, slot)
    assert hall.state(booked) == "LAPSED"
    assert visits.standing_of(zhang.id, at=hall.at).missed == 0


def test_who_came_is_not_missed(hall):
    slot = hall.slot()
    booked = hall.book(slot=slot)
    zhang = hall.demo.actor("zhangxiao")
    check_in(actor=zhang, place=hall.place, source=Source.PHONE, key="a", booking=booked.id, at=slot.starts_at)
    night_after(hall, slot)
    assert hall.state(booked) == "ARRIVED"


def test_reminders_go_out_in_the_evening_before_and_in_the_morning_once_each(hall):
    slot, zhang = hall.slot(days=2), hall.demo.actor("zhangxiao")
    hall.book(slot=slot)
    sent = []
    for hours in (-40, -17, -16, -15, -3, -2.5, -2):  # 18:00 and 19:00 of the day before, 07:00 and after of the day
        with fixed(slot.starts_at + timedelta(hours=hours)):
            remind()
        sent.append(len(told(zhang.id)) - 1)
    assert sent == [0, 0, 1, 1, 1, 2, 2]
    assert told(zhang.id) == ["booking_made", "booking_tomorrow", "booking_today"]


def test_who_has_just_booked_is_not_reminded_of_it_the_same_day(hall):
    slot = hall.slot(days=1)
    hall.book(slot=slot, at=slot.starts_at - timedelta(hours=14))
    with fixed(slot.starts_at - timedelta(hours=13)):
        remind()
    assert told(hall.demo.actor("zhangxiao").id) == ["booking_made"]


def test_every_night_the_slots_of_one_more_day_are_published(hall):
    last = Slot.objects.filter(place=hall.place).order_by("-day").values_list("day", flat=True)[0]
    with fixed(hall.at + timedelta(days=3)):
        publish()
        publish()
    after = set(Slot.objects.filter(place=hall.place, day__gt=last).values_list("day", flat=True).order_by("day"))
    assert after
    assert max(after) == local_date(hall.at) + timedelta(days=14)


# at home and by video


def visit(hall, who="zhangxiao"):
    return hall.book(who, hall.slot(kind=HOME), address="幸福路 1 号")


def test_the_manager_says_who_goes_and_the_person_is_told(hall):
    booked = visit(hall)
    zhang = hall.demo.actor("zhangxiao")
    with pytest.raises(Refused) as stranger:
        assign_helper(actor=hall.manager, booking=booked.id, helper=hall.demo.actor("wangqiang").id, at=hall.at)
    assert codes(stranger) == ["HELPER_UNKNOWN"]
    for _ in range(2):
        assign_helper(actor=hall.manager, booking=booked.id, helper=hall.clerk.id, at=hall.at)
    row = visits.booking_page(zhang, booked.id, at=hall.at).row
    assert (row.helper, row.sequence) == ("李娜", 1)
    assert told(zhang.id) == ["booking_made", "booking_helper"]


def test_a_visit_that_took_place_is_an_encounter(hall):
    booked = visit(hall)
    before = Encounter.objects.count()
    for _ in range(2):
        carry_out(actor=hall.clerk, booking=booked.id, outcome="filed", at=hall.slot(kind=HOME).starts_at)
    assert (hall.state(booked), Encounter.objects.count()) == ("DONE", before + 1)


def test_a_visit_is_the_service_of_who_went_whoever_puts_it_on_record(hall):
    booked, zhou = visit(hall), hall.demo.actor("zhoujie")
    assign_helper(actor=hall.manager, booking=booked.id, helper=zhou.id, at=hall.at)
    carry_out(actor=hall.clerk, booking=booked.id, outcome="filed", at=hall.slot(kind=HOME).starts_at)
    assert Encounter.objects.order_by("-id")[0].staff_id == zhou.id


def test_a_visit_of_another_day_has_not_taken_place(hall):
    booked = visit(hall)
    with pytest.raises(Refused) as refused:
        carry_out(actor=hall.clerk, booking=booked.id, outcome="filed", at=hall.at)
    assert codes(refused) == ["NOT_BEGUN"]
    assert hall.state(booked) == "BOOKED"


def test_a_visit_that_nobody_put_on_record_is_nobodys_fault(hall):
    booked, slot = visit(hall), hall.slot(kind=HOME)
    night_after(hall, slot)
    assert hall.state(booked) == "LAPSED"
    assert visits.standing_of(hall.demo.actor("zhangxiao").id, at=hall.at).missed == 0


def test_nobody_was_there_can_be_said_only_after_the_beginning_and_by_the_hall(hall):
    booked, slot = visit(hall), hall.slot(kind=HOME)
    with pytest.raises(Refused) as early:
        miss_booking(actor=hall.clerk, booking=booked.id, at=slot.starts_at - timedelta(minutes=1))
    assert codes(early) == ["NOT_BEGUN"]
    for stranger in ("wangqiang", "zhangxiao"):
        with pytest.raises(NotFound):
            miss_booking(actor=hall.demo.actor(stranger), booking=booked.id, at=slot.starts_at)
    miss_booking(actor=hall.clerk, booking=booked.id, at=slot.starts_at)
    assert hall.state(booked) == "MISSED"


def test_a_visit_needs_no_check_in(hall):
    booked, slot = visit(hall), hall.slot(kind=HOME)
    zhang = hall.demo.actor("zhangxiao")
    with pytest.raises(Refused) as refused:
        check_in(actor=zhang, place=hall.place, source=Source.PHONE, key="a", booking=booked.id, at=slot.starts_at)
    assert codes(refused) == ["ONLY_AT_HALL"]


# a machine of the hall


def test_a_machine_of_the_hall_checks_in_whose_document_it_read_and_does_nothing_else(hall):
    from yichuang.core.actors import Actor

    slot, zhang = hall.slot(), hall.demo.actor("zhangxiao")
    here = Actor("device", id=uuid4(), place=hall.place, device="kiosk")
    there = Actor("device", id=uuid4(), place=uuid4(), device="kiosk")
    given = {"slot": slot.id, "items": [ITEM], "person": zhang.id, "key": "a", "at": hall.at}
    for machine in (here, there):
        with pytest.raises(Refused) as refused:
            book(actor=machine, **given)
        assert refused.value.kind == "forbidden"
    booked = book(actor=zhang, **given)
    for act in (cancel_booking, partial(move_booking, slot=hall.slot(days=2).id)):
        with pytest.raises(NotFound):
            act(actor=here, booking=booked.id, at=hall.at)
    with pytest.raises(NotFound):
        visits.booking_page(here, booked.id, at=hall.at)
    arrives = {"place": hall.place, "source": Source.KIOSK, "key": "b", "at": slot.starts_at}
    for machine, read in ((here, None), (here, hall.demo.actor("moshengren").id), (there, zhang.id)):
        with pytest.raises(NotFound):
            check_in(actor=machine, booking=booked.id, person=read, **arrives)
    taken = check_in(actor=here, place=hall.place, source=Source.KIOSK, key="b", person=zhang.id, at=slot.starts_at)
    assert (hall.state(booked), taken.number) == ("ARRIVED", "A001")
