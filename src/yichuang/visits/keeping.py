"""Who keeps a hall's day (托管): the centre, or the hall's own node, never both (docs/adr/0045). Called by commands only.

The row of the hall's day that every act locks says who; so an act of the other side is refused by the very lock that makes
the order of calls.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models

from yichuang.core import numbers
from yichuang.core.actors import Actor
from yichuang.core.copies import row_of
from yichuang.core.ids import new_id
from yichuang.core.ledger.signing import sign_bytes
from yichuang.core.refusals import Reason, Refused
from yichuang.visits import messages
from yichuang.visits.models import (
    Booking,
    Call,
    Desk,
    DeskPause,
    HallDay,
    LineDay,
    NodeAct,
    NodeLink,
    NumberBlock,
    Queue,
    Ticket,
)
from yichuang.visits.rules.journal import chained
from yichuang.visits.states import Move
from yichuang.visits.values.node import ActKind, ActState

# the columns of a ticket that a move changes
MOVES = (
    "state", "queue_id", "desk_id", "called_at", "calls", "returns", "order_at", "started_at", "ended_at", "outcome",
    "encounter_id",
)  # fmt: skip


def is_node() -> bool:
    """Whether this installation is a hall node: it keeps one hall, and the centre everything else."""
    return bool(settings.YICHUANG_CENTRE)


def own_node() -> UUID | None:
    """Which node this installation is; None at the centre, and at a node that was not paired yet."""
    return NodeLink.objects.order_by("node").values_list("node", flat=True).first() if is_node() else None


def lock_any(place: UUID, day: date) -> HallDay:
    """The row of the hall's day, locked, whoever keeps it."""
    HallDay.objects.bulk_create([HallDay(place_id=place, day=day)], ignore_conflicts=True)
    return HallDay.objects.select_for_update(of=("self",)).get(place=place, day=day)


def keeps(day: HallDay) -> bool:
    """Whether this side may act on the (locked) day."""
    return (day.keeper_id is not None and day.keeper_id == own_node()) if is_node() else day.keeper_id is None


def check_keeps(day: HallDay) -> None:
    """Refused LENT at the centre while a node keeps the day, NOT_LENT at a node that does not."""
    if not keeps(day):
        code, words = ("NOT_LENT", messages.NOT_LENT) if is_node() else ("LENT", messages.LENT)
        raise Refused(Reason(code, words, "/place"), kind="conflict")


def lent() -> models.Exists:
    """Of rows with a place and a day: those of a day that is lent to a node."""
    days = HallDay.objects.filter(place=models.OuterRef("place"), day=models.OuterRef("day"), keeper__isnull=False)
    return models.Exists(days)


def kept_here() -> models.Q:
    """Of rows with a place and a day: those on which this side may act."""
    return models.Q(lent()) if is_node() else ~models.Q(lent())


def check_centre() -> None:
    """Refused WAITS_FOR_CENTRE at a node: what holds longer than the day is the centre's."""
    if is_node():
        raise Refused(Reason("WAITS_FOR_CENTRE", messages.WAITS_FOR_CENTRE), kind="unavailable")


def next_serial(day: HallDay, queue: Queue, place_code: str) -> int:
    """The next number of the queue under the lock of its day: of the centre's count, at a node of the numbers lent to it."""
    if not is_node():
        return numbers.next_number(kind=f"ticket-{queue.letter}", place=place_code, day=day.day)
    blocks = NumberBlock.objects.filter(queue=queue, day=day.day, upcoming__lte=models.F("last"))
    block = blocks.order_by("first").first()
    if block is None:
        words = messages.NO_NUMBERS_LEFT.format(queue=queue.letter)
        raise Refused(Reason("NO_NUMBERS_LEFT", words, "/queue"), kind="unavailable")
    serial, block.upcoming = block.upcoming, block.upcoming + 1
    block.save(update_fields=["upcoming"])
    return serial


# ── the journal: at a node each act is written down in its own transaction ───────────────────────────────────────
def taken(day: HallDay, ticket: Ticket, at: datetime) -> None:
    """A number was given."""
    if is_node():
        body = {"ticket": row_of(ticket)}
        _write(ActKind.TAKE, day.day, ticket.id, at, body)


def moved(day: HallDay, ticket: Ticket, call: Call, desk: Desk | None, actor: Actor) -> None:
    """A number moved on; `call` is the line of the hall's order that says so."""
    if not is_node():
        return
    queues = desk.queues if desk is not None and call.move == Move.CALL.value else []
    lines = LineDay.objects.filter(queue__in=queues, day=day.day).order_by("id")
    whole = row_of(ticket)
    body = {
        "ticket": {name: whole[name] for name in MOVES},
        "move": call.move,
        "step": Call.objects.filter(ticket=ticket).count(),
        "rule": call.rule,
        "desk": str(desk.id) if desk else "",
        "window": call.window,
        "kept_from": list(call.kept_from),
        "helped": call.helped,
        "lines": {str(line.queue_id): [line.since_priority, line.booked_in_row, line.since_booked] for line in lines},
        "actor": _told(actor),
    }
    _write(ActKind.MOVE, day.day, ticket.id, call.at, body)


def desk_changed(day: date, desk: Desk, act: str, actor: Actor, at: datetime) -> None:
    """A window was opened, paused, closed, given other queues."""
    if is_node():
        row = DeskPause.objects.filter(desk=desk, until=None).first()
        pause = {"why": row.why, "meant": row.meant} if row else {}
        body = {"desk": row_of(desk), "act": act, "actor": _told(actor), "pause": pause}
        _write(ActKind.DESK, day, desk.id, at, body)


def arrived(booking: Booking, day: date, actor: Actor, at: datetime) -> None:
    """Somebody came to an appointment."""
    if is_node():
        body = {
            "booking": str(booking.id),
            "number": booking.number,
            "slot": str(booking.slot_id),
            "ticket": str(booking.ticket_id),
            "actor": _told(actor),
        }
        _write(ActKind.ARRIVE, day, booking.id, at, body)


def handed_back(day: HallDay, at: datetime) -> None:
    """The node acts on the day no more: everything that it did stands before this."""
    _write(ActKind.HAND_BACK, day.day, None, at, {})


def _told(actor: Actor) -> Mapping[str, str]:
    return {
        "kind": actor.kind,
        "id": str(actor.id) if actor.is_staff else "",
        "name": actor.name if actor.is_staff else "",
        "channel": actor.channel.value,
    }


def _write(kind: ActKind, day: date, subject: UUID | None, at: datetime, body: Mapping[str, Any]) -> None:
    link, at = NodeLink.objects.select_for_update(of=("self",)).get(), at.astimezone(UTC)
    identity, seq = new_id(), link.seq + 1
    told = {**body, "subject": str(subject) if subject else ""}
    proof = chained(link.head, identity=identity, seq=seq, day=day, kind=kind.value, at=at, body=told)
    NodeAct.objects.create(
        id=identity,
        node_id=link.node_id,
        seq=seq,
        day=day,
        kind=kind.value,
        subject=subject,
        at=at,
        body=told,
        previous=link.head,
        hash=proof,
        signature=sign_bytes(proof.encode()),
        state=ActState.MADE.value,
        entered_at=at,
    )
    link.seq, link.head = seq, proof
    link.save(update_fields=["seq", "head"])
