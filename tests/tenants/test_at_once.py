"""Calls under way while a tenant is deleted, or its table changes: real threads with connections of their own."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, connections, transaction
from tests.tenants.things import PROCESS, TABLE, Tenant, add, publish, start, with_table

from yichuang.core import second
from yichuang.core.refusals import Refused
from yichuang.tenants import commands, queries, wall
from yichuang.tenants.models import Run

pytestmark = pytest.mark.django_db(transaction=True)


class Thread(threading.Thread):
    """Runs one act by a connection of its own; keeps what it refused or raised."""

    def __init__(self, act: Callable[[], object]) -> None:
        super().__init__(daemon=True)
        self.act = act
        self.raised: BaseException | None = None
        self.start()

    def run(self) -> None:
        try:
            self.act()
        except BaseException as error:
            self.raised = error
        finally:
            connections.close_all()

    @property
    def code(self) -> str:
        """ "" when it was done; the code of its refusal."""
        self.join(20)
        assert not self.is_alive(), "it waits for ever"
        if self.raised is None:
            return ""
        assert isinstance(self.raised, Refused), repr(self.raised)
        return self.raised.reasons[0].code


def left(tenant: Tenant) -> int:
    """Rows of whatever a tenant keeps."""
    total = 0
    with wall.inside(tenant.id), connection.cursor() as cursor:
        for table in (*(one for one in wall.OWNED if one != "tenants_usage"), "engine_instance", "engine_task", "engine_token", "engine_wait"):  # fmt: skip
            cursor.execute(f"SELECT count(*) FROM {table}")
            total += cursor.fetchone()[0]
    return total


def deletion(tenant: Tenant, demo: Any) -> Callable[[], object]:
    """The second person's press; the first has asked."""
    act, args = commands.DELETE, {"code": tenant.code}
    proposal = second.propose(actor=demo.actor("shilei"), act=act, args=args, reason="应用下线", at=demo.at)
    other = demo.actor("chengyuan")

    def confirm() -> None:
        """What is confirmed is what was seen: while rows still come, the page is read again, and pressed again."""
        for _ in range(20):
            mark = second.mark_of(second.preview(other, act, args, at=demo.at))
            try:
                second.confirm(actor=other, proposal=proposal, mark=mark, at=demo.at)
                return
            except Refused as refused:
                if refused.reasons[0].code != "CHANGED":
                    raise

    return confirm


@contextmanager
def under_way(act: Callable[[], object]) -> Iterator[tuple[Thread, threading.Event]]:
    """An act that has been done, and whose transaction is not over until the event is set."""
    done, go_on = threading.Event(), threading.Event()

    def slowly() -> None:
        with transaction.atomic():
            try:
                act()
            finally:
                done.set()
            assert go_on.wait(20)

    thread = Thread(slowly)
    try:
        assert done.wait(20)
        yield thread, go_on
    finally:
        go_on.set()
        thread.join(20)


@pytest.fixture
def filled(jiefang: Tenant, demo: Any) -> Tenant:
    with_table(jiefang, demo.at)
    publish(jiefang, "process", "book", PROCESS, demo.at)
    add(jiefang, demo.at)
    hook = {"url": "http://127.0.0.1:8400/told", "kinds": ["row_added", "task_opened"]}
    commands.make_hook(actor=jiefang.program, at=demo.at, **hook)  # type: ignore[arg-type]  # as it is sent
    start(jiefang, demo.at)
    return jiefang


def claimed(tenant: Tenant, demo: Any) -> object:
    [task] = queries.list_tasks(tenant.program, ["YUYUE.look"]).items
    return commands.claim_task(actor=tenant.program, task=task.id, by="w", at=demo.at)


ACTS: dict[str, Callable[[Tenant, Any], object]] = {
    "a row": lambda tenant, demo: add(tenant, demo.at, day="2026-12-05"),
    "a run": lambda tenant, demo: start(tenant, demo.at),
    "a definition": lambda tenant, demo: publish(tenant, "form", "ask", TABLE["form"], demo.at),
    "a task": claimed,
    "a token": lambda tenant, demo: commands.make_credential(
        actor=demo.actor("shilei"), tenant=tenant.code, label="x", scopes=["read"], days=1, at=demo.at
    ),
}


@pytest.mark.parametrize("name", ACTS)
def test_deleting_waits_for_what_is_under_way_and_leaves_nothing_of_it(name: str, filled: Tenant, demo: Any) -> None:
    delete = deletion(filled, demo)
    with under_way(lambda: ACTS[name](filled, demo)) as (call, go_on):
        ending = Thread(delete)
        ending.join(0.5)
        assert ending.is_alive(), "it does not delete beside a call"
        go_on.set()
        assert (call.code, ending.code) == ("", "")
    assert left(filled) == 0
    assert not [one for one in queries.list_credentials(demo.actor("shilei"), "jiefang", at=demo.at) if one.live]


@pytest.mark.parametrize("name", ACTS)
def test_what_comes_while_it_is_deleted_waits_and_is_refused(name: str, filled: Tenant, demo: Any) -> None:
    with under_way(deletion(filled, demo)) as (ending, go_on):
        call = Thread(lambda: ACTS[name](filled, demo))
        call.join(0.5)
        go_on.set()
        assert ending.code == ""
        assert call.code in {"SIGNED_OUT", "NOT_ACTIVE", "NOT_FOUND"}
    assert left(filled) == 0
    assert not [one for one in queries.list_credentials(demo.actor("shilei"), "jiefang", at=demo.at) if one.live]


def test_many_calls_beside_a_deletion_leave_nothing_half_there(filled: Tenant, demo: Any) -> None:
    delete = deletion(filled, demo)
    calls = [Thread(lambda n=n: (add if n % 2 else start)(filled, demo.at, **({"day": f"2026-12-{n + 2:02}"} if n % 2 else {}))) for n in range(8)]  # type: ignore[misc]  # fmt: skip
    ending = Thread(delete)
    codes = {call.code for call in calls}
    assert ending.code == ""
    assert codes <= {"", "SIGNED_OUT"}
    assert left(filled) == 0


def test_no_row_of_the_old_declaration_comes_beside_a_new_version_of_the_table(jiefang: Tenant, demo: Any) -> None:
    """The table has no rows, so its columns may go; a row of the old columns must not slip in meanwhile."""
    with_table(jiefang, demo.at)
    columns: dict[str, Any] = dict(TABLE["form"]["properties"])  # type: ignore[index]  # a form has properties
    del columns["people"]
    fewer = {**TABLE, "form": {**TABLE["form"], "properties": columns}}  # type: ignore[dict-item]  # nor this
    with under_way(lambda: publish(jiefang, "table", "bookings", fewer, demo.at)) as (change, go_on):
        row = Thread(lambda: add(jiefang, demo.at))
        row.join(0.5)
        go_on.set()
        assert change.code == ""
        assert row.code == "UNKNOWN_FIELD"
    with wall.inside(jiefang.id):
        assert Run.objects.count() == 0
    assert queries.list_rows(jiefang.program, "bookings").items == ()
