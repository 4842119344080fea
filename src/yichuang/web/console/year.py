"""工作日历: a year at a glance with its holidays and make-up days; days set, years confirmed, by the system administrator."""

import calendar
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from yichuang.core import ledger
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date, now
from yichuang.core.refusals import Reason, Refused
from yichuang.core.words import W, Words
from yichuang.network import commands
from yichuang.network import queries as network
from yichuang.network.commands import subject_of_year
from yichuang.network.values import YearRow
from yichuang.web.console.pages import Act, act, day_of, render
from yichuang.web.console.words import history
from yichuang.webkit import params

DAY_SET = W("已保存，受影响的期限会自动重算", "Saved; the limits that it moves are derived anew")
CONFIRMED = W("这一年已确认，期限不再标为“暂定”", "The year is confirmed: limits are no longer provisional")
SEEDED = W("已载入", "Taken over")
NO_DAY = W("请填写日期", "Give the day")
NO_STATE = W("请选择上班、休息或平常的一天", "Choose whether offices work, rest, or it is an ordinary day")
STATES = {
    "rest": W("休息（节假日）", "Rest (holiday)"),
    "work": W("上班（调休）", "Work (make-up day)"),
    "plain": W("平常的一天", "An ordinary day"),
}
MONTHS = tuple(W(f"{month} 月", calendar.month_name[month]) for month in range(1, 13))
WORKS: dict[str, bool | None] = {"rest": False, "work": True, "plain": None}


@dataclass(frozen=True, slots=True)
class Cell:
    """One day of the picture: rest (holiday), work (make-up), off (week-end), plain."""

    day: date
    kind: str
    name: Words | None


def year(request: HttpRequest) -> HttpResponse:
    """The year asked for, else this one."""
    if request.method != "POST":
        return _page(request)
    acts: dict[str, Act] = {
        "day": ("calendar_day", partial(_set_day, request), DAY_SET),
        "confirm": ("confirm_year", partial(_confirm, request), CONFIRMED),
        "seed": ("seed_year", partial(_seed, request), SEEDED),
    }
    shown = f"{reverse('console:calendar')}?year={_wanted(request)}"
    return act(request, acts, then=shown, again=lambda refused: _page(request, refused))


def _wanted(request: HttpRequest) -> int:
    text = str(request.GET.get("year", ""))  # of the address, also when a form is sent
    asked = int(text) if text.isdecimal() and len(text) == 4 else 0
    return asked if 2000 <= asked <= 2199 else local_date(now()).year


def _set_day(request: HttpRequest, actor: Actor, at: datetime) -> None:
    day, state = day_of(request, "day"), params.choice(request, "state", set(STATES))
    wrong = [Reason("DAY_MISSING", NO_DAY, "day")] if day is None else []
    wrong += [] if state else [Reason("STATE_MISSING", NO_STATE, "state")]
    if wrong or day is None:
        raise Refused(*wrong)
    name = W(params.text(request, "name_zh", longest=40), params.text(request, "name_en", longest=80))
    commands.set_calendar_day(actor=actor, day=day, working=WORKS[state], name=name, at=at)


def _confirm(request: HttpRequest, actor: Actor, at: datetime) -> None:
    source = params.text(request, "source", longest=200)
    commands.confirm_calendar_year(actor=actor, year=_wanted(request), source=source, at=at)


def _seed(request: HttpRequest, actor: Actor, at: datetime) -> None:
    commands.seed_calendar(actor=actor, years=[_wanted(request)], at=at)


def _page(request: HttpRequest, refused: Refused | None = None) -> HttpResponse:
    wanted, rows = _wanted(request), {row.year: row for row in network.list_years()}
    row = rows.get(wanted)
    chosen = params.text(request, "day", longest=10)
    special = {day.isoformat(): (works, name) for day, works, name in (row.days if row else ())}
    works, name = special.get(chosen, (None, None))
    context = {
        "year": wanted,
        "row": row,
        "years": sorted({*rows, local_date(now()).year, local_date(now()).year + 1}),
        "months": _months(wanted, row),
        "month_names": MONTHS,
        "today": local_date(now()),
        "states": list(STATES.items()),
        "chosen": chosen,
        "now_state": {True: "work", False: "rest", None: ""}[works],
        "now_name": name,
        "act": params.text(request, "act") if refused else "",
        "history": history(ledger.list_entries(ledger.Subject("calendar", subject_of_year(wanted)))),
    }
    return render(request, "console/calendar.html", context, refused, {"name": "name_zh"})


def _months(wanted: int, row: YearRow | None) -> list[list[list[Cell | None]]]:
    """Twelve months of weeks from Monday; days of the neighbours are empty."""
    special = {day: (works, name) for day, works, name in (row.days if row else ())}
    weeks = [calendar.Calendar().monthdatescalendar(wanted, month) for month in range(1, 13)]
    return [
        [[_cell(day, special) if day.month == month else None for day in week] for week in found]
        for month, found in enumerate(weeks, 1)
    ]


def _cell(day: date, special: dict[date, tuple[bool, Words]]) -> Cell:
    if day in special:
        works, name = special[day]
        return Cell(day, "work" if works else "rest", name)
    return Cell(day, "off" if day.weekday() >= 5 else "plain", None)
