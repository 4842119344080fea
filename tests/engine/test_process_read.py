"""Reading a process element by element: what each means, what each may hold, and which fault each mistake is."""

from typing import Any

import pytest
from tests.engine.processes import EVENTS, HEAD, TAIL, boundary, bpmn, catch, finish, several, sub, throw, work

from yichuang.core.words import Words
from yichuang.engine.bpmn.check import MAX_MARKINGS
from yichuang.engine.bpmn.graph import Fault, ProcessFaults
from yichuang.engine.bpmn.process import read_process
from yichuang.engine.bpmn.read import read
from yichuang.engine.bpmn.xml import MAX_BYTES, MAX_NODES, Draft, read_drawing, root_of
from yichuang.engine.values import parse_process

FLOWS = ("start s", "end e")


def draft(*lines: str, top: str = EVENTS, more: str = "", names: Any = None) -> Draft:
    return read(bpmn(*lines, top=top, more=more), names)


def codes(*lines: str, top: str = EVENTS, more: str = "", names: Any = None) -> list[tuple[str, str]]:
    """Every fault of reading and of checking; warnings too."""
    try:
        model = parse_process(bpmn(*lines, top=top, more=more), names=names)
    except ProcessFaults as caught:
        return [(fault.code, fault.element) for fault in caught.faults]
    return [(fault.code, fault.element) for fault in model.warnings]


def one(element: str, after: str = "") -> list[tuple[str, str]]:
    """The faults of a process of a single step `x`."""
    return codes(*FLOWS, element, "s x", "x e", *([after] if after else []))


# ── files and processes ───────────────────────────────────────────────────────────────────────────────────────────
def hopeless(xml: bytes) -> tuple[int, str, str]:
    with pytest.raises(ProcessFaults) as caught:
        read(xml, None)
    (fault,) = caught.value.faults
    return fault.line, fault.element, fault.code


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        (b" " * (MAX_BYTES + 1), (1, "definitions", "TOO_LARGE")),
        (b"<a>\n<b></a>", (2, "definitions", "NO_XML")),
        (b"", (1, "definitions", "NO_XML")),
        (b"<!DOCTYPE a><a/>", (1, "definitions", "DOCTYPE")),
        (b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"/>', (1, "definitions", "NO_BPMN")),
        (b'<process xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>', (1, "definitions", "NO_BPMN")),
        (b'\n<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>', (2, "definitions", "ONE_PROCESS")),
    ],
)
def test_a_file_that_holds_no_process_is_refused_as_a_whole(xml: bytes, expected: tuple[int, str, str]) -> None:
    assert hopeless(xml) == expected


def test_a_file_of_a_million_bytes_is_read() -> None:
    assert (MAX_BYTES, MAX_NODES) == (1_000_000, 300)
    xml = bpmn("start s", "end e", "s e")
    assert root_of(xml + b" " * (MAX_BYTES - len(xml))) is not None
    with pytest.raises(ProcessFaults):
        root_of(xml + b" " * (MAX_BYTES - len(xml) + 1))


def test_faults_stand_in_the_order_of_lines() -> None:
    faults = ProcessFaults(
        (Fault(3, "b", Words("三", "3")), Fault(1, "z", Words("一", "1")), Fault(3, "a", Words("叁", "3")))
    )
    assert [one.element for one in faults.faults] == ["z", "a", "b"]
    assert str(faults) == "1: 一; 3: 叁; 3: 三"
    assert Fault(1, "x", Words("", "")).code == ""


INNER = '<bpmn:process id="q"><bpmn:startEvent id="qs"/><bpmn:endEvent id="qe"/><bpmn:sequenceFlow id="qf" sourceRef="qs" targetRef="qe"/></bpmn:process>'


def test_a_file_holds_one_process_and_those_that_it_calls() -> None:
    call = '<bpmn:callActivity id="x" calledElement="{}"/>'
    for name in ("q", "here:q"):
        found = draft(*FLOWS, call.format(name), "s x", "x e", more=INNER)
        assert (found.id, found.calls, found.nodes["x"].body, found.nodes["qs"].container) == (
            "p",
            {"q": "x"},
            "q",
            "q",
        )
        assert found.starts == {"p": "s", "q": "qs"}
    assert hopeless(bpmn(*FLOWS, "s e", more=INNER)) == (2, "definitions", "ONE_PROCESS")
    assert read(bpmn(*FLOWS, "s e", more=INNER), None, only="q").id == "q"
    assert hopeless_only(bpmn(*FLOWS, "s e", more=INNER), "nobody") == "ONE_PROCESS"
    assert one(call.format("p")) == [("CALLS_ITSELF", "x")]
    assert ("NO_PROCESS", "x") in one(call.format("r"))
    assert ("NO_PROCESS", "x") in one('<bpmn:callActivity id="x"/>')


def hopeless_only(xml: bytes, only: str) -> str:
    with pytest.raises(ProcessFaults) as caught:
        read(xml, None, only=only)
    return caught.value.faults[0].code


def test_a_process_that_is_called_twice_is_read_once() -> None:
    call = '<bpmn:callActivity id="{}" calledElement="q"/>'
    assert codes(*FLOWS, call.format("x"), call.format("y"), "s x", "x y", "y e", more=INNER) == []
    back = INNER.replace(
        '<bpmn:endEvent id="qe"/>', '<bpmn:endEvent id="qe"/><bpmn:callActivity id="z" calledElement="p"/>'
    )
    assert codes(*FLOWS, call.format("x"), "s x", "x e", more=back) == [("ONE_PROCESS", "definitions")]


@pytest.mark.parametrize(
    ("top", "found"),
    [
        ('<bpmn:escalation id="v"/>', [("CANNOT_EXECUTE", "v")]),
        ('<bpmn:itemDefinition id="v"/>', []),
        ("<bpmn:documentation/>", []),
        ('<bpmn:collaboration id="c"><bpmn:participant id="v" processRef="p"/><bpmn:documentation/></bpmn:collaboration>', []),
        ('<bpmn:collaboration id="c"><bpmn:messageFlow id="v"/></bpmn:collaboration>', [("CANNOT_EXECUTE", "v")]),
        ('<bpmn:dataStore name="x"/>', [("CANNOT_EXECUTE", "dataStore")]),
    ],
)  # fmt: skip
def test_what_may_stand_beside_a_process(top: str, found: list[tuple[str, str]]) -> None:
    assert codes(*FLOWS, "s e", top=top) == found


def test_a_refused_element_is_said_by_kind_and_name() -> None:
    def said(element: str) -> tuple[str, str]:
        (fault,) = draft(element, top="").faults
        return fault.words.zh, fault.words.en

    assert said('<bpmn:scriptTask id="v" name=" 自 动 "/>') == (
        "还不能执行脚本任务“自 动”",
        "Cannot execute this script task yet: v",
    )
    assert said('<bpmn:dataObject id="v"/>') == ("还不能执行数据对象“v”", "Cannot execute this data object yet: v")
    assert said("<bpmn:dataObject/>") == ("还不能执行数据对象", "Cannot execute this data object yet")
    assert said('<bpmn:subProcess id="v" triggeredByEvent="true"/>') == (
        "还不能执行事件子流程“v”",
        "Cannot execute this event sub-process yet: v",
    )


# ── nodes ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_each_element_is_its_kind_in_its_container() -> None:
    found = draft(
        "start s", "end e", "task t", "xor x", "and a", "or o", "event v", work("service", "w1"), work("businessRule", "w2"), work("send", "w3"), work("receive", "r"), catch("c", "m1"), throw("h", "g1"),
        boundary("b", "t", "PT1H"), *sub("u", "start us", "end ue"), '<bpmn:callActivity id="k" calledElement="q"/>', more=INNER,
    ).nodes  # fmt: skip
    assert {id: node.kind for id, node in found.items() if not id.startswith("q")} == {
        "s": "start", "e": "end", "t": "task", "x": "exclusive", "a": "parallel", "o": "inclusive", "v": "event", "w1": "work", "w2": "work", "w3": "work", "r": "receive", "c": "catch", "h": "throw", "b": "boundary",
        "us": "start", "ue": "end", "u": "sub", "k": "sub",
    }  # fmt: skip
    assert [found[id].work for id in ("w1", "w2", "w3", "t", "r")] == ["service", "rule", "send", "", ""]
    assert [found[id].container for id in ("s", "us", "u", "qs")] == ["p", "u", "p", "q"]
    assert [id for id, node in found.items() if node.circle] == ["s", "e", "c", "h", "b", "us", "ue", "qs", "qe"]
    assert (found["u"].body, found["k"].body, found["t"].body) == ("u", "q", "")


def test_marks_of_nodes_are_kept() -> None:
    found = draft(
        'start s name="开始"',
        'end e yc:outcome="decided"',
        'xor x default="f"',
        '<bpmn:endEvent id="n" name=" 结 束 " yc:nameEn="The  end"/>',
    )
    assert (found.nodes["e"].outcome, found.nodes["x"].default, found.nodes["x"].outcome) == ("decided", "f", "")
    assert found.nodes["n"].name == Words("结 束", "The end")
    assert [(one.code, one.element) for one in found.faults] == [("NO_ENGLISH", "s")]
    assert found.faults[0].line == 4


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (("<bpmn:userTask/>",), [("ID", "userTask")]), (("start s", "start s"), [("ID", "s")]), (("start s", "task s"), [("ID", "s")]),
    ],
)  # fmt: skip
def test_every_element_has_an_id_of_its_own(lines: tuple[str, ...], found: list[tuple[str, str]]) -> None:
    assert [pair for pair in ((one.code, one.element) for one in draft(*lines).faults) if pair[0] == "ID"] == found


@pytest.mark.parametrize(
    ("element", "found"),
    [
        ('<bpmn:userTask id="x" name="审" yc:nameEn="R" yc:post="A.b"><bpmn:documentation/><bpmn:incoming>f</bpmn:incoming></bpmn:userTask>', []),
        ('<bpmn:userTask id="x" name="审" yc:nameEn="R" yc:post="A.b"><bpmn:potentialOwner id="v"/></bpmn:userTask>', [("CANNOT_EXECUTE", "v")]),
        ('<bpmn:userTask id="x" name="审" yc:nameEn="R" yc:post="A.b"><bpmn:messageEventDefinition id="v"/></bpmn:userTask>', [("CANNOT_EXECUTE", "v")]),
        ('<bpmn:exclusiveGateway id="x"><bpmn:multiInstanceLoopCharacteristics id="v"/></bpmn:exclusiveGateway>', [("CANNOT_EXECUTE", "v")]),
        (f'<bpmn:intermediateCatchEvent id="x"><bpmn:timerEventDefinition><bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition>{several()}</bpmn:intermediateCatchEvent>',
         [("CANNOT_EXECUTE", "multiInstanceLoopCharacteristics")]),
    ],
)  # fmt: skip
def test_what_may_stand_in_an_element(element: str, found: list[tuple[str, str]]) -> None:
    assert one(element) == found


# ── flows ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_flows_stand_in_the_order_of_the_file() -> None:
    found = draft("start s", "and a", "task x", "task y", "and b", "s a", "a y", "a x", "x b", "y b")
    assert found.nodes["a"].outgoing == ("a_y", "a_x")
    assert found.nodes["b"].incoming == ("x_b", "y_b")
    assert (found.flows["a_y"].source, found.flows["a_y"].target, found.flows["a_y"].condition) == ("a", "y", None)


@pytest.mark.parametrize(
    ("flow", "found"),
    [
        ('<bpmn:sequenceFlow id="f" sourceRef="s" targetRef="x"/>', []), ('<bpmn:sequenceFlow id="f" sourceRef="s"/>', [("LOOSE_FLOW", "f")]), ('<bpmn:sequenceFlow id="f"/>', [("LOOSE_FLOW", "f"), ("LOOSE_FLOW", "f")]), ('<bpmn:sequenceFlow id="f" sourceRef="s" targetRef="i"/>', [("CROSSES", "f")]),
        ('<bpmn:sequenceFlow id="f" sourceRef="i" targetRef="x"/>', [("CROSSES", "f")]), ('<bpmn:sequenceFlow id="f" sourceRef="s" targetRef="x"><bpmn:auditing id="v"/></bpmn:sequenceFlow>', [("CANNOT_EXECUTE", "v")]), ('<bpmn:sequenceFlow id="f" sourceRef="s" targetRef="x"><bpmn:documentation/></bpmn:sequenceFlow>', []),
        ('<bpmn:sequenceFlow id="f" sourceRef="s" targetRef="x"><bpmn:conditionExpression language="python">a</bpmn:conditionExpression></bpmn:sequenceFlow>', [("LANGUAGE", "f")]),
        ('<bpmn:sequenceFlow id="f" sourceRef="s" targetRef="x"><bpmn:conditionExpression language="https://www.omg.org/spec/FEEL/">a</bpmn:conditionExpression></bpmn:sequenceFlow>', []),
        ('<bpmn:sequenceFlow id="f" sourceRef="s" targetRef="x"><bpmn:conditionExpression>a &lt;</bpmn:conditionExpression></bpmn:sequenceFlow>', [("CONDITION", "f")]),
        ('<bpmn:sequenceFlow id="f" sourceRef="s" targetRef="x"><bpmn:conditionExpression/></bpmn:sequenceFlow>', [("CONDITION", "f")]), ('<bpmn:sequenceFlow id="f" name="是" sourceRef="s" targetRef="x"/>', [("NO_ENGLISH", "f")]),
    ],
)  # fmt: skip
def test_a_flow_leads_from_one_node_to_another_of_the_same_process(flow: str, found: list[tuple[str, str]]) -> None:
    read_ = draft("start s", "task x", *sub("u", "task i"), flow)
    assert [(fault.code, fault.element) for fault in read_.faults] == found
    assert ("f" in read_.flows) == ("LOOSE_FLOW" not in dict(found))


def test_conditions_may_name_the_variables_the_outcomes_and_the_instances() -> None:
    def known(condition: str, *more: str) -> bool:
        return draft("xor x", "task y", *more, f"x y {condition}", names={"a"}).faults == []

    assert known("a = 1")
    assert known('outcomes.y = "agree"')
    assert known("loopCounter = 1")
    assert not known("b = 1")
    assert not known("item.x = 1")
    assert known("item.x = 1", work("service", "w", "k", several('yc:items="a"')))
    assert known("row.x = 1", work("service", "w", "k", several('yc:items="a" yc:item="row"')))


def test_three_hundred_nodes_are_not_too_many() -> None:
    assert [fault.code for fault in draft(*(f"task t{n}" for n in range(MAX_NODES))).faults] == []
    assert [fault.code for fault in draft(*(f"task t{n}" for n in range(MAX_NODES + 1))).faults] == ["TOO_MANY"]
    assert MAX_MARKINGS == 20_000


# ── the drawing ───────────────────────────────────────────────────────────────────────────────────────────────────
DRAWN = """<d:BPMNDiagram xmlns:d="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:c="http://www.omg.org/spec/DD/20100524/DC" xmlns:w="http://www.omg.org/spec/DD/20100524/DI"><d:BPMNPlane>
<d:BPMNShape bpmnElement="a"><c:Bounds x="1" y="-2.5" width="3" height="4"/></d:BPMNShape><d:BPMNShape bpmnElement="b"/><d:BPMNShape bpmnElement="c"><c:Bounds x="1" y="2" width="wide" height="4"/></d:BPMNShape>
<d:BPMNShape bpmnElement="d"><c:Bounds x="100000" y="2" width="3" height="4"/></d:BPMNShape><d:BPMNShape bpmnElement="f"><c:Bounds x="1" y="2" width="3"/></d:BPMNShape><d:BPMNShape bpmnElement="g"><c:Bounds x="99999" y="-99999" width="3" height="4"/></d:BPMNShape>
<d:BPMNEdge bpmnElement="s"><w:waypoint x="1" y="2"/><w:waypoint x="3" y="4"/></d:BPMNEdge><d:BPMNEdge bpmnElement="t"><w:waypoint x="1" y="2"/></d:BPMNEdge><d:BPMNEdge bpmnElement="u"><w:waypoint x="1" y="2"/><w:waypoint x="3"/></d:BPMNEdge>
</d:BPMNPlane></d:BPMNDiagram>"""


def test_what_the_author_placed_is_read_and_what_cannot_be_read_is_not_placed() -> None:
    found = Draft()
    read_drawing(found, root_of((HEAD + TAIL.replace("</bpmn:definitions>", DRAWN + "</bpmn:definitions>")).encode()))
    assert {id: (box.x, box.y, box.width, box.height) for id, box in found.boxes.items()} == {
        "a": (1, -2.5, 3, 4),
        "g": (99999, -99999, 3, 4),
    }
    assert found.lines == {"s": ((1, 2), (3, 4))}


# ── checks ────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (("start s", "end e", "s e"), []),
        (("start s", "end e", "task a", "s a", "a e", "a b", "task b", "b e"), [("IMPLICIT_FORK", "a")]),
        (("start s", "end e", '<bpmn:userTask id="a" name="审" yc:nameEn="R" yc:post="A.b" default="a_e"/>', "s a", "a e", "a b x = 1", "task b", "b e"), []),
        (("start s", "end e", '<bpmn:userTask id="a" name="审" yc:nameEn="R" yc:post="A.b" default="s_a"/>', "s a", "a e"), [("DEFAULT", "a")]),
        (("start s", "end e", "xor x", "task a", "s x", "x a", "a e"), []),
        (("start s", "end e", "xor x", "task a", "s x", "x a v = 1", "a e"), [("NO_DEFAULT", "x")]),
        (("start s", "end e", 'or o default="o_e"', "s o", "o e", "o f v = 1", "end f"), []),
        (("start s", "end e", "or o", "s o", "o e v = 1", "o f v = 2", "end f"), [("NO_DEFAULT", "o")]),
        (("start s", "end e", "or o", "s o", "o e", "o f v = 2", "end f"), [("NO_DEFAULT", "o"), ("NO_CONDITION", "o_e")]),
        (("start s", "end e", 'xor x default="x_b"', "task a", "task b", "s x", "x a v <", "x b", "a e", "b e"), [("CONDITION", "x_a")]),
        (("start s", "end e", "and g", "task a", "s g", "g a v = 1", "a e"), [("CONDITION_PLACE", "g_a")]),
        (("start s", "end e", 'xor x default="x_e"', "s x", "x e", 'x f outcomes.nobody = "a"', "end f"), [("NO_SUCH_TASK", "x_f")]),
        (("start s", "end e", 'xor x default="x_e"', "s x", "x e", 'x f outcomes.x = "a"', "end f"), [("NO_SUCH_TASK", "x_f")]),
        (("start s", "end e", "task t", 'xor x default="x_e"', "s t", "t x", "x e", 'x f outcomes.t = "a"', "end f"), []),
        (("start s", "event v", catch("a", "m1"), work("receive", "b"), "end e", "s v", "v a", "v b", "a e", "b e"), []),
        (("start s", "event v", catch("a", "m1"), "task b", "end e", "s v", "v a", "v b", "a e", "b e"), [("EVENT_GATEWAY", "b")]),
        (("start s", "xor m", "event v", catch("a", "m1"), "end e", 'xor x default="x_e"', "s m", "m v", "v a", "a x", "x e", "x m v = 1"), []),
        (("start s", "event v", work("receive", "b"), boundary("t", "b", "PT1H"), "end e", "end f", "s v", "v b", "b e", "t f"), [("EVENT_GATEWAY", "b")]),
        (("start s", "task a", boundary("b", "a", "m1"), "end e", "s a", "a e", "b e", "a b"), [("IMPLICIT_FORK", "a"), ("BOUNDARY", "b")]),
        (("start s", "task a", "end e", finish("m", "m1"), "s a", "a e", "a m", "m e"), [("IMPLICIT_FORK", "a"), ("END", "m")]),
        (("start s", "task a", finish("m", "m1"), "s a", "a m"), []),
        (("start s", "task a", throw("h", "m1"), "s a", "a h"), [("NO_END", "p"), ("DEAD_END", "h")]),
        (("start s", *sub("u", "start us", "end ue", "us ue"), "end e", "s u", "u e"), []),
        (("start s", *sub("u", "start us", "start ut", "end ue", "us ue", "ut ue"), "end e", "s u", "u e"), [("ONE_START", "u")]),
        (("start s", *sub("u", "end ue"), "end e", "s u", "u e"), [("ONE_START", "u"), ("UNREACHABLE", "ue")]),
        (("start s", *sub("u", "start us", "task ut", "us ut", "ut us"), "end e", "s u", "u e"), [("NO_END", "u"), ("START", "us")]),
        (("start s", *sub("u", "start us", finish("ue", "e1"), "us ue"), "end e", "s u", "u e"), [("UNCAUGHT", "ue")]),
        (("start s", *sub("u", "start us", finish("ue", "e1"), "us ue"), boundary("b", "u", "e1"), "end e", "end f", "s u", "u e", "b f"), []),
        (("start s", *sub("u", "start us", finish("ue", "e1"), "us ue"), boundary("b", "u", "error"), "end e", "end f", "s u", "u e", "b f"), []),
        (("start s", *sub("u", "start us", finish("ue", "e1"), "us ue"), boundary("b", "u", "e2"), "end e", "end f", "s u", "u e", "b f"), [("UNCAUGHT", "ue")]),
        (("start s", *sub("u", "start us", finish("ue", "e1"), "us ue"), boundary("b", "u", "m1"), "end e", "end f", "s u", "u e", "b f"), [("UNCAUGHT", "ue")]),
        (("start s", *sub("u", "start us", *sub("v", "start vs", finish("ve", "e1"), "vs ve"), "end ue", "us v", "v ue"), boundary("b", "u", "e1"), "end e", "end f", "s u", "u e", "b f"), []),
        (("start s", *sub("u", "start us", *sub("v", "start vs", finish("ve", "e1"), "vs ve"), "end ue", "us v", "v ue"), "end e", "s u", "u e"), [("UNCAUGHT", "ve")]),
        (("start s", finish("e", "e1"), "s e"), []),
        (("start s", "xor a", "xor b", "end e", "s e", "a b", "b a"), [("UNREACHABLE", "a"), ("LOOP", "a"), ("UNREACHABLE", "b"), ("LOOP", "b")]),
        (("start s", "xor m", throw("h", "g1"), 'xor x default="x_e"', "end e", "s m", "m h", "h x", "x m v = 1", "x e"), [("LOOP", "m"), ("LOOP", "h"), ("LOOP", "x")]),
        (("start s", "xor m", catch("c", "m1"), 'xor x default="x_e"', "end e", "s m", "m c", "c x", "x m v = 1", "x e"), []),
        (("start s", "xor m", throw("h", "m1"), 'xor x default="x_e"', "end e", "s m", "m h", "h x", "x m v = 1", "x e"), []),
    ],
)  # fmt: skip
def test_each_rule_of_a_sound_process(lines: tuple[str, ...], found: list[tuple[str, str]]) -> None:
    assert sorted(codes(*lines)) == sorted(found)


def test_of_a_step_with_a_default_only_flows_without_a_condition_go_at_once() -> None:
    step = '<bpmn:userTask id="a" name="审" yc:nameEn="R" yc:post="A.b" default="a_e"/>'
    assert codes("start s", "end e", "end f", "end g", step, "s a", "a e", "a f x = 1", "a g x = 2") == []
    assert codes("start s", "end e", "end f", "end g", step, "s a", "a e", "a f", "a g") == [("IMPLICIT_FORK", "a")]


def test_the_posts_that_have_a_part_in_a_step() -> None:
    def posts(marks: str, own: str = 'yc:post="P.q"') -> tuple[set[str], tuple[str, ...]]:
        marker = several(marks) if marks else ""
        xml = bpmn(
            *FLOWS, f'<bpmn:userTask id="x" name="审" yc:nameEn="R" {own}>{marker}</bpmn:userTask>', "s x", "x e"
        )
        (task,) = parse_process(xml).tasks
        return set(task.posts), task.seats

    assert posts("") == ({"P.q"}, ())
    assert posts('yc:posts="A.b C.d"') == ({"A.b", "C.d"}, ())
    assert posts('isSequential="true" yc:posts="A.b C.d"') == ({"A.b", "C.d"}, ("A.b", "C.d"))


def test_what_can_still_come_after_a_step() -> None:
    model = parse_process(
        bpmn("start s", "task a", *sub("u", "start us", "task b", "task c", "end ue", "us b", "b c", "c ue"), "task d", "end e", "s a", "a u", "u d", "d e")
    )  # fmt: skip
    assert model.after("b") == {"c", "ue", "d", "e"}
    assert model.after("a") == {"u", "us", "b", "c", "ue", "d", "e"}
    assert model.after("d") == {"e"}
    assert model.after("a", "d") == model.after("a")
    loop = parse_process(
        bpmn("start s", "xor m", "task a", 'xor x default="x_e"', "end e", "s m", "m a", "a x", "x m v = 1", "x e")
    )
    assert loop.after("a") == {"x", "m", "a", "e"}


def test_an_inclusive_gateway_has_eight_ways_and_no_more() -> None:
    def ways(count: int) -> list[tuple[str, str]]:
        lines = ["start s", 'or o default="o_t0"', "xor m", "end e", "s o", "m e"]
        for n in range(count):
            lines += [f"end t{n}", f"o t{n}" + (f" v = {n}" if n else "")]
        return [one for one in codes(*lines) if one[0] == "TOO_MANY_WAYS"]

    assert ways(8) == []
    assert ways(9) == [("TOO_MANY_WAYS", "o")]


def test_a_stored_process_is_not_checked_again_but_read() -> None:
    forever = bpmn(
        "start s",
        'xor x default="x_b"',
        "task a",
        "task b",
        "and j",
        "end e",
        "s x",
        "x a v = 1",
        "x b",
        "a j",
        "b j",
        "j e",
    )
    with pytest.raises(ProcessFaults):
        parse_process(forever)
    assert read_process(forever) is read_process(forever)
    assert [task.id for task in read_process(forever).tasks] == ["a", "b"]
    with pytest.raises(ProcessFaults):
        read_process(bpmn("start s", "task a GONE", "end e", "s a", "a e"))
