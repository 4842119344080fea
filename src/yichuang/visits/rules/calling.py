"""Who is next (叫号规则). Of each queue one ticket may be next; among several queues the one that is latest for its aim.

In a queue: priority first, but at most one of three calls while others wait; then appointments whose time has come, but
at most two in a row while others wait; else by `order_at`. So the head of a class is passed by a bounded number of calls
(the property test counts them), and every answer names its rule.
"""

from collections.abc import Sequence
from datetime import datetime

from yichuang.visits.values import Choice, Head, Line, Rule, TicketClass

OTHERS_BETWEEN = 2  # calls of others between two priority ones: 优先号 at most one of three (domain.md §6)
BOOKED_IN_ROW = 2

P, B, R = TicketClass.PRIORITY, TicketClass.BOOKED, TicketClass.ORDINARY
RULES = {P: Rule.PRIORITY, B: Rule.BOOKED, R: Rule.ORDER}


def next_of(line: Line, at: datetime) -> TicketClass | None:
    """The class whose head is next in a queue; None when nobody is there to be called."""
    due = {one: head for one, head in line.heads.items() if one is not B or head.order_at <= at}
    if not due:
        return None
    if P in due and (len(due) == 1 or line.since_priority >= OTHERS_BETWEEN):
        return P
    if B in due and (R not in due or line.booked_in_row < BOOKED_IN_ROW):
        return B
    return R if R in due else P


def choose(lines: Sequence[Line], at: datetime) -> Choice | None:
    """The next ticket of a desk that serves these queues; None when all are empty."""
    found = [(line, of) for line in lines if (of := next_of(line, at)) is not None]
    if not found:
        return None
    line, of = max(found, key=lambda one: (_lateness(one[0], one[1], at), str(one[0].queue)))
    rule = RULES[of] if of is not R or len(found) == 1 else Rule.LONGEST_WAIT
    return Choice(line.heads[of].ticket, line.queue, of, rule)


def _lateness(line: Line, of: TicketClass, at: datetime) -> tuple[bool, float]:
    """A priority or booked head whose turn it is goes before other queues' order; else how often its aim has gone by."""
    head: Head = line.heads[of]
    return of is not R, (at - head.order_at) / line.aim


def called(line: Line, of: TicketClass) -> tuple[int, int]:
    """What the queue remembers after this call: (since_priority, booked_in_row).

    A priority call between two appointments ends no row of theirs: else the two classes together would starve the third.
    """
    in_row = 0 if of is R else line.booked_in_row + (of is B)
    return (0 if of is P else line.since_priority + 1), in_row
