"""Rows of a data table between bounds and in the order of a column, page by page (docs/how-to/tenants.md)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.tenants.things import TABLE, Tenant, add, publish, with_table

from yichuang.core.refusals import Refused
from yichuang.tenants import commands, queries
from yichuang.tenants.rules import table_of
from yichuang.tenants.values import TableSpec

RANGED = {**TABLE, "ranges": [["venue", "day"], ["people"], ["day"]]}
TEXT = {"type": "string", "maxLength": 9}


def spec(ranges: Any, **columns: Any) -> TableSpec:
    found = table_of({"form": {"properties": columns, "required": []}, "ranges": ranges})
    assert found is not None
    return found


def code_of(attempt: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        attempt()
    return refused.value.reasons[0].code


# ── with rows ─────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def days(jiefang: Tenant, demo: Any) -> list[str]:
    """Bookings of two venues, not in the order of their days; one without a day."""
    publish(jiefang, "table", "bookings", RANGED, demo.at)
    for n, day in enumerate(["2026-12-05", "2026-12-01", "2026-12-09", "2026-12-03"]):
        add(jiefang, demo.at, day=day, people=n + 1)
        add(jiefang, demo.at, venue="二楼", day=day, people=400 - n)
    add(jiefang, demo.at, day=None)
    return ["2026-12-01", "2026-12-03", "2026-12-05", "2026-12-09"]


def found(tenant: Tenant, where: Any, sort: str = "", column: str = "day", **page: Any) -> list[Any]:
    rows = queries.list_rows(tenant.program, "bookings", where=where, sort=sort, **page).items
    return [row.data.get(column) for row in rows]


@pytest.mark.django_db
def test_rows_come_between_bounds_and_in_order(jiefang: Tenant, days: list[str]) -> None:
    here = {"venue": "一楼活动室"}
    assert found(jiefang, here, "day") == days
    assert found(jiefang, here, "-day") == days[::-1]
    assert found(jiefang, {**here, "day": {"from": days[1], "to": days[2]}}) == days[1:3]
    assert found(jiefang, {**here, "day": {"after": days[1], "before": days[3]}}) == days[2:3]
    assert found(jiefang, {**here, "day": {"from": days[1]}}, "-day") == days[:0:-1]
    assert found(jiefang, {"people": {"to": 3}}, column="people") == [1, 2, 3]
    assert found(jiefang, {"people": {"after": 3}}, column="people") == [4, 12, 397, 398, 399, 400]
    assert found(jiefang, {"venue": "三楼"}, "day") == []


@pytest.mark.django_db
@pytest.mark.parametrize("sort", ["day", "-day"])
def test_pages_in_order_go_on_where_they_ended_also_between_equal_keys(
    jiefang: Tenant, days: list[str], sort: str
) -> None:
    seen, cursor = [], None
    while True:
        page = queries.list_rows(jiefang.program, "bookings", sort=sort, cursor=cursor, limit=3)
        seen += [(row.data["day"], row.id) for row in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 8
    assert seen == sorted(seen, reverse=sort[0] == "-")


@pytest.mark.django_db
def test_a_changed_row_stands_at_its_new_place_and_a_removed_one_nowhere(
    jiefang: Tenant, days: list[str], demo: Any
) -> None:
    here = {"venue": "一楼活动室"}
    [row] = queries.list_rows(jiefang.program, "bookings", where={**here, "day": {"to": days[0]}}).items
    of: dict[str, Any] = {"actor": jiefang.program, "table": "bookings", "row": row.id, "at": demo.at}
    commands.change_row(version=1, data={**row.data, "day": "2026-12-31"}, **of)
    assert found(jiefang, here, "day") == [*days[1:], "2026-12-31"]
    commands.remove_row(version=2, **of)
    assert found(jiefang, here, "day") == days[1:]


@pytest.mark.django_db
def test_another_tenants_rows_are_not_between(jiefang: Tenant, linli: Tenant, days: list[str], demo: Any) -> None:
    publish(linli, "table", "bookings", RANGED, demo.at)
    assert found(linli, {}, "day") == []
    with_table(linli, demo.at)  # the newest version of its table sorts by nothing
    assert code_of(lambda: found(linli, {}, "day")) == "NOT_BETWEEN"


@pytest.mark.django_db
def test_a_page_of_a_long_table_is_read_along_the_index(jiefang: Tenant, days: list[str], demo: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tenant_id, row_id, value FROM tenants_order WHERE \"group\" = 'venue<day' ORDER BY id LIMIT 1"
        )
        tenant, row, value = cursor.fetchone()
        cursor.execute(
            'INSERT INTO tenants_row (id, tenant_id, "table", version, data, size, made_at, changed_at) '
            "SELECT md5('r' || n)::uuid, %s, 'bookings', 1, '{}', 2, now(), now() FROM generate_series(1, 20000) n",
            [tenant],
        )
        cursor.execute(
            'INSERT INTO tenants_order (id, tenant_id, row_id, "table", "group", value, key) SELECT md5(\'o\' || n)::uuid, %s, '
            "md5('r' || n)::uuid, 'bookings', 'venue<day', %s, 'x' || n FROM generate_series(1, 20000) n",
            [tenant, value],
        )
        cursor.execute("ANALYZE tenants_order, tenants_row")
    with CaptureQueriesContext(connection) as sent:
        found(jiefang, {"venue": "一楼活动室", "day": {"from": "2026-12-02"}}, limit=2)
    [asked_for] = [one["sql"] for one in sent if "tenants_order" in one["sql"]]
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) " + asked_for)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Seq Scan" not in plan, plan
    assert "Sort" not in plan, plan
