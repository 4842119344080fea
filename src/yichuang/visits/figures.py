"""What this room vouches for of its past days: each number with what was seen, told and what came of it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby
from uuid import UUID

from django.db.models import Max

from yichuang.core.clock import SHANGHAI
from yichuang.core.words import Words
from yichuang.network import queries as network
from yichuang.visits.models import Call, Desk, DeskPause, HallDay, Queue, Ticket
from yichuang.visits.services import MOVES, Service, held_for, served_for, services, services_of
from yichuang.visits.states import Move
from yichuang.visits.values import (
    BookedMove,
    BookedNumber,
    DayBook,
    PastDay,
    PastQueue,
    PastTicket,
    PastVisitor,
    PastWindow,
    TicketClass,
    Told,
)
from yichuang.visits.waits import first_item

STEPS = (Move.CALL, Move.LEAVE, Move.TRANSFER, Move.STEP_AWAY)
FIRSTS, OF_SERVICES = frozenset(STEPS), frozenset(MOVES)
CallLine = tuple[UUID, str, datetime, UUID | None]
UNTOLD = frozenset({Move.TRANSFER, Move.STEP_AWAY})  # of these nobody can say how long the queue would have taken


def queues_with_history(since: date, until: date) -> Sequence[UUID]:
    """The queues of the halls that gave numbers on these days, both included."""
    places = HallDay.objects.filter(day__gte=since, day__lte=until).order_by("id").values("place")
    return list(Queue.objects.filter(place__in=places).order_by("id").values_list("id", flat=True))


def queues_of(place: UUID) -> Mapping[UUID, tuple[str, Words]]:
    """A hall's queues with their letters and names, in their order."""
    rows = Queue.objects.filter(place=place, active=True).order_by("order", "letter")
    return {row.id: (row.letter, Words(row.name_zh, row.name_en)) for row in rows}


def history(queue: UUID, since: date, until: date) -> Sequence[PastTicket]:
    """The numbers of a queue on these days, both included, in the order in which they were taken. Two statements."""
    rows = Ticket.objects.filter(queue=queue, day__gte=since, day__lte=until).select_related("desk")
    lines = _lines(queue, since, until)
    steps, known = _steps(lines), services(line for line in lines if line[1] in OF_SERVICES)
    found: list[PastTicket] = []
    for _, of_day in groupby(rows.order_by("day", "taken_at", "id"), key=lambda row: row.day):
        found.extend(_past(list(of_day), steps, known))
    return found


def _lines(queue: UUID, since: date, until: date) -> list[CallLine]:
    moves = [one.value for one in (*STEPS, *MOVES)]
    calls = Call.objects.filter(ticket__queue=queue, ticket__day__gte=since, ticket__day__lte=until, move__in=moves)
    return list(calls.order_by("ticket", "seq").values_list("ticket", "move", "at", "staff"))


def _steps(lines: Iterable[CallLine]) -> Mapping[UUID, Mapping[Move, datetime]]:
    """When each number was first called, left, went away or changed the queue."""
    found: dict[UUID, dict[Move, datetime]] = {}
    for ticket, move, at, _ in lines:
        if move in FIRSTS:
            found.setdefault(ticket, {}).setdefault(Move(move), at)
    return found


def _past(
    rows: Sequence[Ticket], steps: Mapping[UUID, Mapping[Move, datetime]], services: Mapping[UUID, Service]
) -> Iterator[PastTicket]:
    """A day of a queue, as a walk along its numbers: who still waits when the next one is taken."""
    waiting: list[tuple[datetime | None, str]] = []  # until when, for what
    for row in rows:
        waiting = [one for one in waiting if one[0] is None or one[0] > row.taken_at]
        known = steps.get(row.id, {})
        called = known.get(Move.CALL)
        told = called is not None and not UNTOLD & known.keys()
        item = first_item(row.items)
        served = served_for(row, services.get(row.id))
        yield PastTicket(
            row.queue_id,
            row.day,
            row.taken_at,
            TicketClass(row.of),
            item,
            tuple(what for _, what in waiting),
            row.seen_desks,
            row.seen_taken,
            _seconds(row.taken_at, called) if told else None,
            served,
            row.ended_at if served is not None else None,
            row.desk.window_number if row.desk else "",
            _told(row),
        )
        waiting.append((min(known.values(), default=None), item))


def _told(row: Ticket) -> Told | None:
    if row.said_least is None or row.said_likely is None or row.said_most is None:
        return None
    return Told(row.said_least, row.said_likely, row.said_most, row.said_learned)


def last_days(place: UUID, before: date, limit: int = 30) -> Sequence[date]:
    """The days before one on which the hall gave numbers, the newest first."""
    rows = HallDay.objects.filter(place=place, day__lt=before, calls__gt=0).order_by("-day")
    return list(rows.values_list("day", flat=True)[:limit])


def book_of(place: UUID, day: date) -> DayBook:
    """Every number of a hall's day and every line of its order of calls. Two statements."""
    numbers = Ticket.objects.filter(place=place, day=day).order_by("taken_at", "id")
    moves = Call.objects.filter(place=place, day=day).order_by("seq")
    return DayBook(
        tuple(BookedNumber(*row) for row in numbers.values_list("id", "number", "state", "taken_at")),
        tuple(BookedMove(*row) for row in moves.values_list("seq", "ticket_id", "move", "window", "at")),
    )


def day_of(place: UUID, day: date) -> PastDay:
    """A hall's day as it was: who came, and which windows were open. Seven statements."""
    rows = list(Ticket.objects.filter(place=place, day=day).order_by("taken_at", "id"))
    calls = Call.objects.filter(place=place, day=day, move=Move.CALL.value).order_by("-seq")
    first = dict(calls.values_list("ticket", "at"))  # the earliest call is written last
    known = services_of([row.id for row in rows])
    used = {row.queue_id for row in rows}
    queues = Queue.objects.filter(place=place, id__in=used).order_by("order", "letter")
    since, until = _midnight(day), _midnight(day + timedelta(days=1))
    desks = Desk.objects.filter(place=place, opened_at__gte=since, opened_at__lt=until).order_by("opened_at", "id")
    return PastDay(
        tuple(
            PastQueue(row.id, row.letter, Words(row.name_zh, row.name_en), timedelta(minutes=row.aim_minutes))
            for row in queues
        ),
        tuple(_visitor(row, first.get(row.id), known.get(row.id)) for row in rows),
        tuple(
            PastWindow(row.window_number, frozenset(row.queues), since, until)
            for row, since, until in _open_times(desks, _last_seen(place, day, until))
        ),
    )


def _last_seen(place: UUID, day: date, end: datetime) -> Callable[[Desk], datetime]:
    """Until when somebody sat at a window: its closing. One that nobody closed (the night did): until the hall closed, or the
    last of its calls, whichever is later."""
    shuts = network.last_closing(place, day)
    closes = min(end, _midnight(day) + timedelta(hours=shuts.hour, minutes=shuts.minute)) if shuts else None
    calls = Call.objects.filter(place=place, day=day).exclude(window="").values("window").annotate(last=Max("at"))
    last = {row["window"]: row["last"] for row in calls.order_by("window")}

    def until(desk: Desk) -> datetime:
        if desk.closed_at is not None and desk.closed_at < end:
            return desk.closed_at
        seen = [one for one in (closes, last.get(desk.window_number)) if one is not None]
        return max([desk.opened_at, *seen])

    return until


def _open_times(
    desks: Iterable[Desk], last_seen: Callable[[Desk], datetime]
) -> Iterator[tuple[Desk, datetime, datetime]]:
    """Each stretch in which a window called: from opening to closing, less its pauses."""
    rows = list(desks)
    pauses: dict[UUID, list[DeskPause]] = {}
    for one in DeskPause.objects.filter(desk__in=rows).order_by("since", "id"):
        pauses.setdefault(one.desk_id, []).append(one)
    for row in rows:
        since, until = row.opened_at, last_seen(row)
        for pause in pauses.get(row.id, ()):
            yield row, since, min(pause.since, until)
            since = min(pause.until or until, until)
        yield row, since, until


def _visitor(row: Ticket, called: datetime | None, service: Service | None) -> PastVisitor:
    return PastVisitor(
        row.queue_id,
        row.taken_at,
        row.order_at,
        TicketClass(row.of),
        first_item(row.items),
        held_for(row, service),
        _seconds(row.taken_at, called),
    )


def _seconds(since: datetime | None, until: datetime | None) -> float | None:
    """From one moment to the other; never less than nothing, whatever a clock that was set back says."""
    return max(0.0, (until - since).total_seconds()) if since is not None and until is not None else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, SHANGHAI)
