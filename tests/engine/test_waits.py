"""Waits as rows: work outside, messages, signals, timers; each comes once, whoever asks at the same moment."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from tests.engine.processes import EVENTS, boundary, bpmn, catch, finish, several, sub, throw, work

from yichuang.core import clock, jobs
from yichuang.core import events as bus
from yichuang.core.actors import Actor
from yichuang.core.ids import new_id
from yichuang.core.refusals import Conflict, Refused
from yichuang.core.workdays import Calendar
from yichuang.engine import commands, ports, queries
from yichuang.engine.bpmn.process import _stored
from yichuang.engine.events import ProcessStuck, TimerFired
from yichuang.engine.jobs import due_timers_job
from yichuang.engine.models import Instance, Task, Token, Wait
from yichuang.engine.rows import model_of

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
CALENDAR = Calendar({}, frozenset({2026}))
LI = Actor(kind="staff", id=new_id(), name="李娜")
WANG = Actor(kind="staff", id=new_id(), name="王强")


def start(xml: bytes, *, tenant: str = "lg", at: datetime = NOW, **variables: object) -> tuple[str, Any]:
    subject = ("matter", uuid4())
    commands.start_process(xml=xml, subject=subject, tenant=tenant, variables=variables, at=at, calendar=CALENDAR)
    return subject


def open_of(subject: tuple[str, Any]) -> set[str]:
    return {task.node for task in queries.holders_of(subject)}


def waits(subject: tuple[str, Any]) -> dict[str, Any]:
    return {wait.event: wait for wait in queries.waits_of(subject)}


def complete(
    subject: tuple[str, Any], node: str, outcome: str = "agree", scope: str | None = None, by: Actor = LI
) -> None:
    task = next(one for one in queries.holders_of(subject) if one.node == node and scope in {None, one.scope})
    commands.claim_task(actor=by, task=task.id, version=None, at=NOW)
    commands.complete_task(actor=by, task=task.id, outcome=outcome, opinion="", variables={}, at=NOW, calendar=CALENDAR)


WORK = bpmn(
    "start s", work("service", "v", "地址核验"), boundary("c", "v", "e1"), 'xor x default="x_b"', "task a", "task b",
    "task d", "end e", "end f", "s v", "v x", "x a hits > 0", "x b", "a e", "b e", "c d", "d f", top=EVENTS,
)  # fmt: skip


def test_work_outside_is_offered_answered_once_and_its_results_decide() -> None:
    subject = start(WORK)
    other = start(WORK, tenant="else")
    (offered,) = queries.list_work(tenant="lg", kind="service", at=NOW)
    assert (offered.subject_id, offered.key, offered.kind) == (subject[1], "地址核验", "service")
    assert commands.answer_work(wait=offered.id, variables={"hits": 1}, at=NOW)
    assert open_of(subject) == {"a"}
    assert not commands.answer_work(wait=offered.id, variables={"hits": 0}, at=NOW)
    assert queries.list_work(tenant="lg", kind="service", at=NOW) == ()
    assert set(waits(other)) == {"v"}
    with pytest.raises(ValueError, match="outside"):
        queries.list_work(tenant="lg", kind="timer", at=NOW)


def test_failed_work_is_caught_or_offered_again_later() -> None:
    subject = start(WORK)
    wait = waits(subject)["v"]
    later = NOW + timedelta(minutes=5)
    assert not commands.fail_work(wait=wait.id, code="TIMEOUT", at=NOW, retry_at=later)
    assert queries.list_work(tenant="lg", kind="service", at=NOW) == ()
    (again,) = queries.list_work(tenant="lg", kind="service", at=later)
    assert (again.failures, again.failed_with) == (1, "TIMEOUT")
    assert commands.fail_work(wait=wait.id, code="E1", at=later)
    assert open_of(subject) == {"d"}
    assert waits(subject) == {}


def test_an_answer_with_which_no_gateway_can_decide_changes_nothing() -> None:
    subject = start(WORK)
    wait = waits(subject)["v"]
    with pytest.raises(Refused) as refused:
        commands.answer_work(wait=wait.id, variables={}, at=NOW)
    assert refused.value.reasons[0].code == "PROCESS_STUCK"
    assert set(waits(subject)) == {"v"}


MESSAGE = bpmn(
    "start s", "task a", boundary("m", "a", "m1", interrupting=False), "task b", boundary("k", "a", "m2"), "task c",
    "end e", "end f", "end g", "s a", "a e", "m b", "b f", "k c", "c g", top=EVENTS,
)  # fmt: skip


def test_messages_reach_the_process_of_their_subject() -> None:
    subject = start(MESSAGE)

    def say(name: str) -> bool:
        return commands.receive_message(subject=subject, name=name, variables={}, at=NOW)

    assert not say("别的")
    assert not commands.receive_message(subject=("matter", uuid4()), name="补正", variables={}, at=NOW)
    assert say("补正")
    assert open_of(subject) == {"a", "b"}
    with pytest.raises(Conflict):
        say("补正")
    complete(subject, "b")
    assert say("补正")
    complete(subject, "b")
    assert say("撤回")
    assert open_of(subject) == {"c"}
    assert Task.objects.get(node="a").state == "cancelled"
    complete(subject, "c")
    assert Instance.objects.get().state == "finished"
    assert Wait.objects.count() == Token.objects.count() == 0


def test_several_that_wait_for_a_message_take_one_each() -> None:
    """Each message is one instance's; what comes behind begins when all have theirs."""
    receive = f'<bpmn:receiveTask id="r" messageRef="m1">{several("", "<bpmn:loopCardinality>2</bpmn:loopCardinality>")}</bpmn:receiveTask>'
    subject = start(bpmn("start s", receive, "task b", "end e", "s r", "r b", "b e", top=EVENTS))
    assert Wait.objects.filter(kind="message").count() == 2
    for left, opened in ((1, set()), (0, {"b"})):
        assert commands.receive_message(subject=subject, name="补正", variables={}, at=NOW)
        assert Wait.objects.filter(kind="message").count() == left
        assert open_of(subject) == opened
    complete(subject, "b")
    assert Instance.objects.get().state == "finished"
    assert Token.objects.count() == 0


def test_a_signal_reaches_every_process_of_the_tenant_that_waits() -> None:
    listening = bpmn("start s", catch("c", "g1"), "task a", "end e", "s c", "c a", "a e", top=EVENTS)
    throwing = bpmn("start s", "task a", throw("g", "g1"), "end e", "s a", "a g", "g e", top=EVENTS)
    one, two, foreign = start(listening), start(listening), start(listening, tenant="else")
    complete(start(throwing), "a")
    jobs.run_waiting()
    assert open_of(one) == open_of(two) == {"a"}
    assert open_of(foreign) == set()


def test_a_signal_that_is_delivered_again_is_not_heard_by_who_waits_anew() -> None:
    """The job that delivers it was killed after its commit and runs a second time."""
    hearing = bpmn(
        "start s", catch("c", "g1"), 'xor x default="x_c"', "end e", "s c", "c x", "x e done = true", "x c",
        top=EVENTS,
    )  # fmt: skip
    subject = start(hearing, done=False)
    thrown = new_id()
    assert commands.send_signal(tenant="lg", name="放假", at=NOW, before=thrown) == 1
    assert commands.send_signal(tenant="lg", name="放假", at=NOW, before=thrown) == 0
    assert commands.send_signal(tenant="lg", name="放假", at=NOW) == 1
    assert set(waits(subject)) == {"c"}


def test_one_that_cannot_go_on_by_a_signal_keeps_it_from_nobody() -> None:
    stuck = bpmn(
        "start s",
        catch("c", "g1"),
        'xor x default="x_f"',
        "task a",
        "end e",
        "end f",
        "s c",
        "c x",
        "x a n > 0",
        "x f",
        "a e",
        top=EVENTS,
    )
    fine = bpmn("start s", catch("c", "g1"), "task a", "end e", "s c", "c a", "a e", top=EVENTS)
    first, second = start(stuck), start(fine)
    assert commands.send_signal(tenant="lg", name="放假", at=NOW) == 1
    assert open_of(second) == {"a"}
    (waiting,) = waits(first).values()
    assert (waiting.failures, waiting.failed_with) == (1, "PROCESS_STUCK")


TIMERS = bpmn(
    "start s", "task a", boundary("late", "a", "5d", interrupting=False), "task b", catch("c", "P2D"), "end e", "end f",
    "s a", "a c", "c e", "late b", "b f",
)  # fmt: skip


def test_timers_fire_once_when_they_are_due() -> None:
    subject = start(TIMERS)
    wait = waits(subject)["late"]
    assert wait.due_at == datetime(2026, 11, 30, 16, 0, tzinfo=UTC)  # the end of the fifth working day, in the halls
    assert not commands.fire_timer(wait=wait.id, at=NOW, calendar=CALENDAR)
    assert queries.due_timers(at=NOW) == ()
    assert [one.id for one in queries.due_timers(at=wait.due_at)] == [wait.id]
    assert commands.fire_timer(wait=wait.id, at=wait.due_at, calendar=CALENDAR)
    assert not commands.fire_timer(wait=wait.id, at=wait.due_at, calendar=CALENDAR)
    assert open_of(subject) == {"a", "b"}
    complete(subject, "a")
    assert waits(subject)["c"].due_at == NOW + timedelta(days=2)


def test_a_task_done_in_time_takes_its_timer_along() -> None:
    subject = start(TIMERS)
    wait = waits(subject)["late"]
    complete(subject, "a")
    assert not commands.fire_timer(wait=wait.id, at=wait.due_at, calendar=CALENDAR)
    commands.cancel_process(subject=subject, at=NOW, reason="撤回")
    assert Wait.objects.count() == 0


def test_the_job_fires_what_is_due(monkeypatch: pytest.MonkeyPatch) -> None:
    subject = start(TIMERS)
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 12, 1, tzinfo=UTC))
    due_timers_job()
    due_timers_job()  # the same timer is queued once
    jobs.run_waiting()
    assert open_of(subject) == {"a", "b"}


def test_a_timer_that_the_process_cannot_go_on_by_is_tried_again_later_and_told_of_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Otherwise it would fail each minute for ever, and five hundred of its kind would keep all others from firing."""
    stuck = bpmn(
        "start s",
        catch("c", "P2D"),
        'xor x default="x_f"',
        "task a",
        "end e",
        "end f",
        "s c",
        "c x",
        "x a n > 0",
        "x f",
        "a e",
        top=EVENTS,
    )
    told: list[ProcessStuck] = []
    monkeypatch.setitem(bus._handlers, ProcessStuck, [told.append])
    subject = start(stuck)
    due = NOW + timedelta(days=2)
    (wait,) = waits(subject).values()
    assert not commands.fire_timer(wait=wait.id, at=due, calendar=CALENDAR)
    assert queries.due_timers(at=due) == ()
    for hours in (1, 6, 48):  # each time later, once a day at last
        (again,) = queries.due_timers(at=due + timedelta(hours=hours))
        assert not commands.fire_timer(wait=again.id, at=due + timedelta(hours=hours), calendar=CALENDAR)
    assert set(waits(subject)) == {"c"}
    assert [(one.subject_id, one.event, one.why.zh != "") for one in told] == [(subject[1], "c", True)]


def test_working_days_without_a_calendar_are_refused() -> None:
    with pytest.raises(Refused) as refused:
        commands.start_process(xml=TIMERS, subject=("matter", uuid4()), tenant="lg", variables={}, at=NOW)
    assert refused.value.reasons[0].code == "PROCESS_TIMER"
    assert Instance.objects.count() == 0


PAUSED = bpmn(
    "start s", "task a", boundary("days", "a", "3d", interrupting=False), boundary("hours", "a", "PT48H", interrupting=False),
    boundary("date", "a", "2026-12-01", interrupting=False), "task b", "end e", "end f", "s a", "a e", "days b", "hours b",
    "date b", "b f",
)  # fmt: skip


def test_time_that_does_not_count_puts_timers_off() -> None:
    subject = start(PAUSED)
    before = {name: wait.due_at for name, wait in waits(subject).items()}
    since, until = NOW + timedelta(days=1), NOW + timedelta(days=8)  # Tuesday to the Tuesday after: five working days
    assert commands.pause_timers(subject=subject, at=since) == 3
    assert queries.due_timers(at=NOW + timedelta(days=300)) == ()
    assert not commands.fire_timer(wait=waits(subject)["date"].id, at=until, calendar=CALENDAR)
    assert commands.pause_timers(subject=subject, at=until) == 0  # they stand still already, since then
    assert commands.resume_timers(subject=subject, at=until, calendar=CALENDAR) == 3
    after = {name: wait.due_at for name, wait in waits(subject).items()}
    assert after == {
        "days": before["days"] + timedelta(days=7),  # with the weekend in between
        "hours": before["hours"] + timedelta(days=7),
        "date": before["date"],
    }
    assert commands.pause_timers(subject=subject, at=after["days"]) == 3
    commands.resume_timers(subject=subject, at=after["days"] + timedelta(days=30), calendar=CALENDAR)
    assert {name: wait.due_at for name, wait in waits(subject).items()} == after  # what was due stays due
    assert commands.pause_timers(subject=("matter", uuid4()), at=NOW) == 0
    assert commands.resume_timers(subject=("matter", uuid4()), at=NOW, calendar=CALENDAR) == 0


def test_a_timer_locks_its_subject_first_and_says_that_it_fired(monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[Any] = []
    heard: list[TimerFired] = []
    monkeypatch.setitem(ports.OWNERS, "matter", ports.Owner("lg", held.append))
    bus.subscribe(TimerFired)(heard.append)
    try:
        subject = start(TIMERS)
        wait = waits(subject)["late"]
        commands.fire_timer(wait=wait.id, at=NOW, calendar=CALENDAR)
        assert (held, heard) == ([subject[1]], [])
        commands.fire_timer(wait=wait.id, at=wait.due_at, calendar=CALENDAR)
    finally:
        bus._handlers[TimerFired].remove(heard.append)
    assert [(one.node, one.event, one.subject_id) for one in heard] == [("a", "late", subject[1])]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_fire_a_timer_once() -> None:
    subject = start(TIMERS)
    wait = waits(subject)["late"]
    fired: list[bool] = []

    def at_once(run: Callable[[], bool]) -> Callable[[], None]:
        def go() -> None:
            try:
                fired.append(run())
            finally:
                connections["default"].close()

        return go

    def run() -> bool:
        return commands.fire_timer(wait=wait.id, at=wait.due_at, calendar=CALENDAR)

    threads = [threading.Thread(target=at_once(run)) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(20)
    assert sorted(fired) == [False, True]
    assert Task.objects.filter(node="b").count() == 1


def test_several_instances_are_rows_of_their_own_and_of_different_persons() -> None:
    task = (
        '<bpmn:userTask id="a" name="会签" yc:nameEn="Review">'
        + several('yc:posts="A.b C.d" isSequential="true"')
        + "</bpmn:userTask>"
    )
    subject = start(bpmn("start s", task, "task b", "end e", "s a", "a b", "b e"))
    assert [one.post for one in queries.holders_of(subject)] == ["A.b"]
    complete(subject, "a")
    (second,) = queries.holders_of(subject)
    assert (second.post, second.scope) == ("C.d", "/a:2")
    with pytest.raises(Conflict):
        commands.claim_task(actor=LI, task=second.id, version=None, at=NOW)
    complete(subject, "a", by=WANG)
    assert open_of(subject) == {"b"}
    assert Instance.objects.get().local is None


def test_a_sub_process_for_each_place_keeps_its_own_outcomes_over_many_requests() -> None:
    xml = bpmn(
        "start s",
        *sub("u", "start us", "task a", 'xor x default="x_b"', "task b", "end ue", "end uf", "us a", "a x",
             'x ue outcomes.a = "fine"', "x b", "b uf", marker=several('yc:items="places"')),
        "task c", "end e", "s u", "u c", "c e",
    )  # fmt: skip
    subject = start(xml, places=["北", "南"])
    complete(subject, "a", "fine", "/u:2")
    complete(subject, "a", "no", "/u:1")
    assert open_of(subject) == {"b"}
    complete(subject, "b")
    assert open_of(subject) == {"c"}
    assert set(Token.objects.values_list("scope", "node")) == {("", "c")}


def test_statements_do_not_grow_with_what_a_process_has_been_through() -> None:
    from django.test.utils import CaptureQueriesContext

    loop = bpmn(
        "start s", "xor m", "task a", boundary("t", "a", "PT1H"), "task b", 'xor x default="x_m"', "end e",
        "s m", "m a", "a x", "x e pick = 1", "x m", "t b", "b m",
    )  # fmt: skip
    subject = start(loop, pick=0)
    counts = []
    for _ in range(8):
        task = queries.holders_of(subject)[0]
        commands.claim_task(actor=LI, task=task.id, version=None, at=NOW)
        with CaptureQueriesContext(connection) as found:
            commands.complete_task(actor=LI, task=task.id, outcome="again", opinion="", variables={}, at=NOW)
        counts.append(len(found))
    assert len(set(counts[1:])) == 1  # (the first reads the definition)
    assert counts[1] <= 12
    assert Token.objects.count() == Wait.objects.count() == 1


STOPS = bpmn(
    "start s", "and f", "task a", "task b", "task c", finish("e", "terminate"), "end g", "s f", "f a", "f b", "a e",
    "b c", "c g",
)  # fmt: skip


def test_a_terminate_end_takes_the_tasks_of_all_branches_also_where_nothing_else_waits() -> None:
    subject = start(STOPS)
    complete(subject, "a")
    assert Instance.objects.get().state == "finished"
    assert not Task.objects.filter(state__in=["open", "claimed"])
    assert not Token.objects.exists()


@pytest.mark.parametrize("act", [commands.claim_task, commands.complete_task])
def test_nobody_works_on_a_task_of_a_process_that_has_ended(act: Any) -> None:
    """Such tasks were left behind by a terminate end once; they move nothing."""
    start(STOPS)
    task = Task.objects.get(node="b")
    commands.claim_task(actor=LI, task=task.id, version=None, at=NOW)
    Instance.objects.update(state="finished", ended_at=NOW)
    given = {"version": None} if act is commands.claim_task else {"outcome": "agree", "opinion": "", "variables": {}}
    with pytest.raises(Conflict, match="流程已终止"):
        act(actor=LI, task=task.id, at=NOW, **given)
    assert not Task.objects.filter(node="c")


def test_a_definition_that_was_published_is_not_checked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a bound that is lowered would keep cases from going on, and from being ended."""
    subject = start(STOPS)
    monkeypatch.setattr("yichuang.engine.bpmn.check.MAX_MARKINGS", 1)
    monkeypatch.setattr("yichuang.engine.bpmn.process.check", lambda draft: pytest.fail("checked again"))
    _stored.cache_clear()
    model_of.cache_clear()
    assert open_of(subject) == {"a", "b"}
    assert commands.cancel_process(subject=subject, at=NOW, reason="withdrawn")


def test_two_clicks_of_one_person_on_two_seats_take_one() -> None:
    """The second click reads after the first: both lock the process."""
    marks = several('yc:count="2"')
    joint = f'<bpmn:userTask id="r" name="会签" yc:nameEn="Joint" yc:post="CGZF.review">{marks}</bpmn:userTask>'
    start(bpmn("start s", joint, "end e", "s r", "r e"))
    first, second = Task.objects.filter(node="r").order_by("seat")
    with CaptureQueriesContext(connection) as asked:
        commands.claim_task(actor=LI, task=first.id, version=None, at=NOW)
    locks = [one["sql"] for one in asked if "FOR UPDATE" in one["sql"]]
    assert "engine_instance" in locks[0]
    assert "engine_task" in locks[1]
    with pytest.raises(Conflict, match="席位"):
        commands.claim_task(actor=LI, task=second.id, version=None, at=NOW)


BESIDE = bpmn(
    "start s", "and f", "task d", catch("t", "PT1H"), "task r", work("send", "n", "tell-applicant"), "and j", "end e",
    "s f", "f d", "f t", "t r", "r j", "d n", "n j", "j e",
)  # fmt: skip
BEHIND = bpmn("start s", "task d", work("send", "n", "tell-applicant"), "end e", "s d", "d n", "n e")
INSIDE = bpmn(
    "start s", *sub("u", "start us", "task d", work("send", "n", "tell-applicant"), "end ue", "us d", "d n", "n ue"),
    "end e", "s u", "u e",
)  # fmt: skip


@pytest.mark.parametrize(("xml", "ends"), [(BESIDE, True), (BEHIND, False), (INSIDE, False)])
def test_the_last_word_ends_what_runs_beside_it_and_lets_go_on_what_comes_behind(xml: bytes, ends: bool) -> None:
    subject = start(xml)
    complete(subject, "d")
    assert commands.cancel_beside(subject=subject, node="d", at=NOW, reason="decided") is ends
    assert Wait.objects.filter(event="t").count() == 0
    assert Wait.objects.filter(event="n").count() == (not ends)
    assert not commands.cancel_beside(subject=subject, node="d", at=NOW, reason="decided")
