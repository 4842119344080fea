"""The interpreter of a whole process: scopes (作用域) within scopes, several instances, events. Pure.

A scope is named by the way to it: "" is the process, "/review" the sub-process `review` in it, "/review:2" the second of
several. Each holds its own tokens; the activity that a scope belongs to waits in the scope outside it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, NamedTuple

from yichuang.engine.bpmn.graph import Node, ProcessModel, Several, reachable
from yichuang.engine.bpmn.run import Mark, Marks, Stuck, choice, settle
from yichuang.engine.feel.budget import OutOfSteps, toil

MAX_INSTANCES: Final = 100
"""Of a multi-instance activity."""
MAX_MOVES: Final = 5_000
"""Of tokens in one act: several of several, of several, would be a million."""
MOVE: Final = 20
"""Steps of the shared budget that a move counts for."""
AGREE: Final = "agree"
DISAGREE: Final = "disagree"


class Place(NamedTuple):
    """A token that waits, and the scope it waits in."""

    scope: str
    mark: Mark


Marking = dict[str, Marks]


@dataclass
class Memory:
    """What conditions may read. `local`: by scope, what only that scope sees, and how far several instances are."""

    variables: dict[str, Any]
    outcomes: dict[str, str]
    local: dict[str, dict[str, Any]] = field(default_factory=dict)

    def values(self, scope: str) -> dict[str, object]:
        """The variables and outcomes as seen from a scope: the inner ones cover the outer ones."""
        if not self.local:
            return {**self.variables, "outcomes": self.outcomes}
        values, outcomes = dict[str, object](self.variables), dict(self.outcomes)
        for path in _prefixes(scope):
            own = self.local.get(path, {})
            values.update(own.get("values", {}))
            outcomes.update(own.get("outcomes", {}))
        return {**values, "outcomes": outcomes}

    def learn(self, scope: str, node: str, said: str | None, values: Mapping[str, Any]) -> None:
        """What a step said and found out, for the process and for the instances (of several) that it stands in."""
        self.variables.update(values)
        if said is not None:
            self.outcomes[node] = said
        for path in _prefixes(scope):
            own = self.local.get(path)
            if own is not None:
                own["values"] = {**own.get("values", {}), **values}
                if said is not None:
                    own["outcomes"] = {**own.get("outcomes", {}), node: said}


def _prefixes(scope: str) -> Iterator[str]:
    path = ""
    for part in scope.split("/")[1:]:
        path = f"{path}/{part}"
        yield path


def outer(scope: str) -> tuple[str, str, int]:
    """(the scope outside, the activity that holds this one, which of several: from 1, or 0)."""
    parent, _, last = scope.rpartition("/")
    node, _, index = last.partition(":")
    return parent, node, int(index or 0)


class BadCount(Exception):
    """How many instances there are to be cannot be known, or there are too many."""

    def __init__(self, node: Node) -> None:
        super().__init__(node.id)
        self.node = node


class Play:
    """One run in memory from a marking to the next. `opened` are the places reached on the way that still wait."""

    def __init__(self, model: ProcessModel, marking: Mapping[str, Marks], memory: Memory) -> None:
        self.model = model
        self.net = model.net
        self.marking: Marking = dict(marking)
        self.memory = memory
        self.reached: list[Place] = []
        self.ended: list[str] = []
        self.thrown: list[str] = []
        self.error: str | None = None
        self.moves = 0

    # ── what can happen ───────────────────────────────────────────────────────────────────────────────────────────
    def begin(self) -> None:
        """From the start to the first wait."""
        self._enter_body("", self.model.start)
        self._signals(0)

    def complete(self, place: Place, said: str | None = None, values: Mapping[str, Any] | None = None) -> None:
        """A step is done, or what was waited for has come."""
        self.memory.learn(place.scope, place.mark.node, said, values or {})
        self._done(place, said)
        self._signals(0)

    def fire(self, place: Place, event: str, values: Mapping[str, Any] | None = None) -> bool:
        """An event comes: a boundary event of the activity at the place, or one behind the event gateway there.

        False, and nothing happens, when what an earlier one began (not interrupting) still goes on.
        """
        node = self.net.nodes[event]
        if not self.hears(place, event):
            return False
        self.memory.learn(place.scope, event, None, values or {})
        if event == place.mark.node:
            self._done(place)
        else:
            self._fire(place, node)
        self._signals(0)
        return True

    def hears(self, place: Place, event: str) -> bool:
        """Whether an event can be taken now."""
        node = self.net.nodes[event]
        if node.interrupting:  # as all do that stand on no boundary
            return True
        ahead = reachable(self.net.nodes, self.net.flows, (event,)).keys() - {event, place.mark.node}
        return not any(mark.node in ahead for mark in self.marking[place.scope])

    def fail(self, place: Place, code: str) -> bool:
        """A step ends with an error. False, and nothing happens, when no boundary event catches it."""
        caught = self._catcher(place.scope, place.mark.node, code)
        if caught is None:
            return False
        self._fire(*caught)
        self._signals(0)
        return True

    def put_back(self, scope: str, marks: Marks, node: str) -> None:
        """退回: the tokens of a scope stand so, and `node` is begun again (`back.way_back`)."""
        for mark in self.marking[scope] - marks:
            self._drop(f"{scope}/{mark.node}")
        self.marking[scope] = marks
        mark = next(one for one in marks if one.node == node)
        self.reached.append(Place(scope, mark))
        self._enter(scope, mark)

    @property
    def finished(self) -> bool:
        return not any(self.marking.values())

    @property
    def opened(self) -> list[Place]:
        return [place for place in self.reached if place.mark in self.marking.get(place.scope, ())]

    # ── tokens ────────────────────────────────────────────────────────────────────────────────────────────────────
    def _done(self, place: Place, said: str | None = None) -> None:
        """The step at a place is done; of several it is one more, which ends with its scope."""
        if is_instance(place):
            self._count(place.scope, said)
            self.marking[place.scope] = frozenset()
            self._leave(place.scope)
        else:
            self._pass(place)

    def _pass(self, place: Place) -> None:
        scope, mark = place
        node = self.net.nodes[mark.node]
        if node.ends:
            self.ended.append(node.id)
        self._advance(scope, self.marking[scope] - {mark}, self._exits(scope, node))

    def _exits(self, scope: str, node: Node) -> tuple[str, ...]:
        return choice(self.net, self.memory.values(scope))(node)[0]

    def _fire(self, place: Place, event: Node) -> None:
        scope, mark = place
        marks = self.marking[scope]
        if event.interrupting:
            marks = marks - {mark}
        self._advance(scope, marks, self._exits(scope, event))

    def _advance(self, scope: str, marks: Marks, ready: tuple[str, ...]) -> None:
        """Tokens run in a scope until all wait; what that opens, and what it ends, follows. Raises `OutOfSteps`."""
        self._move()
        before = self.marking.get(scope, frozenset())
        step = next(settle(self.net, marks, ready, choice(self.net, self.memory.values(scope))))
        for mark in before - (step.marks - frozenset(step.opened)):
            self._drop(f"{scope}/{mark.node}")
        self.marking[scope] = step.marks
        self.ended.extend(step.ended)
        self.thrown.extend(step.thrown)
        if step.error is not None:
            self._error(scope, step.error)
            return
        for mark in step.opened:
            self.reached.append(Place(scope, mark))
            if mark in self.marking.get(scope, ()):  # an inner error may have ended it
                self._enter(scope, mark)
        if scope and scope in self.marking and not self.marking[scope]:
            self._leave(scope)

    def _move(self) -> None:
        self.moves += 1
        if self.moves > MAX_MOVES:
            raise OutOfSteps
        toil(MOVE)

    def _drop(self, path: str) -> None:
        """The scopes of an activity are gone, with all in them."""
        gone = [one for one in self.marking if one == path or one.startswith((f"{path}/", f"{path}:"))]
        for one in gone:
            del self.marking[one]
        if self.memory.local:
            for one in [key for key in self.memory.local if key == path or key.startswith((f"{path}/", f"{path}:"))]:
                del self.memory.local[one]

    # ── scopes ────────────────────────────────────────────────────────────────────────────────────────────────────
    def _enter(self, scope: str, mark: Mark) -> None:
        node = self.net.nodes[mark.node]
        if node.several is not None:
            self._enter_several(scope, mark, node)
        elif node.kind == "sub":
            self._enter_body(f"{scope}/{node.id}", self.model.starts[node.body])

    def _enter_body(self, scope: str, start: str) -> None:
        self.marking[scope] = frozenset()
        self._advance(scope, frozenset(), self._exits(scope, self.net.nodes[start]))

    def _enter_several(self, scope: str, mark: Mark, node: Node) -> None:
        several = node.several
        assert several is not None
        items = self._items(scope, node, several)
        path = f"{scope}/{node.id}"
        self.memory.local[path] = {"items": items, "done": 0, "agreed": 0}
        if not items:
            self.memory.local.pop(path)
            self._pass(Place(scope, mark))
            return
        for index in range(1, 2 if several.sequential else len(items) + 1):
            if path in self.memory.local:  # the first ones may have finished it
                self._start_one(scope, mark, node, index)

    def _items(self, scope: str, node: Node, several: Several) -> list[Any]:
        """One entry for each instance: what it is for. Raises `BadCount`."""
        values = self.memory.values(scope)
        if several.posts:
            return list(several.posts)
        if several.items is not None:
            found = several.items.evaluate(values)
            if not isinstance(found, tuple) or len(found) > MAX_INSTANCES:
                raise BadCount(node)
            return [_plain(one) for one in found]
        count = several.count.evaluate(values) if several.count else None
        try:
            number = int(str(count))
        except ValueError:
            raise BadCount(node) from None
        if not 0 <= number <= MAX_INSTANCES:
            raise BadCount(node)
        return list(range(1, number + 1))

    def _start_one(self, scope: str, mark: Mark, node: Node, index: int) -> None:
        path = f"{scope}/{node.id}"
        state = self.memory.local[path]
        state["next"] = index + 1
        child = f"{path}:{index}"
        assert node.several is not None
        item = node.several.item
        self.memory.local[child] = {"values": {"loopCounter": index, item: state["items"][index - 1]}}
        if node.kind == "sub":
            self._enter_body(child, self.model.starts[node.body])
        else:
            self._move()
            self.marking[child] = frozenset({mark})
            self.reached.append(Place(child, mark))

    def _count(self, scope: str, said: str | None) -> None:
        parent, node, _ = outer(scope)
        state = self.memory.local[f"{parent}/{node}"]
        state["agreed"] += said == AGREE

    def _leave(self, scope: str) -> None:
        """The last token of a scope is gone: the activity that held it is done, or one more of several is."""
        parent, name, index = outer(scope)
        del self.marking[scope]
        mark = next(one for one in self.marking[parent] if one.node == name)
        if not index:
            self._pass(Place(parent, mark))
            return
        self.memory.local.pop(scope, None)
        node, path = self.net.nodes[name], f"{parent}/{name}"
        several, state = node.several, self.memory.local[path]
        assert several is not None
        state["done"] += 1
        if not self._over(parent, node, several, state):
            if several.sequential:
                self._start_one(parent, mark, node, state["next"])
            return
        if several.need:
            said = AGREE if state["agreed"] >= several.need else DISAGREE
            self.memory.learn(parent, name, said, {})
        self._drop(path)
        self._pass(Place(parent, mark))

    def _over(self, scope: str, node: Node, several: Several, state: Mapping[str, Any]) -> bool:
        total = len(state["items"])
        left = total - state["done"]
        if not left:
            return True
        if several.need and several.need < total:
            return bool(state["agreed"] >= several.need or state["agreed"] + left < several.need)
        if several.until is None:
            return False
        values = {
            **self.memory.values(scope),
            "nrOfInstances": total,
            "nrOfCompletedInstances": state["done"],
            "nrOfActiveInstances": 1 if several.sequential else left,
            "nrOfAgreed": state["agreed"],
        }
        verdict = several.until.holds(values)
        if verdict.holds is None:
            raise Stuck(node, None, verdict)
        return verdict.holds

    # ── errors and signals ────────────────────────────────────────────────────────────────────────────────────────
    def _error(self, scope: str, code: str) -> None:
        """An error end: the nearest activity outside that catches it goes on there, else the whole process ends."""
        caught = self._catcher(*outer(scope)[:2], code) if scope else None
        if caught is not None:
            self._fire(*caught)
            return
        self.marking = {"": frozenset()}
        self.memory.local.clear()
        self.error = code

    def _catcher(self, scope: str, name: str, code: str) -> tuple[Place, Node] | None:
        while True:
            if is_instance(Place(scope, Mark(name, ""))):  # of several: the boundary is outside
                scope = outer(scope)[0]
            node = self.net.nodes[name]
            for one in (self.net.nodes[each] for each in node.boundaries):
                if one.trigger and one.trigger.kind == "error" and one.trigger.name in {"", code}:
                    mark = next(mark for mark in self.marking[scope] if mark.node == name)
                    return Place(scope, mark), one
            if not scope:
                return None
            scope, name, _ = outer(scope)

    def _signals(self, heard: int) -> None:
        """What was thrown reaches who waits for it in this very process. `heard`: so many have been told already."""
        while heard < len(self.thrown) and heard < MAX_INSTANCES:
            name = self.thrown[heard]
            heard += 1
            for place, event in list(self.listening("signal", name)):
                if place.mark in self.marking.get(place.scope, ()) and self.hears(place, event):
                    if event == place.mark.node:
                        self._pass(place)
                    else:
                        self._fire(place, self.net.nodes[event])

    def listening(self, kind: str, name: str) -> Iterator[tuple[Place, str]]:
        """Who waits for a message or signal: the place, and the event there."""
        for scope in sorted(self.marking):
            for mark in sorted(self.marking[scope], key=lambda mark: (mark.node, mark.flow)):
                for event in events_at(self.model, Place(scope, mark)):
                    trigger = self.net.nodes[event].trigger
                    if trigger and (trigger.kind, trigger.name) == (kind, name):
                        yield Place(scope, mark), event


def events_at(model: ProcessModel, place: Place) -> tuple[str, ...]:
    """The events that a token waits for: its own, those behind its event gateway, those on its activity's boundary."""
    node = model.nodes[place.mark.node]
    if node.kind in {"catch", "receive"} and not node.several:
        return (node.id, *node.boundaries)
    if node.kind == "event":
        return tuple(model.flows[flow].target for flow in node.outgoing)
    if is_instance(place):
        return (node.id,) if node.kind == "receive" else ()  # one of several: the boundary belongs to all of them
    return node.boundaries


def is_instance(place: Place) -> bool:
    """Whether the token is one of several instances of its step, in a scope of its own."""
    return outer(place.scope)[1] == place.mark.node


def is_held(model: ProcessModel, place: Place) -> bool:
    """Whether the token only stands for what runs inside its activity."""
    node = model.nodes[place.mark.node]
    if node.several is not None:
        return not is_instance(place)
    return node.kind == "sub"


def places(marking: Mapping[str, Marks]) -> frozenset[Place]:
    """All tokens of a marking."""
    return frozenset(Place(scope, mark) for scope, marks in marking.items() for mark in marks)


def _plain(value: object) -> Any:
    """A value of FEEL as JSON keeps it."""
    match value:
        case tuple():
            return [_plain(one) for one in value]
        case None | bool() | str() | dict():
            return value
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
    return str(value)
