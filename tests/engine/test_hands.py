"""转办、加签、退回、会签: tasks change hands, others are asked, the work goes back, several share a step."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from tests.engine.processes import TWO_DEPARTMENTS, bpmn

from yichuang.core.actors import Actor
from yichuang.core.refusals import Conflict, Refused
from yichuang.engine import commands, queries
from yichuang.engine.models import Instance, Task, Token
from yichuang.engine.rules import node_states
from yichuang.engine.values import Joint, ProcessFaults, TaskRow, parse_process

PEOPLE = [Actor(kind="staff", id=UUID(int=n), name=name) for n, name in enumerate(("王强", "何静", "李明"), start=1)]
WANG, HE, LI = PEOPLE
BRANCHES = bpmn(
    "start s", "task a CGZF.review", "and fork", "task b1 CGZF.review", "task b2 CGZF.review", "task c1 GAFJ.review",
    "task c2 GAFJ.review", "and join", "task d CGZF.decide decide", "end e",
    "s a", "a fork", "fork b1", "b1 b2", "b2 join", "fork c1", "c1 c2", "c2 join", "join d", "d e",
)  # fmt: skip


def several(marks: str, inside: str = "", act: str = "review") -> bytes:
    task = (
        f'<bpmn:userTask id="j" name="会签" yc:nameEn="Joint" yc:post="CGZF.review" yc:act="{act}">'
        f"<bpmn:multiInstanceLoopCharacteristics {marks}>{inside}</bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>"
    )
    return bpmn("start s", task, 'xor x default="x_no"', "task d CGZF.decide decide", "end e", "end no",
                "s j", "j x", 'x d outcomes.j = "agree"', "x no", "d e")  # fmt: skip


class Run:
    """A process and a clock that moves on."""

    def __init__(self, xml: bytes, at: datetime) -> None:
        self.at, self.subject = at, ("matter", uuid4())
        commands.start_process(xml=xml, subject=self.subject, tenant="t", variables={}, at=at, due_at=at + timedelta(1))

    def moment(self) -> datetime:
        self.at += timedelta(minutes=1)
        return self.at

    def live(self) -> list[TaskRow]:
        return [task for task in queries.tasks_of(self.subject) if task.state in {"open", "claimed"}]

    def nodes(self) -> list[str]:
        return sorted(task.node for task in self.live())

    def claim(self, node: str, actor: Actor = WANG, post: str = "") -> TaskRow:
        task = next(
            t for t in self.live() if t.node == node and post in {"", t.post} and t.claimed_by in {None, actor.id}
        )
        return commands.claim_task(actor=actor, task=task.id, version=None, at=self.moment())

    def do(self, node: str, actor: Actor = WANG, outcome: str = "agree", post: str = "") -> TaskRow:
        task = self.claim(node, actor, post)
        return self.complete(task, actor, outcome)

    def complete(self, task: TaskRow, actor: Actor = WANG, outcome: str = "agree") -> TaskRow:
        return commands.complete_task(
            actor=actor, task=task.id, outcome=outcome, opinion="", variables={}, at=self.moment()
        )

    def back(self, task: TaskRow, node: str, actor: Actor = WANG) -> TaskRow:
        return commands.send_back(actor=actor, task=task.id, node=node, at=self.moment(), note="补查")

    def states(self) -> dict[str, str]:
        return dict(node_states(queries.steps_of(self.subject)))


def code(act: Any) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.reasons[0].code


@pytest.fixture
def branches(at: datetime) -> Run:
    run = Run(BRANCHES, at)
    run.do("a")
    return run


# ── 退回 ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_work_goes_back_inside_its_branch_and_leaves_the_other_alone(branches: Run) -> None:
    branches.do("b1")
    branches.do("c1")
    task = branches.claim("c2")
    assert [node for node, _ in queries.steps_back(task.id)] == ["a", "c1"]
    sent = branches.back(task, "c1")
    assert (sent.state, sent.outcome, sent.back_to, sent.notes[-1].text) == ("done", "returned", "c1", "补查")
    assert branches.nodes() == ["b2", "c1"]
    assert branches.states() | {"c2": "waiting", "c1": "current", "b1": "done"} == branches.states()
    branches.do("c1")
    assert branches.nodes() == ["b2", "c2"]


@pytest.mark.django_db
def test_back_before_a_fork_gives_up_all_its_branches_and_back_behind_a_join_keeps_the_other(branches: Run) -> None:
    branches.do("b1")
    branches.back(branches.claim("b2"), "a")
    assert branches.nodes() == ["a"]
    assert branches.states() | {"b1": "waiting", "c1": "waiting"} == branches.states()
    for node in ("a", "b1", "b2", "c1", "c2"):
        branches.do(node)
    branches.back(branches.claim("d"), "b2")
    assert branches.nodes() == ["b2"]
    assert Token.objects.filter(node="join").count() == 1, "the other branch stays ready"
    branches.do("b2")
    assert branches.nodes() == ["d"]
    branches.do("d", outcome="grant")
    assert Instance.objects.get().state == "finished"


@pytest.mark.django_db
def test_back_only_to_what_was_done_and_only_by_who_holds_the_task(branches: Run) -> None:
    task = branches.claim("b1")
    assert code(lambda: branches.back(task, "c1")) == "NO_WAY_BACK"
    assert code(lambda: branches.back(task, "b1")) == "NO_WAY_BACK"
    assert code(lambda: branches.back(task, "nowhere")) == "NO_WAY_BACK"
    assert code(lambda: branches.back(task, "a", HE)) == "CLAIMED"


# ── 转办 ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_a_task_handed_on_is_the_colleagues_until_it_is_taken_back(at: datetime) -> None:
    run = Run(TWO_DEPARTMENTS, at)
    task = run.claim("a")

    def hand(actor: Actor, to: Actor) -> TaskRow:
        return commands.delegate_task(
            actor=actor, task=task.id, to=to.id or uuid4(), to_name=to.name, at=run.moment(), note="出差"
        )

    assert code(lambda: hand(HE, LI)) == "CLAIMED"
    assert code(lambda: hand(WANG, WANG)) == "TO_ONESELF"
    row = hand(WANG, HE)
    assert (row.claimed_by, row.delegated_by, row.notes[-1].to) == (HE.id, WANG.id, "何静")
    assert code(lambda: run.complete(task, WANG)) == "CLAIMED"
    assert code(lambda: commands.take_back_task(actor=LI, task=task.id, at=run.moment())) == "NOT_DELEGATED"
    row = commands.take_back_task(actor=WANG, task=task.id, at=run.moment())
    assert (row.claimed_by, row.delegated_by) == (WANG.id, None)
    hand(WANG, HE)
    commands.return_task(actor=HE, task=task.id, at=run.moment(), note="")
    assert code(lambda: commands.take_back_task(actor=WANG, task=task.id, at=run.moment())) == "NOT_DELEGATED"


# ── 加签 ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_a_task_waits_until_everybody_who_was_asked_has_answered(at: datetime) -> None:
    run = Run(TWO_DEPARTMENTS, at)
    task = run.claim("a")

    def ask(post: str) -> TaskRow:
        return commands.ask_countersign(actor=WANG, task=task.id, post=post, question="是否合规？", at=run.moment())

    first, second = ask("SCJG.review"), ask("WJJ.review")
    assert code(lambda: ask("SCJG.review")) == "ASKED_ALREADY"
    assert code(lambda: run.complete(task)) == "COUNTERSIGN_OPEN"
    assert code(lambda: commands.claim_task(actor=WANG, task=first.id, version=None, at=run.moment())) == "OWN_QUESTION"
    commands.claim_task(actor=HE, task=first.id, version=None, at=run.moment())
    run.complete(first, HE, "disagree")
    assert code(lambda: run.complete(task)) == "COUNTERSIGN_OPEN"
    assert code(lambda: commands.withdraw_countersign(actor=LI, task=second.id, at=run.moment())) == "NOT_YOUR_QUESTION"
    commands.withdraw_countersign(actor=WANG, task=second.id, at=run.moment())
    assert run.nodes() == ["a", "b"]
    run.complete(task)
    assert run.nodes() == ["b"]
    assert Instance.objects.get().outcomes == {"a": "agree"}, "an answer is no outcome of the step"
    assert run.states() == {"a": "done", "b": "current", "d": "waiting"}


@pytest.mark.django_db
def test_who_answers_a_question_does_not_hold_the_task_that_asks(at: datetime) -> None:
    run = Run(TWO_DEPARTMENTS, at)
    task = run.claim("a")
    asked = commands.ask_countersign(actor=WANG, task=task.id, post="SCJG.review", question="?", at=run.moment())
    commands.claim_task(actor=HE, task=asked.id, version=None, at=run.moment())

    def hand() -> TaskRow:
        return commands.delegate_task(
            actor=WANG, task=task.id, to=HE.id or uuid4(), to_name=HE.name, at=run.moment(), note="?"
        )

    assert code(hand) == "ANSWERS_QUESTION"
    Task.objects.filter(id=task.id).update(claimed_by=HE.id)  # as it may stand in older data
    assert code(lambda: run.complete(asked, HE)) == "OWN_QUESTION"
    Task.objects.filter(id=task.id).update(claimed_by=WANG.id)
    run.complete(asked, HE)
    assert hand().claimed_by == HE.id


@pytest.mark.django_db
def test_questions_end_with_their_task(branches: Run) -> None:
    task = branches.claim("b1")
    commands.ask_countersign(actor=WANG, task=task.id, post="SCJG.review", question="", at=branches.moment())
    branches.back(task, "a")
    assert branches.nodes() == ["a"]


# ── 会签 ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_two_of_three_posts_agree_and_the_third_is_not_needed(at: datetime) -> None:
    run = Run(several('yc:posts="CGZF.review GAFJ.review WJJ.review" yc:need="2"'), at)
    assert sorted(task.post for task in run.live()) == ["CGZF.review", "GAFJ.review", "WJJ.review"]
    run.do("j", WANG, post="GAFJ.review")
    assert code(lambda: run.claim("j", WANG, "WJJ.review")) == "SEAT_TAKEN"
    assert run.nodes() == ["j", "j"]
    assert run.states() == {"j": "current", "d": "waiting"} | run.states()
    run.do("j", HE, post="CGZF.review")
    assert run.nodes() == ["d"]
    assert run.states()["j"] == "done"


@pytest.mark.django_db
def test_where_all_must_agree_everybody_is_heard_before_it_fails(at: datetime) -> None:
    run = Run(several('yc:count="3"'), at)
    run.do("j", WANG, "disagree")
    run.do("j", HE)
    task = run.claim("j", LI)
    assert code(lambda: run.back(task, "j", LI)) == "JOINT_BACK"
    run.complete(task, LI)
    assert Instance.objects.get().state == "finished"
    assert Instance.objects.get().outcomes == {"j": "disagree"}


@pytest.mark.parametrize(
    ("marks", "inside", "act"),
    [
        ("", "", "review"),
        ('yc:count="1"', "", "review"),
        ('yc:count="12"', "", "review"),
        ('yc:count="two"', "", "review"),
        ('yc:count="3" yc:need="4"', "", "review"),
        ('yc:count="3" yc:need="most"', "", "review"),
        ('yc:count="3" yc:posts="A.b C.d"', "", "review"),
        ('yc:posts="A.b A.b"', "", "review"),
        ('yc:posts="A.b nobody"', "", "review"),
        ('yc:count="3" behavior="None"', "", "review"),
        ('yc:count="3"', "", "decide"),
        ('yc:count="3"', "", "inspect"),
    ],
)
def test_a_joint_review_that_cannot_be_understood_is_no_process(marks: str, inside: str, act: str) -> None:
    with pytest.raises(ProcessFaults) as faults:
        parse_process(several(marks, inside, act))
    assert {fault.code for fault in faults.value.faults} == {"JOINT"}
    assert all(fault.line > 1 and fault.element == "j" for fault in faults.value.faults)


def test_persons_may_be_counted_as_bpmn_does() -> None:
    model = parse_process(several('yc:need="any"', "<bpmn:loopCardinality>2</bpmn:loopCardinality>"))
    assert model.nodes["j"].joint == Joint(("CGZF.review", "CGZF.review"), 1)
    assert model.tasks[0].posts == {"CGZF.review"}


# ── 现场核查, 超期 ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_an_inspection_is_a_task_and_what_is_past_its_moment_is_drawn_late(at: datetime) -> None:
    run = Run(
        bpmn("start s", "task a CGZF.review inspect", "task b CGZF.decide decide", "end e", "s a", "a b", "b e"), at
    )
    assert run.live()[0].act == "inspect"
    _, early = queries.tasks_and_drawing(run.subject, at=at)
    _, late = queries.tasks_and_drawing(run.subject, at=at + timedelta(days=2))
    assert "is-current" in early
    assert "is-late" not in early
    assert "办理中，已超期" in late
    assert 'class="bpmn-task is-late" aria-current="step"' in late


@pytest.mark.django_db
def test_seats_are_claimed_by_colleagues_only(at: datetime) -> None:
    run = Run(several('yc:count="2"'), at)
    mine = run.claim("j", WANG)
    run.claim("j", HE)
    with pytest.raises(Conflict):
        commands.delegate_task(actor=WANG, task=mine.id, to=HE.id or uuid4(), to_name="何静", at=run.moment(), note="")
    stranger = replace(HE, id=uuid4())
    with pytest.raises(Conflict):
        commands.take_back_task(actor=stranger, task=mine.id, at=run.moment())
