"""At the node: what the centre lent is taken, and handed back; what it has heard needs not be sent again."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from yichuang.core import live
from yichuang.core.clock import local_date
from yichuang.visits.keeping import handed_back, keeps, lock_any, own_node
from yichuang.visits.models import HERE, HallDay, NodeLink, NumberBlock, Ticket
from yichuang.visits.values.node import Head, Lent


@transaction.atomic
def accept_loan(*, lent: Lent, place: UUID, at: datetime) -> None:
    """The node acts on these days, with these numbers, and no more on those that it is asked for.

    A day that was handed back is never taken again, whatever an answer says that was long on its way: by then the centre
    acts on it.
    """
    node = own_node()
    assert node is not None
    for day in lent.days:
        row = lock_any(place, day)
        if row.keeper_id is None and row.taken_back_at is None:
            row.keeper_id = node
            row.save(update_fields=["keeper"])
    held = set(HallDay.objects.filter(place=place, keeper=node).order_by("id").values_list("day", flat=True))
    NumberBlock.objects.bulk_create(
        [
            NumberBlock(
                id=one.id, node_id=node, queue_id=one.queue, day=one.day, first=one.first, last=one.last,
                upcoming=one.first,
            )
            for one in lent.blocks
            if one.day in held
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    for day in (*lent.asked_back, *lent.taken_back):
        _hand_back(place, day, at)


def _hand_back(place: UUID, day: date, at: datetime) -> None:
    row = lock_any(place, day)
    if row.taken_back_at is None:
        row.keeper_id, row.taken_back_at = None, at
        row.save(update_fields=["keeper", "taken_back_at"])
        handed_back(row, at)
        live.tell(f"hall:{place}")


def hand_back_past(*, at: datetime) -> int:
    """Days that are over, and on which nobody's number is open any more, are the centre's again: how many."""
    today = local_date(at)
    past = HallDay.objects.filter(keeper=own_node(), day__lt=today).order_by("place", "day")
    return sum(_over(row.place_id, row.day, at) for row in past)


@transaction.atomic
def _over(place: UUID, day: date, at: datetime) -> int:
    row = lock_any(place, day)
    if not keeps(row) or Ticket.objects.filter(place=place, day=day, state__in=HERE).exists():
        return 0
    _hand_back(place, day, at)
    return 1


@transaction.atomic
def sent(*, head: Head, at: datetime) -> None:
    """The centre has the journal as far as this. An answer that was overtaken by a later one changes nothing."""
    link = NodeLink.objects.select_for_update(of=("self",)).get()
    link.sent, link.heard_at, link.trouble = max(link.sent, min(head.seq, link.seq)), at, ""
    link.save(update_fields=["sent", "heard_at", "trouble"])
