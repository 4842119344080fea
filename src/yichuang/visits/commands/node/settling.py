"""A conflict is settled by a person, who has seen both versions (冲突处理)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from yichuang.cases.commands.encounters import begin_encounter, end_encounter, end_open_encounter
from yichuang.core import ledger
from yichuang.core.actors import Actor, Channel
from yichuang.core.copies import values_of
from yichuang.core.ledger import Subject
from yichuang.core.refusals import Conflict, NotFound, Reason, Refused
from yichuang.visits import messages
from yichuang.visits.booking_states import BookingState
from yichuang.visits.commands.node.applying import UNFIT
from yichuang.visits.commands.node.entering import Clash, check_works_here, has_come, is_fresh, named, write_move
from yichuang.visits.halls import tell
from yichuang.visits.keeping import MOVES, lock_any
from yichuang.visits.models import Desk, HallDay, NodeAct, NodeConflict, Queue, Ticket
from yichuang.visits.permissions import can_plan
from yichuang.visits.places import count_open, lock_booking
from yichuang.visits.states import Move, TicketState
from yichuang.visits.values import Outcome
from yichuang.visits.values.node import ActKind, ConflictKind, Held, choices

IN_SERVICE = frozenset({TicketState.SERVING.value, TicketState.PARKED.value})
CANNOT_STAND = Reason("CANNOT_STAND", messages.CANNOT_STAND, "/held")


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
    day = lock_any(row.place_id, row.first.day)
    if held == Held.HALL.value:
        try:
            with transaction.atomic():
                _as_in_the_hall(row, day, actor)
                connection.check_constraints()
        except UNFIT:
            raise Conflict(CANNOT_STAND) from None
    row.settled_at, row.settled_by_id, row.held, row.note = at, actor.id, held, note.strip()[:500]
    row.save(update_fields=["settled_at", "settled_by", "held", "note"])
    detail = {"kind": row.kind, "held": held}
    ledger.append(act="settle-conflict", actor=actor, at=at, subject=Subject("node-conflict", row.id), detail=detail)


def _check(row: NodeConflict, held: str, note: str) -> None:
    faults = []
    if held not in choices(ConflictKind(row.kind), row.first.kind):
        faults.append(Reason("HELD_UNKNOWN", messages.HELD_UNKNOWN, "/held"))
    if not note.strip():
        faults.append(Reason("NOTE_MISSING", messages.NOTE_MISSING, "/note"))
    if faults:
        raise Refused(*faults)


def _as_in_the_hall(row: NodeConflict, day: HallDay, actor: Actor) -> None:
    """A node speaks for its own hall only, also where a person lets its record hold."""
    found = NodeAct.objects.filter(node=row.node_id, subject=row.subject, seq__gte=row.first.seq).order_by("seq")
    acts = list(found) or [row.first]
    if acts[0].kind == ActKind.ARRIVE.value:
        return _arrived(row, acts[-1], actor)
    ticket = Ticket.objects.select_related("queue", "desk").filter(id=row.subject, place=day.place_id).first()
    if ticket is None and acts[0].kind == ActKind.TAKE.value:
        ticket = _taken(day, acts[0])
    if ticket is None:
        raise Conflict(CANNOT_STAND)
    moves = [act for act in acts if act.kind == ActKind.MOVE.value]
    if moves:
        last = moves[-1].body["ticket"]
        then = values_of(Ticket, {name: last[name] for name in MOVES})
        _check_queue(day, then)
        if not Desk.objects.filter(id=then["desk_id"], place=day.place_id).exists():
            then["desk_id"] = None
        had = ticket.encounter_id
        then["encounter_id"] = had or _served(day, ticket, moves, then)
        if had is not None and then["state"] not in IN_SERVICE:
            ended = then["ended_at"]
            end_open_encounter(
                encounter=had, outcome=then["outcome"] or Outcome.SENT_ON.value, at=ended or moves[-1].at,
                goes_on=ended is None,
            )  # fmt: skip
        write_move(ticket, then)
    tell(ticket)


def _taken(day: HallDay, act: NodeAct) -> Ticket:
    told = values_of(Ticket, act.body["ticket"])
    if told["place_id"] != day.place_id or not is_fresh(told):
        raise Conflict(CANNOT_STAND)
    _check_queue(day, told)
    return Ticket.objects.create(**named(day, told))


def _check_queue(day: HallDay, told: Mapping[str, Any]) -> None:
    if not Queue.objects.filter(id=told["queue_id"], place=day.place_id).exists():
        raise Conflict(CANNOT_STAND)


def _served(day: HallDay, ticket: Ticket, moves: list[NodeAct], then: Mapping[str, Any]) -> UUID | None:
    """The service as it was in the hall, when the centre knows of none; none in the name of who does not work there."""
    began = next((act for act in moves if act.body["move"] == Move.START.value), None)
    who = _who(day, began) if began is not None else None
    if began is None or who is None or then["encounter_id"] is None:
        return None
    encounter = begin_encounter(
        actor=who, place=ticket.place_id, window=began.body["window"], person=ticket.person_id, at=began.at,
        identity=then["encounter_id"],
    )  # fmt: skip
    if then["ended_at"] is not None:
        end_encounter(encounter=encounter, outcome=then["outcome"], at=then["ended_at"])
    return encounter


def _who(day: HallDay, act: NodeAct) -> Actor | None:
    """Who did it, by the name that we know; None for whoever does not work in the hall, and for no name at all."""
    told = act.body.get("actor") or {}
    try:
        staff = UUID(str(told.get("id")))
        name = check_works_here(day, staff, "", act.at)
    except (ValueError, Clash):
        return None
    return Actor("staff", id=staff, name=name, channel=Channel.COUNTER, place=day.place_id)


def _arrived(row: NodeConflict, act: NodeAct, actor: Actor) -> None:
    booker, booking = lock_booking(row.subject)
    ticket = Ticket.objects.filter(id=act.body["ticket"], place=row.place_id).first()
    if ticket is None or booking.place_id != row.place_id or booking.state == BookingState.ARRIVED.value:
        raise Conflict(CANNOT_STAND)
    counted = booking.state == BookingState.BOOKED.value
    has_come(booking, ticket.id, act.at, actor)
    if counted:
        count_open(booker, -1)
