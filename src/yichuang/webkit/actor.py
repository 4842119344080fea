"""Who acts in a request: built once, from a bearer token (API) or the session (pages), and kept on the request."""

from typing import cast

from django.http import HttpRequest

from yichuang.core.actors import Actor, Channel, anonymous
from yichuang.core.clock import now
from yichuang.devices import queries as devices
from yichuang.people import queries as people
from yichuang.tenants import commands as tenants
from yichuang.webkit import session, sessions
from yichuang.webkit.languages import locale_of

DEVICE_COOKIE = "yc_device"
TOKEN_COOKIE = "yc_machine"  # of a kiosk or a board: what it traded its enrolment code for


def actor_of(request: HttpRequest) -> Actor:
    """The actor of the request; anonymous when nobody signed in. A door's own code never builds one."""
    known: Actor | None = getattr(request, "yc_actor", None)
    if known is None:
        known = _build(request)
        request.yc_actor = known  # type: ignore[attr-defined]  # built once a request
    return known


def forget_actor(request: HttpRequest) -> None:
    """Build the actor anew at the next question: after signing in or out, and after choosing a window."""
    request.yc_actor = None  # type: ignore[attr-defined]  # built once a request


def channel_of(request: HttpRequest) -> Channel:
    """The channel of the door that the request came through."""
    return getattr(request, "yc_channel", Channel.PORTAL)


def _build(request: HttpRequest) -> Actor:
    channel, locale = channel_of(request), locale_of(request)
    device = str(request.COOKIES.get(DEVICE_COOKIE, ""))[:64]
    if channel is Channel.API:  # the API takes tokens only: a session cookie would let other sites' forms act
        return _by_token(request) or anonymous(channel=channel, device=device, locale=locale)
    if channel is Channel.KIOSK:  # a kiosk acts for nobody, whoever signed in anywhere else in that browser
        machine = devices.actor_for_device(str(request.COOKIES.get(TOKEN_COOKIE, "")), locale=locale)
        return machine or anonymous(channel=channel, device=device, locale=locale)
    signed_in = session.current(request)
    if signed_in is None:
        return anonymous(channel=channel, device=device, locale=locale)
    store = cast(sessions.SessionStore, request.session)
    read, store.read = store.read, None  # once: whoever builds the actor anew asks anew
    if store.session_key:
        sessions.remember(store.session_key, signed_in.account)
    return people.actor_for_account(
        signed_in.account,
        channel,
        place=signed_in.place,
        window=signed_in.window,
        device=device,
        locale=locale,
        at=now(),
        stamp=signed_in.stamp,
        read=read,
    )


def _by_token(request: HttpRequest) -> Actor | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        return None
    if token.strip().startswith(tenants.PREFIX):
        return tenants.admit(token.strip(), locale=locale_of(request), at=now())
    return people.actor_for_token(token.strip(), channel=Channel.API, locale=locale_of(request), at=now())
