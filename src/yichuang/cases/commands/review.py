"""审查: the departments' tasks on a case — claimed, returned, completed with an opinion that is kept."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from yichuang.cases import messages
from yichuang.cases.inspections import is_final, still_of
from yichuang.cases.models import Case
from yichuang.cases.moves import THE_CASE, begin, check_not_lapsed, finish, relations_of
from yichuang.cases.permissions import can_see
from yichuang.cases.processes import TENANT, calendar
from yichuang.cases.rules.inspection import BASIS
from yichuang.cases.states import Act, State
from yichuang.cases.values import CaseHead
from yichuang.core import ledger
from yichuang.core.actors import Actor
from yichuang.core.ledger import Subject
from yichuang.core.refusals import NotFound, Reason, Refused
from yichuang.core.words import W
from yichuang.engine import commands as engine
from yichuang.engine import queries as tasks
from yichuang.engine.values import TaskRow

USE_DECIDE = W("这是决定任务，请用“作出决定”完成", "This is the deciding task; use “decide”")
OUTCOMES = frozenset({"agree", "disagree"})
OUTCOME = W("审查结论只能是 agree（同意）或 disagree（不同意）", "The outcome is agree or disagree")
OPINION_NEEDED = W("不同意须写明意见", "Say why you disagree")
THE_TASK = W("任务", "task")
INSPECTION_NEEDED = W(
    "现场检查记录须由两名执法人员签字后才能完成核查",
    "An inspection is completed when both inspectors have signed its record",
)
OTHERWISE = {
    "decide": Reason("USE_DECIDE", USE_DECIDE),
    "countersign": Reason(
        "USE_ANSWER", W("这是加签，请用“答复加签”完成", "Another reviewer asks for your opinion; use “answer”")
    ),
}


@transaction.atomic
def claim_review(*, actor: Actor, task: UUID, version: int | None, number: str | None = None, at: datetime) -> CaseHead:
    """Take a task of one of my posts; the second to press is told who has it."""
    row, case = open_task(actor, task, version, at, of=number)
    engine.claim_task(actor=actor, task=row.id, version=None, at=at)
    return done(case, actor, at, row, "claim")


@transaction.atomic
def return_review(
    *, actor: Actor, task: UUID, version: int | None, number: str | None = None, note: str, at: datetime
) -> CaseHead:
    """Give a claimed task back to the post, with a note."""
    row, case = open_task(actor, task, version, at, of=number)
    engine.return_task(actor=actor, task=row.id, at=at, note=note)
    return done(case, actor, at, row, "return")


@transaction.atomic
def complete_review(
    *,
    actor: Actor,
    task: UUID,
    version: int | None,
    outcome: str,
    opinion: str,
    at: datetime,
    number: str | None = None,
) -> CaseHead:
    """Complete a claimed review task with an outcome (agree, disagree) and an opinion."""
    row, case = open_task(actor, task, version, at, of=number)
    if row.act in OTHERWISE:
        raise Refused(OTHERWISE[row.act])
    if outcome not in OUTCOMES:
        raise Refused(Reason("OUTCOME_UNKNOWN", OUTCOME, "/outcome"))
    if outcome == "disagree" and not opinion.strip():
        raise Refused(Reason("OPINION_NEEDED", OPINION_NEEDED, "/opinion"))
    if len(opinion) > 1000:
        raise Refused(Reason("REASON_TOO_LONG", messages.REASON_TOO_LONG, "/opinion"))
    if row.act == "inspect" and not is_final(row.id):
        raise Refused(Reason("INSPECTION_NEEDED", INSPECTION_NEEDED, basis=BASIS), kind="conflict")
    engine.complete_task(
        actor=actor,
        task=row.id,
        outcome=outcome,
        opinion=opinion.strip(),
        variables={},
        at=at,
        calendar=calendar(),
    )
    return done(case, actor, at, row, "complete", outcome=outcome)


def open_task(
    actor: Actor,
    task: UUID,
    version: int | None,
    at: datetime,
    *,
    of: str | None,
    also: frozenset[UUID] = frozenset(),
) -> tuple[TaskRow, Case]:
    """The task, when it belongs to a post of the actor and to the case `of` (where one is named), and its case, locked.

    `also`: staff who have a part in it without the post, as long as they belong to its department. Anything else is not there (404).
    """
    row = tasks.get_task(task, tenant=TENANT)
    sent = actor.id in also and still_of(actor, row.post)
    if row.subject_kind != "case" or not (row.post in actor.posts or sent):
        raise NotFound(THE_TASK)
    number = Case.objects.filter(id=row.subject_id).values_list("number", flat=True).first()
    if number is None or (of is not None and of != number):
        raise NotFound(THE_CASE)
    case = Case.objects.select_for_update(of=("self",)).select_related("department").get(number=number)
    if not sent and not can_see(actor, relations_of(case), task_posts=frozenset({row.post})):
        raise NotFound(THE_TASK)
    if version is not None and version != case.version and not _only_others_reviewed(case, version, task):
        return row, _refuse_stale(actor, case, version, row, at)
    if State(case.state) is not State.IN_REVIEW:
        return row, _refuse_stale(actor, case, None, row, at)
    check_not_lapsed(case, at)
    return row, case


def _only_others_reviewed(case: Case, version: int, task: UUID) -> bool:
    """Whether all that happened since `version` were steps of other tasks.

    Departments review side by side (并联审查): what one does to its task makes nothing stale that another says of its own.
    Every act that raises the version writes one entry with the state it led to.
    """
    acts = [e for e in ledger.list_entries(Subject("case", case.id)) if "state" in e.detail]
    since = acts[version - case.version :] if version < case.version else []
    return bool(since) and all(e.act == Act.REVIEW and e.detail.get("task") != str(task) for e in since)


def _refuse_stale(actor: Actor, case: Case, version: int | None, row: TaskRow, at: datetime) -> Case:
    """Let the common gate say who changed what, or that the state does not allow it."""
    return begin(
        actor=actor,
        number=case.number,
        version=case.version if version is None else version,
        act=Act.REVIEW,
        at=at,
        task_posts=frozenset({row.post}),
    )


def done(case: Case, actor: Actor, at: datetime, row: TaskRow, step: str, outcome: str = "", **more: str) -> CaseHead:
    """The end of every step of a task: one entry that says which step of which task it was."""
    detail: dict[str, str | int | bool | None] = {"task": str(row.id), "node": row.node, "step": step, "post": row.post}
    if outcome:
        detail["outcome"] = outcome
    return finish(case, actor=actor, act=Act.REVIEW, at=at, detail={**detail, **more})
