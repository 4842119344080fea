"""报到: who has an appointment comes, and gets a number of its class."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from yichuang.core.actors import Actor
from yichuang.core.clock import local_date
from yichuang.core.faults import point
from yichuang.core.refusals import NotFound, Reason, Refused, refuse_all
from yichuang.core.said import moment_said
from yichuang.network import queries as network
from yichuang.visits import keeping, messages
from yichuang.visits.booking_states import BookingMove, BookingState
from yichuang.visits.commands.booking.making import record
from yichuang.visits.commands.tickets import check_one_each, closed_faults
from yichuang.visits.giving import give, taken
from yichuang.visits.halls import lock_day
from yichuang.visits.models import Booking
from yichuang.visits.permissions import can_hold_here
from yichuang.visits.places import count_open, lock_booking, move_on
from yichuang.visits.rules import order
from yichuang.visits.values import Source, Taken, TicketClass
from yichuang.visits.values.booking import BookingKind


@transaction.atomic
def check_in(
    *,
    actor: Actor,
    place: UUID,
    source: Source,
    key: str,
    booking: UUID | None = None,
    person: UUID | None = None,
    at: datetime,
) -> Taken:
    """The number of somebody who comes to an appointment: the named one, or the person's next one of today at the place.

    From a quarter of an hour before the slot to a quarter after it is a number of its class, later an ordinary one.
    Checked in again it is the same number. By the person, staff of the hall, or a machine of the hall that has
    read the document of `person`. NotFound for everybody else; Refused with every reason (another day or hall, too early).
    """
    found = _find(place, booking, person, at)
    if not can_hold_here(actor, found.booker_id, found.place_id, found.items, read=person):
        raise NotFound(messages.BOOKING)
    booker, row = lock_booking(found.id)
    if row.state == BookingState.ARRIVED.value and row.ticket is not None:
        return taken(row.ticket)
    refuse_all(_faults(row, place, at), kind="conflict")
    move_on(row, BookingMove.CHECK_IN)
    slot = row.slot
    in_time = order.keeps_its_slot(slot.starts_at, at)
    if source is Source.PHONE:
        check_one_each(place, row.booker_id, at)
    point("check_in.before_ticket")
    given = give(
        lock_day(place, at),
        slot.queue,
        of=TicketClass.BOOKED if in_time else TicketClass.ORDINARY,
        source=source,
        key=f"{key}:{row.id}"[:80],
        person=row.booker_id,
        items=row.items,
        slot=slot.starts_at if in_time else None,
        at=at,
    )
    row.ticket_id, row.changed_at = given.ticket, at
    row.save(update_fields=["state", "ticket", "changed_at"])
    count_open(booker, -1)
    record(row, actor, "check-in", at)
    keeping.arrived(row, local_date(at), actor, at)
    return given


def _find(place: UUID, booking: UUID | None, person: UUID | None, at: datetime) -> Booking:
    """The named appointment; or the person's of today at the place: what is not too early before what is, then the nearest.
    One that arrived counts too, so that whoever presses again gets the same number."""
    rows = Booking.objects.select_related("slot")
    if booking is not None:
        row = rows.filter(id=booking).first()
        if row is None:
            raise NotFound(messages.BOOKING)
        return row
    open_ones = [BookingState.BOOKED.value, BookingState.ARRIVED.value]
    today = rows.filter(
        booker=person, place=place, day=local_date(at), state__in=open_ones, slot__kind=BookingKind.HALL.value
    )
    mine = list(today.order_by("id")) if person is not None else []
    if not mine:
        raise Refused(Reason("NO_BOOKING_TODAY", messages.NO_BOOKING_TODAY), kind="missing")

    def turn(one: Booking) -> tuple[bool, timedelta, bool]:
        starts = one.slot.starts_at
        return at < order.check_in_from(starts), abs(starts - at), one.state != BookingState.BOOKED.value

    return min(mine, key=turn)


def _faults(row: Booking, place: UUID, at: datetime) -> list[Reason]:
    slot, found = row.slot, []
    when = moment_said(slot.starts_at)
    if slot.kind != BookingKind.HALL.value:
        return [Reason("ONLY_AT_HALL", messages.ONLY_AT_HALL)]
    if row.place_id != place:
        there = network.get_place_by_id(row.place_id).name
        found.append(Reason("WRONG_HALL", messages.WRONG_HALL.format(place=there), "/place"))
    if slot.day != local_date(at):
        found.append(Reason("NOT_TODAY", messages.NOT_TODAY.format(at=when)))
    elif at < order.check_in_from(slot.starts_at):
        found.append(Reason("TOO_EARLY", messages.TOO_EARLY.format(at=when)))
    elif not order.keeps_its_slot(slot.starts_at, at):  # in time it may be before the doors open
        found += closed_faults(place, slot.queue_id, at)
    return found
