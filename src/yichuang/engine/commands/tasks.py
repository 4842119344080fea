"""领取、退回、完成: claim a task, give it back, complete it. Locks: the instance first, then its tasks."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from yichuang.core import faults
from yichuang.core.actors import Actor
from yichuang.core.events import publish
from yichuang.core.refusals import NotFound, Reason, Refused
from yichuang.core.words import Words
from yichuang.engine.bpmn.run import Mark, Stuck, proceed
from yichuang.engine.commands.write import announce, ending, net_of, scope_of, write_tasks, write_tokens
from yichuang.engine.events import TaskCompleted
from yichuang.engine.models import Instance, Task, Token
from yichuang.engine.rows import model_of, task_row
from yichuang.engine.rules import TASK, check_claim, check_holder, stuck_reason
from yichuang.engine.values import TaskRow

MAX_TEXT = 4000  # characters of an opinion or a note
MAX_OUTCOME = 60


def _known(actor: Actor) -> UUID:
    if actor.id is None:
        words = Words("请登录后再办理任务", "Sign in to work on tasks")
        raise Refused(Reason("SIGNED_OUT", words), kind="forbidden")
    return actor.id


def _locked(task: UUID) -> Task:
    row = Task.objects.select_for_update().filter(id=task).first()
    if row is None:
        raise NotFound(TASK)
    return row


def _check_length(text: str, field: str) -> None:
    if len(text) > MAX_TEXT:
        words = Words("内容太长，最多 {n} 字", "Too long: at most {n} characters").format(n=MAX_TEXT)
        raise Refused(Reason("TOO_LONG", words, field))


@transaction.atomic
def claim_task(*, actor: Actor, task: UUID, version: int | None, at: datetime) -> TaskRow:
    """Take an open task. Claiming one's own again changes nothing; another's is a `Conflict` naming who and when."""
    by = _known(actor)
    row = _locked(task)
    if check_claim(task_row(row), by, version):
        row.state, row.claimed_by, row.claimed_name, row.claimed_at = "claimed", by, actor.name, at
        row.version += 1
        row.save(update_fields=["state", "claimed_by", "claimed_name", "claimed_at", "version"])
    return task_row(row)


@transaction.atomic
def return_task(*, actor: Actor, task: UUID, at: datetime, note: str) -> TaskRow:
    """Give a claimed task back to its post, with a note that stays. Raises `Conflict` unless it is the actor's."""
    by = _known(actor)
    _check_length(note, "/note")
    row = _locked(task)
    check_holder(task_row(row), by)
    entry = {"by": str(by), "name": actor.name, "at": at.isoformat(), "text": note}
    row.notes = [*(row.notes or []), entry]
    row.state, row.claimed_by, row.claimed_name, row.claimed_at = "open", None, None, None
    row.version += 1
    row.save(update_fields=["state", "claimed_by", "claimed_name", "claimed_at", "notes", "version"])
    return task_row(row)


@transaction.atomic
def complete_task(
    *, actor: Actor, task: UUID, outcome: str, opinion: str, variables: Mapping[str, object], at: datetime
) -> TaskRow:
    """Complete a task claimed by the actor and run the process to its next wait.

    `outcome` is a short code that conditions read as `outcomes.<task id>`; `variables` (JSON) join the others.
    Raises `Conflict` when the task is done, cancelled, open or another's, `Refused` when a gateway cannot decide.
    """
    by = _known(actor)
    _check_complete(outcome, opinion, variables)
    instance = Instance.objects.select_for_update(of=("self",)).filter(tasks__id=task).first()
    if instance is None:
        raise NotFound(TASK)
    row = _locked(task)
    check_holder(task_row(row), by)
    instance.outcomes = {**instance.outcomes, row.node: outcome}
    changed = ["outcomes"]
    if variables:
        instance.variables = {**instance.variables, **variables}
        changed.append("variables")
    before = frozenset(
        Mark(node, flow)
        for node, flow in Token.objects.filter(instance=instance).values_list("node", "flow").order_by("id")
    )
    model = model_of(instance.definition_id)
    try:
        step = proceed(net_of(model), before, Mark(row.node, row.flow), scope_of(instance.variables, instance.outcomes))
    except Stuck as stuck:
        raise Refused(stuck_reason(stuck)) from None
    _finish_task(row, by, actor.name, outcome, opinion, at)
    faults.point("complete_task.after_task")
    write_tokens(instance, before, step.marks, at)
    opened = write_tasks(instance, model, step, at)
    if step.finished:
        instance.state, instance.ended_at, instance.outcome = "finished", at, ending(model, step, outcome)
        changed += ["state", "ended_at", "outcome"]
    instance.save(update_fields=changed)
    _announce_done(row, by, at)
    announce(instance, opened, at)
    return task_row(row)


def _check_complete(outcome: str, opinion: str, variables: Mapping[str, object]) -> None:
    _check_length(opinion, "/opinion")
    if not outcome or len(outcome) > MAX_OUTCOME:
        words = Words("请选择办理结果", "Choose an outcome")
        raise Refused(Reason("OUTCOME", words, "/outcome"))
    if "outcomes" in variables:
        raise ValueError("“outcomes” is what tasks said; it cannot be given")


def _finish_task(row: Task, by: UUID, name: str, outcome: str, opinion: str, at: datetime) -> None:
    row.state, row.outcome, row.opinion = "done", outcome, opinion or None
    row.done_by, row.done_name, row.done_at = by, name, at
    row.version += 1
    row.save(update_fields=["state", "outcome", "opinion", "done_by", "done_name", "done_at", "version"])


def _announce_done(row: Task, by: UUID, at: datetime) -> None:
    publish(
        TaskCompleted(
            task=row.id,
            instance=row.instance_id,
            subject_kind=row.subject_kind,
            subject_id=row.subject_id,
            node=row.node,
            post=row.post,
            act=row.act,
            outcome=row.outcome,
            by=by,
            at=at,
        )
    )
