"""Where things stand in the drawing: as the author placed them, or else in columns from left to right."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from yichuang.engine.bpmn.graph import Box, Layout, Node
from yichuang.engine.bpmn.read import Draft

SIZES: Final = {"task": (132.0, 72.0), "start": (36.0, 36.0), "end": (36.0, 36.0)}
GATEWAY: Final = (44.0, 44.0)
COLUMN: Final = 196.0
ROW: Final = 128.0
MARGIN: Final = 36.0


def place(draft: Draft) -> Layout:
    """The layout of a checked process."""
    if draft.nodes.keys() <= draft.boxes.keys() and draft.flows.keys() <= draft.lines.keys():
        return _moved({one: draft.boxes[one] for one in draft.nodes}, {one: draft.lines[one] for one in draft.flows})
    boxes = _columns(draft)
    lowest = max(box.y + box.height for box in boxes.values())
    lines = {}
    for index, flow in enumerate(draft.flows.values()):
        lines[flow.id] = _line(boxes[flow.source], boxes[flow.target], lowest + 40 + 10 * (index % 4))
    return _moved(boxes, lines)


def _columns(draft: Draft) -> dict[str, Box]:
    ranks = _ranks(draft)
    columns: dict[int, list[str]] = defaultdict(list)
    rows: dict[str, float] = {}
    for one in sorted(ranks, key=lambda one: (ranks[one], list(ranks).index(one))):
        columns[ranks[one]].append(one)
    for rank in sorted(columns):
        _spread(draft, columns[rank], rows)
    boxes = {}
    for one, row in rows.items():
        width, height = SIZES.get(draft.nodes[one].kind, GATEWAY)
        boxes[one] = Box(ranks[one] * COLUMN - width / 2, row * ROW - height / 2, width, height)
    return boxes


def _spread(draft: Draft, column: list[str], rows: dict[str, float]) -> None:
    """Each node near the middle of those before it, at least one row from the next."""

    def wish(one: str) -> float:
        before = [
            rows[draft.flows[flow].source] for flow in draft.nodes[one].incoming if draft.flows[flow].source in rows
        ]
        return sum(before) / len(before) if before else 0.0

    wishes = sorted((wish(one), index, one) for index, one in enumerate(column))
    middle = sum(value for value, _, _ in wishes) / len(wishes)
    for index, (_, _, one) in enumerate(wishes):
        rows[one] = middle + index - (len(wishes) - 1) / 2


def _ranks(draft: Draft) -> dict[str, int]:
    """The longest way from the start, loops left out."""
    nodes = draft.nodes
    start = next(node.id for node in nodes.values() if node.kind == "start")
    order = _finishing_order(draft, start)
    position = {one: index for index, one in enumerate(order)}
    ranks = dict.fromkeys(order, 0)
    for one in order:
        for flow in nodes[one].outgoing:
            target = draft.flows[flow].target
            if position[target] > position[one]:
                ranks[target] = max(ranks[target], ranks[one] + 1)
    return ranks


def _finishing_order(draft: Draft, start: str) -> list[str]:
    """Depth first, last finished first: a topological order when the backward flows are forgotten."""
    done: list[str] = []
    seen = {start}
    stack = [(start, iter(_targets(draft, draft.nodes[start])))]
    while stack:
        node, targets = stack[-1]
        target = next((one for one in targets if one not in seen), None)
        if target is None:
            done.append(node)
            stack.pop()
        else:
            seen.add(target)
            stack.append((target, iter(_targets(draft, draft.nodes[target]))))
    return done[::-1]


def _targets(draft: Draft, node: Node) -> list[str]:
    return [draft.flows[flow].target for flow in reversed(node.outgoing)]


def _line(source: Box, target: Box, below: float) -> tuple[tuple[float, float], ...]:
    """A line of right angles; one that goes back runs below everything."""
    left, right = source.x + source.width, target.x
    from_y, to_y = source.y + source.height / 2, target.y + target.height / 2
    if right <= left:
        out, back = source.x + source.width / 2, target.x + target.width / 2
        return ((out, source.y + source.height), (out, below), (back, below), (back, target.y + target.height))
    if from_y == to_y:
        return ((left, from_y), (right, to_y))
    bend = right - 24 if source.height > GATEWAY[1] else left + 24
    return ((left, from_y), (bend, from_y), (bend, to_y), (right, to_y))


def _moved(boxes: Mapping[str, Box], lines: Mapping[str, tuple[tuple[float, float], ...]]) -> Layout:
    """Everything moved to the top left, with a margin for labels."""
    points = [point for line in lines.values() for point in line]
    left = min([box.x for box in boxes.values()] + [x for x, _ in points]) - MARGIN
    top = min([box.y for box in boxes.values()] + [y for _, y in points]) - MARGIN
    right = max([box.x + box.width for box in boxes.values()] + [x for x, _ in points]) + MARGIN
    bottom = max([box.y + box.height for box in boxes.values()] + [y for _, y in points]) + MARGIN
    return Layout(
        boxes={one: Box(box.x - left, box.y - top, box.width, box.height) for one, box in boxes.items()},
        lines={one: tuple((x - left, y - top) for x, y in line) for one, line in lines.items()},
        width=right - left,
        height=bottom - top,
    )
