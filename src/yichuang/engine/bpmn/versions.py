"""迁移: where the tokens of a running process stand in a new version of it, or why they cannot. Pure."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from yichuang.core.words import Words
from yichuang.engine.bpmn.explore import explore
from yichuang.engine.bpmn.graph import Node, ProcessModel
from yichuang.engine.bpmn.play import Place, is_held, is_instance, outer
from yichuang.engine.bpmn.run import Mark, Marks

MAX_MARKINGS: Final = 5_000


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why one token cannot go. `node`: where it stands now."""

    scope: str
    node: str
    code: str
    words: Words


@dataclass(frozen=True, slots=True)
class Moves:
    """Old place → new place, of all tokens; or the obstacles, and then nothing is moved."""

    places: Mapping[Place, Place]
    obstacles: tuple[Obstacle, ...]


@dataclass(frozen=True, slots=True)
class Migration:
    """What moving a running process would do: why each token cannot go, else the people's steps that nobody would do."""

    obstacles: tuple[Obstacle, ...]
    left_out: tuple[Words, ...]


class _Cannot(Exception):
    def __init__(self, code: str, zh: str, en: str) -> None:
        super().__init__(code)
        self.code, self.words = code, Words(zh, en)


def plan(old: ProcessModel, new: ProcessModel, marking: Mapping[str, Marks], names: Mapping[str, str]) -> Moves:
    """Move every token by `names`: node id of the old version → of the new one; flows into joins likewise.

    Nothing is guessed: a node that the map does not name is an obstacle, even when the new version has its id.
    """
    found: dict[Place, Place] = {}
    obstacles: list[Obstacle] = []
    for scope in sorted(marking):
        for mark in sorted(marking[scope]):
            try:
                found[Place(scope, mark)] = _moved(old, new, Place(scope, mark), names)
            except _Cannot as cannot:
                obstacles.append(Obstacle(scope, mark.node, cannot.code, cannot.words))
    if not obstacles:
        obstacles.extend(_unsound(new, found))
    return Moves({} if obstacles else found, tuple(obstacles))


def _moved(old: ProcessModel, new: ProcessModel, place: Place, names: Mapping[str, str]) -> Place:
    source, target = old.nodes[place.mark.node], _target(new, place.mark.node, names)
    scope, container = _scope(old, new, place.scope, names, is_instance(place))
    if target.container != container:
        raise _Cannot(
            "CONTAINER",
            f"“{target.id}”不在对应的流程或子流程里",
            f"“{target.id}” is not in the process or sub-process that corresponds",
        )
    _same_kind(source, target)
    if is_held(old, place) and _times(source) != _times(target):
        raise _Cannot(
            "SEVERAL",
            f"“{target.id}”要办理的次数与原来不同",
            f"“{target.id}” is to be done another number of times than before",
        )
    return Place(scope, Mark(target.id, _flow(new, place.mark, target, names)))


def _target(new: ProcessModel, node: str, names: Mapping[str, str]) -> Node:
    if node not in names:
        raise _Cannot(
            "NOT_MAPPED", "对照表没有写明它对应新流程的哪一步", "The map names no step of the new process for it"
        )
    if names[node] not in new.nodes:
        raise _Cannot("NO_NODE", f"新版本里没有“{names[node]}”", f"The new version has no “{names[node]}”")
    return new.nodes[names[node]]


def _scope(
    old: ProcessModel, new: ProcessModel, scope: str, names: Mapping[str, str], instance: bool
) -> tuple[str, str]:
    """(the scope in the new version, the container that runs there)."""
    path, container = "", new.id
    parts = scope.split("/")[1:]
    for depth, part in enumerate(parts, start=1):
        name, _, index = part.partition(":")
        target = _target(new, name, names)
        if target.container != container:
            raise _Cannot(
                "CONTAINER",
                f"“{target.id}”不在对应的子流程里",
                f"“{target.id}” is not in the sub-process that corresponds",
            )
        path += f"/{target.id}" + (f":{index}" if index else "")
        if not (instance and depth == len(parts)):
            container = target.body
    return path, container


def _same_kind(source: Node, target: Node) -> None:
    if (source.kind, source.work) != (target.kind, target.work):
        raise _Cannot(
            "KIND", f"“{target.id}”与“{source.id}”种类不同", f"“{target.id}” is of another kind than “{source.id}”"
        )
    if len(source.seats) != len(target.seats):
        raise _Cannot("SEATS", f"“{target.id}”的席位数与原来不同", f"“{target.id}” has another number of seats")


def _times(node: Node) -> tuple[int, bool] | None:
    return (len(node.several.posts), node.several.sequential) if node.several else None


def _flow(new: ProcessModel, mark: Mark, target: Node, names: Mapping[str, str]) -> str:
    """The flow on which the token came: the one named, the one of the same id, or the only one."""
    wanted = names.get(mark.flow, mark.flow)
    if wanted in target.incoming:
        return wanted
    if target.kind not in {"parallel", "inclusive"}:
        return target.incoming[0]
    raise _Cannot(
        "FLOW", f"不知道令牌从哪条线到了“{target.id}”：请在对照表里写明“{mark.flow}”对应的线",
        f"It is not known on which flow the token came to “{target.id}”: name the one for “{mark.flow}” in the map",
    )  # fmt: skip


def _unsound(new: ProcessModel, found: Mapping[Place, Place]) -> Iterator[Obstacle]:
    """Two tokens at one place, or tokens that the new process could never have had there together."""
    scopes: dict[str, set[Mark]] = {}
    for before, after in found.items():
        if after.mark in scopes.get(after.scope, ()):
            words = Words(f"两个令牌都到了“{after.mark.node}”", f"Two tokens come to “{after.mark.node}”")
            yield Obstacle(before.scope, before.mark.node, "TWICE", words)
        scopes.setdefault(after.scope, set()).add(after.mark)
    back = {after: before for before, after in found.items()}
    for scope, marks in scopes.items():
        if is_instance(Place(scope, next(iter(marks)))):
            continue
        container = new.nodes[outer(scope)[1]].body if scope else new.id
        if frozenset(marks) not in _reachable(_Known.of(new), container):
            for mark in sorted(marks):
                before = back[Place(scope, mark)]
                words = Words(
                    "新版本里令牌不可能同时停在这些地方，流程会卡住",
                    "In the new version tokens never stand so together: the process would get stuck",
                )
                yield Obstacle(before.scope, before.mark.node, "UNREACHABLE", words)


def left_out(new: ProcessModel, moves: Moves, done: Collection[str]) -> tuple[Node, ...]:
    """The people's steps of the new version that nobody did and nobody will: they lie behind where the tokens come to.

    `done`: the steps that were done, by their names in the new version. Whoever moves a process has to know what it skips.
    """
    here = tuple({place.mark.node for place in moves.places.values()})
    ahead = new.after(*here) | {*here, *done}
    return tuple(node for node in new.nodes.values() if node.kind == "task" and node.id not in ahead)


class _Known(str):
    """A model that a cache keeps by its SHA-256 alone."""

    model: ProcessModel

    @classmethod
    def of(cls, model: ProcessModel) -> "_Known":
        known = cls(model.sha)
        known.model = model
        return known


@lru_cache(maxsize=64)
def _reachable(known: _Known, container: str) -> frozenset[Marks]:
    found = explore(known.model.net, known.model.starts[container], MAX_MARKINGS)
    return frozenset() if found.endless else frozenset(found.markings)
