"""Circles, diamonds and the signs in them, as SVG."""

from collections.abc import Mapping
from html import escape
from typing import Final, Literal

from yichuang.engine.bpmn.graph import Box
from yichuang.engine.bpmn.layout import NAME, text_columns

INK: Final = "#333a42"
Ring = Literal["start", "middle", "end"]
EVENTS: Final[Mapping[str, str]] = {  # around 0 0, 16 wide: a clock, a letter, a triangle, a flash, a disc
    "timer": '<circle r="8" fill="none" stroke="{c}"/><path d="M0-5V0H4" fill="none" stroke="{c}" stroke-width="1.4"/>',
    "message": '<path d="M-8-5.5H8V5.5H-8ZM-8-5.5 0 1 8-5.5" fill="none" stroke="{c}" stroke-width="1.2"/>',
    "signal": '<path d="M0-7 7 5H-7Z" fill="none" stroke="{c}" stroke-width="1.4"/>',
    "error": '<path d="M-7 6-2-6 2 2 7-6 2 6-2-1Z" fill="none" stroke="{c}" stroke-width="1.2"/>',
    "terminate": '<circle r="8" fill="{c}"/>',
}
GATEWAYS: Final[Mapping[str, str]] = {
    "exclusive": '<path d="M-7-7 7 7M7-7-7 7" stroke="{c}" stroke-width="2.2"/>',
    "parallel": '<path d="M-9 0H9M0-9V9" stroke="{c}" stroke-width="2.2"/>',
    "inclusive": '<circle r="9" fill="none" stroke="{c}" stroke-width="2.2"/>',
    "event": '<circle r="10" fill="none" stroke="{c}"/><path d="M0-6 6-1 3.5 5H-3.5L-6-1Z" fill="none" stroke="{c}" stroke-width="1.2"/>',
    "complex": '<path d="M-8 0H8M0-8V8M-6-6 6 6M6-6-6 6" stroke="{c}" stroke-width="1.8"/>',
}


def number(value: float) -> str:
    """A coordinate in pixels, without needless digits."""
    return f"{value:.1f}".removesuffix(".0")


def event(
    box: Box, name: str, *, css: str, ring: Ring, kind: str = "", dashed: bool = False, beside: bool = False
) -> str:
    """An event: thin for a start, thick for an end, double between; dashed when it interrupts nothing. Its name stands under
    it, or `beside` it on the left."""
    x, y, radius = box.x + box.width / 2, box.y + box.height / 2, box.width / 2
    dash = ' stroke-dasharray="4 3"' if dashed else ""
    inner = f'<circle r="{number(radius - 3)}" fill="none" stroke="{INK}"{dash}/>' if ring == "middle" else ""
    width = "4" if ring == "end" else "1.6"
    return (
        f'<g class="bpmn-{css}"><g transform="translate({number(x)} {number(y)})"><circle r="{number(radius)}" '
        f'fill="#ffffff" stroke="{INK}" stroke-width="{width}"{dash}/>{inner}{EVENTS.get(kind, "").format(c=INK)}</g>'
        f"{left_of(box, name) if beside else below(box, name)}</g>"
    )


def left_of(box: Box, name: str) -> str:
    """The name beside the lower half of a circle, which sits on the edge of an activity."""
    return "".join(
        label(box.x - 5, box.y + box.height / 2 + 15 + 15 * index, text, "end")
        for index, text in enumerate(wrap(name, NAME, 2) if name else ())
    )


def gateway(box: Box, name: str, kind: str) -> str:
    """A diamond with its sign."""
    x, y, half_w, half_h = box.x + box.width / 2, box.y + box.height / 2, box.width / 2, box.height / 2
    n = number
    corners = f"0,{n(-half_h)} {n(half_w)},0 0,{n(half_h)} {n(-half_w)},0"
    return (
        f'<g class="bpmn-gateway"><g transform="translate({n(x)} {n(y)})"><polygon points="{corners}" fill="#ffffff" '
        f'stroke="{INK}" stroke-width="1.6"/>{GATEWAYS.get(kind, "").format(c=INK)}</g>{below(box, name)}</g>'
    )


def below(box: Box, name: str) -> str:
    """The name under a circle or diamond."""
    return "".join(
        label(box.x + box.width / 2, box.y + box.height + 15 + 15 * index, text)
        for index, text in enumerate(wrap(name, NAME, 2) if name else ())
    )


def label(x: float, y: float, text: str, anchor: str = "middle") -> str:
    """Words that stand free, on a white edge of their own: a line that runs behind them does not strike them out."""
    return (
        f'<text class="bpmn-label" x="{number(x)}" y="{number(y)}" text-anchor="{anchor}" fill="{INK}" font-size="12" '
        f'stroke="#ffffff" stroke-width="6" stroke-linejoin="round" paint-order="stroke">{escape(text)}</text>'
    )


def polyline(points: tuple[tuple[float, float], ...], *, dashed: bool = False) -> str:
    """A line with an arrow head at its end."""
    path = " ".join(f"{number(x)},{number(y)}" for x, y in points)
    (x0, y0), (x1, y1) = points[-2], points[-1]
    length = max(((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5, 1)
    dx, dy = (x1 - x0) / length, (y1 - y0) / length
    x2, y2, n = x1 - 9 * dx, y1 - 9 * dy, number
    head = f"{n(x1)},{n(y1)} {n(x2 - 4 * dy)},{n(y2 + 4 * dx)} {n(x2 + 4 * dy)},{n(y2 - 4 * dx)}"
    dash = ' stroke-dasharray="5 4"' if dashed else ""
    return (
        f'<polyline points="{path}" fill="none" stroke="{INK}" stroke-width="1.4"{dash}/>'
        f'<polygon points="{head}" fill="{INK}"/>'
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
