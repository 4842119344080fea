"""领取、退回、完成: claim a task, give it back, complete it. Locks: the instance first, then its tasks."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef

from yichuang.core import faults
from yichuang.core.actors import Actor
from yichuang.core.events import publish
from yichuang.core.refusals import Conflict, NotFound, Reason, Refused
from yichuang.core.words import Words
from yichuang.core.workdays import Calendar
from yichuang.engine.bpmn.graph import ProcessModel
from yichuang.engine.bpmn.play import Place, is_instance, outer
from yichuang.engine.bpmn.run import Mark
from yichuang.engine.commands.waits import tell_signals
from yichuang.engine.commands.write import announce, announce_waits, keep, play_of, refusing, write
from yichuang.engine.events import TaskCompleted
from yichuang.engine.models import Instance, Task, Token
from yichuang.engine.rows import model_of, task_row
from yichuang.engine.rules import TASK, check_claim, check_holder, ended, verdict
from yichuang.engine.values import TaskRow

MAX_TEXT = 4000  # characters of an opinion or a note
MAX_OUTCOME = 60
LIVE = ("open", "claimed")
DELEGATED = ("delegated_by", "delegated_name")
OWN_QUESTION = Words(
    "加签意见应由另一个人出具，不能由提出加签的人自己答复",
    "Whoever asked cannot answer: the opinion has to be another person's",
)
SEAT_TAKEN = Words(
    "您已参加这次会签，其余席位应由其他人办理", "You have a seat in this joint review: another person takes the others"
)
COUNTERSIGN_OPEN = Words(
    "还有加签意见没有答复：请等待答复，或撤回加签后再提交",
    "An opinion you asked for is still open: wait for the answer, or withdraw the question",
)


def known(actor: Actor) -> UUID:
    if actor.id is None:
        words = Words("请登录后再办理任务", "Sign in to work on tasks")
        raise Refused(Reason("SIGNED_OUT", words), kind="forbidden")
    return actor.id


def locked(task: UUID) -> Task:
    row = Task.objects.select_for_update().filter(id=task).first()
    if row is None:
        raise NotFound(TASK)
    return row


def check_length(text: str, field: str) -> None:
    if len(text) > MAX_TEXT:
        words = Words("内容太长，最多 {n} 字", "Too long: at most {n} characters").format(n=MAX_TEXT)
        raise Refused(Reason("TOO_LONG", words, field))


@transaction.atomic
def claim_task(*, actor: Actor, task: UUID, version: int | None, at: datetime) -> TaskRow:
    """Take an open task. Claiming one's own again changes nothing; another's is a `Conflict` naming who and when."""
    by = known(actor)
    _, row = lock_both(task)  # two clicks of one person on two seats follow each other
    if check_claim(task_row(row), by, version):
        check_apart(row, by)
        row.state, row.claimed_by, row.claimed_name, row.claimed_at = "claimed", by, actor.name, at
        row.version += 1
        row.save(update_fields=["state", "claimed_by", "claimed_name", "claimed_at", "version"])
    return task_row(row)


@transaction.atomic
def return_task(*, actor: Actor, task: UUID, at: datetime, note: str) -> TaskRow:
    """Give a claimed task back to its post, with a note that stays. Raises `Conflict` unless it is the actor's."""
    by = known(actor)
    check_length(note, "/note")
    row = locked(task)
    check_holder(task_row(row), by)
    add_note(row, actor, at, note, "return")
    row.state, row.claimed_by, row.claimed_name, row.claimed_at = "open", None, None, None
    row.delegated_by, row.delegated_name = None, None
    row.save(update_fields=["state", "claimed_by", "claimed_name", "claimed_at", "notes", "version", *DELEGATED])
    return task_row(row)


def add_note(row: Task, actor: Actor, at: datetime, text: str, kind: str, to: str = "") -> None:
    """Why the task changes hands; raises its version. Not saved here."""
    entry = {"by": str(actor.id), "name": actor.name, "at": at.isoformat(), "text": text, "kind": kind, "to": to}
    row.notes = [*(row.notes or []), entry]
    row.version += 1


def check_apart(row: Task, by: UUID) -> None:
    """Raise `Conflict` where two have to be two persons: the seats of a joint review, a question and its answer."""
    if row.parent_id is not None:
        if row.asked_by == by or Task.objects.filter(id=row.parent_id, claimed_by=by).exists():
            raise Conflict(Reason("OWN_QUESTION", OWN_QUESTION))
    elif row.seat:
        others = Task.objects.filter(
            instance_id=row.instance_id, scope=row.scope, node=row.node, created_at=row.created_at
        )
        if others.filter(claimed_by=by, parent=None).exclude(id=row.id).exists():
            raise Conflict(Reason("SEAT_TAKEN", SEAT_TAKEN))
    elif is_instance(place_of(row)):
        _check_other_instances(row, by)


def _check_other_instances(row: Task, by: UUID) -> None:
    """Of several instances of one step each is another person's, since the step was reached."""
    parent, node, _ = outer(row.scope)
    reached = Token.objects.filter(instance_id=row.instance_id, scope=parent, node=node).values("arrived_at")[:1]
    others = Task.objects.filter(
        instance_id=row.instance_id,
        node=node,
        scope__startswith=f"{parent}/{node}:",
        created_at__gte=reached,
        parent=None,
    )
    if others.filter(claimed_by=by).exclude(id=row.id).exists():
        raise Conflict(Reason("SEAT_TAKEN", SEAT_TAKEN))


@transaction.atomic
def complete_task(
    *,
    actor: Actor,
    task: UUID,
    outcome: str,
    opinion: str,
    variables: Mapping[str, object],
    at: datetime,
    calendar: Calendar | None = None,
) -> TaskRow:
    """Complete a task claimed by the actor and run the process to its next wait.

    `outcome` is a short code that conditions read as `outcomes.<task id>`; `variables` (JSON) join the others.
    `calendar`: for timers in working days that begin now, which without one are refused.
    An answer to a question (加签) moves nothing on, nor does one seat of a joint review (会签) before the verdict.

    Raises `Conflict` when the task is done, cancelled, open or another's, or waits for answers; `Refused` when a gateway
    cannot decide.
    """
    by = known(actor)
    _check_complete(outcome, opinion, variables)
    instance, row = lock_both(task)
    check_holder(task_row(row), by)
    if row.parent_id is None:
        check_answered(row)
    check_apart(row, by)  # the asking task may have changed hands since this one was claimed
    model = model_of(instance.definition_id)
    said = _said(model, row, outcome)
    if said is None:
        finish_task(row, by, actor.name, outcome, opinion, at)
        announce_done(row, by, at)
        return task_row(row)
    play = play_of(instance, model)
    before, done = dict(play.marking), place_of(row)
    with refusing():
        play.complete(done, said, variables)
    finish_task(row, by, actor.name, outcome, opinion, at)
    if row.seat:
        void(instance, scope=row.scope, nodes=(row.node,))
    faults.point("complete_task.after_task")
    opened, waits = write(instance, play, before, at=at, calendar=calendar, done=done)
    keep(instance, play, at, last=said)
    announce_done(row, by, at)
    announce(instance, opened, at)
    announce_waits(instance, waits, play.thrown, at)
    tell_signals(instance, play, at)
    return task_row(row)


def place_of(row: Task) -> Place:
    """The token that a task stands for."""
    return Place(row.scope, Mark(row.node, row.flow))


def lock_both(task: UUID) -> tuple[Instance, Task]:
    """The process and its task, locked in this order. Raises `NotFound`, `Conflict` when the process has ended."""
    instance = Instance.objects.select_for_update(of=("self",)).filter(tasks__id=task).first()
    if instance is None:
        raise NotFound(TASK)
    if instance.state != "running":
        raise ended()
    asks = Exists(Task.objects.filter(parent=OuterRef("pk"), state__in=LIVE))
    row = Task.objects.select_for_update(of=("self",)).annotate(asks=asks).get(id=task)
    return instance, row


def void(instance: Instance, *, scope: str, nodes: Collection[str]) -> None:
    """The live tasks of these steps of a scope, and the questions asked there, are cancelled."""
    Task.objects.filter(instance=instance, scope=scope, node__in=nodes, state__in=LIVE).update(
        state="cancelled", version=F("version") + 1
    )


def check_answered(row: Task) -> None:
    """Raise `Conflict` while somebody who was asked (加签) has not answered."""
    if getattr(row, "asks", False):  # annotated by `lock_both`
        raise Conflict(Reason("COUNTERSIGN_OPEN", COUNTERSIGN_OPEN))


def _said(model: ProcessModel, row: Task, outcome: str) -> str | None:
    """What the step says to the process now; None: nothing yet."""
    if row.parent_id is not None:
        return None
    joint = model.nodes[row.node].joint
    if joint is None:
        return outcome
    seats = Task.objects.filter(
        instance_id=row.instance_id, scope=row.scope, node=row.node, created_at=row.created_at, parent=None
    )
    return verdict(joint, [*seats.filter(state="done").values_list("outcome", flat=True).order_by("id"), outcome])


def _check_complete(outcome: str, opinion: str, variables: Mapping[str, object]) -> None:
    check_length(opinion, "/opinion")
    if not outcome or len(outcome) > MAX_OUTCOME:
        words = Words("请选择办理结果", "Choose an outcome")
        raise Refused(Reason("OUTCOME", words, "/outcome"))
    if "outcomes" in variables:
        raise ValueError("“outcomes” is what tasks said; it cannot be given")


def finish_task(row: Task, by: UUID, name: str, outcome: str, opinion: str, at: datetime) -> None:
    row.state, row.outcome, row.opinion = "done", outcome, opinion or None
    row.done_by, row.done_name, row.done_at = by, name, at
    row.version += 1
    row.save(update_fields=["state", "outcome", "opinion", "done_by", "done_name", "done_at", "version"])


def announce_done(row: Task, by: UUID, at: datetime) -> None:
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
