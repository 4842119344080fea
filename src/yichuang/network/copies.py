"""The network as it travels to a hall node: places, hours, windows, departments, calendars; nothing personal is among them."""

from collections.abc import Mapping, Sequence

from django.db import models, transaction

from yichuang.core.copies import Row, row_of, take
from yichuang.network.models import (
    CalendarDay,
    CalendarYear,
    Department,
    ExtendedHours,
    ItemAssignment,
    OpeningException,
    OpeningHours,
    Place,
    Window,
    Zone,
)

TABLES: tuple[type[models.Model], ...] = (
    Place, Department, OpeningHours, OpeningException, ExtendedHours, Zone, Window, ItemAssignment, CalendarYear, CalendarDay,
)  # fmt: skip
REMOVED: tuple[type[models.Model], ...] = (
    OpeningHours,
    OpeningException,
    Zone,
    ItemAssignment,
    CalendarDay,
)  # what the centre may take away again


def copied() -> dict[str, list[Row]]:
    """Every row of the tables, by the table's name."""
    return {table.__name__: [row_of(row) for row in table._base_manager.order_by("pk")] for table in TABLES}


@transaction.atomic
def take_copied(copy: Mapping[str, Sequence[Row]]) -> None:
    """The same rows here, and no others."""
    for table in REMOVED:
        key = table._meta.pk.attname
        table._base_manager.exclude(pk__in=[row[key] for row in copy[table.__name__]]).delete()
    for table in TABLES:
        take(table, copy[table.__name__])
