"""A process as SVG: what is done, where it is now, what waits — told by colour, shape and word. No script, no style."""

from collections.abc import Mapping
from html import escape
from typing import Final, Literal

from yichuang.core.words import Words
from yichuang.engine.bpmn.graph import ACTIVITIES, Box, Layout, Node, ProcessModel
from yichuang.engine.bpmn.layout import MARGIN, bare, text_columns
from yichuang.engine.bpmn.signs import INK, Ring, event, gateway, label, number, polyline, wrap

StepState = Literal["done", "current", "late", "waiting", "skipped"]
STATE_WORDS: Final[Mapping[StepState, Words]] = {
    "done": Words("已完成", "done"),
    "current": Words("办理中", "now"),
    "late": Words("办理中，已超期", "now, overdue"),
    "waiting": Words("未开始", "to come"),
    "skipped": Words("未经过", "not taken"),
}
COLOURS: Final[Mapping[StepState, tuple[str, str]]] = {  # line, ground: at least 4.5:1 for the words on it
    "done": ("#1b6e3c", "#eaf6ee"),
    "current": ("#0b5cad", "#dcebfa"),
    "late": ("#b3261e", "#fdeceb"),
    "waiting": ("#5b6470", "#ffffff"),
    "skipped": ("#6b7280", "#f3f4f6"),
}
MARKS: Final[Mapping[StepState, str]] = {  # 12 x 12: a tick, a triangle, a square, a ring, a bar
    "done": '<path d="M1 6.5 4.5 10 11 2.5" fill="none" stroke="{c}" stroke-width="2.4"/>',
    "current": '<path d="M2 1 11 6 2 11Z" fill="{c}"/>',
    "late": '<path d="M1 1H11V11H1Z" fill="{c}"/>',
    "waiting": '<circle cx="6" cy="6" r="4.5" fill="none" stroke="{c}" stroke-width="1.6"/>',
    "skipped": '<path d="M1 6H11" stroke="{c}" stroke-width="2.4"/>',
}
LINE_HEIGHT: Final = 17
OUTSIDE: Final[Mapping[str, Words]] = {
    "service": Words("系统办理", "by a system"),
    "rule": Words("按规则判断", "by rules"),
    "send": Words("发送", "sent"),
    "receive": Words("等待消息", "a message"),
}


def draw(model: ProcessModel, states: Mapping[str, StepState] | None, *, locale: str, key: str = "bpmn") -> str:
    """The SVG. `states` by task id; a task that is not named waits. None: the plan alone, of nobody's case, so no step says
    how far it is. `key` makes the ids of title and text unique."""
    layout, states = _shown(model), None if states is None else with_holders(model, states)
    name = model.name.in_(locale) or Words("办理流程", "The process").in_(locale)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="bpmn" role="img" viewBox="0 0 {number(layout.width)} '
        f'{number(layout.height)}" width="{number(layout.width)}" height="{number(layout.height)}" '
        f'aria-labelledby="{escape(key)}-title {escape(key)}-desc" font-family="inherit" font-size="13">',
        f'<title id="{escape(key)}-title">{escape(name)}</title>',
        f'<desc id="{escape(key)}-desc">{escape(describe(model, states, locale))}</desc>',
    ]
    flows = [one for one in model.flows if one in layout.lines]
    parts.extend(f'<g class="bpmn-flow">{polyline(layout.lines[one])}</g>' for one in flows)
    parts.extend(_flow_label(model, one, locale) for one in flows)  # no line runs over the words of another
    drawn = [model.nodes[one] for one in model.order if one in layout.boxes]
    parts.extend(_node(layout, node, states, locale) for node in drawn if node.kind != "boundary")
    parts.extend(
        _event(layout.boxes[node.id], node, locale, named_beside(model, node))
        for node in drawn
        if node.kind == "boundary"
    )
    return "".join([*parts, "</svg>"])


def _shown(model: ProcessModel) -> Layout:
    """The layout without what would only say once more what the step that calls it says (`bare`): it stands below all else."""
    layout, left_out = model.svg, bare(model.nodes)
    boxes = {one: box for one, box in layout.boxes.items() if model.nodes[one].container not in left_out}
    if len(boxes) == len(layout.boxes):
        return layout
    lines = {one: line for one, line in layout.lines.items() if model.flows[one].source in boxes}
    lowest = max([box.y + box.height for box in boxes.values()] + [y for line in lines.values() for _, y in line])
    return Layout(boxes, lines, layout.width, lowest + MARGIN)


def with_holders(model: ProcessModel, states: Mapping[str, StepState]) -> dict[str, StepState]:
    """The states of sub-processes too: late or current as soon as one step inside is, done when one is and none waits."""
    found = dict(states)
    for holder in [
        node for node in model.nodes.values() if node.kind == "sub"
    ]:  # read from the inside: innermost first
        inside = [node for node in model.nodes.values() if node.container == holder.body]
        told = {found[node.id] for node in inside if node.id in found}
        for state in ORDER:
            if state in told:
                found.setdefault(holder.id, state)
                break
    return found


ORDER: Final[tuple[StepState, ...]] = ("late", "current", "waiting", "done", "skipped")


def describe(model: ProcessModel, states: Mapping[str, StepState] | None, locale: str) -> str:
    """The picture in words, step by step, for who cannot see it."""
    english = locale.startswith("en")
    said = Words("{name}：{state}", "{name}: {state}")
    people = [(task.id, task.name) for task in model.tasks]
    calls = [(node.id, node.name) for node in model.nodes.values() if node.kind == "sub"]
    steps = [
        name.in_(locale)
        if states is None
        else said.format(name=name, state=STATE_WORDS[states.get(one, "waiting")]).in_(locale)
        for one, name in people or calls  # a package has no steps of its own, only those that it calls
    ]
    return ("; " if english else "；").join(steps)


def _flow_label(model: ProcessModel, one: str, locale: str) -> str:
    """Above the stretch after the first bend: there the lines of a gateway have parted."""
    points, text = model.svg.lines[one], model.flows[one].name.in_(locale)
    if not text:
        return ""
    at = 2 if len(points) >= 4 else 0
    (x, y), (next_x, _) = points[at], points[at + 1]
    anchor, shift = ("end", -6) if next_x < x else ("start", 6)
    return label(x + shift, y - 6, text, anchor)


def _node(layout: Layout, node: Node, states: Mapping[str, StepState] | None, locale: str) -> str:
    box = layout.boxes[node.id]
    if node.circle:
        return _event(box, node, locale)
    if node.kind in ACTIVITIES and states is None:
        return _task(box, node, "waiting", locale, "")
    if node.kind in ACTIVITIES and states is not None:
        told = node.kind in {"task", "sub"} or node.id in states  # of work outside nothing is claimed that is not known
        state = states.get(node.id, "waiting")
        return _task(
            box, node, state, locale, (STATE_WORDS[state] if told else OUTSIDE[node.work or "receive"]).in_(locale)
        )
    return gateway(box, node.name.in_(locale), node.kind)


def _task(box: Box, node: Node, state: StepState, locale: str, word: str) -> str:
    """A step; `word` says how far it is, with its mark ("": neither)."""
    line, ground = COLOURS[state]
    lines = wrap(node.name.in_(locale), max(int(box.width / 6.8) - 2, 8), 3 if box.height >= 80 else 2)
    middle = box.x + box.width / 2
    top = box.y + (box.height - LINE_HEIGHT * (len(lines) + bool(word))) / 2 + 13
    spans = "".join(
        f'<tspan x="{number(middle)}" y="{number(top + LINE_HEIGHT * index)}">{escape(text)}</tspan>'
        for index, text in enumerate(lines)
    )
    foot = top + LINE_HEIGHT * len(lines)
    left = middle - (18 + text_columns(word) * 6) / 2
    dashed = ' stroke-dasharray="5 4"' if state == "skipped" else ""
    now = state in {"current", "late"}
    heavy = "3" if now else "1.6"
    current = ' aria-current="step"' if now else ""
    told = (
        f'<g class="bpmn-mark" transform="translate({number(left)} {number(foot - 10)})">{MARKS[state].format(c=line)}</g>'
        f'<text class="bpmn-state" x="{number(left + 18)}" y="{number(foot)}" fill="{line}" font-size="12">{escape(word)}</text>'
    )
    return (
        f'<g class="bpmn-task is-{state}"{current}><rect x="{number(box.x)}" y="{number(box.y)}" width="{number(box.width)}" '
        f'height="{number(box.height)}" rx="8" fill="{ground}" stroke="{line}" stroke-width="{heavy}"{dashed}/>'
        f'<text text-anchor="middle" fill="{INK}">{spans}</text>{told if word else ""}</g>'
    )


def named_beside(model: ProcessModel, node: Node) -> bool:
    """Whether the name of a boundary event is to stand beside it: its line goes down where the name would be."""
    if len(model.nodes[node.attached].boundaries) > 1 or not node.outgoing:
        return False
    (x0, y0), (x1, y1) = model.svg.lines[node.outgoing[0]][:2]
    return x0 == x1 and y1 > y0


def _event(box: Box, node: Node, locale: str, beside: bool = False) -> str:
    ring: Ring = "start" if node.kind == "start" else "end" if node.kind == "end" or node.ends else "middle"
    bare = {"start": Words("开始", "Start"), "end": Words("结束", "End"), "middle": Words("", "")}[ring]
    kind = "message" if node.work == "send" else node.trigger.kind if node.trigger else ""
    return event(
        box,
        node.name.in_(locale) or bare.in_(locale),
        css=node.kind,
        ring=ring,
        kind=kind,
        dashed=node.kind == "boundary" and not node.interrupting,
        beside=beside,
    )
