"""The best hour to come: how long who came in each half hour waited lately. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from yichuang.core.clock import local
from yichuang.insight.rules.line import weight
from yichuang.insight.values import HalfHour
from yichuang.visits.values import PastTicket, TicketClass

HALF_LIFE = 21.0  # days: hours of the day drift more slowly than services
ENOUGH = 30  # numbers of a weekday and half hour; with less, all working days or both of the weekend count
BEST = 3  # half hours that are recommended, at most
NEARLY = 1.25  # times the shortest usual wait, and two minutes: that is as good
LAST = timedelta(minutes=30)  # before the hall closes nobody is sent there
Hours = Mapping[str, Sequence[float]]  # "weekday:half" -> usual and most, minutes


def hours_of(rows: Sequence[PastTicket], today: date) -> Hours:
    """Of each weekday (0: Monday) and half hour of the day (0: midnight): what half and nine of ten waited at most."""
    known: dict[tuple[str, int], list[tuple[float, float]]] = defaultdict(list)
    for row in rows:
        if row.waited is None or row.of is not TicketClass.ORDINARY:
            continue
        at = local(row.at)
        one = (row.waited / 60, weight(row.day, today, HALF_LIFE))
        half = at.hour * 2 + at.minute // 30
        known[str(at.weekday()), half].append(one)
        known[_kind(at.weekday()), half].append(one)
    found = {}
    for weekday in range(7):
        for half in sorted({half for _, half in known}):
            seen = known.get((str(weekday), half), [])
            seen = seen if len(seen) >= ENOUGH else known.get((_kind(weekday), half), [])
            if len(seen) >= ENOUGH:
                found[f"{weekday}:{half}"] = (_quantile(seen, 0.5), _quantile(seen, 0.9))
    return found


def _kind(weekday: int) -> str:
    return "weekend" if weekday >= 5 else "working"


def _quantile(seen: Sequence[tuple[float, float]], level: float) -> float:
    rows, passed = sorted(seen), 0.0
    whole = sum(w for _, w in rows)
    for minutes, w in rows:
        passed += w
        if passed >= level * whole:
            return round(minutes, 1)
    return round(rows[-1][0], 1)


def day_of(hours: Hours, spans: Sequence[tuple[datetime, datetime]], at: datetime) -> tuple[HalfHour, ...]:
    """The half hours of a day that are still to come, while the hall is open (`spans`), with the best ones marked."""
    found = []
    for opens, closes in spans:
        starts = local(opens)
        starts = starts.replace(minute=starts.minute // 30 * 30, second=0, microsecond=0)
        while starts <= closes - LAST:
            known = hours.get(f"{starts.weekday()}:{starts.hour * 2 + starts.minute // 30}")
            if known and starts + timedelta(minutes=30) > at:
                found.append(HalfHour(starts, round(known[0]), round(known[1]), False))
            starts += timedelta(minutes=30)
    return _marked(found)


def _marked(found: Sequence[HalfHour]) -> tuple[HalfHour, ...]:
    """The half hours with the shortest waits, when they are shorter than others."""
    if len(found) < 2:
        return tuple(found)
    shortest = min(one.usual for one in found)
    bound = max(shortest * NEARLY, shortest + 2)
    best = sorted((one for one in found if one.usual <= bound), key=lambda one: (one.usual, one.most, one.starts_at))
    if len(best) == len(found):
        return tuple(found)  # all the same: none is better
    chosen = {one.starts_at for one in best[:BEST]}
    return tuple(replace(one, best=one.starts_at in chosen) for one in found)
