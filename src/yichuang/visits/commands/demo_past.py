"""A past for a queue of the demo: numbers of days gone by, so that there is something to learn from."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from yichuang.core.bearers import bearer_hash
from yichuang.core.clock import local
from yichuang.network import queries as network
from yichuang.people import queries as people
from yichuang.visits.models import Call, Desk, HallDay, Queue, Ticket
from yichuang.visits.permissions import SERVES
from yichuang.visits.rules.order import number
from yichuang.visits.states import Move, TicketState
from yichuang.visits.values import Outcome, PastTicket, Rule, Source

NOON = 13


@transaction.atomic
def load_demo_past(*, queue: UUID, rows: Sequence[PastTicket]) -> int:
    """How many numbers were written; none where the hall has numbers of these days already. For demos and tests only: no
    ledger entry tells of people whom nobody served."""
    of = Queue.objects.get(id=queue)
    days = {row.day for row in rows}
    if not rows or Ticket.objects.filter(queue=of, day__in=days).exists():
        return 0
    tickets = [_ticket(of, serial, row) for serial, row in _numbered(rows)]
    _seat(of, tickets, rows)
    Ticket.objects.bulk_create(tickets, batch_size=1000)
    called = sorted((one.called_at, one.number, one) for one in tickets if one.called_at is not None)
    seqs: dict[date, int] = {}
    calls = [_call(one, at, seqs) for at, _, one in called]
    Call.objects.bulk_create(calls, batch_size=1000)
    new = [HallDay(place_id=of.place_id, day=day, calls=seqs.get(day, 0)) for day in sorted(days)]
    HallDay.objects.bulk_create(new, ignore_conflicts=True)
    return len(tickets)


def _seat(queue: Queue, tickets: Sequence[Ticket], rows: Sequence[PastTicket]) -> None:
    """The windows that served them: of each day, before and after noon, from the first call to the last end."""
    windows = {row.number: row.id for row in network.list_windows(queue.place_id)}
    staff = people.list_at_place(queue.place_id, SERVES, at=min(row.at for row in rows))
    desks: dict[tuple[date, str, bool], Desk] = {}
    for ticket, row in zip(tickets, rows, strict=True):
        called, ended = ticket.called_at, ticket.ended_at
        if called is None or ended is None or row.window not in windows or not staff:
            continue
        who = staff[int(row.window) % len(staff)]
        key = row.day, row.window, local(called).hour < NOON
        desk = desks.get(key) or Desk(
            place_id=queue.place_id, window_id=windows[row.window], window_number=row.window, staff_id=who.id,
            staff_name=who.name, queues=[queue.id], opened_at=called, closed_at=ended,
        )  # fmt: skip
        desk.opened_at, desk.closed_at = min(desk.opened_at, called), max(desk.closed_at or ended, ended)
        desks[key] = ticket.desk = desk
    Desk.objects.bulk_create(desks.values())


def _numbered(rows: Sequence[PastTicket]) -> Sequence[tuple[int, PastTicket]]:
    serials: dict[date, int] = {}
    found = []
    for row in rows:
        serials[row.day] = serials.get(row.day, 0) + 1
        found.append((serials[row.day], row))
    return found


def _ticket(queue: Queue, serial: int, row: PastTicket) -> Ticket:
    key = f"past:{row.day}:{queue.letter}{serial}"
    called = row.at + timedelta(seconds=row.waited) if row.waited is not None else None
    told = row.told
    return Ticket(
        place_id=queue.place_id, day=row.day, number=number(queue.letter, serial), queue=queue, of=row.of.value,
        items=[row.item] if row.item else [], source=Source.KIOSK.value, key=key,
        token_hash=bearer_hash(f"{queue.id}:{key}"), taken_at=row.at, order_at=row.at,
        state=TicketState.DONE.value if called else TicketState.LEFT.value,
        said_least=told.least if told else None, said_likely=told.likely if told else None,
        said_most=told.most if told else None, said_learned=bool(told and told.learned),
        seen_desks=row.desks, seen_taken=row.taken, called_at=called, calls=1 if called else 0, started_at=called,
        ended_at=row.ended_at, outcome=Outcome.FILED.value if called else "",
    )  # fmt: skip


def _call(ticket: Ticket, at: datetime, seqs: dict[date, int]) -> Call:
    seqs[ticket.day] = seqs.get(ticket.day, 0) + 1
    return Call(
        place_id=ticket.place_id, day=ticket.day, seq=seqs[ticket.day], ticket=ticket, queue_id=ticket.queue_id,
        number=ticket.number, of=ticket.of, move=Move.CALL.value, rule=Rule.ORDER.value, at=at,
    )  # fmt: skip
