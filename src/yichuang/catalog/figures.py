"""Numbers that the catalogue vouches for: counted over the items that apply at an instant, never kept."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Count, Func

from yichuang.catalog.lists import rule
from yichuang.catalog.models import ListedItems
from yichuang.catalog.queries import current, filtered, list_items
from yichuang.catalog.values import ItemFigures, ItemList, ItemRow, ListProgress, ListRule, Mark
from yichuang.core import sql
from yichuang.core.clock import local_date
from yichuang.core.paging import Page
from yichuang.core.refusals import NotFound
from yichuang.core.words import W

_LIST = W("事项清单", "list of items")


def item_figures(*, at: datetime) -> ItemFigures:
    """How many items bear which mark, ask how many visits and can be filed where."""
    rows = current(at)
    each = rows.annotate(mark=Func("marks", function="unnest")).values_list("mark")
    with sql.scanning():
        marks = dict(each.annotate(count=Count("id")).order_by("mark"))
        visits = tuple(rows.values_list("visits").annotate(count=Count("id")).order_by("visits"))
        areas = dict(rows.values_list("area").annotate(count=Count("id")).order_by("area"))
    return rule.figures(marks, visits, areas)


def list_progress(*, at: datetime) -> tuple[ListProgress, ...]:
    """Every list with its progress, by batch, then as in the file."""
    return tuple(_progress(_list(row), at) for row in ListedItems.objects.order_by("batch", "position"))


def get_progress(code: str, *, at: datetime) -> ListProgress:
    """One list. NotFound when there is none."""
    row = ListedItems.objects.filter(code=code).first()
    if row is None:
        raise NotFound(_LIST)
    return _progress(_list(row), at)


def listed(code: str, cursor: str | None = None, limit: int = 50, *, at: datetime) -> Page[ItemRow]:
    """The items that count for the list, a page at a time. NotFound when there is no such list."""
    return list_items(rule.filters_of(get_progress(code, at=at).list.rule), cursor, limit, at=at)


def waiting_names(progress: ListProgress, *, at: datetime) -> Mapping[str, ItemRow]:
    """The lines of those named items that are published but do not satisfy the list yet."""
    return (
        {row.code: row for row in list_items(rule.named(progress.waiting), limit=100, at=at).items}
        if progress.waiting
        else {}
    )


def _progress(one: ItemList, at: datetime) -> ListProgress:
    rows = filtered(current(at), rule.filters_of(one.rule))
    if not one.rule.items:
        return rule.progress(one, rows.count(), local_date(at))
    counted = set(rows.values_list("code", flat=True))
    return rule.progress(one, len(counted), local_date(at), counted)


def _list(row: ListedItems) -> ItemList:
    asked = ListRule(tuple(Mark(mark) for mark in row.marks), row.area, row.visits, tuple(row.items))
    return ItemList(row.code, W(row.name_zh, row.name_en), row.batch, row.target, row.target_on, asked)
