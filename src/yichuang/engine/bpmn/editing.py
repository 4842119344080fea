"""A process for a drawing editor: editors show what stands in the BPMN DI part, and files written by hand have none."""

from typing import Final

from lxml import etree

from yichuang.engine.bpmn.drawing import named_beside
from yichuang.engine.bpmn.graph import Box, Node, ProcessFaults, ProcessModel
from yichuang.engine.bpmn.layout import LETTER, text_columns
from yichuang.engine.bpmn.process import parse_process
from yichuang.engine.bpmn.xml import BPMN, DC, DI, WAY, YC, root_of

_NAMES: Final = {"bpmndi": DI, "dc": DC, "di": WAY}


def with_drawing(xml: bytes) -> bytes:
    """The same process with a drawing as the engine lays it out, so that an editor can open it; a file that has one stays
    as it is, and so does one with faults. Each sub-process is drawn on a plane of its own.

    Lanes (泳道) that nobody has drawn cannot be edited: their posts are written on their tasks instead, which means the same.
    """
    try:
        root = root_of(xml)
        if root.find(f"{{{DI}}}BPMNDiagram") is not None:
            return xml
        model = parse_process(xml)
    except ProcessFaults:
        return xml
    _posts_on_tasks(root, model)
    etree.cleanup_namespaces(root, top_nsmap={**_NAMES, "yc": YC}, keep_ns_prefixes=["yc", *_NAMES])
    for container in sorted(model.starts, key=lambda one: one != model.id):
        _plane(root, model, container)
    etree.indent(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _posts_on_tasks(root: etree._Element, model: ProcessModel) -> None:
    for task in root.iter(f"{{{BPMN}}}userTask"):
        node = model.nodes.get(task.get("id") or "")
        if node is not None and node.post and task.get(f"{{{YC}}}post") is None and not (node.joint or node.several):
            task.set(f"{{{YC}}}post", node.post)
    for lanes in list(root.iter(f"{{{BPMN}}}laneSet")):
        parent = lanes.getparent()
        if parent is not None:
            parent.remove(lanes)


def _plane(root: etree._Element, model: ProcessModel, container: str) -> None:
    diagram = etree.SubElement(root, f"{{{DI}}}BPMNDiagram", id=f"drawing_{container}")
    plane = etree.SubElement(diagram, f"{{{DI}}}BPMNPlane", id=f"plane_{container}", bpmnElement=container)
    shown = {one for one, node in model.nodes.items() if node.container == container}
    for one in sorted(shown & model.svg.boxes.keys()):
        box, node = model.svg.boxes[one], model.nodes[one]
        shape = etree.SubElement(plane, f"{{{DI}}}BPMNShape", id=f"shape_{one}", bpmnElement=one)
        if node.kind == "sub":
            shape.set("isExpanded", "false")
        _bounds(shape, box)
        if node.kind == "boundary" and named_beside(model, node):
            _label_beside(shape, box, node)
    for one, flow in model.flows.items():
        if flow.source in shown and one in model.svg.lines:
            edge = etree.SubElement(plane, f"{{{DI}}}BPMNEdge", id=f"edge_{one}", bpmnElement=one)
            for x, y in model.svg.lines[one]:
                etree.SubElement(edge, f"{{{WAY}}}waypoint", x=f"{x:g}", y=f"{y:g}")


def _bounds(shape: etree._Element, box: Box) -> None:
    numbers = {"x": box.x, "y": box.y, "width": box.width, "height": box.height}
    etree.SubElement(shape, f"{{{DC}}}Bounds", {name: f"{value:g}" for name, value in numbers.items()})


def _label_beside(shape: etree._Element, box: Box, node: Node) -> None:
    """Where an editor puts the name of a boundary event: it would put it below, on the event's line."""
    width = LETTER * text_columns(node.name.zh)
    label = etree.SubElement(shape, f"{{{DI}}}BPMNLabel")
    _bounds(label, Box(box.x - 5 - width, box.y + box.height / 2 + 4, width, 14))
