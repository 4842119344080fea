"""A page of rows of a table, by a column and the id: the cursor is the id of the last row that was shown."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from yichuang.core.paging import Page, bad_cursor


def page_of(rows: "QuerySet[Any]", key: str, cursor: str | None, size: int, *, latest: bool = False) -> "Page[Any]":
    """The first `size` rows by `key` behind the cursor, the earliest first or the latest.

    What became of the cursor's row does not matter, as long as it is there and has a `key`: the page goes on behind it. A cursor that
    names no row begins anew; one that could not name any is Refused BAD_CURSOR.
    """
    last = rows.model._default_manager.filter(id=_id(cursor)).exclude(**{key: None}).first() if cursor else None
    if last is not None:
        on, passed = ("lte", "gte") if latest else ("gte", "lte")
        value = getattr(last, key)
        rows = rows.filter(**{f"{key}__{on}": value}).exclude(**{key: value, f"id__{passed}": last.id})
    sign = "-" if latest else ""
    found = tuple(rows.order_by(f"{sign}{key}", f"{sign}id")[: size + 1])
    return Page(found[:size], str(found[size - 1].id) if len(found) > size else None)


def _id(cursor: str) -> UUID:
    try:
        return UUID(cursor)
    except ValueError:
        raise bad_cursor() from None
