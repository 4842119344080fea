"""What the holder of a task may choose from: colleagues (转办), steps to send back to (退回补查), questions asked (加签)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from yichuang.cases.models import Case
from yichuang.cases.moves import relations_of
from yichuang.cases.pages import Hands
from yichuang.cases.permissions import can_see
from yichuang.cases.processes import TENANT
from yichuang.core.actors import Actor
from yichuang.core.refusals import NotFound
from yichuang.core.words import W
from yichuang.engine import queries as engine
from yichuang.engine.values import TaskRow
from yichuang.people import queries as people

LIVE = frozenset({"open", "claimed"})
THE_TASK = W("任务", "task")


def hands_of(actor: Actor, tasks: Sequence[TaskRow], *, at: datetime) -> dict[UUID, Hands]:
    """By task, for the live tasks of the actor's posts among these of one case."""
    live = [task for task in tasks if task.state in LIVE and task.post in actor.posts]
    return {task.id: _hands(actor, task, tasks, at) for task in live}


def task_for(actor: Actor, id: UUID, *, at: datetime) -> tuple[TaskRow, Hands, str, int]:
    """A task of one of the actor's posts, what may be done with it, and its case's number and version.

    Raises `NotFound` for any other task, alike. When it is over, nothing can be done with it.
    """
    task = engine.get_task(id, tenant=TENANT)
    case = Case.objects.select_related("department").filter(id=task.subject_id).first()
    if case is None or task.post not in actor.posts:
        raise NotFound(THE_TASK)
    if not can_see(actor, relations_of(case), task_posts=frozenset({task.post})):
        raise NotFound(THE_TASK)
    tasks = engine.tasks_of(task.subject)
    return task, _hands(actor, task, tasks, at), case.number, case.version


def _hands(actor: Actor, task: TaskRow, tasks: Sequence[TaskRow], at: datetime) -> Hands:
    holds = task.state in LIVE and (task.claimed_by == actor.id or (task.state == "open" and task.act == "decide"))
    colleagues = people.list_at_post(task.post, at=at) if holds else ()
    return Hands(
        holds=holds,
        may_take_back=task.state == "claimed" and task.delegated_by == actor.id,
        colleagues=tuple(one for one in colleagues if one.id != actor.id),
        steps_back=engine.steps_back(task.id) if holds else (),
        questions=tuple(one for one in tasks if one.parent == task.id and one.state != "cancelled"),
    )
