"""导办 at the door, on a tablet or a phone: numbers by what people say they came for, arrivals, waits, who needs help."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from yichuang.cases import queries as cases
from yichuang.cases.helping import HelpState
from yichuang.cases.permissions import can_help
from yichuang.catalog import queries as catalog
from yichuang.catalog.values import ItemFilters, ItemRow
from yichuang.core.clock import local_date, now
from yichuang.core.ids import new_id
from yichuang.core.refusals import NotFound, Refused
from yichuang.core.roles import COMMUNITY_WORKER, INTAKE_CLERK
from yichuang.core.words import Words
from yichuang.network import queries as network
from yichuang.visits import queries as visits
from yichuang.visits.commands.booking import check_in
from yichuang.visits.commands.tickets import take_ticket
from yichuang.visits.values import CLASS_WORDS, PRIORITY_REASONS, BookingKind, Source, Taken
from yichuang.web.counter.bookings import hall_of
from yichuang.web.counter.keys import frame
from yichuang.webkit import params
from yichuang.webkit.actor import actor_of
from yichuang.webkit.pages import render
from yichuang.webkit.problems import NONE, problems_sent

FOUND, CHOSEN, COMING, ASKING = 8, 5, 20, 10  # rows that somebody reads standing; of the others, how many
LATE = timedelta(hours=1)  # who should have been here longer ago stands behind those to come
AT_WINDOW = ItemFilters(way="window")


def door(request: HttpRequest) -> HttpResponse:
    """Whatever the guide needs while people come in."""
    return _page(request)


def give(request: HttpRequest) -> HttpResponse:
    """A number for what was chosen, or for a queue."""
    actor, at = actor_of(request), now()
    place = hall_of(actor)
    return _given(
        request,
        at,
        lambda: take_ticket(
            actor=actor,
            place=place,
            source=Source.GUIDE,
            items=_codes(params.several(request, "item")),
            queue=params.uuid_or_none(params.text(request, "queue")),
            reason=params.text(request, "reason", longest=20),
            companions=params.whole(request, "companions"),
            key=params.text(request, "key", longest=40),
            at=at,
        ),
    )


def arrive(request: HttpRequest, booking: UUID) -> HttpResponse:
    """Somebody with an appointment is here."""
    actor, at = actor_of(request), now()
    place, key = hall_of(actor), params.text(request, "key", longest=40)
    return _given(
        request,
        at,
        lambda: check_in(actor=actor, place=place, source=Source.GUIDE, key=key, booking=booking, at=at),
    )


def _given(request: HttpRequest, at: datetime, do: Callable[[], Taken]) -> HttpResponse:
    """The number, large enough to be shown across a tablet; sent again (the same key) it is the same number."""
    try:
        taken = do()
    except NotFound:
        raise
    except Refused as refused:
        return _page(request, refused)
    mine, actor = visits.my_ticket(taken.token, at=at), actor_of(request)
    centre = (settings.YICHUANG_CENTRE or settings.YICHUANG_BASE_URL).rstrip("/")
    address = centre + reverse("portal:ticket", args=[taken.token])
    qr = segno.make(address, error="m").svg_data_uri(scale=8, border=4, xmldecl=False)
    return render(request, "counter/door_given.html", {**frame(actor), "mine": mine, "classes": CLASS_WORDS, "qr": qr})


def _page(request: HttpRequest, refused: Refused | None = None) -> HttpResponse:
    actor, at = actor_of(request), now()
    place = hall_of(actor)
    queues = visits.queues_of(place, at=at)
    sent = request.POST.getlist("item") if refused else request.GET.getlist("item")
    chosen = _codes(sent)
    text = "" if refused else params.text(request, "q", longest=60)
    found = catalog.search_items(text, limit=FOUND, at=at, filters=AT_WINDOW) if text else ()
    today = visits.bookings_of_day(actor, place, local_date(at), at=at) if queues else ()
    coming = [row for row in today if row.state == "BOOKED" and row.kind is BookingKind.HALL]
    coming.sort(key=lambda row: (row.starts_at < at - LATE, row.starts_at))
    asking = [row for row in cases.list_help(actor, at=at) if row.state is HelpState.OPEN or row.mine]
    context = {
        **frame(actor),
        "node": visits.node_note(place, at=at),
        "place": place,
        "town": network.get_place_by_id(place).name,
        "queues": queues,
        "q": text,
        "found": [(row, _with(chosen, row)) for row in found],
        "chosen": [
            (code, catalog.published_name(code) or Words(code, code), [one for one in chosen if one != code])
            for code in chosen
        ],
        "coming": coming[:COMING],
        "more_coming": len(coming[COMING:]),
        "asking": asking[:ASKING],
        "more_asking": len(asking[ASKING:]),
        "helps": can_help(actor, place),
        "registers": bool(actor.roles & {INTAKE_CLERK, COMMUNITY_WORKER}),
        "reasons": PRIORITY_REASONS,
        "press_key": params.text(request, "key", longest=40) or new_id().hex,
        "problems": problems_sent(request, refused) if refused else NONE,
        "typed": request.POST if refused else {},
    }
    return render(request, "counter/door.html", context, status=refused.status if refused else 200)


def _codes(sent: list[str]) -> list[str]:
    """The chosen items that there are, each once."""
    return [code for code in dict.fromkeys(sent[:FOUND]) if catalog.published_name(code)][:CHOSEN]


def _with(chosen: list[str], row: ItemRow) -> list[str] | None:
    """What is chosen when this one is too; None when it is, or no more can be."""
    return None if row.code in chosen or len(chosen) >= CHOSEN else [*chosen, row.code]
