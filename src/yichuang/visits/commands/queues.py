"""排队队列设置: a hall's queues are made, changed, retired and put back; the standard ones follow from its windows."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet

from yichuang.core import ledger, live
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date
from yichuang.core.ledger import Subject
from yichuang.core.ledger.values import Scalar
from yichuang.core.refusals import NotFound, Reason, Refused, refuse_all
from yichuang.core.words import W, Words
from yichuang.network import queries as network
from yichuang.network.values import PlaceKind, WindowKind, WindowRow
from yichuang.visits import messages
from yichuang.visits.booking_states import BookingState
from yichuang.visits.commands import desks
from yichuang.visits.commands.booking.planning import write_slots
from yichuang.visits.halls import lock_day
from yichuang.visits.keeping import check_centre, keeps, lock_any
from yichuang.visits.models import (
    HERE,
    Booking,
    Desk,
    ExtendedService,
    HallDay,
    Queue,
    Slot,
    Ticket,
    Waiting,
)
from yichuang.visits.permissions import check_can_set_queues
from yichuang.visits.places import open_waits
from yichuang.visits.queries.queues import data_of, queue_faults
from yichuang.visits.values import QueueData, QueueScope

# letter, names, minutes that people should wait at most, what leads there
STANDARD: Final = {
    WindowKind.INTEGRATED: ("A", W("综合业务", "All matters"), 15, QueueScope.EVERYTHING),
    WindowKind.ISSUING: ("B", W("领取结果", "Results to fetch"), 5, QueueScope.BY_NAME),
    WindowKind.CONSULT: ("C", W("咨询", "Questions"), 10, QueueScope.BY_NAME),
    WindowKind.TAX: ("D", W("税费", "Taxes and fees"), 15, QueueScope.BY_NAME),
    WindowKind.GREEN: ("E", W("绿色通道", "Green channel"), 5, QueueScope.PRIORITY),
    WindowKind.COORDINATION: ("F", W("协调帮办", "Help with what got stuck"), 15, QueueScope.BY_NAME),
}
HALLS: Final = frozenset({PlaceKind.DISTRICT_HALL, PlaceKind.SPECIAL_HALL, PlaceKind.SUBDISTRICT_HALL})  # with queues
SPECIAL_LETTERS: Final = "GHIJKLMNOPQRSTUVWXYZ"  # 专窗: a queue for each scope of such windows
SPECIAL_AIM: Final = 15


@transaction.atomic
def save_queue(*, actor: Actor, place: UUID, queue: QueueData, make: bool = False, at: datetime) -> UUID:
    """Make the queue with this letter, change it to what is given, or put a retired one back in use; its id.

    Windows that are open follow at once: those that are new here call from it next, those that it loses call from it no
    more; the others keep what they serve today. At a hall whose day a node keeps, windows follow when they are opened next.
    The same again changes nothing. `make`: it is meant to be new; Refused LETTER_TAKEN where the place has one with this
    letter, retired or not. Refused with every reason, also where people who wait would have no window any more.
    """
    check_can_set_queues(actor, place)
    check_centre()
    day = lock_any(place, local_date(at))
    row = Queue.objects.filter(place=place, letter=queue.letter).first()
    if make and row is not None:
        words = messages.LETTER_TAKEN.format(queue=row.letter, name=Words(row.name_zh, row.name_en))
        raise Refused(Reason("LETTER_TAKEN", words, "/letter"), kind="conflict")
    refuse_all(queue_faults(actor, place, queue))
    queue = _tidy(queue)
    windows = {one.number: one.id for one in network.list_windows(place) if one.active}
    if row is not None and row.active and data_of(row, {id: number for number, id in windows.items()}) == queue:
        return row.id
    served = set(row.windows) if row is not None and row.active else set()
    back = row is not None and not row.active
    act = "save-queue" if row is not None else "make-queue"
    row = row or Queue(place_id=place, letter=queue.letter)
    _take_over(row, queue, windows)
    row.save()
    _noted(row, actor, act, at)
    if back:
        _publish_again(row, at)
    if keeps(day):
        changed = served ^ set(row.windows)
        _windows_follow(day, row, Desk.objects.filter(place=place, window__in=changed), actor, at)
    return row.id


def _tidy(queue: QueueData) -> QueueData:
    """The same as it is kept: names without blanks around them, nothing named twice, codes in their order."""
    return replace(
        queue,
        name=Words(queue.name.zh.strip(), queue.name.en.strip()),
        windows=tuple(dict.fromkeys(queue.windows)),
        items=tuple(sorted(set(queue.items))),
        departments=tuple(sorted(set(queue.departments))),
    )


def _take_over(row: Queue, queue: QueueData, windows: dict[str, UUID]) -> None:
    assert queue.aim_minutes is not None
    assert queue.order is not None
    row.name_zh, row.name_en = queue.name.zh, queue.name.en
    row.aim_minutes, row.order = queue.aim_minutes, queue.order
    row.by_item = queue.scope in {QueueScope.EVERYTHING, QueueScope.NAMED}
    row.priority_only = queue.scope is QueueScope.PRIORITY
    row.items, row.departments = list(queue.items), list(queue.departments)
    row.windows = [windows[number] for number in queue.windows]
    row.active = True


def _windows_follow(day: HallDay, row: Queue, changed: QuerySet[Desk], actor: Actor, at: datetime) -> None:
    """The open ones among the changed windows serve the queue, or do so no more: first those that get it, so that nobody is
    left alone for a moment."""
    reasons: list[Reason] = []
    found = [(row.active and desk.window_id in row.windows, desk) for desk in changed.filter(closed_at=None)]
    for gets, desk in sorted(found, key=lambda one: (not one[0], one[1].window_number)):
        ids = {*desk.queues, row.id} if gets else {*desk.queues} - {row.id}
        wanted = list(Queue.objects.filter(id__in=ids, active=True).order_by("order", "letter"))
        if wanted:
            desks.give_queues(desk, wanted, day.day, actor, at, "/windows")
        else:
            words = messages.QUEUE_ALONE_AT.format(window=desk.window_number)
            reasons.append(Reason("QUEUE_ALONE_AT", words, "/windows"))
    if reasons:
        raise Refused(*reasons, kind="conflict")


def _publish_again(row: Queue, at: datetime) -> None:
    """The appointments of a queue that is back in use, on the days that were published before."""
    coming = Slot.objects.filter(queue=row, day__gte=local_date(at)).order_by("day").values_list("day", flat=True)
    first, last = coming.first(), coming.last()
    if first is not None and last is not None:
        write_slots(row, first, last, at)


@transaction.atomic
def retire_queue(*, actor: Actor, place: UUID, letter: str, at: datetime) -> None:
    """No numbers and no appointments for it any more; its past stays. Pressed twice it is the same.

    Refused with every reason: somebody of today is not served to the end, appointments are open, extended hours name it, an
    open window serves nothing else. Refused (409) while the hall's node keeps the day.
    """
    check_can_set_queues(actor, place)
    check_centre()
    day = lock_day(place, at)
    row = Queue.objects.filter(place=place, letter=letter).first()
    if row is None:
        raise NotFound(messages.QUEUE)
    if not row.active:
        return
    # First the places: whoever books in this moment has theirs before, and is counted, or finds none.
    Slot.objects.filter(queue=row, day__gte=day.day).update(planned=0, capacity=F("booked"))
    reasons = list(_still_needed(row, at))
    if reasons:
        raise Refused(*reasons, kind="conflict")
    row.active = False
    row.save(update_fields=["active"])
    _noted(row, actor, "retire-queue", at)
    _windows_follow(day, row, Desk.objects.filter(place=place, queues__contains=[row.id]), actor, at)


def _still_needed(row: Queue, at: datetime) -> Iterator[Reason]:
    today = local_date(at)
    here = Ticket.objects.filter(queue=row, day=today, state__in=HERE).count()
    if here:
        yield Reason("QUEUE_IN_USE", messages.QUEUE_IN_USE.format(queue=row.letter, n=here))
    booked = Booking.objects.filter(slot__queue=row, day__gte=today, state=BookingState.BOOKED.value).count()
    booked += open_waits(Waiting.objects.filter(queue=row, last__gte=today)).count()
    if booked:
        yield Reason("QUEUE_BOOKED", messages.QUEUE_BOOKED.format(queue=row.letter, n=booked))
    coming = [one.id for one in network.list_extended(row.place_id, since=today)]
    if ExtendedService.objects.filter(hours__in=coming, queues__contains=[row.id]).exists():
        yield Reason("QUEUE_EXTENDED", messages.QUEUE_EXTENDED.format(queue=row.letter))


@transaction.atomic
def start_queues(*, actor: Actor, place: UUID, at: datetime) -> int:
    """The standard queues of a place that has none: one for each kind of window, for specialised windows (专窗) one for each
    scope; how many. Refused: it has queues already (retired ones too), or no window in use."""
    check_can_set_queues(actor, place)
    check_centre()
    lock_any(place, local_date(at))
    if Queue.objects.filter(place=place).exists():
        raise Refused(Reason("HAS_QUEUES", messages.HAS_QUEUES), kind="conflict")
    wanted = standard_queues([one for one in network.list_windows(place) if one.active])
    if not wanted:
        raise Refused(Reason("NO_WINDOWS", messages.NO_WINDOWS), kind="conflict")
    for queue in wanted:
        save_queue(actor=actor, place=place, queue=queue, at=at)
    return len(wanted)


def standard_queues(windows: Iterable[WindowRow]) -> list[QueueData]:
    """A queue for each kind of these windows, and for each scope of the specialised ones."""
    there = list(windows)
    found: list[QueueData] = []
    for kind, (letter, name, aim, scope) in STANDARD.items():
        served = tuple(one.number for one in there if one.kind is kind)
        if served:
            found.append(QueueData(letter, name, aim, scope, served, order=len(found)))
    scopes: dict[tuple[tuple[str, ...], tuple[str, ...]], list[WindowRow]] = {}
    named: set[str] = set()
    for one in there:
        if one.kind is WindowKind.SPECIAL:
            scopes.setdefault((one.items, one.departments), []).append(one)
    for letter, ((items, departments), rows) in zip(SPECIAL_LETTERS, scopes.items(), strict=False):
        items, departments = (tuple(code for code in codes if code not in named) for codes in (items, departments))
        named |= {*items, *departments}
        if items or departments:
            numbers = tuple(one.number for one in rows)
            scope = QueueScope.NAMED
            found.append(QueueData(letter, rows[0].name, SPECIAL_AIM, scope, numbers, items, departments, len(found)))
    return found


def _noted(row: Queue, actor: Actor, act: str, at: datetime) -> None:
    detail: dict[str, Scalar] = {"queue": row.letter, "name": row.name_zh, "windows": len(row.windows)}
    ledger.append(act=act, actor=actor, at=at, subject=Subject("queue", row.id), detail=detail)
    live.tell(f"hall:{row.place_id}")
