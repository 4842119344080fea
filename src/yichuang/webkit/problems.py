"""A refusal, told: RFC 9457 problem document to programs, an error summary with links to each field to people."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from yichuang.core.clock import local
from yichuang.core.refusals import Conflict, Kind, Reason, Refused
from yichuang.core.words import W, Words
from yichuang.webkit.languages import locale_of
from yichuang.webkit.pages import is_fragment, render, wants_json

TITLES: Mapping[str, Words] = {
    "invalid": W("请核对以下内容", "Please check the following"),
    "signed_out": W("请先登录", "Please sign in"),
    "forbidden": W("您不能这样做", "You may not do this"),
    "missing": W("没有找到这个页面", "Page not found"),
    "conflict": W("别人刚刚更新过", "Somebody else was faster"),
    "gone": W("已经失效", "No longer valid"),
    "too_large": W("提交的内容太大", "Too large"),
    "locked": W("暂时锁定", "Locked for now"),
    "too_many": W("操作太频繁，请稍后再试", "Too many attempts, please try later"),
    "unavailable": W("服务暂时不可用", "The service is not available right now"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason as a page shows it: `anchor` is the id of the field it speaks about, or empty."""

    code: str
    words: Words
    field: str
    anchor: str
    basis: str = ""


class Problems(tuple[Problem, ...]):
    """All reasons at once, and those of one field."""

    def of(self, field: str) -> tuple[Problem, ...]:
        """The reasons of the field: its JSON pointer and the plain name of its input ("/place", "place") are one."""
        return tuple(p for p in self if p.anchor == anchor(field)) if field else ()


NONE = Problems()


def anchor(field: str) -> str:
    """The HTML id of the input of a JSON pointer: "/dog/name" → "f-dog-name"."""
    return "f-" + field.strip("/").replace("/", "-").replace("~1", "_").replace("~0", "_")


def problems_of(reasons: Refused | Iterable[Reason]) -> Problems:
    """The reasons of a refusal (or a list of reasons) for a page's error summary and its fields."""
    found = reasons.reasons if isinstance(reasons, Refused) else reasons
    return Problems(Problem(r.code, r.words, r.field or "", anchor(r.field) if r.field else "", r.basis) for r in found)


def problems_sent(request: HttpRequest, refused: Refused | Iterable[Reason]) -> Problems:
    """The same for the form that this request brought, in the order of its page: a browser sends the fields as they stand.

    What was not sent (a choice that nobody made, a file) stays behind the fault that it followed.
    """
    places = {name.strip("/"): place for place, name in enumerate(request.POST)}
    place, placed = -1, []
    for found in problems_of(refused):
        place = places.get(found.field.strip("/"), place)
        placed.append((place, found))
    return Problems(found for _, found in sorted(placed, key=lambda pair: pair[0]))


def problem(
    request: HttpRequest, refused: Refused, *, status: int | None = None, title: Words | None = None
) -> HttpResponse:
    """The refusal as JSON problem document, htmx fragment or whole page, with its HTTP status.

    `status` and the page's `title` only where HTTP has a word of its own for it (405, 500).
    """
    if wants_json(request):
        return problem_json(request, refused, status=status)
    template = "webkit/problem_fragment.html" if is_fragment(request) else "webkit/problem.html"
    context = {
        "title": title or TITLES[refused.kind],
        "kind": refused.kind,
        "problems": problems_of(refused),
        "change": refused.change if isinstance(refused, Conflict) else None,
    }
    response = render(request, template, context, status=status or refused.status)
    if is_fragment(request):  # htmx shows it in the page's own place for messages, whatever was the target
        response["HX-Retarget"], response["HX-Reswap"] = "#messages", "innerHTML show:window:top"
    return response


def problem_json(request: HttpRequest, refused: Refused, *, status: int | None = None) -> HttpResponse:
    """RFC 9457 `application/problem+json`; `reasons` carries every reason in both languages.

    `status` only where HTTP has a word of its own for it (405, 500).
    """
    told = status or refused.status
    response = JsonResponse(
        {**document(refused, locale=locale_of(request)), "status": told},
        status=told,
        content_type="application/problem+json",
        json_dumps_params={"ensure_ascii": False},
    )
    if refused.kind == "signed_out":
        response["WWW-Authenticate"] = "Bearer"
    return response


def document(refused: Refused, *, locale: str) -> dict[str, Any]:
    """The members of the problem document."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": TITLES[refused.kind].in_(locale),
        "status": refused.status,
        "kind": refused.kind,
        "detail": "；".join(r.words.zh for r in refused.reasons)
        if not locale.startswith("en")
        else "; ".join(r.words.en for r in refused.reasons),
        "reasons": [
            {"code": r.code, "field": r.field, "message": r.words.zh, "message_en": r.words.en, "basis": r.basis}
            for r in refused.reasons
        ],
    }
    if isinstance(refused, Conflict) and refused.change:
        change = refused.change
        body["change"] = {"who": change.who, "at": local(change.at).isoformat(), "what": change.what.in_(locale)}
    return body


def plain(code: str, words: Words, kind: Kind = "invalid", field: str | None = None) -> Refused:
    """A refusal with one reason that a door itself has to give (an unreadable body, a file too large)."""
    return Refused(Reason(code, words, field), kind=kind)


def error_number() -> str:
    """A short number that the person can name and the log holds: no vowels, so that it spells nothing."""
    return "".join(secrets.choice("23456789BCDFGHJKLMNPQRSTVWXZ") for _ in range(8))
