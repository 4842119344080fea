"""A process as an immutable graph, and what can be wrong with one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Final, Literal

from yichuang.core.words import Words
from yichuang.engine.feel.expression import Expression

Kind = Literal[
    "start", "end", "task", "work", "receive", "catch", "throw", "exclusive", "parallel", "inclusive", "event", "sub",
    "boundary", "unknown",
]  # fmt: skip
"""`work` is done outside (service, business rule, send), `catch` waits for an event, `event` for the first of several."""
WAITS: Final = frozenset({"task", "work", "receive", "catch", "event", "sub"})
"""Where a token rests until somebody or something lets it go on."""
ACTIVITIES: Final = frozenset({"task", "work", "receive", "sub"})
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
class Timer:
    """When a timer (定时) is due: a date, a duration of ISO 8601, or a number of working days (工作日).

    `text` is a literal; with `expression` (FEEL) it is computed when the wait begins.
    """

    kind: Literal["date", "duration", "workdays"]
    text: str
    expression: Expression | None = None


@dataclass(frozen=True, slots=True)
class Trigger:
    """What an event waits for, throws or ends with. `name`: of the message or signal, or the code of the error ("": any)."""

    kind: Literal["timer", "message", "signal", "error", "terminate"]
    name: str = ""
    timer: Timer | None = None


@dataclass(frozen=True, slots=True)
class Several:
    """Multi-instance (多实例): the activity once for each of `count`, of `items`, or of `posts`; at once or one by one.

    It ends when all are done, when `until` (FEEL) holds, or, with `need`, as soon as so many agree or no longer can.
    """

    sequential: bool
    count: Expression | None = None
    items: Expression | None = None
    item: str = "item"
    until: Expression | None = None
    posts: tuple[str, ...] = ()
    need: int = 0


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
    container: str = ""  # the process or sub-process it stands in
    trigger: Trigger | None = None
    work: Literal["", "service", "rule", "send"] = ""
    key: str = ""  # what is to be done outside: the operation, decision or message
    attached: str = ""  # of a boundary event: the activity
    interrupting: bool = True
    boundaries: tuple[str, ...] = ()  # of an activity: its boundary events
    body: str = ""  # of a sub-process or call activity: the container that is run
    several: Several | None = None
    ends: bool = False  # a message end event: what is sent, and then the way ends
    circle: bool = False  # drawn as an event

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
    seats: tuple[str, ...] = ()  # of several who act one after the other: a post each

    @property
    def posts(self) -> frozenset[str]:
        """Every post that has a part in it."""
        return frozenset(self.joint.posts if self.joint else self.seats or (self.post,))

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
    starts: Mapping[str, str] = field(default_factory=dict)
    """Container (the process, a sub-process, a called process) → its start event."""
    warnings: tuple[Fault, ...] = ()
    """What is executed as the standard says, but may be an accident."""

    @cached_property
    def tasks(self) -> tuple[TaskSpec, ...]:
        """The user tasks, in the order in which they can be reached."""
        nodes = (self.nodes[one] for one in self.order)
        return tuple(
            TaskSpec(node.id, node.name, node.post, node.act, node.joint, node.several.posts if node.several else ())
            for node in nodes
            if node.kind == "task"
        )

    @cached_property
    def has_waits(self) -> bool:
        """Whether it can wait for more than people and joins."""
        return any(node.kind in WAITS - {"task"} or node.boundaries or node.several for node in self.nodes.values())

    @cached_property
    def resting(self) -> tuple[str, ...]:
        """The nodes at which a token can rest: steps, events that are waited for, joins; in the order of `order`."""
        joins = {"parallel", "inclusive"}
        nodes = (self.nodes[one] for one in self.order)
        return tuple(one.id for one in nodes if one.kind in WAITS or (one.kind in joins and len(one.incoming) > 1))

    @cached_property
    def order(self) -> tuple[str, ...]:
        """All nodes, breadth first from the start, into sub-processes."""
        return tuple(reachable(self.nodes, self.flows, (self.start,), self.starts))

    @cached_property
    def net(self) -> "Net":
        """What the interpreter needs; its caches are filled once for the version."""
        return Net(self.nodes, self.flows)

    def after(self, *nodes: str) -> frozenset[str]:
        """What can still come after these nodes (themselves only through a loop)."""
        nexts = [one for node in nodes for one in nexts_of(self.nodes, self.flows, node)]
        nexts += [one for node in nodes for one in self._outside(node)]
        return frozenset(reachable(self.nodes, self.flows, tuple(nexts), self.starts))

    def _outside(self, node: str) -> list[str]:
        """What comes after the sub-processes that a node stands in, from the innermost."""
        found: list[str] = []
        containers = {self.nodes[node].container}
        for one in self.nodes.values():
            if one.body and one.body in containers:
                found += [*nexts_of(self.nodes, self.flows, one.id), *self._outside(one.id)]
        return found


@dataclass(frozen=True, slots=True)
class Net:
    """What the interpreter needs of a process. `ways` keeps, for inclusive joins, from where each flow can be reached."""

    nodes: Mapping[str, Node]
    flows: Mapping[str, Flow]
    ways: dict[str, frozenset[str]] = field(default_factory=dict, repr=False, compare=False)

    def before(self, flow: str) -> frozenset[str]:
        """The nodes from which this flow can be reached without passing the gateway that it leads to."""
        found = self.ways.get(flow)
        if found is None:
            found = self.ways[flow] = self._before(flow)
        return found

    def _before(self, flow: str) -> frozenset[str]:
        gateway, todo, seen = self.flows[flow].target, [self.flows[flow].source], set[str]()
        while todo:
            one = todo.pop()
            if one == gateway or one in seen:
                continue
            seen.add(one)
            todo.extend(self.flows[other].source for other in self.nodes[one].incoming)
            if self.nodes[one].attached:
                todo.append(self.nodes[one].attached)
        return frozenset(seen)


def nexts_of(nodes: Mapping[str, Node], flows: Mapping[str, Flow], node: str) -> list[str]:
    """What can come directly after a node: behind its flows, and its boundary events."""
    one = nodes[node]
    return [*(flows[flow].target for flow in one.outgoing), *one.boundaries]


def reachable(
    nodes: Mapping[str, Node],
    flows: Mapping[str, Flow],
    starts: tuple[str, ...],
    bodies: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, None]:
    """The nodes that can be reached from these, themselves included; the order is breadth first."""
    found: dict[str, None] = dict.fromkeys(starts)
    queue = list(found)
    for node in queue:
        inside = [bodies[nodes[node].body]] if nodes[node].body in bodies else []
        for target in (*nexts_of(nodes, flows, node), *inside):
            if target not in found:
                found[target] = None
                queue.append(target)
    return found
