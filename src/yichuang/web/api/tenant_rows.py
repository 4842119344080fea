"""/tenant/tables: the rows of another application's data tables (租户数据表)."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, P, Path, QueryEx, Router, Schema, Status

from yichuang.core.clock import now
from yichuang.core.refusals import Reason, Refused
from yichuang.core.words import W
from yichuang.tenants import commands, queries
from yichuang.tenants.values import BOUNDS, DataRow
from yichuang.web.api.bodies import check_text
from yichuang.web.api.schemas import DoneOut, In
from yichuang.web.api.tenant_shared import REFUSALS, Key, TenantMadeOut, needed
from yichuang.webkit.actor import actor_of

router = Router(tags=["tenant"])
BAD_WHERE = W(
    'where 应为 JSON 对象，如 {"venue": "A", "day": {"from": "2026-12-01", "before": "2027-01-01"}}',
    'where should be a JSON object such as {"venue": "A", "day": {"from": "2026-12-01", "before": "2027-01-01"}}',
)


class RowIn(In):
    data: dict[str, Any] = Field(description="by column; what is empty is missing")


class TenantVersionIn(In):
    version: int = Field(ge=1, le=2_000_000_000, description="the row's version that was read")


class ChangeIn(TenantVersionIn):
    data: dict[str, Any] = Field(description="all columns; what is left out is gone")


class TenantRowOut(Schema):
    id: UUID
    version: int
    data: dict[str, Any]
    made_at: datetime
    changed_at: datetime


class RowsOut(Schema):
    items: list[TenantRowOut]
    next: str | None = None


@router.get("/{code}/rows", response={200: RowsOut, **REFUSALS}, url_name="tenant_rows", summary="Rows, page by page")
def listed(
    request: HttpRequest,
    code: Path[str],
    where: QueryEx[str, P(max_length=2000)] = "",
    sort: QueryEx[str, P(max_length=100)] = "",
    cursor: QueryEx[str | None, P(max_length=1200)] = None,
    limit: QueryEx[int, P(ge=1, le=200)] = 50,
) -> dict[str, Any]:
    """In the order in which they came. `where` is a JSON object that gives a value to each column of one declared group; of a
    group of `ranges` the last column may have bounds (`from`, `to` with their value, `after`, `before` without), and `sort`
    names it, `-` before it for downwards."""
    check_text(sort)
    page = queries.list_rows(
        actor_of(request), code, where=_where(where), sort=sort, cursor=cursor or None, limit=limit
    )
    return {"items": [_row(row) for row in page.items], "next": page.next}


@router.post("/{code}/rows", response={201: TenantMadeOut, **REFUSALS}, url_name="tenant_rows", summary="Add a row, once per Idempotency-Key")  # fmt: skip
def add(request: HttpRequest, code: Path[str], body: RowIn, key: Key = "") -> Status[dict[str, Any]]:
    """Checked by the table's form; unique groups are held (409 KEY_TAKEN)."""
    made, replayed = commands.add_row(actor=actor_of(request), table=code, data=body.data, key=needed(key), at=now())
    return Status(201, {"id": made, "replayed": replayed})


@router.get("/{code}/rows/{row}", response={200: TenantRowOut, **REFUSALS}, url_name="tenant_row", summary="One row")
def one(request: HttpRequest, code: Path[str], row: Path[UUID]) -> dict[str, Any]:
    return _row(queries.get_row(actor_of(request), code, row))


@router.post("/{code}/rows/{row}/change", response={200: TenantRowOut, **REFUSALS}, url_name="tenant_row_change", summary="Change a row")  # fmt: skip
def change(request: HttpRequest, code: Path[str], row: Path[UUID], body: ChangeIn) -> dict[str, Any]:
    """409 STALE when somebody changed it since it was read."""
    return _row(
        commands.change_row(
            actor=actor_of(request), table=code, row=row, version=body.version, data=body.data, at=now()
        )
    )


@router.post("/{code}/rows/{row}/remove", response={200: DoneOut, **REFUSALS}, url_name="tenant_row_remove", summary="Remove a row")  # fmt: skip
def remove(request: HttpRequest, code: Path[str], row: Path[UUID], body: TenantVersionIn) -> dict[str, Any]:
    commands.remove_row(actor=actor_of(request), table=code, row=row, version=body.version, at=now())
    return {}


def _where(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or not all(_is_wanted(value) for value in found.values()):
        raise Refused(Reason("BAD_WHERE", BAD_WHERE, "/where"))
    bounds = [bound for value in found.values() if isinstance(value, dict) for bound in value.values()]
    for value in (*found, *found.values(), *bounds):
        if isinstance(value, str):
            check_text(value)
    return found


def _is_wanted(value: object) -> bool:
    """A value, or bounds."""
    if isinstance(value, dict):
        return (
            bool(value)
            and set(value) <= set(BOUNDS)
            and not any(isinstance(one, list | dict) for one in value.values())
        )
    return not isinstance(value, list)


def _row(row: DataRow) -> dict[str, Any]:
    names = ("id", "version", "data", "made_at", "changed_at")
    return {name: getattr(row, name) for name in names}
