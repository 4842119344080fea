"""Tables grow under plans that the server keeps: what a filing costs must not depend on when they were made."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from yichuang.cases.figures import trip_figures
from yichuang.catalog.figures import item_figures
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


def plans_of(figure: Callable[[], Any], *table: str) -> str:
    """How the server would carry out the statements of a figure over these tables, in the settings in which it asked them."""
    found: list[str] = []

    def explained(execute: Any, statement: str, values: Any, many: bool, context: Any) -> Any:
        if any(f'"{name}"' in statement or f" {name} " in statement for name in table):
            with connection.cursor() as cursor:
                cursor.cursor.execute(f"EXPLAIN {statement}", values)
                found.extend(row[0] for row in cursor.cursor.fetchall())
        return execute(statement, values, many, context)

    with connection.execute_wrapper(explained):
        figure()
    return "\n".join(found)


def test_figures_over_many_rows_may_read_whole_tables_where_pages_may_not(demo: Any) -> None:
    """Where it is let, the server reads all if an index is the dearer way: here any is, however large earlier tests left the
    tables; where it is not let, it goes by the index all the same."""
    chief = demo.actor("mali")
    demo.file(demo.actor("zhangxiao"))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL random_page_cost = 1000000")
    figures = {
        "cases_case": lambda: trip_figures(chief, at=demo.at),
        "catalog_itemversion": lambda: item_figures(at=demo.at),
    }
    for table, figure in figures.items():
        assert f"Seq Scan on {table}" in plans_of(figure, table), table
        assert sql.rows("SHOW enable_seqscan") == [("off",)], "as before, though the transaction goes on"
        told = sql.rows(f"EXPLAIN SELECT id FROM {table} WHERE id = '00000000-0000-7000-8000-000000000000'")
        assert not any("Seq Scan" in line for (line,) in told)


@pytest.mark.django_db
def test_a_figure_that_fails_leaves_the_setting_as_it_was() -> None:
    with pytest.raises(ZeroDivisionError), sql.scanning():
        assert sql.rows("SHOW enable_seqscan") == [("on",)]
        raise ZeroDivisionError
    assert sql.rows("SHOW enable_seqscan") == [("off",)]
