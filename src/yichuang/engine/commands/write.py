"""What starting and completing share: the step that the interpreter took becomes rows and news."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from yichuang.core.events import publish
from yichuang.engine.bpmn.graph import Node, ProcessModel
from yichuang.engine.bpmn.run import Mark, Net, Settled
from yichuang.engine.events import ProcessFinished, TaskOpened
from yichuang.engine.models import NO_DUE, Instance, Task, Token


def net_of(model: ProcessModel) -> Net:
    return Net(model.nodes, model.flows)


def scope_of(variables: Mapping[str, Any], outcomes: Mapping[str, str]) -> dict[str, object]:
    """What conditions may read."""
    return {**variables, "outcomes": outcomes}


def write_tokens(instance: Instance, before: frozenset[Mark], after: frozenset[Mark], at: datetime) -> None:
    """Write the difference: at most one DELETE and one INSERT."""
    gone, come = before - after, after - before
    if gone:
        flows = [mark.flow for mark in gone]  # a flow leads to one node
        Token.objects.filter(instance=instance, flow__in=flows).delete()
    if come:
        Token.objects.bulk_create(
            Token(instance=instance, node=mark.node, flow=mark.flow, arrived_at=at)
            for mark in sorted(come, key=lambda mark: (mark.node, mark.flow))
        )


def write_tasks(instance: Instance, model: ProcessModel, step: Settled, at: datetime) -> list[Task]:
    """One INSERT for all the tasks that were reached."""
    if not step.opened:
        return []
    return Task.objects.bulk_create(
        Task(
            instance=instance,
            subject_kind=instance.subject_kind,
            subject_id=instance.subject_id,
            node=mark.node,
            flow=mark.flow,
            name_zh=model.nodes[mark.node].name.zh,
            name_en=model.nodes[mark.node].name.en,
            post=post,
            act=model.nodes[mark.node].act,
            seat=seat,
            created_at=at,
            due_at=instance.due_at,
        )
        for mark in step.opened
        for seat, post in seats(model.nodes[mark.node], instance.posts)
    )


def seats(node: Node, moved: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    """(seat, post) of each task of a node: 0 where one does it, from 1 where several do. `moved`: `Instance.posts`."""
    return enumerate((moved_post(post, moved) for post in node.seats), start=1 if node.joint else 0)


def moved_post(post: str, moved: Mapping[str, str]) -> str:
    """The post that does a step of this post now: that of another department after a transfer (移送)."""
    department, _, rest = post.partition(".")
    return f"{moved[department]}.{rest}" if department in moved else post


def ending(model: ProcessModel, step: Settled, last_outcome: str) -> str:
    """The outcome of a finished process: what its end says, or else what was said last."""
    said = [model.nodes[one].outcome for one in step.ended if model.nodes[one].outcome]
    return said[-1] if said else last_outcome


def announce(instance: Instance, tasks: list[Task], at: datetime) -> None:
    """The news of a step, after everything is written."""
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
                subject_kind=instance.subject_kind,
                subject_id=instance.subject_id,
                outcome=instance.outcome,
                at=at,
            )
        )
