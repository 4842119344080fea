"""The drawing: colour, shape and word; readable without seeing; nothing that a strict CSP would stop."""

from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.engine.processes import CHOICE, LOOP, SEQUENCE, TWO_DEPARTMENTS
from tests.engine.test_process_oracle import blocks, written
from tests.engine.test_process_oracle_ends import Ends
from tests.engine.test_process_oracle_ends import blocks as early

from yichuang.engine.bpmn.drawing import wrap
from yichuang.engine.values import draw, parse_process

SVG = "{http://www.w3.org/2000/svg}"
DI = """<bpmndi:BPMNDiagram xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"
 xmlns:di="http://www.omg.org/spec/DD/20100524/DI"><bpmndi:BPMNPlane bpmnElement="p">{}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</bpmn:definitions>"""
SHAPE = '<bpmndi:BPMNShape bpmnElement="{}"><dc:Bounds x="{}" y="{}" width="100" height="80"/></bpmndi:BPMNShape>'
EDGE = '<bpmndi:BPMNEdge bpmnElement="{}"><di:waypoint x="{}" y="540"/><di:waypoint x="{}" y="540"/></bpmndi:BPMNEdge>'


def ended(block: Any) -> bytes:
    """A process with events on the boundaries of its steps."""
    writer = Ends()
    return writer.xml(writer.block(block, "s"))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(st.sampled_from([SEQUENCE, TWO_DEPARTMENTS, CHOICE, LOOP]), blocks.map(written), early.map(ended)))
def test_no_box_lies_on_another_and_no_line_runs_through_one(xml: bytes) -> None:
    model = parse_process(xml)
    layout = model.svg
    homes = {
        one: node.attached for one, node in model.nodes.items() if node.kind == "boundary"
    }  # on whose edge they sit
    for one, home in homes.items():
        assert layout.boxes[one].y < layout.boxes[home].y + layout.boxes[home].height < layout.boxes[one].y + 36
    boxes = [box for one, box in layout.boxes.items() if one not in homes]
    for index, one in enumerate(boxes):
        assert one.x >= 0
        assert one.y >= 0
        assert one.x + one.width <= layout.width
        assert one.y + one.height <= layout.height
        for other in boxes[index + 1 :]:
            apart_x = one.x + one.width < other.x or other.x + other.width < one.x
            apart_y = one.y + one.height < other.y or other.y + other.height < one.y
            assert apart_x or apart_y
    for flow, line in layout.lines.items():
        own = layout.boxes.get(homes.get(model.flows[flow].source, ""))
        assert all(0 <= x <= layout.width and 0 <= y <= layout.height for x, y in line)
        for (x0, y0), (x1, y1) in pairwise(line):
            for box in boxes:
                across = min(x0, x1) < box.x + box.width - 0.1 and max(x0, x1) > box.x + 0.1
                down = min(y0, y1) < box.y + box.height - 0.1 and max(y0, y1) > box.y + 0.1
                assert not (across and down and box is not own)


def test_the_authors_drawing_is_kept() -> None:
    places = {"s": 500, "a": 700, "b": 900, "e": 1100}
    shapes = "".join(SHAPE.format(one, x, 500) for one, x in places.items())
    edges = "".join(EDGE.format(f"{a}_{b}", places[a] + 100, places[b]) for a, b in ("sa", "ab", "be"))
    xml = SEQUENCE.replace(b"</bpmn:definitions>", DI.format(shapes + edges).encode())
    layout = parse_process(xml).svg
    assert [box.x for box in layout.boxes.values()] == [36, 236, 436, 636]
    assert {box.y for box in layout.boxes.values()} == {36}


@pytest.mark.parametrize("locale", ["zh-hans", "en"])
def test_state_is_told_by_word_shape_and_class(locale: str) -> None:
    model = parse_process(CHOICE)
    svg = draw(model, {"a": "done", "site": "skipped", "d": "current"}, locale=locale)
    root = etree.fromstring(svg.encode())
    assert root.get("role") == "img"
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert desc is not None
    assert root.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
    words = " ".join(text for text in root.itertext())
    if locale == "en":
        assert desc.text == "Task a: done; Task site: not taken; Task d: now"
        assert not any("\u4e00" <= sign <= "\u9fff" for sign in words)
    else:
        assert desc.text == "任务a：已完成；任务site：未经过；任务d：办理中"
    classes = {group.get("class") for group in root.iter(f"{SVG}g")}
    assert {"bpmn-task is-done", "bpmn-task is-skipped", "bpmn-task is-current"} <= classes
    current = [group for group in root.iter(f"{SVG}g") if group.get("aria-current") == "step"]
    assert len(current) == 1


def test_the_plan_alone_says_of_no_step_how_far_it_is() -> None:
    svg = draw(parse_process(CHOICE), None, locale="en")
    root = etree.fromstring(svg.encode())
    desc = root.find(f"{SVG}desc")
    assert desc is not None
    assert desc.text == "Task a; Task site; Task d"
    assert "to come" not in svg
    assert "bpmn-mark" not in svg
    assert "aria-current" not in svg


def test_no_script_no_style_and_names_are_escaped() -> None:
    xml = SEQUENCE.replace("任务a".encode(), b"&lt;script&gt;alert(1)&lt;/script&gt;")
    svg = draw(parse_process(xml), {}, locale="zh-hans")
    assert "<script" not in svg
    assert "&lt;script&gt;" in svg
    assert "style=" not in svg
    assert " on" not in svg.replace(" one", "")


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("初审", ["初审"]),
        ("城市管理和综合执法局现场核查", ["城市管理和综", "合执法局现场", "核查"]),
        ("On-site inspection by two", ["On-site", "inspection", "by two"]),
        ("一二三四五六七八九十一二三四五六七八九十", ["一二三四五六", "七八九十一二", "三四五六七八…"]),
    ],
)
def test_labels_wrap(text: str, rows: list[str]) -> None:
    assert wrap(text, 12, 3) == rows


PACKAGES = sorted((Path(__file__).resolve().parents[2] / "packs/bundles").glob("*/process.bpmn"))


@pytest.mark.parametrize("file", PACKAGES, ids=lambda file: file.parent.name)
def test_the_picture_of_a_package_has_each_item_once_and_its_refusal_below_it(file: Path) -> None:
    model = parse_process(file.read_bytes())
    svg = draw(model, None, locale="zh-hans")
    items = [node for node in model.nodes.values() if node.kind == "sub"]
    assert svg.count("<rect ") == len(items), "what is called is not drawn once more below"
    boxes, lines = model.svg.boxes, model.svg.lines
    for item in items:
        (event,) = item.boundaries
        done, refused = (model.flows[model.nodes[one].outgoing[0]] for one in (item.id, event))
        assert boxes[refused.target].y > boxes[item.id].y + boxes[item.id].height, "below the item"
        assert boxes[refused.target].y > boxes[done.target].y, "and below what follows when it is granted"
    for one, other in combinations([one for one, flow in model.flows.items() if flow.source in boxes], 2):
        ends = {model.flows[one].source, model.flows[one].target} & {
            model.flows[other].source,
            model.flows[other].target,
        }
        if not ends:
            assert not any(crosses(a, b) for a in pairwise(lines[one]) for b in pairwise(lines[other])), (one, other)


def test_the_name_of_a_boundary_event_stands_beside_its_line() -> None:
    model = parse_process(PACKAGES[0].read_bytes())
    root = etree.fromstring(draw(model, None, locale="zh-hans").encode())
    named = [label for label in root.iter(f"{SVG}text") if label.text == "不予办理"]
    assert len(named) == 3
    assert {label.get("text-anchor") for label in named} == {"end"}
    assert "核税缴税；转移登记；水电气过户" in draw(model, None, locale="zh-hans"), (
        "and who cannot see it is told the items"
    )


def crosses(a: tuple[tuple[float, float], ...], b: tuple[tuple[float, float], ...]) -> bool:
    """Whether one stretch goes down through another that goes across."""
    for (x0, y0), (x1, y1), (u0, v0), (u1, v1) in ((*a, *b), (*b, *a)):
        if y0 == y1 and u0 == u1 and min(x0, x1) < u0 < max(x0, x1) and min(v0, v1) < y0 < max(v0, v1):
            return True
    return False
