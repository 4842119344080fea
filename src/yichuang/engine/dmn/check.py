"""The publishing check of a decision (发布检查): everything that is wrong, at once, each with its place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from yichuang.core.words import Words
from yichuang.engine.dmn.decision import deep
from yichuang.engine.dmn.edge import Outcome, ReadyDecision, ready_with_tables
from yichuang.engine.dmn.gaps import holes
from yichuang.engine.dmn.model import DecisionFaults, Fault
from yichuang.engine.feel.budget import CHECK_STEPS, Budget, one_budget
from yichuang.engine.feel.explain import show
from yichuang.engine.feel.library.same import same

TOO_COSTLY = Words(
    "检查这张表的计算量超过了上限（一次检查共 {steps} 步，含所有格子、结果和示例）：请简化循环和长列表",
    "Checking this table costs more than {steps} steps in all, its cells, results and examples together: simplify loops and "
    "long lists",
).format(steps=CHECK_STEPS)


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
    """Read, type and walk the decision, and try its examples. Never raises for what the file holds.

    All of it together costs no more than `one_budget` has: what asks for more is a fault (TOO_COSTLY).
    """
    with one_budget() as budget:
        try:
            decision, tables = ready_with_tables(xml, name)
        except DecisionFaults as error:
            return Report((*too_costly(budget, name), *error.faults), None)
        faults = [fault for table in tables for fault in holes(table)]
        faults.extend(fault for example in examples if (fault := _red(decision, example, at)) is not None)
        faults.extend(too_costly(budget, name))
    stops = any(not fault.warns for fault in faults)
    return Report(tuple(faults), None if stops else decision)


def too_costly(budget: Budget, name: str) -> tuple[Fault, ...]:
    """The fault of a check that asked for more than there was: whatever else it says may come of that."""
    return (Fault(1, name, TOO_COSTLY, "TOO_COSTLY"),) if budget.over else ()


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
