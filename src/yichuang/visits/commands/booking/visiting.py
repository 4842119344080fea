"""上门办 and 视频办: who goes or calls, and what became of it; and who did not come."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from yichuang.cases.commands.encounters import begin_encounter, end_encounter
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date
from yichuang.core.events import publish
from yichuang.core.refusals import NotFound, Reason, Refused
from yichuang.people import queries as people
from yichuang.visits import messages
from yichuang.visits.booking_states import BookingMove, BookingState
from yichuang.visits.commands.booking.making import record
from yichuang.visits.events import BookingMissed
from yichuang.visits.models import Booker, Booking
from yichuang.visits.permissions import GUIDES, can_guide, check_can_plan
from yichuang.visits.places import count_open, lock_booking, move_on
from yichuang.visits.rules import booking as rules
from yichuang.visits.telling import tell
from yichuang.visits.values import Outcome
from yichuang.visits.values.booking import BookingKind


@transaction.atomic
def assign_helper(*, actor: Actor, booking: UUID, helper: UUID, at: datetime) -> None:
    """Who goes to the home, or calls by video: a member of staff of the hall, chosen by its manager; the person is told."""
    _, row = lock_booking(booking)
    check_can_plan(actor, row.place_id)
    if row.slot.kind == BookingKind.HALL.value:
        raise NotFound(messages.BOOKING)
    who = next((one for one in people.list_at_place(row.place_id, GUIDES, at=at) if one.id == helper), None)
    if who is None:
        raise Refused(Reason("HELPER_UNKNOWN", messages.HELPER_UNKNOWN, "/helper"))
    if row.helper_id == helper:
        return  # pressed twice
    move_on(row, BookingMove.ASSIGN)
    row.helper_id, row.helper_name, row.changed_at, row.sequence = who.id, who.name, at, row.sequence + 1
    row.save(update_fields=["helper", "helper_name", "changed_at", "sequence"])
    record(row, actor, "assign-helper", at)
    tell(row, "booking_helper", at=at, helper=who.name)


@transaction.atomic
def carry_out(*, actor: Actor, booking: UUID, outcome: str, at: datetime) -> None:
    """The home visit or talk took place: it is an encounter like one at a window. By who went, or staff of the hall, from its
    day on."""
    booker, row = lock_booking(booking)
    if not can_guide(actor, row.place_id) or row.slot.kind == BookingKind.HALL.value:
        raise NotFound(messages.BOOKING)
    if row.state == BookingState.DONE.value:
        return  # pressed twice
    if outcome not in {one.value for one in Outcome}:
        raise Refused(Reason("OUTCOME_UNKNOWN", messages.OUTCOME_UNKNOWN, "/outcome"))
    if local_date(at) < row.day:
        raise Refused(Reason("NOT_BEGUN", messages.NOT_BEGUN), kind="conflict")
    move_on(row, BookingMove.CARRY_OUT)
    encounter = begin_encounter(
        actor=actor, place=row.place_id, window="", person=row.booker_id, staff=row.helper_id, at=at
    )
    end_encounter(encounter=encounter, outcome=outcome, at=at)
    row.changed_at = at
    row.save(update_fields=["state", "changed_at"])
    count_open(booker, -1)
    record(row, actor, "carry-out", at)


@transaction.atomic
def miss_booking(*, actor: Actor, booking: UUID, at: datetime) -> None:
    """Nobody was there: a home visit or talk, put down by staff of the hall after its beginning."""
    booker, row = lock_booking(booking)
    if not can_guide(actor, row.place_id) or row.slot.kind == BookingKind.HALL.value:
        raise NotFound(messages.BOOKING)
    if row.state == BookingState.MISSED.value:
        return  # pressed twice
    if at < row.slot.starts_at:
        raise Refused(Reason("NOT_BEGUN", messages.NOT_BEGUN), kind="conflict")
    missed(booker, row, actor, at)


def missed(booker: Booker, row: Booking, actor: Actor, at: datetime) -> None:
    """Not come: counted, told, and booking is paused after the third in ninety days. The document is locked."""
    move_on(row, BookingMove.MISS)
    row.changed_at = at
    row.save(update_fields=["state", "changed_at"])
    count_open(booker, -1)
    until = recount(booker)
    record(row, actor, "miss-booking", at)
    today = local_date(at)
    count = sum(today - rules.COUNTED < day for day in missed_days(booker))
    if until is not None and until >= today:
        tell(row, "booking_paused", at=at, count=count, until=until)
    else:
        tell(row, "booking_missed", at=at, count=count)
    publish(BookingMissed(booking=row.id, place=row.place_id, at=at))


@transaction.atomic
def excuse_booking(*, actor: Actor, booking: UUID, reason: str, at: datetime) -> None:
    """谅解: the hall manager takes an absence out of the count, with the reason; a pause that rests on it ends."""
    booker, row = lock_booking(booking)
    check_can_plan(actor, row.place_id)
    if row.state == BookingState.EXCUSED.value:
        return  # pressed twice
    if not reason.strip():
        raise Refused(Reason("REASON_MISSING", messages.REASON_MISSING, "/reason"))
    move_on(row, BookingMove.EXCUSE)
    row.reason, row.changed_at = reason.strip()[:500], at
    row.save(update_fields=["state", "reason", "changed_at"])
    recount(booker)
    record(row, actor, "excuse-booking", at)
    tell(row, "booking_excused", at=at)


def recount(booker: Booker) -> date | None:
    """Until when the document is paused by what it missed and nobody excused."""
    booker.paused_until = rules.pause_until(missed_days(booker))
    booker.save(update_fields=["paused_until"])
    return booker.paused_until


def missed_days(booker: Booker) -> list[date]:
    """The days of what was missed."""
    rows = Booking.objects.filter(booker=booker, state=BookingState.MISSED.value).order_by("day")
    return list(rows.values_list("day", flat=True))
