"""终止与改期: a process ends before its end, or its tasks get another due date."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from yichuang.engine.models import NO_DUE, Instance, Task, Token, Wait
from yichuang.engine.rows import Subject, model_of

LIVE = ("open", "claimed")
FORGOTTEN = 1000  # processes at a time


def _running(subject: Subject) -> Instance | None:
    kind, one = subject
    return (
        Instance.objects.select_for_update()
        .filter(subject_id=one, subject_kind=kind, state="running")
        .order_by("id")
        .first()
    )


@transaction.atomic
def cancel_process(*, subject: Subject, at: datetime, reason: str) -> bool:
    """End the running process of a subject: its open tasks are cancelled. False when none runs (nothing is changed)."""
    instance = _running(subject)
    if instance is None:
        return False
    _cancel(instance, at, reason)
    return True


@transaction.atomic
def cancel_beside(*, subject: Subject, node: str, at: datetime, reason: str) -> bool:
    """End the running process of a subject unless all that it waits for comes behind a step: what ran beside the last word
    is over with it, people's work, timers and messages alike. False when it goes on, or none runs."""
    instance = _running(subject)
    if instance is None:
        return False
    behind = model_of(instance.definition_id).after(node)
    places = list(instance.tokens.values_list("scope", "node"))
    inside = {scope for scope, _ in places}
    if all(one in behind for scope, one in places if not _is_entered(f"{scope}/{one}", inside)):
        return False
    _cancel(instance, at, reason)
    return True


def _is_entered(way: str, scopes: Collection[str]) -> bool:
    """Whether a token only stands for what runs inside (a sub-process, a called process, one of several)."""
    return any(scope == way or scope.startswith((f"{way}/", f"{way}:")) for scope in scopes)


def _cancel(instance: Instance, at: datetime, reason: str) -> None:
    Task.objects.filter(instance=instance, state__in=LIVE).update(state="cancelled", version=F("version") + 1)
    instance.tokens.all().delete()
    if model_of(instance.definition_id).has_waits:
        instance.waits.all().delete()
    instance.state, instance.ended_at, instance.end_reason = "cancelled", at, reason
    instance.save(update_fields=["state", "ended_at", "end_reason"])


@transaction.atomic
def forget_process(*, subject: Subject) -> None:
    """Nothing is kept any longer of the processes of a subject that are over; for rooms whose subjects may be removed."""
    kind, one = subject
    over = Instance.objects.filter(subject_id=one, subject_kind=kind).exclude(state="running")
    _forget(list(over.order_by("id").values_list("id", flat=True)))


@transaction.atomic
def forget_tenant(*, tenant: str) -> int:
    """Nothing is kept of any process of a tenant, running or over; how many there were. Nobody else may act for it meanwhile."""
    ids = list(Instance.objects.filter(tenant=tenant).order_by("id").values_list("id", flat=True))
    for first in range(0, len(ids), FORGOTTEN):
        _forget(ids[first : first + FORGOTTEN])
    return len(ids)


def _forget(ids: Sequence[UUID]) -> None:
    """Their rows, without loading them; who points at a task of them is among them too."""
    for rows in (Wait, Token, Task):
        rows._default_manager.filter(instance__in=ids)._raw_delete(using="default")
    Instance.objects.filter(id__in=ids)._raw_delete(using="default")


@transaction.atomic
def set_due(*, subject: Subject, due_at: datetime | None) -> None:
    """The running process and its live tasks are due at another moment (None: at none). Without one nothing is done."""
    instance = _running(subject)
    if instance is None:
        return
    instance.due_at = due_at or NO_DUE
    instance.save(update_fields=["due_at"])
    Task.objects.filter(instance=instance, state__in=LIVE).update(due_at=instance.due_at)
