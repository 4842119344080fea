"""开窗、暂停、关窗: a member of staff at a window, with the queues that it serves."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count

from yichuang.core import ledger, live
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date
from yichuang.core.ledger import Subject
from yichuang.core.ledger.values import Scalar
from yichuang.core.refusals import NotFound, Reason, Refused
from yichuang.network import queries as network
from yichuang.visits import displays, keeping, messages, pauses
from yichuang.visits.halls import lock_day, serves_until_last
from yichuang.visits.models import PRESENT, Desk, Queue, Ticket
from yichuang.visits.permissions import check_can_serve
from yichuang.visits.rules.plan import left_alone
from yichuang.visits.states import WORDS, TicketState
from yichuang.visits.values import Pause, Shown

COMING = (TicketState.WAITING.value, TicketState.AWAY.value)  # who stepped away keeps the place, and comes back to it

RESTS = Pause()


@transaction.atomic
def open_desk(*, actor: Actor, place: UUID, window: str, at: datetime) -> UUID:
    """Open a window of the actor's hall; the same one again changes nothing. Refused: somebody else sits there, the actor
    has another one open, or no queue is served there."""
    check_can_serve(actor, place)
    assert actor.id is not None
    return seat(place=place, window=window, staff=actor.id, name=actor.name, actor=actor, at=at).id


def seat(*, place: UUID, window: str, staff: UUID, name: str, actor: Actor, at: datetime) -> Desk:
    """The window, opened for a member of staff: by themselves, or by the manager of the hall."""
    row = network.find_window(place, window)
    if row is None:
        raise NotFound(messages.WINDOW)
    lock_day(place, at)
    mine = Desk.objects.filter(staff=staff, closed_at=None).first()
    if mine is not None and mine.window_id == row.id:
        return mine
    reasons = []
    if mine is not None:
        reasons.append(Reason("DESK_ELSEWHERE", messages.DESK_ELSEWHERE.format(window=mine.window_number), "/window"))
    taken = Desk.objects.filter(window=row.id, closed_at=None).first()
    if taken is not None:
        words = messages.DESK_TAKEN.format(window=window, name=taken.staff_name)
        reasons.append(Reason("DESK_TAKEN", words, "/window"))
    queues = [
        one.id for one in Queue.objects.filter(place=place, active=True, windows__contains=[row.id]).order_by("id")
    ]
    if not queues:
        reasons.append(Reason("NO_QUEUES", messages.NO_QUEUES, "/window"))
    if reasons:
        raise Refused(*reasons, kind="conflict")
    desk = Desk.objects.create(
        place_id=place,
        window_id=row.id,
        window_number=window,
        staff_id=staff,
        staff_name=name,
        queues=queues,
        opened_at=at,
    )
    said(desk, actor, "open-desk", at)
    return desk


@transaction.atomic
def pause_desk(*, actor: Actor, why: Pause = RESTS, at: datetime) -> None:
    """Pause: nobody is called to it. `why`: kept for the manager of the hall. Pressed twice it stays paused, as it was first.

    Refused with every reason: a word that is none of the list, a time that no pause lasts.
    """
    pause(lock_desk(actor, at), actor, at, why=why)


def pause(desk: Desk, actor: Actor, at: datetime, *, why: Pause = RESTS) -> None:
    """Nobody is called to the (locked) window any more."""
    pauses.check(why)
    if desk.paused_at is None:
        desk.paused_at = at
        desk.save(update_fields=["paused_at"])
        pauses.begin(desk, why, actor.name, at)
        said(desk, actor, "pause-desk", at, why=why.why)


@transaction.atomic
def resume_desk(*, actor: Actor, at: datetime) -> None:
    """Go on after a pause."""
    go_on(lock_desk(actor, at), actor, at)


def go_on(desk: Desk, actor: Actor, at: datetime) -> None:
    """The (locked) window calls again."""
    if desk.paused_at is not None:
        desk.paused_at = None
        desk.save(update_fields=["paused_at"])
        pauses.end(desk, at)
        said(desk, actor, "resume-desk", at)


@transaction.atomic
def close_desk(*, actor: Actor, at: datetime) -> None:
    """Close the window. Refused DESK_BUSY while somebody is called or served there; QUEUE_LEFT_ALONE on a day on which everybody
    who has a number is served (服务到最后一位), while people wait for no other window."""
    desk = lock_desk(actor, at)
    if serves_until_last(desk.place_id, at):
        alone = people_alone(desk, [], local_date(at))
        words = [messages.LAST_WINDOW.format(queue=letter, n=n) for letter, n in alone]
        if words:
            raise Refused(*(Reason("QUEUE_LEFT_ALONE", one) for one in words), kind="conflict")
    close(desk, actor, at)


def people_alone(desk: Desk, queues: Collection[UUID], day: date) -> list[tuple[str, int]]:
    """The queues (their letters) in which people wait, and how many, that no open window would serve if this one served these."""
    others = Desk.objects.filter(place=desk.place_id, closed_at=None).exclude(id=desk.id).order_by("id")
    elsewhere = {queue for served in others.values_list("queues", flat=True) for queue in served}
    rows = Ticket.objects.filter(queue__in=desk.queues, day=day, state__in=COMING)
    waiting = {row["queue"]: row["n"] for row in rows.values("queue").annotate(n=Count("id")).order_by("queue")}
    alone = left_alone(desk.queues, queues, elsewhere, waiting)
    letters = dict(Queue.objects.filter(id__in=alone).order_by("id").values_list("id", "letter"))
    return [(letters[queue], waiting[queue]) for queue in alone]


def give_queues(
    desk: Desk, wanted: Sequence[Queue], day: date, actor: Actor, at: datetime, field: str = "/queues"
) -> None:
    """The (locked) window serves these queues from its next call on. Refused QUEUE_LEFT_ALONE where people who wait would have
    no window any more; `field`: of the form that asked."""
    queues = [row.id for row in wanted]
    if set(desk.queues) == set(queues):
        return
    alone = people_alone(desk, queues, day)
    if alone:
        words = [messages.LEFT_ALONE.format(queue=letter, n=n) for letter, n in alone]
        raise Refused(*(Reason("QUEUE_LEFT_ALONE", one, field) for one in words), kind="conflict")
    desk.queues = queues
    desk.save(update_fields=["queues"])
    said(desk, actor, "move-queues", at, queues=" ".join(row.letter for row in wanted))


def close(desk: Desk, actor: Actor, at: datetime) -> None:
    """The (locked) window is closed. Refused DESK_BUSY while somebody is called or served there."""
    busy = at_desk(desk)
    if busy is not None:
        raise Refused(Reason("DESK_BUSY", messages.DESK_BUSY.format(number=busy.number)), kind="conflict")
    desk.closed_at = at
    desk.save(update_fields=["closed_at"])
    pauses.end(desk, at)
    said(desk, actor, "close-desk", at)


def lock_desk(actor: Actor, at: datetime) -> Desk:
    """The actor's open window, under the lock of its hall's day. Refused NOT_AT_DESK without one."""
    place = Desk.objects.filter(staff=actor.id, closed_at=None).values_list("place_id", flat=True).first()
    desk = None
    if actor.is_staff and place is not None:
        check_can_serve(actor, place)
        lock_day(place, at)
        desk = Desk.objects.filter(staff=actor.id, closed_at=None).first()
    if desk is None:
        raise Refused(Reason("NOT_AT_DESK", messages.NOT_AT_DESK), kind="conflict")
    return desk


def check_calls(desk: Desk) -> None:
    """Refused DESK_PAUSED: a window that is paused calls nobody, and goes on with nobody."""
    if desk.paused_at is not None:
        raise Refused(Reason("DESK_PAUSED", messages.DESK_PAUSED), kind="conflict")


def at_desk(desk: Desk) -> Ticket | None:
    """Whom the window has called or serves."""
    return Ticket.objects.filter(desk=desk, state__in=PRESENT).select_related("queue").first()


def lock_present(
    actor: Actor, shown: Shown | None, at: datetime, **already: str
) -> tuple[Desk, Ticket] | tuple[Desk, None]:
    """The actor's open window and whom it has called or serves, under the lock of its hall's day.

    None: whom the page showed is no longer there because the same was done before (`already`, fields of the ticket: its
    state …). Refused NOBODY_CALLED; NOT_SHOWN when the window has somebody else by now, or called them again.
    """
    desk = lock_desk(actor, at)
    ticket = at_desk(desk)
    if shown is not None and (ticket is None or ticket.id != shown.ticket):
        row = Ticket.objects.filter(id=shown.ticket, place=desk.place_id).first()
        same = already and row is not None and row.desk_id == desk.id
        if same and all(getattr(row, name) == value for name, value in already.items()):
            return desk, None  # pressed twice
        raise Refused(_moved_on(row, ticket), kind="conflict")
    if ticket is None:
        raise Refused(Reason("NOBODY_CALLED", messages.NOBODY_CALLED), kind="conflict")
    if shown is not None and shown.calls not in {None, ticket.calls}:
        raise Refused(
            Reason("NOT_SHOWN", messages.CALLED_MEANWHILE.format(number=ticket.number, n=ticket.calls)), kind="conflict"
        )
    return desk, ticket


def _moved_on(shown: Ticket | None, present: Ticket | None) -> Reason:
    """Why the key that was pressed is for nobody who is at the window."""
    if shown is None:
        return Reason("NOT_SHOWN", messages.PAGE_OLD)
    if present is None:
        state = WORDS[TicketState(shown.state)]
        return Reason("NOT_SHOWN", messages.SHOWN_LEFT.format(number=shown.number, state=state))
    return Reason("NOT_SHOWN", messages.SHOWN_OTHER.format(number=shown.number, now=present.number))


def said(desk: Desk, actor: Actor, act: str, at: datetime, **more: Scalar) -> None:
    """One line of the ledger about a window; boards and desks fetch anew."""
    detail = {"window": desk.window_number, **more}
    ledger.append(act=act, actor=actor, at=at, subject=Subject("desk", desk.id), detail=detail)
    keeping.desk_changed(local_date(at), desk, act, actor, at)
    live.tell(f"hall:{desk.place_id}")
    displays.changed(desk.place_id, desk.window_number)
