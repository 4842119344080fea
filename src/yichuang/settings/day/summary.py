"""What is told of a day: a line for each quarter of an hour, and at the end sums and what cannot be."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from yichuang.core.clock import local
from yichuang.insight.simulation.day import Comes, DayPlan
from yichuang.settings.day.floor import Outcomes
from yichuang.settings.day.wires import Traffic
from yichuang.visits.rules.book import faults_of, sums_of
from yichuang.visits.states import Move
from yichuang.visits.values import DayBook

MOST_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Summary:
    """A day in figures. `broken`: what must never be; then the program ends with 1."""

    planned: Mapping[str, int]
    book: Mapping[str, int]
    waits: Mapping[str, float]  # minutes of our clock
    people: Mapping[str, int]
    cases: Mapping[str, int]  # by the state that the system tells
    refused: Mapping[str, int]
    machines: Mapping[str, int]
    requests: Mapping[str, float]
    broken: Sequence[str]

    def as_data(self) -> dict[str, Any]:
        names = ("planned", "book", "waits", "people", "cases", "refused", "machines", "requests", "broken")
        return {name: getattr(self, name) for name in names}


def summary_of(
    plan: DayPlan, outcomes: Outcomes, traffic: Traffic, book: DayBook, states: Mapping[str, str]
) -> Summary:
    """Waits, numbers and their ends by the book of the hall; states of cases as the system tells them; the rest as people
    met it."""
    sums = sums_of(book)
    waited = sorted(waits_of(book).values())
    ways = Counter(one.comes.value for one in plan.visitors)
    told = Counter(states.values())
    return Summary(
        planned={"people": len(plan.visitors), **{way.value: ways[way.value] for way in Comes}},
        book={"numbers": sums.taken, "served": sums.served, "gone": sums.gone, "still there": sums.there},
        waits={"median": _minutes(_share(waited, 0.5)), "90 %": _minutes(_share(waited, 0.9))},
        people=dict(sorted((name, count) for name, count in outcomes.counts.items() if count)),
        cases=dict(sorted(told.items())),
        refused=dict(traffic.refused.most_common()),
        machines=dict(outcomes.faults),
        requests={
            "sent": traffic.requests,
            "median ms": round(_share(sorted(traffic.seconds), 0.5) * 1000, 1),
            "99 % ms": round(_share(sorted(traffic.seconds), 0.99) * 1000, 1),
            "late 99 % s": round(_share(sorted(outcomes.late), 0.99), 2),
        },
        broken=broken_of(outcomes, traffic, book, states),
    )


def broken_of(outcomes: Outcomes, traffic: Traffic, book: DayBook, states: Mapping[str, str]) -> list[str]:
    """Everything that must never be."""
    held = Counter(outcomes.numbers)
    known = {row.number for row in book.numbers}
    found = faults_of(book)
    found += [f"{number} is in {count} people's hands" for number, count in held.items() if count > 1]
    found += [f"{number} is in somebody's hand and not in the book" for number in sorted(set(held) - known)]
    found += [f"case {number} was acknowledged and is not there" for number in outcomes.cases if number not in states]
    found += [f"{what} ×{count}" for what, count in traffic.broken.most_common()]
    return found + [f"the player itself: {crash}" for crash in outcomes.crashes]


def waits_of(book: DayBook) -> dict[str, float]:
    """Seconds from the number to its first call, by number."""
    taken = {row.ticket: row for row in book.numbers}
    found: dict[str, float] = {}
    for line in book.moves:
        row = taken.get(line.ticket)
        if row is not None and line.move == Move.CALL.value and row.number not in found:
            found[row.number] = (line.at - row.taken_at).total_seconds()
    return found


def quarter(at: datetime, outcomes: Outcomes, traffic: Traffic, board: Mapping[str, Any]) -> str:
    """The hall at this moment, in one line."""
    waiting = sum(one["waiting"] for one in board["queues"])
    windows = max((one["windows"] for one in board["queues"]), default=0)
    counts = outcomes.counts
    filed = counts["filed online"] + counts["filed at a window"]
    decided = counts["granted"] + counts["denied"]
    return (
        f"{local(at):%m-%d %H:%M}  来 came {counts['came']:>4}  号 numbers {len(outcomes.numbers):>4}  等 waiting {waiting:>3}  "
        f"窗 windows {windows:>2}  办 served {counts['served']:>4}  件 filed {filed:>4}  决 decided {decided:>4}  "
        f"拒 refused {sum(traffic.refused.values()):>4}  5xx {sum(traffic.broken.values())}"
    )


def in_words(summary: Summary) -> str:
    """The end of the day as people read it."""
    lines = ["", "一天结束 The day is over", ""]
    for words, told in (
        ("计划 planned", summary.planned),
        ("号票 numbers", summary.book),
        ("等候（分钟） waits (minutes)", summary.waits),
        ("发生了什么 what happened", summary.people),
        ("办件 cases", summary.cases),
        ("系统拒绝 refused by the system", summary.refused),
        ("设备 machines", summary.machines),
        ("请求 requests", summary.requests),
    ):
        lines.append(f"{words}: " + (", ".join(f"{name} {value}" for name, value in told.items()) or "—"))
    lines.append("")
    if not summary.broken:
        return "\n".join(
            [*lines, "一切相符 Everything holds: no number twice, nobody called twice, all accounted for."]
        )
    shown = [f"  ✗ {one}" for one in summary.broken[:MOST_SHOWN]]
    more = [f"  … {len(summary.broken) - MOST_SHOWN}"] if len(summary.broken) > MOST_SHOWN else []
    return "\n".join([*lines, "有不相符之处 What must not be:", *shown, *more])


def _share(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def _minutes(seconds: float) -> float:
    return round(timedelta(seconds=seconds) / timedelta(minutes=1), 1)
