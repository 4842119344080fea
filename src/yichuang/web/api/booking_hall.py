"""/halls/…/bookings and /halls/…/booking-plan: a hall's side of appointments, for its staff and its manager."""

from datetime import date, time
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from yichuang.core.clock import local_date, now
from yichuang.network import queries as network
from yichuang.visits import queries as visits
from yichuang.visits.commands.booking import (
    assign_helper,
    cancel_day,
    carry_out,
    excuse_booking,
    miss_booking,
    publish_slots,
    set_booking_rules,
    set_group_plan,
)
from yichuang.visits.values import BookingRules, GroupPlan, Outcome
from yichuang.web.api import translate
from yichuang.web.api.booking import REFUSALS, BookingOut, booking_out
from yichuang.web.api.schemas import DoneOut, In, Label
from yichuang.webkit.actor import actor_of

hall = Router(tags=["appointments"])
acts = Router(tags=["appointments"])
Windows = tuple[int, int, int]
CLOCK = r"^([01]\d|2[0-3]):[0-5]\d:[0-5]\d$"


class BookingsOfDayOut(Schema):
    bookings: list[BookingOut]


class BookingRulesIn(In):
    days_ahead: int = Field(ge=0, le=100)
    release: str = Field(pattern=CLOCK, description="the second at which a day is released")
    walk_in_percent: int = Field(ge=0, le=100, description="kept for who just comes")


class GroupPlanIn(In):
    weekday: Windows = Field(description="windows in the morning, at noon, in the afternoon")
    weekend: Windows = (0, 0, 0)
    minutes: int = Field(ge=0, le=1000)
    home: int = Field(0, ge=0, le=1000, description="home visits that begin in a half hour")
    video: int = Field(0, ge=0, le=1000)


class PublishSlotsIn(In):
    first: date
    last: date


class PublishedSlotsOut(Schema):
    slots: int


class BookingGroupOut(Schema):
    id: UUID
    letter: str
    name: Label
    weekday: Windows
    weekend: Windows
    minutes: int
    home: int
    video: int
    published_until: date | None


class BookingDayOut(Schema):
    day: date
    capacity: int
    booked: int
    arrived: int
    missed: int


class BookingPlanOut(Schema):
    days_ahead: int
    release: str
    walk_in_percent: int
    groups: list[BookingGroupOut]
    days: list[BookingDayOut]


class CancelDayIn(In):
    day: date
    reason: str = Field(max_length=500, description="everybody who booked reads it")


class CancelledDayOut(Schema):
    cancelled: int


class BookingHelperIn(In):
    helper: UUID


class BookingOutcomeIn(In):
    outcome: Outcome


class ExcuseBookingIn(In):
    reason: str = Field(max_length=500)


@hall.get("/{place}/bookings", response={200: BookingsOfDayOut, **REFUSALS}, url_name="hall_bookings", summary="The appointments of a day at one's own hall")  # fmt: skip
def of_day(request: HttpRequest, place: str, day: date | None = None) -> dict[str, Any]:
    at = now()
    rows = visits.bookings_of_day(actor_of(request), network.get_place(place).id, day or local_date(at), at=at)
    return {"bookings": [booking_out(row) for row in rows]}


@hall.post("/{place}/bookings/cancel-day", response={200: CancelledDayOut, **REFUSALS}, url_name="cancel_booking_day", summary="临时闭厅: cancel every appointment of a day, with the reason; by the manager")  # fmt: skip
def day_cancelled(request: HttpRequest, place: str, body: CancelDayIn) -> dict[str, Any]:
    place_id = network.get_place(place).id
    count = cancel_day(actor=actor_of(request), place=place_id, day=body.day, reason=body.reason, at=now())
    return {"cancelled": count}


@hall.get("/{place}/booking-plan", response={200: BookingPlanOut, **REFUSALS}, url_name="booking_plan", summary="How a hall opens its appointments, and what is published")  # fmt: skip
def plan(request: HttpRequest, place: str) -> dict[str, Any]:
    page = visits.plan_page(actor_of(request), network.get_place(place).id, at=now())
    return {
        "days_ahead": page.rules.days_ahead,
        "release": page.rules.release.strftime("%H:%M:%S"),
        "walk_in_percent": page.rules.walk_in_percent,
        "groups": [
            {
                "id": row.id,
                "letter": row.letter,
                "name": translate.label(row.name),
                "weekday": row.plan.weekday,
                "weekend": row.plan.weekend,
                "minutes": row.plan.minutes,
                "home": row.plan.home,
                "video": row.plan.video,
                "published_until": row.published_until,
            }
            for row in page.groups
        ],
        "days": [
            {"day": one.day, "capacity": one.capacity, "booked": one.booked, "arrived": one.arrived, "missed": one.missed}
            for one in page.days
        ],
    }  # fmt: skip


@hall.post("/{place}/booking-plan/rules", response={200: DoneOut, **REFUSALS}, url_name="set_booking_rules", summary="Days ahead, second of the release, share of who just comes")  # fmt: skip
def rules(request: HttpRequest, place: str, body: BookingRulesIn) -> dict[str, Any]:
    wanted = BookingRules(body.days_ahead, time.fromisoformat(body.release), body.walk_in_percent)
    set_booking_rules(actor=actor_of(request), place=network.get_place(place).id, hall=wanted, at=now())
    return {"done": True}


@hall.post("/{place}/booking-plan/groups/{group}", response={200: DoneOut, **REFUSALS}, url_name="set_group_plan", summary="What a group of items can serve, by part of the day")  # fmt: skip
def group_plan(request: HttpRequest, place: str, group: UUID, body: GroupPlanIn) -> dict[str, Any]:
    set_group_plan(
        actor=actor_of(request),
        place=network.get_place(place).id,
        group=group,
        plan=GroupPlan(**body.dict()),
        at=now(),
    )
    return {"done": True}


@hall.post("/{place}/booking-plan/groups/{group}/publish", response={200: PublishedSlotsOut, **REFUSALS}, url_name="publish_slots", summary="Publish the slots of these days, or bring them to the plan")  # fmt: skip
def published(request: HttpRequest, place: str, group: UUID, body: PublishSlotsIn) -> dict[str, Any]:
    place_id = network.get_place(place).id
    count = publish_slots(
        actor=actor_of(request), place=place_id, group=group, first=body.first, last=body.last, at=now()
    )
    return {"slots": count}


@acts.post("/{booking}/helper", response={200: DoneOut, **REFUSALS}, url_name="assign_helper", summary="Who goes to the home, or calls by video; by the manager")  # fmt: skip
def helper(request: HttpRequest, booking: UUID, body: BookingHelperIn) -> dict[str, Any]:
    assign_helper(actor=actor_of(request), booking=booking, helper=body.helper, at=now())
    return {"done": True}


@acts.post("/{booking}/carry-out", response={200: DoneOut, **REFUSALS}, url_name="carry_out_booking", summary="The home visit or talk took place")  # fmt: skip
def carried_out(request: HttpRequest, booking: UUID, body: BookingOutcomeIn) -> dict[str, Any]:
    carry_out(actor=actor_of(request), booking=booking, outcome=body.outcome.value, at=now())
    return {"done": True}


@acts.post("/{booking}/missed", response={200: DoneOut, **REFUSALS}, url_name="miss_booking", summary="Nobody was there: a home visit or talk")  # fmt: skip
def missed(request: HttpRequest, booking: UUID) -> dict[str, Any]:
    miss_booking(actor=actor_of(request), booking=booking, at=now())
    return {"done": True}


@acts.post("/{booking}/excuse", response={200: DoneOut, **REFUSALS}, url_name="excuse_booking", summary="谅解: an absence that does not count, with the reason; by the manager")  # fmt: skip
def excused(request: HttpRequest, booking: UUID, body: ExcuseBookingIn) -> dict[str, Any]:
    excuse_booking(actor=actor_of(request), booking=booking, reason=body.reason, at=now())
    return {"done": True}
