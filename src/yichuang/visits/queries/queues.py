"""Reads of how the queues of a hall are set up."""

from collections.abc import Mapping
from uuid import UUID

from yichuang.catalog import queries as catalog
from yichuang.core.actors import Actor
from yichuang.core.refusals import Reason
from yichuang.core.words import Words
from yichuang.network import queries as network
from yichuang.visits.models import Queue
from yichuang.visits.permissions import check_can_set_queues
from yichuang.visits.rules.queues import Known, judge_queue
from yichuang.visits.values import QueueData, QueueScope, QueueSetting


def queue_settings(actor: Actor, place: UUID) -> tuple[QueueSetting, ...]:
    """The queues of a place, those in use first, each in their order. Refused (403) for who does not set them up."""
    check_can_set_queues(actor, place)
    numbers = {one.id: one.number for one in network.list_windows(place) if one.active}
    rows = Queue.objects.filter(place=place).order_by("-active", "order", "letter")
    return tuple(QueueSetting(row.id, data_of(row, numbers), row.active) for row in rows)


def queue_faults(actor: Actor, place: UUID, queue: QueueData) -> list[Reason]:
    """Every fault of a queue as entered: [] where it could be saved. Refused (403) as `queue_settings`."""
    check_can_set_queues(actor, place)
    rows = list(Queue.objects.filter(place=place).order_by("order", "letter"))
    row = next((one for one in rows if one.letter == queue.letter), None)
    had_items, had_departments = (set(row.items), set(row.departments)) if row is not None else (set(), set())
    known = Known(
        windows={one.number for one in network.list_windows(place) if one.active},
        items=had_items | {code for code in queue.items if catalog.published_name(code) is not None},
        departments=had_departments | {one.code for one in network.list_open_departments()},
        others={one.letter: (one.items, one.departments) for one in rows if one.active and one is not row},
    )
    return judge_queue(queue, known)


def data_of(row: Queue, numbers: Mapping[UUID, str]) -> QueueData:
    """The queue as it would be entered; `numbers`: of the windows in use, by id."""
    return QueueData(
        letter=row.letter,
        name=Words(row.name_zh, row.name_en),
        aim_minutes=row.aim_minutes,
        scope=_scope(row),
        windows=tuple(numbers[id] for id in row.windows if id in numbers),
        items=tuple(row.items),
        departments=tuple(row.departments),
        order=row.order,
    )


def _scope(row: Queue) -> QueueScope:
    if row.priority_only:
        return QueueScope.PRIORITY
    if row.items or row.departments:
        return QueueScope.NAMED
    return QueueScope.EVERYTHING if row.by_item else QueueScope.BY_NAME
