"""Reads of appointments: free slots, mine, a day of a hall, what a manager plans."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, F, Max, Min, Q, Sum

from yichuang.core.actors import Actor
from yichuang.core.clock import local_date
from yichuang.core.refusals import NotFound
from yichuang.core.words import Words
from yichuang.network import queries as network
from yichuang.people import queries as people
from yichuang.people.values import PartyRow
from yichuang.visits import messages
from yichuang.visits.booking_states import WORDS, BookingState
from yichuang.visits.giving import queue_for
from yichuang.visits.models import Booker, Booking, BookingGroup, Queue, Seat, Slot, Waiting
from yichuang.visits.permissions import GUIDES, can_hold, can_plan, check_can_guide, check_can_plan
from yichuang.visits.places import open_waits
from yichuang.visits.planned import group_for, plan_in, rules_of
from yichuang.visits.rules import booking as rules
from yichuang.visits.rules import order
from yichuang.visits.rules.queues import covers, width
from yichuang.visits.values.booking import (
    WAITING_WORDS,
    BookableHall,
    BookingKind,
    BookingPage,
    BookingRow,
    DayRow,
    GroupPlan,
    GroupRow,
    PersonStanding,
    PlanPage,
    SeatState,
    SlotRow,
    SlotState,
    WaitingRow,
    WaitingState,
)

MOST_DAYS = 31
LISTED = 100


def slots(
    place: UUID, item: str, *, first: date, last: date, at: datetime, kind: BookingKind = BookingKind.HALL
) -> tuple[SlotRow, ...]:
    """The half hours of a hall in which the item is taken, on these days (a month at most), in order; those that have
    begun are left out. `free` 0: full, or not open yet (`opens_at`). () where the hall takes no appointments for it."""
    queue = group_for(place, [item])
    if queue is None or last < first:
        return ()
    days = (first, min(last, first + timedelta(days=MOST_DAYS)))
    rows = Slot.objects.filter(queue=queue, kind=kind.value, day__range=days, starts_at__gt=at)
    return tuple(_slot(row) for row in rows.order_by("starts_at"))


def _slot(row: Slot) -> SlotRow:
    ends = row.starts_at + rules.HALF_HOUR
    free = max(0, row.capacity - row.booked)
    return SlotRow(row.id, row.place_id, row.queue_id, BookingKind(row.kind), row.starts_at, ends, free, row.opens_at)


def bookable_at(place: UUID, items: Sequence[str]) -> tuple[str, ...]:
    """Which of these items a hall takes appointments for, in their order."""
    planned = BookingGroup.objects.filter(queue__place=place, queue__active=True).select_related("queue")
    queues = [row.queue for row in planned.order_by("queue__order", "queue__letter")]
    with network.one_look():
        return tuple(item for item in items if queue_for(queues, [item]) is not None)


def get_slot(slot: UUID) -> SlotRow:
    """One slot; NotFound."""
    row = Slot.objects.filter(id=slot).first()
    if row is None:
        raise NotFound(messages.SLOT)
    return _slot(row)


def halls_for(item: str, *, at: datetime) -> tuple[BookableHall, ...]:
    """The halls that take appointments for the item, with the first free day of each kind. Three statements."""
    assigned = network.find_assignment(item)
    organs = {item: assigned.department} if assigned else {}
    taking: dict[UUID, list[BookingGroup]] = {}
    planned = BookingGroup.objects.filter(queue__active=True).select_related("queue")
    for row in planned.order_by("queue__place", "queue__order", "queue__letter"):
        if row.queue.by_item and covers(row.queue.items, row.queue.departments, [item], organs):
            taking.setdefault(row.queue.place_id, []).append(row)
    found = {
        place: min(rows, key=lambda row: width(row.queue.items, row.queue.departments, [item]))
        for place, rows in taking.items()
    }
    free = Slot.objects.filter(
        queue__in=[row.queue_id for row in found.values()], starts_at__gt=at, opens_at__lte=at, booked__lt=F("capacity")
    ).values("queue", "kind")
    first = {
        (row["queue"], BookingKind(row["kind"])): row["first"]
        for row in free.annotate(first=Min("day")).order_by("queue", "kind")
    }
    return tuple(
        BookableHall(place, {kind: first.get((row.queue_id, kind)) for kind in _kinds(plan_in(row))})
        for place, row in found.items()
    )


def _kinds(plan: GroupPlan) -> tuple[BookingKind, ...]:
    wanted = {BookingKind.HALL: True, BookingKind.HOME: plan.home > 0, BookingKind.VIDEO: plan.video > 0}
    return tuple(kind for kind, offered in wanted.items() if offered)


def find_bookings(person: UUID, *, at: datetime) -> tuple[BookingRow, ...]:
    """The appointments of a document that are to come or of today, in order. No gate: for who has the person before them."""
    rows = Booking.objects.filter(
        booker=person, day__gte=local_date(at), state__in=[BookingState.BOOKED.value, BookingState.ARRIVED.value]
    )
    return _rows(rows.select_related("slot", "slot__queue", "ticket").order_by("slot__starts_at", "id")[:LISTED], at)


def my_bookings(actor: Actor, *, at: datetime) -> tuple[BookingRow, ...]:
    """The appointments of a person and of those they stand for: those to come first, then what was, the newest first."""
    if actor.kind != "person" or actor.id is None:
        return ()
    stands_for = {actor.id, *actor.represents, *(party for party, _ in actor.represents_in)}
    rows = Booking.objects.filter(booker__in=stands_for).select_related("slot", "slot__queue", "ticket")
    mine = [
        row for row in rows.order_by("-day", "id")[:LISTED] if can_hold(actor, row.booker_id, row.place_id, row.items)
    ]
    coming = sorted((row for row in mine if row.state == BookingState.BOOKED.value), key=lambda row: row.slot.starts_at)
    return _rows([*coming, *(row for row in mine if row.state != BookingState.BOOKED.value)], at)


def booking_page(actor: Actor, booking: UUID, *, at: datetime) -> BookingPage:
    """One appointment, for its person, who stands for them, and staff of the hall; NotFound for everybody else.

    Of the staff only the manager, who says who goes, and who goes read the address of a home visit."""
    row = Booking.objects.select_related("slot", "slot__queue", "ticket").filter(id=booking).first()
    if row is None or not can_hold(actor, row.booker_id, row.place_id, row.items):
        raise NotFound(messages.BOOKING)
    goes = not actor.is_staff or can_plan(actor, row.place_id) or (actor.id is not None and actor.id == row.helper_id)
    starts = row.slot.starts_at
    return BookingPage(
        row=_rows([row], at)[0],
        address=row.address if goes else "",
        reason=row.reason,
        last_cancel_at=rules.last_cancel(starts),
        check_in_from=order.check_in_from(starts),
    )


def bookings_of_day(actor: Actor, place: UUID, day: date, *, at: datetime) -> tuple[BookingRow, ...]:
    """All appointments of a day at the actor's hall, by their time; people masked. Refused (403) for staff of elsewhere."""
    check_can_guide(actor, place)
    rows = Booking.objects.filter(place=place, day=day).select_related("slot", "slot__queue", "ticket")
    return _rows(rows.order_by("slot__starts_at", "made_at", "id")[:1000], at)


def missed_at(actor: Actor, place: UUID, *, since: date, at: datetime) -> tuple[BookingRow, ...]:
    """Who did not come lately, the newest first; for the manager."""
    check_can_plan(actor, place)
    states = [BookingState.MISSED.value, BookingState.EXCUSED.value]
    rows = Booking.objects.filter(place=place, day__gte=since, state__in=states)
    return _rows(rows.select_related("slot", "slot__queue", "ticket").order_by("-day", "id")[:LISTED], at)


def _rows(rows: Iterable[Booking], at: datetime) -> tuple[BookingRow, ...]:
    found = list(rows)
    known = people.list_parties({row.booker_id for row in found})
    return tuple(_row(row, known, at) for row in found)


def _row(row: Booking, known: Mapping[UUID, PartyRow], at: datetime) -> BookingRow:
    slot, state = row.slot, BookingState(row.state)
    return BookingRow(
        row.id, row.number, row.place_id, slot.queue_id, Words(slot.queue.name_zh, slot.queue.name_en), slot.id,
        BookingKind(slot.kind), tuple(row.items), slot.starts_at, slot.starts_at + rules.HALF_HOUR, row.state, WORDS[state],
        row.booker_id, known[row.booker_id].name_masked, row.helper_name, row.sequence, row.made_at, row.changed_at,
        state is BookingState.BOOKED and at <= rules.last_cancel(slot.starts_at), row.ticket.number if row.ticket else "",
    )  # fmt: skip


def standing_of(person: UUID, *, at: datetime) -> PersonStanding:
    """Appointments open, those missed in ninety days that nobody excused, until when booking is paused. No gate."""
    row = Booker.objects.filter(person=person).first()
    since = local_date(at) - rules.COUNTED
    missed = Booking.objects.filter(booker=person, state=BookingState.MISSED.value, day__gt=since).count()
    return PersonStanding(row.open, missed, row.paused_until) if row else PersonStanding(0, 0, None)


def my_waits(actor: Actor, *, at: datetime) -> tuple[WaitingRow, ...]:
    """What a person waits for, and what is kept for them."""
    if actor.kind != "person" or actor.id is None:
        return ()
    stands_for = {actor.id, *actor.represents, *(party for party, _ in actor.represents_in)}
    rows = open_waits(Waiting.objects.filter(booker__in=stands_for)).select_related("queue", "booking")
    mine = [row for row in rows.order_by("joined_at", "id") if can_hold(actor, row.booker_id, row.place_id, row.items)]
    seats = Seat.objects.filter(waiting__in=mine, state=SeatState.OFFERED.value, until__gt=at).select_related("slot")
    kept = {seat.waiting_id: seat for seat in seats.order_by("id")}
    return tuple(_wait(row, kept.get(row.id)) for row in mine)


def _wait(row: Waiting, seat: Seat | None) -> WaitingRow:
    state = WaitingState.OFFERED if seat else WaitingState.WAITING
    return WaitingRow(
        row.id, row.place_id, Words(row.queue.name_zh, row.queue.name_en), BookingKind(row.kind), tuple(row.items),
        row.first, row.last, state.value, WAITING_WORDS[state], row.booking.number if row.booking else "",
        _slot(seat.slot) if seat else None, seat.until if seat else None,
    )  # fmt: skip


def plan_page(actor: Actor, place: UUID, *, at: datetime) -> PlanPage:
    """What the manager of a hall sets for its appointments, and the days that were published."""
    check_can_plan(actor, place)
    known = {row.queue_id: plan_in(row) for row in BookingGroup.objects.filter(queue__place=place).order_by("queue_id")}
    ahead = Slot.objects.filter(place=place, day__gte=local_date(at)).values_list("queue")
    last = dict(ahead.annotate(last=Max("day")).order_by("queue"))
    groups = tuple(
        GroupRow(q.id, q.letter, Words(q.name_zh, q.name_en), known.get(q.id, GroupPlan()), last.get(q.id))
        for q in Queue.objects.filter(place=place, active=True).order_by("order", "letter")
    )
    return PlanPage(rules_of(place), groups, days_of(place, first=local_date(at)))


def days_of(place: UUID, *, first: date, days: int = MOST_DAYS) -> tuple[DayRow, ...]:
    """Each day with slots: places, taken ones, who arrived, who did not come."""
    until = first + timedelta(days=days)
    places = Slot.objects.filter(place=place, day__range=(first, until)).values_list("day")
    came = Booking.objects.filter(place=place, day__range=(first, until)).values_list("day")
    states = {
        day: (arrived, missed)
        for day, arrived, missed in came.annotate(
            arrived=_count(BookingState.ARRIVED, BookingState.DONE), missed=_count(BookingState.MISSED)
        ).order_by("day")
    }
    rows = places.annotate(capacity=Sum("capacity"), booked=Sum("booked")).order_by("day")
    return tuple(DayRow(day, capacity, booked, *states.get(day, (0, 0))) for day, capacity, booked in rows)


def _count(*states: BookingState) -> Count:
    return Count("id", filter=Q(state__in=[state.value for state in states]))


def slots_of_day(actor: Actor, place: UUID, group: UUID, day: date) -> tuple[SlotState, ...]:
    """The slots of a group on a day, for the manager: places, taken, given back and not yet anybody's."""
    check_can_plan(actor, place)
    rows = Slot.objects.filter(place=place, queue=group, day=day).order_by("kind", "starts_at")
    resting = dict(
        Seat.objects.filter(slot__in=rows, state__in=[SeatState.OFFERED.value, SeatState.RESTING.value])
        .values_list("slot")
        .annotate(n=Count("id"))
        .order_by("slot")
    )
    return tuple(
        SlotState(r.id, BookingKind(r.kind), r.starts_at, r.capacity, r.booked, resting.get(r.id, 0)) for r in rows
    )


def helpers_of(actor: Actor, place: UUID, *, at: datetime) -> tuple[tuple[UUID, str], ...]:
    """Who may be sent to a home visit: (id, name), for the manager."""
    check_can_plan(actor, place)
    return tuple((row.id, row.name) for row in people.list_at_place(place, GUIDES, at=at))
