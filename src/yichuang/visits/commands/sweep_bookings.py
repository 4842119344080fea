"""What nobody presses: reminders, who did not come, places whose offer or rest ended unseen, lists whose days went by."""

from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from yichuang.core.actors import SYSTEM
from yichuang.core.clock import local, local_date
from yichuang.network import queries as network
from yichuang.visits.booking_states import BookingMove, BookingState
from yichuang.visits.commands.booking.making import record
from yichuang.visits.commands.booking.visiting import missed
from yichuang.visits.keeping import lent
from yichuang.visits.models import Booking, Seat, Waiting
from yichuang.visits.places import DUE, count_open, lock_booking, move_on, settle_place
from yichuang.visits.telling import tell
from yichuang.visits.values.booking import BookingKind, WaitingState

BATCH: Final = 500
EVENING, MORNING = time(18), time(7, 30)
DAY_BEFORE, THAT_DAY = 1, 2


def sweep_bookings(*, at: datetime) -> int:
    """How many appointments of earlier days were closed; reminders go out, and what is due of places and lists is done."""
    today = local_date(at)
    open_ones = Booking.objects.filter(state=BookingState.BOOKED.value, day__lt=today)
    open_ones = open_ones.exclude(lent()).order_by("day", "id")  # the node has not told yet who came
    closed = sum(_close(id, at) for id in open_ones.values_list("id", flat=True)[:BATCH])
    for seat in (
        Seat.objects.filter(state__in=DUE, until__lte=at).order_by("until", "id").values_list("id", flat=True)[:BATCH]
    ):
        settle_place(seat=seat, at=at)
    Waiting.objects.filter(state=WaitingState.WAITING.value, last__lt=today).update(state=WaitingState.OVER.value)
    return closed


@transaction.atomic
def _close(booking: UUID, at: datetime) -> int:
    """Did not come; unless the hall was closed then, or it was a visit of ours that nobody put on record: nobody's fault."""
    booker, row = lock_booking(booking)
    if row.state != BookingState.BOOKED.value:
        return 0
    at_hall = row.slot.kind == BookingKind.HALL.value
    if at_hall and network.is_open(row.place_id, row.slot.starts_at):
        missed(booker, row, SYSTEM, at)
        return 1
    move_on(row, BookingMove.LAPSE)
    row.changed_at = at
    row.save(update_fields=["state", "changed_at"])
    count_open(booker, -1)
    record(row, SYSTEM, "lapse-booking", at)
    return 1


def remind_bookings(*, at: datetime) -> int:
    """How many were reminded: in the evening of the day before, and in the morning of the day."""
    here, today, done = local(at).time(), local_date(at), 0
    if here >= EVENING:
        done += _remind(today + timedelta(days=1), DAY_BEFORE, "booking_tomorrow", at)
    if here >= MORNING:
        done += _remind(today, THAT_DAY, "booking_today", at)
    return done


def _remind(day: date, mark: int, template: str, at: datetime) -> int:
    rows = Booking.objects.filter(
        day=day, state=BookingState.BOOKED.value, reminded__lt=mark, slot__starts_at__gt=at
    ).order_by("slot__starts_at", "id")
    return sum(_remind_one(id, mark, template, at) for id in rows.values_list("id", flat=True)[:BATCH])


@transaction.atomic
def _remind_one(booking: UUID, mark: int, template: str, at: datetime) -> int:
    _, row = lock_booking(booking)
    if row.state != BookingState.BOOKED.value or row.reminded >= mark:
        return 0
    made_today = local_date(row.changed_at) == local_date(at)
    row.reminded = mark
    row.save(update_fields=["reminded"])
    if made_today:
        return 0  # they have just booked or moved it: the message of that says the same
    tell(row, template, at=at)
    return 1
