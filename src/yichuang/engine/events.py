"""News of processes: published inside the transaction of the command."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yichuang.core.events import Event
from yichuang.core.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskOpened(Event):
    """A task waits for its post."""

    task: UUID
    instance: UUID
    subject_kind: str
    subject_id: UUID
    node: str
    post: str
    act: str
    due_at: datetime | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskCompleted(Event):
    """Somebody completed a task with an outcome."""

    task: UUID
    instance: UUID
    subject_kind: str
    subject_id: UUID
    node: str
    post: str
    act: str
    outcome: str
    by: UUID
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessFinished(Event):
    """No token is left. `outcome` is the end's `yc:outcome`, or else that of the task completed last."""

    tenant: str
    subject_kind: str
    subject_id: UUID
    outcome: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessStuck(Event):
    """What a process waited for came, and it cannot go on by it: told once; it is tried again later, less and less often."""

    wait: UUID
    instance: UUID
    subject_kind: str
    subject_id: UUID
    node: str
    event: str
    name: Words
    why: Words
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkWaits(Event):
    """Work is to be done outside: `kind` service, rule or send; `key` says which. `commands.answer_work` ends it."""

    wait: UUID
    instance: UUID
    tenant: str
    subject_kind: str
    subject_id: UUID
    node: str
    kind: str
    key: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerFired(Event):
    """A moment came that the process waited for: at `node`, `event` (the node itself, or an event on its boundary)."""

    instance: UUID
    subject_kind: str
    subject_id: UUID
    node: str
    event: str
    name: Words
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalThrown(Event):
    """A process threw a signal. Processes of the same tenant hear it by themselves; this is for others."""

    tenant: str
    instance: UUID
    name: str
    at: datetime
