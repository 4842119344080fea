"""/halls/…/load, /halls/…/windows and /halls/…/items: the desk of a hall's manager (大厅调度) for programs.

The same commands as the page: each move holds from the next call on, pressed twice it changes nothing, nobody who was at a
window loses the number.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from yichuang.core.clock import now
from yichuang.network import queries as network
from yichuang.visits import queries as visits
from yichuang.visits.commands.plan import (
    close_window,
    hand_window_over,
    move_item,
    move_queues,
    open_window,
    pause_window,
    resume_window,
)
from yichuang.visits.values import HallLoad, Pause, PauseRow, PauseWhy, QueueNow, WindowNow
from yichuang.web.api import translate
from yichuang.web.api.hall import REFUSALS, PauseBecause, PauseFor
from yichuang.web.api.schemas import DoneOut, In, Label
from yichuang.webkit.actor import actor_of

router = Router(tags=["hall"])
STEPS: dict[str, Callable[..., None]] = {"pause": pause_window, "resume": resume_window, "close": close_window}
Step = Literal["pause", "resume", "close"]


class FreeStaffOut(Schema):
    id: UUID
    name: str


class PauseOut(Schema):
    window: str
    staff: str
    why: Label
    since: datetime
    until: datetime | None
    minutes: int
    meant: int | None = Field(description="minutes that it is meant to last")
    by: str = Field(description="who put it down")


class WindowNowOut(Schema):
    number: str
    name: Label
    queues: list[UUID] = Field(description="that it serves, or would when it is opened")
    staff: FreeStaffOut | None = Field(description="none: nobody has it open")
    opened_at: datetime | None
    paused_at: datetime | None
    present: str = Field(description="the number that it has called or serves")
    serving: bool
    since: datetime | None
    pause: PauseOut | None = Field(description="that goes on")
    qualified: list[str] = Field(description="items that ask for a qualification, which who sits there has")
    served: int
    busy: int = Field(description="percent of the time since it was opened in which somebody was served")


class HallQueueOut(Schema):
    id: UUID
    letter: str
    name: Label
    waiting: int
    windows: int
    longest: int = Field(description="minutes that the first one has waited")
    aim: int = Field(description="minutes that people should wait at most")
    items: list[str] = Field(description="codes that lead there by name")
    departments: list[str]


class UnqualifiedOut(Schema):
    item: str
    waiting: int
    could: list[str] = Field(description="who of the hall is qualified and has no window open")


class HallLoadOut(Schema):
    open: bool
    windows: list[WindowNowOut]
    queues: list[HallQueueOut]
    free: list[FreeStaffOut] = Field(description="who could be seated")
    pauses: list[PauseOut] = Field(description="of today, the newest first")
    unqualified: list[UnqualifiedOut] = Field(description="上岗资格 that nobody on duty has, and people wait for")


class WindowSeatIn(In):
    staff: UUID


class WindowQueuesIn(In):
    queues: list[UUID] = Field(min_length=1, max_length=26)
    lasting: bool = Field(False, description="also whenever it is opened later")


class ItemQueueIn(In):
    queue: UUID


@router.get("/{place}/load", response={200: HallLoadOut, **REFUSALS}, url_name="hall_load", summary="The hall at this moment: windows, queues, who is free; for its manager")  # fmt: skip
def load(request: HttpRequest, place: str) -> dict[str, Any]:
    found = visits.hall_load(actor_of(request), network.get_place(place).id, at=now())
    return _load(found)


def _load(found: HallLoad) -> dict[str, Any]:
    return {
        "open": found.hours.open,
        "windows": [_window(one) for one in found.windows],
        "queues": [_queue(one) for one in found.queues],
        "free": [{"id": id, "name": name} for id, name in found.free],
        "pauses": [_pause(one) for one in found.pauses],
        "unqualified": [
            {"item": one.item, "waiting": one.waiting, "could": list(one.could)} for one in found.unqualified
        ],
    }


def _window(one: WindowNow) -> dict[str, Any]:
    return {
        "number": one.number,
        "name": translate.label(one.name),
        "queues": list(one.queues),
        "staff": {"id": one.staff, "name": one.staff_name} if one.staff else None,
        "opened_at": one.opened_at,
        "paused_at": one.paused_at,
        "present": one.present,
        "serving": one.serving,
        "since": one.since,
        "pause": _pause(one.pause) if one.pause else None,
        "qualified": list(one.qualified),
        "served": one.served,
        "busy": one.busy,
    }


def _pause(one: PauseRow) -> dict[str, Any]:
    return {
        "window": one.window, "staff": one.staff_name, "why": translate.label(one.why), "since": one.since,
        "until": one.until, "minutes": one.minutes, "meant": one.meant, "by": one.by_name,
    }  # fmt: skip


def _queue(one: QueueNow) -> dict[str, Any]:
    return {
        "id": one.row.id,
        "letter": one.row.letter,
        "name": translate.label(one.row.name),
        "waiting": one.row.waiting,
        "windows": one.row.desks,
        "longest": one.row.longest,
        "aim": one.aim,
        "items": list(one.items),
        "departments": list(one.departments),
    }


@router.post("/{place}/windows/{window}/steps/{step}", response={200: DoneOut, **REFUSALS}, url_name="window_step", summary="Pause a window, go on, or close it: nobody there loses the number")  # fmt: skip
def step(
    request: HttpRequest,
    place: str,
    window: str,
    step: Step,
    why: PauseBecause = PauseWhy.REST,
    minutes: PauseFor = None,
) -> dict[str, Any]:
    more = {"why": Pause(why.value, minutes)} if step == "pause" else {}
    STEPS[step](actor=actor_of(request), place=network.get_place(place).id, window=window, **more, at=now())
    return {"done": True}


@router.post("/{place}/windows/{window}/seat", response={200: DoneOut, **REFUSALS}, url_name="window_seat", summary="Open a window for a clerk of the hall")  # fmt: skip
def seated(request: HttpRequest, place: str, window: str, body: WindowSeatIn) -> dict[str, Any]:
    open_window(actor=actor_of(request), place=network.get_place(place).id, window=window, staff=body.staff, at=now())
    return {"done": True}


@router.post("/{place}/windows/{window}/hand-over", response={200: DoneOut, **REFUSALS}, url_name="window_hand_over", summary="Somebody else takes an open window over, with whom it has called or serves")  # fmt: skip
def handed_over(request: HttpRequest, place: str, window: str, body: WindowSeatIn) -> dict[str, Any]:
    hand_window_over(
        actor=actor_of(request), place=network.get_place(place).id, window=window, staff=body.staff, at=now()
    )
    return {"done": True}


@router.post("/{place}/windows/{window}/queues", response={200: DoneOut, **REFUSALS}, url_name="window_queues", summary="Which queues a window serves from the next call on")  # fmt: skip
def queues(request: HttpRequest, place: str, window: str, body: WindowQueuesIn) -> dict[str, Any]:
    move_queues(
        actor=actor_of(request), place=network.get_place(place).id, window=window, queues=body.queues,
        lasting=body.lasting, at=now(),
    )  # fmt: skip
    return {"done": True}


@router.post("/{place}/items/{code}/queue", response={200: DoneOut, **REFUSALS}, url_name="item_queue", summary="To which queue an item leads from the next number on")  # fmt: skip
def item(request: HttpRequest, place: str, code: str, body: ItemQueueIn) -> dict[str, Any]:
    move_item(actor=actor_of(request), place=network.get_place(place).id, item=code, queue=body.queue, at=now())
    return {"done": True}
