"""The editors of an item's process (流程) and decision (决策): opened, checked while one draws, tried, kept as a draft.

The drawing tools (bpmn-js, dmn-js) only draw: whatever they make is judged here, by the rules that publishing asks too.
"""

from datetime import datetime
from functools import partial
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from yichuang.catalog import commands as catalog_commands
from yichuang.catalog import queries as catalog
from yichuang.catalog.values import DrawnFile, PackFile
from yichuang.core.actors import Actor
from yichuang.core.clock import now
from yichuang.core.refusals import Refused
from yichuang.core.words import W
from yichuang.network import queries as network
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
    typed_on_bench,
)
from yichuang.web.console.editor_words import DECISION_WORDS, PROCESS_WORDS
from yichuang.web.console.pages import JsonDict, save
from yichuang.webkit import params
from yichuang.webkit.actor import actor_of
from yichuang.webkit.downloads import download

PROCESS: Final[DrawnFile] = "process.bpmn"
DECISION: Final[DrawnFile] = "decision.dmn"
SAVED = W("草稿已保存，请核对后在事项页面发布", "The draft is saved; check and publish it on the item's page")
SAID: Final = {
    "yes": W("是", "yes"),
    "no": W("否", "no"),
    "unknown": W("无法确认", "cannot be told"),
    "same": W("一致", "the same"),
    "different": W("不一致", "different"),
    "found": W("有记录", "on record"),
    "none": W("没有记录", "no record"),
    "skipped": W("不需要查", "not asked"),
}
DRAFTED, SHIPPED = W("草稿", "Draft"), W("安装时的文件夹", "Folder of the installation")
ACTS: Final = (
    ("review", W("审查", "Review")),
    ("inspect", W("现场核查", "Inspection on site")),
    ("decide", W("决定", "Decision")),
)


def process(request: HttpRequest, code: str) -> HttpResponse:
    """The process of the item's folder: drawn; edited in the browser, or as a file; kept as a draft."""
    return _keep(request, code, PROCESS) if request.method == "POST" else _process_page(request, code)


def decision(request: HttpRequest, code: str) -> HttpResponse:
    """The decision table of the item's folder, likewise."""
    return _keep(request, code, DECISION) if request.method == "POST" else _decision_page(request, code)


def process_file(request: HttpRequest, code: str) -> HttpResponse:
    """The process as a file, with its drawing."""
    return _file(request, code, PROCESS)


def decision_file(request: HttpRequest, code: str) -> HttpResponse:
    """The decision table as a file."""
    return _file(request, code, DECISION)


def process_check(request: HttpRequest, code: str) -> JsonResponse:
    """What publishing would say of the process that is sent."""
    actor = actor_of(request)
    found = catalog_commands.check_process_file(actor, code, content_of(request))
    return JsonResponse(
        {"faults": [fault_json(one, actor.locale) for one in found[:FAULTS]], "more": len(found) > FAULTS}
    )


def decision_check(request: HttpRequest, code: str) -> JsonResponse:
    """What is wrong in the table that is sent: its cells (`whole` empty), or everything, with examples and coverage."""
    actor = actor_of(request)
    whole = bool(params.text(request, "whole"))
    found = catalog_commands.check_decision_file(actor, code, content_of(request), whole=whole)
    return JsonResponse(checked_json(found, actor.locale))


def decision_try(request: HttpRequest, code: str) -> JsonResponse:
    """What the table that is sent says on the values typed, and why, row by row."""
    actor = actor_of(request)
    content = content_of(request)
    try:
        judged, rows = catalog_commands.try_decision_file(actor, code, content, typed_on_bench(request), at=now())
    except Refused as refused:
        return JsonResponse(refused_json(refused, actor.locale))
    return JsonResponse(
        {
            "approved": judged.approved,
            "doubts": [words.in_(actor.locale) for words in judged.doubts],
            "rows": [
                {"row": r.row, "hit": r.hit, "words": r.words.in_(actor.locale), "why": r.why.in_(actor.locale)}
                for r in rows
            ],
        }
    )


def _keep(request: HttpRequest, code: str, name: DrawnFile) -> HttpResponse:
    page = _process_page if name == PROCESS else _decision_page
    return save(
        request,
        "save_draft_file",
        partial(_save, request, code, name),
        done=SAVED,
        then=lambda _: reverse("console:item", args=[code]),
        again=lambda refused: page(request, code, refused),
    )


def _save(request: HttpRequest, code: str, name: DrawnFile, actor: Actor, at: datetime) -> JsonDict:
    digest = params.text(request, "digest", longest=64)
    content = content_of(request)
    kept = catalog_commands.save_drawn(actor=actor, item=code, name=name, content=content, digest=digest, at=at)
    return {"digest": kept}


def _file(request: HttpRequest, code: str, name: DrawnFile) -> HttpResponse:
    found = catalog_commands.pack_file(actor_of(request), code, name)
    return download(found.content, name=f"{code}-{name}", media_type="application/xml")


def _process_page(request: HttpRequest, code: str, refused: Refused | None = None) -> HttpResponse:
    actor = actor_of(request)
    found = catalog_commands.pack_file(actor, code, PROCESS)
    context = {
        "drawn": picture_of(found.content, actor.locale),
        "faults": catalog_commands.check_process_file(actor, code, found.content),
        "setup": {
            "words": PROCESS_WORDS if actor.locale != "en" else {},
            "posts": [{"code": post.code, "name": post.name.in_(actor.locale)} for post in network.list_posts()],
            "acts": [{"code": one, "name": words.in_(actor.locale)} for one, words in ACTS],
        },
    }
    return desk_page(request, "console/process_editor.html", desk_of(actor, found, "item-process"), refused, context)


def _decision_page(request: HttpRequest, code: str, refused: Refused | None = None) -> HttpResponse:
    actor = actor_of(request)
    found = catalog_commands.pack_file(actor, code, DECISION)
    table = catalog_commands.ready_table(actor, code, found.content)
    inputs = catalog_commands.bench_inputs(actor, code, found.content)
    context = {
        "check": catalog_commands.check_decision_file(actor, code, found.content),
        "table": table,
        "inputs": inputs,
        "headings": headings(table, inputs) if table else (),
        "said": SAID,
        "setup": {"words": DECISION_WORDS if actor.locale != "en" else {}},
    }
    desk = desk_of(actor, found, "item-decision", attempt=reverse("console:item-decision-try", args=[code]))
    return desk_page(request, "console/decision_editor.html", desk, refused, context)


def desk_of(actor: Actor, found: PackFile, page: str, **more: Any) -> Desk:
    """An item's file on its editor's desk; `page` is the route of the editor."""
    code = found.item
    name = catalog.shelf_row(actor, code, at=now()).name
    return Desk(
        name=name,
        back=reverse("console:item", args=[code]),
        back_name=name,
        keep=reverse(f"console:{page}", args=[code]),
        file=reverse(f"console:{page}-file", args=[code]),
        check=reverse(f"console:{page}-check", args=[code]),
        called=found.name,
        content=found.content,
        digest=found.digest,
        version=found.version,
        tag=DRAFTED if found.is_draft else SHIPPED,
        tone="blue" if found.is_draft else "",
        **more,
    )
