"""/halls/…/hours: whether a hall is open, its extended hours (延时办理) for everybody; for its manager: arrange them, stay open longer
today, serve until the last one.
"""

from datetime import date, datetime, time
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field, StringConstraints

from yichuang.core.clock import local_date, now
from yichuang.core.words import Words
from yichuang.network import queries as network
from yichuang.network.values import Span
from yichuang.visits import queries as visits
from yichuang.visits.commands.hours import end_extended, extend_hours, open_longer, serve_until_last
from yichuang.visits.values import ExtendedRow, HallHours
from yichuang.web.api import translate
from yichuang.web.api.hall import REFUSALS
from yichuang.web.api.schemas import DoneOut, In, Label
from yichuang.webkit.actor import actor_of

router = Router(tags=["hall"])
Clock = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$")]
Text = Annotated[str, StringConstraints(max_length=160)]


class NamedQueueOut(Schema):
    letter: str
    name: Label


class HoursNowOut(Schema):
    open: bool
    reason: Label
    changes_at: datetime | None = Field(description="until when it is open, or when it opens next")
    extended: bool = Field(description="open only by extended hours")
    only: list[NamedQueueOut] = Field(description="queues that are served in them; none: all")
    windows: list[str] = Field(description="where; none: whichever are open")
    until_last: bool = Field(description="who has a number is served today, however late it gets")


class ExtendedOut(Schema):
    id: UUID
    weekdays: list[int] = Field(description="0 = Monday; none: every day")
    first: date
    last: date | None
    opens: str
    closes: str
    reason: Label
    only: list[NamedQueueOut]
    windows: list[str]


class HallHoursOut(Schema):
    now: HoursNowOut
    extended: list[ExtendedOut] = Field(description="those that hold today or later; terms are counted without them")


class ExtendedIn(In):
    weekdays: list[Annotated[int, Field(ge=0, le=6)]] = Field(
        [], max_length=7, description="0 = Monday; none: every day"
    )
    first: date
    last: date | None = Field(None, description="the same day: that day only; none: until it is ended")
    opens: Clock
    closes: Clock
    queues: list[UUID] = Field([], max_length=26)
    windows: list[Annotated[str, StringConstraints(max_length=8)]] = Field([], max_length=200)
    reason: Text
    reason_en: Text


class ExtendedIdOut(Schema):
    id: UUID


class EndIn(In):
    reason: Annotated[str, StringConstraints(max_length=500)] = Field("", description="who has an appointment reads it")


class EndOut(Schema):
    cancelled: int = Field(description="appointments that had no hours any more")


class UntilIn(In):
    until: Clock


class LastIn(In):
    on: bool = True


@router.get("/{place}/hours", response={200: HallHoursOut, **REFUSALS}, url_name="hall_hours", summary="Whether the hall is open, and its extended hours")  # fmt: skip
def hours(request: HttpRequest, place: str) -> dict[str, Any]:
    at, hall = now(), network.get_place(place).id
    rows = visits.extended_hours(hall, since=local_date(at))
    return {"now": _now(visits.hall_hours(hall, at=at)), "extended": [_extended(row) for row in rows]}


def _now(row: HallHours) -> dict[str, Any]:
    plain = ("open", "changes_at", "extended", "until_last")
    only, windows = _named(row.only), list(row.windows)
    return {name: getattr(row, name) for name in plain} | {
        "reason": translate.label(row.reason), "only": only, "windows": windows,
    }  # fmt: skip


def _extended(row: ExtendedRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "weekdays": list(row.weekdays),
        "first": row.first,
        "last": row.last,
        "opens": _said(row.opens),
        "closes": _said(row.closes),
        "reason": translate.label(row.reason),
        "only": _named(row.only),
        "windows": list(row.windows),
    }


def _named(only: tuple[tuple[str, Words], ...]) -> list[dict[str, Any]]:
    return [{"letter": letter, "name": translate.label(name)} for letter, name in only]


def _said(clock: time) -> str:
    return "24:00" if clock == time.max else f"{clock:%H:%M}"


def _clock(text: str) -> time:
    return time.max if text == "24:00" else time.fromisoformat(text)


@router.post("/{place}/extended-hours", response={200: ExtendedIdOut, **REFUSALS}, url_name="extend_hours", summary="延时办理: serve longer on stated days, for stated queues and windows")  # fmt: skip
def extend(request: HttpRequest, place: str, body: ExtendedIn) -> dict[str, Any]:
    id = extend_hours(
        actor=actor_of(request),
        place=network.get_place(place).id,
        weekdays=body.weekdays,
        first=body.first,
        last=body.last,
        span=Span(_clock(body.opens), _clock(body.closes)),
        queues=body.queues,
        windows=body.windows,
        reason=Words(body.reason, body.reason_en),
        at=now(),
    )
    return {"id": id}


@router.post("/{place}/extended-hours/{hours}/end", response={200: EndOut, **REFUSALS}, url_name="end_extended_hours", summary="Back to the ordinary hours; appointments in them are cancelled with the reason")  # fmt: skip
def end(request: HttpRequest, place: str, hours: UUID, body: EndIn) -> dict[str, Any]:
    hall = network.get_place(place).id
    return {"cancelled": end_extended(actor=actor_of(request), place=hall, hours=hours, reason=body.reason, at=now())}


@router.post("/{place}/today/longer", response={200: DoneOut, **REFUSALS}, url_name="open_longer", summary="Stay open today until this time")  # fmt: skip
def longer(request: HttpRequest, place: str, body: UntilIn) -> dict[str, Any]:
    open_longer(actor=actor_of(request), place=network.get_place(place).id, until=_clock(body.until), at=now())
    return {"done": True}


@router.post("/{place}/today/until-last", response={200: DoneOut, **REFUSALS}, url_name="until_last", summary="服务到最后一位: who has a number is served today")  # fmt: skip
def until_last(request: HttpRequest, place: str, body: LastIn) -> dict[str, Any]:
    serve_until_last(actor=actor_of(request), place=network.get_place(place).id, on=body.on, at=now())
    return {"done": True}
