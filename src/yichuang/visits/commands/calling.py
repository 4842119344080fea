"""叫号: the next one, a repeat, a number that has passed. Under the lock of the hall's day, so that nobody is called twice."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from yichuang.core.actors import Actor
from yichuang.core.clock import local_date
from yichuang.core.refusals import NotFound, Reason, Refused
from yichuang.visits import messages
from yichuang.visits.commands.desks import at_desk, check_calls, lock_desk, lock_present
from yichuang.visits.halls import lines, lock_day, move_to, note, remember
from yichuang.visits.models import Desk, Ticket
from yichuang.visits.qualified import kept_from, on_duty
from yichuang.visits.rules.calling import called, choose
from yichuang.visits.rules.qualified import OnDuty
from yichuang.visits.states import MOST_CALLS, Move, TicketState
from yichuang.visits.values import Called, Rule, Shown, TicketClass


@transaction.atomic
def call_next(*, actor: Actor, at: datetime) -> Called | None:
    """Call the next one to the actor's window; None: nobody waits.

    Who was called already and has not come stays called (`again`): a second press calls nobody else. Refused: no window
    open, paused, or somebody is being served.
    """
    desk = lock_desk(actor, at)
    check_calls(desk)
    present = at_desk(desk)
    if present is not None:
        return _still(present)
    day = local_date(at)
    duty = on_duty(desk.place_id, at)
    others = kept_from(duty, desk, day)
    found = lines(desk.queues, day, others)
    choice = choose(found, at)
    if choice is None:
        return None
    remember(day, called(found, choice.of))
    passed = duty.lacks(desk.staff_id, [item for rows in others.values() for items in rows for item in items])
    return call_to(desk, choice.ticket, choice.rule, duty=duty, passed=passed, actor=actor, at=at)


@transaction.atomic
def call_number(*, actor: Actor, ticket: UUID, at: datetime) -> Called:
    """Call one that waits by its number (窗口指定呼叫): the log says so, and who did it."""
    desk = lock_desk(actor, at)
    present = at_desk(desk)
    if present is not None and present.id != ticket:
        raise Refused(Reason("DESK_BUSY", messages.DESK_BUSY.format(number=present.number)), kind="conflict")
    if present is not None:
        return _still(present)
    check_calls(desk)
    day = local_date(at)
    row = Ticket.objects.filter(id=ticket, place=desk.place_id, day=day).first()
    if row is None or row.queue_id not in desk.queues:
        raise NotFound(messages.TICKET)
    duty = on_duty(desk.place_id, at)
    check_qualified(duty, desk, row)
    remember(day, called(lines(desk.queues, day), TicketClass(row.of)))  # a priority one by choice counts as one
    return call_to(desk, ticket, Rule.CHOSEN, duty=duty, actor=actor, at=at)


def check_qualified(duty: OnDuty, desk: Desk, ticket: Ticket) -> None:
    """Refused NOT_QUALIFIED when the number is for another window, whose clerk is qualified for it."""
    if duty.may_call(desk.staff_id, ticket.queue_id, ticket.items):
        return
    fit = Desk.objects.filter(place=desk.place_id, closed_at=None, staff__in=duty.fit(ticket.queue_id, ticket.items))
    windows = "、".join(fit.order_by("window_number").values_list("window_number", flat=True))
    words = messages.NOT_QUALIFIED.format(number=ticket.number, windows=windows)
    raise Refused(Reason("NOT_QUALIFIED", words), kind="conflict")


def _still(ticket: Ticket) -> Called:
    if ticket.state != TicketState.CALLED.value:
        raise Refused(Reason("DESK_BUSY", messages.DESK_BUSY.format(number=ticket.number)), kind="conflict")
    return Called(ticket.id, ticket.number, TicketClass(ticket.of), Rule.ORDER, again=True)


def call_to(
    desk: Desk,
    ticket: UUID,
    rule: Rule,
    *,
    duty: OnDuty,
    passed: Collection[str] = (),
    actor: Actor,
    at: datetime,
) -> Called:
    """This ticket is called to the (locked) window, which has nobody. `passed`: items that wait for qualified windows."""
    row = Ticket.objects.get(id=ticket)
    move_to(row, Move.CALL)
    row.desk, row.called_at, row.calls = desk, at, 1
    row.save(update_fields=["state", "desk", "called_at", "calls"])
    helped = bool(duty.lacks(desk.staff_id, row.items))
    day = lock_day(desk.place_id, at)
    note(day, row, Move.CALL, actor=actor, at=at, desk=desk, rule=rule, kept_from=passed, helped=helped)
    return Called(row.id, row.number, TicketClass(row.of), rule, again=False, helped=helped)


@transaction.atomic
def recall(*, actor: Actor, shown: Shown | None = None, at: datetime) -> int:
    """Call the same one again: how often it has been called now. Refused after the third time: then it has passed.

    `shown`: whom the page showed; refused when the window has somebody else by now, or has called them again.
    """
    desk, ticket = lock_present(actor, shown, at)
    assert ticket is not None
    if ticket.calls >= MOST_CALLS:
        raise Refused(Reason("CALLED_ENOUGH", messages.CALLED_ENOUGH.format(number=ticket.number)), kind="conflict")
    move_to(ticket, Move.RECALL)
    ticket.calls, ticket.called_at = ticket.calls + 1, at
    ticket.save(update_fields=["state", "calls", "called_at"])
    note(lock_day(desk.place_id, at), ticket, Move.RECALL, actor=actor, at=at, desk=desk)
    return ticket.calls


@transaction.atomic
def pass_over(*, actor: Actor, shown: Shown | None = None, at: datetime) -> None:
    """过号: called and not come. They may join again once. `shown`: as for `recall`; pressed twice they have passed once."""
    desk, ticket = lock_present(actor, shown, at, state=TicketState.PASSED.value)
    if ticket is None:
        return
    move_to(ticket, Move.PASS)
    ticket.save(update_fields=["state"])
    note(lock_day(desk.place_id, at), ticket, Move.PASS, actor=actor, at=at, desk=desk)


def put_back(desk: Desk, ticket: Ticket, *, actor: Actor, at: datetime) -> None:
    """Whom the (locked) window has called waits again, at the place that the number had before."""
    move_to(ticket, Move.PUT_BACK)
    ticket.desk, ticket.calls = None, 0
    ticket.save(update_fields=["state", "desk", "calls"])
    note(lock_day(desk.place_id, at), ticket, Move.PUT_BACK, actor=actor, at=at, desk=desk)
