"""定时暂停: while the time of a subject does not count (特别程序), neither do the timers of its process."""

from datetime import datetime

from django.db import transaction

from yichuang.core.workdays import Calendar
from yichuang.engine.bpmn.graph import ProcessModel
from yichuang.engine.bpmn.timers import after_pause
from yichuang.engine.models import Instance, Wait
from yichuang.engine.rows import Subject, model_of


@transaction.atomic
def pause_timers(*, subject: Subject, at: datetime) -> int:
    """The timers of the running process of a subject stand still from now on; how many do.

    So do those that begin before it goes on: a message may open a step meanwhile, or a new version of the process.
    """
    instance = _running(subject)
    if instance is None:
        return 0
    if instance.paused_at is None:
        instance.paused_at = at
        instance.save(update_fields=["paused_at"])
    return Wait.objects.filter(instance=instance, kind="timer", held_at=None).update(held_at=at)


@transaction.atomic
def resume_timers(*, subject: Subject, at: datetime, calendar: Calendar) -> int:
    """They go on: what counts time is due later by the pause (working days by the working days in it); dates stay.

    What was due before the pause began is due at once.
    """
    instance = _running(subject)
    if instance is None:
        return 0
    instance.paused_at = None
    instance.save(update_fields=["paused_at"])
    rows = list(Wait.objects.filter(instance=instance, kind="timer", held_at__isnull=False).order_by("id"))
    model = model_of(instance.definition_id)
    for row in rows:
        row.due_at, row.held_at = _due(model, row, at, calendar), None
    Wait.objects.bulk_update(rows, ["due_at", "held_at"])
    return len(rows)


def _due(model: ProcessModel, row: Wait, at: datetime, calendar: Calendar) -> datetime:
    trigger = model.nodes[row.event].trigger
    if trigger is None or trigger.timer is None or row.held_at is None:
        raise ValueError(f"{row.event} is no paused timer")
    return after_pause(trigger.timer, row.due_at, since=row.held_at, until=at, calendar=calendar)


def _running(subject: Subject) -> Instance | None:
    kind, one = subject
    running = Instance.objects.filter(subject_id=one, subject_kind=kind, state="running")
    return running.select_for_update(of=("self",)).order_by("id").first()
