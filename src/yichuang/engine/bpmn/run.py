"""The interpreter: tokens move through a graph until each of them waits. Pure; used by commands and the checker."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from yichuang.engine.bpmn.graph import Flow, Node
from yichuang.engine.feel.expression import Verdict

MAX_MOVES: Final = 10_000


@dataclass(frozen=True, slots=True)
class Mark:
    """A token that waits: at a user task, or at a join for the tokens of its other flows."""

    node: str
    flow: str


@dataclass(frozen=True, slots=True)
class Settled:
    """All tokens wait or are gone. `opened` are the tasks reached on the way, `ended` the ends."""

    marks: frozenset[Mark]
    opened: tuple[Mark, ...]
    ended: tuple[str, ...]

    @property
    def finished(self) -> bool:
        return not self.marks


class Stuck(Exception):
    """A gateway that cannot decide: a condition is unknown, or none holds. Nothing may be guessed."""

    def __init__(self, node: Node, flow: Flow | None, verdict: Verdict | None) -> None:
        super().__init__(node.id)
        self.node = node
        self.flow = flow
        self.verdict = verdict


class Crowded(Exception):
    """Two tokens at one place: a step would run twice at once. A checked process never does this."""

    def __init__(self, mark: Mark) -> None:
        super().__init__(mark.node)
        self.mark = mark


Choose = Callable[[Node], tuple[str, ...]]
_State = tuple[frozenset[Mark], tuple[str, ...], tuple[Mark, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Net:
    """What the interpreter needs of a process."""

    nodes: Mapping[str, Node]
    flows: Mapping[str, Flow]


def settle(net: Net, marks: frozenset[Mark], ready: tuple[str, ...], choose: Choose) -> Iterator[Settled]:
    """Move the tokens on the `ready` flows until all wait. One result for each combination of choices."""
    todo: list[_State] = [(marks, ready, (), ())]
    moves = 0
    while todo:
        marks, ready, opened, ended = todo.pop()
        if not ready:
            yield Settled(marks, opened, ended)
            continue
        moves += 1
        if moves > MAX_MOVES:
            raise RecursionError("a loop without a task")
        flow, *rest = ready
        node = net.nodes[net.flows[flow].target]
        mark = Mark(node.id, flow)
        if node.kind == "end":
            todo.append((marks, tuple(rest), opened, (*ended, node.id)))
        elif node.kind == "exclusive":
            todo.extend((marks, (*rest, chosen), opened, ended) for chosen in reversed(choose(node)))
        elif node.kind == "task":
            _room(marks, mark, any(other.node == node.id for other in marks))
            todo.append((marks | {mark}, tuple(rest), (*opened, mark), ended))
        else:
            _room(marks, mark, mark in marks)
            waiting, going = join(node, marks | {mark})
            todo.append((waiting, (*rest, *going), opened, ended))


def _room(marks: frozenset[Mark], mark: Mark, taken: bool) -> None:
    if taken:
        raise Crowded(mark)


def join(node: Node, marks: frozenset[Mark]) -> tuple[frozenset[Mark], tuple[str, ...]]:
    """A parallel gateway lets go when a token has come on each incoming flow."""
    arrived = frozenset(mark for mark in marks if mark.node == node.id)
    if len(arrived) < len(node.incoming):
        return marks, ()
    return marks - arrived, node.outgoing


def choice(net: Net, values: Mapping[str, object]) -> Choose:
    """Exclusive gateways decide by their conditions, in the order of the XML. Raises `Stuck`."""

    def choose(node: Node) -> tuple[str, ...]:
        for one in node.outgoing:
            flow = net.flows[one]
            if one == node.default:
                continue
            if flow.condition is None:  # the only way out of a gateway that merges
                return (one,)
            verdict = flow.condition.holds(values)
            if verdict.holds is None:
                raise Stuck(node, flow, verdict)
            if verdict.holds:
                return (one,)
        if node.default:
            return (node.default,)
        raise Stuck(node, None, None)

    return choose


def begin(net: Net, start: str, values: Mapping[str, object]) -> Settled:
    """From the start to the first wait."""
    return next(settle(net, frozenset(), net.nodes[start].outgoing, choice(net, values)))


def proceed(net: Net, marks: frozenset[Mark], done: Mark, values: Mapping[str, object]) -> Settled:
    """From a completed task to the next wait."""
    return next(settle(net, marks - {done}, net.nodes[done.node].outgoing, choice(net, values)))
