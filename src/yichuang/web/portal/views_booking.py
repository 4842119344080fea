"""预约: which halls, which half hours, and the last look before an appointment is made or moved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from yichuang.catalog import queries as catalog
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date, now
from yichuang.core.ids import new_id
from yichuang.core.refusals import Reason, Refused
from yichuang.core.words import W
from yichuang.network import queries as network
from yichuang.people import queries as people
from yichuang.visits import queries as visits
from yichuang.visits.commands.booking import book, join_waiting_list, move_booking
from yichuang.visits.values import KIND_WORDS, MOST_DAYS_AHEAD, Booked, BookingKind, BookingRow, SlotRow
from yichuang.webkit import params
from yichuang.webkit.actor import actor_of
from yichuang.webkit.acts import settle
from yichuang.webkit.pages import note, render
from yichuang.webkit.problems import NONE, problems_sent

BOOKED = W("预约成功，预约号 {number}", "Booked: number {number}")
MOVED = W("已改期，预约号 {number} 不变", "Moved; its number is still {number}")
JOINED = W("已加入候补；有名额时会短信通知您", "You are on the waiting list; an SMS tells you when a place comes free")
WHO_MISSING = W("请选择为谁预约", "Choose for whom")


@dataclass(frozen=True, slots=True)
class DayOf:
    """One day of the choice: how many half hours are free; from when it may be booked, while it may not yet."""

    day: date
    free: int
    opens_at: datetime | None


def halls(request: HttpRequest, code: str) -> HttpResponse:
    """Where the item can be booked, and from which day there is a place."""
    at = now()
    pack = catalog.get_pack(code, at=at)
    bookable = {row.place: row for row in visits.halls_for(code, at=at)}
    taking = network.places_taking(code, pack.scope.area, at, department=pack.department)
    rows = [(row.place, bookable[row.place.id]) for row in taking if row.place.id in bookable]
    context = {"item": pack, "rows": rows, "kinds": KIND_WORDS, "move": params.text(request, "move")}
    return render(request, "portal/booking/halls.html", context)


def slots(request: HttpRequest, code: str, place: str) -> HttpResponse:
    """The days of a hall, and the half hours of one of them."""
    return _slots(request, code, place)


def _slots(request: HttpRequest, code: str, place: str, refused: Refused | None = None) -> HttpResponse:
    actor, at = actor_of(request), now()
    pack, hall = catalog.get_pack(code, at=at), network.get_place(place)
    kind, today = _kind(request), local_date(at)
    farthest = today + timedelta(days=MOST_DAYS_AHEAD)
    rows = visits.slots(hall.id, code, first=today, last=farthest, at=at, kind=kind)
    days = _days(rows, at)
    day = params.day(request, "day") or next((one.day for one in days if one.free), today)
    offered = next((row.kinds for row in visits.halls_for(code, at=at) if row.place == hall.id), {})
    context = {
        "item": pack,
        "place": hall,
        "kind": kind.value,
        "kinds": [(one.value, KIND_WORDS[one]) for one in offered],
        "days": days,
        "day": day,
        "rows": [row for row in rows if local_date(row.starts_at) == day],
        "at": at,
        "today": today,
        "farthest": farthest,
        "move": params.text(request, "move"),
        "principals": _principals(actor, code, at),
        "problems": problems_sent(request, refused) if refused else NONE,
        "typed": request.POST if refused else {},
    }
    return render(request, "portal/booking/slots.html", context, status=refused.status if refused else 200)


def _kind(request: HttpRequest) -> BookingKind:
    return BookingKind(params.choice(request, "kind", {one.value for one in BookingKind}, BookingKind.HALL.value))


def _days(rows: Sequence[SlotRow], at: datetime) -> list[DayOf]:
    found = []
    for day, of_day in groupby(rows, key=lambda row: local_date(row.starts_at)):
        mine = list(of_day)
        opens = max(row.opens_at for row in mine)
        free = sum(row.free > 0 for row in mine if row.opens_at <= at)
        found.append(DayOf(day, free, opens if opens > at else None))
    return found


def _principals(actor: Actor, item: str, at: datetime) -> list[tuple[UUID, str]]:
    """Those for whom a person may book the item besides themselves, by name."""
    if actor.kind != "person" or actor.id is None:
        return []
    rows = [row.principal for row in people.represented(actor.id, at=at) if actor.acts_for(row.principal, item=item)]
    return [(party, people.get_party(party).name) for party in dict.fromkeys(rows)]


def _person(request: HttpRequest, actor: Actor) -> UUID:
    """Whom it is for: as chosen, or oneself where there is no choice."""
    chosen = params.uuid_or_none(params.text(request, "person")) or actor.id
    if chosen is None:
        raise Refused(Reason("WHO_MISSING", WHO_MISSING, "/person"))
    return chosen


def _moved(request: HttpRequest, actor: Actor, at: datetime) -> BookingRow | None:
    """The appointment that is to be moved, or replaced by an earlier one. NotFound for one that is not theirs."""
    named = params.text(request, "move")
    return visits.booking_page(actor, params.uuid(named), at=at).row if named else None


def confirm(request: HttpRequest, slot: UUID, code: str) -> HttpResponse:
    """The last look: what, where, when, for whom; made, or moved here, by its button."""
    actor, at = actor_of(request), now()
    row = visits.get_slot(slot)
    pack, moved = catalog.get_pack(code, at=at), _moved(request, actor, at)
    done: list[Booked] = []

    def do() -> None:
        done.append(_take(request, actor, row.id, code, moved, at))
        note(request, (MOVED if moved else BOOKED).format(number=done[0].number))

    def page(refused: Refused | None = None) -> HttpResponse:
        context = {
            "item": pack,
            "slot": row,
            "kind": KIND_WORDS[row.kind],
            "place": network.get_place_by_id(row.place),
            "moved": moved,
            "principals": _principals(actor, code, at),
            "press_key": params.text(request, "key", longest=40) or new_id().hex,
            "problems": problems_sent(request, refused) if refused else NONE,
            "typed": request.POST if refused else {},
        }
        return render(request, "portal/booking/confirm.html", context, status=refused.status if refused else 200)

    if request.method != "POST":
        return page()
    answer = settle(request, do, done=None, then="", again=page)
    return HttpResponseRedirect(reverse("portal:booking", args=[done[0].id])) if done else answer


def _take(request: HttpRequest, actor: Actor, slot: UUID, code: str, moved: BookingRow | None, at: datetime) -> Booked:
    if moved is not None:
        return move_booking(actor=actor, booking=moved.id, slot=slot, at=at)
    return book(
        actor=actor,
        slot=slot,
        items=[code],
        person=_person(request, actor),
        key=params.text(request, "key", longest=40),
        address=params.text(request, "address", longest=400),
        at=at,
    )


def join(request: HttpRequest, code: str, place: str) -> HttpResponse:
    """候补: for a place that comes free on one of these days, or an earlier one than the appointment that is kept."""
    actor, at = actor_of(request), now()
    first = params.day(request, "first") or local_date(at)
    moved = _moved(request, actor, at)

    def do() -> None:
        join_waiting_list(
            actor=actor,
            place=network.get_place(place).id,
            items=[code],
            person=moved.person if moved else _person(request, actor),
            kind=_kind(request),
            first=first,
            last=params.day(request, "last") or first,
            booking=moved.id if moved else None,
            address=params.text(request, "address", longest=400),
            at=at,
        )

    then = reverse("portal:bookings")
    return settle(request, do, done=JOINED, then=then, again=lambda refused: _slots(request, code, place, refused))
