"""A hall that will not be open on a day (临时闭厅): nobody new, and everybody who comes is told."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from yichuang.core import ledger
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date
from yichuang.core.ledger import Subject
from yichuang.core.refusals import Reason, Refused
from yichuang.visits import messages
from yichuang.visits.booking_states import BookingState
from yichuang.visits.commands.booking.making import cancel_booking
from yichuang.visits.models import Booking, Slot
from yichuang.visits.permissions import check_can_plan


def cancel_day(*, actor: Actor, place: UUID, day: date, reason: str, at: datetime) -> int:
    """Cancel every appointment of a day that is still open, with a reason that each person reads; how many.

    By the manager. First the day takes nobody new, so that no place is offered again; then one after the other, each for
    itself: pressed again it goes on where it stopped. Refused without a reason, or for a day that has gone by.
    """
    check_can_plan(actor, place)
    if not reason.strip():
        raise Refused(Reason("REASON_MISSING", messages.REASON_MISSING, "/reason"))
    if day < local_date(at):
        raise Refused(Reason("DAY_OVER", messages.SLOT_OVER, "/day"))
    _close(actor, place, day, at)
    count = 0
    open_ones = Booking.objects.filter(place=place, day=day, state=BookingState.BOOKED.value).order_by("id")
    for booking in open_ones.values_list("id", flat=True):
        try:
            cancel_booking(actor=actor, booking=booking, reason=reason, at=at)
        except Refused as refused:
            if refused.kind != "conflict":
                raise
            continue  # they arrived, or moved it, in this moment
        count += 1
    return count


@transaction.atomic
def _close(actor: Actor, place: UUID, day: date, at: datetime) -> None:
    Slot.objects.filter(place=place, day=day).update(planned=0, capacity=F("booked"))
    detail = {"day": day.isoformat()}
    ledger.append(act="close-booking-day", actor=actor, at=at, subject=Subject("place", place), detail=detail)
