"""A hall's hours (延时办理): for everybody, and for who manages it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from yichuang.core.actors import Actor
from yichuang.core.clock import local
from yichuang.core.words import Words
from yichuang.network import queries as network
from yichuang.visits.halls import has_stopped, serves_until_last
from yichuang.visits.hours import served_stretches, services_of, serving
from yichuang.visits.models import ExtendedService, Queue, Ticket
from yichuang.visits.permissions import check_can_plan
from yichuang.visits.rules.hours import later_than
from yichuang.visits.states import TicketState
from yichuang.visits.values.hours import ExtendedRow, HallHours, HoursPage, Named


def hall_hours(place: UUID, *, at: datetime) -> HallHours:
    """Whether the hall is open now, until when, what its extended hours serve. Two statements, more only in extended hours."""
    with network.one_look():
        now, extended = network.opening(place, at), network.extended_at(place, at)
    until_last = serves_until_last(place, at)
    stopped = until_last and not now.open and has_stopped(place, now.changes_at, at)
    longer = serving(extended, services_of(extended))
    if longer is None:
        return HallHours(now.open, now.reason, now.changes_at, until_last=until_last, stopped=stopped)
    only = _queues(place, longer.queues) if longer.queues is not None else ()
    windows = _windows(place, longer.windows) if longer.windows is not None else ()
    return HallHours(now.open, now.reason, now.changes_at, True, only, windows, until_last)


def extended_hours(place: UUID, *, since: date) -> tuple[ExtendedRow, ...]:
    """The extended hours of a hall that hold on that day or later."""
    rows = network.list_extended(place, since=since)
    known = services_of(rows)
    if not rows:
        return ()
    queues = {row.id: row for row in Queue.objects.filter(place=place, active=True).order_by("order", "letter")}
    numbers = {row.id: row.number for row in network.list_windows(place)}
    return tuple(
        ExtendedRow(
            row.id,
            tuple(sorted(row.weekdays)),
            row.first,
            row.last,
            row.span.opens,
            row.span.closes,
            row.reason,
            tuple(_named(queue) for id, queue in queues.items() if id in _said(known, row.id, "queues")),
            tuple(number for id, number in numbers.items() if id in _said(known, row.id, "windows")),
        )
        for row in rows
    )


def stretches_of(place: UUID, queue: UUID, since: datetime, until: datetime) -> tuple[tuple[datetime, datetime], ...]:
    """When the queue is served on the days from one instant to another, in order, none touching the next (UTC): the hall's
    ordinary hours, and the extended ones that are for it."""
    return served_stretches(place, queue, since, until)


def hours_page(actor: Actor, place: UUID, *, at: datetime) -> HoursPage:
    """The hall's hours, what is arranged, and what may be. Refused (403) unless the actor manages the hall."""
    check_can_plan(actor, place)
    here = local(at)
    closes = network.last_closing(place, here.date())
    waiting = Ticket.objects.filter(place=place, day=here.date(), state=TicketState.WAITING.value).count()
    queues = Queue.objects.filter(place=place, active=True).order_by("order", "letter")
    return HoursPage(
        hall_hours(place, at=at),
        extended_hours(place, since=here.date()),
        tuple((row.id, *_named(row)) for row in queues),
        tuple((row.id, row.number, row.name) for row in network.list_windows(place) if row.active),
        closes,
        later_than(closes, here.time()) if closes else (),
        waiting,
    )


def _said(known: Mapping[UUID, ExtendedService], hours: UUID, what: str) -> Sequence[UUID]:
    row = known.get(hours)
    return getattr(row, what) if row else ()


def _queues(place: UUID, ids: Collection[UUID]) -> tuple[Named, ...]:
    rows: Iterable[Queue] = Queue.objects.filter(place=place, active=True, id__in=ids).order_by("order", "letter")
    return tuple(_named(row) for row in rows)


def _named(row: Queue) -> Named:
    return row.letter, Words(row.name_zh, row.name_en)


def _windows(place: UUID, ids: Collection[UUID]) -> tuple[str, ...]:
    return tuple(row.number for row in network.list_windows(place) if row.id in ids)
