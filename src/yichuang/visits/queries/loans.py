"""Reads of the things that a hall lends (便民物品)."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, F, Q

from yichuang.core.actors import Actor
from yichuang.core.masks import mask_mobile
from yichuang.core.words import Words
from yichuang.visits.models import Loan, LoanItem
from yichuang.visits.permissions import can_plan, check_can_guide
from yichuang.visits.values import LoanDesk, LoanFigures, LoanItemRow, LoanRow

SHOWN, DAYS = 200, timedelta(days=30)


def loan_desk(actor: Actor, place: UUID, *, at: datetime) -> LoanDesk:
    """What is lent, who has what, and how it went in thirty days. Refused (403) for staff of elsewhere."""
    check_can_guide(actor, place)
    rows = LoanItem.objects.filter(place=place).order_by("name_zh", "id")
    items = [LoanItemRow(row.id, _name(row), row.owned, row.out, row.minutes) for row in rows if row.active or row.out]
    out = Loan.objects.filter(place=place, ended_at=None).select_related("item").order_by("due_at", "id")[:SHOWN]
    return LoanDesk(tuple(items), tuple(_row(row, at) for row in out), _figures(place, at), can_plan(actor, place))


def _name(row: LoanItem) -> Words:
    return Words(row.name_zh, row.name_en)


def _row(row: Loan, at: datetime) -> LoanRow:
    return LoanRow(
        row.id, _name(row.item), row.name_masked, mask_mobile(row.mobile), row.out_at, row.due_at, at > row.due_at,
        row.reminded_at,
    )  # fmt: skip


def _figures(place: UUID, at: datetime) -> tuple[LoanFigures, ...]:
    late = Q(ended_at__gt=F("due_at")) | Q(ended_at=None, due_at__lt=at)
    told = Loan.objects.filter(place=place, out_at__gte=at - DAYS).values("item__name_zh", "item__name_en")
    rows = told.annotate(lent=Count("id"), late=Count("id", filter=late), lost=Count("id", filter=Q(end="lost")))
    return tuple(
        LoanFigures(Words(row["item__name_zh"], row["item__name_en"]), row["lent"], row["late"], row["lost"])
        for row in rows.order_by("item__name_zh")
    )
