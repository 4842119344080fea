"""A conflict is settled by a person, who has seen both versions (冲突处理)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from yichuang.cases.commands.encounters import begin_encounter, end_encounter
from yichuang.core import ledger
from yichuang.core.actors import Actor, Channel
from yichuang.core.copies import values_of
from yichuang.core.ledger import Subject
from yichuang.core.refusals import Conflict, NotFound, Reason, Refused
from yichuang.visits import messages
from yichuang.visits.booking_states import BookingState
from yichuang.visits.commands.node.entering import has_come, write_move
from yichuang.visits.halls import tell
from yichuang.visits.keeping import MOVES, lock_any
from yichuang.visits.models import Desk, NodeAct, NodeConflict, Ticket
from yichuang.visits.permissions import can_plan
from yichuang.visits.places import count_open, lock_booking
from yichuang.visits.states import Move
from yichuang.visits.values.node import ActKind, ConflictKind, Held

NOTHING_TO_CHOOSE = frozenset(
    {ConflictKind.WINDOW, ConflictKind.OTHER}
)  # shown, so that somebody knows; nothing is changed


@transaction.atomic
def settle(*, actor: Actor, conflict: UUID, held: str, note: str = "", at: datetime) -> None:
    """Whose version holds, with the reason. The hall's: the number, or the appointment, stands as the node had it last; one
    service stays one, whoever noted it. Pressed twice it is settled once; Conflict SETTLED when it was settled otherwise."""
    row = NodeConflict.objects.select_for_update(of=("self",)).filter(id=conflict).select_related("first").first()
    if row is None or not can_plan(actor, row.place_id):
        raise NotFound(messages.CONFLICT)
    if row.settled_at is not None and row.held == held:
        return
    if row.settled_at is not None:
        raise Conflict(Reason("SETTLED", messages.SETTLED))
    _check(row, held, note)
    lock_any(row.place_id, row.first.day)
    if held == Held.HALL.value:
        try:
            with transaction.atomic():
                _as_in_the_hall(row, actor, at)
                connection.check_constraints()
        except IntegrityError:
            raise Conflict(Reason("CANNOT_STAND", messages.CANNOT_STAND, "/held")) from None
    row.settled_at, row.settled_by_id, row.held, row.note = at, actor.id, held, note.strip()[:500]
    row.save(update_fields=["settled_at", "settled_by", "held", "note"])
    detail = {"kind": row.kind, "held": held}
    ledger.append(act="settle-conflict", actor=actor, at=at, subject=Subject("node-conflict", row.id), detail=detail)


def _check(row: NodeConflict, held: str, note: str) -> None:
    faults = []
    if held not in set(Held) or (held == Held.HALL.value and ConflictKind(row.kind) in NOTHING_TO_CHOOSE):
        faults.append(Reason("HELD_UNKNOWN", messages.HELD_UNKNOWN, "/held"))
    if not note.strip():
        faults.append(Reason("NOTE_MISSING", messages.NOTE_MISSING, "/note"))
    if faults:
        raise Refused(*faults)


def _as_in_the_hall(row: NodeConflict, actor: Actor, at: datetime) -> None:
    acts = list(NodeAct.objects.filter(node=row.node_id, subject=row.subject, seq__gte=row.first.seq).order_by("seq"))
    if ConflictKind(row.kind) is ConflictKind.BOOKING:
        return _arrived(row, acts[-1], actor)
    ticket = Ticket.objects.select_related("queue", "desk").filter(id=row.subject).first()
    if ticket is None and acts[0].kind == ActKind.TAKE.value:
        ticket = Ticket.objects.create(**values_of(Ticket, acts[0].body["ticket"]))
    moves = [act for act in acts if act.kind == ActKind.MOVE.value]
    if ticket is None:
        raise Conflict(Reason("CANNOT_STAND", messages.CANNOT_STAND, "/held"))
    if moves:
        last = moves[-1].body["ticket"]
        then = values_of(Ticket, {name: last[name] for name in MOVES})
        if not Desk.objects.filter(id=then["desk_id"]).exists():
            then["desk_id"] = None
        then["encounter_id"] = ticket.encounter_id or _served(ticket, moves, then)
        write_move(ticket, then)
    tell(ticket)


def _served(ticket: Ticket, moves: list[NodeAct], then: Mapping[str, Any]) -> UUID | None:
    """The service as it was in the hall, when the centre knows of none."""
    began = next((act for act in moves if act.body["move"] == Move.START.value), None)
    if began is None or then["encounter_id"] is None:
        return None
    told = began.body["actor"]
    who = Actor("staff", id=UUID(told["id"]), name=told["name"], channel=Channel.COUNTER, place=ticket.place_id)
    encounter = begin_encounter(
        actor=who, place=ticket.place_id, window=began.body["window"], person=ticket.person_id, at=began.at,
        identity=then["encounter_id"],
    )  # fmt: skip
    if then["ended_at"] is not None:
        end_encounter(encounter=encounter, outcome=then["outcome"], at=then["ended_at"])
    return encounter


def _arrived(row: NodeConflict, act: NodeAct, actor: Actor) -> None:
    booker, booking = lock_booking(row.subject)
    ticket = Ticket.objects.filter(id=act.body["ticket"]).first()
    if ticket is None or booking.state == BookingState.ARRIVED.value:
        raise Conflict(Reason("CANNOT_STAND", messages.CANNOT_STAND, "/held"))
    counted = booking.state == BookingState.BOOKED.value
    has_come(booking, ticket.id, act.at, actor)
    if counted:
        count_open(booker, -1)
