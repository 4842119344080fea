"""上岗资格 in the hall: which items ask for it, and who is told when people wait and nobody on duty has it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from yichuang.catalog import queries as catalog
from yichuang.core import ledger, live, roles
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date
from yichuang.core.ledger import Subject
from yichuang.core.refusals import Reason, Refused
from yichuang.core.words import Words
from yichuang.network import queries as network
from yichuang.notices import commands as notices
from yichuang.notices.values import Address
from yichuang.people import queries as people
from yichuang.visits import messages
from yichuang.visits.models import Desk, QualifiedItem, Ticket
from yichuang.visits.permissions import check_can_ask_qualification
from yichuang.visits.qualified import asking, on_duty
from yichuang.visits.states import TicketState


@transaction.atomic
def ask_qualification(*, actor: Actor, item: str, at: datetime) -> None:
    """From the next call on the item's numbers go to windows whose clerk is qualified for it. Twice is once.

    Refused ITEM_UNKNOWN; 403 unless the actor edits items.
    """
    check_can_ask_qualification(actor)
    check_scope(item)
    row = QualifiedItem(item=item, set_by_id=actor.id, set_at=at)
    if QualifiedItem.objects.filter(item=item, lifted_at=None).exists():
        return
    QualifiedItem.objects.bulk_create([row], ignore_conflicts=True)
    _noted(row, actor, "ask-qualification", at)


def check_scope(item: str) -> None:
    """Refused ITEM_UNKNOWN for what somebody would be qualified for and nobody publishes; "" is no item."""
    if item and catalog.published_name(item) is None:
        raise Refused(Reason("ITEM_UNKNOWN", messages.ITEM_UNKNOWN.format(item=item), "/item"))


@transaction.atomic
def lift_qualification(*, actor: Actor, item: str, at: datetime) -> None:
    """Every window takes the item again. Twice is once."""
    check_can_ask_qualification(actor)
    row = QualifiedItem.objects.select_for_update(of=("self",)).filter(item=item, lifted_at=None).first()
    if row is None:
        return
    row.lifted_at, row.lifted_by_id = at, actor.id
    row.save(update_fields=["lifted_at", "lifted_by"])
    _noted(row, actor, "lift-qualification", at)


def _noted(row: QualifiedItem, actor: Actor, act: str, at: datetime) -> None:
    ledger.append(act=act, actor=actor, at=at, subject=Subject("qualified-item", row.id), detail={"item": row.item})
    places = Desk.objects.filter(closed_at=None).order_by("place").values_list("place", flat=True).distinct()
    live.tell(*(f"hall:{place}" for place in places))


def tell_unqualified(*, at: datetime) -> int:
    """Tell the manager of each hall where people wait for what nobody on duty is qualified for: once a day and item.

    How many items of halls stand so.
    """
    items = asking()
    if not items:
        return 0
    waiting = Ticket.objects.filter(day=local_date(at), state=TicketState.WAITING.value, items__overlap=sorted(items))
    rows = waiting.order_by("place", "queue", "items").distinct("place", "queue", "items")
    found: dict[UUID, set[str]] = {}
    for place, queue, wanted in rows.values_list("place", "queue", "items"):
        duty = on_duty(place, at)
        if not duty.fit(queue, wanted):
            found.setdefault(place, set()).update(duty.needs(wanted))
    for place, lacking in found.items():
        for item in sorted(lacking):
            _tell(place, item, at)
    return sum(len(lacking) for lacking in found.values())


def _tell(place: UUID, item: str, at: datetime) -> None:
    managers = [row.id for row in people.list_at_place(place, [roles.HALL_MANAGER], at=at)]
    for staff, locale in people.languages_of_staff(managers).items():
        notices.send(
            address=Address("inbox", party=staff),
            locale=locale,
            template="hall_unqualified",
            values={
                "place": network.get_place_by_id(place).name,
                "item": catalog.published_name(item) or Words(item, item),
            },
            at=at,
            dedupe=f"hall_unqualified:{place}:{item}:{local_date(at)}:{staff}",
        )
