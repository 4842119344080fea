"""候补: who finds no slot, or a late one, is asked first when a place is given back."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from yichuang.core import ledger
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date
from yichuang.core.faults import point
from yichuang.core.ledger import Subject
from yichuang.core.refusals import Conflict, NotFound, Reason, refuse_all
from yichuang.core.said import day_said
from yichuang.visits import messages
from yichuang.visits.booking_states import BookingMove, BookingState
from yichuang.visits.commands.booking.making import check_may, item_faults, key_of, put_in, write_booking
from yichuang.visits.models import Booker, Booking, Queue, Seat, Slot, Waiting
from yichuang.visits.permissions import can_hold
from yichuang.visits.places import (
    OPEN_WAITS,
    give_back,
    held_by,
    lock_booker,
    lock_booking,
    move_on,
    open_waits,
    pass_on,
    wish_of,
)
from yichuang.visits.planned import group_for
from yichuang.visits.rules import booking as rules
from yichuang.visits.values.booking import MOST_DAYS_AHEAD, Booked, BookingKind, SeatState, WaitingState

MOST: Final = 3
FARTHEST: Final = timedelta(days=MOST_DAYS_AHEAD)


@transaction.atomic
def join_waiting_list(
    *,
    actor: Actor,
    place: UUID,
    items: Sequence[str],
    person: UUID,
    kind: BookingKind,
    first: date,
    last: date,
    booking: UUID | None = None,
    address: str = "",
    at: datetime,
) -> UUID:
    """Wait for a slot on one of these days, or (`booking`, with its items) for one before an appointment that is kept so long.

    Refused with every reason: days out of reach, on the list already, three lists, a hall that does not book it.
    """
    kept = _kept(booking, person, place, kind)
    wanted = tuple(kept.items) if kept else tuple(dict.fromkeys(items))
    check_may(actor, person, place, wanted)
    booker = lock_booker(person)
    queue = group_for(place, wanted)
    where = kept.address if kept else address.strip()
    found = _faults(booker, queue, kind, first, last, where, at)
    if queue is not None:
        found += item_faults(queue, place, wanted, at)
    refuse_all(found)
    assert queue is not None
    row = Waiting.objects.create(
        place_id=place,
        queue=queue,
        kind=kind.value,
        booker=booker,
        booking_id=booking,
        items=list(wanted),
        address=where if kind is BookingKind.HOME else "",
        made_by_id=actor.id if actor.kind == "person" and actor.id != person else None,
        first=first,
        last=last,
        joined_at=at,
    )
    _record(row, actor, "join-waiting-list", at)
    return row.id


def _kept(booking: UUID | None, person: UUID, place: UUID, kind: BookingKind) -> Booking | None:
    """The person's appointment that an earlier slot would replace. Raises NotFound for one that is not theirs or not open."""
    if booking is None:
        return None
    mine = Booking.objects.filter(booker=person, place=place, state=BookingState.BOOKED.value, slot__kind=kind.value)
    row = mine.filter(id=booking).first()
    if row is None:
        raise NotFound(messages.BOOKING)
    return row


def _faults(
    booker: Booker, queue: Queue | None, kind: BookingKind, first: date, last: date, address: str, at: datetime
) -> list[Reason]:
    today, found = local_date(at), []
    farthest = today + FARTHEST
    if not today <= first <= last <= farthest:
        found.append(
            Reason("WAIT_RANGE", messages.WAIT_RANGE.format(first=day_said(today), last=day_said(farthest)), "/first")
        )
    if queue is None:
        found.append(Reason("HALL_DOES_NOT_BOOK", messages.HALL_DOES_NOT_BOOK, "/place"))
    if kind is BookingKind.HOME and not address:
        found.append(Reason("ADDRESS_MISSING", messages.ADDRESS_MISSING, "/address"))
    mine = list(open_waits(Waiting.objects.filter(booker=booker)).order_by("id"))
    if queue is not None and any(row.queue_id == queue.id and row.kind == kind.value for row in mine):
        found.append(Reason("WAITS_ALREADY", messages.WAITS_ALREADY))
    if len(mine) >= MOST:
        found.append(Reason("TOO_MANY_WAITS", messages.TOO_MANY_WAITS.format(n=MOST)))
    if booker.paused_until is not None and today <= booker.paused_until:
        found.append(Reason("PAUSED", messages.PAUSED.format(until=f"{booker.paused_until:%Y-%m-%d}")))
    return found


@transaction.atomic
def confirm_offer(*, actor: Actor, waiting: UUID, at: datetime) -> Booked:
    """Take the place that is kept: a new appointment, or the earlier slot of the one that was kept until now.

    Pressed twice it is the same appointment. Conflict OFFER_OVER after the deadline.
    """
    booker, seat, row = _locked(actor, waiting)
    if row.state == WaitingState.TAKEN.value and row.booking is not None:
        return Booked(row.booking.number, row.booking.id)
    closed = seat is not None and seat.slot.planned == 0  # the hall takes nobody then any more (cancel_day)
    if seat is None or closed or row.state != WaitingState.OFFERED.value or seat.until <= at:
        raise Conflict(Reason("OFFER_OVER", messages.OFFER_OVER))
    slot, old = seat.slot, row.booking
    wish, items = wish_of(slot, tuple(row.items), row.address), tuple(row.items)
    refuse_all(rules.faults(wish, held_by(booker, slot.day), at, instead_of=old.slot.starts_at if old else None))
    seat.state = SeatState.TAKEN.value
    seat.save(update_fields=["state"])
    point("confirm_offer.after_place")
    if old is None:
        booked = write_booking(
            actor, slot, booker, items, key=key_of(actor, f"offer:{row.id}"), address=row.address, at=at
        )
    else:
        booked = _earlier(actor, old, slot, at)
    row.state, row.booking_id = WaitingState.TAKEN.value, booked.id
    row.save(update_fields=["state", "booking"])
    return booked


def _earlier(actor: Actor, booking: Booking, slot: Slot, at: datetime) -> Booked:
    """The kept appointment moves to the earlier slot, and its own place is given back."""
    left = booking.slot
    move_on(booking, BookingMove.MOVE)
    put_in(booking, slot, actor, at)
    give_back(left, at)
    return Booked(booking.number, booking.id)


@transaction.atomic
def leave_waiting_list(*, actor: Actor, waiting: UUID, at: datetime) -> None:
    """No longer on the list; what was kept for them goes to the next at once. Pressed twice it stays so."""
    _, seat, row = _locked(actor, waiting)
    if row.state not in OPEN_WAITS:
        return
    row.state = WaitingState.LEFT.value
    row.save(update_fields=["state"])
    _record(row, actor, "leave-waiting-list", at)
    if seat is not None:
        pass_on(seat, at, after_entry=row)


def _locked(actor: Actor, waiting: UUID) -> tuple[Booker, Seat | None, Waiting]:
    """The document, the place that is kept for it, its entry: in the order of locks. Raises NotFound for everybody else."""
    known = Waiting.objects.filter(id=waiting).first()
    if known is None or not can_hold(actor, known.booker_id, known.place_id, known.items):
        raise NotFound(messages.WAITING_ENTRY)
    if known.booking_id is not None:
        booker, _ = lock_booking(known.booking_id)
    else:
        booker = lock_booker(known.booker_id)
    offered = Seat.objects.filter(waiting=waiting, state=SeatState.OFFERED.value).values_list("id", flat=True).first()
    seat = None
    if offered is not None:
        seat = Seat.objects.select_for_update(of=("self",)).select_related("slot", "slot__queue").get(id=offered)
        if seat.waiting_id != waiting or seat.state != SeatState.OFFERED.value:
            seat = None  # it went to the next one meanwhile
    row = Waiting.objects.select_for_update(of=("self",)).get(id=waiting)
    return booker, seat, row


def _record(row: Waiting, actor: Actor, act: str, at: datetime) -> None:
    detail = {"first": row.first.isoformat(), "last": row.last.isoformat(), "kind": row.kind}
    ledger.append(act=act, actor=actor, at=at, subject=Subject("waiting", row.id), detail=detail)
