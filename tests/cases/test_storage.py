"""Files that a case takes: each once, and two filings with the same files never wait for each other."""

import threading
from contextlib import closing

import pytest
from django.db import connection, connections, transaction

from yichuang.cases.models import Upload
from yichuang.cases.storage import take_own
from yichuang.core.ids import new_id

LOCK = "SELECT id FROM cases_upload WHERE id = %s FOR UPDATE SKIP LOCKED"


@pytest.mark.django_db(transaction=True)
def test_files_are_locked_in_the_order_of_their_ids_wherever_they_lie(demo):
    actor = demo.actor("zhangxiao")
    first, *between, last = sorted(demo.upload(actor) for _ in range(6))
    for owner in (None, actor.id):  # written anew: now the first lies behind the others
        Upload.objects.filter(id=first).update(owner=owner)
    case, taken = new_id(), []

    def take():
        with transaction.atomic(), connection.cursor() as cursor:
            for way in ("enable_indexscan", "enable_bitmapscan"):  # as where PostgreSQL thinks the table small
                cursor.execute(f"SET LOCAL {way} = off")
            taken.extend(row.id for row in take_own(actor, [last, *between, first], case))
            transaction.set_rollback(True)
        connection.close()

    with closing(connections["default"].copy()) as another, another.cursor() as other:
        another.set_autocommit(False)
        assert _lock(other, first)
        filing = threading.Thread(target=take)
        filing.start()
        while filing.is_alive() and not _waits(other):
            filing.join(0.02)
        free = [id for id in (*between, last) if _lock(other, id)]
        another.rollback()
        filing.join()
    assert free == [*between, last]
    assert sorted(taken) == [first, *between, last]


def _lock(cursor, id):
    cursor.execute(LOCK, [id])
    return cursor.fetchone()


def _waits(cursor):
    """Whether anybody waits for this connection."""
    cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))")
    return cursor.fetchone()[0]
