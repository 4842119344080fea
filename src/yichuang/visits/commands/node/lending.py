"""At the centre: a hall's days with their numbers are lent to its node, and come back."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from yichuang.core import ledger, live, numbers
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date
from yichuang.core.ledger import Subject
from yichuang.core.refusals import Conflict, Reason
from yichuang.network import queries as network
from yichuang.visits import messages
from yichuang.visits.keeping import lock_any
from yichuang.visits.models import HERE, Desk, HallDay, NumberBlock, Queue, Ticket
from yichuang.visits.permissions import check_can_plan, check_is_node
from yichuang.visits.values.node import BlockRow, Lent

AHEAD: Final = (
    4  # days from today on: a hall opens in the morning though the network went in the evening, or on a weekend
)
BLOCK: Final = 300  # numbers of a queue at a time: more than a queue gives in a day
LOW: Final = 100  # fewer left, and another block is lent


@transaction.atomic
def lend_days(*, node: Actor, left: Mapping[UUID, int], at: datetime) -> Lent:
    """What the node of a hall may act on from now: today and the next days, each with numbers of every queue.

    `left`: of each queue of today, how many numbers the node still has. Asked again it is the same loan. A day on which
    somebody is in the hall's queues or at its windows already stays the centre's; one that was taken back is not lent again.
    """
    _, place = check_is_node(node)
    today = local_date(at)
    for ahead in range(AHEAD):
        _lend_day(node, place, today + timedelta(days=ahead), left if not ahead else {}, at)
    return lent_to(node, at=at)


def lent_to(node: Actor, *, at: datetime) -> Lent:
    """What is lent to the node now, and which days it is asked for or has no more."""
    rows = list(HallDay.objects.filter(place=node.place, day__gte=local_date(at) - timedelta(days=31)).order_by("day"))
    mine = [row for row in rows if row.keeper_id == node.id]
    blocks = NumberBlock.objects.filter(node=node.id, day__in=[row.day for row in mine]).order_by("day", "first", "id")
    return Lent(
        tuple(row.day for row in mine if row.back_asked_at is None),
        tuple(BlockRow(row.id, row.queue_id, row.day, row.first, row.last) for row in blocks),
        tuple(row.day for row in mine if row.back_asked_at is not None),
        tuple(row.day for row in rows if row.keeper_id is None and row.taken_back_at is not None),
    )


def _lend_day(node: Actor, place: UUID, day: date, left: Mapping[UUID, int], at: datetime) -> None:
    row = lock_any(place, day)
    if row.taken_back_at is not None or row.back_asked_at is not None:
        return
    if row.keeper_id is None:
        if day == local_date(at) and _in_use(place, day):
            return
        row.keeper_id = node.id
        row.save(update_fields=["keeper"])
        _record("lend-day", node, row, at)
    if row.keeper_id == node.id and node.id is not None:
        _lend_numbers(node.id, row, left)


def _in_use(place: UUID, day: date) -> bool:
    waiting = Ticket.objects.filter(place=place, day=day, state__in=HERE).exists()
    return waiting or Desk.objects.filter(place=place, closed_at=None).exists()


def _lend_numbers(node: UUID, day: HallDay, left: Mapping[UUID, int]) -> None:
    code = network.get_place_by_id(day.place_id).code
    has = set(NumberBlock.objects.filter(node=node, day=day.day).order_by("id").values_list("queue", flat=True))
    for queue in Queue.objects.filter(place=day.place_id, active=True).order_by("id"):
        if queue.id not in has or left.get(queue.id, BLOCK) < LOW:
            block = numbers.next_block(kind=f"ticket-{queue.letter}", place=code, day=day.day, size=BLOCK)
            NumberBlock.objects.create(
                node_id=node, queue=queue, day=day.day, first=block[0], last=block[-1], upcoming=block[0]
            )


@transaction.atomic
def ask_back(*, actor: Actor, place: UUID, day: date, at: datetime) -> None:
    """The manager wants the day back (收回): the node hands it over with all that it did, as soon as it hears of it. Pressed
    twice it is asked once."""
    check_can_plan(actor, place)
    row = _lent(place, day)
    if row.back_asked_at is None:
        row.back_asked_at = at
        row.save(update_fields=["back_asked_at"])
        _record("ask-day-back", actor, row, at)


@transaction.atomic
def take_back(*, actor: Actor, place: UUID, day: date, switched_off: bool, at: datetime) -> None:
    """The day is the centre's at once, though the node was not heard (强制收回). Only who has seen that the node is switched off
    may say so: while it runs, it would go on calling. Refused SAY_SWITCHED_OFF without; what it did meanwhile and sends
    later is applied where it fits, and shown as a conflict where not."""
    check_can_plan(actor, place)
    row = _lent(place, day)
    if not switched_off:
        raise Conflict(Reason("SAY_SWITCHED_OFF", messages.SAY_SWITCHED_OFF, "/switched_off"))
    row.keeper_id, row.taken_back_at = None, at
    row.save(update_fields=["keeper", "taken_back_at"])
    _record("take-day-back", actor, row, at)
    live.tell(f"hall:{place}")


def _lent(place: UUID, day: date) -> HallDay:
    row = lock_any(place, day)
    if row.keeper_id is None:
        raise Conflict(Reason("NOT_LENT_OUT", messages.NOT_LENT_OUT))
    return row


def _record(act: str, actor: Actor, row: HallDay, at: datetime) -> None:
    detail = {"day": row.day.isoformat()}
    ledger.append(act=act, actor=actor, at=at, subject=Subject("hall-day", row.id), detail=detail)
