"""The hall's day under its lock: heads of queues, and the order of calls. Called by commands only."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from yichuang.core import ledger, live
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date
from yichuang.core.ledger import Subject
from yichuang.core.refusals import NotFound, Reason, Refused
from yichuang.visits import displays, keeping, messages
from yichuang.visits.models import Call, Desk, HallDay, LineDay, Queue, Ticket
from yichuang.visits.states import MOVE_WORDS, WORDS, Move, TicketState, after
from yichuang.visits.values import Head, Line, LineMemory, Rule, TicketClass


def lock_day(place: UUID, at: datetime) -> HallDay:
    """The row of the hall's day, locked: from here on the order of this hall stands still for everybody else.

    Refused (409) where the other side keeps the day: the hall's node, or the centre (`keeping`)."""
    day = keeping.lock_any(place, local_date(at))
    keeping.check_keeps(day)
    return day


def lock_ticket(ticket: UUID, at: datetime) -> tuple[HallDay, Ticket]:
    """The hall's day, then the ticket. NotFound for one that is none, or not of today."""
    place = Ticket.objects.filter(id=ticket, day=local_date(at)).values_list("place_id", flat=True).first()
    if place is None:
        raise NotFound(messages.TICKET)
    day = lock_day(place, at)
    return day, Ticket.objects.select_related("queue").get(id=ticket)


def serves_until_last(place: UUID, at: datetime) -> bool:
    """Whether everybody who has a number is served today, however late it gets (服务到最后一位)."""
    return HallDay.objects.filter(place=place, day=local_date(at), until_last_at__isnull=False).exists()


def has_stopped(place: UUID, opens: datetime | None, at: datetime) -> bool:
    """Whether a closed hall that serves until the last one gives no more numbers today; `opens`: when it opens next. Before
    the morning and over noon it is closed only."""
    later_today = opens is not None and local_date(opens) == local_date(at)
    return not later_today and serves_until_last(place, at)


NOTHING: Mapping[UUID, Sequence[list[str]]] = {}


def lines(queues: Collection[UUID], day: date, but: Mapping[UUID, Sequence[list[str]]] = NOTHING) -> list[Line]:
    """The queues as the rule of calling sees them. A look at the first of each class by index, under the lock.

    `but`: of each queue, the items of the numbers that are not for this window."""
    known = {row.queue_id: row for row in LineDay.objects.filter(queue__in=queues, day=day).order_by("id")}
    found = []
    for queue in Queue.objects.filter(id__in=queues, active=True).order_by("order", "letter"):
        row = known.get(queue.id)
        memory = LineMemory(row.since_priority, row.booked_in_row, row.since_booked) if row else LineMemory()
        aim = timedelta(minutes=queue.aim_minutes)
        found.append(Line(queue.id, aim, _heads(queue.id, day, but.get(queue.id, ())), memory))
    return found


def _heads(queue: UUID, day: date, but: Sequence[list[str]]) -> dict[TicketClass, Head]:
    found = {}
    for of in TicketClass:
        waiting = Ticket.objects.filter(queue=queue, day=day, of=of.value, state=TicketState.WAITING.value)
        if but:
            waiting = waiting.exclude(items__in=but)
        first = waiting.order_by("order_at", "id").values_list("id", "order_at").first()
        if first is not None:
            found[of] = Head(*first)
    return found


def remember(day: date, memories: Mapping[UUID, LineMemory]) -> None:
    """What a window's call changes for the next one, in each of its queues."""
    if not memories:
        return
    LineDay.objects.bulk_create(
        [LineDay(queue_id=queue, day=day, **memory._asdict()) for queue, memory in memories.items()],
        update_conflicts=True,
        unique_fields=["queue", "day"],
        update_fields=LineMemory._fields,
    )


def note(
    day: HallDay,
    ticket: Ticket,
    move: Move,
    *,
    actor: Actor,
    at: datetime,
    desk: Desk | None = None,
    rule: Rule | None = None,
    kept_from: Collection[str] = (),
    helped: bool = False,
) -> None:
    """One more line of the hall's order, in the log and in the ledger; boards are told after the commit.

    `kept_from`: the items for which the window was passed by (上岗资格); `helped`: nobody on duty is qualified for it."""
    day.calls += 1
    day.save(update_fields=["calls"])
    call = Call.objects.create(
        place_id=day.place_id,
        day=day.day,
        seq=day.calls,
        ticket=ticket,
        queue_id=ticket.queue_id,
        number=ticket.number,
        of=ticket.of,
        move=move.value,
        rule=rule.value if rule else "",
        window=desk.window_number if desk else "",
        staff_id=actor.id if actor.is_staff else None,
        kept_from=sorted(kept_from),
        helped=helped,
        at=at,
    )
    ledger.append(
        act=f"ticket-{move.value}",
        actor=actor,
        at=at,
        subject=Subject("ticket", ticket.id),
        detail={"number": ticket.number, "seq": day.calls, "rule": rule.value if rule else "", "of": ticket.of},
    )
    keeping.moved(day, ticket, call, desk, actor)
    tell(ticket)
    if desk is not None:
        displays.changed(day.place_id, desk.window_number)
    elif move is Move.LEAVE and ticket.desk is not None:  # who was called says that they go
        displays.changed(day.place_id, ticket.desk.window_number)


def tell(ticket: Ticket) -> None:
    """Boards, desks and the page of the ticket fetch anew."""
    live.tell(f"hall:{ticket.place_id}", f"ticket:{ticket.id}")


def move_to(ticket: Ticket, move: Move) -> None:
    """The ticket's new state. Refused NOT_NOW where the table has none."""
    then = after(TicketState(ticket.state), move)
    if then is None:
        raise Refused(why_not(ticket, move), kind="conflict")
    ticket.state = then.value


def why_not(ticket: Ticket, move: Move) -> Reason:
    """The refusal of a move that the table does not have."""
    words = messages.NOT_NOW.format(number=ticket.number, state=WORDS[TicketState(ticket.state)], move=MOVE_WORDS[move])
    return Reason("TICKET_NOT_NOW", words)


def waiting_moments(queue: UUID, day: date, of: Iterable[TicketClass], limit: int) -> list[datetime]:
    """Since when the first ones of these classes count as waiting, in order."""
    rows = Ticket.objects.filter(queue=queue, day=day, of__in=list(of), state=TicketState.WAITING.value)
    return list(rows.order_by("order_at", "id").values_list("order_at", flat=True)[:limit])
