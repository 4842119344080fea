"""Numbers as Prometheus reads them (text format 0.0.4)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

from yichuang.webkit.metrics import BUCKETS, Measured

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_ESCAPED = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})


@dataclass(frozen=True, slots=True)
class Family:
    """One metric: its samples are (labels, value)."""

    name: str
    kind: Literal["counter", "gauge", "histogram"]
    help: str
    samples: tuple[tuple[Mapping[str, str], float], ...]


def gauge(name: str, help: str, value: float) -> Family:
    """A number of the moment, without labels."""
    return Family(name, "gauge", help, (({}, value),))


def written(families: Iterable[Family]) -> str:
    """The whole answer."""
    return "".join(_family(family) for family in families)


def _family(family: Family) -> str:
    head = f"# HELP {family.name} {family.help}\n# TYPE {family.name} {family.kind}\n"
    return head + "".join(_sample(family.name, labels, value) for labels, value in family.samples)


def _sample(name: str, labels: Mapping[str, str], value: float) -> str:
    told = ",".join(f'{label}="{text.translate(_ESCAPED)}"' for label, text in labels.items())
    return f"{name}{{{told}}} {_number(value)}\n" if told else f"{name} {_number(value)}\n"


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def requests(measured: Iterable[Measured]) -> str:
    """Requests by route and status, and how long they took by route."""
    rows = list(measured)
    counted = [({"route": row.route, "status": status}, float(n)) for row in rows for status, n in row.statuses.items()]
    total = Family(
        "yichuang_requests_total", "counter", "Requests since the start, by route and status.", tuple(counted)
    )
    name = "yichuang_request_seconds"
    head = f"# HELP {name} Seconds until a request was answered, by route.\n# TYPE {name} histogram\n"
    return _family(total) + head + "".join(_histogram(name, row) for row in rows)


def _histogram(name: str, row: Measured) -> str:
    bounds = [*map(_number, BUCKETS), "+Inf"]
    below = list(accumulate(row.buckets))
    lines = [
        _sample(f"{name}_bucket", {"route": row.route, "le": bound}, count)
        for bound, count in zip(bounds, below, strict=True)
    ]
    lines += [
        _sample(f"{name}_sum", {"route": row.route}, row.seconds),
        _sample(f"{name}_count", {"route": row.route}, below[-1]),
    ]
    return "".join(lines)
