"""The editor of the tables that an item's process asks which way to go (分派规则, route.dmn), like that of its decision."""

from datetime import datetime
from functools import partial
from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from yichuang.catalog import commands as catalog_commands
from yichuang.catalog.values import DrawnFile
from yichuang.core.actors import Actor
from yichuang.core.clock import now
from yichuang.core.refusals import NotFound, Refused
from yichuang.core.words import W
from yichuang.web.console.drawn import SAVED, desk_of
from yichuang.web.console.editing import (
    checked_json,
    content_of,
    desk_page,
    headings,
    refused_json,
    trial_json,
    typed_on_bench,
)
from yichuang.web.console.editor_words import DECISION_WORDS
from yichuang.web.console.pages import JsonDict, save
from yichuang.webkit import params
from yichuang.webkit.actor import actor_of
from yichuang.webkit.downloads import download

ROUTE: Final[DrawnFile] = "route.dmn"
_TABLE = W("分派规则", "routing table")


def routing(request: HttpRequest, code: str) -> HttpResponse:
    """One of the tables of the item's folder (`table`; the first unless it is named); kept as a draft."""
    if request.method != "POST":
        return _page(request, code)
    return save(
        request,
        "save_draft_file",
        partial(_save, request, code),
        done=SAVED,
        then=lambda _: reverse("console:item", args=[code]),
        again=lambda refused: _page(request, code, refused),
    )


def routing_file(request: HttpRequest, code: str) -> HttpResponse:
    """The tables as the file that they are."""
    found = catalog_commands.pack_file(actor_of(request), code, ROUTE)
    return download(found.content, name=f"{code}-{ROUTE}", media_type="application/xml")


def routing_check(request: HttpRequest, code: str) -> JsonResponse:
    """What is wrong in the table that is sent: its cells (`whole` empty), or everything, with examples and coverage."""
    actor = actor_of(request)
    table, whole = _named(request, actor, code), bool(params.text(request, "whole"))
    found = catalog_commands.check_route_file(actor, code, content_of(request), table, whole=whole)
    return JsonResponse(checked_json(found, actor.locale))


def routing_try(request: HttpRequest, code: str) -> JsonResponse:
    """Which way the table that is sent says on the values typed, and why, row by row."""
    actor = actor_of(request)
    table, content = _named(request, actor, code), content_of(request)
    try:
        found = catalog_commands.try_route_file(actor, code, content, table, typed_on_bench(request), at=now())
    except Refused as refused:
        return JsonResponse(refused_json(refused, actor.locale))
    return JsonResponse(trial_json(found, actor.locale))


def _named(request: HttpRequest, actor: Actor, code: str) -> str:
    """The table that the address or the form names, among those that the process asks; the first unless one is named."""
    tables = catalog_commands.route_tables(actor, code)
    named = params.text(request, "table", longest=200) or (tables[0] if tables else "")
    if named not in tables:
        raise NotFound(_TABLE)
    return named


def _save(request: HttpRequest, code: str, actor: Actor, at: datetime) -> JsonDict:
    kept = catalog_commands.save_drawn(
        actor=actor, item=code, name=ROUTE, content=content_of(request), digest=params.text(request, "digest", longest=64), at=at
    )  # fmt: skip
    return {"digest": kept}


def _page(request: HttpRequest, code: str, refused: Refused | None = None) -> HttpResponse:
    actor = actor_of(request)
    found = catalog_commands.pack_file(actor, code, ROUTE)
    named = _named(request, actor, code)
    table = catalog_commands.ready_route(actor, code, found.content, named)
    inputs = catalog_commands.route_inputs(actor, code, found.content, named)
    here = reverse("console:item-routing", args=[code])
    tables = catalog_commands.route_tables(actor, code)
    desk = desk_of(
        actor,
        found,
        "item-routing",
        attempt=reverse("console:item-routing-try", args=[code]),
        table=named,
        others=[(f"{here}?{urlencode({'table': one})}", one, one == named) for one in tables],
    )
    context = {
        "check": catalog_commands.check_route_file(actor, code, found.content, named),
        "table": table,
        "inputs": inputs,
        "headings": headings(table, inputs) if table else (),
        "said": {},
        "setup": {"words": DECISION_WORDS if actor.locale != "en" else {}},
    }
    return desk_page(request, "console/decision_editor.html", desk, refused, context)
