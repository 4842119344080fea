"""All that a tenant can grow counts for its bytes, and its work for the time of the processor (docs/adr/0025)."""

import json
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from tests.engine.processes import boundary, bpmn, catch, several, sub
from tests.tenants.things import DECISION, PROCESS, Tenant, add, publish, start, with_table

from yichuang.core.actors import Actor
from yichuang.core.refusals import NotFound, Refused
from yichuang.core.words import W
from yichuang.engine.commands import fire_timer, waits
from yichuang.engine.models import Wait
from yichuang.engine.queries import due_timers
from yichuang.tenants import commands, meter, queries, wall
from yichuang.tenants.commands.keys import forget_keys
from yichuang.tenants.models import Run, Used
from yichuang.tenants.rules import KEY_BYTES

pytestmark = pytest.mark.django_db
TWICE = bpmn(
    "start s",
    catch("g", "g1"),
    catch("h", "g1"),
    "end e",
    "s g",
    "g h",
    "h e",
    top='<bpmn:signal id="g1" name="放假"/>',
)


def used(tenant: Tenant, at: Any) -> Any:
    return queries.whoami(tenant.program, at=at)[1]


def code_of(attempt: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        attempt()
    return refused.value.reasons[0].code


def task_of(tenant: Tenant, run: Any) -> Any:
    return queries.get_run(tenant.program, run).tasks[0].id


# ── bytes ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_variables_opinions_and_ended_runs_count_until_the_run_is_removed(jiefang: Tenant, demo: Any) -> None:
    publish(jiefang, "process", "book", PROCESS, demo.at)
    empty = used(jiefang, demo.at).bytes
    run = start(jiefang, demo.at, variables={"note": "字" * 20_000})
    begun = used(jiefang, demo.at).bytes
    assert begun - empty > 60_000
    of: dict[str, Any] = {"actor": jiefang.program, "task": task_of(jiefang, run), "by": "w", "at": demo.at}
    commands.claim_task(**of)
    commands.complete_task(outcome="agree", opinion="言" * 3000, variables={"more": "多" * 10_000}, **of)
    ended = used(jiefang, demo.at)
    assert (ended.runs, ended.bytes - begun > 39_000) == (0, True)
    commands.remove_run(actor=jiefang.program, run=run, at=demo.at)
    assert used(jiefang, demo.at).bytes == empty + KEY_BYTES
    with pytest.raises(NotFound):
        queries.get_run(jiefang.program, run)


def test_a_run_that_still_goes_on_is_not_removed_and_an_ended_one_takes_nothing_of_others(
    jiefang: Tenant, linli: Tenant, demo: Any
) -> None:
    for tenant in (jiefang, linli):
        publish(tenant, "process", "book", PROCESS, demo.at)
    run, other, theirs = start(jiefang, demo.at), start(jiefang, demo.at), start(linli, demo.at)
    assert code_of(lambda: commands.remove_run(actor=jiefang.program, run=run, at=demo.at)) == "STILL_RUNNING"
    commands.cancel_run(actor=jiefang.program, run=run, reason="取消", at=demo.at)
    with pytest.raises(NotFound):
        commands.remove_run(actor=linli.program, run=run, at=demo.at)
    commands.remove_run(actor=jiefang.program, run=run, at=demo.at)
    assert len(queries.get_run(jiefang.program, other).tasks) == len(queries.get_run(linli.program, theirs).tasks) == 1


def test_what_grows_beyond_the_quota_is_refused_and_what_ends_never_is(make: Callable[..., Tenant], demo: Any) -> None:
    small = make("small", bytes=20_000)
    publish(small, "process", "book", PROCESS, demo.at)
    assert code_of(lambda: start(small, demo.at, variables={"a": "x" * 30_000})) == "QUOTA_BYTES"
    assert queries.list_runs(small.program).items == ()
    run = start(small, demo.at)
    of: dict[str, Any] = {"actor": small.program, "task": task_of(small, run), "by": "w", "at": demo.at}
    commands.claim_task(**of)
    assert (
        code_of(lambda: commands.complete_task(outcome="ok", opinion="", variables={"a": "x" * 30_000}, **of))
        == "QUOTA_BYTES"
    )
    with_table(small, demo.at)
    keeper: Actor = demo.actor("shilei")
    row = queries.get_tenant(keeper, "small")
    tight = type(row.quotas)(bytes=1000)
    commands.change_tenant(
        actor=keeper, code="small", name=row.name, department=row.department, quotas=tight, at=demo.at
    )
    commands.cancel_run(actor=small.program, run=run, reason="不办了", at=demo.at)
    commands.remove_run(actor=small.program, run=run, at=demo.at)


def test_a_timer_that_makes_a_run_grow_beyond_the_quota_waits(make: Callable[..., Tenant], demo: Any) -> None:
    process = bpmn(
        "start s", "task a YUYUE.look", boundary("t", "a", "PT1H", interrupting=False), "task b YUYUE.look", "end e",
        "end f", "s a", "a e", "t b", "b f",
    )  # fmt: skip
    small = make("small")
    publish(small, "process", "timed", process, demo.at)
    run = start(small, demo.at, "timed")
    keeper: Actor = demo.actor("shilei")
    row, now_used = queries.get_tenant(keeper, "small"), used(small, demo.at)

    def with_bytes(most: int) -> None:
        commands.change_tenant(
            actor=keeper, code="small", name=row.name, department=row.department,
            quotas=type(row.quotas)(bytes=most), at=demo.at,
        )  # fmt: skip

    with_bytes(now_used.bytes)
    due = demo.at + timedelta(hours=1)
    [wait] = due_timers(at=due)
    assert not fire_timer(wait=wait.id, at=due)
    assert len(queries.get_run(small.program, run).tasks) == 1
    assert used(small, demo.at).bytes <= now_used.bytes + 200
    with_bytes(10_000_000)
    later = due + timedelta(hours=1)
    assert fire_timer(wait=wait.id, at=later)
    assert used(small, demo.at).bytes > now_used.bytes


def test_keys_count_for_a_month(jiefang: Tenant, demo: Any) -> None:
    with_table(jiefang, demo.at)
    before = used(jiefang, demo.at).bytes
    row = add(jiefang, demo.at, "one")
    commands.remove_row(actor=jiefang.program, table="bookings", row=row, version=1, at=demo.at)
    assert used(jiefang, demo.at).bytes == before + KEY_BYTES
    assert forget_keys(before=demo.at) == 0
    assert forget_keys(before=demo.at + timedelta(seconds=1)) == 1
    assert used(jiefang, demo.at).bytes == before
    assert add(jiefang, demo.at, "one") != row, "the key is free again"


def test_a_quota_that_is_passed_already_stops_only_what_uses_more_of_it(make: Callable[..., Tenant], demo: Any) -> None:
    small = make("small", rows=1)
    with_table(small, demo.at)
    publish(small, "process", "book", PROCESS, demo.at)
    add(small, demo.at)
    assert code_of(lambda: add(small, demo.at, day="2026-12-02")) == "QUOTA_ROWS"
    start(small, demo.at)


# ── time of the processor ─────────────────────────────────────────────────────────────────────────────────────────
def test_time_of_the_processor_ends_at_the_minutes_quota_and_stays_counted_when_the_call_is_refused(
    make: Callable[..., Tenant], demo: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy = make("busy", cpu=100)
    publish(busy, "decision", "fee", DECISION, demo.at, W("准入", "Fee"))
    clock = iter(range(0, 1000))
    monkeypatch.setattr(meter.time, "thread_time", lambda: next(clock) * 0.06)  # each call takes 60 ms
    for _ in range(2):
        with pytest.raises(NotFound):
            queries.evaluate(busy.program, "nothing", {}, at=demo.at)
    monkeypatch.undo()
    with pytest.raises(Refused) as refused:
        commands.admit(busy.bearer, at=demo.at)
    assert (refused.value.kind, refused.value.reasons[0].code) == ("too_many", "QUOTA_CPU")
    assert used(busy, demo.at).cpu >= 120
    commands.admit(busy.bearer, at=demo.at + timedelta(minutes=1))


def test_a_process_whose_conditions_never_end_is_stopped_and_leaves_nothing(jiefang: Tenant, demo: Any) -> None:
    hot = bpmn(
        "start s", 'xor x default="x_b"', "task a YUYUE.look", "task b YUYUE.look", "end e", "end f", "s x",
        "x a some i in n satisfies some j in n satisfies some k in n satisfies i + j + k = -1", "x b", "a e", "b f",
    )  # fmt: skip
    publish(jiefang, "process", "hot", hot, demo.at)
    many = list(range(2000))
    assert code_of(lambda: start(jiefang, demo.at, "hot", variables={"n": many})) == "CALL_TOO_COSTLY"
    assert queries.list_runs(jiefang.program).items == ()
    start(jiefang, demo.at, "hot", variables={"n": [1, 2, 3]})


def test_several_of_several_of_several_is_stopped(jiefang: Tenant, demo: Any) -> None:
    count = several(inside="<bpmn:loopCardinality>100</bpmn:loopCardinality>")
    deep = sub("o", "start os", *sub("i", "start is", "task a YUYUE.look", "end ie", "is a", "a ie", marker=count), "end oe", "os i", "i oe", marker=count)  # fmt: skip
    publish(jiefang, "process", "deep", bpmn("start s", *deep, "end e", "s o", "o e"), demo.at)
    assert code_of(lambda: start(jiefang, demo.at, "deep")) == "PROCESS_TOO_COSTLY"


def test_a_timer_of_a_tenant_that_used_up_its_minute_fires_in_the_next(make: Callable[..., Tenant], demo: Any) -> None:
    busy = make("busy", cpu=100)
    publish(busy, "process", "late", bpmn("start s", catch("t", "PT1H"), "end e", "s t", "t e"), demo.at)
    run, due = start(busy, demo.at, "late"), demo.at + timedelta(hours=1)
    [wait] = due_timers(at=due)
    meter._owe(busy.id, 0.2)
    assert not fire_timer(wait=wait.id, at=due)
    assert due_timers(at=due) == ()
    later = due + timedelta(minutes=1)
    [again] = due_timers(at=later)
    assert again.failures == 0
    assert fire_timer(wait=wait.id, at=later)
    assert queries.get_run(busy.program, run).row.state == "finished"


def test_what_a_refused_timer_had_counted_counts_for_the_others_of_its_minute(
    make: Callable[..., Tenant], demo: Any
) -> None:
    """Its transaction is rolled back, and the count with it: of many timers each second one would else find nothing owed."""
    busy = make("busy", cpu=100)
    publish(busy, "process", "late", bpmn("start s", catch("t", "PT1H"), "end e", "s t", "t e"), demo.at)
    for _ in range(4):
        start(busy, demo.at, "late")
    due = demo.at + timedelta(hours=1)
    waits = due_timers(at=due)
    meter._owe(busy.id, 0.2)
    assert [fire_timer(wait=wait.id, at=due) for wait in waits] == [False] * 4
    with pytest.raises(Refused) as refused:
        commands.admit(busy.bearer, at=due)
    assert refused.value.reasons[0].code == "QUOTA_CPU"
    assert used(busy, due).cpu >= 200
    later = due + timedelta(minutes=1)
    assert all(fire_timer(wait=wait.id, at=later) for wait in due_timers(at=later))


def test_a_signal_in_the_midst_of_which_the_minute_is_used_up_is_heard_once_by_each(
    make: Callable[..., Tenant], demo: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one who sent it is not refused: sent again, it would be heard twice by who heard it."""
    busy = make("busy", cpu=100)
    publish(busy, "process", "hears", TWICE, demo.at)
    runs = [start(busy, demo.at, "hears") for _ in range(3)]
    catches = waits.catch_signal

    def costly(**told: Any) -> bool:
        heard = catches(**told)
        meter._owe(busy.id, 0.2)
        return heard

    monkeypatch.setattr(waits, "catch_signal", costly)
    assert commands.send_signal(actor=busy.program, name="放假", at=demo.at) == 1
    monkeypatch.undo()
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = 'engine.deliver_signal'")
        [[told]] = cursor.fetchall()
    told = told if isinstance(told, dict) else json.loads(told)
    assert told["at"] == (demo.at + timedelta(minutes=1)).isoformat(), "its next minute"
    waits.deliver_signal_job(**told)
    assert {Wait.objects.get(subject_id=run).node for run in runs} == {"h"}, "each heard it, and waits for another"
    waits.deliver_signal_job(**told)
    assert {Wait.objects.get(subject_id=run).node for run in runs} == {"h"}


def test_runs_that_were_there_before_are_weighed_by_the_migration(jiefang: Tenant, linli: Tenant, demo: Any) -> None:
    for tenant in (jiefang, linli):
        publish(tenant, "process", "book", PROCESS, demo.at)
    start(jiefang, demo.at, variables={"a": "x" * 5000})
    start(jiefang, demo.at)
    start(linli, demo.at)
    told = [used(tenant, demo.at).bytes for tenant in (jiefang, linli)]
    for tenant in (jiefang, linli):
        with wall.inside(tenant.id):
            total = sum(Run.objects.order_by("id").values_list("size", flat=True))
            Used.objects.update(bytes=F("bytes") - total)
            Run.objects.update(size=0)
    migration = import_module("yichuang.tenants.migrations.0003_all_that_grows")
    migration.weigh(None, SimpleNamespace(connection=connection))
    now = [used(tenant, demo.at).bytes for tenant in (jiefang, linli)]
    assert now == pytest.approx(told, abs=20)  # a row has some bytes more or less, as it was read
