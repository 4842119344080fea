"""Who may take, finish or take back a task; how far a process is; what several answers come to. Without a database.

`./run mutate engine` changes one thing in a rule and sees whether a test here turns red.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.engine.processes import bpmn

from yichuang.core.refusals import Change, Conflict
from yichuang.core.words import W, Words
from yichuang.engine import rules
from yichuang.engine.bpmn.graph import Flow, Node
from yichuang.engine.bpmn.run import Stuck
from yichuang.engine.feel.explain import Clause
from yichuang.engine.values import Joint, Note, StepRow, TaskRow, Verdict, compile_expression, parse_process

AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
WANG, HE = UUID(int=1), UUID(int=2)
LINE = parse_process(
    bpmn(
        "start s",
        "task a CGZF.review",
        "task b CGZF.review",
        "task c CGZF.decide decide",
        "end e",
        "s a",
        "a b",
        "b c",
        "c e",
    )  # fmt: skip
)


def task(node: str = "a", state: Any = "open", n: int = 1, **changes: Any) -> TaskRow:
    given = {
        "id": UUID(int=100 + n), "instance": UUID(int=50), "subject_kind": "matter", "subject_id": UUID(int=51),
        "node": node, "name": Words(node, node), "post": "CGZF.review", "act": "review", "state": state,
        "claimed_by": None, "claimed_at": None, "created_at": AT + n * HOUR, "due_at": None, "outcome": "",
        "opinion": "", "done_by": None, "done_at": None,
    }  # fmt: skip
    return TaskRow(**{**given, **changes})


def mine(**changes: Any) -> TaskRow:
    given = {"claimed_by": WANG, "claimed_at": AT, "claimed_name": "王强"}
    return task(state="claimed", **{**given, **changes})


GIVEN_BACK = Note(HE, "何静", AT, "", "return")
HANDED = Note(HE, "何静", AT, "", "delegate", "王强")
DONE = task(state="done", done_name="何静", done_at=AT)
VOID = task(state="cancelled")


def against(check: Any, *args: Any) -> tuple[str, Change | None, str]:
    with pytest.raises(Conflict) as refused:
        check(*args)
    [reason] = refused.value.reasons
    return reason.code, refused.value.change, reason.words.zh


# ── whose it is ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_open_task_is_taken_and_pressing_twice_is_the_same_answer() -> None:
    assert rules.check_claim(task(version=3), WANG, 3)
    assert rules.check_claim(task(version=3), WANG, None)
    assert rules.check_claim(mine(version=3), WANG, 1) is False


def test_what_changed_since_the_page_was_shown_is_not_taken_unseen() -> None:
    assert against(rules.check_claim, task(version=3), WANG, 2)[:2] == ("STALE", None)
    code, change, _ = against(rules.check_claim, task(version=3, notes=(HANDED, GIVEN_BACK)), WANG, 2)
    assert (code, change) == ("STALE", Change("何静", AT, W("把任务退回了岗位", "gave this task back")))
    change = against(rules.check_claim, task(version=3, notes=(GIVEN_BACK, HANDED)), WANG, 2)[1]
    assert change == Change("何静", AT, W("把任务转办给同事", "handed this task to a colleague"))
    odd = Note(HE, "何静", AT, "", "back", "a")
    assert against(rules.check_claim, task(version=3, notes=(odd,)), WANG, 2)[1] == Change(
        "何静", AT, W("把任务退回了岗位", "gave this task back")
    )


def test_who_comes_second_reads_who_was_first() -> None:
    code, change, said = against(rules.check_claim, mine(), HE, 1)
    assert (code, change, "王强" in said) == (
        "CLAIMED",
        Change("王强", AT, W("领取了这项任务", "took this task")),
        True,
    )
    code, change, said = against(rules.check_claim, mine(claimed_name="", claimed_at=None), HE, 1)
    assert (code, change, "—" in said) == ("CLAIMED", None, True)


@pytest.mark.parametrize("check", [rules.check_holder, rules.check_holds_after_delegation])
def test_what_is_done_or_void_is_nobodys(check: Any) -> None:
    code, change, said = against(check, DONE, WANG)
    assert (code, change, "何静" in said) == (
        "DONE",
        Change("何静", AT, W("完成了这项任务", "completed this task")),
        True,
    )
    code, change, said = against(check, task(state="done"), WANG)
    assert (code, change, "—" in said) == ("DONE", None, True)
    assert against(check, VOID, WANG)[0] == "CANCELLED"


def test_a_task_that_ended_is_not_taken() -> None:
    assert against(rules.check_claim, DONE, WANG, None)[0] == "DONE"
    assert against(rules.check_claim, VOID, WANG, None)[0] == "CANCELLED"


def test_only_who_took_a_task_finishes_it() -> None:
    rules.check_holder(mine(), WANG)
    assert against(rules.check_holder, mine(), HE)[0] == "CLAIMED"
    assert against(rules.check_holder, task(), WANG)[:2] == ("NOT_CLAIMED", None)


def test_only_who_handed_a_task_on_takes_it_back_while_the_colleague_holds_it() -> None:
    rules.check_holds_after_delegation(mine(delegated_by=HE), HE)
    for kept in (mine(delegated_by=HE), mine()):
        assert against(rules.check_holds_after_delegation, kept, WANG)[0] == "NOT_DELEGATED"
    assert against(rules.check_holds_after_delegation, task(delegated_by=HE), HE)[0] == "NOT_DELEGATED"


# ── why it stands still ───────────────────────────────────────────────────────────────────────────────────────────


def stuck(*missing: tuple[str, ...], name: Words = W("是否超限", "Too many?"), condition: bool = True) -> Words:  # noqa: B008  (a frozen value)
    clauses = tuple(Clause("dog", 1, None, (("dog", "豆豆"),), names, W("x", "x")) for names in missing)
    tested = compile_expression("dog.height > 3") if condition else None
    flow = Flow("f", "x", "y", W("", ""), tested, 1)
    return rules.stuck_reason(Stuck(Node("x", "exclusive", name, 1), flow, Verdict(None, clauses))).words


def test_who_waits_reads_where_it_stands_and_which_names_are_missing_never_what_they_said() -> None:
    said = stuck(("dog.height",), ("a", "b"))
    assert said.zh == "流程在“是否超限”处无法判断条件 dog.height > 3：缺少 dog.height、a、b"
    assert said.en == "The process cannot judge dog.height > 3 at “Too many?”: dog.height, a, b missing"
    assert stuck(()).zh == "流程在“是否超限”处无法判断条件 dog.height > 3"
    assert stuck(condition=False).zh == "流程在“是否超限”处无法判断条件 "
    assert "“x”" in stuck(name=W("", "")).zh
    assert "“x”" in stuck(name=W("", "")).en


@pytest.mark.parametrize(
    ("flow", "verdict"),
    [
        (None, None),
        (Flow("f", "x", "y", W("", ""), None, 1), None),
        (None, Verdict(None, ())),
    ],
)
def test_a_gateway_with_no_way_on_says_so(flow: Flow | None, verdict: Verdict | None) -> None:
    reason = rules.stuck_reason(Stuck(Node("x", "exclusive", W("门", "gate"), 1), flow, verdict))
    assert (reason.code, reason.words.zh) == ("PROCESS_STUCK", "流程在“门”处没有可走的路")


# ── how far it is ─────────────────────────────────────────────────────────────────────────────────────────────────


def done(node: str, n: int, **changes: Any) -> TaskRow:
    given = {"done_at": AT + n * HOUR + HOUR / 2, "done_name": "王强", "outcome": "agree"}
    return task(node, "done", n, **{**given, **changes})


def way(*tasks: TaskRow, running: bool = True, at: datetime | None = None) -> list[tuple[str, str]]:
    return [(row.node, row.state) for row in rules.steps(LINE, tasks, running=running, at=at)]


def test_steps_that_were_gone_come_first_then_those_to_come() -> None:
    assert way(task("b", n=2), done("a", 1)) == [("a", "done"), ("b", "current"), ("c", "waiting")]
    assert way(done("a", 1), mine(node="b", n=2)) == [("a", "done"), ("b", "current"), ("c", "waiting")]
    assert way(done("a", 1), done("c", 2), running=False) == [("a", "done"), ("c", "done"), ("b", "skipped")]
    assert way(done("b", 1), task("c", n=2)) == [("b", "done"), ("c", "current"), ("a", "skipped")]
    assert way(task("a", "cancelled"), running=False) == [("a", "skipped"), ("b", "skipped"), ("c", "skipped")]


def test_of_two_that_began_at_once_the_first_id_goes_first() -> None:
    tasks = task("b", n=2, created_at=AT), task("a", n=1, created_at=AT)
    assert way(*tasks)[:2] == [("a", "current"), ("b", "current")]


def test_questions_to_others_are_no_steps() -> None:
    assert way(task("a"), task("b", n=2, parent=UUID(int=101))) == [
        ("a", "current"),
        ("b", "waiting"),
        ("c", "waiting"),
    ]


def test_a_step_past_its_moment_is_late_while_it_is_open() -> None:
    due = AT + 5 * HOUR
    assert way(task("a", due_at=due), at=due)[0] == way(mine(due_at=due), at=due)[0] == ("a", "late")
    assert way(task("a", due_at=due), at=due - HOUR)[0] == way(task("a", due_at=due))[0] == ("a", "current")
    assert way(task("a"), at=due)[0] == ("a", "current")
    assert way(done("a", 1, due_at=due), at=due)[0] == ("a", "done")


def test_a_step_tells_who_and_when() -> None:
    [row] = [row for row in rules.steps(LINE, [done("a", 1, claimed_name="何静")], running=True) if row.node == "a"]
    assert (row.entered_at, row.left_at, row.by) == (AT + HOUR, AT + HOUR + HOUR / 2, "王强")
    assert rules.steps(LINE, [mine()], running=True)[0].by == "王强"


def test_what_was_sent_back_waits_again() -> None:
    """a, b and c were gone; c sent it back to a: b is to come again, and so is c."""
    returned = done("c", 3, outcome="returned", back_to="a", done_at=AT + 4 * HOUR)
    first = [done("a", 1), done("b", 2), returned]
    again = [*first, task("a", n=4)]
    assert way(*again) == [
        ("a", "done"), ("b", "done"), ("c", "done"), ("a", "current"), ("b", "waiting"), ("c", "waiting")
    ]  # fmt: skip
    further = [*first, done("a", 4), task("b", n=5)]
    assert way(*further)[3:] == [("a", "done"), ("b", "current"), ("c", "waiting")]
    over = [*first, done("a", 4), done("b", 5), task("c", n=6)]
    assert way(*over)[3:] == [("a", "done"), ("b", "done"), ("c", "current")]
    assert way(*first, running=False) == [("a", "done"), ("b", "done"), ("c", "done")]


def test_what_began_in_the_instant_of_the_sending_back_was_before_it() -> None:
    returned = done("b", 2, outcome="returned", back_to="a", done_at=AT + 3 * HOUR)
    tasks = [done("a", 1), returned, task("a", n=4), done("c", 3)]
    assert way(*tasks)[-2:] == [("b", "waiting"), ("c", "waiting")]
    alive = [done("a", 1), returned, task("a", n=4), task("c", n=3)]
    assert way(*alive)[-1:] == [("b", "waiting")], "what somebody works on does not wait"


def test_only_a_return_sends_back() -> None:
    open_return = task("b", n=2, back_to="a")
    assert way(done("a", 1), open_return) == [("a", "done"), ("b", "current"), ("c", "waiting")]
    assert way(done("b", 1), task("a", n=2)) == [("b", "done"), ("a", "current"), ("c", "waiting")]


def row(state: Any, at: datetime | None = AT, node: str = "a") -> StepRow:
    return StepRow(node, W("x", "x"), state, at, None, "")


@pytest.mark.parametrize(
    ("states", "drawn"),
    [
        (["done", "current"], "current"),
        (["current", "done"], "current"),
        (["current", "late"], "late"),
        (["late", "current"], "late"),
        (["done", "skipped"], "done"),
        (["skipped", "done"], "done"),
        (["waiting", "done"], "waiting"),
        (["done", "waiting"], "waiting"),
    ],
)
def test_of_several_who_share_a_visit_the_drawing_shows_who_is_not_ready(states: list[str], drawn: str) -> None:
    assert rules.node_states([row(state) for state in states]) == {"a": drawn}


def test_the_drawing_shows_the_latest_visit_of_each_step() -> None:
    rows = [row("current"), row("done", AT + HOUR), row("waiting", None, "b")]
    assert rules.node_states(rows) == {"a": "done", "b": "waiting"}


@pytest.mark.parametrize(
    ("seats", "need", "answers", "expected"),
    [
        (3, 3, "ad", None), (3, 3, "aaa", "agree"), (3, 3, "ada", "disagree"),
        (3, 1, "d", None), (3, 1, "da", "agree"), (3, 1, "ddd", "disagree"),
        (3, 2, "ad", None), (3, 2, "aa", "agree"), (3, 2, "dd", "disagree"), (3, 2, "dda", "disagree"),
    ],
)  # fmt: skip
def test_what_several_answers_come_to(seats: int, need: int, answers: str, expected: str | None) -> None:
    said = [{"a": "agree", "d": "disagree"}[one] for one in answers]
    assert rules.verdict(Joint(("A.b",) * seats, need), said) == expected


def test_a_step_whose_instances_cannot_be_counted_is_told_by_its_name_and_one_without_a_name_by_its_id() -> None:
    named = LINE.nodes["a"]
    assert "“任务a”" in rules.count_reason(named).words.zh
    assert "“Task a”" in rules.count_reason(named).words.en
    words = rules.count_reason(replace(named, name=Words("", ""))).words
    assert ("“a”" in words.zh, "“a”" in words.en) == (True, True)
