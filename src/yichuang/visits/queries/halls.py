"""Halls now: where an item can be handed in, and how long the wait is there."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from yichuang.core.clock import local_date
from yichuang.core.words import Words
from yichuang.visits.hours import serving_of
from yichuang.visits.models import Queue
from yichuang.visits.rules.queues import covers, width
from yichuang.visits.values import HallNow, Wait
from yichuang.visits.waits import Line, lines_of, waits_of


def halls_now(
    places: Collection[UUID], *, item: str = "", department: str = "", at: datetime
) -> Mapping[UUID, HallNow]:
    """The queue that takes the item, of each of these places that has one; without an item, the queue that takes
    everything. `department`: the code of who answers for the item. Five statements, six in extended hours, however many places there are.
    """
    taking: dict[UUID, list[Queue]] = {}
    wanted = [item] if item else []
    rows = Queue.objects.filter(place__in=list(places), active=True, by_item=True).order_by("place", "order", "letter")
    for row in rows:
        if covers(row.items, row.departments, wanted, {item: department}):
            taking.setdefault(row.place_id, []).append(row)
    found = {
        place: min(queues, key=lambda one: width(one.items, one.departments, wanted))
        for place, queues in taking.items()
    }
    lines = lines_of(list(found), local_date(at), [row.id for row in found.values()])
    waits = waits_of(lines, at)
    longer = serving_of(list(found), at)
    shut = {place for place, row in found.items() if place in longer and not longer[place].takes(row.id)}
    return {place: _now(row, lines[row.id], waits[row.id], place in shut) for place, row in found.items()}


def _now(row: Queue, line: Line, wait: Wait | None, shut: bool) -> HallNow:
    least, most = (
        (int(wait.least.total_seconds() // 60), int(wait.most.total_seconds() // 60)) if wait else (None, None)
    )
    name = Words(row.name_zh, row.name_en)
    return HallNow(row.place_id, row.id, row.letter, name, line.waiting, line.desks, least, most, shut)
