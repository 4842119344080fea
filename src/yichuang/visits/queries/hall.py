"""Reads of the hall: its board, a window, my number, the order of a day."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from yichuang.core.actors import Actor, Channel
from yichuang.core.bearers import bearer_hash
from yichuang.core.clock import local_date
from yichuang.core.refusals import NotFound
from yichuang.core.words import W, Words
from yichuang.devices.permissions import is_device_of
from yichuang.network import queries as network
from yichuang.people import queries as people
from yichuang.people.values import PartyRow
from yichuang.visits import messages
from yichuang.visits.hours import serving_at
from yichuang.visits.models import PRESENT, Call, Desk, Queue, Ticket, Watch
from yichuang.visits.permissions import can_guide, check_can_guide
from yichuang.visits.qualified import on_duty
from yichuang.visits.queries.hours import hall_hours
from yichuang.visits.rules.qualified import OnDuty
from yichuang.visits.rules.watch import leave_in
from yichuang.visits.states import ENDS, MOST_RETURNS, WORDS, Move, TicketState
from yichuang.visits.values import (
    RULE_WORDS,
    Before,
    Board,
    BoardCall,
    DeskPage,
    Head,
    MyTicket,
    QueueRow,
    Rule,
    TicketClass,
    TicketRow,
    Wait,
)
from yichuang.visits.waits import Line, lines_now, orders_of, wait_of, waits_of

SHOWN = 8  # rows of a board: what can be read from six metres (ux.md)
FRESH = timedelta(minutes=1)
LISTED = 50  # tickets that a window sees waiting
OTHER_QUEUE = W("其他队列：{rule}", "another queue: {rule}")
NOT_QUALIFIED_THERE = W(
    "您的事项要有上岗资格的窗口办理，那个窗口先叫了后面的号",
    "yours needs a window whose clerk is qualified for it, so that window called the next one",
)
EARLIER = W("取号更早", "took a number earlier")


def has_queues(place: UUID) -> bool:
    """Whether numbers are given at the place at all."""
    return Queue.objects.filter(place=place, active=True).exists()


def board(place: UUID, *, at: datetime, window: str | None = None, letters: Collection[str] = frozenset()) -> Board:
    """What everybody in the hall may see; of one window, or of the queues of these letters, when they are named. NotFound
    for a place without queues."""
    day = local_date(at)
    if not has_queues(place):
        raise NotFound(messages.QUEUE)
    shown = Ticket.objects.filter(place=place, day=day, state__in=PRESENT).select_related("desk")
    if window is not None:
        shown = shown.filter(desk__window_number=window)
    if letters:
        shown = shown.filter(queue__letter__in=letters)
    calls = [
        BoardCall(
            row.number,
            row.desk.window_number,
            row.state == TicketState.SERVING.value,
            row.called_at,
            row.state == TicketState.CALLED.value and at - row.called_at < FRESH,
        )
        for row in shown.order_by("state", "-called_at", "id")[
            : SHOWN if window is None else None
        ]  # CALLED before SERVING
        if row.desk is not None and row.called_at is not None
    ]
    return Board(place, tuple(calls), _queues(place, day, at, letters=letters), hall_hours(place, at=at))


def _queues(
    place: UUID, day: date, at: datetime, only: Iterable[UUID] | None = None, letters: Collection[str] = ()
) -> tuple[QueueRow, ...]:
    rows = Queue.objects.filter(place=place, active=True)
    if letters:
        rows = rows.filter(letter__in=letters)
    if only is not None:
        rows = rows.filter(id__in=list(only))
    found = list(rows.order_by("order", "letter"))
    lines = lines_now(place, day, [row.id for row in found])
    waits, longer = waits_of(lines, at), serving_at(place, at)
    return tuple(
        _queue(row, lines[row.id], waits[row.id], at, longer is not None and not longer.takes(row.id)) for row in found
    )


def _queue(row: Queue, line: Line, wait: Wait | None, at: datetime, shut: bool) -> QueueRow:
    return QueueRow(
        row.id,
        row.letter,
        Words(row.name_zh, row.name_en),
        line.waiting,
        line.desks,
        *_minutes(wait),
        int((at - line.first).total_seconds() // 60) if line.first else 0,
        row.priority_only,
        shut,
    )


def _minutes(wait: Wait | None) -> tuple[int | None, int | None]:
    return (int(wait.least.total_seconds() // 60), int(wait.most.total_seconds() // 60)) if wait else (None, None)


def queues_of(place: UUID, *, at: datetime) -> tuple[QueueRow, ...]:
    """The queues of a hall, in their order."""
    return _queues(place, local_date(at), at)


def desk_page(actor: Actor, place: UUID, *, at: datetime) -> DeskPage:
    """The actor's window, or what could be opened. Refused (403) for staff of elsewhere."""
    check_can_guide(actor, place)
    day = local_date(at)
    desk = Desk.objects.filter(staff=actor.id, place=place, closed_at=None).first()
    if desk is None:
        taken = set(Desk.objects.filter(place=place, closed_at=None).order_by("id").values_list("window", flat=True))
        windows = [one.number for one in network.list_windows(place) if one.id not in taken and one.active]
        return DeskPage(None, "", None, None, (), (), (), (), _queues(place, day, at), tuple(windows))
    mine = Ticket.objects.filter(place=place, day=day, queue__in=desk.queues).select_related("queue", "desk")
    present = mine.filter(desk=desk, state__in=PRESENT).first()
    waiting = mine.filter(state=TicketState.WAITING.value).order_by("order_at", "id")[:LISTED]
    look = _Look(at, desk.staff_id, on_duty(place, at))
    return DeskPage(
        desk.id,
        desk.window_number,
        desk.paused_at,
        look.rows([present])[0] if present else None,
        look.rows(waiting),
        look.rows(mine.filter(state=TicketState.PARKED.value).order_by("-called_at", "id")[:LISTED]),
        look.rows(mine.filter(state=TicketState.PASSED.value).order_by("-called_at", "id")[:LISTED]),
        look.rows(mine.filter(state=TicketState.AWAY.value).order_by("order_at", "id")[:LISTED]),
        _queues(place, day, at, desk.queues),
        (),
    )


@dataclass(frozen=True, slots=True)
class _Look:
    """Tickets as one clerk sees them."""

    at: datetime
    staff: UUID
    duty: OnDuty

    def rows(self, found: Iterable[Ticket]) -> tuple[TicketRow, ...]:
        rows = list(found)
        people_of = people.list_parties({row.person_id for row in rows if row.person_id})
        return tuple(self._qualified(row, _row(row, self.at, people_of)) for row in rows)

    def _qualified(self, row: Ticket, shown: TicketRow) -> TicketRow:
        lacking = self.duty.lacks(self.staff, row.items)
        if not lacking:
            return shown
        elsewhere = not self.duty.may_call(self.staff, row.queue_id, row.items)
        return replace(shown, lacking=tuple(sorted(lacking)), elsewhere=elsewhere)


def _row(row: Ticket, at: datetime, known: Mapping[UUID, PartyRow]) -> TicketRow:
    until = row.called_at or at
    person = known[row.person_id].name_masked if row.person_id else ""
    return TicketRow(
        row.id,
        row.number,
        row.queue_id,
        Words(row.queue.name_zh, row.queue.name_en),
        TicketClass(row.of),
        row.state,
        WORDS[TicketState(row.state)],
        tuple(row.items),
        row.person_id,
        person,
        row.companions,
        row.taken_at,
        int((until - row.taken_at).total_seconds() // 60),
        row.desk.window_number if row.desk else "",
        row.calls,
        row.returns,
    )


def holder(mine: MyTicket) -> Actor:
    """Who came by the address of a ticket: may do what its holder may, and nothing else."""
    return Actor("link", channel=Channel.LINK, link=mine.ticket)


def my_ticket(token: str, *, at: datetime) -> MyTicket:
    """The ticket of this address (it stands on the paper and on the phone). NotFound for none, or one of another day."""
    row = (
        Ticket.objects.filter(token_hash=bearer_hash(token), day=local_date(at)).select_related("queue", "desk").first()
    )
    if row is None:
        raise NotFound(messages.TICKET)
    return _mine(row, at)


def ticket_here(actor: Actor, place: UUID, number: str, *, at: datetime) -> MyTicket:
    """How a number of today stands, for a machine or staff of its hall: no more than the boards say. NotFound for others."""
    row = None
    if is_device_of(actor, place) or can_guide(actor, place):
        known = Ticket.objects.filter(place=place, day=local_date(at), number=number.strip().upper())
        row = known.select_related("queue", "desk").first()
    if row is None:
        raise NotFound(messages.TICKET)
    return _mine(row, at)


def _mine(row: Ticket, at: datetime) -> MyTicket:
    ahead, wait = 0, None
    if row.state in {TicketState.WAITING.value, TicketState.AWAY.value}:
        order = orders_of([row.queue_id], row.day, at)[row.queue_id]
        place = order.place(TicketClass(row.of), Head(row.id, row.order_at))
        line = lines_now(row.place_id, row.day, [row.queue_id])[row.queue_id]
        wait, (_, ahead) = wait_of(row, line, place, at), place
    state = TicketState(row.state)
    return MyTicket(
        row.id,
        row.place_id,
        row.number,
        Words(row.queue.name_zh, row.queue.name_en),
        TicketClass(row.of),
        row.state,
        WORDS[state],
        row.desk.window_number if row.desk and state not in ENDS else "",
        ahead,
        *_minutes(wait),
        row.taken_at,
        _before(row),
        state is TicketState.PASSED and row.returns < MOST_RETURNS,
        row.encounter_id,
        row.person_id is not None,
        *_way(row, wait),
        _windows(row, at) if row.state == TicketState.WAITING.value else None,
    )


def _windows(row: Ticket, at: datetime) -> tuple[str, ...] | None:
    """The open windows whose clerks are qualified for the number; None when it needs no qualification."""
    duty = on_duty(row.place_id, at)
    if not duty.needs(row.items):
        return None
    fit = Desk.objects.filter(place=row.place_id, closed_at=None, staff__in=duty.fit(row.queue_id, row.items))
    return tuple(fit.order_by("window_number").values_list("window_number", flat=True))


def _way(row: Ticket, wait: Wait | None) -> tuple[int | None, int | None]:
    """The minutes of the way that the holder chose, and those until it is time to leave."""
    travel = Watch.objects.filter(ticket=row).values_list("travel", flat=True).first()
    left = leave_in(wait.least, timedelta(minutes=travel)) if travel is not None and wait is not None else None
    return travel, None if left is None else int(left.total_seconds() // 60)


def _before(mine: Ticket) -> tuple[Before, ...]:
    """Who was called since I took my number, until I was: each with its rule (X9)."""
    calls = Call.objects.filter(place=mine.place_id, day=mine.day, move=Move.CALL.value, at__gte=mine.taken_at)
    own = calls.filter(ticket=mine).order_by("seq").values_list("seq", flat=True).first()
    if own is not None:
        calls = calls.filter(seq__lt=own)
    rows = calls.select_related("ticket").order_by("-seq")[:LISTED]
    return tuple(Before(row.number, row.window, row.at, _why(row, mine)) for row in rows if row.ticket_id != mine.id)


def _why(call: Call, mine: Ticket) -> Words:
    rule = Rule(call.rule)
    if call.queue_id == mine.queue_id and set(call.kept_from) & set(mine.items):
        return NOT_QUALIFIED_THERE
    if rule is Rule.TURN and mine.of == TicketClass.ORDINARY.value:
        rule = Rule.LONGEST_WAIT
    if rule in {Rule.ORDER, Rule.LONGEST_WAIT} and call.queue_id == mine.queue_id:
        return EARLIER if call.ticket.order_at <= mine.order_at else RULE_WORDS[rule]
    return RULE_WORDS[rule] if call.queue_id == mine.queue_id else OTHER_QUEUE.format(rule=RULE_WORDS[rule])
