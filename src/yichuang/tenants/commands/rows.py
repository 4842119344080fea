"""Rows of a tenant's data tables: checked by the table's form, personal columns sealed, keys unique, changes by version."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction

from yichuang.catalog import queries as catalog
from yichuang.core import idempotency
from yichuang.core.actors import Actor
from yichuang.core.ids import new_id
from yichuang.core.refusals import Conflict, NotFound, Reason, refuse_all
from yichuang.core.words import W, Words
from yichuang.tenants.books import at_home, keys_of, record
from yichuang.tenants.commands.hooks import tell
from yichuang.tenants.models import Mark, Order, Row
from yichuang.tenants.parts import part_of, spec_of
from yichuang.tenants.permissions import check_can
from yichuang.tenants.ranges import orders_of
from yichuang.tenants.rows import blind, data_row
from yichuang.tenants.rules import KEY_BYTES, LARGEST_ROW, filled, marks_of, parted, row_bytes, size_of
from yichuang.tenants.values import DATA, DataRow, TableSpec

A_ROW: Final = W("数据行", "row")
KIND: Final = "tenant_row"  # of the ledger's subjects
TAKEN = W("“{columns}”的值已有记录占用", "Another row has these values of {columns} already")
STALE = W("这一行已被更改，请重新读取后再提交", "This row has changed: read it again, then send")
TOO_LARGE = W("一行最多 100 KB", "A row has at most 100 KB")


@transaction.atomic
def add_row(*, actor: Actor, table: str, data: Mapping[str, Any], key: str, at: datetime) -> tuple[UUID, bool]:
    """A new row, once for its `key`: (its id, replayed). Refused with every fault; conflict KEY_TAKEN, QUOTA_ROWS, QUOTA_BYTES."""
    tenant = check_can(actor, DATA)

    given = filled(data)

    def do() -> dict[str, Any]:
        with at_home(actor, DATA) as home:
            home.use(rows=1, bytes=KEY_BYTES)  # first: no other version of the table comes now
            spec = _spec(tenant, table)
            size = _checked(spec, given, at)
            home.use(bytes=size)
            seen, hidden = parted(spec, given)
            row = Row.objects.create(
                id=new_id(), tenant_id=tenant, table=table, data=seen, hidden=hidden or None, size=size, made_at=at,
                changed_at=at,
            )  # fmt: skip
            _mark(row, spec, given)
            tell(tenant, "row_added", {"table": table, "row": str(row.id), "version": 1}, at)
        record("row_added", actor, at, (KIND, row.id), table=table)
        return {"id": str(row.id)}

    answer, replayed = idempotency.run_once(
        key=key,
        scope=keys_of("add_row", tenant),
        body_hash=idempotency.body_hash({"table": table, "data": dict(data)}),
        at=at,
        do=do,
    )
    return UUID(answer["id"]), replayed


@transaction.atomic
def change_row(*, actor: Actor, table: str, row: UUID, version: int, data: Mapping[str, Any], at: datetime) -> DataRow:
    """The row with these data in the place of all that it had. Refused as a new one; conflict STALE."""
    data = filled(data)
    with at_home(actor, DATA) as home:
        home.use()  # first: no other version of the table comes now
        spec, found = _spec(home.tenant, table), _locked(home.tenant, table, row, version)
        size = _checked(spec, data, at)
        home.use(bytes=size - found.size)
        found.data, hidden = parted(spec, data)
        found.hidden, found.size, found.changed_at = hidden or None, size, at
        found.version += 1
        found.save(update_fields=["data", "hidden", "size", "changed_at", "version"])
        _forget(found)
        _mark(found, spec, data)
        tell(home.tenant, "row_changed", {"table": table, "row": str(row), "version": found.version}, at)
    record("row_changed", actor, at, (KIND, row), table=table, version=found.version)
    return data_row(found)


@transaction.atomic
def remove_row(*, actor: Actor, table: str, row: UUID, version: int, at: datetime) -> None:
    """The row is gone, with its keys. Conflict STALE."""
    with at_home(actor, DATA) as home:
        home.use()
        found = _locked(home.tenant, table, row, version)
        home.use(rows=-1, bytes=-found.size)
        _forget(found)
        found.delete()
        tell(home.tenant, "row_removed", {"table": table, "row": str(row)}, at)
    record("row_removed", actor, at, (KIND, row), table=table)


def _spec(tenant: UUID, table: str) -> TableSpec:
    return spec_of(part_of(tenant, "table", table).body)


def _checked(spec: TableSpec, data: Mapping[str, Any], at: datetime) -> int:
    """The bytes that the row counts for. Refused with every fault of its data."""
    if size_of(data) > LARGEST_ROW:
        refuse_all([Reason("TOO_LARGE", TOO_LARGE)], kind="too_large")
    refuse_all(catalog.check_plain_form(spec.form, data, at=at))
    return row_bytes(spec, data)


def _locked(tenant: UUID, table: str, row: UUID, version: int) -> Row:
    found: Row | None = Row.objects.select_for_update(of=("self",)).filter(tenant=tenant, table=table, id=row).first()
    if found is None:
        raise NotFound(A_ROW)
    if found.version != version:
        raise Conflict(Reason("STALE", STALE, "/version"))
    return found


def _forget(row: Row) -> None:
    for found_by in (Mark, Order):
        found_by.objects.filter(tenant=row.tenant_id, row=row).delete()


def _mark(row: Row, spec: TableSpec, data: Mapping[str, Any]) -> None:
    """What the row is found by, and where it stands in order. Refused (conflict) with every unique key that another row has."""
    marks = [
        Mark(
            id=new_id(),
            tenant_id=row.tenant_id,
            row=row,
            table=row.table,
            group=group,
            unique=unique,
            value=blind(row.tenant_id, row.table, group, value),
        )  # fmt: skip
        for group, value, unique in marks_of(spec, data)
    ]
    keys = [mark for mark in marks if mark.unique]
    refuse_all([_taken(mark) for mark in keys if _is_taken(mark)], kind="conflict")
    try:
        with transaction.atomic():
            Mark.objects.bulk_create(marks)
    except IntegrityError as error:  # another act at this very moment
        if "tenants_mark_once" not in str(error):
            raise
        raise Conflict(*(_taken(mark) for mark in keys)) from None
    Order.objects.bulk_create(
        Order(
            id=new_id(),
            tenant_id=row.tenant_id,
            row=row,
            table=row.table,
            group=group,
            value=blind(row.tenant_id, row.table, group, value),
            key=key,
        )
        for group, value, key in orders_of(spec, data)
    )


def _is_taken(mark: Mark) -> bool:
    same = Mark.objects.filter(tenant=mark.tenant_id, table=mark.table, group=mark.group, value=mark.value)
    return bool(same.filter(unique=True).exists())


def _taken(mark: Mark) -> Reason:
    named = mark.group.replace("+", "、"), mark.group.replace("+", ", ")
    return Reason("KEY_TAKEN", TAKEN.format(columns=Words(*named)), "/" + mark.group.partition("+")[0])
