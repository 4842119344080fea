"""The hall's qualifications as calling, pages and messages need them. With no item that asks for one: a single statement."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from yichuang.network import queries as network
from yichuang.people import queries as people
from yichuang.visits.models import Desk, QualifiedItem, Ticket
from yichuang.visits.rules.qualified import BREAK, OnDuty
from yichuang.visits.states import TicketState


def asking() -> frozenset[str]:
    """The items that ask for a qualification."""
    return frozenset(QualifiedItem.objects.filter(lifted_at=None).values_list("item", flat=True))


def on_duty(place: UUID, at: datetime) -> OnDuty:
    """Who serves in the hall now, and is qualified for what; a window that paused a moment ago counts."""
    items = asking()
    if not items:
        return OnDuty()
    here = Q(paused_at=None) | Q(paused_at__gte=at - BREAK)
    desks = Desk.objects.filter(here, place=place, closed_at=None).order_by("id").values_list("staff_id", "queues")
    serving: dict[UUID, frozenset[UUID]] = {}
    for staff, queues in desks:
        for queue in queues:
            serving[queue] = serving.get(queue, frozenset()) | {staff}
    everybody = Desk.objects.filter(place=place, closed_at=None).order_by("id").values_list("staff_id", flat=True)
    return OnDuty(items, _organs(items), people.qualified(everybody, at=at), serving)


def _organs(items: Collection[str]) -> Mapping[str, str]:
    found = {item: network.find_assignment(item) for item in sorted(items)}
    return {item: row.department for item, row in found.items() if row is not None}


def waiting_for(duty: OnDuty, queues: Collection[UUID], day: date) -> list[tuple[UUID, list[str]]]:
    """What people who wait in these queues need that asks for a qualification: (queue, the items of the number), each once."""
    if not duty.asking:
        return []
    waiting = Ticket.objects.filter(queue__in=queues, day=day, state=TicketState.WAITING.value)
    rows = waiting.filter(items__overlap=sorted(duty.asking)).order_by("queue", "items").distinct("queue", "items")
    return list(rows.values_list("queue_id", "items"))


def kept_from(duty: OnDuty, desk: Desk, day: date) -> Mapping[UUID, list[list[str]]]:
    """The numbers that this window may not call, by queue: what is on them."""
    found: dict[UUID, list[list[str]]] = {}
    for queue, items in waiting_for(duty, desk.queues, day):
        if not duty.may_call(desk.staff_id, queue, items):
            found.setdefault(queue, []).append(items)
    return found
