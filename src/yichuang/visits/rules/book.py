"""Whether the book of a hall's day can be true: nobody called twice, no number given twice, everybody accounted for."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from yichuang.visits.states import AT_A_DESK, ENDS, Move, TicketState, after
from yichuang.visits.values.book import BookedMove, DayBook


@dataclass(frozen=True, slots=True)
class Sums:
    """What became of the numbers of a day."""

    taken: int
    served: int
    gone: int
    there: int  # called, at a window, set aside, or still waiting

    @property
    def adds_up(self) -> bool:
        return self.taken == self.served + self.gone + self.there


def sums_of(book: DayBook) -> Sums:
    """Everybody who took a number was served, has gone, or is still there."""
    states = Counter(row.state for row in book.numbers)
    there = sum(states[state.value] for state in TicketState if state not in ENDS)
    return Sums(len(book.numbers), states[TicketState.DONE.value], states[TicketState.LEFT.value], there)


def faults_of(book: DayBook) -> list[str]:
    """Everything in the book that cannot be, in plain words; nothing when all is well."""
    walk = _Walk({row.ticket: row.number for row in book.numbers})
    lines = [fault for line in book.moves for fault in walk.step(line)]
    seqs = [line.seq for line in book.moves]
    gaps = [] if seqs == list(range(1, len(seqs) + 1)) else ["the order of calls has a gap or a repeat"]
    ends = [
        f"{row.number} is {row.state}, by the order of calls it is {walk.state(row.ticket).value}"
        for row in book.numbers
        if row.state != walk.state(row.ticket).value
    ]
    sums = sums_of(book)
    lost = [] if sums.adds_up else [f"{sums.taken} numbers, but {sums.served} + {sums.gone} + {sums.there}"]
    return [*_twice(book), *gaps, *lines, *ends, *lost]


def _twice(book: DayBook) -> list[str]:
    given = Counter(row.number for row in book.numbers)
    return [f"{number} was given {count} times" for number, count in given.items() if count > 1]


@dataclass(slots=True)
class _Walk:
    """The life of every number by its lines."""

    numbers: dict[UUID, str]
    states: dict[UUID, TicketState] = field(default_factory=dict)
    windows: dict[str, UUID] = field(default_factory=dict)  # who is called or served where

    def state(self, ticket: UUID) -> TicketState:
        return self.states.get(ticket, TicketState.WAITING)

    def step(self, line: BookedMove) -> Iterator[str]:
        """What is wrong with this line, after those before."""
        if line.ticket not in self.numbers:
            yield f"line {line.seq} is of no number of this day"
            return
        number, was = self.numbers[line.ticket], self.state(line.ticket)
        becomes = after(was, Move(line.move))
        if becomes is None:
            yield f"{number}: {line.move} while {was.value} (line {line.seq})"
            return
        self.states[line.ticket] = becomes
        other = self._sits(line, becomes)
        if other is not None:
            yield f"window {line.window} has {number} and {self.numbers[other]} at once (line {line.seq})"

    def _sits(self, line: BookedMove, becomes: TicketState) -> UUID | None:
        """Who else is at the window where this one comes to be; whoever is at no window any more has left it."""
        if becomes not in AT_A_DESK:
            self.windows = {window: ticket for window, ticket in self.windows.items() if ticket != line.ticket}
            return None
        other = self.windows.get(line.window)
        self.windows[line.window] = line.ticket
        return other if other != line.ticket else None
