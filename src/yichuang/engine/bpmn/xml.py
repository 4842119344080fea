"""The XML of BPMN: entities and document types are refused; every fault has its line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, cast

from lxml import etree

from yichuang.core.words import Words
from yichuang.engine.bpmn.graph import Box, Fault, Flow, Node, ProcessFaults
from yichuang.engine.bpmn.names import called

BPMN: Final = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DI: Final = "http://www.omg.org/spec/BPMN/20100524/DI"
DC: Final = "http://www.omg.org/spec/DD/20100524/DC"
WAY: Final = "http://www.omg.org/spec/DD/20100524/DI"
YC: Final = "https://yichuang.example/bpmn"
POST: Final = re.compile(r"[A-Za-z]\w*\.[A-Za-z]\w*", re.ASCII)
MAX_BYTES: Final = 1_000_000
MAX_NODES: Final = 300
MAX_SEATS: Final = 9
SEVERAL: Final = "multiInstanceLoopCharacteristics"


@dataclass
class Draft:
    """What was read, before it is checked."""

    id: str = ""
    name: Words = field(default_factory=lambda: Words("", ""))
    line: int = 1
    nodes: dict[str, Node] = field(default_factory=dict)
    flows: dict[str, Flow] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    boxes: dict[str, Box] = field(default_factory=dict)
    lines: dict[str, tuple[tuple[float, float], ...]] = field(default_factory=dict)
    starts: dict[str, str] = field(default_factory=dict)
    calls: dict[str, str] = field(default_factory=dict)

    def fault(self, at: etree._Element | int, element: str, code: str, zh: str, en: str) -> None:
        line = at if isinstance(at, int) else line_of(at)
        self.faults.append(Fault(line, element, Words(zh, en), code))


def root_of(xml: bytes) -> etree._Element:
    if len(xml) > MAX_BYTES:
        raise hopeless(1, "TOO_LARGE", "流程文件太大，最多 1 MB", "The process file is too large: at most 1 MB")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        words = f"{error.msg}"
        raise hopeless(
            error.lineno or 1, "NO_XML", f"不是合法的 XML：{words}", f"Not well-formed XML: {words}"
        ) from None
    if getattr(root.getroottree().docinfo, "doctype", ""):
        raise hopeless(1, "DOCTYPE", "流程文件不能带 DOCTYPE", "A process file may not have a DOCTYPE")
    if root.tag != f"{{{BPMN}}}definitions":
        raise hopeless(1, "NO_BPMN", "这不是 BPMN 2.0 文件", "This is not a BPMN 2.0 file")
    return root


def hopeless(line: int, code: str, zh: str, en: str) -> ProcessFaults:
    return ProcessFaults((Fault(line, "definitions", Words(zh, en), code),))


def line_of(element: etree._Element) -> int:
    """The line of the XML on which an element begins, from 1."""
    line = getattr(element, "sourceline", None)
    return line if isinstance(line, int) else 1


def tag_of(element: etree._Element) -> str:
    return etree.QName(element).localname


def children(element: etree._Element) -> Iterator[etree._Element]:
    """The BPMN children; what other namespaces add is for other tools."""
    for child in element:
        if isinstance(cast(object, child.tag), str) and etree.QName(child).namespace == BPMN:
            yield child


def kind_of(element: etree._Element) -> str:
    """The tag; a sub-process that an event starts is a kind of its own."""
    tag = tag_of(element)
    return "eventSubProcess" if tag == "subProcess" and element.get("triggeredByEvent") == "true" else tag


def refuse(draft: Draft, element: etree._Element) -> None:
    name, label = called(kind_of(element)), " ".join((element.get("name") or element.get("id") or "").split())
    draft.fault(
        element,
        element.get("id") or tag_of(element),
        "CANNOT_EXECUTE",
        f"还不能执行{name.zh}" + (f"“{label}”" if label else ""),
        f"Cannot execute this {name.en} yet" + (f": {element.get('id')}" if element.get("id") else ""),
    )


def read_drawing(draft: Draft, root: etree._Element) -> None:
    """The BPMN DI part, where the author's tool has placed things; unreadable numbers mean: not placed."""
    for shape in root.iter(f"{{{DI}}}BPMNShape"):
        if numbers := read_numbers(shape):
            draft.boxes[shape.get("bpmnElement") or ""] = Box(*numbers)
    for edge in root.iter(f"{{{DI}}}BPMNEdge"):
        points = waypoints(edge)
        if len(points) >= 2:
            draft.lines[edge.get("bpmnElement") or ""] = points


def read_numbers(shape: etree._Element) -> tuple[float, ...]:
    """Where a shape is drawn: x, y, width, height; nothing when it does not say so."""
    bounds = shape.find(f"{{{DC}}}Bounds")
    return _numbers(bounds, "x", "y", "width", "height") if bounds is not None else ()


def waypoints(edge: etree._Element) -> tuple[tuple[float, float], ...]:
    """The points of a line; nothing when one cannot be read."""
    points = [_numbers(point, "x", "y") for point in edge.iter(f"{{{WAY}}}waypoint")]
    return tuple((x, y) for x, y in points) if all(points) else ()


def _numbers(element: etree._Element, *keys: str) -> tuple[float, ...]:
    try:
        numbers = tuple(float(element.get(key) or "") for key in keys)
    except ValueError:
        return ()
    return numbers if all(abs(number) < 100_000 for number in numbers) else ()
