"""/halls/…/slots, /bookings and /waiting-list: appointments for phones, kiosks and systems of other makers.

The same commands as the pages: nothing is booked twice for one key, a full slot takes nobody, limits are the document's.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import HeaderEx, P, QueryEx, Router, Schema, Status
from pydantic import Field

from yichuang.core.actors import Actor
from yichuang.core.clock import local_date, now
from yichuang.core.refusals import Reason, Refused
from yichuang.core.words import W
from yichuang.network import queries as network
from yichuang.people import commands as people
from yichuang.visits import queries as visits
from yichuang.visits.commands.booking import (
    book,
    cancel_booking,
    check_in,
    confirm_offer,
    join_waiting_list,
    leave_waiting_list,
    move_booking,
)
from yichuang.visits.values import BookingKind, BookingRow, SlotRow, Source
from yichuang.web.api import translate
from yichuang.web.api.hall import TakenOut
from yichuang.web.api.schemas import DoneOut, In, Label, Problem
from yichuang.webkit.actor import actor_of

slots = Router(tags=["appointments"])
bookings = Router(tags=["appointments"])
waiting = Router(tags=["appointments"])
REFUSALS: dict[int, Any] = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
KEY_MISSING = W(
    "请在请求头 Idempotency-Key 中给出本次预约的唯一编号", "Give this appointment its own key in Idempotency-Key"
)
PERSON_MISSING = W("请给出为谁预约", "Say for whom")
CODE = Field(max_length=60)


class SlotOut(Schema):
    id: UUID
    kind: BookingKind
    starts_at: datetime
    ends_at: datetime
    free: int
    opens_at: datetime = Field(description="from this second it may be booked")


class SlotsOut(Schema):
    slots: list[SlotOut]


class BookSlotIn(In):
    slot: UUID
    items: list[str] = Field(min_length=1, max_length=10, description="codes of what one comes for")
    person: UUID | None = Field(None, description="none: oneself; staff name who stands before them")
    address: str = Field("", max_length=400, description="of a home visit")


class BookedOut(Schema):
    id: UUID
    number: str


class BookingOut(Schema):
    id: UUID
    number: str
    place: str
    group: Label
    slot: UUID
    kind: BookingKind
    items: list[str]
    starts_at: datetime
    ends_at: datetime
    state: str
    words: Label
    person: str = Field(description="masked")
    helper: str = Field(description="who comes to the home, or calls")
    may_cancel: bool = Field(description="by the person: until two hours before")
    ticket: str = Field(description="the number after the check-in")


class BookingsOut(Schema):
    bookings: list[BookingOut]
    open: int = Field(description="how many of three are held")
    missed: int
    paused_until: date | None


class BookingPageOut(BookingOut):
    address: str
    reason: str
    last_cancel_at: datetime
    check_in_from: datetime = Field(description="at the hall: by the person, or a machine there")


class MoveBookingIn(In):
    slot: UUID


class CancelBookingIn(In):
    reason: str = Field("", max_length=500, description="needed from staff of the hall; the person reads it")


class JoinWaitingListIn(In):
    place: str = CODE
    items: list[str] = Field(default_factory=list, max_length=10)
    person: UUID | None = None
    kind: BookingKind = BookingKind.HALL
    first: date
    last: date
    booking: UUID | None = Field(None, description="an appointment that an earlier slot would replace")
    address: str = Field("", max_length=400)


class JoinedWaitingListOut(Schema):
    id: UUID


class WaitingOut(Schema):
    id: UUID
    place: str
    group: Label
    kind: BookingKind
    items: list[str]
    first: date
    last: date
    state: str
    words: Label
    earlier_than: str = Field(description="the number of the appointment that it would replace")
    slot: SlotOut | None = Field(description="what is kept for this entry")
    until: datetime | None


class WaitingListOut(Schema):
    waiting: list[WaitingOut]


@slots.get(
    "/{place}/slots",
    response={200: SlotsOut, 404: Problem, 422: Problem},
    url_name="hall_slots",
    summary="The half hours of a hall in which an item can be booked, on at most a month of days",
)
def free_slots(
    request: HttpRequest,
    place: str,
    item: QueryEx[str, P(max_length=60)],
    first: date | None = None,
    last: date | None = None,
    kind: BookingKind = BookingKind.HALL,
) -> dict[str, Any]:
    at = now()
    since = max(first or local_date(at), local_date(at))
    hall = network.get_place(place)
    rows = visits.slots(hall.id, item, first=since, last=last or since, at=at, kind=kind)
    return {"slots": [_slot(row) for row in rows]}


@bookings.post(
    "",
    response={201: BookedOut, **REFUSALS},
    url_name="book",
    summary="Book a slot, once per Idempotency-Key: for oneself, those one stands for, or who stands before staff",
)
def make(
    request: HttpRequest, body: BookSlotIn, key: HeaderEx[str, P(alias="Idempotency-Key", max_length=60)] = ""
) -> Status[dict[str, Any]]:
    if not key:
        raise Refused(Reason("KEY_MISSING", KEY_MISSING, "Idempotency-Key"))
    actor = actor_of(request)
    done = book(
        actor=actor, slot=body.slot, items=body.items, person=_person(actor, body.person), key=key,
        address=body.address, at=now(),
    )  # fmt: skip
    return Status(201, {"id": done.id, "number": done.number})


def _person(actor: Actor, named: UUID | None) -> UUID:
    person = named or (actor.id if actor.kind == "person" else None)
    if person is None:
        raise Refused(Reason("PERSON_MISSING", PERSON_MISSING, "/person"))
    return person


@bookings.get("", response={200: BookingsOut, 401: Problem}, url_name="my_bookings", summary="My appointments, and those of whom I stand for")  # fmt: skip
def mine(request: HttpRequest) -> dict[str, Any]:
    actor, at = actor_of(request), now()
    rows = visits.my_bookings(actor, at=at)
    mine = visits.standing_of(actor.id, at=at) if actor.kind == "person" and actor.id else None
    return {
        "bookings": [booking_out(row) for row in rows],
        "open": mine.open if mine else 0,
        "missed": mine.missed if mine else 0,
        "paused_until": mine.paused_until if mine else None,
    }


@bookings.get("/{booking}", response={200: BookingPageOut, **REFUSALS}, url_name="booking", summary="One appointment")  # fmt: skip
def one(request: HttpRequest, booking: UUID) -> dict[str, Any]:
    actor, at = actor_of(request), now()
    page = visits.booking_page(actor, booking, at=at)
    if page.address:
        people.record_look(
            actor=actor, party=page.row.person, purpose="service", fields=("address",), case_number="", at=at
        )
    more = {
        "address": page.address,
        "reason": page.reason,
        "last_cancel_at": page.last_cancel_at,
        "check_in_from": page.check_in_from,
    }
    return {**booking_out(page.row), **more}


@bookings.post("/{booking}/move", response={200: BookedOut, **REFUSALS}, url_name="move_booking", summary="To another slot of the same kind")  # fmt: skip
def moved(request: HttpRequest, booking: UUID, body: MoveBookingIn) -> dict[str, Any]:
    done = move_booking(actor=actor_of(request), booking=booking, slot=body.slot, at=now())
    return {"id": done.id, "number": done.number}


@bookings.post("/{booking}/cancel", response={200: DoneOut, **REFUSALS}, url_name="cancel_booking", summary="Cancel it; the place goes to who waits")  # fmt: skip
def cancelled(request: HttpRequest, booking: UUID, body: CancelBookingIn) -> dict[str, Any]:
    cancel_booking(actor=actor_of(request), booking=booking, reason=body.reason, at=now())
    return {"done": True}


@bookings.post("/{booking}/check-in", response={200: TakenOut, **REFUSALS, 429: Problem}, url_name="check_in", summary="Arrived: the number; again, it is the same one")  # fmt: skip
def arrived(request: HttpRequest, booking: UUID) -> dict[str, Any]:
    actor, at = actor_of(request), now()
    place = visits.booking_page(actor, booking, at=at).row.place
    source = Source.GUIDE if actor.is_staff else Source.PHONE
    taken = check_in(actor=actor, place=place, source=source, key=f"{actor.id}", booking=booking, at=at)
    told = {"ticket": taken.ticket, "number": taken.number, "token": taken.token}
    return {**told, "least": taken.least, "most": taken.most}


@waiting.post("", response={201: JoinedWaitingListOut, **REFUSALS}, url_name="join_waiting_list", summary="Wait for a place that comes free, or an earlier one")  # fmt: skip
def joined(request: HttpRequest, body: JoinWaitingListIn) -> Status[dict[str, Any]]:
    actor = actor_of(request)
    given = body.dict(exclude={"place", "person"})
    place, person = network.get_place(body.place).id, _person(actor, body.person)
    return Status(201, {"id": join_waiting_list(actor=actor, place=place, person=person, at=now(), **given)})


@waiting.get("", response={200: WaitingListOut, 401: Problem}, url_name="my_waits", summary="What I wait for, and what is kept for me")  # fmt: skip
def waits(request: HttpRequest) -> dict[str, Any]:
    rows = visits.my_waits(actor_of(request), at=now())
    return {
        "waiting": [
            {
                "id": row.id,
                "place": network.get_place_by_id(row.place).code,
                "group": translate.label(row.group_name),
                "kind": row.kind,
                "items": list(row.items),
                "first": row.first,
                "last": row.last,
                "state": row.state,
                "words": translate.label(row.words),
                "earlier_than": row.earlier_than,
                "slot": _slot(row.slot) if row.slot else None,
                "until": row.until,
            }
            for row in rows
        ]
    }


@waiting.post("/{waiting}/confirm", response={200: BookedOut, **REFUSALS}, url_name="confirm_offer", summary="Take the place that is kept")  # fmt: skip
def confirmed(request: HttpRequest, waiting: UUID) -> dict[str, Any]:
    done = confirm_offer(actor=actor_of(request), waiting=waiting, at=now())
    return {"id": done.id, "number": done.number}


@waiting.post("/{waiting}/leave", response={200: DoneOut, **REFUSALS}, url_name="leave_waiting_list", summary="Leave the list")  # fmt: skip
def left(request: HttpRequest, waiting: UUID) -> dict[str, Any]:
    leave_waiting_list(actor=actor_of(request), waiting=waiting, at=now())
    return {"done": True}


def _slot(row: SlotRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
        "free": row.free,
        "opens_at": row.opens_at,
    }


def booking_out(row: BookingRow) -> dict[str, Any]:
    """An appointment as the API tells it."""
    return {
        "id": row.id,
        "number": row.number,
        "place": network.get_place_by_id(row.place).code,
        "group": translate.label(row.group_name),
        "slot": row.slot,
        "kind": row.kind,
        "items": list(row.items),
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
        "state": row.state,
        "words": translate.label(row.words),
        "person": row.person_masked,
        "helper": row.helper,
        "may_cancel": row.may_cancel,
        "ticket": row.ticket,
    }
