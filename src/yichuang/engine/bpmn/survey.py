"""Any BPMN file, also one that is only a drawing: what is in it, as a picture, and what of it cannot be executed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Final

from lxml import etree

from yichuang.core.words import Words
from yichuang.engine.bpmn import signs
from yichuang.engine.bpmn.check import WARNINGS, check
from yichuang.engine.bpmn.graph import Box, Fault, ProcessFaults
from yichuang.engine.bpmn.names import called
from yichuang.engine.bpmn.read import read
from yichuang.engine.bpmn.triggers import EVENTS
from yichuang.engine.bpmn.xml import BPMN, DI, children, kind_of, line_of, read_numbers, root_of, tag_of, waypoints

UNSAID: Final = frozenset({"NO_ENGLISH"})
"""Wanted on publishing, but no reason why something could not be executed."""
MARGIN: Final = 30.0
FONT: Final = 12
TASKS: Final[Mapping[str, Words]] = {
    "userTask": Words("人工", "user"),
    "serviceTask": Words("服务", "service"),
    "businessRuleTask": Words("规则", "rule"),
    "sendTask": Words("发送", "send"),
    "receiveTask": Words("接收", "receive"),
    "scriptTask": Words("脚本", "script"),
    "manualTask": Words("手工", "manual"),
    "callActivity": Words("调用", "call"),
}


@dataclass(frozen=True, slots=True)
class Element:
    """One element of the file, with its line (from 1) and what cannot be executed about it; nothing: it can."""

    id: str
    tag: str
    name: str
    line: int
    faults: tuple[Fault, ...]

    @property
    def kind(self) -> Words:
        """What it is called."""
        return called(self.tag)


@dataclass(frozen=True, slots=True)
class Survey:
    """What a file holds. `executable`: the ids of the processes that could be published as they are (names aside)."""

    processes: tuple[str, ...]
    executable: tuple[str, ...]
    elements: tuple[Element, ...]
    faults: tuple[Fault, ...]
    drawn: int
    svg: str


def survey(xml: bytes, *, locale: str = "zh-hans") -> Survey:
    """Look at every process of a file by itself. Raises `ProcessFaults` only for what is no BPMN at all."""
    root = root_of(xml)
    processes = [one.get("id") or "" for one in children(root) if tag_of(one) == "process"]
    faults: dict[tuple[int, str, str], Fault] = {}
    executable: list[str] = []
    for process in processes:
        found = _faults(xml, process)
        faults.update({(fault.line, fault.element, fault.code): fault for fault in found})
        if all(fault.code in WARNINGS for fault in found):
            executable.append(process)
    listed = tuple(sorted(faults.values(), key=lambda fault: (fault.line, fault.element)))
    picture = Picture(root, locale)
    return Survey(
        tuple(processes), tuple(executable), tuple(_elements(root, listed)), listed, len(picture.drawn), picture.svg()
    )


def _faults(xml: bytes, process: str) -> tuple[Fault, ...]:
    try:
        found = check(read(xml, None, only=process))
    except ProcessFaults as hopeless:
        found = hopeless.faults
    return tuple(fault for fault in found if fault.code not in UNSAID)


def _elements(root: etree._Element, faults: tuple[Fault, ...]) -> Iterator[Element]:
    """Everything with an id that is a step, an event, a gateway, a flow or data."""
    by_element: dict[str, list[Fault]] = {}
    for fault in faults:
        by_element.setdefault(fault.element, []).append(fault)
    for element in root.iter(f"{{{BPMN}}}*"):
        one, tag = element.get("id") or tag_of(element), tag_of(element)
        if one in by_element or tag.endswith(("Task", "task", "Event", "Gateway", "Process", "Activity")):
            own = tuple(by_element.pop(one, ()))
            yield Element(one, kind_of(element), " ".join((element.get("name") or "").split()), line_of(element), own)


class Picture:
    """The author's own drawing. Several diagrams of a file stand one under another."""

    def __init__(self, root: etree._Element, locale: str) -> None:
        self.locale = locale
        self.by_id = {one.get("id") or "": one for one in root.iter(f"{{{BPMN}}}*")}
        self.drawn: set[str] = set()
        self.parts: list[str] = []
        self.width = self.height = 0.0
        for plane in root.iter(f"{{{DI}}}BPMNPlane"):
            self._plane(plane)

    def svg(self) -> str:
        """The picture; a picture of nothing where the file has no drawing."""
        n = signs.number
        size = f'viewBox="0 0 {n(self.width)} {n(self.height)}" width="{n(self.width)}" height="{n(self.height)}"'
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="bpmn" role="img" {size} font-family="sans-serif" '
            f'font-size="{FONT}">{"".join(self.parts)}</svg>'
        )

    def _plane(self, plane: etree._Element) -> None:
        boxes = {}
        for shape in plane.iter(f"{{{DI}}}BPMNShape"):
            numbers = read_numbers(shape)
            if numbers:
                boxes[shape.get("bpmnElement") or ""] = (Box(*numbers), shape)
        lines = {edge.get("bpmnElement") or "": waypoints(edge) for edge in plane.iter(f"{{{DI}}}BPMNEdge")}
        lines = {one: points for one, points in lines.items() if len(points) >= 2}
        xs = [box.x for box, _ in boxes.values()] + [x for line in lines.values() for x, _ in line]
        ys = [box.y for box, _ in boxes.values()] + [y for line in lines.values() for _, y in line]
        if not xs:
            return
        dx, dy = MARGIN - min(xs), self.height + MARGIN - min(ys)
        right = [box.x + box.width for box, _ in boxes.values()] + xs
        bottom = [box.y + box.height for box, _ in boxes.values()] + ys
        large_first = sorted(boxes.items(), key=lambda item: -item[1][0].width * item[1][0].height)
        behind = [self._shape(one, box, shape, dx, dy) for one, (box, shape) in large_first if self._is_frame(one)]
        flows = [self._edge(one, line, dx, dy) for one, line in lines.items()]
        front = [self._shape(one, box, shape, dx, dy) for one, (box, shape) in large_first if not self._is_frame(one)]
        self.parts += [*behind, *flows, *front]
        self.width = max(self.width, max(right) + dx + MARGIN)
        self.height = max(bottom) + dy + MARGIN + 20

    def _tag(self, one: str) -> str:
        element = self.by_id.get(one.rpartition(":")[2])
        return tag_of(element) if element is not None else ""

    def _is_frame(self, one: str) -> bool:
        return self._tag(one) in {"participant", "lane", "group", "subProcess", "adHocSubProcess", "transaction"}

    def _name(self, one: str) -> str:
        element = self.by_id.get(one.rpartition(":")[2])
        if element is None:
            return ""
        text = element.findtext(f"{{{BPMN}}}text") if tag_of(element) == "textAnnotation" else element.get("name")
        return " ".join((text or "").split())

    def _shape(self, one: str, box: Box, shape: etree._Element, dx: float, dy: float) -> str:
        self.drawn.add(one)
        box = Box(box.x + dx, box.y + dy, box.width, box.height)
        tag, name = self._tag(one), self._name(one)
        if tag.endswith("Event"):
            return self._event(one, tag, box, name)
        if tag.endswith("Gateway"):
            kind = {"eventBasedGateway": "event"}.get(tag, tag.removesuffix("Gateway"))
            return signs.gateway(box, name, kind)
        if tag in {"participant", "lane"}:
            return self._frame(box, name, shape.get("isHorizontal") != "false")
        if tag.startswith("data") or tag == "textAnnotation":
            return self._note(box, name, tag)
        return self._box(one, tag, box, name, expanded=shape.get("isExpanded") == "true")

    def _event(self, one: str, tag: str, box: Box, name: str) -> str:
        element = self.by_id[one.rpartition(":")[2]]
        definitions = [tag_of(child) for child in children(element) if tag_of(child).endswith("EventDefinition")]
        ring: signs.Ring = "start" if tag == "startEvent" else "end" if tag == "endEvent" else "middle"
        kind = EVENTS.get(definitions[0], "") if len(definitions) == 1 else ""
        dashed = "false" in {element.get("cancelActivity"), element.get("isInterrupting")}
        return signs.event(box, name, css="event", ring=ring, kind=kind, dashed=dashed)

    def _frame(self, box: Box, name: str, horizontal: bool) -> str:
        n = signs.number
        x, y = (box.x + 16, box.y + box.height / 2) if horizontal else (box.x + box.width / 2, box.y + 16)
        turn = f' transform="rotate(-90 {n(x)} {n(y)})"' if horizontal else ""
        return (
            f'{_rect(box, "none", 0)}<text x="{n(x)}" y="{n(y + 4)}" text-anchor="middle" fill="{signs.INK}"{turn}>'
            f"{escape(name)}</text>"
        )

    def _note(self, box: Box, name: str, tag: str) -> str:
        dashed = ' stroke-dasharray="3 3"' if tag == "textAnnotation" else ""
        if tag != "textAnnotation":
            return f"{_rect(box, '#ffffff', 0)}{signs.below(box, name)}"
        return f"{_rect(box, 'none', 0, dashed)}{_lines(box, name)}"

    def _box(self, one: str, tag: str, box: Box, name: str, *, expanded: bool) -> str:
        frame = self._is_frame(one)
        ground = "#ffffff" if not frame or not expanded else "none"
        label = TASKS.get(tag)
        mark = (
            f'<text x="{signs.number(box.x + 6)}" y="{signs.number(box.y + 14)}" fill="#5b6470" font-size="10">'
            f"{escape(label.in_(self.locale))}</text>"
            if label
            else ""
        )
        if frame and expanded:
            top = Box(box.x, box.y, box.width, 24)
            return f"{_rect(box, ground, 8)}{_lines(top, name)}"
        plus = _lines(Box(box.x, box.y + box.height - 18, box.width, 16), "[+]") if frame else ""
        dashed = ' stroke-dasharray="6 4"' if tag in {"", "group"} else ""
        return f"{_rect(box, ground, 8, dashed)}{_lines(box, name)}{mark}{plus}"

    def _edge(self, one: str, line: tuple[tuple[float, float], ...], dx: float, dy: float) -> str:
        self.drawn.add(one)
        points = tuple((x + dx, y + dy) for x, y in line)
        name = self._name(one)
        (x0, y0), (x1, y1) = points[0], points[1]
        x, y, anchor = ((x0 + x1) / 2, (y0 + y1) / 2 - 5, "middle")
        if abs(x0 - x1) < 2:  # downwards: beside the line, past the name of a gateway
            x, y, anchor = x0 + 6, (y0 + 3 * y1) / 4, "start"
        label = (
            f'<text x="{signs.number(x)}" y="{signs.number(y)}" text-anchor="{anchor}" '
            f'fill="{signs.INK}" font-size="11">{escape(name)}</text>'
            if name
            else ""
        )
        return f"<g>{signs.polyline(points, dashed=self._tag(one) != 'sequenceFlow')}{label}</g>"


def _rect(box: Box, fill: str, radius: int, more: str = "") -> str:
    n = signs.number
    return (
        f'<rect x="{n(box.x)}" y="{n(box.y)}" width="{n(box.width)}" height="{n(box.height)}" rx="{radius}" '
        f'fill="{fill}" stroke="{signs.INK}" stroke-width="1.4"{more}/>'
    )


def _lines(box: Box, name: str) -> str:
    """A name in the middle of a box, in as many lines as fit."""
    rows = signs.wrap(name, max(int(box.width / 6.6), 6), max(int(box.height / 15), 1)) if name else []
    middle = box.x + box.width / 2
    top = box.y + box.height / 2 - 15 * (len(rows) - 1) / 2 + 4
    spans = "".join(
        f'<tspan x="{signs.number(middle)}" y="{signs.number(top + 15 * index)}">{escape(text)}</tspan>'
        for index, text in enumerate(rows)
    )
    return f'<text text-anchor="middle" fill="{signs.INK}">{spans}</text>' if rows else ""
