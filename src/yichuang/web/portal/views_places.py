"""网点: every place of the network, its hours, facilities, windows and machines."""

from django.http import HttpRequest, HttpResponse

from yichuang.core.clock import local_date, now
from yichuang.core.ids import new_id
from yichuang.insight import queries as insight
from yichuang.network import queries as network
from yichuang.network.values import WORDS, PlaceKind
from yichuang.visits import queries as visits
from yichuang.webkit.pages import render
from yichuang.webkit.params import choice, text


def places(request: HttpRequest) -> HttpResponse:
    """All places as a tree, or those of one kind or whose name holds some words."""
    at, q = now(), text(request, "q", longest=50)
    kind = choice(request, "kind", {k.value for k in PlaceKind})
    fitting = [
        place
        for place in network.list_places(kinds=frozenset({PlaceKind(kind)}) if kind else frozenset(PlaceKind))
        if not q or q.casefold() in f"{place.name.zh} {place.name.en} {place.address.zh}".casefold()
    ]
    order = list(PlaceKind)  # the district hall first; communities, by far the most, wait behind their own link
    shown = [p for p in fitting if q or kind or p.kind is not PlaceKind.COMMUNITY]
    shown.sort(key=lambda place: order.index(place.kind))
    found = [(place, network.opening(place.id, at)) for place in shown]
    kinds = [(k.value, WORDS[k]) for k in PlaceKind]
    return render(
        request,
        "portal/places.html",
        {"found": found, "more": len(fitting) - len(shown), "q": q, "kind": kind, "kinds": kinds},
    )


def place(request: HttpRequest, code: str) -> HttpResponse:
    """One place: address, open now, hours, windows, facilities, what is below it."""
    at = now()
    page = network.place_page(code, at)
    queues = visits.queues_of(page.place.id, at=at)
    context = {
        "page": page,
        "words": WORDS,
        "queues": queues,
        "now_open": visits.hall_hours(page.place.id, at=at),
        "extended": visits.extended_hours(page.place.id, since=local_date(at)),
        "hours": insight.coming_hours({row.id: page.place.id for row in queues}, at=at) if queues else {},
        "hits": insight.hall_hits(page.place.id, at=at) if queues else (),
        "press_key": new_id().hex,
    }
    return render(request, "portal/place.html", context)
