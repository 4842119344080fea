"""Drawings stay as they are, to the pixel: of a process with every element, of one that its author drew, and of parts of signs.

The pictures are kept in `drawn/`. Who changes how a process is drawn looks at them and keeps them anew: `REDRAW=1` in the environment.
"""

import os
from pathlib import Path
from typing import Any

import pytest
from tests.engine.processes import (
    CHOICE,
    EVENTS,
    LOOP,
    TWO_DEPARTMENTS,
    boundary,
    bpmn,
    catch,
    finish,
    several,
    sub,
    throw,
    work,
)

from yichuang.engine.bpmn.drawing import describe, with_holders
from yichuang.engine.bpmn.graph import Box
from yichuang.engine.bpmn.layout import text_columns
from yichuang.engine.bpmn.signs import below, event, gateway, number, polyline, wrap
from yichuang.engine.bpmn.survey import survey
from yichuang.engine.values import draw, parse_process, with_drawing

KEPT = Path(__file__).parent / "drawn"
EVERYTHING = bpmn(
    'start s name="申请" yc:nameEn="Filed"', "and f", "task a CGZF.review", 'xor x name="材料齐全吗" yc:nameEn="All papers there?" default="x_b"', "task b CGZF.review", "xor m", "event v", catch("c1", "m1"), catch("c2", "5d"), "xor m2",
    work("service", "w1"), work("businessRule", "w2"), work("send", "w3"), '<bpmn:receiveTask id="r" messageRef="m1"/>', throw("h", "g1"), 'or o default="o_i2"', *sub("u", "start us", "task ua CGZF.inspect inspect", "end ue", "us ua", "ua ue"), boundary("bu", "u", "e1"),
    boundary("ba", "a", "PT1H"), boundary("bb", "a", "m2", interrupting=False), "task i1 CGZF.review", "task i2 CGZF.review", "or j", "and k", "task d CGZF.decide decide", 'end e name="办结" yc:nameEn="Done"', finish("t", "terminate"), finish("z", "e2"), finish("n", "m1"),
    "s f", "f a", "f v", "a x", 'x m outcomes.a = "agree"', "x b", "b m", "m u", "v c1", "v c2", "c1 m2", "c2 w1", "w1 w2", "w2 w3", "w3 m2", "m2 r", "r h", "u o", "bu z", "o i1 n > 1", "o i2", "i1 j", "i2 j", "j k", "h k", "k d", "d e", "ba t", "bb n",
    top=EVENTS,
)  # fmt: skip
STATES: dict[str, Any] = {"a": "done", "b": "skipped", "ua": "late", "i1": "current", "w1": "done"}
AUTHOR = with_drawing(EVERYTHING)


def kept(name: str, picture: str) -> None:
    file = KEPT / f"{name}.svg"
    text = picture.replace("><", ">\n<") + "\n"
    if os.environ.get("REDRAW"):
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8"), f"{name} is drawn otherwise: look at it"


@pytest.mark.parametrize("locale", ["zh-hans", "en"])
def test_a_process_of_every_element(locale: str) -> None:
    kept(f"everything-{locale}", draw(parse_process(EVERYTHING), STATES, locale=locale))


@pytest.mark.parametrize(("name", "xml"), [("choice", CHOICE), ("loop", LOOP), ("two-departments", TWO_DEPARTMENTS)])
def test_small_processes(name: str, xml: bytes) -> None:
    kept(name, draw(parse_process(xml), {"a": "current"}, locale="zh-hans", key="k"))


def test_several_and_long_names() -> None:
    long = '<bpmn:userTask id="a" name="城市管理和综合执法局现场核查并出具书面意见的步骤" yc:nameEn="The inspection on the site by the bureau" yc:post="A.b">'
    xml = bpmn(
        "start s",
        long + several('yc:posts="A.b C.d"') + "</bpmn:userTask>",
        'end e name="办结并送达申请人本人签收" yc:nameEn="Done"',
        "s a",
        '<bpmn:sequenceFlow id="f" name="材料齐全" yc:nameEn="complete" sourceRef="a" targetRef="e"/>',
    )
    kept("long-names", draw(parse_process(xml), {"a": "done"}, locale="zh-hans"))


def test_a_file_is_surveyed_as_its_author_drew_it() -> None:
    found = survey(AUTHOR)
    kept("survey", found.svg)
    assert (found.processes, found.executable, found.faults) == (("p",), ("p",), ())
    assert found.drawn == AUTHOR.count(b"<bpmndi:BPMNShape") + AUTHOR.count(b"<bpmndi:BPMNEdge")


FRAMES = """<d:BPMNDiagram xmlns:d="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:c="http://www.omg.org/spec/DD/20100524/DC" xmlns:w="http://www.omg.org/spec/DD/20100524/DI"><d:BPMNPlane bpmnElement="p">{}</d:BPMNPlane></d:BPMNDiagram>
<d:BPMNDiagram xmlns:d="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:c="http://www.omg.org/spec/DD/20100524/DC"><d:BPMNPlane>{}</d:BPMNPlane></d:BPMNDiagram><d:BPMNDiagram xmlns:d="http://www.omg.org/spec/BPMN/20100524/DI"><d:BPMNPlane/></d:BPMNDiagram>"""


def shape(element: str, x: float, y: float, width: float, height: float, more: str = "") -> str:
    return f'<d:BPMNShape bpmnElement="{element}" {more}><c:Bounds x="{x}" y="{y}" width="{width}" height="{height}"/></d:BPMNShape>'


def edge(element: str, *points: tuple[float, float]) -> str:
    return (
        f'<d:BPMNEdge bpmnElement="{element}">'
        + "".join(f'<w:waypoint x="{x}" y="{y}"/>' for x, y in points)
        + "</d:BPMNEdge>"
    )


def test_frames_notes_and_what_is_not_known_are_drawn_too() -> None:
    top = '<bpmn:collaboration id="c"><bpmn:participant id="pool" name="大厅" processRef="p"/><bpmn:participant id="tall" name="部门"/></bpmn:collaboration>'
    lines = [
        "start s", '<bpmn:userTask id="a" name="审" yc:nameEn="R" yc:post="A.b"/>', '<bpmn:scriptTask id="q" name="脚本"/>', '<bpmn:task id="p0" name="未定"/>', '<bpmn:manualTask id="q2"/>', '<bpmn:subProcess id="open" name="展开"/>', '<bpmn:subProcess id="shut" name="收起"/>', '<bpmn:transaction id="tx"/>',
        '<bpmn:textAnnotation id="note"><bpmn:text> 说  明 </bpmn:text></bpmn:textAnnotation>', '<bpmn:dataObjectReference id="data" name="表"/>', '<bpmn:group id="g"/>', '<bpmn:complexGateway id="cg" name="复杂"/>', '<bpmn:eventBasedGateway id="eg"/>', "or og", "end e",
        '<bpmn:boundaryEvent id="b" attachedToRef="a" cancelActivity="false"><bpmn:timerEventDefinition/></bpmn:boundaryEvent>', '<bpmn:intermediateThrowEvent id="two"><bpmn:messageEventDefinition/><bpmn:signalEventDefinition/></bpmn:intermediateThrowEvent>',
        '<bpmn:startEvent id="s2" isInterrupting="false"><bpmn:messageEventDefinition/></bpmn:startEvent>', '<bpmn:sequenceFlow id="f" name="是" yc:nameEn="yes" sourceRef="s" targetRef="a"/>', '<bpmn:sequenceFlow id="f2" name="否" yc:nameEn="no" sourceRef="a" targetRef="e"/>', '<bpmn:association id="as"/>',
        '<bpmn:laneSet><bpmn:lane id="lane" name="窗口"/></bpmn:laneSet>', '<bpmn:callActivity id="call" name="调用"/>',
    ]  # fmt: skip
    first = "".join([
        shape("pool", -20, 10, 600, 250), shape("tall", 600, 10, 80, 250, 'isHorizontal="false"'), shape("lane", 10, 10, 570, 250), shape("s", 40, 80, 36, 36), shape("a", 120, 60, 100, 80), shape("b", 150, 122, 36, 36), shape("e", 500, 80, 36, 36), shape("x:q", 240, 60, 100, 80), shape("q2", 360, 60, 100, 80),
        shape("open", 40, 150, 120, 60, 'isExpanded="true"'), shape("shut", 170, 150, 100, 60), shape("tx", 280, 150, 60, 60), shape("note", 350, 150, 90, 30), shape("data", 450, 150, 36, 50), shape("g", 30, 50, 300, 110), shape("cg", 350, 200, 50, 50), shape("eg", 410, 200, 50, 50), shape("og", 470, 200, 50, 50), shape("two", 530, 200, 36, 36),
        shape("s2", 540, 30, 36, 36), shape("gone", 560, 100, 20, 20), shape("p0", 460, 20, 60, 40), shape("call", 380, 15, 70, 40), edge("f", (76, 98), (120, 100)), edge("f2", (220, 100), (220, 140), (300, 140)), edge("as", (10, 10), (20, 20)), edge("short", (1, 1)),
    ])  # fmt: skip
    xml = bpmn(*lines, top=top).replace(
        b"</bpmn:definitions>", FRAMES.format(first, shape("a", 0, 0, 100, 80)).encode() + b"</bpmn:definitions>"
    )
    for locale in ("zh-hans", "en"):
        kept(f"frames-{locale}", survey(xml, locale=locale).svg)
    found = survey(xml)
    assert found.executable == ()
    assert found.drawn == 26
    tags = {one.id: (one.tag, one.name, one.line, [fault.code for fault in one.faults]) for one in found.elements}
    assert tags["q"] == ("scriptTask", "脚本", 6, ["CANNOT_EXECUTE"])
    assert tags["a"][:2] == ("userTask", "审")
    assert [one.kind.zh for one in found.elements if one.id == "tx"] == ["事务子流程"]


def test_an_empty_drawing_is_a_picture_of_nothing() -> None:
    assert 'viewBox="0 0 0 0" width="0" height="0"' in survey(TWO_DEPARTMENTS).svg


# ── signs ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_numbers_have_no_needless_digits() -> None:
    assert [number(one) for one in (1, 1.0, 1.25, 1.05, -0.5, 10.04)] == ["1", "1", "1.2", "1.1", "-0.5", "10"]


def test_an_event_is_thin_double_or_thick() -> None:
    box = Box(10, 20, 36, 36)
    assert (
        event(box, "", css="start", ring="start")
        == '<g class="bpmn-start"><g transform="translate(28 38)"><circle r="18" fill="#ffffff" stroke="#333a42" stroke-width="1.6"/></g></g>'
    )
    assert (
        event(box, "", css="end", ring="end")
        == '<g class="bpmn-end"><g transform="translate(28 38)"><circle r="18" fill="#ffffff" stroke="#333a42" stroke-width="4"/></g></g>'
    )
    double = event(box, "", css="x", ring="middle", dashed=True)
    assert '<circle r="15" fill="none" stroke="#333a42" stroke-dasharray="4 3"/>' in double
    assert double.count('stroke-dasharray="4 3"') == 2
    assert "M0-7 7 5H-7Z" in event(box, "", css="x", ring="middle", kind="signal")


EDGE = 'stroke="#ffffff" stroke-width="6" stroke-linejoin="round" paint-order="stroke"'


def test_a_gateway_is_a_diamond_with_its_sign_and_name_below() -> None:
    assert gateway(Box(10, 20, 44, 40), "", "parallel").startswith(
        '<g class="bpmn-gateway"><g transform="translate(32 40)"><polygon points="0,-20 22,0 0,20 -22,0" fill="#ffffff" stroke="#333a42" stroke-width="1.6"/><path d="M-9 0H9M0-9V9"'
    )
    named = below(Box(10, 20, 44, 40), "甲乙丙丁戊己庚辛壬癸")
    assert named == (
        f'<text class="bpmn-label" x="32" y="75" text-anchor="middle" fill="#333a42" font-size="12" {EDGE}>甲乙丙丁戊己庚辛</text>'
        f'<text class="bpmn-label" x="32" y="90" text-anchor="middle" fill="#333a42" font-size="12" {EDGE}>壬癸</text>'
    )
    assert below(Box(10, 20, 44, 40), "") == ""


def test_a_line_has_an_arrow_head_at_its_end() -> None:
    assert polyline(((0, 0), (10, 0), (10, 100))) == (
        '<polyline points="0,0 10,0 10,100" fill="none" stroke="#333a42" stroke-width="1.4"/><polygon points="10,100 6,91 14,91" fill="#333a42"/>'
    )
    assert polyline(((0, 0), (30, 40)), dashed=True) == (
        '<polyline points="0,0 30,40" fill="none" stroke="#333a42" stroke-width="1.4" stroke-dasharray="5 4"/><polygon points="30,40 21.4,35.2 27.8,30.4" fill="#333a42"/>'
    )
    assert 'polygon points="5,5 5,5 5,5"' in polyline(((5, 5), (5, 5)))


@pytest.mark.parametrize(
    ("text", "columns", "lines", "rows"),
    [("", 10, 2, []), ("甲乙丙", 4, 2, ["甲乙", "丙"]), ("甲乙丙丁戊", 4, 2, ["甲乙", "丙丁…"]), ("甲乙丙", 4, 1, ["甲乙…"]), ("one two", 7, 1, ["one two"]), ("one two", 6, 2, ["one", "two"]), ("甲one", 5, 1, ["甲one"]), ("甲 one", 4, 2, ["甲", "one"]), ("longword", 4, 2, ["longword"])],
)  # fmt: skip
def test_names_are_broken_between_words_and_characters(text: str, columns: int, lines: int, rows: list[str]) -> None:
    assert wrap(text, columns, lines) == rows
    assert text_columns("甲a⺀") == 5


# ── states ────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("inside", "holder"),
    [({"x": "done", "y": "late"}, "late"), ({"x": "done", "y": "current"}, "current"), ({"x": "done", "y": "waiting"}, "waiting"), ({"x": "done", "y": "skipped"}, "done"), ({"x": "skipped"}, "skipped"), ({}, None), ({"x": "done", "u": "late"}, "late")],
)  # fmt: skip
def test_a_sub_process_is_where_its_steps_are(inside: dict[str, Any], holder: str | None) -> None:
    model = parse_process(
        bpmn(
            "start s",
            *sub(
                "v",
                "start vs",
                *sub("u", "start us", "task x", "task y", "end ue", "us x", "x y", "y ue"),
                "end ve",
                "vs u",
                "u ve",
            ),
            "end e",
            "s v",
            "v e",
        )
    )
    found = with_holders(model, inside)
    assert found.get("u") == holder
    assert found.get("v") == holder


def test_a_process_without_a_name_has_a_title_all_the_same() -> None:
    bare = parse_process(TWO_DEPARTMENTS.replace('name="示例" yc:nameEn="Sample" '.encode(), b""))
    assert '<title id="bpmn-title">办理流程</title>' in draw(bare, {}, locale="zh-hans")
    assert '<title id="bpmn-title">The process</title>' in draw(bare, {}, locale="en")


def test_posts_of_lanes_that_nobody_drew_are_written_on_their_steps() -> None:
    lanes = '<bpmn:laneSet><bpmn:lane name="A.b"><bpmn:flowNodeRef>x</bpmn:flowNodeRef><bpmn:flowNodeRef>y</bpmn:flowNodeRef><bpmn:flowNodeRef>z</bpmn:flowNodeRef><bpmn:flowNodeRef>q</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>'
    step = '<bpmn:userTask id="{}" name="审" yc:nameEn="R"{}>{}</bpmn:userTask>'
    xml = bpmn(
        "start s", "end e", lanes, step.format("x", "", ""), step.format("y", ' yc:post="C.d"', ""), step.format("z", "", several('yc:posts="E.f G.h"')), step.format("q", "", several('isSequential="true" yc:posts="E.f G.h"')), "s x", "x y", "y z", "z q", "q e",
    )  # fmt: skip
    drawn = with_drawing(xml)
    assert b"laneSet" not in drawn
    assert drawn.count(b"yc:post=") == 2
    before, after = parse_process(xml), parse_process(drawn)
    assert [task.posts for task in after.tasks] == [task.posts for task in before.tasks]
    assert [task.post for task in after.tasks][:2] == ["A.b", "C.d"]
    assert before.svg.boxes == after.svg.boxes
    assert before.svg.lines == after.svg.lines


def test_a_picture_in_words() -> None:
    model = parse_process(TWO_DEPARTMENTS)
    assert (
        describe(model, {"a": "done", "b": "late"}, "zh-hans") == "任务a：已完成；任务b：办理中，已超期；任务d：未开始"
    )
    assert describe(model, {"a": "skipped"}, "en") == "Task a: not taken; Task b: to come; Task d: to come"
