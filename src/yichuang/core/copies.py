"""Rows that travel between two installations of this program: as plain values, and back. Sealed columns are opened here and
sealed again there, under the other side's keys: who sends them sends over a sealed line (`core.sealed_line`)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
from typing import Any

from django.db import models

Row = dict[str, Any]


def row_of(instance: models.Model, *, but: Iterable[str] = ()) -> Row:
    """The columns of a row as JSON holds them; `but` stay at home."""
    left_out = set(but)
    fields = (field for field in instance._meta.concrete_fields if field.attname not in left_out)
    return {field.attname: _plain(field, instance) for field in fields}


def _plain(field: Any, instance: models.Model) -> Any:
    value = field.value_from_object(instance)
    if value is None or isinstance(value, int | str | list | dict):
        return [str(one) for one in value] if isinstance(value, list) and hasattr(field, "base_field") else value
    return value.isoformat() if isinstance(value, date | time) else field.value_to_string(instance)


def values_of(model: type[models.Model], row: Mapping[str, Any]) -> Row:
    """The values of a row as Python holds them. KeyError for a column that there is not, ValidationError for a wrong value."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    return {name: _value(fields[name], value) for name, value in row.items()}


def _value(field: Any, value: Any) -> Any:
    base = getattr(field, "base_field", None)
    if base is not None and isinstance(value, list):
        return [base.to_python(one) for one in value]
    return field.to_python(value)


def take(model: type[models.Model], rows: Sequence[Mapping[str, Any]]) -> int:
    """Write the rows over those of the same key; how many. Within a transaction: what they point at may come after them."""
    if not rows:
        return 0
    made = [model(**values_of(model, row)) for row in rows]
    key = model._meta.pk
    assert key is not None
    names = {name for name in rows[0] if name != key.attname}
    changed = [field.name for field in model._meta.concrete_fields if field.attname in names]
    model._base_manager.bulk_create(
        made,
        update_conflicts=bool(changed),
        ignore_conflicts=not changed,
        unique_fields=[key.name] if changed else None,
        update_fields=changed or None,
    )
    return len(made)
