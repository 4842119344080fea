"""Who waits in each queue, for the wall."""

from datetime import datetime
from uuid import UUID

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from yichuang.core.clock import local_date
from yichuang.core.refusals import NotFound
from yichuang.visits import messages
from yichuang.visits.models import Ticket
from yichuang.visits.queries.hall import queues_of
from yichuang.visits.states import TicketState
from yichuang.visits.values import TicketClass, WaitingLine

SHOWN = 8  # of each queue: what can be read from six metres (ux.md)


def waiting_lines(place: UUID, *, at: datetime) -> tuple[WaitingLine, ...]:
    """Each queue with the numbers that have waited longest in it: no person. NotFound for a place without queues."""
    queues = queues_of(place, at=at)
    if not queues:
        raise NotFound(messages.QUEUE)
    waiting = Ticket.objects.filter(place=place, day=local_date(at), state=TicketState.WAITING.value)
    in_turn = Window(RowNumber(), partition_by="queue", order_by=(F("order_at").asc(), F("id").asc()))
    rows = waiting.annotate(turn=in_turn).filter(turn__lte=SHOWN).order_by("queue", "turn")
    found: dict[UUID, list[tuple[str, TicketClass]]] = {}
    for queue, number, of in rows.values_list("queue", "number", "of"):
        found.setdefault(queue, []).append((number, TicketClass(of)))
    return tuple(WaitingLine(queue, tuple(found.get(queue.id, ()))) for queue in queues)
