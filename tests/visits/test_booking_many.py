"""Never one too many: many at once in real threads, and long mixed days of booking, moving, giving back and waiting."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from tests.visits.booked import ITEM, BookedHall, counted

from yichuang.core import chance
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date
from yichuang.core.refusals import Refused
from yichuang.people import queries as people
from yichuang.visits import queries as visits
from yichuang.visits.commands.booking import (
    book,
    cancel_booking,
    confirm_offer,
    join_waiting_list,
    leave_waiting_list,
    move_booking,
)
from yichuang.visits.models import Booker, Booking, Seat, Slot
from yichuang.visits.places import settle_place
from yichuang.visits.values import BookingKind, GroupPlan

AT_ONCE = 8


def crowd(count: int) -> list[Actor]:
    """So many people of the demo, each as who is signed in."""
    return [Actor("person", id=row.id) for row in people.list_demo_parties()[:count]]


@pytest.mark.django_db(transaction=True)
def test_many_who_press_at_once_get_exactly_what_there_is(demo: Any) -> None:
    hall = BookedHall.open_to(demo, days=2, plan=GroupPlan((6, 6, 6), (0, 0, 0), 15))
    slot = hall.slot()
    assert slot.capacity == 7
    outcomes = at_once(
        [
            lambda who=who: book(actor=who, slot=slot.id, items=[ITEM], person=who.id, key="press", at=hall.at)
            for who in crowd(40)
            for _ in range(2)  # everybody presses twice
        ]
    )
    numbers = {one.number for one in outcomes if not isinstance(one, str)}
    assert len(numbers) == 7
    assert {one for one in outcomes if isinstance(one, str)} == {"SLOT_FULL"}
    assert counted(slot.id) == (7, 7)
    assert Booker.objects.filter(open=1).count() == 7


@pytest.mark.django_db(transaction=True)
def test_one_document_that_presses_everywhere_at_once_gets_three(demo: Any) -> None:
    hall = BookedHall.open_to(demo)
    me = demo.actor("zhangxiao")
    slots = [hall.slot(days, hour) for days in (1, 2, 3, 6) for hour in (9, 10, 14)]
    outcomes = at_once(
        [
            lambda slot=slot: book(actor=me, slot=slot.id, items=[ITEM], person=me.id, key=uuid4().hex, at=hall.at)
            for slot in slots
        ]
    )
    assert sum(not isinstance(one, str) for one in outcomes) == 3
    assert visits.standing_of(me.id, at=hall.at).open == 3
    days = list(Booking.objects.order_by("day").values_list("day", flat=True).filter(booker=me.id))
    assert len(days) == len(set(days)) == 3
    assert sum(counted(slot.id)[0] for slot in slots) == 3


@pytest.mark.django_db(transaction=True)
def test_two_who_swap_their_slots_at_once_do_not_wait_for_each_other_for_ever(demo: Any) -> None:
    hall = BookedHall.open_to(demo)
    left, right = hall.slot(), hall.slot(days=2)
    one, two = hall.book("zhangxiao", left), hall.book("maimaiti", right)
    moves = [("zhangxiao", one, right), ("maimaiti", two, left)]
    outcomes = at_once(
        [
            lambda who=who, booked=booked, slot=slot: move_booking(
                actor=demo.actor(who), booking=booked.id, slot=slot.id, at=hall.at
            )
            for who, booked, slot in moves
        ]
    )
    assert [isinstance(outcome, str) for outcome in outcomes] == [False, False]
    assert [counted(slot.id) for slot in (left, right)] == [(2, 2), (2, 2)]  # each: who came, and a place that rests


def at_once(acts: list[Callable[[], Any]]) -> list[Any]:
    """What each came to; of a refusal the first code."""

    def do(act: Callable[[], Any]) -> Any:
        try:
            return act()
        except Refused as refused:
            return refused.reasons[0].code
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(do, acts))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_through_long_mixed_days_every_slot_counts_exactly_what_is_held(demo: Any, seed: int) -> None:
    """Whatever is pressed in whatever order: never over the capacity, and no place is lost or given twice."""
    hall, dice = BookedHall.open_to(demo, days=3), random.Random(seed)
    slots = [hall.slot(days, hour) for days in (1, 2) for hour in (9, 9.5, 10)]
    day = Day(hall, crowd(9), [slot.id for slot in slots], dice)
    with chance.seeded(seed):
        for _ in range(120):
            day.step()
            for slot in slots:
                said, held = counted(slot.id)
                assert said == held <= Slot.objects.get(id=slot.id).capacity
    for booker in Booker.objects.order_by("person"):
        assert booker.open == Booking.objects.filter(booker=booker, state="BOOKED").count() <= 3
    assert day.done > 40  # else it looked at nothing


class Day:
    """Somebody presses something, again and again."""

    def __init__(self, hall: BookedHall, people: list[Actor], slots: list[UUID], dice: random.Random) -> None:
        self.hall, self.people, self.slots, self.dice, self.done = hall, people, slots, dice, 0

    def step(self) -> None:
        self.hall.later(self.dice.choice([0.5, 5, 31]))
        who = self.dice.choice(self.people)
        act = self.dice.choice([self.book, self.book, self.move, self.cancel, self.wait, self.answer, self.settle])
        try:
            act(who)
        except Refused:
            return
        self.done += 1

    def book(self, who: Actor) -> None:
        assert who.id is not None
        slot = self.dice.choice(self.slots)
        book(actor=who, slot=slot, items=[ITEM], person=who.id, key=uuid4().hex, at=self.hall.at)

    def _mine(self, who: Actor) -> UUID | None:
        rows = [row.id for row in visits.my_bookings(who, at=self.hall.at) if row.state == "BOOKED"]
        return self.dice.choice(rows) if rows else None

    def move(self, who: Actor) -> None:
        if mine := self._mine(who):
            move_booking(actor=who, booking=mine, slot=self.dice.choice(self.slots), at=self.hall.at)

    def cancel(self, who: Actor) -> None:
        if mine := self._mine(who):
            cancel_booking(actor=who, booking=mine, at=self.hall.at)

    def wait(self, who: Actor) -> None:
        assert who.id is not None
        first = local_date(self.hall.at)
        given = {"first": first, "last": first + timedelta(days=3), "at": self.hall.at, "booking": self._mine(who)}
        join_waiting_list(actor=who, place=self.hall.place, items=[ITEM], person=who.id, kind=BookingKind.HALL, **given)

    def answer(self, who: Actor) -> None:
        for row in visits.my_waits(who, at=self.hall.at):
            act = confirm_offer if row.slot else leave_waiting_list
            act(actor=who, waiting=row.id, at=self.hall.at)

    def settle(self, who: Actor) -> None:
        due = Seat.objects.filter(state__in=["OFFERED", "RESTING"], until__lte=self.hall.at).order_by("until", "id")
        for seat in due.values_list("id", flat=True):
            settle_place(seat=seat, at=self.hall.at)
