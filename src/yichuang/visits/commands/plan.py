"""现场调度: the hall manager moves queues, items and windows while the hall is open; each at once, under the lock of its day."""

from collections.abc import Callable, Collection
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction

from yichuang.catalog import queries as catalog
from yichuang.core import ledger, live
from yichuang.core.actors import Actor
from yichuang.core.ledger import Subject
from yichuang.core.ledger.values import Scalar
from yichuang.core.refusals import NotFound, Reason, Refused
from yichuang.network import queries as network
from yichuang.people import queries as people
from yichuang.visits import messages
from yichuang.visits.commands import desks
from yichuang.visits.commands.calling import call_to, put_back
from yichuang.visits.commands.serving import set_aside, take_up
from yichuang.visits.giving import queue_for
from yichuang.visits.halls import lock_day
from yichuang.visits.keeping import check_centre
from yichuang.visits.models import Desk, HallDay, Queue, Ticket
from yichuang.visits.permissions import SERVES, check_can_plan
from yichuang.visits.qualified import on_duty
from yichuang.visits.states import TicketState
from yichuang.visits.values import Pause, Rule


@transaction.atomic
def move_queues(
    *, actor: Actor, place: UUID, window: str, queues: Collection[UUID], lasting: bool = False, at: datetime
) -> None:
    """Which queues a window serves from now on: its next call takes from them. The same again changes nothing.

    `lasting`: also whenever it is opened later. Refused with every reason: none is left, or people who wait would have no
    window any more. A window that nobody has open can only be changed for later.
    """
    day, desk = _window(actor, place, window, at)
    wanted = _known(place, queues)
    if desk is not None:
        desks.give_queues(desk, wanted, day.day, actor, at)
    elif not lasting:
        raise _closed(window)
    if lasting:
        check_centre()
        _keep(place, window, {row.id for row in wanted}, actor, at)


def _known(place: UUID, queues: Collection[UUID]) -> list[Queue]:
    """The rows of the queues, in their order; all of this hall."""
    rows = list(Queue.objects.filter(place=place, active=True, id__in=queues).order_by("id"))
    if len(rows) < len(set(queues)):
        raise NotFound(messages.QUEUE)
    if not rows:
        raise Refused(Reason("SERVES_NOTHING", messages.SERVES_NOTHING, "/queues"))
    return rows


def _keep(place: UUID, window: str, wanted: set[UUID], actor: Actor, at: datetime) -> None:
    row = network.find_window(place, window)
    assert row is not None
    for queue in Queue.objects.filter(place=place, active=True).order_by("id"):
        served = [one for one in queue.windows if one != row.id] + ([row.id] if queue.id in wanted else [])
        if set(served) != set(queue.windows):
            queue.windows = served
            queue.save(update_fields=["windows"])
            _noted(queue, actor, "keep-queue", at, window=window, serves=queue.id in wanted)


@transaction.atomic
def move_item(*, actor: Actor, place: UUID, item: str, queue: UUID, at: datetime) -> None:
    """From the next number on the item leads to this queue and to no other that named it; who waits already stays.

    A queue that loses its last item is found by its name only. The same again changes nothing. Refused: an item that there
    is not, or another queue takes everything of its department and this one does not name it.
    """
    check_can_plan(actor, place)
    check_centre()
    if catalog.published_name(item) is None:
        raise Refused(Reason("ITEM_UNKNOWN", messages.ITEM_UNKNOWN.format(item=item), "/item"))
    lock_day(place, at)
    rows = list(Queue.objects.filter(place=place, active=True).order_by("order", "letter"))
    there = next((row for row in rows if row.id == queue), None)
    if there is None:
        raise NotFound(messages.QUEUE)
    for row in rows:
        if row is not there and item in row.items:
            _rename(row, [code for code in row.items if code != item], actor, at, item=item, takes=False)
    if item not in there.items and not takes_everything(there):
        _rename(there, sorted([*there.items, item]), actor, at, item=item, takes=True)
    leads = queue_for(rows, [item])
    if leads is not None and leads.id != there.id:
        raise Refused(Reason("ITEM_STAYS", messages.ITEM_STAYS.format(queue=leads.letter), "/queue"), kind="conflict")


def takes_everything(queue: Queue) -> bool:
    """Whether every item leads to the queue, as far as no other names it."""
    return queue.by_item and not queue.items and not queue.departments


def _rename(queue: Queue, items: list[str], actor: Actor, at: datetime, **more: Scalar) -> None:
    queue.items, queue.by_item = items, bool(items or queue.departments)
    queue.save(update_fields=["items", "by_item"])
    _noted(queue, actor, "move-item", at, **more)


@transaction.atomic
def open_window(*, actor: Actor, place: UUID, window: str, staff: UUID, at: datetime) -> UUID:
    """Open a window for a clerk of the hall who forgot. Refused as `desks.open_desk`, and for who does not serve here."""
    check_can_plan(actor, place)
    return _seat(actor, place, window, staff, at).id


def _seat(actor: Actor, place: UUID, window: str, staff: UUID, at: datetime) -> Desk:
    names = {row.id: row.name for row in people.list_at_place(place, SERVES, at=at)}
    if staff not in names:
        raise Refused(Reason("NOT_STAFF_HERE", messages.NOT_STAFF_HERE, "/staff"), kind="conflict")
    return desks.seat(place=place, window=window, staff=staff, name=names[staff], actor=actor, at=at)


@transaction.atomic
def hand_window_over(*, actor: Actor, place: UUID, window: str, staff: UUID, at: datetime) -> UUID:
    """Somebody else sits down at an open window: with its queues, and with whom it has called or serves, as they stand.

    Whoever has it already keeps it. Refused: the window is not open, they sit at another one, or do not serve here.
    """
    _, left = _window(actor, place, window, at)
    if left is None:
        raise _closed(window)
    if left.staff_id == staff:
        return left.id
    present = desks.at_desk(left)
    _leave(left, present, actor, at)
    desk = _seat(actor, place, window, staff, at)
    desk.queues = left.queues
    desk.save(update_fields=["queues"])
    if present is not None and present.state == TicketState.PARKED.value:
        take_up(desk, present, actor=actor, at=at)
    elif present is not None:
        call_to(desk, present.id, Rule.CHOSEN, duty=on_duty(place, at), actor=actor, at=at)
    return desk.id


@transaction.atomic
def pause_window(*, actor: Actor, place: UUID, window: str, why: Pause = desks.RESTS, at: datetime) -> None:
    """A break for a window: who is served there is served to the end, nobody else is called. `why` as for `pause_desk`."""
    _change(partial(desks.pause, why=why), actor, place, window, at)


@transaction.atomic
def resume_window(*, actor: Actor, place: UUID, window: str, at: datetime) -> None:
    """The break is over."""
    _change(desks.go_on, actor, place, window, at)


@transaction.atomic
def close_window(*, actor: Actor, place: UUID, window: str, at: datetime) -> None:
    """Close a window that was left: who was called there waits again at the old place, who was served there is set aside,
    so that another window goes on with them. Pressed twice it stays closed."""
    _, desk = _window(actor, place, window, at)
    if desk is not None:
        _leave(desk, desks.at_desk(desk), actor, at)


def _leave(desk: Desk, present: Ticket | None, actor: Actor, at: datetime) -> None:
    """The window without its clerk; nobody who was there loses their number."""
    if present is not None and present.state == TicketState.CALLED.value:
        put_back(desk, present, actor=actor, at=at)
    elif present is not None:
        set_aside(desk, present, actor=actor, at=at)
    desks.close(desk, actor, at)


def _change(do: Callable[[Desk, Actor, datetime], None], actor: Actor, place: UUID, window: str, at: datetime) -> None:
    _, desk = _window(actor, place, window, at)
    if desk is None:
        raise _closed(window)
    do(desk, actor, at)


def _window(actor: Actor, place: UUID, window: str, at: datetime) -> tuple[HallDay, Desk | None]:
    """The hall's day, locked, and who has the window open."""
    check_can_plan(actor, place)
    if network.find_window(place, window) is None:
        raise NotFound(messages.WINDOW)
    day = lock_day(place, at)
    return day, Desk.objects.filter(place=place, window_number=window, closed_at=None).first()


def _closed(window: str) -> Refused:
    return Refused(Reason("WINDOW_NOT_OPEN", messages.NO_DESK.format(window=window), "/window"), kind="conflict")


def _noted(queue: Queue, actor: Actor, act: str, at: datetime, **more: Scalar) -> None:
    detail = {"queue": queue.letter, **more}
    ledger.append(act=act, actor=actor, at=at, subject=Subject("queue", queue.id), detail=detail)
    live.tell(f"hall:{queue.place_id}")
