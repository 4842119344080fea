"""The learned forecast of a queue (docs/adr/0042): what stands ahead as work, and what came of such work before. Pure.

Work: each who waits counts as long as services of their item took lately; windows do it as they are usually manned in the
half hours that follow (at noon fewer); who goes ahead by right (priority, appointments) takes a part. That gives a time
without chance in it. Then the quantiles: of all waits that were known, how long they were beside that time, those of
like length and of the last days counting most. So gaps between services, windows shared with other queues, people who
leave, and everything else that no formula knows is in the answer, and what changed lately is in it soonest.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from math import log
from typing import Any

from yichuang.core.clock import local
from yichuang.insight.rules.scores import LEVELS
from yichuang.visits.rules.waiting import ASSUMED, LONGEST, in_minutes
from yichuang.visits.values import LineSeen, PastTicket, TicketClass, Wait

HISTORY = 60  # days that are looked at
HALF_LIFE = 8.0  # days: what was so long ago counts half (found by the back-test on made-up months with drift)
ENOUGH_DAYS, ENOUGH = 10, 200  # of days and of numbers with a known wait: with less, nothing is learned
LIKE_ITEMS = 15  # an item that few came for counts as this many services of everybody
KNOTS = (0, 2, 5, 10, 20, 40, 80, 160)  # minutes of work ahead at which quantiles are kept
OFFSET = 180.0  # seconds: below it lengths are no more alike or unlike
LIKE = 0.7  # how far from a knot (in logarithms) a wait still tells something of it
ENOUGH_LIKE = 60  # numbers, as weighed, that a quantile of a knot rests on
HALVES = 48
HALF = 1800.0  # seconds
MOST_RIGHT = 0.5  # of the windows' time at most goes to who is ahead by right
ANY = ""

Ratio = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class LineModel:
    """What was learned of a queue. `manned`, `by_right`: by half hour of the day, weekdays first, then the weekend."""

    days: int
    numbers: int
    items: Mapping[str, float]  # seconds of a service; "" for any
    left_over: float  # seconds: what is left of a service that one meets
    manned: tuple[tuple[float, ...], ...]
    by_right: tuple[tuple[float, ...], ...]  # seconds of service a second
    ratios: Mapping[str, tuple[Ratio, ...]]  # of each class, at each knot; "" for everybody

    def wait(self, seen: LineSeen) -> Wait | None:
        """The interval; None while no window calls from the queue."""
        if seen.desks < 1:
            return None
        base = self.base(seen)
        least, likely, most = sorted(max(0.0, one * (base + OFFSET) - OFFSET) for one in self._ratio(base, seen.of))
        return in_minutes(timedelta(seconds=least), timedelta(seconds=likely), timedelta(seconds=most), learned=True)

    def base(self, seen: LineSeen) -> float:
        """Seconds until the work ahead is done, without chance."""
        known = sum(seen.mix.values())
        each = self.items[ANY]
        if known:
            each = sum(self.items.get(item, each) * n for item, n in seen.mix.items()) / known
        work = seen.ahead * each + (self.left_over if seen.taken >= seen.desks else 0.0)
        return self._until_done(work, seen)

    def _until_done(self, work: float, seen: LineSeen) -> float:
        at = local(seen.at)
        end, half = int(at.weekday() >= 5), at.hour * 2 + at.minute // 30
        left = HALF - (at.minute % 30) * 60 - at.second
        now, passed = self.manned[end][half], 0.0
        while half < HALVES:
            windows = seen.desks * (self.manned[end][half] / now if now else 1.0)
            right = self.by_right[end][half] if seen.of is TicketClass.ORDINARY else 0.0
            pace = max(windows - right, windows * (1 - MOST_RIGHT))
            if pace * left >= work:
                return passed + (work / pace if work else 0.0)
            work, passed, half, left = work - pace * left, passed + left, half + 1, HALF
        return passed + work / seen.desks

    def _ratio(self, base: float, of: TicketClass) -> Ratio:
        """The quantiles between the two knots."""
        table = self.ratios.get(of.value) or self.ratios[ANY]
        at = _length(base)
        for n, knot in enumerate(PLACES[1:]):
            if at <= knot or n == len(PLACES) - 2:
                share = min(1.0, max(0.0, (at - PLACES[n]) / (knot - PLACES[n])))
                least, likely, most = (a + (b - a) * share for a, b in zip(table[n], table[n + 1], strict=True))
                return least, likely, most
        raise AssertionError("a table has two knots at least")


def _length(seconds: float) -> float:
    return log((seconds + OFFSET) / OFFSET)


PLACES = tuple(_length(knot * 60.0) for knot in KNOTS)


def learn(rows: Sequence[PastTicket], today: date) -> LineModel | None:
    """From the numbers of a queue before today; None where history is too short to learn from."""
    seen = [row for row in rows if row.waited is not None and row.desks]
    days = {row.day for row in seen}
    if len(days) < ENOUGH_DAYS or len(seen) < ENOUGH:
        return None
    bare = LineModel(
        len(days), len(seen), *_services(rows, today), _manned(seen), _by_right(rows), {ANY: ((1.0,) * 3,) * len(KNOTS)}
    )
    bases = [(row, bare.base(seen_by(row))) for row in seen]
    ratios = {ANY: _table(bases, today)}
    for of in TicketClass:
        own = [(row, base) for row, base in bases if row.of is of]
        if len(own) >= ENOUGH:
            ratios[of.value] = _table(own, today)
    return LineModel(bare.days, bare.numbers, bare.items, bare.left_over, bare.manned, bare.by_right, ratios)


def seen_by(row: PastTicket) -> LineSeen:
    """The queue as this number met it."""
    mix: dict[str, int] = defaultdict(int)
    for item in row.ahead:
        mix[item] += 1
    return LineSeen(row.queue, row.at, len(row.ahead), row.desks or 0, row.taken or 0, mix, row.of)


def weight(day: date, today: date, half_life: float = HALF_LIFE) -> float:
    """How much a day counts still."""
    return float(0.5 ** ((today - day).days / half_life))


def _services(rows: Iterable[PastTicket], today: date) -> tuple[Mapping[str, float], float]:
    """Seconds of a service by item, and what is left of one that somebody meets (renewal theory: m(1 + cv²)/2)."""
    count: dict[str, float] = defaultdict(float)
    total: dict[str, float] = defaultdict(float)
    squares = 0.0
    for row in rows:
        if row.served is not None and row.served < LONGEST.total_seconds():
            w = weight(row.day, today)
            for item in {row.item, ANY}:
                count[item] += w
                total[item] += w * row.served
            squares += w * row.served**2
    if not count[ANY]:
        mean = ASSUMED.mean.total_seconds()
        return {ANY: mean}, mean
    mean = total[ANY] / count[ANY]
    like = LIKE_ITEMS * mean
    items = {item: (total[item] + like) / (count[item] + LIKE_ITEMS) for item in count}
    return {**items, ANY: mean}, squares / count[ANY] / (2 * mean)


def _manned(rows: Iterable[PastTicket]) -> tuple[tuple[float, ...], ...]:
    """Windows by half hour, as who came then saw them; half hours in which nobody came are as the one before."""
    return _by_half(rows, lambda seen: sum(row.desks or 0 for row in seen) / len(seen), carry=True)


def _by_right(rows: Sequence[PastTicket]) -> tuple[tuple[float, ...], ...]:
    """Seconds of service that go to priority and appointments in a second of each half hour."""
    days = [{row.day for row in rows if (row.day.weekday() >= 5) is end} for end in (False, True)]

    def share(seen: Sequence[PastTicket]) -> float:
        took = sum(row.served or 0.0 for row in seen if row.of is not TicketClass.ORDINARY)
        return took / HALF / max(1, len(days[seen[0].day.weekday() >= 5]))

    return _by_half(rows, share, carry=False)


def _by_half(
    rows: Iterable[PastTicket], of: Callable[[Sequence[PastTicket]], float], *, carry: bool
) -> tuple[tuple[float, ...], ...]:
    found: dict[tuple[bool, int], list[PastTicket]] = defaultdict(list)
    for row in rows:
        at = local(row.at)
        found[at.weekday() >= 5, at.hour * 2 + at.minute // 30].append(row)
    both = []
    for end in (False, True):
        halves: list[float] = []
        for half in range(HALVES):
            there = found.get((end, half))
            halves.append(of(there) if there else halves[-1] if carry and halves else 0.0)
        both.append(tuple(halves))
    return tuple(both)


def _table(bases: Sequence[tuple[PastTicket, float]], today: date) -> tuple[Ratio, ...]:
    """At each knot, the quantiles of how long it took beside the work ahead."""
    rows = sorted(
        (((row.waited or 0.0) + OFFSET) / (base + OFFSET), weight(row.day, today), _length(base)) for row, base in bases
    )
    return tuple(_quantiles(rows, place) for place in PLACES)


def _quantiles(rows: Sequence[tuple[float, float, float]], place: float) -> Ratio:
    """Weighted quantiles of the ratios near a knot; the fewer lie near, the wider it looks."""
    like = LIKE
    while True:
        near = [(ratio, w * (1 - abs(at - place) / like)) for ratio, w, at in rows if abs(at - place) < like]
        total = sum(w for _, w in near)
        if like > PLACES[-1] or (total and total**2 / sum(w * w for _, w in near) >= ENOUGH_LIKE):
            break
        like *= 1.5
    found, level, passed = [], 0, 0.0
    for ratio, w in near:
        passed += w
        while level < len(LEVELS) and passed >= LEVELS[level] * total:
            found.append(ratio)
            level += 1
    found += [near[-1][0] if near else 1.0] * (len(LEVELS) - len(found))
    return found[0], found[1], found[2]


def to_json(model: LineModel) -> dict[str, Any]:
    """The model as it is kept."""
    return asdict(model)


def from_json(kept: Mapping[str, Any]) -> LineModel:
    """What was kept, as a model."""
    return LineModel(
        kept["days"],
        kept["numbers"],
        kept["items"],
        kept["left_over"],
        tuple(tuple(one) for one in kept["manned"]),
        tuple(tuple(one) for one in kept["by_right"]),
        {of: tuple((a, b, c) for a, b, c in table) for of, table in kept["ratios"].items()},
    )
