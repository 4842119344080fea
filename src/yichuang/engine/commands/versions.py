"""迁移: a running process goes over to a new version, all its tokens or none."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from django.db import transaction

from yichuang.core.refusals import Conflict, NotFound, Reason, Refused
from yichuang.core.words import Words
from yichuang.core.workdays import Calendar
from yichuang.engine.bpmn.graph import ProcessModel
from yichuang.engine.bpmn.play import Memory, Place, Play, outer
from yichuang.engine.bpmn.run import Mark, Marks
from yichuang.engine.bpmn.versions import Moves, plan
from yichuang.engine.commands.start import definition_of
from yichuang.engine.commands.wait import plan_waits, wanted
from yichuang.engine.commands.write import LIVE, marking_of, refusing, seats
from yichuang.engine.models import Instance, Task, Token, Wait
from yichuang.engine.rows import Subject, memory_of, model_of

PROCESS = Words("流程", "process")
HELD = Words(
    "“{name}”已由{who}领取，新版本里它属于别的岗位：请先退回",
    "{who} has taken “{name}”, which another post does in the new version: give it back first",
)


@transaction.atomic
def migrate_process(
    *,
    subject: Subject,
    xml: bytes,
    names: Mapping[str, str],
    at: datetime,
    calendar: Calendar | None = None,
) -> None:
    """The running process of a subject goes on by the process of `xml`. `names`: node id now → node id then.

    What stays waiting keeps its due moments; what is new at a step begins now. Raises `Refused` with one reason for each
    token that cannot go, and then nothing is changed; `NotFound` when no process runs.
    """
    kind, one = subject
    instance = (
        Instance.objects.select_for_update(of=("self",))
        .filter(subject_id=one, subject_kind=kind, state="running")
        .order_by("id")
        .first()
    )
    if instance is None:
        raise NotFound(PROCESS)
    old, new = model_of(instance.definition_id), definition_of(xml, at)
    moves = plan(old, new, marking_of(instance), names)
    check_moves(old, moves)
    _tasks(instance, new, moves)
    _tokens(instance, moves)
    _remember(instance, moves, names)
    instance.definition_id = new.sha
    instance.save(update_fields=["definition", "outcomes", "local"])
    with refusing():
        _waits(instance, old, new, moves, names, at, calendar)


def check_moves(old: ProcessModel, moves: Moves) -> None:
    """Raise `Refused` with every obstacle at once."""
    if moves.obstacles:
        raise Refused(
            *(
                Reason(
                    f"MIGRATE_{one.code}",
                    Words(
                        f"“{old.nodes[one.node].name.zh or one.node}”：{one.words.zh}",
                        f"“{old.nodes[one.node].name.en or one.node}”: {one.words.en}",
                    ),
                    f"{one.scope}/{one.node}",
                )
                for one in moves.obstacles
            ),
            kind="conflict",
        )


def _tasks(instance: Instance, new: ProcessModel, moves: Moves) -> None:
    """The live tasks stand at their new steps; questions asked from them go along."""
    live = Task.objects.select_for_update(of=("self",)).filter(instance=instance, state__in=LIVE).order_by("id")
    rows = list(live)
    for row in rows:
        after = moves.places[Place(row.scope, Mark(row.node, row.flow))]
        node = new.nodes[after.mark.node]
        row.scope, row.node, row.flow = after.scope, after.mark.node, after.mark.flow
        if row.parent_id is None:
            post = dict(seats(node, instance.posts, after.scope))[row.seat]
            if post != row.post and row.state == "claimed":
                words = HELD.format(name=Words(row.name_zh, row.name_en), who=row.claimed_name or "—")
                raise Conflict(Reason("MIGRATE_HELD", words, f"{row.scope}/{row.node}"))
            row.post, row.act, row.name_zh, row.name_en = post, node.act, node.name.zh, node.name.en
        row.version += 1
    # first aside, so that two that change places never stand at one
    for row in rows:
        Task.objects.filter(id=row.id).update(scope=f"moving:{row.id}")
    Task.objects.bulk_update(rows, ["scope", "node", "flow", "post", "act", "name_zh", "name_en", "version"])


def _tokens(instance: Instance, moves: Moves) -> None:
    rows = list(Token.objects.filter(instance=instance).order_by("id"))
    Token.objects.filter(instance=instance).delete()
    Token.objects.bulk_create(
        Token(
            instance=instance,
            scope=(after := moves.places[Place(row.scope, Mark(row.node, row.flow))]).scope,
            node=after.mark.node,
            flow=after.mark.flow,
            arrived_at=row.arrived_at,
        )
        for row in rows
    )


def _remember(instance: Instance, moves: Moves, names: Mapping[str, str]) -> None:
    """Outcomes are those of the new steps; what only a scope sees goes with the scope."""
    instance.outcomes = {names.get(node, node): said for node, said in instance.outcomes.items()}
    if instance.local is None:
        return
    scopes = {"": ""}
    for before, after in moves.places.items():
        scopes[before.scope] = after.scope
        scopes[f"{before.scope}/{before.mark.node}"] = f"{after.scope}/{after.mark.node}"
    local = cast(dict[str, dict[str, Any]], instance.local)
    moved = {
        _path(scope, scopes): {
            **own,
            **(
                {"outcomes": {names.get(node, node): said for node, said in own["outcomes"].items()}}
                if "outcomes" in own
                else {}
            ),
        }
        for scope, own in local.items()
    }
    instance.local = cast(Any, moved)


def _path(scope: str, scopes: Mapping[str, str]) -> str:
    """The new way to a scope, also of one in which nothing waits at this level."""
    if scope in scopes:
        return scopes[scope]
    parent, name, index = outer(scope)
    holder = scopes.get(f"{parent}/{name}", f"{_path(parent, scopes)}/{name}")
    return f"{holder}:{index}" if index else holder


def _waits(
    instance: Instance,
    old: ProcessModel,
    new: ProcessModel,
    moves: Moves,
    names: Mapping[str, str],
    at: datetime,
    calendar: Calendar | None,
) -> None:
    """As if every place had just been reached, but what waited before keeps its moment and its failures."""
    kept: dict[tuple[str, str, str], Wait] = {}
    for row in Wait.objects.filter(instance=instance).order_by("id"):
        after = moves.places[Place(row.scope, Mark(row.node, row.flow))]
        kept[after.scope, names.get(row.event, row.event), row.kind] = row
    marking: dict[str, Marks] = {}
    for place in moves.places.values():
        marking[place.scope] = marking.get(place.scope, frozenset()) | {place.mark}
    memory: Memory = memory_of(instance)
    rows = plan_waits(instance, Play(new, marking, memory), moves.places.values(), at, calendar)
    fired = _fired(instance, old, moves, names)
    Wait.objects.filter(instance=instance).delete()
    for row in rows:
        before = kept.get((row.scope, row.event, row.kind))
        if before is not None:
            row.id, row.created_at, row.due_at = before.id, before.created_at, before.due_at
            row.held_at = before.held_at  # (new ones stand still as well while the subject does: `plan_waits`)
            row.failures, row.failed_with = before.failures, before.failed_with
    Wait.objects.bulk_create(row for row in rows if (row.scope, row.event) not in fired)


def _fired(instance: Instance, old: ProcessModel, moves: Moves, names: Mapping[str, str]) -> set[tuple[str, str]]:
    """What fired before and interrupted nothing (its row is gone, its activity goes on): it does not fire again."""
    left = set(Wait.objects.filter(instance=instance).order_by("id").values_list("scope", "flow", "event"))
    play = Play(old, {}, Memory({}, {}))
    return {
        (after.scope, names.get(event, event))
        for before, after in moves.places.items()
        for event, _, _ in wanted(play, before)
        if (before.scope, before.mark.flow, event) not in left
    }
