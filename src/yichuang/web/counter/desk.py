"""The work desk (综合受理工作台): the person now served, the work by urgency, the next case."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from yichuang.cases import queries as cases
from yichuang.cases.figures import desk_figures
from yichuang.cases.pages import WorkFilters, WorkRow
from yichuang.cases.permissions import can_take_filings
from yichuang.cases.states import WORDS, State, Turn
from yichuang.core.clock import now
from yichuang.core.refusals import NotFound
from yichuang.issuing.permissions import can_issue
from yichuang.network import queries as network
from yichuang.people import queries as people
from yichuang.people.values import PartyRow
from yichuang.web.counter.keys import frame
from yichuang.webkit import params
from yichuang.webkit.actor import actor_of
from yichuang.webkit.pages import render

SERVING = "counter-serving"  # session key: the party before the window, an id only


def desk(request: HttpRequest) -> HttpResponse:
    """Open cases of the place, the most urgent first; F2 finds, filters stay in the address."""
    actor, at = actor_of(request), now()
    filters = WorkFilters(
        state=params.choice(request, "state", {s.value for s in State}),
        light=params.choice(request, "light", {"overdue"}),
        text=params.text(request, "q", longest=40),
    )
    cursor = params.text(request, "cursor", longest=120)
    page = cases.list_work(actor, filters=filters, at=at, cursor=cursor or None)
    first = page.items if not cursor and filters == WorkFilters() else _most_urgent(request)
    context = {
        **frame(actor),
        "page": page,
        "filters": filters,
        "states": WORDS,
        "filtered": filters != WorkFilters(),
        "first_page": not cursor,
        "may_take": can_take_filings(actor),
        "may_issue": can_issue(actor),
        "places": network.places_by_id(),
        "mine": {grant.place for grant in actor.grants if grant.place},
        "figures": desk_figures(actor, at=at),
        "serving": serving(request),
        "next": next((row for row in first if row.turn is Turn.CLERK), None),
    }
    return render(request, "counter/desk.html", context)


def _most_urgent(request: HttpRequest) -> tuple[WorkRow, ...]:
    filters = WorkFilters(state=State.SUBMITTED.value)
    return cases.list_work(actor_of(request), filters=filters, at=now(), limit=1).items


def serving(request: HttpRequest) -> PartyRow | None:
    """The person before this window, masked on every page."""
    known = params.uuid_or_none(str(request.session.get(SERVING, "")))
    try:
        return people.get_party(known) if known else None
    except NotFound:
        return None


def serve(request: HttpRequest, party: UUID) -> None:
    """Remember whom this window serves; only the id is kept."""
    request.session[SERVING] = str(party)


def leave(request: HttpRequest) -> HttpResponse:
    """The person has left the window."""
    request.session.pop(SERVING, None)
    return HttpResponseRedirect(reverse("counter:desk"))
