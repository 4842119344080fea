"""延时办理: a hall serves longer, on stated days or today; on a day that is pressed so, until the last one who has a number.

Hours are the network's (its calendar of working days, by which terms run, is not touched); what is served in them is kept here,
and appointments that are published already follow.
"""

from collections.abc import Collection
from datetime import date, datetime, time
from uuid import UUID

from django.db import transaction

from yichuang.core import ledger, live
from yichuang.core.actors import Actor
from yichuang.core.clock import local
from yichuang.core.ledger import Subject
from yichuang.core.refusals import NotFound, Reason, Refused, refuse_all
from yichuang.core.words import Words
from yichuang.network import commands as opening
from yichuang.network import queries as network
from yichuang.network.values import Extended, Span
from yichuang.visits import messages
from yichuang.visits.booking_states import BookingState
from yichuang.visits.commands.booking.making import cancel_booking
from yichuang.visits.commands.booking.planning import follow_hours
from yichuang.visits.halls import lock_day
from yichuang.visits.hours import served_stretches
from yichuang.visits.models import Booking, ExtendedService, Queue
from yichuang.visits.permissions import check_can_plan
from yichuang.visits.rules.hours import later_than
from yichuang.visits.values.booking import BookingKind

HALL = BookingKind.HALL.value


@transaction.atomic
def extend_hours(
    *,
    actor: Actor,
    place: UUID,
    weekdays: Collection[int] = (),
    first: date,
    last: date | None,
    span: Span,
    queues: Collection[UUID] = (),
    windows: Collection[str] = (),
    reason: Words,
    at: datetime,
) -> UUID:
    """Serve longer on these weekdays from a day to a day (`network.set_extended_hours`), only these queues, at these windows
    (by number); none named: everything, wherever it is open. Its id.

    The same hours again with other queues or windows change what is served. Published appointments follow at once.
    Refused with every reason.
    """
    check_can_plan(actor, place)
    known = {row.number: row.id for row in network.list_windows(place) if row.active}
    found = network.extended_faults(weekdays, first, last, span, reason, today=local(at).date())
    if Queue.objects.filter(place=place, active=True, id__in=queues).count() < len(set(queues)):
        found.append(Reason("NO_QUEUE", messages.NO_QUEUE, "/queues"))
    if not set(windows) <= set(known):
        found.append(Reason("WINDOW_UNKNOWN", messages.WINDOW_UNKNOWN, "/windows"))
    refuse_all(found)
    hours = opening.set_extended_hours(
        actor=actor, place=place, weekdays=weekdays, first=first, last=last, span=span, reason=reason, at=at
    )
    _serve(actor, place, hours, sorted(set(queues)), sorted({known[number] for number in windows}), at)
    return hours


def _serve(actor: Actor, place: UUID, hours: UUID, queues: list[UUID], windows: list[UUID], at: datetime) -> None:
    row = ExtendedService.objects.filter(hours=hours).first()
    if row is not None and (row.queues, row.windows) == (queues, windows):
        return
    ExtendedService.objects.update_or_create(hours_id=hours, defaults={"queues": queues, "windows": windows})
    letters = Queue.objects.filter(id__in=queues).order_by("order", "letter").values_list("letter", flat=True)
    detail: dict[str, str | int | bool | None] = {"queues": " ".join(letters), "windows": len(windows)}
    ledger.append(act="serve-extended-hours", actor=actor, at=at, subject=Subject("place", place), detail=detail)
    follow_hours(place, _arranged(place, hours), at)
    live.tell(f"hall:{place}")


def _arranged(place: UUID, hours: UUID) -> Extended:
    row = network.find_extended(place, hours)
    if row is None:
        raise NotFound(messages.EXTENDED_HOURS)
    return row


@transaction.atomic
def open_longer(*, actor: Actor, place: UUID, until: time, at: datetime) -> None:
    """Stay open today until this time, for everything. Pressed twice it is the same; refused for a time that is not later
    than now and than the hall closes anyway, and on a day on which it does not open.
    """
    check_can_plan(actor, place)
    here = local(at)
    closes = network.last_closing(place, here.date())
    if closes is None:
        raise Refused(Reason("NOT_OPEN_TODAY", messages.NOT_TODAY_HOURS), kind="conflict")
    if closes == until:
        return  # pressed twice
    if until not in later_than(closes, here.time()):
        raise Refused(Reason("NOT_LATER", messages.LATER, "/until"))
    extend_hours(
        actor=actor, place=place, first=here.date(), last=here.date(), span=Span(closes, until),
        reason=messages.EXTENDED_HOURS, at=at,
    )  # fmt: skip


@transaction.atomic
def serve_until_last(*, actor: Actor, place: UUID, on: bool = True, at: datetime) -> None:
    """服务到最后一位: whoever took a number before the hall closed is served today, and no window that people still wait for is
    closed by its clerk; `on=False` takes it back. Pressed twice it stays so."""
    check_can_plan(actor, place)
    day = lock_day(place, at)
    if (day.until_last_at is not None) == on:
        return
    day.until_last_at = at if on else None
    day.save(update_fields=["until_last_at"])
    detail: dict[str, str | int | bool | None] = {"day": day.day.isoformat(), "on": on}
    ledger.append(act="serve-until-last", actor=actor, at=at, subject=Subject("place", place), detail=detail)
    live.tell(f"hall:{place}")


def end_extended(*, actor: Actor, place: UUID, hours: UUID, reason: str = "", at: datetime) -> int:
    """Back to the ordinary hours; how many appointments were cancelled with the reason, which each person reads.

    First nobody new is taken, then one after the other is cancelled: pressed again it goes on where it stopped. Refused
    without a reason while there are appointments in these hours. Raises NotFound.
    """
    check_can_plan(actor, place)
    count = 0
    for booking in _end(actor, place, _arranged(place, hours), reason.strip(), at):
        try:
            cancel_booking(actor=actor, booking=booking, reason=reason.strip(), at=at)
        except Refused as refused:
            if refused.kind != "conflict":
                raise
            continue  # they moved it, or came, in this moment
        count += 1
    return count


@transaction.atomic
def _end(actor: Actor, place: UUID, row: Extended, reason: str, at: datetime) -> list[UUID]:
    """The appointments that have no hours any more."""
    opening.end_extended_hours(actor=actor, hours=row.id, at=at)
    follow_hours(place, row, at)
    left = _unserved(place, row, at)
    if left and not reason:
        raise Refused(Reason("REASON_MISSING", messages.REASON_MISSING, "/reason"))
    live.tell(f"hall:{place}")
    return left


def _unserved(place: UUID, row: Extended, at: datetime) -> list[UUID]:
    open_ones = Booking.objects.filter(
        place=place, state=BookingState.BOOKED.value, day__gte=row.first, slot__starts_at__gt=at, slot__kind=HALL
    )
    with network.one_look():
        return [
            one.id
            for one in open_ones.select_related("slot").order_by("id")
            if row.span.opens <= local(one.slot.starts_at).time() < row.span.closes
            and not _served(place, one.slot.queue_id, one.slot.starts_at)
        ]


def _served(place: UUID, queue: UUID, begins: datetime) -> bool:
    return any(start <= begins < end for start, end in served_stretches(place, queue, begins, begins))
