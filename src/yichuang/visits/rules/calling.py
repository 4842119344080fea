"""Who is next (叫号规则), among all the queues that a window serves.

Priority first, but at most one of three calls while others wait; then appointments whose time has come, but at most two in
a row while others wait; else who is latest for the aim of their queue. Both caps are counted over all the queues of the
window, since a window that serves a queue of priority beside others would call it first each time. What each queue
remembers is of every window that serves it: so in no line, and at no window, more than one of three calls is a priority one
while somebody else waits there (the property tests), and every answer names its rule. One exception: where windows share a queue,
the others could take each turn of priority, or of appointments; so a queue that had none for OVERDUE calls has one, once in
so many.
"""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from yichuang.visits.values import Choice, Head, Line, LineMemory, Rule, TicketClass

OTHERS_BETWEEN = 2  # calls of others between two priority ones: 优先号 at most one of three (domain.md §6)
OVERDUE = 12  # calls of others past a priority number or an appointment of a queue, then it goes first; a morning begins at nine
BOOKED_IN_ROW = 2

ALONE = UUID(int=0)  # a queue of which only the order within is asked

P, B, R = TicketClass.PRIORITY, TicketClass.BOOKED, TicketClass.ORDINARY


def choose(lines: Sequence[Line], at: datetime) -> Choice | None:
    """The next ticket of a desk that serves these queues; None when nobody is there to be called."""
    due = [(line, _due(line, at)) for line in lines]
    of = _turn(due)
    if of is None:
        return None
    heads = [(line, there[of]) for line, there in due if of in there]
    line, head = max(heads, key=lambda one: (_overdue(one[0], of), _lateness(one[0], one[1], at), str(one[0].queue)))
    return Choice(head.ticket, line.queue, of, _rule(of, len(heads), {one for _, there in due for one in there}))


def order_of_calls(
    waiting: Iterable[tuple[TicketClass, Head]], aim: timedelta, memory: LineMemory, at: datetime
) -> list[UUID]:
    """In which order the numbers that wait in one queue would be called, if nobody else came and its windows served no other;
    an appointment that is early counts as if its time had come."""
    rows: dict[TicketClass, deque[Head]] = {}
    for of, head in sorted(waiting, key=lambda one: (one[1].order_at, str(one[1].ticket))):
        rows.setdefault(of, deque()).append(head)
    moment = max([at, *(head.order_at for heads in rows.values() for head in heads)])
    found: list[UUID] = []
    while choice := choose([Line(ALONE, aim, {of: heads[0] for of, heads in rows.items() if heads}, memory)], moment):
        rows[choice.of].popleft()
        memory = _after(memory, choice.of)
        found.append(choice.ticket)
    return found


def _due(line: Line, at: datetime) -> Mapping[TicketClass, Head]:
    """The heads of a queue that may be called now: an appointment waits for its time."""
    return {of: head for of, head in line.heads.items() if of is not B or head.order_at <= at}


def _turn(due: Sequence[tuple[Line, Mapping[TicketClass, Head]]]) -> TicketClass | None:
    """Whose turn it is. A cap holds where somebody waits whom it is for."""
    there = {of for _, heads in due for of in heads}
    others = [line for line, heads in due if B in heads or R in heads]
    ordinary = [line for line, heads in due if R in heads]
    overdue = {of for line, heads in due for of in heads if _overdue(line, of)}
    if P in overdue or (P in there and all(line.memory.since_priority >= OTHERS_BETWEEN for line in others)):
        return P
    if B in overdue or (B in there and all(line.memory.booked_in_row < BOOKED_IN_ROW for line in ordinary)):
        return B
    return R if ordinary else None


def _overdue(line: Line, of: TicketClass) -> bool:
    """Whether the windows of this queue have passed its numbers of a class by so often that no other queue holds them back."""
    since = {P: line.memory.since_priority, B: line.memory.since_booked}
    return since.get(of, 0) >= OVERDUE


def _rule(of: TicketClass, lines: int, there: set[TicketClass]) -> Rule:
    """Why this one: of an ordinary ticket also that it was not the turn of those who would go first."""
    if of is P:
        return Rule.PRIORITY
    if of is B:
        return Rule.BOOKED
    if there - {R}:
        return Rule.TURN
    return Rule.ORDER if lines == 1 else Rule.LONGEST_WAIT


def _lateness(line: Line, head: Head, at: datetime) -> float:
    """How often the aim of its queue has gone by."""
    return (at - head.order_at) / line.aim


def called(lines: Sequence[Line], of: TicketClass) -> Mapping[UUID, LineMemory]:
    """What the queues of the window remember after this call.

    A priority call between two appointments ends no row of theirs: else the two classes together would starve the third.
    """
    return {line.queue: _after(line.memory, of) for line in lines}


def _after(memory: LineMemory, of: TicketClass) -> LineMemory:
    return LineMemory(
        since_priority=0 if of is P else memory.since_priority + 1,
        booked_in_row=0 if of is R else memory.booked_in_row + (of is B),
        since_booked=0 if of is B else memory.since_booked + 1,
    )
