"""What a tenant has declared, in the house's editors: processes and tables drawn, forms and data tables as text.

By who keeps tenants, for communities that have nobody who writes XML (docs/adr/0034). Never their data.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Final, get_args

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from yichuang.catalog.values import BenchInput, DecisionCheck, DrawnFault
from yichuang.core.actors import Actor
from yichuang.core.clock import now
from yichuang.core.refusals import NotFound, Refused
from yichuang.core.words import W, Words
from yichuang.engine.values import DecisionFaults, ReadyDecision, one_budget, ready_decision, with_drawing, with_ids
from yichuang.tenants import commands, queries
from yichuang.tenants.values import PART_WORDS, PartFault, PartKind, PartRow
from yichuang.web.console.drawn import ACTS
from yichuang.web.console.editing import (
    FAULTS,
    Desk,
    checked_json,
    content_of,
    desk_page,
    fault_json,
    headings,
    picture_of,
    refused_json,
    trial_json,
    typed_on_bench,
)
from yichuang.web.console.editor_words import DECISION_WORDS, PROCESS_WORDS
from yichuang.web.console.pages import JsonDict, save
from yichuang.webkit import params
from yichuang.webkit.actor import actor_of
from yichuang.webkit.downloads import download

PUBLISHED = W("新版本已发布", "The new version is published")
PUBLISH = W("发布新版本", "Publish a new version")
IN_FORCE = W("应用正在用", "In use by the application")
AFTER = W(
    "发布后，新开始的流程、新的判断和新的数据行用新版本，正在运行的流程仍按原来的版本走完。发布记在租户的留痕里，写明是谁。",
    "New runs, decisions and rows take the new version; runs under way end by the one they began with. The tenant's record says who published.",
)
_PART = W("定义", "definition")
_FILES: Final = {"process": ".bpmn", "decision": ".dmn", "form": ".json", "table": ".json"}
_MEDIA: Final = {".bpmn": "application/xml", ".dmn": "application/xml", ".json": "application/json"}


def tenant_part(request: HttpRequest, code: str, kind: str, part: str) -> HttpResponse:
    """One definition of a tenant in its editor; a form publishes its next version."""
    known = _kind(kind)
    if request.method != "POST":
        return _page(request, code, known, part)
    return save(
        request,
        "publish_tenant_part",
        partial(_publish, request, code, known, part),
        done=PUBLISHED,
        then=lambda _: reverse("console:tenant-part", args=[code, known, part]),
        again=lambda refused: _page(request, code, known, part, refused),
    )


def tenant_part_file(request: HttpRequest, code: str, kind: str, part: str) -> HttpResponse:
    """The definition as the file that it is; a process with its drawing."""
    row = queries.part_shown(actor_of(request), code, _kind(kind), part)
    ending = _FILES[row.kind]
    return download(_content(row), name=f"{part}{ending}", media_type=_MEDIA[ending])


def tenant_part_check(request: HttpRequest, code: str, kind: str, part: str) -> JsonResponse:
    """What publishing would say of the definition that is sent; nothing is kept."""
    actor = actor_of(request)
    body = content_of(request).decode(errors="replace")
    found = commands.check_part_of(actor=actor, tenant=code, kind=_kind(kind), code=part, body=body)
    if kind == "process":
        faults = [fault_json(one, actor.locale) for one in found[:FAULTS]]
        return JsonResponse({"faults": faults, "more": len(found) > FAULTS})
    return JsonResponse(checked_json(_check(found), actor.locale))


def tenant_part_try(request: HttpRequest, code: str, kind: str, part: str) -> JsonResponse:
    """What the table that is sent says on the values typed, and row by row why."""
    actor = actor_of(request)
    if kind != "decision":
        raise NotFound(_PART)
    body, values = content_of(request).decode(errors="replace"), typed_on_bench(request)
    try:
        found = commands.try_part_of(actor=actor, tenant=code, code=part, body=body, values=values, at=now())
    except Refused as refused:
        return JsonResponse(refused_json(refused, actor.locale))
    return JsonResponse(trial_json(found, actor.locale))


def _kind(kind: str) -> PartKind:
    found = next((one for one in get_args(PartKind) if one == kind), None)
    if found is None:
        raise NotFound(_PART)
    return found  # type: ignore[no-any-return]  # one of the four


def _publish(request: HttpRequest, code: str, kind: PartKind, part: str, actor: Actor, at: datetime) -> JsonDict:
    row = commands.publish_part_of(
        actor=actor,
        tenant=code,
        kind=kind,
        code=part,
        body=content_of(request).decode(errors="replace"),
        version=params.whole(request, "digest"),
        at=at,
    )
    return {"version": row.version}


def _page(request: HttpRequest, code: str, kind: PartKind, part: str, refused: Refused | None = None) -> HttpResponse:
    actor = actor_of(request)
    row = queries.part_shown(actor, code, kind, part)
    desk = _desk(actor, code, row)
    faults = commands.check_part_of(actor=actor, tenant=code, kind=kind, code=part, body=row.body)
    chinese = actor.locale != "en"
    context: JsonDict
    if kind == "process":
        context = {
            "drawn": picture_of(row.body.encode(), actor.locale),
            "faults": faults,
            "setup": {
                "words": PROCESS_WORDS if chinese else {},
                "posts": None,  # a tenant's own: typed, not chosen
                "acts": [{"code": one, "name": words.in_(actor.locale)} for one, words in ACTS],
            },
        }
        return desk_page(request, "console/process_editor.html", desk, refused, context)
    if kind == "decision":
        ready = _ready(row)
        inputs = _inputs(ready)
        context = {
            "check": _check(faults),
            "table": ready.table if ready else None,
            "inputs": inputs,
            "headings": headings(ready.table, inputs) if ready and ready.table else (),
            "said": {},
            "setup": {"words": DECISION_WORDS if chinese else {}},
        }
        return desk_page(request, "console/decision_editor.html", desk, refused, context)
    return desk_page(request, "console/definition.html", desk, refused, {"faults": faults, "kind": PART_WORDS[kind]})


def _desk(actor: Actor, code: str, row: PartRow) -> Desk:
    place = [code, row.kind, row.code]
    return Desk(
        name=row.name,
        back=reverse("console:tenant", args=[code]),
        back_name=queries.get_tenant(actor, code).name,
        keep=reverse("console:tenant-part", args=place),
        file=reverse("console:tenant-part-file", args=place),
        check=reverse("console:tenant-part-check", args=place),
        attempt=reverse("console:tenant-part-try", args=place),
        called=f"{row.code}{_FILES[row.kind]}",
        content=_content(row),
        digest=str(row.version),
        version=row.version,
        tag=IN_FORCE,
        tone="green",
        button=PUBLISH,
        after=AFTER,
        table=row.name.zh if row.kind == "decision" else "",
        examples=False,
    )


def _content(row: PartRow) -> bytes:
    """As an editor opens it: a process with a drawing, a table with ids, JSON in lines."""
    if row.kind == "process":
        return with_drawing(row.body.encode())
    if row.kind == "decision":
        return with_ids(row.body.encode())
    return (json.dumps(json.loads(row.body), ensure_ascii=False, indent=2) + "\n").encode()


def _ready(row: PartRow) -> ReadyDecision | None:
    try:
        with one_budget():
            return ready_decision(row.body.encode(), row.name.zh)
    except DecisionFaults:
        return None


def _inputs(ready: ReadyDecision | None) -> tuple[BenchInput, ...]:
    kinds = ready.kinds if ready else {}
    return tuple(BenchInput(name, Words(name, name), kind.kind, kind.allowed) for name, kind in kinds.items())


def _check(faults: Sequence[PartFault]) -> DecisionCheck:
    return DecisionCheck(
        tuple(DrawnFault(f.words, f.line, f.code, f.element, f.row, f.column, f.warns) for f in faults)
    )
