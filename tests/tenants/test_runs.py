"""Processes of tenants on the house's engine: tasks of their own people, work of their programs, messages and timers."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.engine.processes import bpmn, catch
from tests.tenants.things import PROCESS, WAITS, Tenant, publish, start

from yichuang.core import ledger
from yichuang.core.refusals import Conflict, NotFound, Refused
from yichuang.engine.commands import fire_timer
from yichuang.engine.queries import due_timers
from yichuang.tenants import commands, queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def booking(jiefang: Tenant, demo: Any) -> Any:
    """A run of 街坊 whose task is open."""
    publish(jiefang, "process", "book", PROCESS, demo.at)
    return start(jiefang, demo.at, reference="B-1")


def task_of(tenant: Tenant) -> Any:
    return queries.list_tasks(tenant.program, ["YUYUE.look"]).items[0]


def test_a_run_goes_from_its_start_to_its_end_by_the_tenants_own_people(
    jiefang: Tenant, booking: Any, demo: Any
) -> None:
    task = task_of(jiefang)
    of = {"actor": jiefang.program, "task": task.id, "at": demo.at}
    commands.claim_task(by="worker-1", **of)
    with pytest.raises(Conflict) as refused:
        commands.complete_task(by="worker-2", outcome="agree", opinion="", variables={}, **of)
    assert refused.value.reasons[0].code == "CLAIMED"
    done = commands.complete_task(by="worker-1", outcome="agree", opinion="可以", variables={}, **of)
    assert done.done_name == "worker-1"
    page = queries.get_run(jiefang.program, booking)
    assert (page.row.state, page.row.outcome, page.row.reference) == ("finished", "agree", "B-1")
    assert queries.whoami(jiefang.program, at=demo.at)[1].runs == 0
    acts = [entry.act for entry in ledger.list_entries(ledger.Subject("run", booking))]
    assert acts == ["tenants.run_started", "tenants.task_claimed", "tenants.task_completed"]


def test_the_same_name_is_another_person_at_another_tenant(jiefang: Tenant, linli: Tenant, demo: Any) -> None:
    who = set()
    for tenant in (jiefang, linli):
        publish(tenant, "process", "book", PROCESS, demo.at)
        start(tenant, demo.at)
        who.add(commands.claim_task(actor=tenant.program, task=task_of(tenant).id, by="worker", at=demo.at).claimed_by)
    assert len(who) == 2


def test_nothing_can_be_done_to_another_tenants_run(jiefang: Tenant, linli: Tenant, booking: Any, demo: Any) -> None:
    task, other = task_of(jiefang).id, linli.program
    acts: tuple[Callable[[], object], ...] = (
        lambda: queries.get_run(other, booking),
        lambda: commands.cancel_run(actor=other, run=booking, reason="", at=demo.at),
        lambda: commands.send_message(actor=other, run=booking, name="补正", variables={}, key="k", at=demo.at),
        lambda: commands.claim_task(actor=other, task=task, by="w", at=demo.at),
        lambda: commands.return_task(actor=other, task=task, by="w", note="", at=demo.at),
        lambda: commands.complete_task(
            actor=other, task=task, by="w", outcome="agree", opinion="", variables={}, at=demo.at
        ),
    )
    for act in acts:
        with pytest.raises(NotFound):
            act()
    assert queries.list_tasks(other, ["YUYUE.look"]).items == ()
    assert task_of(jiefang).state == "open"


def test_messages_and_work_move_a_run_on(jiefang: Tenant, linli: Tenant, demo: Any) -> None:
    publish(jiefang, "process", "waits", WAITS, demo.at)
    run = start(jiefang, demo.at, "waits")
    message = {"actor": jiefang.program, "run": run, "name": "补正", "variables": {"a": 1}, "at": demo.at}
    assert commands.send_message(key="m1", **message) is False
    assert commands.send_message(key="m1", **message) is True  # once
    with pytest.raises(Refused) as refused:
        commands.send_message(key="m2", **message)
    assert refused.value.reasons[0].code == "NOBODY_WAITS"
    [work] = queries.list_work(jiefang.program, "service", at=demo.at)
    assert queries.list_work(linli.program, "service", at=demo.at) == ()
    with pytest.raises(NotFound):
        commands.answer_work(actor=linli.program, work=work.id, outcome=None, variables={}, at=demo.at)
    assert commands.fail_work(actor=jiefang.program, work=work.id, code="DOWN", retry_minutes=5, at=demo.at) is False
    assert queries.list_work(jiefang.program, "service", at=demo.at) == ()
    later = demo.at + timedelta(minutes=5)
    assert [one.id for one in queries.list_work(jiefang.program, "service", at=later)] == [work.id]
    commands.answer_work(actor=jiefang.program, work=work.id, outcome=None, variables={"sent": True}, at=later)
    assert queries.get_run(jiefang.program, run).row.state == "finished"


def test_the_same_key_with_another_due_moment_is_another_call(jiefang: Tenant, demo: Any) -> None:
    publish(jiefang, "process", "book", PROCESS, demo.at)
    call = {"actor": jiefang.program, "process": "book", "variables": {}, "key": "k", "at": demo.at}
    due = demo.at + timedelta(days=1)
    run, _ = commands.start_run(due_at=due, **call)
    assert commands.start_run(due_at=due, **call) == (run, True)
    for other in (None, due + timedelta(days=1)):
        with pytest.raises(Refused) as refused:
            commands.start_run(due_at=other, **call)
        assert refused.value.reasons[0].code == "IDEMPOTENCY_MISMATCH"


def test_a_timer_ends_a_run_with_nobody_at_the_wall(jiefang: Tenant, demo: Any) -> None:
    publish(jiefang, "process", "late", bpmn("start s", catch("t", "PT1H"), "end e", "s t", "t e"), demo.at)
    run = start(jiefang, demo.at, "late")
    due = demo.at + timedelta(hours=1)
    [wait] = [wait for wait in due_timers(at=due) if wait.subject_id == run]
    assert fire_timer(wait=wait.id, at=due)
    row = queries.get_run(jiefang.program, run).row
    assert (row.state, row.ended_at) == ("finished", due)


def test_a_signal_reaches_the_runs_of_its_tenant_alone(jiefang: Tenant, linli: Tenant, demo: Any) -> None:
    process = bpmn("start s", catch("g", "g1"), "end e", "s g", "g e", top='<bpmn:signal id="g1" name="放假"/>')
    runs = {}
    for tenant in (jiefang, linli):
        publish(tenant, "process", "signal", process, demo.at)
        runs[tenant.code] = start(tenant, demo.at, "signal")
    assert commands.send_signal(actor=jiefang.program, name="放假", at=demo.at) == 1
    assert queries.get_run(jiefang.program, runs["jiefang"]).row.state == "finished"
    assert queries.get_run(linli.program, runs["linli"]).row.state == "running"


def test_a_cancelled_run_is_over(jiefang: Tenant, booking: Any, demo: Any) -> None:
    commands.cancel_run(actor=jiefang.program, run=booking, reason="取消预约", at=demo.at)
    assert [row.id for row in queries.list_runs(jiefang.program, state="cancelled").items] == [booking]
    assert queries.list_runs(jiefang.program, state="running").items == ()
    with pytest.raises(Refused) as refused:
        commands.cancel_run(actor=jiefang.program, run=booking, reason="", at=demo.at)
    assert refused.value.reasons[0].code == "ENDED"


def test_runs_end_at_the_quota(make: Callable[..., Tenant], demo: Any) -> None:
    small = make("small", runs=1)
    publish(small, "process", "book", PROCESS, demo.at)
    run = start(small, demo.at)
    with pytest.raises(Refused) as refused:
        start(small, demo.at)
    assert refused.value.reasons[0].code == "QUOTA_RUNS"
    commands.cancel_run(actor=small.program, run=run, reason="", at=demo.at)
    start(small, demo.at)


def test_the_same_key_starts_one_run_and_old_versions_can_still_be_started(jiefang: Tenant, demo: Any) -> None:
    publish(jiefang, "process", "book", PROCESS, demo.at)
    publish(jiefang, "process", "book", PROCESS.replace(b"YUYUE.look", b"YUYUE.see"), demo.at)
    of: dict[str, Any] = {"actor": jiefang.program, "process": "book", "variables": {}, "key": "k", "at": demo.at}
    first, again = commands.start_run(**of), commands.start_run(**of)
    assert (first[0] == again[0], first[1], again[1]) == (True, False, True)
    start(jiefang, demo.at, version=1)
    assert [row.version for row in queries.list_runs(jiefang.program).items] == [2, 1]
    with pytest.raises(NotFound):
        start(jiefang, demo.at, version=3)


def test_variables_that_a_process_cannot_take_are_refused(jiefang: Tenant, demo: Any) -> None:
    publish(jiefang, "process", "book", PROCESS, demo.at)
    for variables, code in (({"outcomes": 1}, "RESERVED_NAME"), ({"a": "x" * 100_001}, "TOO_LARGE")):
        with pytest.raises(Refused) as refused:
            start(jiefang, demo.at, variables=variables)
        assert refused.value.reasons[0].code == code


LONGER = bpmn(
    "start s", "task check YUYUE.look", "task decide YUYUE.head", "end e", "s check", "check decide", "decide e"
)


def test_a_run_goes_over_to_a_new_version_by_a_map(jiefang: Tenant, linli: Tenant, booking: Any, demo: Any) -> None:
    publish(jiefang, "process", "book", LONGER, demo.at)
    of: dict[str, Any] = {"actor": jiefang.program, "run": booking, "at": demo.at}
    told = queries.moving_of(jiefang.program, booking, names={})
    assert [(one.node, one.scope) for one in told.obstacles] == [("look", "")]
    with pytest.raises(Refused) as refused:
        commands.move_run(names={}, **of)
    assert refused.value.reasons[0].code.startswith("MIGRATE_")
    assert queries.get_run(jiefang.program, booking).row.version == 1
    assert queries.moving_of(jiefang.program, booking, names={"look": "check"}).obstacles == ()
    for attempt in (
        lambda: commands.move_run(actor=linli.program, run=booking, names={"look": "check"}, at=demo.at),
        lambda: queries.moving_of(linli.program, booking, names={"look": "check"}),
        lambda: commands.move_run(version=9, names={"look": "check"}, **of),
    ):
        with pytest.raises(NotFound):
            attempt()
    assert commands.move_run(names={"look": "check"}, **of) == 2
    page = queries.get_run(jiefang.program, booking)
    assert (page.row.version, [task.node for task in page.tasks]) == (2, ["check"])
    assert commands.move_run(version=1, names={"check": "look"}, **of) == 1
    commands.cancel_run(actor=jiefang.program, run=booking, reason="", at=demo.at)
    with pytest.raises(Refused) as refused:
        commands.move_run(names={}, **of)
    assert refused.value.reasons[0].code == "ENDED"
