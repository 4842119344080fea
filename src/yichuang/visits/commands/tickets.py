"""Taking a number (取号), and what its holder may do with it until it is called."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from yichuang.core.actors import Actor
from yichuang.core.clock import local_date
from yichuang.core.refusals import NotFound, Reason, Refused, refuse_all
from yichuang.core.said import moment_said
from yichuang.core.words import Words
from yichuang.network import queries as network
from yichuang.visits import messages
from yichuang.visits.giving import give, kept_ticket, queue_for
from yichuang.visits.halls import has_stopped, lock_day, lock_ticket, move_to, note, waiting_moments
from yichuang.visits.hours import serving_at
from yichuang.visits.models import HERE, Queue, Ticket
from yichuang.visits.permissions import can_guide, check_may_take
from yichuang.visits.rules import order
from yichuang.visits.states import MOST_RETURNS, Move, TicketState
from yichuang.visits.values import PRIORITY_REASONS, Source, Taken, TicketClass

MOST_COMPANIONS = 20
MOST_A_DAY = 5  # numbers that one person takes by phone in one hall (P: our proposal)
MOST_KEY = 40  # letters; the column holds them behind who pressed


@transaction.atomic
def take_ticket(
    *,
    actor: Actor,
    place: UUID,
    source: Source,
    key: str,
    items: Sequence[str] = (),
    queue: UUID | None = None,
    person: UUID | None = None,
    reason: str = "",
    companions: int = 0,
    at: datetime,
) -> Taken:
    """A number for somebody who is in the hall, or comes: by staff of the hall, at a machine of it, or by a person for themselves.

    `key`: pressed twice it is the same ticket. `queue` or the first that takes all `items`. `reason`: of a priority, a key
    of `values.PRIORITY_REASONS`, entered by staff who have seen it. Refused with every reason; 403 for staff and machines of elsewhere.
    """
    check_may_take(actor, place)
    press = _press(actor, key)
    day = lock_day(place, at)  # whoever presses twice waits here for the first press
    where = _queue(place, queue, items)  # as it stands now: it may have been retired a moment before
    kept = kept_ticket(place, press)
    if kept is not None:
        return kept
    refuse_all([*_faults(actor, place, where, reason, companions, at)])
    assert where is not None
    holder = actor.id if actor.kind == "person" else person
    if source is Source.PHONE:
        check_one_each(place, holder, at)
    of = TicketClass.PRIORITY if reason else TicketClass.ORDINARY
    return give(
        day,
        where,
        of=of,
        reason=reason,
        items=items,
        source=source,
        person=holder,
        companions=companions,
        key=press,
        at=at,
    )


def _press(actor: Actor, key: str) -> str:
    """One press of one who takes numbers: nobody is given another's by naming their key."""
    if not 1 <= len(key) <= MOST_KEY:
        raise Refused(Reason("KEY_MISSING", messages.KEY_MISSING, "/key"))
    return f"{actor.id}:{key}"


def _queue(place: UUID, queue: UUID | None, items: Sequence[str]) -> Queue | None:
    known = Queue.objects.filter(place=place, active=True).order_by("order", "letter")
    if queue is not None:
        return known.filter(id=queue).first()
    return queue_for(known, items)


def _faults(actor: Actor, place: UUID, queue: Queue | None, reason: str, companions: int, at: datetime) -> list[Reason]:
    found = closed_faults(place, queue.id if queue else None, at)
    if queue is None:
        found.append(Reason("NO_QUEUE", messages.NO_QUEUE, "/queue"))
    elif queue.priority_only and not actor.is_staff:
        found.append(Reason("ONLY_STAFF_GREEN", messages.ONLY_STAFF_GREEN, "/queue"))
    elif queue.priority_only and not reason:
        found.append(Reason("GREEN_NEEDS_REASON", messages.GREEN_NEEDS_REASON, "/reason"))
    if not 0 <= companions <= MOST_COMPANIONS:
        found.append(Reason("COMPANIONS", messages.MANY_COMPANIONS, "/companions"))
    if reason and reason not in PRIORITY_REASONS:
        found.append(Reason("REASON_UNKNOWN", messages.REASON_UNKNOWN, "/reason"))
    if reason and not actor.is_staff:
        found.append(Reason("ONLY_STAFF_PRIORITY", messages.ONLY_STAFF_PRIORITY, "/reason"))
    return found


def closed_faults(place: UUID, queue: UUID | None, at: datetime) -> list[Reason]:
    """That the hall is closed, with when it opens, or that its extended hours are not for the queue; nothing while it is
    served."""
    now = network.opening(place, at)
    if not now.open:
        opens = messages.OPENS.format(at=moment_said(now.changes_at)) if now.changes_at else messages.OPENS_UNKNOWN
        words = messages.STOPPED if has_stopped(place, now.changes_at, at) else messages.HALL_CLOSED
        return [Reason("HALL_CLOSED", words.format(opens=opens), "/place")]
    longer = serving_at(place, at) if now.extended else None
    if longer is None or queue is None or longer.takes(queue):
        return []
    rows = Queue.objects.filter(id__in=longer.queues or (), active=True).order_by("order", "letter")
    zh, en = [f"{row.letter} {row.name_zh}" for row in rows], [f"{row.letter} {row.name_en}" for row in rows]
    only = Words("、".join(zh), ", ".join(en))
    return [Reason("NOT_EXTENDED", messages.NOT_EXTENDED.format(only=only), "/queue")]


def check_one_each(place: UUID, person: UUID | None, at: datetime) -> None:
    """Refused ONE_TICKET_EACH while a number that the person took by phone is still open here, TOO_MANY_NUMBERS when they took
    so many today: who takes and leaves them by a program would use up the hall's."""
    taken = Ticket.objects.filter(place=place, day=local_date(at), person=person, source=Source.PHONE.value)
    rows = list(taken.order_by("id").values_list("number", "state")[:MOST_A_DAY])
    number = next((number for number, state in rows if state in HERE), None)
    if number is not None:
        raise Refused(Reason("ONE_TICKET_EACH", messages.ONE_EACH.format(number=number)), kind="conflict")
    if len(rows) >= MOST_A_DAY:
        raise Refused(Reason("TOO_MANY_NUMBERS", messages.TOO_MANY_NUMBERS.format(n=MOST_A_DAY)), kind="too_many")


@transaction.atomic
def step_away(*, actor: Actor, ticket: UUID, at: datetime) -> None:
    """暂时离开: not called until they are back; the place in the queue is kept."""
    _by_holder(actor, ticket, Move.STEP_AWAY, at)


@transaction.atomic
def come_back(*, actor: Actor, ticket: UUID, at: datetime) -> None:
    """Back again, at the place that was kept."""
    _by_holder(actor, ticket, Move.COME_BACK, at)


@transaction.atomic
def leave(*, actor: Actor, ticket: UUID, at: datetime) -> None:
    """弃号: the person does not want to be called any more."""
    _by_holder(actor, ticket, Move.LEAVE, at)


@transaction.atomic
def return_after_pass(*, actor: Actor, ticket: UUID, at: datetime) -> None:
    """过号重排: once, behind three who wait now. Refused when it was used already."""
    day, row = lock_ticket(ticket, at)
    check_holder(actor, row)
    if row.state == TicketState.PASSED.value and row.returns >= MOST_RETURNS:
        raise Refused(Reason("RETURNED_ONCE", messages.RETURNED_ONCE), kind="conflict")
    move_to(row, Move.RETURN)
    row.returns += 1
    row.desk = None
    row.order_at = order.of_return(waiting_moments(row.queue_id, day.day, [TicketClass(row.of)], order.BEHIND), at)
    row.save(update_fields=["state", "returns", "desk", "order_at"])
    note(day, row, Move.RETURN, actor=actor, at=at)


def _by_holder(actor: Actor, ticket: UUID, move: Move, at: datetime) -> None:
    day, row = lock_ticket(ticket, at)
    check_holder(actor, row)
    move_to(row, move)
    if move is Move.LEAVE:
        row.ended_at, row.desk = at, None
    row.save(update_fields=["state", "ended_at", "desk"])
    note(day, row, move, actor=actor, at=at)


def check_holder(actor: Actor, ticket: Ticket) -> None:
    """The person who took it, the holder of its address, or staff of the hall; for everybody else there is no such ticket."""
    holds = actor.kind == "person" and actor.id is not None and actor.id == ticket.person_id
    if not (holds or (actor.kind == "link" and actor.link == ticket.id) or can_guide(actor, ticket.place_id)):
        raise NotFound(messages.TICKET)
