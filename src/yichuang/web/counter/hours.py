"""延时办理 at the counter of a hall's manager: today longer, until the last one, and the days on which the hall serves longer."""

from collections.abc import Callable
from datetime import time

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from yichuang.core.clock import local_date, now
from yichuang.core.refusals import NotFound, Reason, Refused
from yichuang.core.words import W, Words
from yichuang.network import queries as network
from yichuang.network.values import Span
from yichuang.visits import queries as visits
from yichuang.visits.commands.hours import end_extended, extend_hours, open_longer, serve_until_last
from yichuang.web.counter.bookings import hall_of
from yichuang.web.counter.keys import frame
from yichuang.webkit import params
from yichuang.webkit.actor import actor_of
from yichuang.webkit.acts import settle
from yichuang.webkit.pages import render
from yichuang.webkit.problems import NONE, problems_sent

PAGE = W("页面", "page")
NO_TIME = W("请填写时间，例如 18:30", "Give a time such as 18:30")
NO_DAY = W("请填写日期", "Give the day")
REASON = W("延时办理", "Extended hours")
INPUTS = {"/hours": "closes", "/reason": "reason_zh"}  # what the command calls what these inputs hold
DONE = {
    "longer": W("今天已延时，页面和大屏都已更新", "The hall stays open longer today; pages and boards say so"),
    "last": W("已通知大厅：今天服务到最后一位", "Everybody with a number is served today; boards say so"),
    "usual": W("已恢复按时关门", "The hall closes as usual"),
    "add": W("已安排延时办理，网点页面和预约已更新", "Arranged; the hall's page and its appointments follow"),
    "end": W("延时办理已取消", "The extended hours were taken back"),
}


def hours(request: HttpRequest) -> HttpResponse:
    """The hall's hours now, and its extended ones."""
    return _page(request)


def step(request: HttpRequest, step: str) -> HttpResponse:
    """Open longer today, serve until the last one (or not), arrange extended hours, take them back."""
    actor, at = actor_of(request), now()
    place = hall_of(actor)
    acts: dict[str, Callable[[], object]] = {
        "longer": lambda: open_longer(actor=actor, place=place, until=_clock(request, "until"), at=at),
        "last": lambda: serve_until_last(actor=actor, place=place, at=at),
        "usual": lambda: serve_until_last(actor=actor, place=place, on=False, at=at),
        "add": lambda: _add(request),
        "end": lambda: end_extended(
            actor=actor,
            place=place,
            hours=params.uuid(params.text(request, "hours")),
            reason=params.text(request, "reason", longest=500),
            at=at,
        ),
    }
    if step not in acts:
        raise NotFound(PAGE)
    then = reverse("counter:hall-hours")
    return settle(request, acts[step], done=DONE[step], then=then, again=lambda refused: _page(request, refused, step))


def _clock(request: HttpRequest, name: str) -> time:
    found = _time(request, name)
    if found is None:
        raise Refused(Reason("TIME_MISSING", NO_TIME, f"/{name}"))
    return found


def _time(request: HttpRequest, name: str) -> time | None:
    text = params.text(request, name, longest=8)
    try:
        return time.max if text == "24:00" else time.fromisoformat(text)
    except ValueError:
        return None


def _add(request: HttpRequest) -> None:
    actor, at = actor_of(request), now()
    first, last = params.day(request, "first"), params.day(request, "last")
    opens, closes = _time(request, "opens"), _time(request, "closes")
    closes = time.max if closes == time.min else closes  # a field of time has no 24:00: until midnight is 00:00
    reason = Words(params.text(request, "reason_zh", longest=100), params.text(request, "reason_en", longest=160))
    weekdays = [int(day) for day in params.several(request, "weekdays") if day in set("0123456")]
    span = Span(opens or time.min, closes or time.max)
    unread = [Reason("TIME_MISSING", NO_TIME, "opens")] if opens is None else []
    unread += [Reason("TIME_MISSING", NO_TIME, "closes")] if closes is None else []
    unread += [Reason("DAY_MISSING", NO_DAY, "first")] if first is None else []
    try:
        if unread or first is None:
            today = local_date(at)
            raise Refused(*unread, *network.extended_faults(weekdays, first or today, last, span, reason, today=today))
        extend_hours(
            actor=actor,
            place=hall_of(actor),
            weekdays=weekdays,
            first=first,
            last=last,
            span=span,
            queues=[queue for one in params.several(request, "queues") if (queue := params.uuid_or_none(one))],
            windows=params.several(request, "windows"),
            reason=reason,
            at=at,
        )
    except Refused as refused:
        told = (Reason(r.code, r.words, INPUTS.get(r.field or "", r.field)) for r in refused.reasons)
        raise Refused(*told, kind=refused.kind) from None


def _page(request: HttpRequest, refused: Refused | None = None, step: str = "") -> HttpResponse:
    actor, at = actor_of(request), now()
    again = refused is not None and step == "add"
    context = {
        **frame(actor),
        "page": visits.hours_page(actor, hall_of(actor), at=at),
        "today": local_date(at),
        "reason": REASON,
        "typed": request.POST if again else {},
        "chosen": {name: params.several(request, name) for name in ("weekdays", "queues", "windows")} if again else {},
        "ending": params.text(request, "hours") if refused and step == "end" else "",
        "problems": problems_sent(request, refused) if refused else NONE,
    }
    return render(request, "counter/hours.html", context, status=refused.status if refused else 200)
