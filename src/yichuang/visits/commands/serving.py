"""Service at a window: it begins an encounter, may be set aside or sent on to another queue, and ends with an outcome."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from yichuang.cases.commands.encounters import begin_encounter, end_encounter, hand_encounter_over
from yichuang.core.actors import Actor
from yichuang.core.events import publish
from yichuang.core.refusals import NotFound, Reason, Refused
from yichuang.visits import messages
from yichuang.visits.commands.calling import check_qualified
from yichuang.visits.commands.desks import at_desk, check_calls, lock_desk, lock_present
from yichuang.visits.events import ServiceEnded, ServiceStarted
from yichuang.visits.halls import lock_day, move_to, note
from yichuang.visits.models import Desk, Queue, Ticket
from yichuang.visits.qualified import on_duty
from yichuang.visits.states import Move, TicketState
from yichuang.visits.values import Outcome, Shown


@transaction.atomic
def start(*, actor: Actor, shown: Shown | None = None, at: datetime) -> UUID:
    """The person has come: service begins, and with it the encounter that filings of this window join. Its id.

    `shown` (here, to set aside and to end): whom the page showed; refused when the window has somebody else by now.
    """
    desk, ticket = lock_present(actor, shown, at)
    assert ticket is not None
    if ticket.state == TicketState.SERVING.value and ticket.encounter_id is not None:
        return ticket.encounter_id  # pressed twice
    move_to(ticket, Move.START)
    encounter = begin_encounter(
        actor=actor, place=desk.place_id, window=desk.window_number, person=ticket.person_id, at=at
    )
    ticket.started_at, ticket.encounter_id = at, encounter
    ticket.save(update_fields=["state", "started_at", "encounter"])
    note(lock_day(desk.place_id, at), ticket, Move.START, actor=actor, at=at, desk=desk)
    publish(ServiceStarted(ticket=ticket.id, place=desk.place_id, encounter=encounter, at=at))
    return encounter


@transaction.atomic
def park(*, actor: Actor, shown: Shown | None = None, at: datetime) -> None:
    """挂起: the person copies, pays or fetches something; the window is free meanwhile."""
    desk, ticket = lock_present(actor, shown, at, state=TicketState.PARKED.value)
    if ticket is not None:
        set_aside(desk, ticket, actor=actor, at=at)


def set_aside(desk: Desk, ticket: Ticket, *, actor: Actor, at: datetime) -> None:
    """Who is served at the (locked) window is set aside."""
    move_to(ticket, Move.PARK)
    ticket.save(update_fields=["state"])
    note(lock_day(desk.place_id, at), ticket, Move.PARK, actor=actor, at=at, desk=desk)


@transaction.atomic
def resume(*, actor: Actor, ticket: UUID, at: datetime) -> None:
    """Go on with somebody who was set aside, at the window that is free: any that serves the queue."""
    desk = lock_desk(actor, at)
    present = at_desk(desk)
    row = Ticket.objects.filter(id=ticket, place=desk.place_id).select_related("queue").first()
    if row is None or row.queue_id not in desk.queues:
        raise NotFound(messages.TICKET)
    if present is not None and present.id == row.id:
        return  # pressed twice
    if present is not None:
        raise Refused(Reason("DESK_BUSY", messages.DESK_BUSY.format(number=present.number)), kind="conflict")
    check_calls(desk)
    check_qualified(on_duty(desk.place_id, at), desk, row)
    take_up(desk, row, actor=actor, at=at)


def take_up(desk: Desk, ticket: Ticket, *, actor: Actor, at: datetime) -> None:
    """The service of who was set aside goes on at the (locked) window."""
    move_to(ticket, Move.RESUME)
    ticket.desk = desk
    if ticket.encounter_id is not None:  # who goes on is who is named by filings, and rated
        ticket.encounter_id = hand_encounter_over(
            encounter=ticket.encounter_id,
            staff=desk.staff_id,
            window=desk.window_number,
            outcome=Outcome.SENT_ON.value,
            at=at,
        )
    ticket.save(update_fields=["state", "desk", "encounter"])
    note(lock_day(desk.place_id, at), ticket, Move.RESUME, actor=actor, at=at, desk=desk)


@transaction.atomic
def transfer(*, actor: Actor, ticket: UUID, queue: UUID, at: datetime) -> None:
    """转移: to another queue of the hall, where it keeps since when it waits: so it is among the first there."""
    desk = lock_desk(actor, at)
    row = Ticket.objects.filter(id=ticket, place=desk.place_id).select_related("queue").first()
    if row is None or (row.state == TicketState.SERVING.value and row.desk_id != desk.id):
        raise NotFound(messages.TICKET)
    there = Queue.objects.filter(id=queue, place=desk.place_id, active=True).exclude(id=row.queue_id).first()
    if there is None:
        raise NotFound(messages.QUEUE)
    move_to(row, Move.TRANSFER)
    served = row.encounter_id
    row.queue, row.desk, row.calls, row.encounter = there, None, 0, None
    row.save(update_fields=["state", "queue", "desk", "calls", "encounter"])
    note(lock_day(desk.place_id, at), row, Move.TRANSFER, actor=actor, at=at, desk=desk)
    if served is not None:
        end_encounter(encounter=served, outcome=Outcome.SENT_ON.value, at=at, goes_on=True)


@transaction.atomic
def finish(*, actor: Actor, outcome: str, shown: Shown | None = None, at: datetime) -> None:
    """The service at the actor's window is over; pressed twice it stays so. Refused without an outcome of the list."""
    if outcome not in {one.value for one in Outcome}:
        raise Refused(Reason("OUTCOME_UNKNOWN", messages.OUTCOME_UNKNOWN, "/outcome"))
    desk, ticket = lock_present(actor, shown, at, state=TicketState.DONE.value, outcome=outcome)
    if ticket is None:
        return
    move_to(ticket, Move.FINISH)
    ticket.ended_at, ticket.outcome = at, outcome
    ticket.save(update_fields=["state", "ended_at", "outcome"])
    note(lock_day(desk.place_id, at), ticket, Move.FINISH, actor=actor, at=at, desk=desk)
    if ticket.encounter_id is not None:
        end_encounter(encounter=ticket.encounter_id, outcome=outcome, at=at)
        publish(
            ServiceEnded(ticket=ticket.id, place=desk.place_id, encounter=ticket.encounter_id, outcome=outcome, at=at)
        )
