"""Table rows to the values that leave the room."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any, cast
from uuid import UUID

from django.db.models import QuerySet

from yichuang.core.compiled import compiled
from yichuang.core.words import Words
from yichuang.engine.bpmn.graph import Act, ProcessModel
from yichuang.engine.bpmn.play import Memory
from yichuang.engine.bpmn.process import read_process
from yichuang.engine.models import NO_DUE, Instance, ProcessDefinition, Task, Wait
from yichuang.engine.values import Note, TaskRow, TaskState, WaitKind, WaitRow

Subject = tuple[str, UUID]


def task_row(task: Task) -> TaskRow:
    """A task as other rooms see it."""
    return TaskRow(
        id=task.id,
        instance=task.instance_id,
        subject_kind=task.subject_kind,
        subject_id=task.subject_id,
        node=task.node,
        name=Words(task.name_zh, task.name_en),
        post=task.post,
        act=cast(Act, task.act),
        state=cast(TaskState, task.state),
        claimed_by=task.claimed_by,
        claimed_at=task.claimed_at,
        created_at=task.created_at,
        due_at=None if task.due_at == NO_DUE else task.due_at,
        outcome=task.outcome,
        opinion=task.opinion or "",
        done_by=task.done_by,
        done_at=task.done_at,
        claimed_name=task.claimed_name or "",
        done_name=task.done_name or "",
        notes=tuple(notes_of(task.notes or ())),
        version=task.version,
        scope=task.scope,
        seat=task.seat,
        back_to=task.back_to,
        delegated_by=task.delegated_by,
        delegated_name=task.delegated_name or "",
        parent=task.parent_id,
        asked_by=task.asked_by,
        asked_name=task.asked_name or "",
        question=task.question or "",
    )


def memory_of(instance: Instance) -> Memory:
    """What conditions of a running process may read."""
    variables: dict[str, Any] = instance.variables or {}
    local: dict[str, dict[str, Any]] = instance.local or {}
    return Memory(dict(variables), dict(instance.outcomes), {one: dict(own) for one, own in local.items()})


def wait_row(wait: Wait) -> WaitRow:
    """A wait as other rooms see it."""
    return WaitRow(
        id=wait.id,
        instance=wait.instance_id,
        tenant=wait.tenant,
        subject_kind=wait.subject_kind,
        subject_id=wait.subject_id,
        scope=wait.scope,
        node=wait.node,
        event=wait.event,
        name=Words(wait.name_zh, wait.name_en),
        kind=cast(WaitKind, wait.kind),
        key=wait.key,
        created_at=wait.created_at,
        due_at=None if wait.due_at == NO_DUE else wait.due_at,
        held_at=wait.held_at,
        failures=wait.failures,
        failed_with=wait.failed_with,
    )


def notes_of(stored: Iterable[dict[str, str]]) -> Iterable[Note]:
    """The notes as they were stored."""
    for note in stored:
        at = datetime.fromisoformat(note["at"])
        yield Note(UUID(note["by"]), note["name"], at, note["text"], note.get("kind", "return"), note.get("to", ""))


@lru_cache(maxsize=512)
def model_of(sha: str) -> ProcessModel:
    """The model of a stored definition, which never changes: read once per process of the operating system."""
    return read_process(bytes(ProcessDefinition.objects.values_list("xml", flat=True).get(sha=sha)))


@compiled
def _newest(kind: str, one: UUID) -> QuerySet[Instance]:
    runs = Instance.objects.filter(subject_id=one, subject_kind=kind)
    return runs.only("id", "definition_id", "state").order_by("-started_at", "-id")[:1]


def latest_instance(subject: Subject) -> Instance | None:
    """The run that matters for a subject: the newest."""
    kind, one = subject
    return _newest.first(kind, one)
