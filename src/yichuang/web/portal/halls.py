"""Halls as they stand now, for the pages that name them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from yichuang.insight import queries as insight
from yichuang.insight.values import HalfHour
from yichuang.network.values import OpeningRow, PlaceRow, TakingRow
from yichuang.visits import queries as visits
from yichuang.visits.values import HallNow


@dataclass(frozen=True, slots=True)
class HallLine:
    """A hall, whether it is open and till when, and how its queue stands; `now` is None where no numbers are given.

    `hours`: the half hours to come and how long one usually waits in them, where that was learned and asked for.
    """

    place: PlaceRow
    opening: OpeningRow
    responsible: bool
    now: HallNow | None
    hours: tuple[HalfHour, ...] = ()


def taking(rows: Sequence[TakingRow], item: str, department: str, at: datetime) -> list[HallLine]:
    """The places that take an item, with their queues for it."""
    known = visits.halls_now([row.place.id for row in rows], item=item, department=department, at=at)
    return [HallLine(row.place, row.opening, row.responsible, known.get(row.place.id)) for row in rows]


def of_places(rows: Sequence[tuple[PlaceRow, OpeningRow]], at: datetime) -> list[HallLine]:
    """Places whatever one comes for: the queue that takes everything."""
    known = visits.halls_now([place.id for place, _ in rows], at=at)
    return [HallLine(place, opening, False, known.get(place.id)) for place, opening in rows]


def with_hours(lines: Sequence[HallLine], at: datetime) -> list[HallLine]:
    """The same, each with its hours to come. One statement."""
    known = insight.coming_hours({line.now.queue: line.place.id for line in lines if line.now}, at=at)
    return [replace(line, hours=known.get(line.now.queue, ())) if line.now else line for line in lines]


def by_wait(lines: Sequence[HallLine]) -> list[HallLine]:
    """First where one is served soonest; open places that give no numbers, or whose queue nobody serves; closed ones last."""
    return sorted(lines, key=_wait)


def _wait(line: HallLine) -> tuple[bool, bool, int, int]:
    most = line.now.most if line.now else None
    serves = line.opening.open and not (line.now and line.now.shut)
    return (not serves, most is None, most or 0, line.now.waiting if line.now else 0)
