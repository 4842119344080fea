"""The interpreter alone: tokens, choices, loops, joins."""

import pytest
from tests.engine.processes import CHOICE, LOOP, TWO_DEPARTMENTS, bpmn

from yichuang.core.words import Words
from yichuang.engine.bpmn.graph import Flow, Net, Node
from yichuang.engine.bpmn.run import Mark, Settled, Stuck, begin, proceed
from yichuang.engine.values import parse_process


class Play:
    """A process played in memory."""

    def __init__(self, xml: bytes, **variables: object) -> None:
        self.model = parse_process(xml)
        self.net = self.model.net
        self.outcomes: dict[str, str] = {}
        self.variables = variables
        self.step: Settled = begin(self.net, self.model.start, {**variables, "outcomes": self.outcomes})

    @property
    def open(self) -> set[str]:
        return {mark.node for mark in self.step.marks if self.model.nodes[mark.node].kind == "task"}

    def do(self, task: str, outcome: str = "agree") -> set[str]:
        (mark,) = (mark for mark in self.step.marks if mark.node == task)
        self.outcomes[task] = outcome
        self.step = proceed(self.net, self.step.marks, mark, {**self.variables, "outcomes": self.outcomes})
        return self.open


def test_departments_work_in_parallel_and_meet() -> None:
    play = Play(TWO_DEPARTMENTS)
    assert play.open == {"a", "b"}
    assert play.do("b") == {"a"}
    assert Mark("join", "b_join") in play.step.marks
    assert play.do("a") == {"d"}
    assert play.do("d") == set()
    assert play.step.finished
    assert play.step.ended == ("e",)


@pytest.mark.parametrize(
    ("outcome", "risk", "then"),
    [("site", 4, {"site"}), ("site", 1, {"d"}), ("agree", None, {"d"}), ("no", None, set())],
)
def test_a_gateway_takes_the_first_way_that_holds_else_its_default(
    outcome: str, risk: int | None, then: set[str]
) -> None:
    play = Play(CHOICE, risk=risk)
    assert play.do("a", outcome) == then


def test_an_unknown_condition_stops_loudly_instead_of_taking_the_default() -> None:
    play = Play(CHOICE)
    with pytest.raises(Stuck) as stuck:
        play.do("a", "site")
    assert stuck.value.node.id == "x"
    assert stuck.value.verdict is not None
    assert stuck.value.verdict.because[0].missing == ("risk",)


def test_loops_come_back_as_often_as_asked() -> None:
    play = Play(LOOP)
    for _ in range(50):
        assert play.do("a", "again") == {"a"}
    assert play.do("a", "done") == set()
    assert play.step.finished


def test_a_join_in_a_loop_waits_for_every_branch_in_each_round() -> None:
    play = Play(
        bpmn(
            "start s", "xor m", "and f", "task a", "task b", "and j", 'xor x default="x_e"', "end e",
            "s m", "m f", "f a", "f b", "a j", "b j", "j x", 'x m outcomes.a = "again"', "x e",
        )
    )  # fmt: skip
    for first, second in ("ab", "ba", "ba", "ab"):
        assert play.open == {"a", "b"}
        assert play.do(first, "again") == {second}
        assert play.do(second, "again") == {"a", "b"}
    play.do("b")
    assert play.do("a", "done") == set()


def test_a_process_without_tasks_ends_at_once() -> None:
    assert Play(bpmn("start s", "end e", "s e")).step.finished


@pytest.mark.parametrize(("moves", "ends"), [(10_000, True), (10_001, False)])
def test_a_way_without_a_task_ends_after_ten_thousand_moves(moves: int, ends: bool) -> None:
    """So a loop of gateways alone is told, and never runs for ever."""
    none = Words("", "")
    nodes = {str(n): Node(str(n), "exclusive", none, 1, outgoing=(str(n + 1),)) for n in range(moves)}
    nodes[str(moves)] = Node(str(moves), "end", none, 1)
    net = Net(nodes, {str(n): Flow(str(n), str(n - 1), str(n), none, None, 1) for n in range(1, moves + 1)})
    if ends:
        assert begin(net, "0", {}).ended == (str(moves),)
    else:
        with pytest.raises(RecursionError):
            begin(net, "0", {})
