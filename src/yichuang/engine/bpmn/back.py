"""退回: where the tokens stand when the work goes back to an earlier step. Pure.

Only a marking that the process can reach by itself may be restored, and from which it can come to where it is now by doing the
step once: so no join waits for ever, nothing is done twice, and no step is left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from yichuang.engine.bpmn.explore import explore
from yichuang.engine.bpmn.graph import WAITS, ProcessModel
from yichuang.engine.bpmn.run import Mark, Marks

MAX_MARKINGS: Final = 5_000
Map = Mapping[Marks, tuple[tuple[str, Marks], ...]]
"""Each marking in which the process can wait → (the task that is completed, what comes then)."""


def way_back(model: ProcessModel, marks: Marks, current: Mark, target: str) -> Marks | None:
    """The marking with `target` to be done again instead of `current`, and as much as possible of the rest left alone.

    No task is begun that does not run now; what lies behind the target and runs is given up. None: there is no such way.
    """
    others = marks - {current}
    live = {mark for mark in others if model.nodes[mark.node].kind in WAITS}
    map_ = _map(_Known(model.sha, model), model.nodes[current.node].container)
    found = [
        one
        for one in map_
        if any(mark.node == target for mark in one)
        and {mark for mark in one if model.nodes[mark.node].kind in WAITS and mark.node != target} <= live
    ]
    found.sort(key=lambda one: (-len(one & others), len(one), sorted((m.node, m.flow) for m in one)))
    return next((one for one in found if _leads(map_, one, target, marks)), None)


def _leads(map_: Map, start: Marks, target: str, goal: Marks) -> bool:
    """Whether completing `target` first, and never again, can lead from `start` to `goal`."""
    todo = [after for node, after in map_[start] if node == target]
    seen = set(todo)
    while todo:
        marks = todo.pop()
        if marks == goal:
            return True
        for node, after in map_.get(marks, ()):
            if node != target and after not in seen:
                seen.add(after)
                todo.append(after)
    return False


@dataclass(frozen=True)
class _Known:
    """A model that a cache keeps by its SHA-256 alone."""

    sha: str
    model: ProcessModel = field(compare=False)


@lru_cache(maxsize=256)
def _map(known: _Known, container: str) -> Map:
    """Everything in which the process (or the sub-process) can wait; nothing when there is too much of it."""
    model = known.model
    found = explore(model.net, model.starts[container], MAX_MARKINGS)
    return {} if found.endless else found.markings
