"""候补: what is given back goes to who waits, one after the other, and only then to everybody."""

from datetime import timedelta

import pytest
from tests.visits.booked import ITEM, BookedHall, counted

from yichuang.core.clock import local_date
from yichuang.core.refusals import Conflict, NotFound, Refused
from yichuang.notices.models import Message
from yichuang.visits import queries as visits
from yichuang.visits.commands.booking import cancel_booking, confirm_offer, join_waiting_list, leave_waiting_list
from yichuang.visits.models import Booker, Booking, Seat
from yichuang.visits.places import settle_place
from yichuang.visits.rules.booking import MOST_OPEN
from yichuang.visits.values import BookingKind


@pytest.fixture
def hall(demo):
    return BookedHall.open_to(demo)


@pytest.fixture
def full(hall):
    """Tomorrow at ten is full; two wait for it, 莫生人 first."""
    hall.full = hall.slot()
    hall.first, hall.second = hall.book("zhangxiao", hall.full), hall.book("maimaiti", hall.full)
    return hall


def wait(hall, who, **more):
    actor, day = hall.demo.actor(who), local_date(hall.at) + timedelta(days=1)
    hall.later(1)
    given = {"items": [ITEM], "person": actor.id, "kind": BookingKind.HALL, "first": day, "last": day, **more}
    return join_waiting_list(actor=actor, place=hall.place, at=hall.at, **given)


def codes(refused) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def states(hall, who):
    return [(row.state, bool(row.slot)) for row in visits.my_waits(hall.demo.actor(who), at=hall.at)]


def test_what_is_given_back_is_offered_to_the_first_who_waits_and_is_nobody_elses(full):
    entry = wait(full, "moshengren")
    full.cancel(full.first)
    assert states(full, "moshengren") == [("OFFERED", True)]
    with pytest.raises(Conflict):
        full.book("lina", full.full, person=full.demo.actor("zhangxiao").id)
    booked = confirm_offer(actor=full.demo.actor("moshengren"), waiting=entry, at=full.at)
    assert confirm_offer(actor=full.demo.actor("moshengren"), waiting=entry, at=full.at) == booked
    assert Booking.objects.get(id=booked.id).slot_id == full.full.id
    assert counted(full.full.id) == (2, 2)
    assert states(full, "moshengren") == []
    stranger = full.demo.actor("moshengren").id
    assert Message.objects.filter(party=stranger, template="place_offered").count() == 1


def test_an_offer_that_nobody_takes_goes_to_the_next_and_then_rests(full):
    late = wait(full, "moshengren")
    wait(full, "lina", person=full.demo.actor("zhangxiao").id)
    full.cancel(full.second, "maimaiti")
    seat = Seat.objects.get(state="OFFERED")
    assert seat.waiting_id == late
    full.at = seat.until
    assert settle_place(seat=seat.id, at=full.at)
    assert states(full, "zhangxiao") == [("OFFERED", True)]
    assert states(full, "moshengren") == [("WAITING", False)]
    with pytest.raises(Conflict) as over:
        confirm_offer(actor=full.demo.actor("moshengren"), waiting=late, at=full.at)
    assert codes(over) == ["OFFER_OVER"]
    seat.refresh_from_db()
    full.at = seat.until
    settle_place(seat=seat.id, at=full.at)
    seat.refresh_from_db()
    assert seat.state == "RESTING"
    settle_place(seat=seat.id, at=seat.until)
    assert counted(full.full.id) == (1, 1)


def test_who_leaves_the_list_passes_the_offer_on_at_once(full):
    first = wait(full, "moshengren")
    wait(full, "lina", person=full.demo.actor("zhangxiao").id)
    full.cancel(full.second, "maimaiti")
    leave_waiting_list(actor=full.demo.actor("moshengren"), waiting=first, at=full.at)
    leave_waiting_list(actor=full.demo.actor("moshengren"), waiting=first, at=full.at)
    assert states(full, "zhangxiao") == [("OFFERED", True)]
    assert counted(full.full.id) == (2, 2)


def test_who_has_a_late_appointment_is_offered_an_earlier_one_and_gives_the_late_one_back(full):
    later = full.slot(hour=15)
    late = full.book("moshengren", later)
    entry = wait(full, "moshengren", booking=late.id)
    full.cancel(full.first)
    booked = confirm_offer(actor=full.demo.actor("moshengren"), waiting=entry, at=full.at)
    assert booked == late
    assert Booking.objects.get(id=late.id).slot_id == full.full.id
    assert counted(full.full.id) == (2, 2)
    assert Seat.objects.filter(slot=later, state="RESTING").count() == 1


def test_who_is_paused_or_has_all_the_appointments_one_may_have_is_passed_until_they_may_book_again(full):
    """A place was kept half an hour for somebody who could not take it, while others waited behind them."""
    wait(full, "moshengren")
    wait(full, "lina", person=full.demo.actor("zhangxiao").id)
    stranger = Booker.objects.filter(person=full.demo.actor("moshengren").id)
    stranger.update(paused_until=local_date(full.at))
    full.cancel(full.second, "maimaiti")
    assert states(full, "moshengren") == [("WAITING", False)]
    assert states(full, "zhangxiao") == [("OFFERED", True)]
    stranger.update(paused_until=local_date(full.at) - timedelta(days=1), open=MOST_OPEN)
    full.at = Seat.objects.get(state="OFFERED").until
    settle_place(seat=Seat.objects.get().id, at=full.at)
    assert states(full, "moshengren") == [("WAITING", False)]
    stranger.update(open=0)
    full.cancel(full.first)
    assert states(full, "moshengren") == [("OFFERED", True)]


def test_no_later_slot_is_offered_instead_of_an_earlier_one(full):
    early = full.book("moshengren", full.slot(hour=9.5))
    wait(full, "moshengren", booking=early.id)
    full.cancel(full.first)
    assert states(full, "moshengren") == [("WAITING", False)]


def test_an_entry_for_an_earlier_slot_ends_with_its_appointment(full):
    late = full.book("moshengren", full.slot(hour=15))
    wait(full, "moshengren", booking=late.id)
    full.cancel(late, "moshengren")
    assert states(full, "moshengren") == []
    assert wait(full, "moshengren")  # and it does not stand in the way of another


def test_nobody_waits_for_a_stranger_or_takes_what_is_kept_for_another(full):
    entry = wait(full, "moshengren")
    full.cancel(full.first)
    zhang = full.demo.actor("zhangxiao")
    for do in (confirm_offer, leave_waiting_list):
        with pytest.raises(NotFound):
            do(actor=zhang, waiting=entry, at=full.at)
    with pytest.raises(Refused) as stranger:
        wait(full, "zhangxiao", person=full.demo.actor("moshengren").id)
    assert stranger.value.kind == "forbidden"
    with pytest.raises(NotFound):
        wait(full, "zhangxiao", booking=full.second.id)


def test_one_waits_once_for_a_group_and_for_days_within_reach(full):
    wait(full, "moshengren")
    with pytest.raises(Refused) as again:
        wait(full, "moshengren", last=local_date(full.at) + timedelta(days=16))
    assert codes(again) == ["WAIT_RANGE", "WAITS_ALREADY"]


def test_who_already_has_the_item_that_day_is_told_so_when_they_confirm(full):
    entry = wait(full, "moshengren")
    full.book("moshengren", full.slot(hour=15))
    full.cancel(full.first)
    with pytest.raises(Refused) as refused:
        confirm_offer(actor=full.demo.actor("moshengren"), waiting=entry, at=full.at)
    assert codes(refused) == ["ONCE_A_DAY"]


def test_the_hall_that_cancels_gives_the_place_to_who_waits_too(full):
    wait(full, "moshengren")
    cancel_booking(actor=full.clerk, booking=full.first.id, reason="本人来电", at=full.at)
    assert states(full, "moshengren") == [("OFFERED", True)]
