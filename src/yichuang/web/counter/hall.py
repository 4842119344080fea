"""大厅调度 at the counter of a hall's manager: windows and their load now, queues against their aims, and what moves them."""

from collections.abc import Callable
from datetime import datetime
from typing import TypedDict
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from yichuang.catalog import queries as catalog
from yichuang.core.actors import Actor
from yichuang.core.clock import now
from yichuang.core.refusals import NotFound, Refused
from yichuang.core.words import W, Words
from yichuang.insight import queries as insight
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
from yichuang.visits.values import PAUSE_WORDS, HallLoad
from yichuang.web.counter.bookings import AT_WINDOW, OFFERED, hall_of
from yichuang.web.counter.keys import frame
from yichuang.web.counter.queueing import read_pause
from yichuang.webkit import params
from yichuang.webkit.actor import actor_of
from yichuang.webkit.acts import settle
from yichuang.webkit.pages import render
from yichuang.webkit.problems import NONE, problems_sent

PAGE = W("页面", "page")
STAFF = W("工作人员", "member of staff")
QUEUE = W("队列", "queue")
MOVED = W("已调整，下一个号起生效", "Moved: it holds from the next number on")
DONE = {
    "open": W("已开窗", "The window is open"),
    "hand-over": W("已换人，正在办理的号随窗口转过去", "Handed over, with whoever is at the window"),
    "pause": W("窗口已暂停，不再叫号", "Paused: nobody is called there"),
    "resume": W("窗口已恢复叫号", "The window goes on"),
    "close": W("已关窗，原来的号保留", "Closed; whoever was there keeps the number"),
    "queues": W("已调整，下一次叫号起生效", "Moved: it holds from the next call on"),
}


class OfWindow(TypedDict):
    """What every act on a window is given."""

    actor: Actor
    place: UUID
    window: str
    at: datetime


STEPS: dict[str, Callable[[HttpRequest, OfWindow], object]] = {
    "open": lambda request, given: open_window(**given, staff=_staff(request)),
    "hand-over": lambda request, given: hand_window_over(**given, staff=_staff(request)),
    "pause": lambda request, given: pause_window(**given, why=read_pause(request)),
    "resume": lambda _, given: resume_window(**given),
    "close": lambda _, given: close_window(**given),
    "queues": lambda request, given: move_queues(
        **given, queues=_queues(request), lasting=params.text(request, "lasting") == "true"
    ),
}


def hall(request: HttpRequest) -> HttpResponse:
    """The hall at this moment."""
    return _page(request)


def window(request: HttpRequest, step: str) -> HttpResponse:
    """Open a window for somebody, hand it over, pause it, go on, close it, give it other queues."""
    if step not in STEPS:
        raise NotFound(PAGE)
    actor, window = actor_of(request), params.text(request, "window", longest=8)
    given = OfWindow(actor=actor, place=hall_of(actor), window=window, at=now())
    return _settled(request, lambda: STEPS[step](request, given), DONE[step], window)


def item(request: HttpRequest) -> HttpResponse:
    """Let an item lead to another queue."""
    actor = actor_of(request)
    place, code = hall_of(actor), params.text(request, "item", longest=60)

    def move() -> None:
        queue = params.uuid_or_none(params.text(request, "queue"))
        if queue is None:
            raise NotFound(QUEUE)
        move_item(actor=actor, place=place, item=code, queue=queue, at=now())

    return _settled(request, move, MOVED)


def _staff(request: HttpRequest) -> UUID:
    staff = params.uuid_or_none(params.text(request, "staff"))
    if staff is None:
        raise NotFound(STAFF)
    return staff


def _queues(request: HttpRequest) -> list[UUID]:
    return [queue for value in params.several(request, "queues") if (queue := params.uuid_or_none(value)) is not None]


def _settled(request: HttpRequest, do: Callable[[], object], done: Words, window: str = "") -> HttpResponse:
    then = reverse("counter:hall")
    return settle(request, do, done=done, then=then, again=lambda refused: _page(request, refused, window))


def _page(request: HttpRequest, refused: Refused | None = None, window: str = "") -> HttpResponse:
    actor, at = actor_of(request), now()
    place = hall_of(actor)
    found = visits.hall_load(actor, place, at=at)
    context = {
        **frame(actor),
        "hall": found,
        "hits": insight.hall_hits(place, at=at),
        "place": place,
        "place_code": network.get_place_by_id(place).code,
        "at": at,
        "items": [(one.code, one.name) for one in catalog.list_items(AT_WINDOW, limit=OFFERED, at=at).items],
        "names": _names(found),
        "pauses": [(one.value, words) for one, words in PAUSE_WORDS.items()],
        "changed": window,  # whose form was refused
        "typed": request.POST if refused else {},
        "typed_queues": _queues(request) if refused else [],
        "problems": problems_sent(request, refused) if refused else NONE,
    }
    return render(request, "counter/hall.html", context, status=refused.status if refused else 200)


def _names(found: HallLoad) -> dict[str, Words]:
    codes = {code for queue in found.queues for code in queue.items} | {one.item for one in found.unqualified}
    codes |= {code for window in found.windows for code in window.qualified}
    return {code: catalog.published_name(code) or Words(code, code) for code in sorted(codes)}
