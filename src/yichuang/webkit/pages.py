"""Rendering: one function for every page. Templates get frozen rows and never run a query."""

import string
from collections.abc import Mapping
from os import urandom
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.urls import reverse

from yichuang.core.clock import now
from yichuang.core.words import Words
from yichuang.webkit import folding
from yichuang.webkit.actor import actor_of
from yichuang.webkit.came import page_of_form
from yichuang.webkit.languages import is_elder, locale_of

_ALPHABET = string.ascii_letters + string.digits  # of Django's tokens, in its order
_BASE = len(_ALPHABET)
_FAIR = 256 - 256 % _BASE  # a byte beyond would make the first letters likelier
_UNFAIR = bytes(range(_FAIR, 256))
_LETTERS = bytes(ord(_ALPHABET[byte % _BASE]) for byte in range(256))  # byte → letter of a mask
_SHIFTED = {
    (said, by): _ALPHABET[(place + far) % _BASE]
    for place, said in enumerate(_ALPHABET)
    for far, by in enumerate(_ALPHABET)
}  # letter of the secret and letter of the mask → letter behind the mask


def render(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """The template as a page, with what every page knows: actor, locale, elder, now, notes, here."""
    return HttpResponse(to_text(request, template, context), status=status)


def to_text(request: HttpRequest, template: str, context: Mapping[str, Any] | None = None) -> str:
    """The rendered template."""
    locale = locale_of(request)
    common = {
        "actor": actor_of(request),
        "locale": locale,
        "elder": is_elder(request),
        "now": now(),
        "here": request.get_full_path(),
        "notes": _take_notes(request),
        "request": request,
        "csrf_input": Token(request),
        "instead_of_answer": (page_of_form(request) or reverse("portal:home")) if request.method == "POST" else "",
    }
    return folding.template(template, locale).render({**common, **(context or {})})


class Token:
    """The hidden field of every form, made when the first form asks for it: then the answer also sets its cookie."""

    __slots__ = ("_made", "_request")

    def __init__(self, request: HttpRequest) -> None:
        self._request, self._made = request, ""

    def __html__(self) -> str:
        if not self._made:
            letters = _token(self._request)  # and digits: nothing to escape
            self._made = f'<input type="hidden" name="csrfmiddlewaretoken" value="{letters}">'
        return self._made

    __str__ = __html__


def _token(request: HttpRequest) -> str:
    """Django's token for the request's forms; a browser that has the cookie of it is not sent the same once more.

    Django does, to put off the day in a year on which it ends; whoever signs in has a new one by then.
    """
    secret = request.META.get("CSRF_COOKIE")
    if secret is None or secret != request.COOKIES.get(settings.CSRF_COOKIE_NAME):
        return get_token(request)
    return masked(secret)


def masked(secret: str) -> str:
    """The secret behind a fresh mask, as `django.middleware.csrf` writes and reads it; Django asks the system for each
    of the mask's 32 characters by itself."""
    mask = ""
    while len(mask) < len(secret):
        mask += urandom(48).translate(_LETTERS, _UNFAIR).decode("ascii")
    mask = mask[: len(secret)]
    return mask + "".join(map(_SHIFTED.__getitem__, zip(secret, mask, strict=True)))


def is_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of a page (a boosted or history request wants the whole)."""
    whole = "true" in (request.headers.get("HX-Boosted"), request.headers.get("HX-History-Restore-Request"))
    return request.headers.get("HX-Request") == "true" and not whole


def wants_json(request: HttpRequest) -> bool:
    """Whether a program asks: under /api/, or one that accepts JSON and not HTML."""
    accept = request.headers.get("Accept", "")
    return request.path.startswith("/api/") or ("json" in accept and "html" not in accept)


def note(request: HttpRequest, words: Words, *, kind: str = "done") -> None:
    """Say something on the next page ("已保存"). Kinds: done, info, warn. Words without personal data: they wait in the session."""
    notes = request.session.get("notes", [])
    request.session["notes"] = [*notes, {"zh": words.zh, "en": words.en, "kind": kind}][-5:]


def _take_notes(request: HttpRequest) -> list[tuple[str, Words]]:
    session = getattr(request, "session", None)
    if session is None or not session.session_key or "notes" not in session:
        return []
    return [(n["kind"], Words(n["zh"], n["en"])) for n in session.pop("notes")]
