"""Against SpiffWorkflow, test-only, the rest of the subset: inclusive gateways, sub-processes, several instances, events.

Events are signals, each with a name of its own; whoever drives decides when one comes. The same tasks are open at each step.
"""

import io
import random
import re
from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.engine.processes import bpmn, several
from tests.engine.test_process_oracle import Writer
from tests.engine.test_process_whole import Game

from yichuang.engine.bpmn.play import Place, events_at

spiff_parser = pytest.importorskip("SpiffWorkflow.bpmn.parser")


class Whole(Writer):
    """Blocks of the whole subset."""

    def __init__(self) -> None:
        super().__init__(["start s"])
        self.signals: list[str] = []

    def block(self, block: Any, before: str, condition: str = "") -> str:
        head, *parts = block
        write = getattr(self, f"_{head}", None)
        return write(parts, before, condition) if write else super().block(block, before, condition)

    def _flow(self, before: str, to: str, condition: str) -> None:
        self.lines.append(f"{before} {to} {condition}".strip())

    def _or(self, parts: list[Any], before: str, condition: str) -> str:
        fork, merge, last = self.new("f"), self.new("m"), self.new("t")
        ends = [self.block(part, fork, f"pick > {index}") for index, part in enumerate(parts)]
        self.lines += [f'or {fork} default="{fork}_{last}"', f"or {merge}", f"task {last}", f"{fork} {last}"]
        self._flow(before, fork, condition)
        self.lines += [f"{end} {merge}" for end in (*ends, last)]
        return merge

    def _sub(self, parts: list[Any], before: str, condition: str, marker: str = "") -> str:
        name, start, end = self.new("u"), self.new("s"), self.new("e")
        self._flow(before, name, condition)
        self.lines += [f'<bpmn:subProcess id="{name}">{marker}', f"start {start}"]
        self.lines += [f"{self.block(parts[0], start)} {end}", f"end {end}", "</bpmn:subProcess>"]
        return name

    def _many(self, parts: list[Any], before: str, condition: str) -> str:
        sequential = ' isSequential="true"' if parts[1] else ""
        return self._sub(
            parts, before, condition, several(sequential, "<bpmn:loopCardinality>n</bpmn:loopCardinality>")
        )

    def _signal(self, tag: str, more: str = "") -> str:
        one = self.new("w")
        self.signals.append(one)
        definition = f'<bpmn:signalEventDefinition signalRef="sig_{one}"/>'
        self.lines.append(f'<bpmn:{tag} id="{one}"{more}>{definition}</bpmn:{tag}>')
        return one

    def _catch(self, parts: list[Any], before: str, condition: str) -> str:
        one = self._signal("intermediateCatchEvent")
        self._flow(before, one, condition)
        return one

    def _first(self, parts: list[Any], before: str, condition: str) -> str:
        gate, merge = self.new("g"), self.new("m")
        self.lines += [f"event {gate}", f"xor {merge}"]
        self._flow(before, gate, condition)
        for part in parts:
            one = self._signal("intermediateCatchEvent")
            self.lines += [f"{gate} {one}", f"{self.block(part, one)} {merge}"]
        return merge

    def _taken(self, parts: list[Any], before: str, condition: str) -> str:
        """A boundary event that interrupts; both ways meet."""
        activity = self.block(parts[0], before, condition)
        one = self._signal("boundaryEvent", f' attachedToRef="{activity}"')
        merge = self.new("m")
        self.lines += [f"xor {merge}", f"{activity} {merge}", f"{self.block(parts[1], one)} {merge}"]
        return merge

    def _beside(self, parts: list[Any], before: str, condition: str) -> str:
        """A boundary event that interrupts nothing; its way ends by itself."""
        activity = self.block(parts[0], before, condition)
        one = self._signal("boundaryEvent", f' attachedToRef="{activity}" cancelActivity="false"')
        end = self.new("e")
        self.lines += [f"end {end}", f"{self.block(parts[1], one)} {end}"]
        return activity

    def xml(self, end: str) -> bytes:
        top = "".join(f'<bpmn:signal id="sig_{one}" name="{one}"/>' for one in self.signals)
        return bpmn(*self.lines, "end e", f"{end} e", top=top)


task = st.just(("task",))
activity = st.one_of(
    task, st.tuples(st.just("sub"), task), st.tuples(st.just("sub"), st.tuples(st.just("seq"), task, task))
)
blocks = st.recursive(
    task,
    lambda inner: st.one_of(
        st.tuples(st.just("seq"), inner, inner),
        st.tuples(st.just("and"), inner, inner),
        st.tuples(st.just("xor"), inner, inner),
        st.tuples(st.just("or"), inner, inner),
        st.tuples(st.just("sub"), inner),
        st.tuples(st.just("many"), inner, st.booleans()),
        st.tuples(st.just("catch")),
        st.tuples(st.just("first"), inner, inner),
        st.tuples(st.just("taken"), activity, inner),
        st.tuples(st.just("beside"), activity, task),
    ),
    max_leaves=6,
)


class Oracle:
    """The same XML in SpiffWorkflow; FEEL's `=` is written `==` for it, nothing else differs."""

    def __init__(self, xml: bytes, **data: int) -> None:
        from SpiffWorkflow.bpmn.parser import BpmnParser
        from SpiffWorkflow.bpmn.workflow import BpmnWorkflow

        parser = BpmnParser()
        parser.add_bpmn_xml(etree.parse(io.BytesIO(xml.replace(b"pick =", b"pick =="))), filename="p.bpmn")
        self.workflow = BpmnWorkflow(parser.get_spec("p"), parser.get_subprocess_specs("p"))
        self.data = data
        self.run()

    broken = False

    def run(self) -> None:
        """It cannot always: several instances behind an event gateway make it raise."""
        from SpiffWorkflow.exceptions import WorkflowException

        try:
            self._run()
        except WorkflowException as error:
            if "non-predicted child" not in str(error):
                raise
            self.broken = True

    def _run(self) -> None:
        for _ in range(2):  # what a signal made ready runs too
            self.workflow.data.update(self.data)
            for one in self.workflow.get_tasks():  # its data belong to branches, ours to the process
                one.data.update(self.data)
            self.workflow.do_engine_steps()

    @property
    def open(self) -> list[Any]:
        from SpiffWorkflow import TaskState

        return [one for one in self.workflow.get_tasks(state=TaskState.READY) if one.task_spec.manual]

    def do(self, name: str) -> None:
        """The task of that way of ours ("u1:2/u4:1/t7"): of the second instance outside, the first inside."""
        *_, node = name.split("/")
        which = [int(one) - 1 for one in re.findall(r":(\d+)", name)]
        for one in self.workflow.get_tasks():
            one.data.update(self.data)
        next(one for one in self.open if one.task_spec.bpmn_id == node and self.instances(one) == which).run()
        self.run()

    def instances(self, task: Any) -> list[int]:
        """Which of several each scope around it is, the outermost first."""
        found, inside = [], task.workflow
        while inside is not self.workflow:
            task = self.workflow.get_task_from_id(inside.parent_task_id)
            data = task.internal_data
            if (index := data.get("key_or_index", data.get("item"))) is not None:
                found.insert(0, index)
            inside = task.workflow
        return found

    def come(self, signal: str) -> None:
        from SpiffWorkflow.bpmn import BpmnEvent
        from SpiffWorkflow.bpmn.specs.event_definitions import SignalEventDefinition

        self.workflow.catch(BpmnEvent(SignalEventDefinition(signal)))
        self.run()


def names(game: Game) -> Counter[str]:
    return Counter(one.rpartition("/")[2] for one in game.open if one.rpartition("/")[2].startswith("t"))


def heard(game: Game, signal: str) -> list[Place]:
    found = [Place(scope, mark) for scope, marks in game.marking.items() for mark in marks]
    return [place for place in found if signal in events_at(game.model, place) and game.play.hears(place, signal)]


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(blocks, st.randoms(use_true_random=False))
@example(("many", ("many", ("task",), True), False), random.Random(4))
def test_the_same_tasks_are_open_at_each_step(block: Any, dice: random.Random) -> None:
    writer = Whole()
    xml = writer.xml(writer.block(block, "s"))
    pick, n = dice.choice([0, 1, 2]), 2
    game, oracle = Game(xml, pick=pick, n=n), Oracle(xml, pick=pick, n=n)
    came = set[str]()
    for _ in range(40):
        assume(not oracle.broken)
        assert names(game) == Counter(one.task_spec.bpmn_id for one in oracle.open), xml.decode()
        # each event comes once, and only where one alone hears it: more than that the oracle does in ways of its own
        events = [one for one in writer.signals if one not in came and len(heard(game, one)) == 1]
        tasks = sorted(one for one in game.open if one.rpartition("/")[2].startswith("t"))
        if not events and not tasks:
            break
        if events and (not tasks or dice.random() < 0.4):
            signal = dice.choice(events)
            came.add(signal)
            game.come(signal)
            oracle.come(signal)
            continue
        name = dice.choice(tasks)
        game.do(name)
        oracle.do(name)
    if game.play.finished:
        assert oracle.workflow.is_completed()
