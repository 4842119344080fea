"""转办、加签、退回补查: a task goes to a colleague, another post is asked for its opinion, the work goes back a step.

Each is a step of the review: it moves no state, stops no clock (行政许可法 arts. 42, 45), and stands on the case's record.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from yichuang.cases import messages
from yichuang.cases.commands.refuse import check_reason
from yichuang.cases.commands.review import OPINION_NEEDED, OUTCOME, OUTCOMES, done, open_task
from yichuang.cases.processes import calendar
from yichuang.cases.values import CaseHead
from yichuang.core.actors import Actor
from yichuang.core.refusals import NotFound, Reason, Refused, refuse_all
from yichuang.core.words import W
from yichuang.engine import commands as engine
from yichuang.engine import queries as tasks
from yichuang.engine.values import TaskRow
from yichuang.network import queries as network
from yichuang.people import queries as people

NOT_A_COLLEAGUE = W("只能转办给同一岗位的同事", "A task can be handed to a colleague of the same post only")
UNKNOWN_POST = W("没有这个岗位，请从列表中选择", "There is no such post: choose one from the list")
OWN_POST = W("加签要问别的岗位，不能问自己的岗位", "Ask another post, not your own")
THE_QUESTION = W("加签", "question")
NOT_ASKED = W("这项任务不是加签", "This task is no question to your post")


@transaction.atomic
def delegate_review(
    *,
    actor: Actor,
    task: UUID,
    version: int | None,
    to: UUID | None,
    reason: str,
    at: datetime,
    number: str | None = None,
) -> CaseHead:
    """转办: hand a claimed task to a named colleague of its post, with the reason; it may be taken back until it is done."""
    row, case = open_task(actor, task, version, at, of=number)
    colleague = next((one for one in people.list_at_post(row.post, at=at) if one.id == to), None)
    faults = check_reason(reason)
    if colleague is None:
        faults.append(Reason("NOT_A_COLLEAGUE", NOT_A_COLLEAGUE, "/to"))
    refuse_all(faults)
    assert colleague is not None
    _hold(actor, row, at)
    engine.delegate_task(actor=actor, task=row.id, to=colleague.id, to_name=colleague.name, at=at, note=reason.strip())
    return done(case, actor, at, row, "delegate", to=str(colleague.id))


@transaction.atomic
def take_back_review(
    *, actor: Actor, task: UUID, version: int | None, at: datetime, number: str | None = None
) -> CaseHead:
    """收回转办: who handed the task on holds it again."""
    row, case = open_task(actor, task, version, at, of=number)
    engine.take_back_task(actor=actor, task=row.id, at=at)
    return done(case, actor, at, row, "take-back")


@transaction.atomic
def ask_countersign(
    *,
    actor: Actor,
    task: UUID,
    version: int | None,
    post: str,
    question: str,
    at: datetime,
    number: str | None = None,
) -> CaseHead:
    """加签: ask another post's opinion before completing one's own task; whoever sits there sees the case from now on."""
    row, case = open_task(actor, task, version, at, of=number)
    faults = check_reason(question, "/question")
    if post not in {known.code for known in network.list_posts() if known.department}:
        faults.append(Reason("UNKNOWN_POST", UNKNOWN_POST, "/post"))
    elif post == row.post:
        faults.append(Reason("OWN_POST", OWN_POST, "/post"))
    refuse_all(faults)
    _hold(actor, row, at)
    engine.ask_countersign(actor=actor, task=row.id, post=post, question=question.strip(), at=at)
    return done(case, actor, at, row, "countersign", asked=post)


@transaction.atomic
def withdraw_countersign(
    *, actor: Actor, task: UUID, version: int | None, question: UUID | None, at: datetime, number: str | None = None
) -> CaseHead:
    """撤回加签: a question of one's own task is no longer asked."""
    row, case = open_task(actor, task, version, at, of=number)
    asked = _question(row, question)
    engine.withdraw_countersign(actor=actor, task=asked.id, at=at)
    return done(case, actor, at, row, "withdraw-question", asked=asked.post)


@transaction.atomic
def answer_countersign(
    *,
    actor: Actor,
    task: UUID,
    version: int | None,
    outcome: str,
    opinion: str,
    at: datetime,
    number: str | None = None,
) -> CaseHead:
    """答复加签: the opinion that was asked for, by who took the question; it always says why."""
    row, case = open_task(actor, task, version, at, of=number)
    if row.act != "countersign":
        raise Refused(Reason("NOT_ASKED", NOT_ASKED))
    faults = []
    if outcome not in OUTCOMES:
        faults.append(Reason("OUTCOME_UNKNOWN", OUTCOME, "/outcome"))
    if not opinion.strip():
        faults.append(Reason("OPINION_NEEDED", OPINION_NEEDED, "/opinion"))
    if len(opinion) > 1000:
        faults.append(Reason("REASON_TOO_LONG", messages.REASON_TOO_LONG, "/opinion"))
    refuse_all(faults)
    engine.complete_task(
        actor=actor, task=row.id, outcome=outcome, opinion=opinion.strip(), variables={}, at=at, calendar=calendar()
    )
    return done(case, actor, at, row, "answer", outcome)


@transaction.atomic
def send_back_review(
    *,
    actor: Actor,
    task: UUID,
    version: int | None,
    to: str,
    reason: str,
    at: datetime,
    number: str | None = None,
) -> CaseHead:
    """退回补查: the work goes back to a step that was done before, with reasons; it and what follows is done again.

    The clock runs on: what one department asks of another is the administration's time, not the applicant's.
    """
    row, case = open_task(actor, task, version, at, of=number)
    refuse_all(check_reason(reason))
    _hold(actor, row, at)
    engine.send_back(actor=actor, task=row.id, node=to, at=at, note=reason.strip(), calendar=calendar())
    return done(case, actor, at, row, "return-to", to=to)


def _hold(actor: Actor, row: TaskRow, at: datetime) -> None:
    """Whoever acts on an open task of their post takes it: deciding tasks have no button to claim them."""
    if row.state == "open":
        engine.claim_task(actor=actor, task=row.id, version=None, at=at)


def _question(row: TaskRow, question: UUID | None) -> TaskRow:
    """The question that was asked from this task; anything else is not there."""
    asked = next((one for one in tasks.tasks_of(row.subject) if one.id == question and one.parent == row.id), None)
    if asked is None:
        raise NotFound(THE_QUESTION)
    return asked
