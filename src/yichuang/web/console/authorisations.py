"""委托受理: which department lets which place receive in its name; given and ended by the department's chief representative."""

from datetime import date, datetime
from functools import partial
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from yichuang.core import roles
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date, now
from yichuang.core.refusals import NotFound, Reason, Refused, refuse_all
from yichuang.core.words import W, Words
from yichuang.network import commands
from yichuang.network import queries as network
from yichuang.network.permissions import can_authorise, check_speaks_for_a_department
from yichuang.network.values import AuthorisationRow
from yichuang.web.console.pages import (
    Act,
    act,
    chosen,
    codes_of,
    day_of,
    days_and_faults,
    department_options,
    place_options,
    render,
)
from yichuang.webkit import params
from yichuang.webkit.actor import actor_of

GRANTED = W("授权已生效范围内登记，网点可按此代收", "The authorisation is on record; the place may receive under it")
ENDED = W("授权将在所选日期后终止；此前收下的仍然有效", "It ends after that day; what was received before stays valid")
MOST = 200  # rows shown
NO_DEPARTMENT = W("请选择部门", "Choose a department")
NO_PLACE = W("请选择网点", "Choose a place")
NO_SEAL = W("请写明受理专用章名称", "Please name the seal for receiving")
NO_START = W("请填写起始日期", "Give the first day")
NO_END = W("请填写最后一天", "Give the last day")
STATES: dict[str, tuple[Words, str]] = {
    "open": (W("有效", "In force"), "green"),
    "coming": (W("尚未开始", "To come"), "blue"),
    "ended": (W("已终止", "Ended"), ""),
}


def authorisations(request: HttpRequest) -> HttpResponse:
    """Those of a department or a place, newest first."""
    if request.method != "POST":
        return _page(request)
    check_speaks_for_a_department(actor_of(request))
    acts: dict[str, Act] = {
        "grant": ("grant_authorisation", partial(_grant, request), GRANTED),
        "end": ("end_authorisation", partial(_end, request), ENDED),
    }
    shown = f"{reverse('console:authorisations')}?{request.GET.urlencode()}"
    return act(request, acts, then=shown, again=lambda refused: _page(request, refused))


def _grant(request: HttpRequest, actor: Actor, at: datetime) -> None:
    department, place = chosen(request, "department"), chosen(request, "place")
    seal = params.text(request, "seal_name", longest=120)
    days, wrong = days_and_faults(request, "valid_from", "valid_to")
    start = days.get("valid_from")
    asked = (
        (department, "department", NO_DEPARTMENT),
        (place, "place", NO_PLACE),
        (start or "valid_from" not in days or None, "valid_from", NO_START),
        (seal or None, "seal_name", NO_SEAL),
    )
    refuse_all([*(Reason("MISSING", words, field) for value, field, words in asked if value is None), *wrong])
    assert department is not None
    assert place is not None
    assert start is not None
    commands.grant_authorisation(
        actor=actor,
        department=department,
        place=place,
        valid_from=start,
        valid_to=days["valid_to"],
        seal_name=seal,
        items=codes_of(request, "items"),
        number=params.text(request, "number", longest=60),
        at=at,
    )


def _end(request: HttpRequest, actor: Actor, at: datetime) -> None:
    row, last = chosen(request, "authorisation"), day_of(request, "last_day")
    if row is None:
        raise NotFound(W("授权", "authorisation"))
    if last is None:
        raise Refused(Reason("MISSING", NO_END, "last_day"))
    commands.end_authorisation(actor=actor, authorisation=row, last_day=last, at=at)


@network.one_look()
def _page(request: HttpRequest, refused: Refused | None = None) -> HttpResponse:
    actor, at = actor_of(request), now()
    asked = request.GET
    department, place = (params.uuid_or_none(str(asked.get(name, ""))) for name in ("department", "place"))
    department = department or _own(actor)
    rows = network.list_authorisations(place=place, department=department)
    today = local_date(at)
    places, departments = network.places_and_departments()
    shown = sorted(rows, key=lambda row: _state(row, today) == "ended")[:MOST]
    context = {
        "rows": [(row, STATES[_state(row, today)], _state(row, today) != "ended" and can_authorise(actor, row.department, row.place)) for row in shown],
        "more": len(rows) - len(shown),
        "places": places,
        "departments": departments,
        "asked": {"department": str(department or ""), "place": str(place or "")},
        "place_options": place_options(),
        "department_options": department_options(),
        "authorises": roles.CHIEF_REPRESENTATIVE in actor.roles,
        "today": today,
        "act": params.text(request, "act") if refused else "",
        "ending": params.text(request, "authorisation") if refused else "",
    }  # fmt: skip
    return render(request, "console/authorisations.html", context, refused)


def _own(actor: Actor) -> UUID | None:
    """The department for which somebody speaks, where it is one; else the first of the list, so that the page is short."""
    own = [grant.department for grant in actor.grants if grant.role == roles.CHIEF_REPRESENTATIVE and grant.department]
    known = network.list_departments()
    return own[0] if own else known[0].id if known else None


def _state(row: AuthorisationRow, today: date) -> str:
    if row.valid_to is not None and row.valid_to < today:
        return "ended"
    return "coming" if row.valid_from > today else "open"
