"""A process as SVG: what is done, where it is now, what waits — told by colour, shape and word. No script, no style."""

from collections.abc import Mapping
from html import escape
from typing import Final, Literal

from yichuang.core.words import Words
from yichuang.engine.bpmn.graph import Box, Layout, Node, ProcessModel
from yichuang.engine.bpmn.layout import NAME, text_columns

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
INK: Final = "#333a42"
LINE_HEIGHT: Final = 17


def draw(model: ProcessModel, states: Mapping[str, StepState], *, locale: str, key: str = "bpmn") -> str:
    """The SVG. `states` by task id; a task that is not named waits. `key` makes the ids of title and text unique."""
    layout = model.svg
    name = model.name.in_(locale) or Words("办理流程", "The process").in_(locale)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="bpmn" role="img" viewBox="0 0 {_n(layout.width)} '
        f'{_n(layout.height)}" width="{_n(layout.width)}" height="{_n(layout.height)}" '
        f'aria-labelledby="{escape(key)}-title {escape(key)}-desc" font-family="inherit" font-size="13">',
        f'<title id="{escape(key)}-title">{escape(name)}</title>',
        f'<desc id="{escape(key)}-desc">{escape(describe(model, states, locale))}</desc>',
    ]
    parts.extend(_flow(model, one, locale) for one in model.flows)
    parts.extend(_node(layout, model.nodes[one], states, locale) for one in model.order)
    return "".join([*parts, "</svg>"])


def describe(model: ProcessModel, states: Mapping[str, StepState], locale: str) -> str:
    """The picture in words, step by step, for who cannot see it."""
    steps = [
        f"{task.name.in_(locale)}：{STATE_WORDS[states.get(task.id, 'waiting')].zh}"
        if not locale.startswith("en")
        else f"{task.name.en}: {STATE_WORDS[states.get(task.id, 'waiting')].en}"
        for task in model.tasks
    ]
    return ("; " if locale.startswith("en") else "；").join(steps)


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def _flow(model: ProcessModel, one: str, locale: str) -> str:
    points = model.svg.lines[one]
    path = " ".join(f"{_n(x)},{_n(y)}" for x, y in points)
    (x0, y0), (x1, y1) = points[-2], points[-1]
    length = max(((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5, 1)
    dx, dy = (x1 - x0) / length, (y1 - y0) / length
    back_x, back_y = x1 - 9 * dx, y1 - 9 * dy
    head = f"{_n(x1)},{_n(y1)} {_n(back_x - 4 * dy)},{_n(back_y + 4 * dx)} {_n(back_x + 4 * dy)},{_n(back_y - 4 * dx)}"
    label = model.flows[one].name.in_(locale)
    text = _flow_label(points, label) if label else ""
    return (
        f'<g class="bpmn-flow"><polyline points="{path}" fill="none" stroke="{INK}" stroke-width="1.4"/>'
        f'<polygon points="{head}" fill="{INK}"/>{text}</g>'
    )


def _flow_label(points: tuple[tuple[float, float], ...], label: str) -> str:
    """Above the stretch after the first bend: there the lines of a gateway have parted."""
    at = 2 if len(points) >= 4 else 0
    (x, y), (next_x, _) = points[at], points[at + 1]
    anchor, shift = ("end", -6) if next_x < x else ("start", 6)
    return (
        f'<text class="bpmn-label" x="{_n(x + shift)}" y="{_n(y - 6)}" text-anchor="{anchor}" fill="{INK}" '
        f'font-size="12">{escape(label)}</text>'
    )


def _node(layout: Layout, node: Node, states: Mapping[str, StepState], locale: str) -> str:
    box = layout.boxes[node.id]
    if node.kind == "task":
        return _task(box, node, states.get(node.id, "waiting"), locale)
    if node.kind in {"start", "end"}:
        return _event(box, node, locale)
    return _gateway(box, node, locale)


def _task(box: Box, node: Node, state: StepState, locale: str) -> str:
    line, ground = COLOURS[state]
    lines = wrap(node.name.in_(locale), max(int(box.width / 6.8) - 2, 8), 3 if box.height >= 80 else 2)
    middle = box.x + box.width / 2
    top = box.y + (box.height - LINE_HEIGHT * (len(lines) + 1)) / 2 + 13
    spans = "".join(
        f'<tspan x="{_n(middle)}" y="{_n(top + LINE_HEIGHT * index)}">{escape(text)}</tspan>'
        for index, text in enumerate(lines)
    )
    word = STATE_WORDS[state].in_(locale)
    foot = top + LINE_HEIGHT * len(lines)
    left = middle - (18 + text_columns(word) * 6) / 2
    dashed = ' stroke-dasharray="5 4"' if state == "skipped" else ""
    now = state in {"current", "late"}
    heavy = "3" if now else "1.6"
    current = ' aria-current="step"' if now else ""
    return (
        f'<g class="bpmn-task is-{state}"{current}><rect x="{_n(box.x)}" y="{_n(box.y)}" width="{_n(box.width)}" '
        f'height="{_n(box.height)}" rx="8" fill="{ground}" stroke="{line}" stroke-width="{heavy}"{dashed}/>'
        f'<text text-anchor="middle" fill="{INK}">{spans}</text>'
        f'<g class="bpmn-mark" transform="translate({_n(left)} {_n(foot - 10)})">{MARKS[state].format(c=line)}</g>'
        f'<text class="bpmn-state" x="{_n(left + 18)}" y="{_n(foot)}" fill="{line}" font-size="12">'
        f"{escape(word)}</text></g>"
    )


def _event(box: Box, node: Node, locale: str) -> str:
    radius, x, y = box.width / 2, box.x + box.width / 2, box.y + box.height / 2
    name = node.name.in_(locale) or (Words("开始", "Start") if node.kind == "start" else Words("结束", "End")).in_(
        locale
    )
    return (
        f'<g class="bpmn-{node.kind}"><circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}" fill="#ffffff" stroke="{INK}" '
        f'stroke-width="{"1.6" if node.kind == "start" else "4"}"/>{_below(box, name)}</g>'
    )


def _gateway(box: Box, node: Node, locale: str) -> str:
    x, y, half_w, half_h = box.x + box.width / 2, box.y + box.height / 2, box.width / 2, box.height / 2
    corners = f"{_n(x)},{_n(y - half_h)} {_n(x + half_w)},{_n(y)} {_n(x)},{_n(y + half_h)} {_n(x - half_w)},{_n(y)}"
    sign = (
        f"M{_n(x - 7)} {_n(y - 7)}L{_n(x + 7)} {_n(y + 7)}M{_n(x + 7)} {_n(y - 7)}L{_n(x - 7)} {_n(y + 7)}"
        if node.kind == "exclusive"
        else f"M{_n(x - 9)} {_n(y)}H{_n(x + 9)}M{_n(x)} {_n(y - 9)}V{_n(y + 9)}"
    )
    return (
        f'<g class="bpmn-gateway"><polygon points="{corners}" fill="#ffffff" stroke="{INK}" stroke-width="1.6"/>'
        f'<path d="{sign}" stroke="{INK}" stroke-width="2.2"/>{_below(box, node.name.in_(locale))}</g>'
    )


def _below(box: Box, name: str) -> str:
    return "".join(
        f'<text class="bpmn-label" text-anchor="middle" x="{_n(box.x + box.width / 2)}" '
        f'y="{_n(box.y + box.height + 15 + 15 * index)}" fill="{INK}" font-size="12">{escape(text)}</text>'
        for index, text in enumerate(wrap(name, NAME, 2) if name else ())
    )


def wrap(text: str, columns: int, lines: int) -> list[str]:
    """Break a label between words or Chinese characters; what does not fit is cut with an ellipsis."""
    pieces: list[str] = []
    for sign in text:
        if pieces and sign != " " and ord(sign) < 0x2E80 and ord(pieces[-1][-1]) < 0x2E80 and pieces[-1][-1] != " ":
            pieces[-1] += sign
        else:
            pieces.append(sign)
    rows = [""]
    for piece in pieces:
        if rows[-1] and text_columns(rows[-1] + piece) > columns:
            rows.append("")
        rows[-1] += piece
    rows = [row.strip() for row in rows if row.strip()]
    if len(rows) > lines:
        rows = [*rows[: lines - 1], rows[lines - 1].rstrip("…") + "…"]
    return rows
