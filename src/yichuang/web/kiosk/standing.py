"""Whoever stands before the kiosk: known for as long as they touch it, and then to nobody.

What is kept of a visit lies in the session on the server and ends 90 seconds after the last touch, whatever the browser does.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from yichuang.core.actors import Actor
from yichuang.core.clock import lasted, now
from yichuang.core.refusals import NotFound
from yichuang.core.words import W
from yichuang.devices import queries as devices
from yichuang.devices.values import DeviceKind
from yichuang.network import queries as network
from yichuang.network.values import PlaceRow
from yichuang.webkit.actor import actor_of
from yichuang.webkit.languages import ELDER_COOKIE
from yichuang.webkit.pages import render

LIVES = timedelta(seconds=90)
IDLE, COUNTDOWN = 45, 15  # seconds without a touch until the page asks, and until it wipes
_KEPT = "visit"
PAGE = W("页面", "page")


@dataclass(frozen=True, slots=True)
class Standing:
    """One request at a kiosk: the machine, its place, and what whoever stands there said of themselves since they came."""

    request: HttpRequest
    actor: Actor
    place: PlaceRow
    at: datetime
    person: UUID | None
    token: str  # of the ticket that they took or showed
    card: bool = False  # the person is known by their document on the reader, not by a relay code

    def remember(self, **more: str) -> None:
        """Keep something of the visit until it ends."""
        self.request.session[_KEPT] = {
            **self.request.session.get(_KEPT, {}),
            **more,
            "seen": self.at.isoformat(),
        }

    def page(self, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
        """A page of the kiosk, with what its frame shows."""
        known = {"place": self.place, "idle": IDLE, "countdown": COUNTDOWN, "visited": _KEPT in self.request.session}
        return render(self.request, template, {**known, **context}, status=status)


def at_kiosk(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view for kiosks; a board that comes here is led to its wall, a visit that was left is wiped first."""

    @wraps(view)
    def enter(request: HttpRequest, **named: str) -> HttpResponse:
        actor, at = actor_of(request), now()
        kind = devices.kind_of(actor)
        if actor.place is None or kind not in {DeviceKind.KIOSK, DeviceKind.BOARD}:
            raise NotFound(PAGE)
        place = network.get_place_by_id(actor.place)
        if kind is DeviceKind.BOARD:
            return HttpResponseRedirect(reverse("wall:board", args=[place.code]))
        told = request.session.get(_KEPT, {})
        if told and lasted(datetime.fromisoformat(told["seen"]), at) > LIVES:
            return wiped(request)
        person = told.get("person")
        card = bool(person and told.get("card"))
        standing = Standing(request, actor, place, at, UUID(person) if person else None, told.get("token", ""), card)
        if told:
            standing.remember()
        return view(standing, **named)

    return enter


def wiped(request: HttpRequest) -> HttpResponse:
    """The first page, as for somebody who was never here: session, language and letters begin anew."""
    request.session.flush()
    answer = HttpResponseRedirect(reverse("kiosk:home"))
    for name in (settings.LANGUAGE_COOKIE_NAME, ELDER_COOKIE):
        answer.delete_cookie(name, samesite="Lax")
    return answer
