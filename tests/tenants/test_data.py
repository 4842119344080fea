"""Definitions and data of a tenant: checked, versioned, sealed, unique, counted against its quotas."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from tests.tenants.things import DECISION, PROCESS, ROW, TABLE, Tenant, add, publish, with_table

from yichuang.core.refusals import Conflict, NotFound, Refused
from yichuang.core.words import W
from yichuang.tenants import commands, queries

pytestmark = pytest.mark.django_db


def codes(refused: Any) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


# ── definitions ───────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_changed_definition_is_the_next_version_and_the_same_again_is_none(jiefang: Tenant, demo: Any) -> None:
    first = publish(jiefang, "process", "book", PROCESS, demo.at)
    again = publish(jiefang, "process", "book", PROCESS, demo.at)
    changed = publish(jiefang, "process", "book", PROCESS.replace(b"look", b"see"), demo.at)
    assert (first.version, again.version, changed.version) == (1, 1, 2)
    assert queries.get_part(jiefang.program, "process", "book").body == PROCESS.replace(b"look", b"see").decode()
    assert queries.get_part(jiefang.program, "process", "book", 1).body == PROCESS.decode()
    assert [row.version for row in queries.list_parts(jiefang.program, "process")] == [2]


@pytest.mark.parametrize(
    ("kind", "body", "code"),
    [
        ("process", "<x/>", None),
        ("process", "not xml", None),
        ("decision", "<x/>", None),
        ("form", "[]", "NOT_JSON"),
        ("form", "{", "NOT_JSON"),
        ("form", '{"type": "object"}', "FORM_DECLARATION"),
        ("table", '{"form": 1}', "WRONG_TABLE"),
        ("table", "x" * 300_001, "TOO_LARGE"),
    ],
)
def test_a_faulty_definition_is_refused_and_the_check_says_the_same(
    jiefang: Tenant, demo: Any, kind: Any, body: str, code: str | None
) -> None:
    faults = commands.check_part(actor=jiefang.program, kind=kind, name="预约", body=body)
    with pytest.raises(Refused) as refused:
        publish(jiefang, kind, "book", body, demo.at)
    assert codes(refused) == [fault.code for fault in faults if not fault.warns]
    assert code is None or code in codes(refused)


def test_forms_reach_for_nothing_outside_and_have_no_conditions(jiefang: Tenant, demo: Any) -> None:
    field = {"type": "string", "maxLength": 9, "x-label": "甲", "x-label-en": "A"}
    whole = {"type": "object", "properties": {"a": field}, "required": [], "additionalProperties": False}
    for broken in (
        {**whole, "$ref": "http://elsewhere.example/x.json"},
        {**whole, "properties": {"a": {**field, "x-when": "true"}}},
        {**whole, "properties": {"a": {**field, "pattern": "(", "x-pattern": {"zh": "甲", "en": "A"}}}},
        {**whole, "properties": {"a": {**field, "format": "hostname"}}},
        {**whole, "required": ["b"]},
        {
            **whole,
            "properties": {
                "a": {
                    "type": "string",
                    "enum": ["x", "y"],
                    "x-options": {"x": {"zh": "甲", "en": "A"}},
                    "x-label": "甲",
                    "x-label-en": "A",
                }
            },
        },
    ):
        with pytest.raises(Refused):
            publish(jiefang, "form", "ask", broken, demo.at)
    assert publish(jiefang, "form", "ask", whole, demo.at).version == 1
    assert queries.check_data(jiefang.program, "ask", {"a": "好"}, at=demo.at) == []
    wrong = queries.check_data(jiefang.program, "ask", {"a": 1, "b": 2}, at=demo.at)
    assert {reason.field for reason in wrong} == {"/a", "/b"}


def test_a_decision_says_its_value_and_row_by_row_why(jiefang: Tenant, demo: Any) -> None:
    publish(jiefang, "decision", "fee", DECISION, demo.at, W("准入", "Fee"))
    few = queries.evaluate(jiefang.program, "fee", {"人数": 12}, at=demo.at)
    assert (few.decided, few.value, [row.hit for row in few.rows]) == (True, "free", [True, False])
    assert "第 2 行" in few.rows[1].words.zh
    unsure = queries.evaluate(jiefang.program, "fee", {"人数": "十二"}, at=demo.at)
    assert (unsure.decided, unsure.value) == (False, None)
    assert unsure.doubts


def test_a_tenant_does_not_find_what_another_published(jiefang: Tenant, linli: Tenant, demo: Any) -> None:
    publish(jiefang, "process", "book", PROCESS, demo.at)
    with pytest.raises(NotFound):
        queries.get_part(linli.program, "process", "book")
    assert publish(linli, "process", "book", PROCESS, demo.at).version == 1


# ── rows ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_row_comes_back_whole_and_its_personal_columns_lie_sealed(jiefang: Tenant, demo: Any) -> None:
    with_table(jiefang, demo.at)
    id = add(jiefang, demo.at)
    assert queries.get_row(jiefang.program, "bookings", id).data == ROW
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(r)::text FROM tenants_row r WHERE id = %s", [id])
        [(stored,)] = cursor.fetchall()
    assert "一楼活动室" in stored
    assert "张晓" not in stored
    assert "13800138000" not in stored


def test_every_fault_of_a_row_is_told_at_once(jiefang: Tenant, demo: Any) -> None:
    with_table(jiefang, demo.at)
    with pytest.raises(Refused) as refused:
        add(jiefang, demo.at, people=0, mobile="1", day="tomorrow", colour="red")
    assert {reason.field for reason in refused.value.reasons} == {"/people", "/mobile", "/day", "/colour"}


def test_the_same_key_adds_one_row(jiefang: Tenant, demo: Any) -> None:
    with_table(jiefang, demo.at)
    assert add(jiefang, demo.at, "one") == add(jiefang, demo.at, "one")
    assert len(queries.list_rows(jiefang.program, "bookings").items) == 1
    with pytest.raises(Refused) as refused:
        add(jiefang, demo.at, "one", people=13)
    assert codes(refused) == ["IDEMPOTENCY_MISMATCH"]


def test_a_unique_group_is_taken_once_for_each_tenant(jiefang: Tenant, linli: Tenant, demo: Any) -> None:
    for tenant in (jiefang, linli):
        with_table(tenant, demo.at)
        add(tenant, demo.at)
    with pytest.raises(Refused) as refused:
        add(jiefang, demo.at, name="李娜")
    assert (codes(refused), refused.value.kind) == (["KEY_TAKEN"], "conflict")
    add(jiefang, demo.at, day="2026-12-02")
    add(jiefang, demo.at, day=None)  # a group without all of its columns holds nothing
    add(jiefang, demo.at, day="")


def test_rows_are_found_by_declared_groups_and_by_nothing_else(jiefang: Tenant, demo: Any) -> None:
    with_table(jiefang, demo.at)
    first, second = add(jiefang, demo.at), add(jiefang, demo.at, day="2026-12-02", mobile="13900139000")

    def found(**where: Any) -> list[Any]:
        return [row.id for row in queries.list_rows(jiefang.program, "bookings", where=where).items]

    assert found(venue="一楼活动室") == [first, second]
    assert found(mobile="13900139000") == [second]
    assert found(day="2026-12-01", venue="一楼活动室") == [first]
    assert found(venue="二楼") == []
    with pytest.raises(Refused) as refused:
        found(people=12)
    assert "venue+day" in refused.value.reasons[0].words.zh


def test_pages_go_on_behind_their_last_row(jiefang: Tenant, demo: Any) -> None:
    with_table(jiefang, demo.at)
    ids = [add(jiefang, demo.at, day=f"2026-12-{day:02}") for day in range(1, 6)]
    seen, cursor = [], None
    while True:
        page = queries.list_rows(jiefang.program, "bookings", cursor=cursor, limit=2)
        seen += [row.id for row in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert seen == ids


def test_a_change_needs_the_version_that_was_read(jiefang: Tenant, demo: Any) -> None:
    with_table(jiefang, demo.at)
    id = add(jiefang, demo.at)
    of = {"actor": jiefang.program, "table": "bookings", "row": id, "at": demo.at}
    changed = commands.change_row(version=1, data={**ROW, "day": "2026-12-09"}, **of)
    assert (changed.version, changed.data["day"]) == (2, "2026-12-09")
    with pytest.raises(Conflict) as refused:
        commands.change_row(version=1, data=ROW, **of)
    assert codes(refused) == ["STALE"]
    add(jiefang, demo.at)  # the day it had is free again
    commands.remove_row(version=2, **of)
    with pytest.raises(NotFound):
        queries.get_row(jiefang.program, "bookings", id)
    assert queries.whoami(jiefang.program, at=demo.at)[1].rows == 1


def test_another_tenants_row_is_not_there(jiefang: Tenant, linli: Tenant, demo: Any) -> None:
    for tenant in (jiefang, linli):
        with_table(tenant, demo.at)
    id = add(jiefang, demo.at)
    of = {"actor": linli.program, "table": "bookings", "row": id}
    with pytest.raises(NotFound):
        queries.get_row(**of)
    with pytest.raises(NotFound):
        commands.change_row(version=1, data=ROW, at=demo.at, **of)
    with pytest.raises(NotFound):
        commands.remove_row(version=1, at=demo.at, **of)


def test_a_table_with_rows_takes_a_new_column_and_loses_none(jiefang: Tenant, demo: Any) -> None:
    with_table(jiefang, demo.at)
    id = add(jiefang, demo.at)
    note = {"type": "string", "maxLength": 200, "x-label": "备注", "x-label-en": "Note"}
    columns: dict[str, Any] = TABLE["form"]["properties"]  # type: ignore[index]  # a form has properties
    more = {**TABLE, "form": {**TABLE["form"], "properties": {**columns, "note": note}}}  # type: ignore[dict-item]  # nor this
    assert publish(jiefang, "table", "bookings", more, demo.at).version == 2
    assert queries.get_row(jiefang.program, "bookings", id).data == ROW
    with pytest.raises(Refused) as refused:
        publish(jiefang, "table", "bookings", {**more, "unique": []}, demo.at)
    assert codes(refused) == ["KEYS_CHANGED"]


# ── quotas and scopes ─────────────────────────────────────────────────────────────────────────────────────────────
def test_rows_and_bytes_end_at_the_quota_and_come_free_again(make: Callable[..., Tenant], demo: Any) -> None:
    small = make("small", rows=1)
    with_table(small, demo.at)
    id = add(small, demo.at)
    with pytest.raises(Refused) as refused:
        add(small, demo.at, day="2026-12-02")
    assert (codes(refused), refused.value.kind) == (["QUOTA_ROWS"], "conflict")
    commands.remove_row(actor=small.program, table="bookings", row=id, version=1, at=demo.at)
    add(small, demo.at, day="2026-12-02")
    with pytest.raises(Refused) as refused:
        with_table(make("tiny", bytes=100), demo.at)
    assert codes(refused) == ["QUOTA_BYTES"]


@pytest.mark.parametrize("scope", ["read", "define", "data", "run"])
def test_a_token_may_do_what_its_scopes_say_and_no_more(
    make: Callable[..., Tenant], demo: Any, jiefang: Tenant, scope: str
) -> None:
    one = make("one", scopes=(scope,))
    attempts: dict[str, Callable[[], object]] = {
        "read": lambda: queries.list_parts(one.program, "process"),
        "define": lambda: with_table(one, demo.at),
        "data": lambda: add(one, demo.at),
        "run": lambda: queries.evaluate(one.program, "fee", {}, at=demo.at),
    }
    for needed, attempt in attempts.items():
        try:
            attempt()
            refused = ""
        except Refused as error:
            refused = error.reasons[0].code
        assert (refused == "SCOPE_MISSING") == (needed != scope), needed
