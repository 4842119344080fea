"""Opening hours as people write them: "09:00-12:00 14:00-18:00"."""

import re
from collections.abc import Iterable
from datetime import time

from yichuang.core.refusals import Reason
from yichuang.core.words import W
from yichuang.network.values import Span

FORM = W(
    "时段应写作 09:00-12:00 14:00-18:00，不开放则留空", "Write hours as 09:00-12:00 14:00-18:00; leave it empty when closed"
)  # fmt: skip
_SPAN = re.compile(r"(\d{1,2})[:：](\d{2})\s*[-–—－~～至到]\s*(\d{1,2})[:：](\d{2})")
_BETWEEN = re.compile(r"[\s,，;；、]*")
MIDNIGHT = "24:00"


def read(text: str, field: str) -> tuple[tuple[Span, ...], list[Reason]]:
    """The hours of a day, and why they cannot be read."""
    wrong = [Reason("HOURS_FORMAT", FORM, field)]
    if _BETWEEN.sub("", _SPAN.sub("", text)):
        return (), wrong
    try:
        return tuple(Span(_time(h, m), _time(hh, mm)) for h, m, hh, mm in _SPAN.findall(text)), []
    except ValueError:
        return (), wrong


def _time(hour: str, minute: str) -> time:
    return time.max if (int(hour), int(minute)) == (24, 0) else time(int(hour), int(minute))


def written(spans: Iterable[Span]) -> str:
    """The same hours as text."""
    return " ".join(f"{span.opens:%H:%M}-{_closing(span.closes)}" for span in spans)


def _closing(at: time) -> str:
    return MIDNIGHT if at == time.max else f"{at:%H:%M}"
