"""Many windows at once: nobody is called twice, nobody is lost, the order has no gap and every call follows from the rule
(real threads, real commits)."""

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from tests.visits.hall import Hall

from yichuang.network.models import Window
from yichuang.network.values import WindowKind
from yichuang.people.models import Staff
from yichuang.visits.commands.calling import call_next
from yichuang.visits.commands.desks import open_desk
from yichuang.visits.commands.serving import finish, start
from yichuang.visits.models import Call, Desk, Queue, Ticket
from yichuang.visits.rules.calling import called, choose
from yichuang.visits.values import Head, Line, LineMemory, TicketClass

WINDOWS, TICKETS = 5, 40
A_DAY = pytest.param(20, 2_000, marks=pytest.mark.long, id="a whole day")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("windows", "tickets"), [pytest.param(WINDOWS, TICKETS, id="an hour"), A_DAY])
def test_windows_that_call_at_once_share_the_numbers_out(demo: Any, windows: int, tickets: int) -> None:
    hall = Hall.of(demo)
    taken = {
        hall.take("B" if n % 5 == 2 else "A", reason="seventy" if n % 7 == 0 else "").number for n in range(tickets)
    }
    clerks = colleagues(hall, windows)

    def work(clerk: Any) -> list[str]:
        served, at = [], hall.at
        try:
            while called := call_next(actor=clerk, at=at):
                again = call_next(actor=clerk, at=at)
                assert again is not None
                assert again.number == called.number
                start(actor=clerk, at=at)
                at += timedelta(seconds=1)
                finish(actor=clerk, outcome="filed", at=at)
                served.append(called.number)
        finally:
            connection.close()
        return served

    with ThreadPoolExecutor(windows) as pool:
        served = list(pool.map(work, clerks))
    every = [number for one in served for number in one]
    assert len(every) == len(set(every)) == tickets
    assert set(every) == taken
    assert set(Ticket.objects.values_list("state", flat=True).order_by("id")) == {"DONE"}
    order = list(Call.objects.order_by("seq").values_list("seq", flat=True))
    assert order == list(range(1, 3 * tickets + 1))
    assert not unexplained()


def colleagues(hall: Hall, windows: int) -> list[Any]:
    """A clerk at each of so many windows: the first one is 李娜, the others are like her. Only every second serves B too."""
    for number in range(Window.objects.filter(place=hall.place).count() + 1, windows + 1):
        Window.objects.create(
            place_id=hall.place,
            number=str(number),
            kind=WindowKind.INTEGRATED.value,
            name_zh="综合",
            name_en="Any matter",
        )
    rows = list(Window.objects.filter(place=hall.place))
    Queue.objects.filter(id=hall.queues["A"]).update(windows=[row.id for row in rows])
    Queue.objects.filter(id=hall.queues["B"]).update(windows=[row.id for row in rows if int(row.number) % 2])
    others = Staff.objects.exclude(id=hall.clerk.id).order_by("staff_no")[: windows - 1]
    clerks = [hall.clerk, *(replace(hall.clerk, id=staff.id, name=staff.name) for staff in others)]
    assert len(clerks) == windows
    for number, clerk in enumerate(clerks, 1):
        open_desk(actor=clerk, place=hall.place, window=str(number), at=hall.at)
    return clerks


@dataclass
class Waiting:
    """A queue as it stood before each line of the log: who waits of each class, and what the last calls left behind."""

    queue: Queue
    of: dict[TicketClass, deque[Head]]
    memory: LineMemory = LineMemory()

    def line(self) -> Line:
        heads = {one: waiting[0] for one, waiting in self.of.items() if waiting}
        aim = timedelta(minutes=self.queue.aim_minutes)
        return Line(self.queue.id, aim, heads, self.memory)


def unexplained() -> list[str]:
    """The log of a day on which nobody came back, replayed by one who reads it alone: calls that the rule would not make."""
    queues = {row.id: Waiting(row, {of: deque() for of in TicketClass}) for row in Queue.objects.order_by("id")}
    for row in Ticket.objects.order_by("order_at", "id"):
        queues[row.queue_id].of[TicketClass(row.of)].append(Head(row.id, row.order_at))
    serves: dict[str, list[UUID]] = dict(Desk.objects.values_list("window_number", "queues").order_by("id"))
    found = []
    for call in Call.objects.filter(move="call").order_by("seq"):
        lines = [queues[queue].line() for queue in serves[call.window]]
        choice = choose(lines, call.at)
        if choice is None or (choice.ticket, choice.rule.value) != (call.ticket_id, call.rule):
            found.append(f"{call.seq}: {call.number} by {call.rule} to window {call.window}, but {choice}")
        for id, memory in called(lines, TicketClass(call.of)).items():
            queues[id].memory = memory
        queues[call.queue_id].of[TicketClass(call.of)].popleft()
    return found
