"""转办、加签、退回: a task goes to a colleague and may be taken back; another post is asked; the work goes back a step."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from yichuang.core.actors import Actor
from yichuang.core.refusals import Conflict, Reason, Refused
from yichuang.core.words import Words
from yichuang.core.workdays import Calendar
from yichuang.engine.bpmn.back import way_back
from yichuang.engine.bpmn.play import is_instance
from yichuang.engine.commands.tasks import (
    DELEGATED,
    LIVE,
    MAX_TEXT,
    add_note,
    announce_done,
    check_apart,
    check_length,
    finish_task,
    known,
    lock_both,
    locked,
    place_of,
    void,
)
from yichuang.engine.commands.write import announce, announce_waits, play_of, refusing, write
from yichuang.engine.models import Task
from yichuang.engine.rows import model_of, task_row
from yichuang.engine.rules import check_holder, check_holds_after_delegation
from yichuang.engine.values import TaskRow

RETURNED = "returned"
"""The outcome of a task whose holder sent the work back; conditions never see it."""
TO_ONESELF = Words("不能转办给自己", "A task cannot be handed to oneself")
NO_WAY_BACK = Words("不能退回到这一环节", "The work cannot go back to this step")
JOINT_BACK = Words(
    "会签中的一个席位不能单独退回，请写明不同意的意见",
    "One seat of a joint review cannot send the work back: disagree, and say why",
)
ASKED_ALREADY = Words("已请这个岗位加签，还没有答复", "This post has been asked already and has not answered yet")
NOT_OPEN = Words("这次加签已答复或已撤回", "This question was answered or withdrawn")
NOT_YOURS = Words("只有提出加签的人或现任承办人可以撤回", "Only who asked, or who holds the task, withdraws a question")
ANSWERS_QUESTION = Words(
    "这位同事正在答复本任务的加签，不能同时承办：请先等待答复，或撤回加签",
    "This colleague is answering a question on this task and cannot hold it too: wait for the answer, or withdraw it",
)
HANDED = ["claimed_by", "claimed_name", "claimed_at", "notes", "version", *DELEGATED]


@transaction.atomic
def delegate_task(*, actor: Actor, task: UUID, to: UUID, to_name: str, at: datetime, note: str) -> TaskRow:
    """转办: a claimed task goes to a colleague, who holds it from now. That they may hold it is asked by the caller.

    The actor may take it back (`take_back_task`) until it is done, given back or handed on. Raises `Conflict` unless it
    is the actor's.
    """
    by = known(actor)
    check_length(note, "/note")
    row = locked(task)
    check_holder(task_row(row), by)
    if to == by:
        raise Refused(Reason("TO_ONESELF", TO_ONESELF, "/to"))
    check_apart(row, to)
    if Task.objects.filter(parent=row, claimed_by=to, state__in=LIVE).exists():
        raise Conflict(Reason("ANSWERS_QUESTION", ANSWERS_QUESTION, "/to"))
    add_note(row, actor, at, note, "delegate", to_name)
    row.claimed_by, row.claimed_name, row.claimed_at = to, to_name, at
    row.delegated_by, row.delegated_name = by, actor.name
    row.save(update_fields=HANDED)
    return task_row(row)


@transaction.atomic
def take_back_task(*, actor: Actor, task: UUID, at: datetime) -> TaskRow:
    """收回转办: who handed a task on holds it again. Raises `Conflict` when it is done or was not handed on by the actor."""
    by = known(actor)
    row = locked(task)
    check_holds_after_delegation(task_row(row), by)
    add_note(row, actor, at, "", "take-back", row.claimed_name or "")
    row.claimed_by, row.claimed_name, row.claimed_at = by, actor.name, at
    row.delegated_by, row.delegated_name = None, None
    row.save(update_fields=HANDED)
    return task_row(row)


@transaction.atomic
def ask_countersign(*, actor: Actor, task: UUID, post: str, question: str, at: datetime) -> TaskRow:
    """加签: ask another post's opinion on a claimed task; its own task, which must be answered before this one completes.

    Returns the new task. Raises `Conflict` unless the task is the actor's, or when the post has been asked already.
    """
    by = known(actor)
    check_length(question, "/question")
    instance, row = lock_both(task)
    check_holder(task_row(row), by)
    if Task.objects.filter(parent=row, post=post, state__in=LIVE).exists():
        raise Conflict(Reason("ASKED_ALREADY", ASKED_ALREADY, "/post"))
    asked = Task.objects.create(
        instance=instance,
        tenant=row.tenant,
        subject_kind=row.subject_kind,
        subject_id=row.subject_id,
        scope=row.scope,
        node=row.node,
        flow=row.flow,
        name_zh=f"{row.name_zh[:190]}（加签）",
        name_en=f"{row.name_en[:190]} (opinion)",
        post=post,
        act="countersign",
        created_at=at,
        due_at=row.due_at,
        parent=row,
        asked_by=by,
        asked_name=actor.name,
        question=question,
    )
    row.version += 1
    row.save(update_fields=["version"])
    announce(instance, [asked], at)
    return task_row(asked)


@transaction.atomic
def withdraw_countersign(*, actor: Actor, task: UUID, at: datetime) -> TaskRow:
    """撤回加签: the question is no longer asked. By who asked, or who holds the asking task now. Raises `Conflict`."""
    by = known(actor)
    _, row = lock_both(task)
    if row.parent_id is None or row.state not in LIVE:
        raise Conflict(Reason("COUNTERSIGN_OVER", NOT_OPEN))
    if row.asked_by != by and not Task.objects.filter(id=row.parent_id, claimed_by=by).exists():
        raise Conflict(Reason("NOT_YOUR_QUESTION", NOT_YOURS))
    add_note(row, actor, at, "", "withdraw")
    row.state = "cancelled"
    row.save(update_fields=["state", "notes", "version"])
    return task_row(row)


@transaction.atomic
def send_back(
    *, actor: Actor, task: UUID, node: str, at: datetime, note: str, calendar: Calendar | None = None
) -> TaskRow:
    """退回: the work goes back to a step that was done before, with reasons; it and what follows is done again.

    The actor's task is done (outcome `RETURNED`), other live tasks behind the step are cancelled. Raises `Conflict` unless
    the task is the actor's, `Refused` when there is no sound way back (`queries.steps_back`).
    """
    by = known(actor)
    check_length(note, "/note")
    instance, row = lock_both(task)
    check_holder(task_row(row), by)
    if row.seat or row.parent_id is not None or is_instance(place_of(row)):
        raise Refused(Reason("JOINT_BACK", JOINT_BACK), kind="conflict")
    model = model_of(instance.definition_id)
    play = play_of(instance, model)
    before, here = dict(play.marking), place_of(row)
    done = Task.objects.filter(instance=instance, scope=row.scope, node=node, state="done", back_to="", parent=None)
    after = way_back(model, before[row.scope], here.mark, node) if done.exists() and node != row.node else None
    if after is None:
        raise Refused(Reason("NO_WAY_BACK", NO_WAY_BACK, "/to"))
    add_note(row, actor, at, note, "back", node)
    row.back_to = node
    row.save(update_fields=["notes", "back_to"])
    finish_task(row, by, actor.name, RETURNED, note[:MAX_TEXT], at)
    alive = {mark.node for mark in after} - {node}
    void(instance, scope=row.scope, nodes={mark.node for mark in before[row.scope]} - alive)
    with refusing():
        play.put_back(row.scope, after, node)
    opened, waits = write(instance, play, before, at=at, calendar=calendar, done=here)
    announce_done(row, by, at)
    announce(instance, opened, at)
    announce_waits(instance, waits, (), at)
    return task_row(row)
