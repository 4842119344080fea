"""Giving out a number: the ticket is written under the lock of the hall's day. Called by commands only."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from yichuang.core.bearers import bearer_hash
from yichuang.core.crypto import blind_index
from yichuang.core.events import publish
from yichuang.network import queries as network
from yichuang.visits import keeping
from yichuang.visits.events import TicketTaken
from yichuang.visits.halls import tell
from yichuang.visits.models import HallDay, Queue, Ticket
from yichuang.visits.ports import forecaster
from yichuang.visits.rules import order
from yichuang.visits.rules.queues import covers, width
from yichuang.visits.values import Head, Source, Taken, TicketClass
from yichuang.visits.waits import lines_now, orders_of

NEW = UUID(int=0)  # a number that is not there yet


def kept_ticket(place: UUID, key: str) -> Taken | None:
    """What was given for this press before; None for the first. To be asked under the lock of the hall's day."""
    row = Ticket.objects.filter(place=place, key=key).first()
    return taken(row) if row else None


def taken(ticket: Ticket) -> Taken:
    """A ticket as who took it holds it, with the secret of its page."""
    return Taken(ticket.id, ticket.number, _token(ticket.place_id, ticket.key), ticket.said_least, ticket.said_most)


def _token(place: UUID, key: str) -> str:
    return blind_index("visits.ticket", f"{place}:{key}")


def give(
    day: HallDay,
    queue: Queue,
    *,
    of: TicketClass,
    source: Source,
    key: str,
    person: UUID | None,
    items: Sequence[str],
    reason: str = "",
    companions: int = 0,
    at: datetime,
    slot: datetime | None = None,
) -> Taken:
    """One more number of the queue. `slot`: the beginning of the appointment that was kept, which decides since when it
    counts as waiting."""
    code = network.get_place_by_id(day.place_id).code
    serial = keeping.next_serial(day, queue, code)
    line = lines_now(day.place_id, day.day, [queue.id])[queue.id]
    turn = None  # who comes last is called last, unless their class goes first
    if of is not TicketClass.ORDINARY:
        _, turn = orders_of([queue.id], day.day, at)[queue.id].place(of, Head(NEW, at))
    wait = forecaster().waits([line.seen(queue.id, line.waiting, at, of, turn)])[0]
    ticket = Ticket.objects.create(
        place_id=day.place_id,
        day=day.day,
        number=order.number(queue.letter, serial),
        queue=queue,
        of=of.value,
        reason=reason,
        items=list(items),
        source=source.value,
        person_id=person,
        companions=companions,
        key=key,
        token_hash=bearer_hash(_token(day.place_id, key)),
        taken_at=at,
        order_at=at if slot is None else order.of_appointment(slot, at, wait.likely if wait else timedelta(0)),
        said_least=_minutes(wait.least) if wait else None,
        said_likely=_minutes(wait.likely) if wait else None,
        said_most=_minutes(wait.most) if wait else None,
        said_learned=bool(wait and wait.learned),
        seen_desks=line.desks,
        seen_taken=line.taken,
    )
    keeping.taken(day, ticket, at)
    tell(ticket)
    publish(TicketTaken(ticket=ticket.id, place=day.place_id, at=at))
    return taken(ticket)


def _minutes(time: timedelta) -> int:
    return int(time.total_seconds() // 60)


def takes(queue: Queue, items: Sequence[str]) -> bool:
    """Whether the queue is the one for all these items."""
    organs = {item: network.find_assignment(item) for item in items}
    departments = {item: row.department for item, row in organs.items() if row is not None}
    return queue.by_item and covers(queue.items, queue.departments, items, departments)


def queue_for(queues: Iterable[Queue], items: Sequence[str]) -> Queue | None:
    """To which of these queues all the items lead; None where they lead to none."""
    found = [one for one in queues if takes(one, items)]
    return min(found, key=lambda one: width(one.items, one.departments, items), default=None)
