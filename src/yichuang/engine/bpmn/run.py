"""The interpreter of one scope: tokens move through a graph until each of them waits. Pure; used by commands and the checker.

Sub-processes, several instances and events are moved by `play`, which runs this for each scope.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Final, NamedTuple

from yichuang.engine.bpmn.graph import WAITS, Flow, Net, Node
from yichuang.engine.feel.expression import Verdict

MAX_MOVES: Final = 10_000
MAX_WAYS: Final = 8
"""Conditional flows out of one node: the checker walks through all their combinations."""


class Mark(NamedTuple):
    """A token that waits: at a step, for an event, or at a join for the tokens of its other flows."""

    node: str
    flow: str


Marks = frozenset[Mark]


@dataclass(frozen=True, slots=True)
class Settled:
    """All tokens wait or are gone. `opened` are the waits reached on the way, `ended` the ends, `thrown` the signals.

    `error`: the code of the error end that ended the scope.
    """

    marks: Marks
    opened: tuple[Mark, ...]
    ended: tuple[str, ...]
    thrown: tuple[str, ...] = ()
    error: str | None = None

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


Choose = Callable[[Node], tuple[tuple[str, ...], ...]]
"""The alternatives on leaving a node; each is the flows that get a token. One at work, all of them for the checker."""


class _State(NamedTuple):
    marks: Marks
    ready: tuple[str, ...]
    opened: tuple[Mark, ...] = ()
    ended: tuple[str, ...] = ()
    thrown: tuple[str, ...] = ()
    error: str | None = None

    def go(self, ways: tuple[tuple[str, ...], ...], marks: Marks) -> Iterator["_State"]:
        """The token goes on by each of the alternatives."""
        for chosen in reversed(ways):
            yield self._replace(marks=marks, ready=(*self.ready, *chosen))


def settle(net: Net, marks: Marks, ready: tuple[str, ...], choose: Choose) -> Iterator[Settled]:
    """Move the tokens on the `ready` flows until all wait. One result for each combination of choices."""
    todo = [_State(marks, ready)]
    moves = 0
    while todo:
        state = todo.pop()
        if state.ready:
            moves += 1
            if moves > MAX_MOVES:
                raise RecursionError("a loop without a task")
            flow, *rest = state.ready
            todo.extend(_move(net, state._replace(ready=tuple(rest)), flow, choose))
        elif (gateway := _inclusive(net, state.marks)) is not None:
            left = frozenset(mark for mark in state.marks if mark.node != gateway.id)
            todo.extend(state.go(choose(gateway), left))
        else:
            yield Settled(state.marks, state.opened, state.ended, state.thrown, state.error)


def _move(net: Net, state: _State, flow: str, choose: Choose) -> Iterator[_State]:
    """A token arrives on a flow."""
    node = net.nodes[net.flows[flow].target]
    mark = Mark(node.id, flow)
    if node.kind == "end":
        yield _end(state, node)
    elif node.kind in WAITS:
        _room(mark, any(other.node == node.id for other in state.marks))
        yield state._replace(marks=state.marks | {mark}, opened=(*state.opened, mark))
    elif node.kind in {"exclusive", "throw"}:
        thrown = (*state.thrown, node.trigger.name) if node.trigger else state.thrown
        yield from state._replace(thrown=thrown).go(choose(node), state.marks)
    else:
        _room(mark, mark in state.marks)
        marks = state.marks | {mark}
        waiting = marks if node.kind == "inclusive" else join(node, marks)
        yield from state.go(((),) if waiting is marks else choose(node), waiting)


def _end(state: _State, node: Node) -> _State:
    state = state._replace(ended=(*state.ended, node.id))
    trigger = node.trigger
    if trigger is None:
        return state
    if trigger.kind == "signal":
        return state._replace(thrown=(*state.thrown, trigger.name))
    if trigger.kind in {"terminate", "error"}:  # nothing of this scope is left
        error = trigger.name if trigger.kind == "error" else None
        return state._replace(marks=frozenset(), ready=(), opened=(), error=error)
    return state


def _room(mark: Mark, taken: bool) -> None:
    if taken:
        raise Crowded(mark)


def join(node: Node, marks: Marks) -> Marks:
    """A parallel gateway lets go when a token has come on each incoming flow; until then the marks are as they were."""
    arrived = frozenset(mark for mark in marks if mark.node == node.id)
    return marks if len(arrived) < len(node.incoming) else marks - arrived


def _inclusive(net: Net, marks: Marks) -> Node | None:
    """The inclusive gateway that lets go: no other token can still come on one of its empty flows (BPMN 2.0, 13.4.3).

    A token that could as well come on a flow where one has come already is not waited for.
    """
    waiting = {mark.node for mark in marks if net.nodes[mark.node].kind == "inclusive"}
    for node in (net.nodes[one] for one in sorted(waiting)):
        came = {other.flow for other in marks if other.node == node.id}
        others = {other.node for other in marks if other.node != node.id}
        empty = [flow for flow in node.incoming if flow not in came]
        coming = {one for one in others if any(one in net.before(flow) for flow in empty)}
        if all(any(one in net.before(flow) for flow in came) for one in coming):
            return node
    return None


def choice(net: Net, values: Mapping[str, object]) -> Choose:
    """What the conditions say, in the order of the XML. Raises `Stuck`."""

    def choose(node: Node) -> tuple[tuple[str, ...], ...]:
        chosen: list[str] = []
        for one in node.outgoing:
            if one == node.default:
                continue
            if _holds(net, node, net.flows[one], values):
                chosen.append(one)
                if node.kind == "exclusive":
                    break
        if not chosen and node.default:
            return ((node.default,),)
        if not chosen and node.outgoing:
            raise Stuck(node, None, None)
        return (tuple(chosen),)

    return choose


def _holds(net: Net, node: Node, flow: Flow, values: Mapping[str, object]) -> bool:
    if flow.condition is None:
        return True
    verdict = flow.condition.holds(values)
    if verdict.holds is None:
        raise Stuck(node, flow, verdict)
    return verdict.holds


def any_choice(net: Net) -> Choose:
    """Every way that conditions could decide."""

    def choose(node: Node) -> tuple[tuple[str, ...], ...]:
        if node.kind == "exclusive":
            return tuple((one,) for one in node.outgoing)
        always = tuple(one for one in node.outgoing if net.flows[one].condition is None and one != node.default)
        maybe = [one for one in node.outgoing if net.flows[one].condition is not None][:MAX_WAYS]
        ways = [(*always, *some) for size in range(len(maybe) + 1) for some in combinations(maybe, size)]
        if node.default:
            ways = [way or (node.default,) for way in ways]
        return tuple(way for way in ways if way or not node.outgoing)

    return choose


def begin(net: Net, start: str, values: Mapping[str, object]) -> Settled:
    """From the start to the first wait."""
    return next(settle(net, frozenset(), net.nodes[start].outgoing, choice(net, values)))


def proceed(net: Net, marks: Marks, done: Mark, values: Mapping[str, object]) -> Settled:
    """From a completed task to the next wait."""
    choose = choice(net, values)
    return next(settle(net, marks - {done}, choose(net.nodes[done.node])[0], choose))
