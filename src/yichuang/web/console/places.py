"""Places: their particulars and week (system administrator), closures, other hours and windows (also the hall's manager)."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from yichuang.core import ledger, roles
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date, now
from yichuang.core.refusals import NotFound, Reason, Refused
from yichuang.core.words import W
from yichuang.insight import queries as insight
from yichuang.network import commands
from yichuang.network import queries as network
from yichuang.network.permissions import can_change_network, can_keep_place
from yichuang.network.values import WORDS, PlaceData, PlaceKind, PlaceRow, Span, WindowKind
from yichuang.web.console import hours
from yichuang.web.console.pages import Act, JsonDict, act, codes_of, day_of, days_and_faults, render, save, words_of
from yichuang.web.console.words import history
from yichuang.webkit import params
from yichuang.webkit.actor import actor_of

A_PLACE = W("网点", "place")
SAVED = W("网点已保存，公示页面立即更新", "The place is saved; its public page shows it at once")
OPENED = W("网点已建立", "The place is there now")
SPECIAL = W("已安排，网点公示页面和窗口当天按此执行", "Arranged: the place keeps it, and its public page says so")
CLEARED = W("已取消，当天恢复平常的开放时间", "Taken back: the ordinary hours hold on that day")
WINDOWED = W("窗口已保存", "The window is saved")
LONGEST = timedelta(days=60)  # of closures entered at once
TOO_LONG = W("一次最多安排 60 天", "At most 60 days at once")
BACKWARDS = W("截止日期不能早于起始日期", "The last day cannot be before the first")
NO_DAY = W("请填写日期", "Give the day")
PAST = W("不能更改过去的日子", "A day that has passed stays as it was")
NO_KIND = W("请选择种类", "Choose a kind")
NAMES = {"name": "name_zh", "reason": "reason_zh", "spans": "hours"}  # what the command calls what these inputs hold
REASONS = (
    W("设备检修", "Maintenance of equipment"),
    W("消防演练", "Fire drill"),
    W("台风停止办公", "Closed for a typhoon"),
    W("装修改造", "Renovation"),
    W("延时办理", "Open longer today"),
)
WEEK = (
    W("周一", "Monday"), W("周二", "Tuesday"), W("周三", "Wednesday"), W("周四", "Thursday"),
    W("周五", "Friday"), W("周六", "Saturday"), W("周日", "Sunday"),
)  # fmt: skip


@network.one_look()
def place_list(request: HttpRequest) -> HttpResponse:
    """The places that this actor keeps, as they stand now."""
    actor, at = actor_of(request), now()
    text, kind = params.text(request, "q", longest=40), params.choice(request, "kind", {k.value for k in PlaceKind})
    rows = [
        row
        for row in network.overview(at)
        if can_keep_place(actor, row.place.id)
        and (not kind or row.place.kind == kind)
        and (not text or text.casefold() in f"{row.place.code} {row.place.name.zh} {row.place.name.en}".casefold())
    ]
    today = local_date(at)
    context = {
        "rows": rows,
        "text": text,
        "kind": kind,
        "kinds": [(member.value, WORDS[member]) for member in PlaceKind],
        "coming": {row.place.id: _coming(row.place, today) for row in rows},
        "may_add": can_change_network(actor),
    }
    return render(request, "console/places.html", context)


def _coming(place: PlaceRow, today: date) -> list[date]:
    """The special days from today on."""
    return [special.day for special in place.timetable.exceptions if special.day >= today]


def new_place(request: HttpRequest) -> HttpResponse:
    """A new place of the network."""
    if request.method != "POST":
        return _new_page(request)

    def do(actor: Actor, at: datetime) -> JsonDict:
        data = _data(request, params.text(request, "code", longest=40).upper(), demo=False)
        if any(place.code == data.code for place in network.list_places()):
            raise Refused(Reason("CODE_TAKEN", W("编码已被使用", "This code is taken"), "code"), kind="conflict")
        commands.save_place(actor=actor, place=data, at=at)
        return {"code": data.code}

    return save(
        request,
        "new_place",
        do,
        done=OPENED,
        then=lambda answer: reverse("console:place", args=[answer["code"]]),
        again=lambda refused: _new_page(request, refused),
    )


def _new_page(request: HttpRequest, refused: Refused | None = None) -> HttpResponse:
    return render(request, "console/place_new.html", {**_choices(), "place": None, "week": [""] * 7}, refused, NAMES)


def _choices() -> dict[str, Any]:
    return {
        "kinds": [(member.value, WORDS[member]) for member in PlaceKind],
        "parents": [(row.code, row.name) for row in network.list_places() if row.kind != PlaceKind.COMMUNITY],
        "weekdays": WEEK,
    }


def place(request: HttpRequest, code: str) -> HttpResponse:
    """One place; a form changes it, a day of it, or one of its windows."""
    actor, row = actor_of(request), network.get_place(code)
    if not can_keep_place(actor, row.id):
        raise NotFound(A_PLACE)
    if request.method != "POST":
        return _place_page(request, code)
    acts: dict[str, Act] = {
        "change": ("change_place", partial(_change, request, row), SAVED),
        "special": ("special_day", partial(_special, request, row), SPECIAL),
        "clear": ("clear_day", partial(_clear, request, row), CLEARED),
        "window": ("save_window", partial(_window, request, row), WINDOWED),
    }
    shown = reverse("console:place", args=[code])
    return act(request, acts, then=shown, again=lambda refused: _place_page(request, code, refused))


def _change(request: HttpRequest, row: PlaceRow, actor: Actor, at: datetime) -> None:
    commands.save_place(actor=actor, place=_data(request, row.code, demo=row.demo), at=at)


def _data(request: HttpRequest, code: str, *, demo: bool) -> PlaceData:
    """What the form says. Where a part cannot be read, refused with that and with all else that is wrong."""
    kind = params.choice(request, "kind", {member.value for member in PlaceKind})
    days = [hours.read(params.text(request, f"week/{n}"), f"week/{n}") for n in range(7)]
    unread = [] if kind else [Reason("KIND_MISSING", NO_KIND, "kind")]
    unread += [reason for _, found in days for reason in found]
    data = PlaceData(
        code=code,
        kind=PlaceKind(kind or PlaceKind.COMMUNITY),  # without one it is only judged, and refused
        name=words_of(request, "name", 100, 160),
        region_code=params.text(request, "region_code", longest=12),
        parent=params.text(request, "parent", longest=40) or None,
        address=words_of(request, "address", 200, 300),
        phone=params.text(request, "phone", longest=40),
        street_code=params.text(request, "street_code", longest=12),
        community_code=params.text(request, "community_code", longest=14),
        takes_filings=params.text(request, "takes_filings") == "true",
        always_open=params.text(request, "always_open") == "true",
        active=params.text(request, "active") == "true",
        demo=demo,
        week=tuple(spans for spans, _ in days),
    )
    if unread:
        raise Refused(*network.place_faults(data), *unread)
    return data


def _special(request: HttpRequest, row: PlaceRow, actor: Actor, at: datetime) -> None:
    days, wrong = _period(request, at)
    spans: tuple[Span, ...] = ()
    if params.text(request, "closed") != "true":
        spans, unread = hours.read(params.text(request, "hours"), "hours")
        wrong += unread or ([] if spans else [Reason("HOURS_FORMAT", hours.FORM, "hours")])
    reason = words_of(request, "reason", 100, 160)
    if wrong:
        raise Refused(*wrong, *network.special_day_faults(spans, reason))
    for day in days:
        commands.set_special_day(actor=actor, place=row.id, day=day, spans=spans, reason=reason, at=at)


def _period(request: HttpRequest, at: datetime) -> tuple[list[date], list[Reason]]:
    """The days of the form, and why they may not be chosen."""
    days, wrong = days_and_faults(request, "day", "until")
    first = days.get("day")
    if first is None:
        return [], wrong if "day" not in days else [*wrong, Reason("DAY_MISSING", NO_DAY, "day")]
    last = days.get("until") or first
    wrong += [Reason("DAY_PAST", PAST, "day")] if first < local_date(at) else []
    wrong += [Reason("ENDS_BEFORE_START", BACKWARDS, "until")] if last < first else []
    wrong += [Reason("TOO_LONG", TOO_LONG, "until")] if last - first > LONGEST else []
    return ([] if wrong else list(_days(first, last))), wrong


def _days(first: date, last: date) -> Iterator[date]:
    yield from (first + timedelta(days=n) for n in range((last - first).days + 1))


def _clear(request: HttpRequest, row: PlaceRow, actor: Actor, at: datetime) -> None:
    day = day_of(request, "day")
    if day is None or day < local_date(at):
        raise Refused(Reason("DAY_PAST", PAST, "day"))
    commands.clear_special_day(actor=actor, place=row.id, day=day, at=at)


def _window(request: HttpRequest, row: PlaceRow, actor: Actor, at: datetime) -> None:
    kind = params.choice(request, "window_kind", {member.value for member in WindowKind})
    number, name = params.text(request, "number", longest=8).upper(), words_of(request, "window", 60, 100)
    departments, items = params.several(request, "departments"), codes_of(request, "items", longest=1000)
    try:
        if not kind:  # judged as the kind that fits what it takes, and refused
            likely = WindowKind.SPECIAL if departments or items else WindowKind.INTEGRATED
            faults = network.window_faults(number, likely, name, departments, items)
            raise Refused(*faults, Reason("KIND_MISSING", NO_KIND, "window_kind"))
        commands.save_window(
            actor=actor,
            place=row.id,
            number=number,
            kind=WindowKind(kind),
            name=name,
            departments=departments,
            items=items,
            active=params.text(request, "in_use") == "true",
            at=at,
        )
    except Refused as refused:
        told = (Reason(r.code, r.words, "window_zh" if r.field == "/name" else r.field) for r in refused.reasons)
        raise Refused(*told, kind=refused.kind) from None


@network.one_look()
def _place_page(request: HttpRequest, code: str, refused: Refused | None = None) -> HttpResponse:
    actor, at = actor_of(request), now()
    page = network.place_page(code, at)
    today = local_date(at)
    number = params.text(request, "window", longest=8)
    context = {
        **_choices(),
        "page": page,
        "place": page.place,
        "week": [hours.written(spans) for spans in page.place.timetable.week] or [""] * 7,
        "specials": [(s, hours.written(s.spans)) for s in page.place.timetable.exceptions if s.day >= today],
        "today": today,
        "may_change": can_change_network(actor),
        "authorises": bool(actor.roles & {roles.CHIEF_REPRESENTATIVE, roles.SYSTEM_ADMIN}),
        "reasons": REASONS,
        "window_kinds": [(member.value, WORDS[member]) for member in WindowKind],
        "window_words": WORDS,
        "department_codes": [(row.code, row.name) for row in network.list_open_departments()],
        "hits": insight.hall_hits(page.place.id, at=at),
        "edited": next((w for w in page.windows if w.number == number), None),
        "parent_code": page.parent.code if page.parent else "",
        "act": params.text(request, "act") if refused else "",
        "history": history(ledger.list_entries(ledger.Subject("place", page.place.id))),
    }
    return render(request, "console/place.html", context, refused, NAMES)
