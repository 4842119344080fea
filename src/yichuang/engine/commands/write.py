"""What all that moves a process shares: the step that the interpreter took in memory becomes rows and news, once."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any, Final

from django.db.models import F, Q

from yichuang.core.events import publish
from yichuang.core.refusals import Refused
from yichuang.core.workdays import Calendar
from yichuang.engine.bpmn.graph import Node, ProcessModel
from yichuang.engine.bpmn.play import BadCount, Place, Play, is_held, outer, places
from yichuang.engine.bpmn.run import Crowded, Mark, Marks, Stuck
from yichuang.engine.bpmn.timers import NoTime
from yichuang.engine.commands.wait import plan_waits
from yichuang.engine.events import ProcessFinished, SignalThrown, TaskOpened, WorkWaits
from yichuang.engine.feel.budget import OutOfSteps
from yichuang.engine.models import NO_DUE, Instance, Task, Token, Wait
from yichuang.engine.rows import memory_of
from yichuang.engine.rules import COSTLY, count_reason, crowded_reason, stuck_reason, time_reason

LIVE: Final = ("open", "claimed")


@contextmanager
def refusing() -> Iterator[None]:
    """What the interpreter cannot do becomes a refusal that says why; nothing has been written then."""
    try:
        yield
    except Stuck as stuck:
        raise Refused(stuck_reason(stuck)) from None
    except BadCount as count:
        raise Refused(count_reason(count.node)) from None
    except NoTime as time:
        raise Refused(time_reason(time)) from None
    except Crowded as crowd:
        raise Refused(crowded_reason(crowd.mark.node)) from None
    except OutOfSteps:
        raise Refused(COSTLY) from None


def play_of(instance: Instance, model: ProcessModel) -> Play:
    """The process as it stands, to be moved in memory."""
    return Play(model, marking_of(instance), memory_of(instance))


def marking_of(instance: Instance) -> dict[str, Marks]:
    """Where the process waits, by scope."""
    found: dict[str, set[Mark]] = {"": set()}
    rows = Token.objects.filter(instance=instance).values_list("scope", "node", "flow").order_by("id")
    for scope, node, flow in rows:
        found.setdefault(scope, set()).add(Mark(node, flow))
    return {scope: frozenset(marks) for scope, marks in found.items()}


def write(
    instance: Instance,
    play: Play,
    before: Mapping[str, Marks],
    *,
    at: datetime,
    calendar: Calendar | None,
    done: Place | None = None,
) -> tuple[list[Task], list[Wait]]:
    """Write the difference; `done` is the place whose task was completed. Not the instance, nor the news.

    Of what waits for people alone: at most one DELETE and two INSERTs.
    """
    old, new, opened = places(before), places(play.marking), play.opened
    gone = {*(old - new), *(place for place in opened if place in old)}
    _void(instance, gone - {done}, play.model)  # also without waits: a terminate end takes the other branches' tasks
    if play.model.has_waits:
        with refusing():
            waits = plan_waits(instance, play, opened, at, calendar)
        if gone:
            Wait.objects.filter(_at(gone), instance=instance).delete()
    else:
        waits = []
    _tokens(instance, play.model, old, new, opened, at)
    tasks = _tasks(instance, play, opened, at)
    return tasks, Wait.objects.bulk_create(waits) if waits else []


def _at(found: Collection[Place]) -> Q:
    """Rows of these places: a flow leads to one node."""
    scopes = sorted({place.scope for place in found})
    return reduce(or_, (Q(scope=one, flow__in=[p.mark.flow for p in found if p.scope == one]) for one in scopes))


def _void(instance: Instance, gone: Collection[Place], model: ProcessModel) -> None:
    """The live tasks of places that an event ended are cancelled, and the questions asked there."""
    lost = [place for place in gone if model.nodes[place.mark.node].kind == "task" and not is_held(model, place)]
    if lost:
        live = Task.objects.filter(_at(lost), instance=instance, state__in=LIVE)
        live.update(state="cancelled", version=F("version") + 1)


def _tokens(
    instance: Instance,
    model: ProcessModel,
    old: frozenset[Place],
    new: frozenset[Place],
    opened: Collection[Place],
    at: datetime,
) -> None:
    again = {place for place in opened if place in old and model.nodes[place.mark.node].several}  # arrived anew
    if gone := (old - new) | again:
        Token.objects.filter(_at(gone), instance=instance).delete()
    if come := (new - old) | again:
        Token.objects.bulk_create(
            Token(instance=instance, scope=place.scope, node=place.mark.node, flow=place.mark.flow, arrived_at=at)
            for place in sorted(come)
        )


def _tasks(instance: Instance, play: Play, opened: Iterable[Place], at: datetime) -> list[Task]:
    """One INSERT for all the tasks that were reached."""
    rows = [
        Task(
            instance=instance,
            tenant=instance.tenant,
            subject_kind=instance.subject_kind,
            subject_id=instance.subject_id,
            scope=place.scope,
            node=node.id,
            flow=place.mark.flow,
            name_zh=node.name.zh,
            name_en=node.name.en,
            post=post,
            act=node.act,
            seat=seat,
            created_at=at,
            due_at=instance.due_at,
        )
        for place in opened
        if (node := play.model.nodes[place.mark.node]).kind == "task" and not is_held(play.model, place)
        for seat, post in seats(node, instance.posts, place.scope)
    ]
    return Task.objects.bulk_create(rows) if rows else []


def seats(node: Node, moved: Mapping[str, str], scope: str = "") -> Iterator[tuple[int, str]]:
    """(seat, post) of each task of a node: 0 where one does it, from 1 where several do. `moved`: `Instance.posts`."""
    if node.several is not None and node.several.posts:  # one after the other: this scope is that of one of them
        found: tuple[str, ...] = (node.several.posts[outer(scope)[2] - 1],)
    else:
        found = node.seats
    return enumerate((moved_post(post, moved) for post in found), start=1 if node.joint else 0)


def moved_post(post: str, moved: Mapping[str, str]) -> str:
    """The post that does a step of this post now: that of another department after a transfer (移送)."""
    department, _, rest = post.partition(".")
    return f"{moved[department]}.{rest}" if department in moved else post


def keep(instance: Instance, play: Play, at: datetime, *, last: str = "") -> None:
    """Save what the process knows, and its end. `last`: what was said last."""
    changed = ["outcomes"]
    instance.outcomes = play.memory.outcomes
    variables: Any = play.memory.variables
    if variables != instance.variables:
        instance.variables = variables
        changed.append("variables")
    local: Any = play.memory.local or None
    if local != instance.local:
        instance.local = local
        changed.append("local")
    if play.finished:
        instance.state, instance.ended_at, instance.outcome = "finished", at, ending(play, last)
        changed += ["state", "ended_at", "outcome"]
    instance.save(update_fields=changed)


def ending(play: Play, last: str) -> str:
    """The outcome of a finished process: what its end says, else the error that ended it, else what was said last."""
    nodes = play.model.nodes
    said = [nodes[one].outcome for one in play.ended if nodes[one].outcome]
    return (said[-1] if said else play.error or last)[:60]


def announce(instance: Instance, tasks: Iterable[Task], at: datetime) -> None:
    """The news of tasks, after everything is written; and of the end."""
    for task in tasks:
        publish(
            TaskOpened(
                task=task.id,
                instance=instance.id,
                subject_kind=instance.subject_kind,
                subject_id=instance.subject_id,
                node=task.node,
                post=task.post,
                act=task.act,
                due_at=None if task.due_at == NO_DUE else task.due_at,
                at=at,
            )
        )
    if instance.state == "finished":
        publish(
            ProcessFinished(
                tenant=instance.tenant,
                subject_kind=instance.subject_kind,
                subject_id=instance.subject_id,
                outcome=instance.outcome,
                at=at,
            )
        )


def announce_waits(instance: Instance, waits: Iterable[Wait], thrown: Iterable[str], at: datetime) -> None:
    """The news of work to be done outside, and of signals for other processes."""
    for wait in waits:
        if wait.kind in {"service", "rule", "send"}:
            publish(
                WorkWaits(
                    wait=wait.id,
                    instance=instance.id,
                    tenant=instance.tenant,
                    subject_kind=instance.subject_kind,
                    subject_id=instance.subject_id,
                    node=wait.node,
                    kind=wait.kind,
                    key=wait.key,
                    at=at,
                )
            )
    for name in thrown:
        publish(SignalThrown(tenant=instance.tenant, instance=instance.id, name=name, at=at))
