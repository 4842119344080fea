"""Places in slots: taken by one statement, given back, offered to who waits, everybody's again. Called by commands only.

Locks are taken in this order: the document (Booker), the place given back (Seat), the entry of the waiting list.
"""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Greatest

from yichuang.core import chance, clock, jobs, sql
from yichuang.core.clock import local_date
from yichuang.core.compiled import compiled
from yichuang.core.refusals import NotFound, Reason, Refused
from yichuang.visits import messages
from yichuang.visits.booking_states import COUNTS, MOVE_WORDS, WORDS, BookingMove, BookingState, after
from yichuang.visits.models import Booker, Booking, Seat, Slot, Waiting
from yichuang.visits.rules import booking as rules
from yichuang.visits.telling import tell_offer
from yichuang.visits.values.booking import BookingKind, Held, SeatState, WaitingState, Wish

# However many press at once, each statement sees what the one before it has committed; the table's CHECK stands behind it.
_TAKE = "UPDATE visits_slot SET booked = booked + 1 WHERE id = $1 AND booked < capacity RETURNING booked"
_COUNT_OPEN = "UPDATE visits_booker SET open = open + $2 WHERE person_id = $1"
DUE = (SeatState.OFFERED.value, SeatState.RESTING.value)
OPEN_WAITS = (WaitingState.WAITING.value, WaitingState.OFFERED.value)


def take_place(slot: UUID) -> bool:
    """One place of the slot, if there is one."""
    return sql.row(_TAKE, [slot]) is not None


def lock_booker(person: UUID) -> Booker:
    """The document, locked: it does one thing at a time."""
    row = _locked.first(person)
    if row is None:
        Booker.objects.bulk_create([Booker(person_id=person)], ignore_conflicts=True)
        [row] = _locked(person)
    return row


@compiled
def _locked(person: UUID) -> QuerySet[Booker, Booker]:
    return Booker.objects.select_for_update(of=("self",)).filter(person=person)


def lock_booking(booking: UUID) -> tuple[Booker, Booking]:
    """The document, then its appointment. Raises NotFound."""
    person = Booking.objects.filter(id=booking).values_list("booker_id", flat=True).first()
    if person is None:
        raise NotFound(messages.BOOKING)
    booker = lock_booker(person)
    return booker, Booking.objects.select_related("slot", "slot__queue").get(id=booking)


def get_slot(slot: UUID) -> Slot:
    """The slot with its queue. Raises NotFound."""
    row = _slot.first(slot)
    if row is None:
        raise NotFound(messages.SLOT)
    return row


@compiled
def _slot(slot: UUID) -> QuerySet[Slot, Slot]:
    return Slot.objects.select_related("queue").filter(id=slot)


def move_on(booking: Booking, move: BookingMove) -> None:
    """The appointment's new state. Refused BOOKING_NOT_NOW where the table has none."""
    then = after(BookingState(booking.state), move)
    if then is None:
        state = WORDS[BookingState(booking.state)]
        words = messages.BOOKING_NOT_NOW.format(number=booking.number, state=state, move=MOVE_WORDS[move])
        raise Refused(Reason("BOOKING_NOT_NOW", words), kind="conflict")
    booking.state = then.value


def held_by(booker: Booker, day: date) -> Held:
    """What the document has already, as the rule sees it."""
    rows = _counted(booker.person_id, day)
    return Held(booker.open, tuple((starts_at, tuple(items)) for starts_at, items in rows), booker.paused_until)


@compiled
def _counted(person: UUID, day: date) -> QuerySet[Booking, tuple[datetime, list[str]]]:
    rows = Booking.objects.filter(booker=person, state__in=[state.value for state in COUNTS], day=day)
    return rows.order_by("id").values_list("slot__starts_at", "items")


def wish_of(slot: Slot, items: tuple[str, ...], address: str) -> Wish:
    """What somebody wants to book, as the rule sees it."""
    return Wish(BookingKind(slot.kind), slot.starts_at, slot.opens_at, items, address)


def count_open(booker: Booker, change: int) -> None:
    """One more, or one less, appointment is open; never more than three (the table's CHECK)."""
    sql.run(_COUNT_OPEN, [booker.person_id, change])


def give_back(slot: Slot, at: datetime) -> None:
    """A place is nobody's: first for the waiting list, then, after a time that nobody knows, for everybody."""
    seat = Seat.objects.create(slot=slot, state=SeatState.RESTING.value, until=at, freed_at=at)
    pass_on(seat, at)


def pass_on(seat: Seat, at: datetime, *, after_entry: Waiting | None = None) -> None:
    """Offer the place to the next on the list (behind `after_entry`), or let it rest, or free it when its time has come."""
    slot = Slot.objects.get(id=seat.slot_id)
    rested = seat.state == SeatState.RESTING.value and seat.until <= at and seat.freed_at < seat.until
    if rested or at >= slot.starts_at or slot.booked > slot.planned:
        _free(seat)
        return
    entry = _next_waiting(slot, at, after_entry)
    if entry is not None:
        seat.state, seat.waiting, seat.until = SeatState.OFFERED.value, entry, rules.offer_until(at, slot.starts_at)
        entry.state = WaitingState.OFFERED.value
        entry.save(update_fields=["state"])
        tell_offer(entry, slot, seat.until, seat=seat.id, at=at)
    else:
        seat.state, seat.waiting, seat.until = (
            SeatState.RESTING.value,
            None,
            rules.rest_until(at, chance.between(*rules.REST)),
        )
    seat.save(update_fields=["state", "waiting", "until"])
    jobs.enqueue(settle_place_job, run_at=seat.until, seat=seat.id)


def _free(seat: Seat) -> None:
    """Everybody's again; where the hall plans fewer places by now, the place is gone."""
    Slot.objects.filter(id=seat.slot_id).update(
        booked=F("booked") - 1, capacity=Greatest(F("planned"), F("booked") - 1)
    )
    seat.state, seat.waiting = SeatState.FREE.value, None
    seat.save(update_fields=["state", "waiting"])


def _next_waiting(slot: Slot, at: datetime, after_entry: Waiting | None) -> Waiting | None:
    """The first that waits for such a slot; one that somebody else's act holds just now is left out."""
    if slot.starts_at - at < rules.OFFER:
        return None
    rows = Waiting.objects.filter(
        queue=slot.queue_id, kind=slot.kind, state=WaitingState.WAITING.value, first__lte=slot.day, last__gte=slot.day
    ).filter(Q(booking=None) | Q(booking__state=BookingState.BOOKED.value, booking__slot__starts_at__gt=slot.starts_at))
    rows = rows.filter(may_be_offered(local_date(at)))
    if after_entry is not None:
        rows = rows.exclude(id=after_entry.id).filter(joined_at__gte=after_entry.joined_at)
    return rows.order_by("joined_at", "id").select_for_update(of=("self",), skip_locked=True).first()


def may_be_offered(today: date) -> Q:
    """Of entries: those whose document may take a place. Nothing is kept half an hour for who is paused (three times not
    come), or has as many appointments as one may have."""
    paused = Q(booker__paused_until__isnull=False, booker__paused_until__gte=today)
    full = Q(booking=None, booker__open__gte=rules.MOST_OPEN)
    return ~paused & ~full


def open_waits(rows: QuerySet[Waiting]) -> QuerySet[Waiting]:
    """Those of these entries that still wait: their days are not over, and the appointment that they want earlier is open."""
    return rows.filter(Q(booking=None) | Q(booking__state=BookingState.BOOKED.value), state__in=OPEN_WAITS)


@transaction.atomic
def settle_place(*, seat: UUID, at: datetime) -> bool:
    """An offer that nobody took in time goes to the next; a place that has rested is everybody's. Whether it was due."""
    row = Seat.objects.select_for_update(of=("self",)).filter(id=seat, until__lte=at).first()
    if row is None or row.state not in DUE:
        return False
    entry = None
    if row.state == SeatState.OFFERED.value:
        assert row.waiting_id is not None
        entry = Waiting.objects.select_for_update(of=("self",)).get(id=row.waiting_id)
        if entry.state == WaitingState.OFFERED.value:
            entry.state = WaitingState.WAITING.value
            entry.save(update_fields=["state"])
    pass_on(row, at, after_entry=entry)
    return True


@jobs.job(name="visits.settle_place")
def settle_place_job(seat: UUID) -> None:
    """When an offer or a rest has come to its end."""
    settle_place(seat=seat, at=clock.now())
