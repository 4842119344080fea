"""预约 at the counter: who comes today, arrivals, bookings for who stands here, visits and calls, who did not come."""

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from yichuang.catalog import queries as catalog
from yichuang.catalog.values import ItemFilters
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date, now
from yichuang.core.ids import new_id
from yichuang.core.refusals import NotFound, Reason, Refused
from yichuang.core.words import W, Words
from yichuang.people import commands as people_commands
from yichuang.people import queries as people
from yichuang.visits import queries as visits
from yichuang.visits.commands.booking import (
    assign_helper,
    book,
    cancel_booking,
    cancel_day,
    carry_out,
    check_in,
    excuse_booking,
    miss_booking,
    move_booking,
)
from yichuang.visits.permissions import can_plan
from yichuang.visits.values import KIND_WORDS, OUTCOME_WORDS, BookingKind, BookingRow, Source
from yichuang.web.counter.keys import frame
from yichuang.webkit import params
from yichuang.webkit.actor import actor_of
from yichuang.webkit.acts import settle
from yichuang.webkit.pages import note, render
from yichuang.webkit.problems import NONE, problems_sent

PAGE = W("页面", "page")
HALL = W("大厅", "hall")
SLOT_MISSING = W("请选择时段", "Choose a time")
BOOKED = W("预约成功，预约号 {number}", "Booked: number {number}")
ARRIVED = W("已报到，号票 {number}", "Checked in: number {number}")
CLOSED = W("已取消 {n} 个预约，预约人都已收到通知", "Appointments cancelled: {n}; everybody has been told")
MOVED = W("已改期，预约人已收到通知", "Moved; the person has been told")
DONE = {
    "cancel": W("已取消，预约人已收到通知", "Cancelled; the person has been told"),
    "helper": W("已指派，预约人已收到通知", "Assigned; the person has been told"),
    "carry-out": W("已登记办理结果", "The outcome is put on record"),
    "miss": W("已登记未到", "Put down as not come"),
    "excuse": W("已谅解，不计次数", "Excused: it does not count"),
}
OFFERED = 100  # items in the list, the house has fewer
AT_WINDOW = ItemFilters(way="window")


def listed(request: HttpRequest) -> HttpResponse:
    """The appointments of a day at one's own hall, by their time."""
    return _listed(request)


def _listed(request: HttpRequest, refused: Refused | None = None) -> HttpResponse:
    actor, at = actor_of(request), now()
    place, day = hall_of(actor), params.day(request, "day") or local_date(at)
    context = {
        **frame(actor),
        "day": day,
        "today": local_date(at),
        "rows": visits.bookings_of_day(actor, place, day, at=at),
        "kinds": KIND_WORDS,
        "plans": can_plan(actor, place),
        "press_key": new_id().hex,
        "problems": problems_sent(request, refused) if refused else NONE,
    }
    return render(request, "counter/bookings.html", context, status=refused.status if refused else 200)


def hall_of(actor: Actor) -> UUID:
    """The hall where the actor works now. NotFound for who works in none."""
    if actor.place is None:
        raise NotFound(HALL)
    return actor.place


def arrive(request: HttpRequest, booking: UUID) -> HttpResponse:
    """Somebody with an appointment is at the door: their number."""
    actor, at = actor_of(request), now()
    place = hall_of(actor)

    def do() -> None:
        key = params.text(request, "key", longest=40)
        taken = check_in(actor=actor, place=place, source=Source.GUIDE, key=key, booking=booking, at=at)
        note(request, ARRIVED.format(number=taken.number))

    then = reverse("counter:bookings")
    return settle(request, do, done=None, then=then, again=lambda refused: _listed(request, refused))


def close_day(request: HttpRequest) -> HttpResponse:
    """临时闭厅: everybody of that day is told, with the reason."""
    actor, at = actor_of(request), now()
    place, day = hall_of(actor), params.day(request, "day") or local_date(at)

    def do() -> None:
        count = cancel_day(actor=actor, place=place, day=day, reason=params.text(request, "reason", longest=500), at=at)
        note(request, CLOSED.format(n=count))

    then = reverse("counter:bookings", query={"day": day.isoformat()})
    return settle(request, do, done=None, then=then, again=lambda refused: _listed(request, refused))


def one(request: HttpRequest, booking: UUID) -> HttpResponse:
    """One appointment, and what can be done with it."""
    return _page(request, booking)


def _page(request: HttpRequest, booking: UUID, refused: Refused | None = None) -> HttpResponse:
    actor, at = actor_of(request), now()
    page = visits.booking_page(actor, booking, at=at)
    row = page.row
    if page.address:
        people_commands.record_look(
            actor=actor, party=row.person, purpose="service", fields=("address",), case_number="", at=at
        )
    plans = can_plan(actor, row.place)
    context = {
        **frame(actor),
        "booking": page,
        "row": row,
        "kind": KIND_WORDS[row.kind],
        "day": local_date(row.starts_at).isoformat(),
        "names": [catalog.published_name(code) or Words(code, code) for code in row.items],
        "plans": plans,
        "goes": visits.goes_home(actor, booking),
        "helpers": visits.helpers_of(actor, row.place, at=at) if plans and row.kind is not BookingKind.HALL else (),
        "outcomes": [(value.value, words) for value, words in OUTCOME_WORDS.items()],
        "begun": row.starts_at <= at,
        "press_key": new_id().hex,
        "typed": request.POST if refused else {},
        "problems": problems_sent(request, refused) if refused else NONE,
    }
    return render(request, "counter/booking.html", context, status=refused.status if refused else 200)


def step(request: HttpRequest, booking: UUID, step: str) -> HttpResponse:
    """Cancel it, say who goes, put down what became of it, excuse who did not come."""
    actor, at, reason = actor_of(request), now(), params.text(request, "reason", longest=500)
    visits.booking_page(actor, booking, at=at)  # of one's own hall, else there is none
    helper = params.uuid_or_none(params.text(request, "helper")) or new_id()  # nobody: refused
    steps: dict[str, Callable[[], None]] = {
        "cancel": lambda: cancel_booking(actor=actor, booking=booking, reason=reason, at=at),
        "helper": lambda: assign_helper(actor=actor, booking=booking, helper=helper, at=at),
        "carry-out": lambda: carry_out(actor=actor, booking=booking, outcome=params.text(request, "outcome"), at=at),
        "miss": lambda: miss_booking(actor=actor, booking=booking, at=at),
        "excuse": lambda: excuse_booking(actor=actor, booking=booking, reason=reason, at=at),
    }
    if step not in steps:
        raise NotFound(PAGE)
    then = reverse("counter:booking", args=[booking])
    return settle(
        request, steps[step], done=DONE[step], then=then, again=lambda refused: _page(request, booking, refused)
    )


def new(request: HttpRequest, party: UUID) -> HttpResponse:
    """Book for who stands at the window, whose document was seen."""
    actor, at = actor_of(request), now()
    person = people.get_party(party)

    def take(slot: UUID) -> None:
        item = params.text(request, "item", longest=60)
        booked = book(
            actor=actor,
            slot=slot,
            items=[item] if item else [],
            person=party,
            key=params.text(request, "key", longest=40),
            address=params.text(request, "address", longest=400),
            at=at,
        )
        note(request, BOOKED.format(number=booked.number))

    context = {"person": person.name_masked, "action": reverse("counter:booking-new", args=[party]), "row": None}
    return _choice(request, take, context, at)


def move(request: HttpRequest, booking: UUID) -> HttpResponse:
    """To another time; the person is told."""
    actor, at = actor_of(request), now()
    row: BookingRow = visits.booking_page(actor, booking, at=at).row

    def take(slot: UUID) -> None:
        move_booking(actor=actor, booking=booking, slot=slot, at=at)
        note(request, MOVED)

    context = {"person": row.person_masked, "action": reverse("counter:booking-move", args=[booking]), "row": row}
    return _choice(request, take, context, at)


def _choice(
    request: HttpRequest, take: Callable[[UUID], None], context: Mapping[str, object], at: datetime
) -> HttpResponse:
    """Item, day and half hour; the one that was pressed is taken."""
    actor, row = actor_of(request), context["row"]
    place = hall_of(actor)

    def page(refused: Refused | None = None) -> HttpResponse:
        kind = params.choice(request, "kind", {one.value for one in BookingKind}, BookingKind.HALL.value)
        item = params.text(request, "item", longest=60)
        if isinstance(row, BookingRow):
            kind, item = row.kind.value, row.items[0] if row.items else ""
        day = params.day(request, "day") or local_date(row.starts_at if isinstance(row, BookingRow) else at)
        more = {
            **frame(actor),
            "items": [(one.code, one.name) for one in catalog.list_items(AT_WINDOW, limit=OFFERED, at=at).items],
            "kinds": [(one.value, words) for one, words in KIND_WORDS.items()],
            "kind": kind,
            "item": item,
            "day": day,
            "at": at,
            "slots": visits.slots(place, item, first=day, last=day, at=at, kind=BookingKind(kind)) if item else (),
            "press_key": params.text(request, "key", longest=40) or new_id().hex,
            "typed": request.POST if refused else {},
            "problems": problems_sent(request, refused) if refused else NONE,
        }
        return render(
            request, "counter/booking_new.html", {**context, **more}, status=refused.status if refused else 200
        )

    if request.method != "POST":
        return page()
    return settle(request, lambda: take(_slot(request)), done=None, then=reverse("counter:bookings"), again=page)


def _slot(request: HttpRequest) -> UUID:
    slot = params.uuid_or_none(params.text(request, "slot"))
    if slot is None:
        raise Refused(Reason("SLOT_MISSING", SLOT_MISSING, "/slot"))
    return slot
