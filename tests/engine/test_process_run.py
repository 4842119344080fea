"""The interpreter alone: tokens, choices, loops, joins."""

from dataclasses import replace

import pytest
from tests.engine.processes import CHOICE, LOOP, TWO_DEPARTMENTS, bpmn

from yichuang.core.words import Words
from yichuang.engine.bpmn.graph import Flow, Net, Node, Trigger
from yichuang.engine.bpmn.run import Mark, Settled, Stuck, any_choice, begin, proceed, settle
from yichuang.engine.feel.expression import compile_expression
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


NONE = Words("", "")


def net_of(kinds: dict[str, str], *flows: str, default: str = "") -> Net:
    """Nodes by id and kind; flows `from to`, with `?` behind where there is a condition. The first node has the default."""
    parts = [flow.split(" ") for flow in flows]
    found = {
        f"{one}_{to.rstrip('?')}": Flow(
            f"{one}_{to.rstrip('?')}",
            one,
            to.rstrip("?"),
            NONE,
            compile_expression("true") if to[-1] == "?" else None,
            1,
        )
        for one, to in parts
    }
    nodes = {
        id: Node(
            id, kind, NONE, 1, default=default if id == next(iter(kinds)) else "",  # type: ignore[arg-type]  # a kind is a literal
            incoming=tuple(f.id for f in found.values() if f.target == id),
            outgoing=tuple(f.id for f in found.values() if f.source == id),
        )
        for id, kind in kinds.items()
    }  # fmt: skip
    return Net(nodes, found)


ENDS = {"a": "end", "b": "end", "c": "end"}


@pytest.mark.parametrize(
    ("kind", "flows", "default", "ways"),
    [
        ("exclusive", ("g a?", "g b"), "g_b", {("g_a",), ("g_b",)}),
        ("inclusive", ("g a?", "g b?", "g c"), "g_c", {("g_c",), ("g_a",), ("g_b",), ("g_a", "g_b")}),
        ("inclusive", ("g a?", "g b?"), "", {("g_a",), ("g_b",), ("g_a", "g_b")}),
        ("task", ("g a", "g b?"), "", {("g_a",), ("g_a", "g_b")}),
        ("task", ("g a", "g b"), "", {("g_a", "g_b")}),
        ("task", (), "", {()}),
    ],
)
def test_the_checker_walks_every_way_that_conditions_could_decide(
    kind: str, flows: tuple[str, ...], default: str, ways: set[tuple[str, ...]]
) -> None:
    net = net_of({"g": kind, **ENDS}, *flows, default=default)
    found = any_choice(net)(net.nodes["g"])
    assert set(found) == ways
    assert len(found) == len(ways)


def test_of_many_conditions_the_checker_walks_the_combinations_of_eight() -> None:
    many = {f"e{n}": "end" for n in range(10)}
    net = net_of({"g": "inclusive", **many}, *(f"g e{n}?" for n in range(9)), "g e9", default="g_e9")
    assert len(any_choice(net)(net.nodes["g"])) == 2**8


# x may go to a or b, and so come on either flow of the inclusive join j
OR = net_of(
    {"x": "task", "g": "exclusive", "a": "task", "b": "task", "j": "inclusive", "e": "end"},
    "x g", "g a", "g b", "a j", "b j", "j e",
)  # fmt: skip


@pytest.mark.parametrize(
    ("others", "goes"),
    [
        ((), True),
        ((Mark("b", "g_b"),), False),  # it can only come on the flow that is still empty
        ((Mark("a", "g_a"),), True),  # it can only come where one has come already
        ((Mark("x", ""),), True),  # it could come on both
        ((Mark("b", "g_b"), Mark("x", "")), False),
    ],
)
def test_an_inclusive_join_waits_only_for_who_can_come_on_an_empty_flow_alone(
    others: tuple[Mark, ...], goes: bool
) -> None:
    marks = frozenset({Mark("j", "a_j"), *others})
    (settled,) = settle(OR, marks, (), any_choice(OR))
    assert settled.marks == (frozenset(others) if goes else marks)
    assert settled.ended == (("e",) if goes else ())


@pytest.mark.parametrize(
    ("trigger", "thrown", "error", "left"),
    [
        (None, (), None, {"t"}),
        (Trigger("signal", "放假"), ("放假",), None, {"t"}),
        (Trigger("terminate"), (), None, set()),
        (Trigger("error", "E1"), (), "E1", set()),
        (Trigger("message", "m"), (), None, {"t"}),
    ],
)
def test_ends(trigger: Trigger | None, thrown: tuple[str, ...], error: str | None, left: set[str]) -> None:
    net = net_of({"s": "start", "e": "end", "t": "task"}, "s e", "s t")
    nodes = {**net.nodes, "e": replace(net.nodes["e"], trigger=trigger)}
    (settled,) = settle(Net(nodes, net.flows), frozenset(), ("s_t", "s_e"), any_choice(net))
    assert (settled.thrown, settled.error, {mark.node for mark in settled.marks}) == (thrown, error, left)
    assert settled.ended == ("e",)
    assert len(settled.opened) == len(left)


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
