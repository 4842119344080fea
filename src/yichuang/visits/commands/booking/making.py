"""Making, moving and cancelling an appointment."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, QuerySet

from yichuang.catalog import queries as catalog
from yichuang.core import ledger
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date
from yichuang.core.compiled import build, compiled, insert
from yichuang.core.events import publish
from yichuang.core.faults import point
from yichuang.core.ids import new_id
from yichuang.core.ledger import Subject
from yichuang.core.refusals import Conflict, NotFound, Reason, Refused, refuse_all
from yichuang.network import queries as network
from yichuang.people import queries as people
from yichuang.visits import messages
from yichuang.visits.booking_states import BookingMove, BookingState
from yichuang.visits.events import BookingMade
from yichuang.visits.giving import takes
from yichuang.visits.models import Booker, Booking, Queue, Slot
from yichuang.visits.permissions import can_guide, can_hold_here, check_can_guide
from yichuang.visits.places import (
    count_open,
    get_slot,
    give_back,
    held_by,
    lock_booker,
    lock_booking,
    move_on,
    take_place,
    wish_of,
)
from yichuang.visits.rules import booking as rules
from yichuang.visits.telling import tell
from yichuang.visits.values.booking import Booked, BookingKind

SIGNS: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
FULL = Reason("SLOT_FULL", messages.SLOT_FULL, "/slot")


def book(
    *,
    actor: Actor,
    slot: UUID,
    items: Sequence[str],
    person: UUID,
    key: str,
    address: str = "",
    read: UUID | None = None,
    at: datetime,
) -> Booked:
    """An appointment of a person: by themselves, by who stands for them, by staff of the hall, or by a machine of the hall
    that has read the document of `read`.

    `key`: pressed twice it is the same one. `address`: of a home visit, sealed. Refused with every reason (limits of the
    document, the slot, the items); Conflict SLOT_FULL when somebody was faster, before anything else is asked.
    """
    press = key_of(actor, key)
    if _gone.first(slot, press) is not None:
        raise Conflict(FULL)  # at the second of a release thousands learn this: in one statement, waiting for nobody
    return _book(actor, slot, tuple(dict.fromkeys(items)), person, press, address, read, at)


@compiled
def _gone(slot: UUID, press: str) -> QuerySet[Slot, UUID]:
    """The slot, when all its places are taken and this press has none of them."""
    full = Slot.objects.filter(id=slot, booked__gte=F("capacity"))
    return full.exclude(Exists(Booking.objects.filter(key=press))).values_list("id", flat=True)


@compiled
def _pressed(press: str) -> QuerySet[Booking, tuple[str, UUID]]:
    """The appointment that this press has made already."""
    return Booking.objects.filter(key=press).values_list("number", "id")


@transaction.atomic
def _book(
    actor: Actor,
    slot: UUID,
    wanted: tuple[str, ...],
    person: UUID,
    press: str,
    address: str,
    read: UUID | None,
    at: datetime,
) -> Booked:
    where = get_slot(slot)
    check_may(actor, person, where.place_id, wanted, read)
    booker = lock_booker(person)
    kept = _pressed.first(press)
    if kept is not None:
        return Booked(*kept)
    wish = wish_of(where, wanted, address)
    refuse_all(
        [*rules.faults(wish, held_by(booker, where.day), at), *item_faults(where.queue, where.place_id, wanted, at)]
    )
    point("book.before_place")
    if not take_place(where.id):
        raise Conflict(FULL)
    point("book.after_place")
    return write_booking(
        actor, where, booker, wanted, key=press, address=address if where.kind == BookingKind.HOME.value else "", at=at
    )


def write_booking(
    actor: Actor, slot: Slot, booker: Booker, items: Sequence[str], *, key: str, address: str, at: datetime
) -> Booked:
    """The appointment in a place that is the document's already; told, on record."""
    row = keep_booking(actor, slot, booker, items, key=key, address=address, at=at)
    tell(row, "booking_made", at=at)
    point("book.after_write")
    return Booked(row.number, row.id)


def keep_booking(
    actor: Actor, slot: Slot, booker: Booker, items: Sequence[str], *, key: str, address: str = "", at: datetime
) -> Booking:
    """The row, the count of the document, the entry of the ledger; nobody is told."""
    row = build(
        Booking,
        id=new_id(),
        number=new_number(),
        slot_id=slot.id,
        place_id=slot.place_id,
        day=slot.day,
        booker_id=booker.person_id,
        item=items[0] if items else "",
        items=list(items),
        address=address.strip(),
        made_by_id=actor.id if actor.kind == "person" and actor.id != booker.person_id else None,
        staff_id=actor.id if actor.is_staff else None,
        channel=actor.channel.value,
        key=key,
        made_at=at,
        changed_at=at,
    )
    insert([row])
    row.slot = slot
    count_open(booker, 1)
    record(row, actor, "book", at)
    publish(BookingMade(booking=row.id, place=slot.place_id, at=at))
    return row


@transaction.atomic
def move_booking(*, actor: Actor, booking: UUID, slot: UUID, read: UUID | None = None, at: datetime) -> Booked:
    """改期: to another slot of the same kind that takes the same items; the old place is given back.

    The person until two hours before, staff of the hall until it began. The same slot again changes nothing. `read`: as for
    `book`; a machine moves within its hall.
    """
    booker, row = lock_booking(booking)
    check_holder(actor, row, read)
    if row.slot_id == slot and row.state == BookingState.BOOKED.value:
        return Booked(row.number, row.id)
    move_on(row, BookingMove.MOVE)
    check_in_time(actor, row, at)
    there, old = get_slot(slot), row.slot
    if not can_hold_here(actor, row.booker_id, there.place_id, row.items, read=read) and not actor.is_staff:
        raise NotFound(messages.SLOT)
    wish = wish_of(there, tuple(row.items), row.address)
    found = rules.faults(wish, held_by(booker, there.day), at, instead_of=old.starts_at)
    if there.kind != old.kind:
        found.append(Reason("OTHER_KIND", messages.OTHER_ITEMS, "/slot"))
    refuse_all([*found, *item_faults(there.queue, there.place_id, row.items, at)])
    if not take_place(there.id):
        raise Conflict(FULL)
    point("move_booking.between")
    put_in(row, there, actor, at)
    give_back(old, at)
    return Booked(row.number, row.id)


def put_in(row: Booking, slot: Slot, actor: Actor, at: datetime) -> None:
    """The appointment is in another slot now; told, on record."""
    row.slot, row.place_id, row.day = slot, slot.place_id, slot.day
    row.sequence, row.changed_at, row.reminded = row.sequence + 1, at, 0
    row.helper, row.helper_name = None, ""
    row.save(
        update_fields=["slot", "place", "day", "sequence", "changed_at", "reminded", "helper", "helper_name", "state"]
    )
    record(row, actor, "move-booking", at)
    tell(row, "booking_moved", at=at)


@transaction.atomic
def cancel_booking(*, actor: Actor, booking: UUID, reason: str = "", read: UUID | None = None, at: datetime) -> None:
    """取消: the person until two hours before; staff of the hall until the day is over, with a reason that the person reads.

    Pressed twice it stays cancelled. The place goes to the waiting list first. `read`: as for `book`.
    """
    booker, row = lock_booking(booking)
    check_holder(actor, row, read)
    if row.state == BookingState.CANCELLED.value:
        return
    by_hall = actor.is_staff
    move_on(row, BookingMove.CANCEL)
    check_in_time(actor, row, at)
    if by_hall and not reason.strip():
        raise Refused(Reason("REASON_MISSING", messages.REASON_MISSING, "/reason"))
    row.reason, row.changed_at, row.sequence = reason.strip()[:500] if by_hall else "", at, row.sequence + 1
    row.save(update_fields=["state", "reason", "changed_at", "sequence"])
    count_open(booker, -1)
    record(row, actor, "cancel-booking", at)
    tell(row, "booking_cancelled_by_hall" if by_hall else "booking_cancelled", at=at)
    point("cancel_booking.before_giving_back")
    give_back(row.slot, at)


def check_may(actor: Actor, person: UUID, place: UUID, items: Sequence[str], read: UUID | None = None) -> None:
    """Refused (403) for staff of elsewhere and for a person that the actor does not stand for. NotFound for nobody."""
    if actor.is_staff:
        check_can_guide(actor, place)
        people.get_party(person)
    elif not can_hold_here(actor, person, place, items, read=read):
        raise Refused(Reason("NOT_YOUR_PERSON", messages.NOT_YOUR_PERSON, "/person"), kind="forbidden")


def check_holder(actor: Actor, booking: Booking, read: UUID | None = None) -> None:
    """For everybody else there is no such appointment."""
    if not can_hold_here(actor, booking.booker_id, booking.place_id, booking.items, read=read):
        raise NotFound(messages.BOOKING)


def check_in_time(actor: Actor, booking: Booking, at: datetime) -> None:
    """Refused TOO_LATE for the person within two hours of the beginning; the hall may always."""
    if at > rules.last_cancel(booking.slot.starts_at) and not can_guide(actor, booking.place_id):
        raise Refused(Reason("TOO_LATE", messages.TOO_LATE), kind="conflict")


def item_faults(queue: Queue, place: UUID, items: Sequence[str], at: datetime) -> list[Reason]:
    """Why the items are not taken there. Raises NotFound for one that nobody offers."""
    if not queue.by_item:
        return []
    if not items:
        return [Reason("NO_ITEM", messages.NO_ITEM, "/items")]
    packs = [catalog.get_pack(item, at=at) for item in items]
    day = local_date(at)
    here = all(network.can_take(place, p.code, p.scope.area, department=p.department, on=day) for p in packs)
    return [] if here and takes(queue, items) else [Reason("NOT_HERE", messages.NOT_HERE, "/items")]


def key_of(actor: Actor, key: str) -> str:
    """The press, apart from everybody else's."""
    return f"{actor.kind}:{actor.id}:{key}"[:160]


def new_number() -> str:
    """A number that nobody can guess from another: it opens nothing alone, and counts nothing."""
    return "Y" + "".join(secrets.choice(SIGNS) for _ in range(8))


def record(booking: Booking, actor: Actor, act: str, at: datetime) -> None:
    """One entry of the ledger: which appointment, when it is, nothing of the person."""
    detail = {"number": booking.number, "when": booking.slot.starts_at.isoformat(), "state": booking.state}
    ledger.append(act=act, actor=actor, at=at, subject=Subject("booking", booking.id), detail=detail)
