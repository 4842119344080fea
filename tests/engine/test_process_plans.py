"""Among ten thousand running processes with fifty rounds each: what is asked all day is an index read, and steps cost the same."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.engine.processes import boundary, bpmn, work
from tests.engine.test_waits import LI, NOW, start

from yichuang.engine import commands, queries
from yichuang.engine.models import Instance, Task, Token, Wait

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
RUNNING, ROUNDS = 10_000, 50
LOOP = bpmn(
    "start s", "xor m", "task a", boundary("t", "a", "P5D", interrupting=False), "task r", "end re",
    'xor x default="x_m"', work("service", "v"), "end e", "s m", "m a", "a x", 'x v outcomes.a = "done"', "x m", "v e",
    "t r", "r re",
)  # fmt: skip
# One running process (the newest) is copied: a token, a live task of the last round, a timer; every fifth waits for work.
COPY = """
INSERT INTO engine_instance (id, definition_id, tenant, subject_kind, subject_id, state, variables, local, outcomes, posts,
                             due_at, started_at, outcome)
SELECT md5('i' || n)::uuid, definition_id, 'lg', 'matter', md5('s' || n)::uuid, 'running', variables, NULL, outcomes, posts,
       due_at, started_at, '' FROM engine_instance, generate_series(1, {running}) n;
INSERT INTO engine_token (instance_id, scope, node, flow, arrived_at)
SELECT md5('i' || n)::uuid, '', 'a', 'm_a', '{at}' FROM generate_series(1, {running}) n;
INSERT INTO engine_wait (id, instance_id, tenant, subject_kind, subject_id, scope, node, flow, event, name_zh, name_en, kind, key,
                         created_at,
                         due_at, failures, failed_with)
SELECT md5('w' || n)::uuid, md5('i' || n)::uuid, 'lg', 'matter', md5('s' || n)::uuid, '', 'a', 'm_a',
       CASE WHEN n % 5 = 0 THEN 'v' ELSE 't' END, '', '', CASE WHEN n % 5 = 0 THEN 'service' ELSE 'timer' END, '',
       '{at}', timestamptz '{at}' + n * interval '1 minute', 0, '' FROM generate_series(1, {running}) n;
INSERT INTO engine_task (id, instance_id, tenant, subject_kind, subject_id, scope, node, flow, name_zh, name_en, post, act, state,
                         version, created_at, due_at, outcome, seat, back_to, claimed_by, claimed_at, done_by, done_at)
SELECT md5('t' || n || '-' || r)::uuid, md5('i' || n)::uuid, 'lg', 'matter', md5('s' || n)::uuid, '', 'a', 'm_a', '审', 'Review',
       'CGZF.p' || n % 40, 'review', CASE WHEN r = {rounds} THEN 'open' ELSE 'done' END, 1,
       timestamptz '{at}' + r * interval '1 second', timestamptz '{at}' + n * interval '1 minute',
       CASE WHEN r = {rounds} THEN '' ELSE 'again' END, 0, '', NULL, NULL,
       CASE WHEN r < {rounds} THEN md5('p')::uuid END, CASE WHEN r < {rounds} THEN timestamptz '{at}' + interval '1 hour' END
FROM generate_series(1, {running}) n, generate_series({rounds} - {kept} + 1, {rounds}) r;
ANALYZE engine_task, engine_wait, engine_token, engine_instance;
"""
KEPT = 2
"""Rounds of each that are loaded as rows every day; one process has all fifty. The test of all their rows is a long one."""
# Of each copied process the rounds that the first test leaves out, all of them done: half a million tasks in all.
OLDER = """
INSERT INTO engine_task (id, instance_id, tenant, subject_kind, subject_id, scope, node, flow, name_zh, name_en, post, act, state,
                         version, created_at, due_at, outcome, seat, back_to, done_by, done_at)
SELECT md5('t' || n || '-' || r)::uuid, md5('i' || n)::uuid, 'lg', 'matter', md5('s' || n)::uuid, '', 'a', 'm_a', '审', 'Review',
       'CGZF.p' || n % 40, 'review', 'done', 1, timestamptz '{at}' + r * interval '1 second',
       timestamptz '{at}' + n * interval '1 minute', 'again', 0, '', md5('p')::uuid, timestamptz '{at}' + interval '1 hour'
FROM generate_series(1, {running}) n, generate_series(1, {rounds} - {kept}) r;
ANALYZE engine_task;
"""


@pytest.fixture
def many() -> tuple[str, Any]:
    subject = start(LOOP)
    with connection.cursor() as cursor:
        cursor.execute(COPY.format(running=RUNNING, rounds=ROUNDS, kept=KEPT, at=NOW.isoformat()))
    return subject


def plan(sql: str, params: object = None) -> str:
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (COSTS OFF) " + sql, params)
        return "\n".join(row[0] for row in cursor.fetchall())


def asked(run: Callable[[], object]) -> list[str]:
    """The plans of what a query sends."""
    with CaptureQueriesContext(connection) as found:
        run()
    return [plan(one["sql"]) for one in found if one["sql"].lstrip().upper().startswith(("SELECT", "WITH"))]


def pages(run: Callable[[], object]) -> int:
    """Pages of tables and indexes that a query's statements touch."""
    touched = 0
    with CaptureQueriesContext(connection) as found:
        run()
    with connection.cursor() as cursor:
        for one in found:
            if one["sql"].lstrip().upper().startswith(("SELECT", "WITH")):
                cursor.execute("EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, TIMING OFF, FORMAT JSON) " + one["sql"])
                [(told,)] = cursor.fetchall()
                top = (json.loads(told) if isinstance(told, str) else told)[0]["Plan"]
                touched += top["Shared Hit Blocks"] + top["Shared Read Blocks"]
    return touched


def step(subject: tuple[str, Any]) -> None:
    """Whoever holds the process sends it round once more."""
    [task] = queries.holders_of(subject)
    commands.claim_task(actor=LI, task=task.id, version=None, at=NOW + timedelta(minutes=1))
    commands.complete_task(
        actor=LI, task=task.id, outcome="again", opinion="", variables={}, at=NOW + timedelta(minutes=1)
    )


@pytest.mark.long
def test_fifty_rounds_of_each_of_ten_thousand_touch_no_more_pages_than_two(many: tuple[str, Any]) -> None:
    other = ("matter", Instance.objects.exclude(subject_id=many[1]).order_by("id")[0].subject_id)
    asks = {
        "timers": lambda: queries.due_timers(at=NOW + timedelta(minutes=30)),
        "work": lambda: queries.list_work(tenant="lg", kind="service", at=NOW + timedelta(minutes=30), limit=20),
        "list": lambda: queries.list_tasks(tenant="lg", posts=["CGZF.p1", "CGZF.p2"], limit=20),
        "holders": lambda: queries.holders_of(other),
        "waits": lambda: queries.waits_of(other),
    }
    before = {name: pages(ask) for name, ask in asks.items()} | {"step": pages(lambda: step(many))}
    assert len(queries.holders_of(other)) == 1
    with connection.cursor() as cursor:
        cursor.execute(OLDER.format(running=RUNNING, rounds=ROUNDS, kept=KEPT, at=NOW.isoformat()))
    assert Task.objects.filter(state="done").count() >= RUNNING * (ROUNDS - 1)
    after = {name: pages(ask) for name, ask in asks.items()} | {"step": pages(lambda: step(other))}
    # A tree of twenty-five times as many rows may be one page deeper, for each index that is gone down.
    assert {name: (before[name], more) for name, more in after.items() if more > before[name] + 6} == {}
    assert "Seq Scan" not in "".join(plan for ask in asks.values() for plan in asked(ask))


def test_what_is_asked_all_day_reads_by_index_and_a_step_costs_the_same(many: tuple[str, Any]) -> None:
    subject = many
    late = NOW + timedelta(minutes=30)
    asks = {
        "timers": lambda: queries.due_timers(at=late),
        "work": lambda: queries.list_work(tenant="lg", kind="service", at=late, limit=20),
        "list": lambda: queries.list_tasks(tenant="lg", posts=["CGZF.p1", "CGZF.p2"], limit=20),
        "holders": lambda: queries.holders_of(subject),
        "waits": lambda: queries.waits_of(subject),
        "signal": lambda: list(Wait.objects.filter(tenant="lg", kind="signal", key="放假").order_by("id")),
    }
    for name, ask in asks.items():
        for found in asked(ask):
            assert "Seq Scan" not in found, (name, found)
    assert len(queries.due_timers(at=late)) == 24
    assert len(queries.list_work(tenant="lg", kind="service", at=late, limit=20)) == 20
    counts = []
    for _ in range(ROUNDS):
        task = queries.holders_of(subject)[0]
        commands.claim_task(actor=LI, task=task.id, version=None, at=NOW)
        with CaptureQueriesContext(connection) as sent:
            commands.complete_task(actor=LI, task=task.id, outcome="again", opinion="", variables={}, at=NOW)
        counts.append(len(sent))
    assert set(counts[1:]) == {counts[1]}  # (the first may read the definition)
    assert Token.objects.filter(instance__subject_id=subject[1]).count() == 1
    assert Wait.objects.filter(instance__subject_id=subject[1]).count() == 1
    assert Task.objects.filter(instance__subject_id=subject[1]).count() == ROUNDS + 1
    assert Instance.objects.filter(state="running").count() == RUNNING + 1
