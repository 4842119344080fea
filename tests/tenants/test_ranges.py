"""Rows of a data table between bounds and in the order of a column, page by page (docs/how-to/tenants.md)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from tests.tenants.things import TABLE, Tenant, add, publish, with_table

from yichuang.core.refusals import Refused
from yichuang.tenants import commands, queries
from yichuang.tenants.ranges import asked, orders_of, range_name, read_cursor, sort_key, write_cursor
from yichuang.tenants.rules import kept_reasons, row_bytes, table_of, table_reasons
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


# ── pure ──────────────────────────────────────────────────────────────────────────────────────────────────────────
@given(
    st.lists(st.one_of(st.integers(-(10**15), 10**15), st.floats(allow_nan=False, allow_infinity=False)), min_size=2)
)
def test_keys_of_numbers_stand_as_the_numbers_do(numbers: list[float]) -> None:
    keys = [sort_key(number).encode() for number in numbers]
    for one, key in zip(numbers, keys, strict=True):
        for other, beside in zip(numbers, keys, strict=True):
            assert (key < beside) == (float(one) < float(other)), (one, other)


def test_numbers_beyond_all_doubles_stand_at_the_ends_and_equal_ones_together() -> None:
    assert (
        sort_key(-(10**400))
        < sort_key(-1.7e308)
        < sort_key(0)
        == sort_key(-0.0)
        < sort_key(1.7e308)
        < sort_key(10**400)
    )
    assert sort_key(1) == sort_key(1.0)
    assert sort_key("2026-12-01") == "2026-12-01"
    assert sort_key("长" * 300) == "长" * 200


def test_only_numbers_and_short_open_texts_can_be_sorted_by() -> None:
    columns = {
        "a": {"type": "integer"}, "b": {"type": "number"}, "c": TEXT, "d": {"type": "string", "format": "date"},
        "e": {"type": "string", "maxLength": 200}, "f": {"type": "string", "enum": ["x"]},
    }  # fmt: skip
    assert list(table_reasons(spec([[name] for name in columns], **columns))) == []
    wrong = {
        "a": {"type": "integer", "x-personal": True}, "b": {"type": "boolean"}, "c": {"type": "string", "maxLength": 201},
        "d": {"type": "string"},
    }  # fmt: skip
    found = list(table_reasons(spec([[name] for name in wrong], **wrong)))
    assert [(reason.code, reason.field) for reason in found] == [("NOT_SORTED", f"/ranges/{n}") for n in range(4)]
    assert [one.code for one in table_reasons(spec([["z"], [], ["a", "z"]], a=TEXT))] == [
        "NO_COLUMN",
        "NO_GROUP",
        "NO_COLUMN",
    ]
    many = {f"c{n}": TEXT for n in range(11)}
    assert [one.code for one in table_reasons(spec([[name] for name in many], **many))] == ["TOO_MANY_COLUMNS"]
    before = {"p": {**TEXT, "x-personal": True}, "a": TEXT}
    assert list(table_reasons(spec([["p", "a"]], **before))) == [], "equal values are found by a blind index"


def test_a_table_with_rows_keeps_what_it_is_sorted_by() -> None:
    old, new = spec([["a"]], a=TEXT), spec([], a=TEXT)
    assert [one.code for one in kept_reasons(old, new)] == ["KEYS_CHANGED"]
    assert list(kept_reasons(old, old)) == []


def test_a_row_stands_in_the_orders_of_which_it_has_every_column_and_counts_for_them() -> None:
    table = spec([["v", "d"], ["n"]], v=TEXT, d=TEXT, n={"type": "integer"})
    assert list(orders_of(table, {"v": "A", "d": "x"})) == [("v<d", '["A"]', "x")]
    assert list(orders_of(table, {"n": 0})) == [("<n", "[]", sort_key(0))]
    assert row_bytes(table, {"n": 1}) - row_bytes(table, {}) == len('"n":1') + 150
    assert range_name(("v", "w", "d")) == "v+w<d"


def test_what_is_asked_is_held_against_what_is_declared() -> None:
    table = spec([["v", "d"]], v=TEXT, d=TEXT, n={"type": "integer"})
    found = asked(table, {"v": "A", "d": {"from": "a", "before": "c"}}, "-d")
    assert (found.group, found.value, dict(found.bounds), found.down, found.ordered) == (
        "v<d", '["A"]', {"gte": "a", "lt": "c"}, True, True,
    )  # fmt: skip
    assert dict(asked(table, {"v": "A", "d": {"to": "a", "after": "c"}}).bounds) == {"lte": "a", "gt": "c"}
    assert asked(table, {"v": "A"}, "d").ordered
    assert not asked(table, {}).ordered
    for where, sort in (
        ({"d": {"from": "a"}}, ""), ({}, "d"), ({"v": "A"}, "v"), ({"v": {"from": "a"}, "d": "x"}, ""),
        ({"v": "A", "d": {"from": "a"}}, "v"), ({"v": "A", "n": 1}, "d"), ({"v": {"from": "a"}, "d": {"from": "b"}}, ""),
    ):  # fmt: skip
        assert code_of(lambda where=where, sort=sort: asked(table, where, sort)) == "NOT_BETWEEN"  # type: ignore[misc]  # a loop's value as a default
    assert code_of(lambda: asked(table, {"v": "A"})) == "NOT_FOUND_BY"
    numbers = spec([["n"]], n={"type": "integer"})
    for wrong in ("1", True, None):
        assert code_of(lambda wrong=wrong: asked(numbers, {"n": {"from": wrong}})) == "BAD_BOUND"  # type: ignore[misc]  # a loop's value as a default
    assert code_of(lambda: asked(table, {"v": "A", "d": {"from": 1}})) == "BAD_BOUND"


@pytest.mark.parametrize("cursor", ["x", "W10=", "WzEsMl0=", "WyJhIiwiYiJd", "e30=", "bnVsbA=="])
def test_a_page_mark_that_is_none_is_refused(cursor: str) -> None:
    for ordered in (True, False):
        assert code_of(lambda ordered=ordered: read_cursor(cursor, ordered=ordered)) == "BAD_CURSOR"  # type: ignore[misc]  # a loop's value as a default


def test_a_page_mark_is_read_as_it_was_written() -> None:
    from yichuang.core.ids import new_id

    row = new_id()
    assert read_cursor(write_cursor("长,", row), ordered=True) == ("长,", row)
    assert read_cursor(str(row), ordered=False) == ("", row)


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
