"""The rows of what a process waits for besides people."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from yichuang.core.workdays import Calendar
from yichuang.engine.bpmn.graph import Trigger
from yichuang.engine.bpmn.play import Place, Play, events_at, is_held
from yichuang.engine.bpmn.timers import due
from yichuang.engine.models import NO_DUE, Instance, Wait


def plan_waits(
    instance: Instance, play: Play, opened: Iterable[Place], at: datetime, calendar: Calendar | None
) -> list[Wait]:
    """One row for each thing that each new place waits for, unsaved. Raises `NoTime`."""
    return [
        Wait(
            instance=instance,
            tenant=instance.tenant,
            subject_kind=instance.subject_kind,
            subject_id=instance.subject_id,
            scope=place.scope,
            node=place.mark.node,
            flow=place.mark.flow,
            event=event,
            name_zh=(name := play.model.nodes[event].name).zh[:200],
            name_en=name.en[:200],
            kind=kind,
            key=key,
            created_at=at,
            due_at=_due(play, place, event, at, calendar) if kind == "timer" else NO_DUE,
            held_at=at if kind == "timer" and instance.paused_at else None,
        )
        for place in opened
        for event, kind, key in wanted(play, place)
    ]


def wanted(play: Play, place: Place) -> Iterator[tuple[str, str, str]]:
    """(event, kind, key) of what a token waits for besides people."""
    node = play.model.nodes[place.mark.node]
    if node.kind == "work" and not is_held(play.model, place):
        yield node.id, node.work, node.key
    for event in events_at(play.model, place):
        trigger = play.model.nodes[event].trigger
        if trigger and trigger.kind in {"timer", "message", "signal"}:
            yield event, trigger.kind, trigger.name


def _due(play: Play, place: Place, event: str, at: datetime, calendar: Calendar | None) -> datetime:
    trigger: Trigger | None = play.model.nodes[event].trigger
    if trigger is None or trigger.timer is None:
        raise ValueError(f"{event} is no timer")
    return due(trigger.timer, play.memory.values(place.scope), at, calendar)
