"""Timers and signals of one tenant hold up no other's, and reach nobody outside its wall."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from tests.engine.processes import bpmn, catch
from tests.tenants.things import Tenant, publish, start

from yichuang.core import events as bus
from yichuang.core import jobs
from yichuang.core.refusals import Refused
from yichuang.engine.events import ProcessFinished
from yichuang.engine.models import Wait
from yichuang.engine.queries import due_timers
from yichuang.tenants import commands, queries, wall
from yichuang.tenants.commands import tasks

pytestmark = pytest.mark.django_db
LATE = bpmn("start s", catch("t", "PT1H"), "end e", "s t", "t e")
HEARS = bpmn("start s", catch("g", "g1"), "end e", "s g", "g e", top='<bpmn:signal id="g1" name="放假"/>')


def test_timers_of_all_tenants_come_in_turn_with_a_cap_for_each(jiefang: Tenant, linli: Tenant, demo: Any) -> None:
    for tenant in (jiefang, linli):
        publish(tenant, "process", "late", LATE, demo.at)
    for _ in range(6):
        start(jiefang, demo.at, "late")
    start(linli, demo.at + timedelta(minutes=5), "late")
    due = demo.at + timedelta(hours=2)
    whose = [UUID(wait.tenant) for wait in due_timers(at=due, limit=5, each=3)]
    assert whose == [jiefang.id, linli.id, jiefang.id, jiefang.id]
    assert {UUID(wait.tenant) for wait in due_timers(at=due, limit=2, each=3)} == {jiefang.id, linli.id}


def test_the_houses_own_timers_have_no_cap(jiefang: Tenant, demo: Any) -> None:
    publish(jiefang, "process", "late", LATE, demo.at)
    for _ in range(4):
        start(jiefang, demo.at, "late")
    Wait.objects.filter(kind="timer").update(tenant="cases")
    assert len(due_timers(at=demo.at + timedelta(hours=2), limit=3, each=1)) == 3


def test_many_who_wait_for_a_signal_hear_it_by_and_by(
    jiefang: Tenant, demo: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(jiefang, "process", "hears", HEARS, demo.at)
    for _ in range(5):
        start(jiefang, demo.at, "hears")
    monkeypatch.setattr(tasks, "SIGNALS_AT_ONCE", 2)
    assert commands.send_signal(actor=jiefang.program, name="放假", at=demo.at) == 2
    later = start(jiefang, demo.at, "hears")
    assert len(queries.list_runs(jiefang.program, state="finished").items) == 2
    jobs.run_waiting()
    assert [row.id for row in queries.list_runs(jiefang.program, state="running").items] == [later], (
        "who waits only since the signal was sent does not hear it"
    )


def test_what_a_signal_moves_is_moved_inside_the_wall(
    jiefang: Tenant, demo: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The role of tenants is what writes: seen at the moment when the run ends."""
    seen: list[tuple[str, str]] = []

    def look(event: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user, current_setting('yichuang.tenant', true)")
            seen.append(cursor.fetchone())

    publish(jiefang, "process", "hears", HEARS, demo.at)
    start(jiefang, demo.at, "hears")
    monkeypatch.setitem(bus._handlers, ProcessFinished, [look, *bus._handlers[ProcessFinished]])
    commands.send_signal(actor=jiefang.program, name="放假", at=demo.at)
    assert seen == [(wall.ROLE, str(jiefang.id))]


def test_a_signal_of_a_suspended_tenant_is_refused_and_anothers_reaches_nobody_here(
    jiefang: Tenant, linli: Tenant, demo: Any, keeper: Any
) -> None:
    publish(jiefang, "process", "hears", HEARS, demo.at)
    run = start(jiefang, demo.at, "hears")
    assert commands.send_signal(actor=linli.program, name="放假", at=demo.at) == 0
    assert queries.get_run(jiefang.program, run).row.state == "running"
    commands.suspend_tenant(actor=keeper, code="jiefang", at=demo.at)
    with pytest.raises(Refused) as refused:
        commands.send_signal(actor=jiefang.program, name="放假", at=demo.at)
    assert refused.value.reasons[0].code == "TENANT_SUSPENDED"
