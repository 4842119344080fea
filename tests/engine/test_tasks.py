"""Processes in the database: started, claimed, returned, completed, cancelled — each once, and in few statements."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from tests.engine.processes import CHOICE, LOOP, SEQUENCE, TWO_DEPARTMENTS, bpmn

from yichuang.core import events as bus
from yichuang.core.actors import SYSTEM, Actor
from yichuang.core.faults import Fault, armed
from yichuang.core.refusals import Conflict, NotFound, Refused
from yichuang.engine import commands, ports, queries
from yichuang.engine.events import ProcessFinished, TaskCompleted, TaskOpened
from yichuang.engine.models import Instance, ProcessDefinition, Task, Token
from yichuang.engine.values import TaskRow

pytestmark = pytest.mark.django_db
Subject = tuple[str, UUID]
TENANT = "lg"


@pytest.fixture
def colleague(wang_qiang: Actor) -> Actor:
    """何静, another reviewer of the same post."""
    return replace(wang_qiang, id=uuid4(), name="何静")


@pytest.fixture
def news() -> Iterator[list[Any]]:
    heard: list[Any] = []
    for kind in (TaskOpened, TaskCompleted, ProcessFinished):
        bus.subscribe(kind)(heard.append)
    yield heard
    for kind in (TaskOpened, TaskCompleted, ProcessFinished):
        bus._handlers[kind].remove(heard.append)


def start(xml: bytes, at: datetime, due_at: datetime | None = None, **variables: object) -> Subject:
    subject = ("matter", uuid4())
    commands.start_process(xml=xml, subject=subject, tenant=TENANT, variables=variables, at=at, due_at=due_at)
    return subject


def live(subject: Subject) -> dict[str, TaskRow]:
    return {task.node: task for task in queries.tasks_of(subject) if task.state in {"open", "claimed"}}


def do(subject: Subject, node: str, actor: Actor, at: datetime, outcome: str = "agree", **variables: object) -> TaskRow:
    task = live(subject)[node]
    commands.claim_task(actor=actor, task=task.id, version=task.version, at=at)
    return commands.complete_task(
        actor=actor, task=task.id, outcome=outcome, opinion="同意", variables=variables, at=at
    )


def test_departments_work_in_parallel_and_the_process_ends(wang_qiang: Actor, at: datetime, news: list[Any]) -> None:
    subject = start(TWO_DEPARTMENTS, at, due_at=at + timedelta(days=9))
    assert {node: task.post for node, task in live(subject).items()} == {"a": "CGZF.review", "b": "GAFJ.review"}
    do(subject, "b", wang_qiang, at)
    assert Token.objects.filter(node="join").count() == 1
    do(subject, "a", wang_qiang, at)
    assert set(live(subject)) == {"d"}
    decide = queries.find_open_task(subject)
    assert decide is not None
    assert (decide.name.zh, decide.name.en, decide.act) == ("任务d", "Task d", "decide")
    done = do(subject, "d", wang_qiang, at, "grant")
    assert (done.state, done.outcome, done.opinion, done.done_name) == ("done", "grant", "同意", "王强")
    instance = Instance.objects.get()
    assert (instance.state, instance.outcome, instance.outcomes["d"]) == ("finished", "decided", "grant")
    assert not Token.objects.exists()
    assert [type(one).__name__ for one in news] == [
        "TaskOpened", "TaskOpened", "TaskCompleted", "TaskCompleted", "TaskOpened", "TaskCompleted", "ProcessFinished",
    ]  # fmt: skip
    assert news[-1] == ProcessFinished(
        tenant=TENANT, subject_kind="matter", subject_id=subject[1], outcome="decided", at=at
    )
    assert news[0].due_at == at + timedelta(days=9)


def test_conditions_read_variables_and_outcomes(wang_qiang: Actor, at: datetime) -> None:
    subject = start(CHOICE, at)
    do(subject, "a", wang_qiang, at, "site", risk=5)
    assert set(live(subject)) == {"site"}
    assert Instance.objects.get().variables == {"risk": 5}
    with connection.cursor() as cursor:
        cursor.execute("SELECT variables FROM engine_instance")
        assert "risk" not in cursor.fetchone()[0]  # sealed


def test_a_gateway_that_cannot_know_refuses_and_nothing_is_written(wang_qiang: Actor, at: datetime) -> None:
    subject = start(CHOICE, at)
    with pytest.raises(Refused) as refused:
        do(subject, "a", wang_qiang, at, "site")
    (reason,) = refused.value.reasons
    assert reason.code == "PROCESS_STUCK"
    assert reason.words.zh == '流程在“x”处无法判断条件 outcomes.a = "site" and risk > 3：缺少 risk'
    assert live(subject)["a"].state == "claimed"
    assert Instance.objects.get().outcomes == {}


def test_claiming_a_claimed_task_names_who_and_when(wang_qiang: Actor, colleague: Actor, at: datetime) -> None:
    subject = start(SEQUENCE, at)
    task = live(subject)["a"]
    row = commands.claim_task(actor=wang_qiang, task=task.id, version=task.version, at=at)
    assert (row.state, row.claimed_by, row.claimed_name, row.version) == ("claimed", wang_qiang.id, "王强", 2)
    assert commands.claim_task(actor=wang_qiang, task=task.id, version=1, at=at) == row  # pressed twice
    with pytest.raises(Conflict) as conflict:
        commands.claim_task(actor=colleague, task=task.id, version=None, at=at + timedelta(minutes=1))
    assert conflict.value.reasons[0].words.zh == "这项任务已由王强领取"
    assert conflict.value.change is not None
    assert (conflict.value.change.who, conflict.value.change.at) == ("王强", at)


def test_completing_needs_the_claim_of_the_same_actor_and_works_once(
    wang_qiang: Actor, colleague: Actor, at: datetime
) -> None:
    subject = start(SEQUENCE, at)
    task = live(subject)["a"].id

    def complete(actor: Actor, outcome: str = "agree") -> TaskRow:
        return commands.complete_task(actor=actor, task=task, outcome=outcome, opinion="", variables={}, at=at)

    def code(actor: Actor, outcome: str = "agree") -> str:
        with pytest.raises(Refused) as refused:
            complete(actor, outcome)
        return refused.value.reasons[0].code

    assert code(wang_qiang) == "NOT_CLAIMED"
    commands.claim_task(actor=wang_qiang, task=task, version=None, at=at)
    assert code(colleague) == "CLAIMED"
    assert code(wang_qiang, "") == "OUTCOME"
    assert code(SYSTEM) == "SIGNED_OUT"
    complete(wang_qiang)
    with pytest.raises(Conflict) as twice:
        complete(wang_qiang)
    assert twice.value.change is not None
    assert (twice.value.change.who, twice.value.change.at) == ("王强", at)
    assert [task.node for task in queries.tasks_of(subject)] == ["a", "b"]  # once


def test_a_returned_task_keeps_its_notes_and_is_open_to_all(wang_qiang: Actor, colleague: Actor, at: datetime) -> None:
    task = live(start(SEQUENCE, at))["a"].id
    with pytest.raises(Conflict):
        commands.return_task(actor=wang_qiang, task=task, at=at, note="")
    for actor in (wang_qiang, colleague):
        commands.claim_task(actor=actor, task=task, version=None, at=at)
        commands.return_task(actor=actor, task=task, at=at, note=f"{actor.name}：回避")
    row = queries.get_task(task, tenant=TENANT)
    assert (row.state, row.claimed_by, row.claimed_name) == ("open", None, "")
    assert [(note.by, note.name, note.text) for note in row.notes] == [
        (wang_qiang.id, "王强", "王强：回避"),
        (colleague.id, "何静", "何静：回避"),
    ]
    with pytest.raises(Conflict) as stale:
        commands.claim_task(actor=wang_qiang, task=task, version=1, at=at)
    assert stale.value.change is not None
    assert stale.value.change.who == "何静"


def test_a_cancelled_process_leaves_nothing_to_do(wang_qiang: Actor, at: datetime) -> None:
    subject = start(TWO_DEPARTMENTS, at)
    task = live(subject)["a"].id
    assert commands.cancel_process(subject=subject, at=at, reason="申请人撤回") is True
    assert commands.cancel_process(subject=subject, at=at, reason="again") is False
    assert live(subject) == {}
    assert not Token.objects.exists()
    assert queries.find_open_task(subject) is None
    with pytest.raises(Conflict) as conflict:
        commands.claim_task(actor=wang_qiang, task=task, version=None, at=at)
    assert conflict.value.reasons[0].code == "CANCELLED"
    assert {step.state for step in queries.steps_of(subject)} == {"skipped"}
    assert Instance.objects.get().end_reason == "申请人撤回"
    commands.start_process(xml=SEQUENCE, subject=subject, tenant=TENANT, variables={}, at=at + timedelta(days=1))
    assert set(live(subject)) == {"a"}


def test_one_process_runs_for_a_subject(at: datetime) -> None:
    subject = start(SEQUENCE, at)
    with pytest.raises(Conflict) as conflict:
        commands.start_process(xml=SEQUENCE, subject=subject, tenant=TENANT, variables={}, at=at)
    assert conflict.value.reasons[0].code == "PROCESS_RUNNING"
    assert len(queries.tasks_of(subject)) == 1


def test_a_faulty_process_is_refused_with_every_fault(at: datetime) -> None:
    with pytest.raises(Refused) as refused:
        start(bpmn("start s", "task a", "s a"), at)
    assert [reason.words.zh for reason in refused.value.reasons] == [
        "第 3 行：流程没有结束事件",
        "第 5 行：“任务a”之后没有流程线，流程停在这里",
    ]


def test_a_process_without_tasks_finishes_at_once(at: datetime, news: list[Any]) -> None:
    subject = start(bpmn("start s", 'end e yc:outcome="instant"', "s e"), at)
    assert [one.outcome for one in news] == ["instant"]
    assert queries.steps_of(subject) == ()
    assert "svg" in queries.drawing(subject)


def test_due_dates_reach_live_tasks_and_later_ones(wang_qiang: Actor, at: datetime) -> None:
    subject = start(SEQUENCE, at)
    assert live(subject)["a"].due_at is None
    commands.set_due(subject=subject, due_at=at + timedelta(days=3))
    assert live(subject)["a"].due_at == at + timedelta(days=3)
    do(subject, "a", wang_qiang, at)
    assert live(subject)["b"].due_at == at + timedelta(days=3)
    commands.set_due(subject=subject, due_at=None)
    assert live(subject)["b"].due_at is None
    commands.set_due(subject=("matter", uuid4()), due_at=at)  # nothing runs: nothing happens


def test_a_work_list_is_sorted_by_due_date_and_pages_without_gaps(wang_qiang: Actor, at: datetime) -> None:
    for days in (5, 1, 3, 1, 4, 2):
        start(SEQUENCE, at, due_at=at + timedelta(days=days))
    start(SEQUENCE, at)  # due at no time: last
    start(TWO_DEPARTMENTS, at, due_at=at + timedelta(days=6))
    other = live(start(bpmn("start s", "task a RLZY.review", "end e", "s a", "a e"), at))["a"]
    posts = ("CGZF.review", "GAFJ.review")
    whole = queries.list_tasks(tenant=TENANT, posts=posts, limit=100)
    assert whole.next is None
    assert [(task.due_at - at).days if task.due_at else None for task in whole.items] == [1, 1, 2, 3, 4, 5, 6, 6, None]
    assert other.id not in {task.id for task in whole.items}
    paged: list[TaskRow] = []
    cursor = None
    while True:
        page = queries.list_tasks(tenant=TENANT, posts=posts, cursor=cursor, limit=2)
        paged += page.items
        cursor = page.next
        if cursor is None:
            break
    assert tuple(paged) == whole.items
    first = whole.items[0]
    commands.claim_task(actor=wang_qiang, task=first.id, version=None, at=at)
    assert [task.id for task in queries.list_tasks(tenant=TENANT, posts=posts, state="claimed").items] == [first.id]
    assert first.id not in {task.id for task in queries.list_tasks(tenant=TENANT, posts=posts, state="open").items}
    assert first.id in {task.id for task in queries.list_tasks(tenant=TENANT, posts=posts).items}
    assert queries.list_tasks(tenant=TENANT, posts=()).items == ()
    with pytest.raises(Refused):
        queries.list_tasks(tenant=TENANT, posts=posts, cursor="x' OR 1=1")


def test_a_tenant_sees_its_own_tasks_only(wang_qiang: Actor, at: datetime) -> None:
    mine, theirs = start(SEQUENCE, at), ("booking", uuid4())
    commands.start_process(xml=SEQUENCE, subject=theirs, tenant="community", variables={}, at=at)
    (here,), (there,) = live(mine).values(), live(theirs).values()
    assert [one.id for one in queries.list_tasks(tenant=TENANT, posts=[here.post]).items] == [here.id]
    assert [one.id for one in queries.list_tasks(tenant="community", posts=[here.post]).items] == [there.id]
    assert queries.get_task(there.id, tenant="community") == there
    with pytest.raises(NotFound):
        queries.get_task(there.id, tenant=TENANT)


def test_a_subject_of_a_room_is_started_by_its_tenant_only(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ports.OWNERS, "matter", ports.Owner("house", lambda one: None))
    with pytest.raises(ValueError, match="house"):
        start(SEQUENCE, at)
    assert not Instance.objects.exists()


def test_steps_tell_the_whole_story(wang_qiang: Actor, at: datetime) -> None:
    subject = start(CHOICE, at)
    assert [(step.node, step.state) for step in queries.steps_of(subject)] == [
        ("a", "current"),
        ("site", "waiting"),
        ("d", "waiting"),
    ]
    do(subject, "a", wang_qiang, at)
    rows = {step.node: step for step in queries.steps_of(subject)}
    assert {node: row.state for node, row in rows.items()} == {"a": "done", "site": "skipped", "d": "current"}
    assert (rows["a"].by, rows["a"].entered_at, rows["a"].left_at) == ("王强", at, at)
    english = queries.drawing(subject, locale="en")
    assert "Task a: done; Task site: not taken; Task d: now" in english


def test_loops_leave_each_visit(wang_qiang: Actor, at: datetime) -> None:
    subject = start(LOOP, at)
    do(subject, "a", wang_qiang, at, "again")
    do(subject, "a", wang_qiang, at + timedelta(hours=1), "again")
    assert [step.state for step in queries.steps_of(subject)] == ["done", "done", "current"]


def test_what_is_not_there_is_not_found(wang_qiang: Actor, at: datetime) -> None:
    nobody = uuid4()
    with pytest.raises(NotFound):
        queries.get_task(nobody, tenant=TENANT)
    with pytest.raises(NotFound):
        queries.drawing(("matter", nobody))
    with pytest.raises(NotFound):
        commands.claim_task(actor=wang_qiang, task=nobody, version=None, at=at)
    with pytest.raises(NotFound):
        commands.complete_task(actor=wang_qiang, task=nobody, outcome="agree", opinion="", variables={}, at=at)
    assert queries.steps_of(("matter", nobody)) == ()
    assert queries.tasks_of(("matter", nobody)) == ()


def test_names_and_opinions_are_sealed(wang_qiang: Actor, at: datetime) -> None:
    subject = start(SEQUENCE, at)
    do(subject, "a", wang_qiang, at)
    with connection.cursor() as cursor:
        cursor.execute("SELECT claimed_name || done_name || opinion FROM engine_task WHERE state = 'done'")
        stored = cursor.fetchone()[0]
    assert "王强" not in stored
    assert "同意" not in stored


@pytest.mark.parametrize("point", ["start_process.after_instance", "complete_task.after_task"])
def test_a_failure_in_the_middle_leaves_nothing_half_done(point: str, wang_qiang: Actor, at: datetime) -> None:
    subject = start(TWO_DEPARTMENTS, at)
    with armed(point), pytest.raises(Fault):
        start(SEQUENCE, at)
        do(subject, "a", wang_qiang, at)
    assert Instance.objects.count() == (1 if point.startswith("start") else 2)
    assert set(live(subject)) == {"a", "b"}
    assert not Token.objects.filter(node="join").exists()
    if point.startswith("start"):
        do(subject, "a", wang_qiang, at)
    else:
        held = live(subject)["a"].id
        commands.complete_task(actor=wang_qiang, task=held, outcome="agree", opinion="", variables={}, at=at)
    assert set(live(subject)) == {"b"}


def _statements(act: Any) -> int:
    with CaptureQueriesContext(connection) as captured:
        act()
    return sum(1 for query in captured if "SAVEPOINT" not in query["sql"])


def test_statements_per_act_are_few_and_do_not_grow_with_history(wang_qiang: Actor, at: datetime) -> None:
    counts = []
    subject = start(LOOP, at)
    queries.steps_of(subject)  # a definition is read once per process of the operating system
    for turn in range(6):
        task = live(subject)["a"].id
        counts.append(
            (
                _statements(lambda task=task: commands.claim_task(actor=wang_qiang, task=task, version=None, at=at)),
                _statements(
                    lambda task=task: commands.complete_task(
                        actor=wang_qiang, task=task, outcome="again", opinion="", variables={}, at=at
                    )
                ),
                _statements(lambda: queries.steps_of(subject)),
                _statements(lambda: queries.list_tasks(tenant=TENANT, posts=["CGZF.review"])),
                _statements(lambda: queries.find_open_task(subject, act="review")),
            )
        )
        assert turn == 0 or counts[-1] == counts[0]
    assert counts[0] == (3, 6, 2, 1, 1)
    most = start(bpmn("start s", "task a", "task b", "end e", "s a", "a b", "b e"), at)
    task = live(most)["a"].id
    commands.claim_task(actor=wang_qiang, task=task, version=None, at=at)
    act = lambda: commands.complete_task(  # noqa: E731  (counted below)
        actor=wang_qiang, task=task, outcome="agree", opinion="", variables={"x": 1}, at=at
    )
    queries.steps_of(most)
    assert _statements(act) == 8  # lock, task, tokens; task, tokens out and in, new task, instance
    assert _statements(lambda: start(LOOP, at)) == 4  # is the definition there, instance, token, task


def test_the_definition_is_stored_once(at: datetime) -> None:
    start(SEQUENCE, at)
    start(SEQUENCE, at)
    assert bytes(ProcessDefinition.objects.get().xml) == SEQUENCE


def test_the_work_list_reads_only_its_page_from_the_index(at: datetime) -> None:
    """Among many tasks, one index range per post and state, and no sort of the whole."""
    from yichuang.engine.queries import WORKLIST

    subject = start(SEQUENCE, at)
    instance = Instance.objects.get(subject_id=subject[1])
    Task.objects.bulk_create(
        Task(
            instance=instance, subject_kind="matter", subject_id=uuid4(), node=f"m{offset}", flow="f",
            name_zh="审", name_en="Review", post=f"CGZF.p{offset % 3}", act="review", created_at=at,
            due_at=at + timedelta(minutes=offset),
        )
        for offset in range(6000)
    )  # fmt: skip
    params = {
        "tenant": TENANT,
        "posts": ["CGZF.p0", "CGZF.p1"],
        "states": ["open"],
        "due": "-infinity",
        "id": UUID(int=0),
        "limit": 21,
    }
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE engine_task")
        cursor.execute("EXPLAIN (ANALYZE, FORMAT TEXT) " + WORKLIST, params)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "engine_task_worklist" in plan
    assert "Seq Scan on engine_task" not in plan
    assert "rows=6000" not in plan


@pytest.mark.django_db(transaction=True)
def test_of_two_who_press_at_once_exactly_one_gets_the_task(wang_qiang: Actor, colleague: Actor, at: datetime) -> None:
    task = live(start(SEQUENCE, at))["a"].id
    barrier = threading.Barrier(2)
    answers: list[str] = []

    def press(actor: Actor) -> None:
        try:
            barrier.wait()
            commands.claim_task(actor=actor, task=task, version=None, at=at)
            answers.append("got it")
        except Conflict as conflict:
            answers.append(conflict.reasons[0].code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press, args=(actor,)) for actor in (wang_qiang, colleague)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["CLAIMED", "got it"]


@pytest.mark.django_db(transaction=True)
def test_two_branches_completed_at_once_open_the_next_step_once(wang_qiang: Actor, at: datetime) -> None:
    for _ in range(5):
        subject = start(TWO_DEPARTMENTS, at)
        tasks = [task.id for task in live(subject).values()]
        for task in tasks:
            commands.claim_task(actor=wang_qiang, task=task, version=None, at=at)
        barrier = threading.Barrier(2)
        faults: list[BaseException] = []

        def complete(task: UUID, barrier: threading.Barrier = barrier, faults: list[BaseException] = faults) -> None:
            try:
                barrier.wait()
                commands.complete_task(actor=wang_qiang, task=task, outcome="agree", opinion="", variables={}, at=at)
            except BaseException as fault:
                faults.append(fault)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=complete, args=(task,)) for task in tasks]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert faults == []
        assert set(live(subject)) == {"d"}
