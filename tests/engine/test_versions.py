"""Running processes go over to a new version: all tokens by an explicit map, or a refusal that says why, one by one."""

from datetime import timedelta

import pytest
from tests.engine.processes import EVENTS, boundary, bpmn, finish, several, sub
from tests.engine.test_waits import CALENDAR, LI, NOW, complete, open_of, start, waits

from yichuang.core.refusals import Conflict, NotFound, Refused
from yichuang.engine import commands, queries
from yichuang.engine.bpmn.versions import Migration
from yichuang.engine.models import Instance, Task, Token

pytestmark = pytest.mark.django_db
OLD = bpmn(
    "start s", "and f", "task a", "task b", "and j", "task c", "end e", boundary("t", "a", "P9D", interrupting=False),
    "task r", "end g", "s f", "f a", "f b", "a j", "b j", "j c", "c e", "t r", "r g",
)  # fmt: skip
NEW = bpmn(
    "start s", "and f", "task a2 GAFJ.review", "task b2", "task n", "and j2", "task c", "end e",
    boundary("t2", "a2", "P1D", interrupting=False), boundary("u2", "a2", "m1"), "task r", "end g", finish("h", "terminate"),
    "s f", "f a2", "f b2", "a2 j2", "b2 n", "n j2", "j2 c", "c e", "t2 r", "r g", "u2 h", top=EVENTS,
)  # fmt: skip
LATER = bpmn(
    "start s", "and f", "task a2", "task b2", "and j2", "task c", "end e", boundary("t2", "a2", "P9D", interrupting=False),
    boundary("v2", "b2", "P1D", interrupting=False), "task r", "end g", "s f", "f a2", "f b2", "a2 j2", "b2 j2", "j2 c", "c e",
    "t2 r", "v2 r", "r g",
)  # fmt: skip
NAMES = {"a": "a2", "b": "b2", "j": "j2", "t": "t2", "r": "r", "c": "c"}


def test_tokens_tasks_timers_and_outcomes_go_over() -> None:
    subject = start(OLD)
    due = waits(subject)["t"].due_at
    assert queries.migration_of(subject, xml=NEW, names=NAMES) == Migration((), ())
    commands.migrate_process(subject=subject, xml=NEW, names=NAMES, at=NOW + timedelta(days=1))
    assert {task.node: task.post for task in queries.holders_of(subject)} == {"a2": "GAFJ.review", "b2": "CGZF.review"}
    found = waits(subject)
    assert set(found) == {"t2", "u2"}
    assert found["t2"].due_at == due  # it began then
    complete(subject, "b2")
    complete(subject, "n")
    complete(subject, "a2")
    assert open_of(subject) == {"c"}


def test_steps_that_nobody_would_do_are_named_beforehand() -> None:
    """A new version asks another office first: a process that is past it would skip it in silence."""
    old = bpmn("start s", "task a", "task c", "end e", "s a", "a c", "c e")
    new = bpmn("start s", "task n", "task a", "task m", "task c", "end e", "s n", "n a", "a m", "m c", "c e")
    names = {"a": "a", "c": "c"}
    subject = start(old)
    first = queries.migration_of(subject, xml=new, names=names)
    complete(subject, "a")
    second = queries.migration_of(subject, xml=new, names=names)
    assert ([one.zh for one in first.left_out], [one.zh for one in second.left_out]) == (["任务n"], ["任务n", "任务m"])
    assert queries.migration_of(subject, xml=new, names={}).left_out == ()


def test_what_begins_while_time_does_not_count_stands_still_too() -> None:
    subject = start(OLD)
    commands.pause_timers(subject=subject, at=NOW)
    commands.migrate_process(subject=subject, xml=LATER, names=NAMES, at=NOW)
    assert {name: wait.held_at is not None for name, wait in waits(subject).items()} == {"t2": True, "v2": True}
    commands.resume_timers(subject=subject, at=NOW + timedelta(days=30), calendar=CALENDAR)
    assert waits(subject)["v2"].due_at == NOW + timedelta(days=31)
    complete(subject, "a2")
    complete(subject, "b2")
    assert waits(subject) == {}


def test_a_timer_that_fired_does_not_fire_again() -> None:
    subject = start(OLD)
    wait = waits(subject)["t"]
    commands.fire_timer(wait=wait.id, at=wait.due_at)
    commands.migrate_process(subject=subject, xml=NEW, names=NAMES, at=wait.due_at)
    assert set(waits(subject)) == {"u2"}
    assert open_of(subject) == {"a2", "b2", "r"}


def test_each_token_that_cannot_go_is_named_and_nothing_changes() -> None:
    subject = start(OLD)
    complete(subject, "b")
    found = queries.migration_of(subject, xml=NEW, names={"a": "gone"}).obstacles
    assert [(one.node, one.code) for one in found] == [("a", "NO_NODE"), ("j", "NOT_MAPPED")]
    with pytest.raises(Refused) as refused:
        commands.migrate_process(subject=subject, xml=NEW, names={"a": "e", "j": "j2"}, at=NOW)
    assert {reason.code for reason in refused.value.reasons} == {"MIGRATE_KIND", "MIGRATE_FLOW"}
    named = {**NAMES, "b_j": "n_j2"}
    assert queries.migration_of(subject, xml=NEW, names=named).obstacles == ()
    commands.migrate_process(subject=subject, xml=NEW, names=named, at=NOW)
    complete(subject, "a2")
    assert open_of(subject) == {"c"}
    assert Instance.objects.get().outcomes == {"b2": "agree", "a2": "agree"}


def test_a_marking_that_the_new_process_never_has_is_refused() -> None:
    subject = start(OLD)
    found = queries.migration_of(subject, xml=NEW, names={**NAMES, "b": "c"}).obstacles
    assert {one.code for one in found} == {"UNREACHABLE"}
    found = queries.migration_of(subject, xml=NEW, names={**NAMES, "b": "a2"}).obstacles
    assert "TWICE" in {one.code for one in found}


def test_who_holds_a_task_of_another_post_gives_it_back_first() -> None:
    subject = start(OLD)
    task = next(one for one in queries.holders_of(subject) if one.node == "a")
    commands.claim_task(actor=LI, task=task.id, version=None, at=NOW)
    with pytest.raises(Conflict):
        commands.migrate_process(subject=subject, xml=NEW, names=NAMES, at=NOW)
    commands.return_task(actor=LI, task=task.id, at=NOW, note="新版本")
    commands.migrate_process(subject=subject, xml=NEW, names=NAMES, at=NOW)
    assert Task.objects.get(node="a2").state == "open"


def test_sub_processes_and_several_instances_go_over_with_their_scopes() -> None:
    def process(u: str, a: str, more: tuple[str, ...] = ()) -> bytes:
        inside = sub(
            u, f"start {u}s", f"task {a}", f"end {u}e", f"{u}s {a}", f"{a} {u}e", marker=several('yc:items="places"')
        )
        return bpmn("start s", *inside, "task c", "end e", f"s {u}", f"{u} c", "c e", *more)

    subject = start(process("u", "a"), places=["北", "南"])
    complete(subject, "a", "fine", "/u:1")
    commands.migrate_process(
        subject=subject, xml=process("v", "b"), names={"u": "v", "a": "b"}, at=NOW, calendar=CALENDAR
    )
    assert set(Token.objects.values_list("scope", "node")) == {("", "v"), ("/v:2", "b")}
    complete(subject, "b", "fine")
    assert open_of(subject) == {"c"}


def test_without_a_running_process_there_is_nothing_to_move() -> None:
    subject = start(OLD)
    commands.cancel_process(subject=subject, at=NOW, reason="撤回")
    with pytest.raises(NotFound):
        commands.migrate_process(subject=subject, xml=NEW, names=NAMES, at=NOW)
