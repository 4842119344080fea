"""Tables grow under plans that the server keeps: what a filing costs must not depend on when they were made."""

from typing import Any

from django.db import connection

from yichuang.core import sql

WHOLE = {"network_stamp"}  # a few rows that are always wanted all
READ = """
SELECT relname, seq_tup_read FROM pg_stat_xact_user_tables WHERE seq_tup_read > 0
"""
KEPT = 8  # runs after which the server has settled on one plan for all values


def rows_read_one_after_the_other() -> dict[str, int]:
    """Rows that this transaction read without an index, by table."""
    with connection.cursor() as cursor:
        cursor.execute(READ)
        return dict(cursor.fetchall())


def test_a_filing_reads_no_table_from_end_to_end_though_its_plans_were_made_when_all_were_small(demo: Any) -> None:
    """PostgreSQL keeps the plan of a foreign key's check, or of a prepared statement, until somebody analyses the table.

    Made while a table has one page, it reads that page; thousands of filings later it would read thousands of rows.
    """
    assert sql.rows("SHOW enable_seqscan") == [("off",)], "as doors ask, see tests/settings/test_connections.py"
    actor = demo.actor("zhangxiao")

    def file() -> None:
        demo.file(actor, "fangwu-zulin-beian")
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what is checked at the COMMIT is checked now
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")

    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    connection._prepared.statements.clear()  # type: ignore[attr-defined]  # the plans of other tests
    file()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    for _ in range(KEPT):
        file()
    before = rows_read_one_after_the_other()
    file()
    after = rows_read_one_after_the_other()
    read = {table: rows - before.get(table, 0) for table, rows in after.items() if rows != before.get(table, 0)}
    assert read.keys() <= WHOLE, read


def test_what_has_no_index_is_read_all_the_same(demo: Any) -> None:
    assert sql.rows("SELECT name FROM network_stamp")
