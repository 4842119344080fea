"""Where things stand in the drawing: as the author placed them, or else in columns from left to right."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Final

from yichuang.engine.bpmn.graph import ACTIVITIES, Box, Layout, Node
from yichuang.engine.bpmn.xml import Draft

BOX: Final = (132.0, 72.0)
CIRCLE: Final = (36.0, 36.0)
GATEWAY: Final = (44.0, 44.0)
BESIDE: Final = 8.0  # from the line of an activity to that of its boundary event
BAND: Final = 64.0  # between the process and what is drawn of its sub-processes below
LETTER: Final = 7.0  # pixels of half a Chinese character or a Latin letter in a label
NAME: Final = 16  # columns in which such a name is wrapped (`drawing`)
ROW: Final = 128.0
BEND: Final = 18.0  # from the widest node of a column to where lines may run down beside it
ARROW: Final = 34.0  # from there to the next column, at least; wider where flows have labels
MARGIN: Final = 36.0


def place(draft: Draft) -> Layout:
    """The layout of a checked process. Sub-processes that the author has not placed are drawn below, one under another."""
    if draft.nodes.keys() <= draft.boxes.keys() and draft.flows.keys() <= draft.lines.keys():
        return _moved({one: draft.boxes[one] for one in draft.nodes}, {one: draft.lines[one] for one in draft.flows})
    boxes: dict[str, Box] = {}
    lines: dict[str, tuple[tuple[float, float], ...]] = {}
    top = 0.0
    # The process first, and last what adds nothing to the step that calls it.
    for container in sorted(draft.starts, key=lambda one: (one != draft.id, one in bare(draft.nodes))):
        band = _band(draft, container)
        boxes.update({one: Box(box.x, box.y + top, box.width, box.height) for one, box in band.boxes.items()})
        lines.update({one: tuple((x, y + top) for x, y in line) for one, line in band.lines.items()})
        top += band.height + BAND
    return _moved(boxes, lines)


def bare(nodes: Mapping[str, Node]) -> frozenset[str]:
    """Bodies of calls that hold one step, called as the call is, between start and end: drawn, they would say it twice."""
    inside: dict[str, list[Node]] = defaultdict(list)
    for node in nodes.values():
        inside[node.container].append(node)
    return frozenset(
        caller.body
        for caller in nodes.values()
        if caller.body
        and len(inside[caller.body]) == 3
        and [one.name for one in inside[caller.body] if one.kind in ACTIVITIES and not one.circle] == [caller.name]
    )


def _band(draft: Draft, container: str) -> Layout:
    """One process or sub-process by itself. Boundary events sit on the lower edge of their activity."""
    nodes = {one: node for one, node in draft.nodes.items() if node.container == container}
    own = {one: flow for one, flow in draft.flows.items() if flow.source in nodes and flow.target in nodes}
    plain = {one: node for one, node in nodes.items() if node.kind != "boundary"}
    carried: dict[str, tuple[str, ...]] = {}
    flows = {}
    for one, flow in own.items():
        source = nodes[flow.source].attached or flow.source
        flows[one] = replace(flow, source=source)
        carried[source] = (*carried.get(source, ()), one)
    plain = {one: replace(node, outgoing=carried.get(one, ())) for one, node in plain.items()}
    aside = {one for one, flow in own.items() if nodes[flow.source].kind == "boundary"}
    grid = _Grid(Draft(id=draft.id, nodes=plain, flows=flows), aside)
    boxes = dict(grid.boxes)
    lines = {one: grid.line(one, index) for index, one in enumerate(flows)}
    for node in plain.values():
        for index, event in enumerate(node.boundaries):
            home = boxes[node.id]
            left = home.x + home.width - 24 - index * (CIRCLE[0] + 6)
            boxes[event] = Box(left - 12, home.y + home.height - CIRCLE[1] / 2, *CIRCLE)
            for flow_id in nodes[event].outgoing:
                lines[flow_id] = _from_below(boxes[event], lines[flow_id])
    return _moved(boxes, lines)


def _from_below(event: Box, line: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
    """The line of a boundary event leaves it downwards and joins the way that was found for its activity."""
    middle, bottom = event.x + event.width / 2, event.y + event.height
    (x0, y0), (x1, _) = line[0], line[1]
    if len(line) > 3 and y0 < line[2][1] <= y0 + ROW:  # to the row below: straight down, nothing stands there
        return ((middle, bottom), (middle, line[2][1]), *line[3:])
    bend = (x1 if len(line) > 2 else x0 + BEND) + BESIDE
    rest = tuple((bend if x == x1 else x, y) for x, y in line[1:-1]) if len(line) > 2 else ((bend, y0),)
    return ((middle, bottom), (middle, bottom + 12), (bend, bottom + 12), *(rest[1:] or rest), *line[-1:])


def size_of(node: Node) -> tuple[float, float]:
    """Width and height of a node in pixels, where the author has not drawn it."""
    if node.circle:
        return CIRCLE
    return BOX if node.kind in ACTIVITIES else GATEWAY


class _Grid:
    """Nodes in columns by rank; a flow that passes columns has a place of its own in each, so it crosses no box."""

    def __init__(self, draft: Draft, aside: Collection[str]) -> None:
        """`aside`: the flows of boundary events, which go to a row below that of their activity."""
        self.draft, self.aside = draft, aside
        self.ranks = _ranks(draft)
        self.half, self.middle = self._widths()
        self.before: dict[str, list[tuple[str, int]]] = defaultdict(list)  # from where, and how many rows below that
        self.room: dict[str, int] = defaultdict(
            lambda: 1
        )  # rows that a node needs, with the ways of its boundary events
        self.passes: dict[str, list[str]] = {}
        self.columns: dict[int, list[str]] = defaultdict(list)
        for one in self.ranks:
            self.columns[self.ranks[one]].append(one)
        for flow in draft.flows:
            self._pass(flow)
        self.rows: dict[str, float] = {}
        for rank in sorted(self.columns):
            self._spread(self.columns[rank])
        self.boxes = {one: self._box(one) for one in self.ranks}
        self.lowest = max(self.rows.values()) * ROW + BOX[1] / 2

    def _widths(self) -> tuple[dict[int, float], dict[int, float]]:
        """By rank: half of what its widest node needs, and where its middle lies. No column is wider than it must be:
        a whole process is to be seen at once on a desk's screen."""
        last = max(self.ranks.values())
        half = {
            rank: max(_half(self.draft.nodes[one]) for one, at in self.ranks.items() if at == rank)
            for rank in range(last + 1)
        }
        middle = {0: 0.0}
        for rank in range(last):
            out = [f for f in self.draft.flows.values() if self.ranks[f.source] == rank]
            longest = max((max(text_columns(f.name.zh), text_columns(f.name.en)) for f in out), default=0)
            room = max(ARROW, 14 + LETTER * min(longest, 24)) if longest else ARROW
            middle[rank + 1] = middle[rank] + half[rank] + BEND + room + half[rank + 1]
        return half, middle

    def _pass(self, flow: str) -> None:
        """The places of a forward flow between its source and its target."""
        source, target = self.draft.flows[flow].source, self.draft.flows[flow].target
        last, self.passes[flow] = source, []
        if self.ranks[target] <= self.ranks[source]:
            return
        below = 0
        if flow in self.aside:
            below = self.room[source]
            self.room[source] += 1
        for rank in range(self.ranks[source] + 1, self.ranks[target]):
            place = f"{flow}\n{rank}"
            self.columns[rank].append(place)
            self.passes[flow].append(place)
            self.before[place].append((last, below))
            last, below = place, 0
        self.before[target].append((last, below))

    def _spread(self, column: list[str]) -> None:
        """Each near the middle of those before it, as many rows from the next as it needs."""

        def wish(one: str) -> float:
            rows = [self.rows[other] + below for other, below in self.before[one]]
            return sum(rows) / len(rows) if rows else 0.0

        wishes = sorted((wish(one), index, one) for index, one in enumerate(column))
        room = [self.room[one] for _, _, one in wishes]
        if max(room) > 1:
            return self._let_down(wishes, room)
        middle = sum(value for value, _, _ in wishes) / len(wishes)
        for index, (_, _, one) in enumerate(wishes):
            self.rows[one] = middle + index - (len(wishes) - 1) / 2

    def _let_down(self, wishes: Sequence[tuple[float, int, str]], room: Sequence[int]) -> None:
        """Activities with ways of their boundary events: one after another down, and the one in the middle where it wished."""
        places = [wishes[0][0]]
        for (value, _, _), rows in zip(wishes[1:], room, strict=False):
            places.append(max(value, places[-1] + rows))
        half = (len(places) - 1) // 2
        shift = places[half] - wishes[half][0]
        for (_, _, one), place in zip(wishes, places, strict=True):
            self.rows[one] = place - shift

    def _box(self, one: str) -> Box:
        width, height = size_of(self.draft.nodes[one])
        return Box(self.middle[self.ranks[one]] - width / 2, self.rows[one] * ROW - height / 2, width, height)

    def line(self, flow: str, index: int) -> tuple[tuple[float, float], ...]:
        """Right angles only, with the bends in the gaps between columns; one that goes back runs below everything."""
        source, target = self.draft.flows[flow].source, self.draft.flows[flow].target
        start = (self.boxes[source].x + self.boxes[source].width, self.rows[source] * ROW)
        end = (self.boxes[target].x, self.rows[target] * ROW)
        if self.ranks[target] <= self.ranks[source]:
            first, second = self.ranks[source], self.ranks[target]
            out, back = self.middle[first] + self.half[first] + BEND + 8, self.middle[second] - self.half[second] - BEND
            below = self.lowest + 40 + 12 * (index % 4)
            return (start, (out, start[1]), (out, below), (back, below), (back, end[1]), end)
        points, y, rank = [start], start[1], self.ranks[source]
        for row in (*(self.rows[place] for place in self.passes[flow]), self.rows[target]):
            if row * ROW != y:
                bend = self.middle[rank] + self.half[rank] + BEND
                points += [(bend, y), (bend, row * ROW)]
                y = row * ROW
            rank += 1
        return (*points, end)


def _half(node: Node) -> float:
    """Half the width of a node with the name that stands under it (of gateways, start and end)."""
    width, _ = size_of(node)
    if node.kind in ACTIVITIES and not node.circle:
        return width / 2
    longest = max(text_columns(node.name.zh), text_columns(node.name.en))
    return max(width, LETTER * min(longest, NAME)) / 2


def text_columns(text: str) -> int:
    """The width of a text in Latin letters: a Chinese character takes two."""
    return sum(2 if ord(sign) >= 0x2E80 else 1 for sign in text)


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
