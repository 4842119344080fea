"""What is measured, as values: rounds, medians, the distance to the bar. Pure: no process, no clock, no database."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True)
class Round:
    """One round: milliseconds of CPU per request, ours and the ceiling's, measured one after the other."""

    app: float  # the web processes
    database: float  # all processes of PostgreSQL
    ceiling: float  # pgbench and PostgreSQL together

    @property
    def ours(self) -> float:
        return self.app + self.database

    @property
    def ratio(self) -> float:
        return self.ours / self.ceiling


@dataclass(frozen=True, slots=True)
class Statements:
    """What one request sent to the database, counted in the server's own log."""

    queries: int  # SELECT, INSERT, UPDATE, DELETE, WITH
    frame: int  # BEGIN, COMMIT, SAVEPOINT, SET and the like
    list: tuple[str, ...] = ()  # each statement, shortened, without values


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds from the intended moment of sending, at a steady rate (open loop)."""

    rate: float  # requests per second
    p50: float
    p99: float
    worst: float
    requests: int


@dataclass(slots=True)
class Result:
    """One line of the report."""

    name: str
    what: str
    bar: float | None = None  # the ratio of quality.md, or seconds or megabytes for `start`
    unit: str = "× the ceiling"
    value: float = 0.0  # the median, in `unit`
    low: float = 0.0
    high: float = 0.0
    rounds: list[Round] = field(default_factory=list)
    statements: Statements | None = None
    latency: Latency | None = None
    facts: dict[str, Any] = field(default_factory=dict)  # bytes of the page, rows, checks
    faults: list[str] = field(default_factory=list)  # wrong answers: the figures then count for nothing
    profile: str = ""

    def take(self, values: Sequence[float]) -> None:
        """The median of some values with the smallest and the largest."""
        self.value, self.low, self.high = median(values), min(values), max(values)

    @property
    def missed(self) -> bool:
        """Whether there is a bar and it was not reached. The bars of quality.md bind."""
        return self.bar is not None and self.value > self.bar

    @property
    def verdict(self) -> str:
        """Said plainly: what was reached of the bar."""
        if self.faults:
            return f"INVALID, {len(self.faults)} faults: {self.faults[0][:200]}"
        if self.bar is None:
            return "no bar"
        return f"BAR NOT MET: {self.value / self.bar:.2f}× the bar" if self.missed else "meets the bar"

    def as_json(self) -> dict[str, Any]:
        """One JSON line."""
        told: dict[str, Any] = {
            "name": self.name, "what": self.what, "value": round(self.value, 2), "unit": self.unit, "bar": self.bar,
            "spread": [round(self.low, 2), round(self.high, 2)], "verdict": self.verdict,
        }  # fmt: skip
        if self.rounds:
            told["cpu_ms"] = {
                "app": round(median(r.app for r in self.rounds), 2),
                "database": round(median(r.database for r in self.rounds), 2),
                "ceiling": round(median(r.ceiling for r in self.rounds), 3),
            }
            told["rounds"] = [{k: round(v, 3) for k, v in asdict(r).items()} for r in self.rounds]
        if self.statements:
            told["statements"] = asdict(self.statements)
        if self.latency:
            told["latency_ms"] = {k: round(v, 1) for k, v in asdict(self.latency).items()}
        return {**told, "facts": self.facts}


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that `share` of the values do not exceed. ValueError for none."""
    if not values:
        raise ValueError("no values")
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -(-int(share * 1000) * len(ordered) // 1000) - 1))]


def table(results: Sequence[Result]) -> str:
    """The report as a Markdown table."""
    lines = [
        "| scenario | measured | spread | bar | verdict | CPU ms: app + PostgreSQL / ceiling | statements | p50 / p99 ms (open loop) |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for r in results:
        told = r.as_json()
        cpu = told.get("cpu_ms")
        lines.append(
            f"| `{r.name}` | {r.value:.1f} {r.unit} | {r.low:.1f}–{r.high:.1f} | {_bar(r)} | {r.verdict} "
            f"| {'{app} + {database} / {ceiling}'.format(**cpu) if cpu else '—'} "
            f"| {f'{r.statements.queries} + {r.statements.frame} framing' if r.statements else '—'} "
            f"| {f'{r.latency.p50:.0f} / {r.latency.p99:.0f} at {r.latency.rate:.0f}/s' if r.latency else '—'} |"
        )
    return "\n".join(lines)


def _bar(result: Result) -> str:
    return "—" if result.bar is None else f"≤ {result.bar:g}"
