"""Statements that the server binds and keeps prepared, and the connection that carries them."""

import asyncio
import uuid
from contextlib import closing
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, NotSupportedError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from yichuang.core import sql
from yichuang.core.database.prepared import PREPARED_MOST
from yichuang.settings.env import database

COUNTER = "INSERT INTO core_counter (kind, place, day, value) VALUES ($1, $2, $3, 1)"
KEPT = "SELECT name FROM pg_prepared_statements WHERE statement = $1::text"


@pytest.mark.django_db
def test_values_of_every_kind_come_back_as_they_went():
    at = datetime(2026, 3, 3, 10, 0, 0, 123456, tzinfo=UTC)
    kept = [uuid.uuid4(), "罗湖 100% $1 'x'", 70_000, True, at, at.date(), Decimal("1.50"), b"\x00\xff", None, ["a"]]
    kinds = ["uuid", "text", "int", "bool", "timestamptz", "date", "numeric", "bytea", "text", "text[]"]
    wanted = ", ".join(f"${n}::{kind}" for n, kind in enumerate(kinds, 1))
    assert list(sql.rows(f"SELECT {wanted}", kept)[0]) == kept
    assert sql.row("SELECT $1::text WHERE $2", ["a", False]) is None
    assert sql.numbered("a = %s AND b LIKE 'x%%' AND c = %s") == "a = $1 AND b LIKE 'x%' AND c = $2"


@pytest.mark.django_db
def test_the_server_keeps_the_statement_whatever_the_size_of_a_number():
    for value in (1, 70_000, 2**40, None):
        assert sql.rows("SELECT $1::bigint", [value]) == [(value,)]
        assert sql.rows("SELECT $1::bigint", [value]) == [(value,)]
    assert sql.rows(KEPT, ["SELECT $1::bigint"]) != []


@pytest.mark.django_db
def test_it_is_counted_and_told_with_its_values_like_any_other():
    with CaptureQueriesContext(connection) as sent:
        sql.run("SELECT $1::text, $2::int", ["an'nie", 7])
    assert [query["sql"] for query in sent] == ["SELECT 'an''nie'::text, 7::int"]


@pytest.mark.django_db
def test_faults_are_djangos_and_a_rolled_back_transaction_takes_its_rows_along():
    with pytest.raises(IntegrityError), transaction.atomic():
        assert sql.run(COUNTER, ["k", "p", date(2026, 3, 3)]) == 1
        sql.run(COUNTER, ["k", "p", date(2026, 3, 3)])
    assert sql.rows("SELECT 1 FROM core_counter WHERE kind = $1", ["k"]) == []
    with transaction.atomic():
        transaction.set_rollback(True)
        with pytest.raises(transaction.TransactionManagementError):
            sql.rows("SELECT 1")


@pytest.mark.django_db
def test_the_oldest_cursors_go_when_there_are_too_many():
    for number in range(PREPARED_MOST + 20):
        assert sql.rows(f"SELECT {number}") == [(number,)]
    assert sql.rows("SELECT 0") == [(0,)]


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_the_server_ended_is_noticed_without_asking_and_replaced():
    with closing(connections["default"].copy()) as another, another.cursor() as other:
        own = sql.rows("SELECT pg_backend_pid()")[0][0]
        assert connection.is_usable()
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [own])
    assert not connection.is_usable()
    connection.health_check_enabled, connection.health_check_done = True, False
    assert sql.rows("SELECT pg_backend_pid()")[0][0] != own


@pytest.mark.django_db(transaction=True)
def test_news_that_waits_on_the_line_does_not_end_it():
    with connection.cursor() as cursor:
        cursor.execute("LISTEN test_sql")
    with closing(connections["default"].copy()) as another, another.cursor() as other:
        other.execute("NOTIFY test_sql")
    assert connection.is_usable()
    connection.close()


def test_a_pooler_that_knows_no_prepared_statements_gets_none():
    assert database("postgresql://u@h/n")["OPTIONS"]["prepare_threshold"] == 0
    assert database("postgresql://u@h/n?prepared=off")["OPTIONS"]["prepare_threshold"] is None
    assert "prepared" not in database("postgresql://u@h/n?prepared=off")["OPTIONS"]


@pytest.mark.django_db(transaction=True)
def test_a_table_that_changed_under_a_kept_statement_is_read_anew_the_next_time():
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE changing AS SELECT 1 AS kept")
    try:
        assert sql.rows("SELECT * FROM changing") == [(1,)]
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE changing ALTER kept TYPE text")
        with pytest.raises(NotSupportedError, match="cached plan"):
            sql.rows("SELECT * FROM changing")
        assert sql.rows("SELECT * FROM changing") == [("1",)]
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE changing")


def put(kind, rows=1):
    sql.later(COUNTER, [kind, "p", date(2026, 3, 3)], rows=rows)


def kinds():
    return [kind for (kind,) in sql.rows("SELECT kind FROM core_counter WHERE place = 'p' ORDER BY kind")]


@pytest.mark.django_db(transaction=True)
def test_what_needs_no_answer_travels_with_the_next_statement_that_does():
    with transaction.atomic(), sql.together():
        put("a")
        put("b")
        assert len(connection._prepared.waiting) == 2
        assert kinds() == ["a", "b"]
        put("c")
        with connection.cursor() as cursor:  # every other way to the server sends it first
            cursor.execute("SELECT count(*) FROM core_counter WHERE kind = 'c'")
            assert cursor.fetchone() == (1,)
            put("d")
            cursor.execute(
                "SELECT count(*) FROM core_counter WHERE kind = 'd'"
            )  # a cursor that was there before it too
            assert cursor.fetchone() == (1,)
            put("e")
            cursor.executemany("UPDATE core_counter SET value = 2 WHERE kind = %s", [["e"]])
            assert cursor.rowcount == 1
        put("f")
    assert kinds() == ["a", "b", "c", "d", "e", "f"]


@pytest.mark.django_db(transaction=True)
def test_what_waits_is_never_half_there():
    with pytest.raises(ZeroDivisionError), transaction.atomic(), sql.together():
        put("a")
        raise ZeroDivisionError
    with pytest.raises(IntegrityError), transaction.atomic(), sql.together():
        put("a")
        put("a")
        put("b")
    with pytest.raises(RuntimeError, match="1 rows instead of 2"), transaction.atomic(), sql.together():
        put("a", rows=2)
    assert kinds() == []
    with sql.together():  # outside a transaction nothing waits
        put("a")
        assert connection._prepared.waiting == []
    assert kinds() == ["a"]


def sure(kind):
    sql.later(COUNTER, [kind, "p", date(2026, 3, 3)], rows=1, sure=True)


@pytest.mark.django_db(transaction=True)
def test_what_is_sure_travels_with_the_commit_or_not_at_all():
    with transaction.atomic():
        with sql.together():
            sure("a")
            sure("b")
        assert len(connection._prepared.waiting) == 2  # nothing was sent, the COMMIT takes both along
    assert connection.connection.info.transaction_status.name == "IDLE"
    assert kinds() == ["a", "b"]
    with pytest.raises(IntegrityError), transaction.atomic(), sql.together():
        sure("c")
        sure("a")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        with sql.together():
            sure("d")
        raise ZeroDivisionError
    with transaction.atomic():
        with transaction.atomic(), sql.together():  # a savepoint tells what was wrong inside it
            sure("e")
        assert connection._prepared.waiting == []
        with sql.together():
            sure("f")
            put("g")  # its answer is looked at before the COMMIT
        assert connection._prepared.waiting == []
    assert kinds() == ["a", "b", "e", "f", "g"]


@pytest.mark.django_db(transaction=True)
def test_a_part_of_a_transaction_is_framed_without_an_exchange_of_its_own_and_undone_alone(monkeypatch):
    exchanges: list[int] = []
    assert kinds() == []  # connected
    send = connection._prepared._exchange
    monkeypatch.setattr(connection._prepared, "_exchange", lambda sent: (exchanges.append(len(sent)), send(sent))[1])
    with transaction.atomic(), sql.together():
        put("a")
        with transaction.atomic():
            sure("b")
        assert exchanges == []
        assert kinds() == ["a", "b"]
    assert exchanges == [6]  # BEGIN, a, SAVEPOINT, b, RELEASE and what was asked
    with transaction.atomic(), sql.together():
        sure("c")
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            sure("d")
            raise ZeroDivisionError
        with pytest.raises(IntegrityError), transaction.atomic():
            put("a")
            kinds()
        sure("e")
    assert kinds() == ["a", "b", "c", "e"]


@pytest.mark.django_db(transaction=True)
def test_what_was_answered_ahead_lets_what_waits_go_on_waiting():
    values = ["x", "p", date(2026, 3, 3)]
    ask = "SELECT count(*) FROM core_counter WHERE kind = $1 AND place = $2 AND day = $3"
    with transaction.atomic(), sql.together():
        sql.ahead(ask, values)
        kinds()
        sure("y")
        assert sql.rows(ask, values) == [(0,)]
        assert len(connection._prepared.waiting) == 1


@pytest.mark.django_db(transaction=True)
def test_what_a_deferred_check_refuses_at_the_commit_is_not_kept():
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE unique_late (n integer UNIQUE DEFERRABLE INITIALLY DEFERRED)")
    try:
        with pytest.raises(IntegrityError), transaction.atomic(), sql.together():
            for _ in range(2):
                sql.later("INSERT INTO unique_late VALUES ($1)", [1], rows=1, sure=True)
        assert sql.rows("SELECT count(*) FROM unique_late") == [(0,)]
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE unique_late")


@pytest.mark.django_db(transaction=True)
def test_what_is_asked_ahead_travels_with_the_next_statement_and_is_answered_once():
    asked = "SELECT count(*) FROM core_counter WHERE kind = ANY($1::text[])"
    with transaction.atomic(), sql.together():
        sql.ahead(asked, [["a"]])
        put("a")
        assert len(connection._prepared.waiting) == 2
        assert kinds() == ["a"]
        assert sql.rows(asked, [["b"]]) == [(0,)]  # another question
        assert sql.rows(asked, [["a"]]) == [(0,)]  # as of when it was asked
        assert sql.rows(asked, [["a"]]) == [(1,)]  # and once
        sql.ahead(asked, [["a"]])
        assert sql.rows(asked, [["a"]]) == [(1,)]  # asked for while it still waits
        sql.ahead(asked, [["a"]])
    assert connection.foreseen == {}
    sql.ahead(asked, [["a"]])  # nothing is kept outside
    assert connection.foreseen == {}
    assert connection._prepared.waiting == []


@pytest.mark.django_db(transaction=True)
def test_an_exchange_larger_than_what_the_socket_takes_ends_both_ways():
    large = "x" * 4_000_000
    with transaction.atomic(), sql.together():
        for kind in "ab":
            sql.ahead(f"SELECT $1::text || '{kind}'", [large])  # the server answers while it is still being asked
        put("c")
        assert sql.rows("SELECT length($1::text)", [large]) == [(4_000_000,)]
        assert sql.rows("SELECT $1::text || 'b'", [large]) == [(large + "b",)]
    assert kinds() == ["c"]


def test_where_an_event_loop_runs_it_speaks_on_the_connection_that_transactions_have_there():
    """Django has another one inside a loop than outside of it: a statement on the wrong one would be in no transaction."""

    async def inside() -> bool:
        return sql._database() is connections["default"]

    assert sql._database() is connections["default"]
    assert asyncio.run(inside())
