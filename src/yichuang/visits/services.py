"""What the order of calls says of services that are over: when somebody was set aside, and which nobody ended."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from yichuang.visits.models import Call, Ticket
from yichuang.visits.states import Move

MOVES = (Move.PARK, Move.RESUME, Move.FINISH)


@dataclass(slots=True)
class Service:
    """A number's service: the stretches in which it was set aside (挂起), and whether a person ended it."""

    aside: list[tuple[datetime, datetime]] = field(default_factory=list)
    ended: bool = True  # else the night did, when everybody had gone


def services_of(tickets: Collection[UUID]) -> Mapping[UUID, Service]:
    """Of these numbers those that were set aside, or were ended by a person or the night. One statement."""
    calls = Call.objects.filter(ticket__in=tickets, move__in=[one.value for one in MOVES])
    return services(calls.order_by("ticket", "seq").values_list("ticket", "move", "at", "staff"))


def services(lines: Iterable[tuple[UUID, str, datetime, UUID | None]]) -> Mapping[UUID, Service]:
    """From lines of the order of calls (ticket, move, when, by whom), those of each number in their order."""
    found: dict[UUID, Service] = {}
    since: dict[UUID, datetime] = {}
    for ticket, move, at, staff in lines:
        service = found.setdefault(ticket, Service())
        began = since.pop(ticket, None)
        if began is not None:
            service.aside.append((began, at))
        if move == Move.PARK.value:
            since[ticket] = at
        elif move == Move.FINISH.value:
            service.ended = staff is not None
    return found


def served_for(ticket: Ticket, known: Service | None) -> float | None:
    """Seconds in which somebody was at it, from the beginning of the service to its end; None without a service, or an end
    that a person saw."""
    return busy_between(ticket.started_at, ticket, known)


def held_for(ticket: Ticket, known: Service | None) -> float | None:
    """Seconds in which a window was theirs, from the last call to the end; None as `served_for`."""
    return busy_between(ticket.called_at, ticket, known)


def busy_between(since: datetime | None, ticket: Ticket, known: Service | None) -> float | None:
    """Seconds from a moment to the end of the ticket's service, less those in which it was set aside. Never less than nothing,
    whatever a clock that was set back says."""
    until = ticket.ended_at if ticket.outcome and (known is None or known.ended) else None
    if since is None or until is None:
        return None
    aside = sum((min(b, until) - max(a, since)).total_seconds() for a, b in known.aside if a >= since) if known else 0.0
    return max(0.0, (until - since).total_seconds() - aside)
