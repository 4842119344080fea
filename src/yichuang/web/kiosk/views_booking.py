"""预约 at the kiosk: who lies their card on the reader books at this hall, moves and cancels; on the phone it is the same one."""

from datetime import timedelta
from itertools import groupby
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from yichuang.catalog import queries as catalog
from yichuang.catalog.values import ItemFilters, ItemRow
from yichuang.core.clock import local_date
from yichuang.core.ids import new_id
from yichuang.core.refusals import NotFound, Refused
from yichuang.core.words import W, Words
from yichuang.devices import queries as devices
from yichuang.devices.commands import print_slip
from yichuang.devices.values import FAULT_WORDS, DeviceKind
from yichuang.people import queries as people
from yichuang.visits import queries as visits
from yichuang.visits.commands.booking import book, cancel_booking, move_booking
from yichuang.visits.values import KIND_WORDS, MOST_DAYS_AHEAD, BookingKind, BookingRow, SlotRow
from yichuang.web.kiosk.slips import booking_slip
from yichuang.web.kiosk.standing import Standing, at_kiosk
from yichuang.web.kiosk.views_ticket import CARD_UNKNOWN, read_document
from yichuang.webkit import params
from yichuang.webkit.languages import locale_of
from yichuang.webkit.pages import note
from yichuang.webkit.problems import NONE, problems_sent

PAGE = W("页面", "page")
BOOKING = W("预约", "appointment")
BOOKED = W("预约成功，预约号 {number}", "Booked: number {number}")
MOVED = W("已改期，预约号 {number} 不变", "Moved; its number is still {number}")
CANCELLED = W("预约已取消", "The appointment is cancelled")
AT_WINDOW = ItemFilters(way="window")
OFFERED = 100


@at_kiosk
def bookings(standing: Standing) -> HttpResponse:
    """The card first; then the appointments of its holder, and the way to a new one."""
    _check_centre()
    return _page(standing)


@at_kiosk
def card(standing: Standing) -> HttpResponse:
    """刷证: whose appointments these are."""
    _check_centre()
    try:
        known = read_document(standing)
    except Refused as refused:
        return _page(standing, refused)
    if known is None:
        note(standing.request, CARD_UNKNOWN)
    return HttpResponseRedirect(reverse("kiosk:bookings"))


def _page(standing: Standing, refused: Refused | None = None) -> HttpResponse:
    person = _holder(standing)
    rows = visits.find_bookings(person, at=standing.at) if person else ()
    last = next((row for row in rows if row.id == _last(standing)), None)
    return standing.page(
        "kiosk/bookings.html",
        status=refused.status if refused else 200,
        has_reader=devices.has_at(standing.actor, DeviceKind.READER),
        person=people.get_party(person) if person else None,
        rows=[(row, _named(row), row.place == standing.place.id, KIND_WORDS[row.kind]) for row in rows],
        printed=devices.find_printed(standing.actor, _slip_key(last)) if last else None,
        faults=FAULT_WORDS,
        problems=problems_sent(standing.request, refused) if refused else NONE,
    )


def _holder(standing: Standing) -> UUID | None:
    """Who lies their card on the reader; a relay code opens no appointments."""
    return standing.person if standing.card else None


def _last(standing: Standing) -> UUID | None:
    return params.uuid_or_none(str(standing.request.session.get("visit", {}).get("booked", "")))


def _named(row: BookingRow) -> list[Words]:
    return [catalog.published_name(code) or Words(code, code) for code in row.items]


def _slip_key(row: BookingRow) -> str:
    return f"booking:{row.id}:{row.sequence}"


@at_kiosk
def choose(standing: Standing) -> HttpResponse:
    """What it is for: what this hall takes by appointment."""
    _check_centre()
    if _holder(standing) is None:
        return HttpResponseRedirect(reverse("kiosk:bookings"))
    q = params.text(standing.request, "q", longest=60)
    found: list[ItemRow] = list(
        catalog.search_items(q, limit=OFFERED, at=standing.at)
        if q
        else catalog.list_items(AT_WINDOW, limit=OFFERED, at=standing.at).items
    )
    taken = set(visits.bookable_at(standing.place.id, [row.code for row in found]))
    return standing.page("kiosk/book_item.html", q=q, items=[row for row in found if row.code in taken])


@at_kiosk
def slots(standing: Standing, code: str) -> HttpResponse:
    """Days and half hours of an item; the one that is pressed is booked, or the appointment moved there, once for its key."""
    _check_centre()
    if standing.request.method != "POST":
        return _slots(standing, code)
    person, moved = _holder(standing), _moved(standing)
    slot = params.uuid_or_none(params.text(standing.request, "slot"))
    if person is None or slot is None:
        return HttpResponseRedirect(reverse("kiosk:bookings"))
    key = params.text(standing.request, "key", longest=40) or new_id().hex
    actor, at = standing.actor, standing.at
    try:
        if moved is not None:
            done = move_booking(actor=actor, booking=moved.id, slot=slot, read=person, at=at)
        else:
            done = book(actor=actor, slot=slot, items=[code], person=person, key=key, read=person, at=at)
    except Refused as refused:
        return _slots(standing, code, refused)
    standing.remember(booked=str(done.id))
    _print(standing, person, done.id)
    note(standing.request, (MOVED if moved else BOOKED).format(number=done.number))
    return HttpResponseRedirect(reverse("kiosk:bookings"))


def _slots(standing: Standing, code: str, refused: Refused | None = None) -> HttpResponse:
    request, at = standing.request, standing.at
    if _holder(standing) is None:
        return HttpResponseRedirect(reverse("kiosk:bookings"))
    pack, moved, today = catalog.get_pack(code, at=at), _moved(standing), local_date(at)
    farthest = today + timedelta(days=MOST_DAYS_AHEAD)
    rows = visits.slots(standing.place.id, code, first=today, last=farthest, at=at, kind=BookingKind.HALL)
    days = [
        (day, _free(list(of_day), standing)) for day, of_day in groupby(rows, lambda row: local_date(row.starts_at))
    ]
    day = params.day(request, "day") or next((one for one, free in days if free), today)
    return standing.page(
        "kiosk/book_slot.html",
        status=refused.status if refused else 200,
        item=pack,
        move=moved,
        days=days,
        day=day,
        rows=[row for row in rows if local_date(row.starts_at) == day],
        press_key=params.text(request, "key", longest=40) or new_id().hex,
        problems=problems_sent(request, refused) if refused else NONE,
    )


def _free(rows: list[SlotRow], standing: Standing) -> int:
    return sum(row.free > 0 and row.opens_at <= standing.at for row in rows)


def _moved(standing: Standing) -> BookingRow | None:
    """The appointment of the card's holder at this hall that the address names, to be moved. NotFound for another's."""
    named = params.text(standing.request, "move")
    return _own(standing, params.uuid_or_none(named)) if named else None


def _own(standing: Standing, booking: UUID | None) -> BookingRow:
    person = _holder(standing)
    rows = visits.find_bookings(person, at=standing.at) if person else ()
    row = next((row for row in rows if row.id == booking and row.place == standing.place.id), None)
    if row is None:
        raise NotFound(BOOKING)
    return row


@at_kiosk
def cancel(standing: Standing, booking: UUID) -> HttpResponse:
    """取消, by who holds it; pressed twice it stays cancelled."""
    _check_centre()
    person = _holder(standing)
    if person is None:
        return HttpResponseRedirect(reverse("kiosk:bookings"))
    try:
        cancel_booking(actor=standing.actor, booking=booking, read=person, at=standing.at)
    except NotFound:
        raise
    except Refused as refused:
        return _page(standing, refused)
    note(standing.request, CANCELLED)
    return HttpResponseRedirect(reverse("kiosk:bookings"))


def _print(standing: Standing, person: UUID, booking: UUID) -> None:
    row = next((one for one in visits.find_bookings(person, at=standing.at) if one.id == booking), None)
    if row is not None:
        slip = booking_slip(standing.place, row, _named(row), locale=locale_of(standing.request))
        print_slip(actor=standing.actor, key=_slip_key(row), slip=slip, at=standing.at)


def _check_centre() -> None:
    """Appointments are the centre's: a hall node makes none."""
    if visits.is_node():
        raise NotFound(PAGE)
