"""Against SpiffWorkflow, test-only: ends that terminate, errors and who catches them, messages, and timers by a clock.

The clock stands still until whoever drives moves it to the next moment that somebody waits for. What SpiffWorkflow does in ways
of its own is left out: an error that only a sub-process further outside catches (it looks at the nearest alone; ours goes
outwards, see test_process_whole), an event that catches any error beside others (there it hears those of its neighbours), two timers behind one event gateway (the first one's moment counts for both), timers and messages inside several instances (one alone is to hear an event), working days
and moments that are worked out (its expressions are Python), error ends of the process itself (it goes on).
"""

import random
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, event, example, given, settings
from hypothesis import strategies as st
from tests.engine.processes import bpmn
from tests.engine.test_process_oracle_whole import Oracle, Whole, heard, names
from tests.engine.test_process_whole import Game

spiff = pytest.importorskip("SpiffWorkflow.bpmn.specs.event_definitions.timer")
ANY = 'yc:any="any"'  # a mark: this event catches any error, where there is only one
BEGUN = datetime(2030, 1, 1, tzinfo=UTC)


class Ends(Whole):
    """Blocks with every kind of event, and sub-processes that end early."""

    def __init__(self) -> None:
        super().__init__()
        self.kinds: dict[str, str] = {}
        self.errors: list[str] = []
        self.inside = 0  # of several
        self.gates: list[bool] = []  # of event gateways, whether one has its timer

    def _signal(self, tag: str, more: str = "") -> str:
        one = self.new("w")
        kind = "signal" if self.inside else ("timer", "message", "signal")[len(self.kinds) % 3]
        if kind == "timer" and self.gates:
            kind, self.gates[-1] = ("message" if self.gates[-1] else "timer"), True
        self.kinds[one] = kind
        self.signals.append(one)
        definition = (
            f"<bpmn:timerEventDefinition><bpmn:timeDate>{self.moment(one):%Y-%m-%dT%H:%M:%SZ}</bpmn:timeDate></bpmn:timerEventDefinition>"
            if kind == "timer"
            else f'<bpmn:{kind}EventDefinition {kind}Ref="sig_{one}"/>'
        )
        self.lines.append(f'<bpmn:{tag} id="{one}"{more}>{definition}</bpmn:{tag}>')
        return one

    def moment(self, one: str) -> datetime:
        """When a timer is due: of two, the one that was written later may come first."""
        return BEGUN + timedelta(days=1 + int(one[1:]) * 37 % 101, hours=int(one[1:]))

    def _many(self, parts: list[Any], before: str, condition: str) -> str:
        self.inside += 1
        try:
            return super()._many(parts, before, condition)
        finally:
            self.inside -= 1

    def _first(self, parts: list[Any], before: str, condition: str) -> str:
        self.gates.append(False)
        try:
            return super()._first(parts, before, condition)
        finally:
            self.gates.pop()

    def _early(self, before: str, condition: str, parts: list[Any], last: str) -> str:
        """A sub-process of two ways at once: one ends at once what the other still does."""
        name, start, fork, end, early = self.new("u"), self.new("s"), self.new("f"), self.new("e"), self.new("e")
        self._flow(before, name, condition)
        self.lines += [f'<bpmn:subProcess id="{name}">', f"start {start}", f"and {fork}", f"{start} {fork}"]
        self.lines += [f"{self.block(parts[0], fork)} {end}", f"end {end}"]
        self.lines += [f"{self.block(('task',), fork)} {early}"]
        self.lines += [f'<bpmn:endEvent id="{early}">{last}</bpmn:endEvent>', "</bpmn:subProcess>"]
        return name

    def _stopped(self, parts: list[Any], before: str, condition: str) -> str:
        return self._early(before, condition, parts, "<bpmn:terminateEventDefinition/>")

    def _failed(self, parts: list[Any], before: str, condition: str) -> str:
        """An error end, and a boundary event that catches it; both ways meet."""
        code, own = self.new("x"), self.new("b")
        self.errors.append(code)
        name = self._early(before, condition, parts, f'<bpmn:errorEventDefinition errorRef="err_{code}"/>')
        reference = f' errorRef="err_{code}" {ANY}' if parts[2] else f' errorRef="err_{code}"'
        self.lines.append(
            f'<bpmn:boundaryEvent id="{own}" attachedToRef="{name}"><bpmn:errorEventDefinition{reference}/></bpmn:boundaryEvent>'
        )
        merge = self.new("m")
        self.lines += [f"xor {merge}", f"{name} {merge}", f"{self.block(parts[1], own)} {merge}"]
        return merge

    def xml(self, end: str) -> bytes:
        top = "".join(
            f'<bpmn:{self.kinds[one]} id="sig_{one}" name="{one}"/>'
            for one in self.signals
            if self.kinds[one] != "timer"
        )
        top += "".join(f'<bpmn:error id="err_{one}" name="{one}" errorCode="{one}"/>' for one in self.errors)
        xml = bpmn(*self.lines, "end e", f"{end} e", top=top).decode()
        alone = f' errorRef="err_{self.errors[0]}" {ANY}' if len(self.errors) == 1 else f" {ANY}"
        return xml.replace(alone, "").replace(f" {ANY}", "").encode()


class Clock(datetime):
    """What SpiffWorkflow takes for now."""

    at = BEGUN

    @classmethod
    def now(cls, tz: Any = None) -> datetime:
        return cls.at


class Driven(Oracle):
    """SpiffWorkflow with messages and a clock of ours; a moment is a text of Python there."""

    def __init__(self, writer: Ends, xml: bytes, **data: int) -> None:
        self.writer = writer
        super().__init__(re.sub(rb"timeDate>([^<]+)<", rb'timeDate>"\1"<', xml), **data)

    def come(self, signal: str) -> None:
        from SpiffWorkflow.bpmn import BpmnEvent
        from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition

        if self.writer.kinds[signal] == "message":
            self.workflow.catch(BpmnEvent(MessageEventDefinition(signal), payload={}))
            self.run()
        elif self.writer.kinds[signal] == "signal":
            super().come(signal)
        else:
            self.workflow.refresh_timers()
            self.run()


task = st.just(("task",))
activity = st.one_of(task, st.tuples(st.just("sub"), task), st.tuples(st.just("stopped"), task))
blocks = st.recursive(
    task,
    lambda inner: st.one_of(
        st.tuples(st.just("seq"), inner, inner),
        st.tuples(st.just("and"), inner, inner),
        st.tuples(st.just("xor"), inner, inner),
        st.tuples(st.just("sub"), inner),
        st.tuples(st.just("many"), inner, st.booleans()),
        st.tuples(st.just("catch")),
        st.tuples(st.just("first"), inner, inner),
        st.tuples(st.just("taken"), activity, inner),
        st.tuples(st.just("beside"), activity, task),
        st.tuples(st.just("stopped"), inner),
        st.tuples(st.just("failed"), inner, inner, st.booleans()),
    ),
    max_leaves=6,
)


def due(writer: Ends, game: Game, came: set[str]) -> list[str]:
    """The timers that somebody waits for and whose moment has come."""
    return [
        one
        for one, kind in writer.kinds.items()
        if kind == "timer" and one not in came and writer.moment(one) < Clock.at and heard(game, one)
    ]


def now_due(writer: Ends, game: Game, came: set[str]) -> None:
    """What is due when it is reached comes at once; of two at one moment nobody says which goes first."""
    while timers := due(writer, game, came):
        assume(len(timers) == 1)
        came.update(timers)
        game.come(timers[0])


# the same processes each time: what else SpiffWorkflow may do in ways of its own is not to stop a build by chance
@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(blocks, st.randoms(use_true_random=False))
@example(("failed", ("task",), ("task",), False), random.Random(1))
@example(("stopped", ("seq", ("task",), ("task",))), random.Random(2))
@example(("taken", ("stopped", ("task",)), ("task",)), random.Random(3))
def test_the_same_tasks_are_open_at_each_step(block: Any, dice: random.Random) -> None:
    Clock.at = BEGUN
    spiff.datetime = Clock  # type: ignore[attr-defined]  # its own name for the class
    try:
        played(block, dice)
    finally:
        spiff.datetime = datetime  # type: ignore[attr-defined]  # its own name for the class


def played(block: Any, dice: random.Random) -> None:
    writer = Ends()
    xml = writer.xml(writer.block(block, "s"))
    pick, n = dice.choice([0, 1, 2]), 2
    game, oracle = Game(xml, pick=pick, n=n), Driven(writer, xml, pick=pick, n=n)
    came = set[str]()
    for _ in range(40):
        assume(not oracle.broken)
        assert names(game) == Counter(one.task_spec.bpmn_id for one in oracle.open), xml.decode()
        events = [one for one in writer.signals if one not in came and len(heard(game, one)) == 1]
        timers = [one for one in events if writer.kinds[one] == "timer"]
        first = min(timers, key=writer.moment, default=None)  # of timers the next alone
        events = [one for one in events if writer.kinds[one] != "timer" or one == first]
        tasks = sorted(one for one in game.open if one.rpartition("/")[2].startswith("t"))
        if not events and not tasks:
            break
        if events and (not tasks or dice.random() < 0.4):
            one = dice.choice(events)
            event(f"a {writer.kinds[one]} came")
            if one == first:
                Clock.at = writer.moment(one) + timedelta(seconds=1)
            came.add(one)
            game.come(one)
            oracle.come(one)
        else:
            name = dice.choice(tasks)
            game.do(name)
            oracle.do(name)
        now_due(writer, game, came)
        oracle.run()
    if game.play.finished:
        assert oracle.workflow.is_completed()
