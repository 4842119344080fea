"""The publishing check of a decision (发布检查): everything that is wrong, at once, each with its place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from yichuang.core.words import Words
from yichuang.engine.dmn.decision import deep
from yichuang.engine.dmn.edge import Outcome, ReadyDecision, ready_with_tables
from yichuang.engine.dmn.gaps import holes
from yichuang.engine.dmn.model import DecisionFaults, Fault
from yichuang.engine.feel.explain import show
from yichuang.engine.feel.library.same import same


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example (示例): inputs, and the value expected; `expected` None: a person has to decide."""

    name: str
    inputs: Mapping[str, object]
    expected: object


@dataclass(frozen=True, slots=True)
class Report:
    """What the check found. `decision` is there when nothing stands in the way (warnings do not)."""

    faults: tuple[Fault, ...]
    decision: ReadyDecision | None

    @property
    def fine(self) -> bool:
        return self.decision is not None


def check_decision(xml: bytes, name: str, examples: Sequence[Example] = (), *, at: datetime | None = None) -> Report:
    """Read, type and walk the decision, and try its examples. Never raises for what the file holds."""
    try:
        decision, tables = ready_with_tables(xml, name)
    except DecisionFaults as error:
        return Report(error.faults, None)
    faults = [fault for table in tables for fault in holes(table)]
    faults.extend(fault for example in examples if (fault := _red(decision, example, at)) is not None)
    stops = any(not fault.warns for fault in faults)
    return Report(tuple(faults), None if stops else decision)


def _red(decision: ReadyDecision, example: Example, at: datetime | None) -> Fault | None:
    outcome = decision.decide(example.inputs, at=at)
    expected = deep(example.expected)
    if (expected is None and not outcome.decided) or (outcome.decided and same(expected, outcome.value)):
        return None
    want = Words("由人决定", "a person decides") if expected is None else Words(show(expected), show(expected))
    got = _got(outcome)
    words = Words("示例“{n}”应为 {w}，却是 {g}", "Example “{n}”: expected {w}, got {g}").format(
        n=example.name, w=want, g=got
    )
    return Fault(1, decision.name, words, "EXAMPLE")


def _got(outcome: Outcome) -> Words:
    if outcome.decided:
        return Words(show(outcome.value), show(outcome.value))
    return Words(
        f"由人决定（{'；'.join(one.zh for one in outcome.doubts)}）",
        f"a person decides ({'; '.join(one.en for one in outcome.doubts)})",
    )
