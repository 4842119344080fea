"""A process as an immutable graph, and what can be wrong with one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from yichuang.core.words import Words
from yichuang.engine.feel.expression import Expression

Kind = Literal["start", "end", "task", "exclusive", "parallel", "unknown"]
Act = Literal["review", "decide", "inspect", "countersign"]
"""What a task asks for. `countersign` (加签) is never written in a process: the holder of a task asks for it."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a process: the line of the XML (from 1), the element's id or tag, and what to do."""

    line: int
    element: str
    words: Words
    code: str = ""


class ProcessFaults(ValueError):
    """A process that cannot be executed, with every fault at once, in the order of lines."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = tuple(sorted(faults, key=lambda fault: (fault.line, fault.element)))
        super().__init__("; ".join(f"{fault.line}: {fault.words.zh}" for fault in self.faults))


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow (顺序流)."""

    id: str
    source: str
    target: str
    name: Words
    condition: Expression | None
    line: int


@dataclass(frozen=True, slots=True)
class Joint:
    """联合审查 (会签): one seat for each post of `posts` (a post may stand there several times: several persons of it).

    `need`: so many must agree. All seats: everybody answers; fewer: it ends as soon as so many agree, or no longer can.
    """

    posts: tuple[str, ...]
    need: int


@dataclass(frozen=True, slots=True)
class Node:
    """A step, a gateway or an end. `incoming` and `outgoing` are ids of flows in the order of the XML."""

    id: str
    kind: Kind
    name: Words
    line: int
    incoming: tuple[str, ...] = ()
    outgoing: tuple[str, ...] = ()
    default: str = ""
    post: str = ""
    act: Act = "review"
    outcome: str = ""
    joint: Joint | None = None

    @property
    def seats(self) -> tuple[str, ...]:
        """The posts that a task of this node is opened for, one each."""
        return self.joint.posts if self.joint else (self.post,)


@dataclass(frozen=True, slots=True)
class TaskSpec:
    """A user task (人工任务): who does it (post code `DEPT.post`) and what kind of act it is; `joint`: 会签, several do."""

    id: str
    name: Words
    post: str
    act: Act
    joint: Joint | None = None

    @property
    def posts(self) -> frozenset[str]:
        """Every post that has a part in it."""
        return frozenset(self.joint.posts if self.joint else (self.post,))

    @property
    def department(self) -> str:
        return self.post.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels of the drawing."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything stands in the drawing, in pixels from the top left."""

    boxes: Mapping[str, Box]
    lines: Mapping[str, tuple[tuple[float, float], ...]]
    width: float
    height: float


@dataclass(frozen=True)
class ProcessModel:
    """A checked process. `sha` is the SHA-256 of the XML it was read from."""

    id: str
    name: Words
    sha: str
    nodes: Mapping[str, Node]
    flows: Mapping[str, Flow]
    start: str
    svg: Layout = field(repr=False)

    @cached_property
    def tasks(self) -> tuple[TaskSpec, ...]:
        """The user tasks, in the order in which they can be reached."""
        nodes = (self.nodes[one] for one in self.order)
        return tuple(
            TaskSpec(node.id, node.name, node.post, node.act, node.joint) for node in nodes if node.kind == "task"
        )

    @cached_property
    def order(self) -> tuple[str, ...]:
        """All nodes, breadth first from the start."""
        return tuple(reachable(self.nodes, self.flows, (self.start,)))

    def after(self, *nodes: str) -> frozenset[str]:
        """What can still come after these nodes (themselves only through a loop)."""
        nexts = (self.flows[flow].target for node in nodes for flow in self.nodes[node].outgoing)
        return frozenset(reachable(self.nodes, self.flows, tuple(nexts)))


def reachable(nodes: Mapping[str, Node], flows: Mapping[str, Flow], starts: tuple[str, ...]) -> dict[str, None]:
    """The nodes that can be reached from these, themselves included; the order is breadth first."""
    found: dict[str, None] = dict.fromkeys(starts)
    queue = list(found)
    for node in queue:
        for flow in nodes[node].outgoing:
            target = flows[flow].target
            if target not in found:
                found[target] = None
                queue.append(target)
    return found
