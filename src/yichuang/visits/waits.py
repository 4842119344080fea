"""What is told of waits: who is ahead, which desks are open, and what the forecaster that settings have wired makes of it."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Min

from yichuang.visits.models import PRESENT, Desk, LineDay, Queue, Ticket
from yichuang.visits.ports import forecaster
from yichuang.visits.rules.calling import order_of_calls
from yichuang.visits.states import TicketState
from yichuang.visits.values import Head, LineMemory, LineSeen, TicketClass, Wait


@dataclass(frozen=True, slots=True)
class Line:
    """How a queue stands: who waits (and for what), since when the first one does, how many desks serve it and are taken."""

    waiting: int
    first: datetime | None
    desks: int
    taken: int
    mix: Mapping[str, int] = field(default_factory=dict)

    def seen(
        self, queue: UUID, ahead: int, at: datetime, of: TicketClass = TicketClass.ORDINARY, turn: int | None = None
    ) -> LineSeen:
        """The line as who stands behind `ahead` others, and is called after `turn`, sees it."""
        return LineSeen(queue, at, ahead, self.desks, self.taken, self.mix, of, turn)


@dataclass(slots=True)
class Order:
    """Who waits in a queue: when each came, and in which order they would be called."""

    aim: timedelta
    memory: LineMemory
    at: datetime
    waiting: list[tuple[TicketClass, Head]] = field(default_factory=list)
    turns: dict[UUID, int] | None = None

    def place(self, of: TicketClass, head: Head) -> tuple[int, int]:
        """How many came earlier than this number, and how many would be called before it (it may be away: as if it waited)."""
        ahead = sum(one.order_at < head.order_at for _, one in self.waiting)
        if self.turns is None:
            self.turns = self._turns(self.waiting)
        known = self.turns.get(head.ticket)
        return ahead, self._turns([*self.waiting, (of, head)])[head.ticket] if known is None else known

    def _turns(self, waiting: Sequence[tuple[TicketClass, Head]]) -> dict[UUID, int]:
        return {ticket: n for n, ticket in enumerate(order_of_calls(waiting, self.aim, self.memory, self.at))}


def orders_of(queues: Collection[UUID], day: date, at: datetime) -> Mapping[UUID, Order]:
    """The order in these queues as they stand. Three statements."""
    known = {row.queue_id: row for row in LineDay.objects.filter(queue__in=queues, day=day).order_by("id")}
    found = {}
    for id, aim in Queue.objects.filter(id__in=queues).order_by("id").values_list("id", "aim_minutes"):
        row = known.get(id)
        memory = LineMemory(row.since_priority, row.booked_in_row, row.since_booked) if row else LineMemory()
        found[id] = Order(timedelta(minutes=aim), memory, at)
    rows = Ticket.objects.filter(queue__in=queues, day=day, state=TicketState.WAITING.value).order_by("order_at", "id")
    for queue, ticket, of, order_at in rows.values_list("queue", "id", "of", "order_at"):
        found[queue].waiting.append((TicketClass(of), Head(ticket, order_at)))
    return found


def lines_now(place: UUID, day: date, queues: Collection[UUID]) -> Mapping[UUID, Line]:
    """How these queues of a hall stand. Three statements, however many queues there are."""
    return lines_of([place], day, queues)


def lines_of(places: Collection[UUID], day: date, queues: Collection[UUID]) -> Mapping[UUID, Line]:
    """How these queues of several halls stand. Three statements, too."""
    waiting, first, mix = _waiting(day, queues)
    open_now = Desk.objects.filter(place__in=places, closed_at=None, paused_at=None).order_by("id")
    serving = dict(open_now.values_list("id", "queues"))
    taken = set(
        Ticket.objects.filter(desk__in=serving, state__in=PRESENT).order_by("id").values_list("desk", flat=True)
    )
    found = {}
    for queue in queues:
        desks = [desk for desk, served in serving.items() if queue in served]
        busy = sum(desk in taken for desk in desks)
        found[queue] = Line(waiting[queue], first.get(queue), len(desks), busy, mix[queue])
    return found


def _waiting(
    day: date, queues: Collection[UUID]
) -> tuple[Mapping[UUID, int], Mapping[UUID, datetime], Mapping[UUID, dict[str, int]]]:
    """Of each queue: how many wait, since when the first one does, and for what. One statement."""
    rows = Ticket.objects.filter(queue__in=queues, day=day, state=TicketState.WAITING.value).values("queue", "items")
    count: dict[UUID, int] = defaultdict(int)
    first: dict[UUID, datetime] = {}
    mix: dict[UUID, dict[str, int]] = defaultdict(dict)
    for row in rows.annotate(n=Count("id"), first=Min("taken_at")).order_by("queue", "items"):
        queue, item = row["queue"], first_item(row["items"])
        count[queue] += row["n"]
        first[queue] = min(first.get(queue, row["first"]), row["first"])
        mix[queue][item] = mix[queue].get(item, 0) + row["n"]
    return count, first, mix


def first_item(items: Sequence[str]) -> str:
    """What a number is counted under: the first item that was named, "" for none."""
    return items[0] if items else ""


def wait_of(ticket: Ticket, line: Line, place: tuple[int, int], at: datetime) -> Wait | None:
    """How much longer who has this number waits at its `place` (`Order.place`); None while no desk serves the queue."""
    ahead, turn = place
    return forecaster().waits([line.seen(ticket.queue_id, ahead, at, TicketClass(ticket.of), turn)])[0]


def waits_of(lines: Mapping[UUID, Line], at: datetime) -> Mapping[UUID, Wait | None]:
    """The waits of who joins these queues now, asked together."""
    seen = [line.seen(queue, line.waiting, at) for queue, line in lines.items()]
    return dict(zip(lines, forecaster().waits(seen), strict=True))
