"""Reads of 上岗资格 in the hall: what asks for it, and what people wait for that nobody on duty has."""

from datetime import datetime
from uuid import UUID

from yichuang.core.clock import local_date
from yichuang.people import queries as people
from yichuang.visits.models import QualifiedItem, Ticket
from yichuang.visits.permissions import SERVES
from yichuang.visits.qualified import on_duty, waiting_for
from yichuang.visits.states import TicketState
from yichuang.visits.values import AskingItem, Unqualified


def items_asking() -> tuple[AskingItem, ...]:
    """The items that ask for a qualification, by code. No gate: that they do is no secret."""
    rows = QualifiedItem.objects.filter(lifted_at=None).order_by("item").values_list("item", "set_at")
    return tuple(AskingItem(*row) for row in rows)


def unqualified_now(place: UUID, queues: list[UUID], *, at: datetime) -> tuple[Unqualified, ...]:
    """What people wait for in these queues of a hall while nobody on duty is qualified for it. No gate."""
    duty, day = on_duty(place, at), local_date(at)
    lacking = [(queue, items) for queue, items in waiting_for(duty, queues, day) if not duty.fit(queue, items)]
    if not lacking:
        return ()
    waiting = Ticket.objects.filter(queue__in=queues, day=day, state=TicketState.WAITING.value)
    names = {row.id: row.name for row in people.list_at_place(place, SERVES, at=at)}
    held = people.qualified(names, at=at)
    wanted = sorted({item for _, items in lacking for item in duty.needs(items)})
    return tuple(
        Unqualified(
            item,
            waiting.filter(items__contains=[item]).count(),
            tuple(names[one] for one in names if held[one].covers(item, duty.organs.get(item, ""))),
        )
        for item in wanted
    )
