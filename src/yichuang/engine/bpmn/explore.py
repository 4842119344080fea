"""Everything in which one scope of a process can wait, whatever its gateways choose and whichever event comes. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from yichuang.engine.bpmn.graph import WAITS, Net, reachable
from yichuang.engine.bpmn.run import Choose, Crowded, Mark, Marks, any_choice, settle


@dataclass
class Explored:
    """`markings`: each one → (the step that is done or the event that comes, what comes then). `endless`: too many."""

    markings: dict[Marks, tuple[tuple[str, Marks], ...]] = field(default_factory=dict)
    crowded: set[str] = field(default_factory=set)
    endless: bool = False


def explore(net: Net, start: str, limit: int) -> Explored:
    """Walk from a start event through everything that can happen; a sub-process is one step here."""
    found, choose = Explored(), any_choice(net)
    todo = list(dict.fromkeys(_settled(found, net, frozenset(), choose(net.nodes[start]), choose)))
    seen = set(todo)
    while todo:
        marks = todo.pop()
        if len(seen) > limit:
            found.endless = True
            return found
        nexts = [
            (who, after)
            for who, left, ways in _moves(net, marks, choose)
            for after in _settled(found, net, left, ways, choose)
        ]
        found.markings[marks] = tuple(nexts)
        new = dict.fromkeys(after for _, after in nexts if after not in seen)
        seen.update(new)
        todo.extend(new)
    return found


def _settled(
    found: Explored, net: Net, marks: Marks, ways: tuple[tuple[str, ...], ...], choose: Choose
) -> Iterator[Marks]:
    for ready in ways:
        try:
            yield from [step.marks for step in settle(net, marks, ready, choose)]
        except Crowded as crowd:
            found.crowded.add(crowd.mark.node)


def _moves(net: Net, marks: Marks, choose: Choose) -> Iterator[tuple[str, Marks, tuple[tuple[str, ...], ...]]]:
    """(who moves, the marks that stay, by which flows it can go on)."""
    for mark in marks:
        node = net.nodes[mark.node]
        if node.kind not in WAITS:
            continue
        if node.kind == "event":
            for flow in node.outgoing:
                event = net.nodes[net.flows[flow].target]
                yield event.id, marks - {mark}, choose(event)
            continue
        yield node.id, marks - {mark}, choose(node)
        for one in node.boundaries:
            event = net.nodes[one]
            if event.interrupting:
                yield one, marks - {mark}, choose(event)
            elif not _goes_on(net, marks, mark, one):
                yield one, marks, choose(event)


def _goes_on(net: Net, marks: Marks, mark: Mark, event: str) -> bool:
    """Whether what an event that interrupts nothing began before still goes on: then it is not heard again."""
    ahead = reachable(net.nodes, net.flows, (event,)).keys() - {event, mark.node}
    return any(other.node in ahead for other in marks)
