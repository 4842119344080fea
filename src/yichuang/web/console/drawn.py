"""The editors of an item's process (流程) and decision (决策): opened, checked while one draws, tried, kept as a draft.

The drawing tools (bpmn-js, dmn-js) only draw: whatever they make is judged here, by the rules that publishing asks too.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from markupsafe import Markup

from yichuang.catalog import commands as catalog_commands
from yichuang.catalog import queries as catalog
from yichuang.catalog.values import BenchInput, DecisionCheck, DrawnFault, DrawnFile, PackFile
from yichuang.core.actors import Actor
from yichuang.core.clock import now
from yichuang.core.refusals import Conflict, Reason, Refused
from yichuang.core.words import W, Words
from yichuang.engine.values import ProcessFaults, Table, draw, parse_process
from yichuang.network import queries as network
from yichuang.web.console.editor_words import DECISION_WORDS, PROCESS_WORDS
from yichuang.web.console.pages import JsonDict, render, save
from yichuang.webkit import params
from yichuang.webkit.actor import actor_of
from yichuang.webkit.downloads import download

PROCESS: Final[DrawnFile] = "process.bpmn"
DECISION: Final[DrawnFile] = "decision.dmn"
MOST: Final = 310_000  # characters that are read of what was sent; the command refuses more than 300 KB
SAVED = W("草稿已保存，请核对后在事项页面发布", "The draft is saved; check and publish it on the item's page")
NOTHING = W("没有收到文件", "No file arrived")
FAULTS: Final = 60  # shown at once
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
    found = catalog_commands.check_process_file(actor, code, _content(request))
    return JsonResponse({"faults": [_fault(one, actor.locale) for one in found[:FAULTS]], "more": len(found) > FAULTS})


def decision_check(request: HttpRequest, code: str) -> JsonResponse:
    """What is wrong in the table that is sent: its cells (`whole` empty), or everything, with examples and coverage."""
    actor = actor_of(request)
    whole = bool(params.text(request, "whole"))
    found = catalog_commands.check_decision_file(actor, code, _content(request), whole=whole)
    return JsonResponse(_checked(found, actor.locale))


def decision_try(request: HttpRequest, code: str) -> JsonResponse:
    """What the table that is sent says on the values typed, and why, row by row."""
    actor = actor_of(request)
    content = _content(request)
    values = {name[3:]: params.text(request, name, longest=200) for name in request.POST if name.startswith("in-")}
    try:
        judged, rows = catalog_commands.try_decision_file(actor, code, content, values, at=now())
    except Refused as refused:
        if refused.kind != "invalid":
            raise
        return JsonResponse({"refused": [reason.words.in_(actor.locale) for reason in refused.reasons]})
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


def _checked(found: DecisionCheck, locale: str) -> dict[str, Any]:
    return {
        "faults": [_fault(one, locale) for one in found.faults[:FAULTS]],
        "more": len(found.faults) > FAULTS,
        "examples": [
            {
                "name": one.name.in_(locale),
                "ok": one.ok,
                "differences": [words.in_(locale) for words in one.differences],
            }
            for one in found.examples
        ],
        "hits": list(found.hits),
    }


def _fault(one: DrawnFault, locale: str) -> dict[str, Any]:
    return {
        "words": one.words.in_(locale),
        "line": one.line,
        "code": one.code,
        "element": one.element,
        "row": one.row,
        "column": one.column,
        "warns": one.warns,
    }


def _content(request: HttpRequest) -> bytes:
    """The XML of the form; a file that was chosen goes before it. Refused without either."""
    sent = request.FILES.get("upload")
    if sent is not None:
        return bytes(sent.read(MOST))
    text = params.text(request, "content", longest=MOST)
    if not text:
        raise Refused(Reason("FILE_MISSING", NOTHING, "upload"))
    return text.encode()


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
    content = _content(request)
    kept = catalog_commands.save_drawn(actor=actor, item=code, name=name, content=content, digest=digest, at=at)
    return {"digest": kept}


def _file(request: HttpRequest, code: str, name: DrawnFile) -> HttpResponse:
    found = catalog_commands.pack_file(actor_of(request), code, name)
    return download(found.content, name=f"{code}-{name}", media_type="application/xml")


def _process_page(request: HttpRequest, code: str, refused: Refused | None = None) -> HttpResponse:
    actor = actor_of(request)
    found = catalog_commands.pack_file(actor, code, PROCESS)
    faults = catalog_commands.check_process_file(actor, code, found.content)
    context = {
        "drawn": _picture(found, actor.locale),
        "faults": faults,
        "setup": {
            "words": PROCESS_WORDS if actor.locale != "en" else {},
            "posts": [{"code": post.code, "name": post.name.in_(actor.locale)} for post in network.list_posts()],
            "acts": [{"code": one, "name": words.in_(actor.locale)} for one, words in ACTS],
        },
    }
    return _page(request, "console/process_editor.html", found, refused, context)


def _decision_page(request: HttpRequest, code: str, refused: Refused | None = None) -> HttpResponse:
    actor = actor_of(request)
    found = catalog_commands.pack_file(actor, code, DECISION)
    table = catalog_commands.ready_table(actor, code, found.content)
    inputs = catalog_commands.bench_inputs(actor, code, found.content)
    context = {
        "check": catalog_commands.check_decision_file(actor, code, found.content),
        "table": table,
        "inputs": inputs,
        "headings": _headings(table, inputs) if table else (),
        "said": SAID,
        "setup": {"words": DECISION_WORDS if actor.locale != "en" else {}},
    }
    return _page(request, "console/decision_editor.html", found, refused, context)


def _headings(table: Table, inputs: Sequence[BenchInput]) -> tuple[Words, ...]:
    """The columns of the table: what they read by the names of the pack, what they give as the table labels it."""
    said = {one.name: one.words for one in inputs}
    read = [(column.expression.text.strip() if column.expression else "", column.label) for column in table.inputs]
    given = [Words(column.label or column.name, column.name or column.label) for column in table.outputs]
    return (*(said.get(name, Words(label or name, name or label)) for name, label in read), *given)


def _page(
    request: HttpRequest, template: str, found: PackFile, refused: Refused | None, context: dict[str, Any]
) -> HttpResponse:
    """With what was drawn after a refusal: nothing is lost. After a conflict the digest stays the old one, so that the
    newer pack is not overwritten by pressing again."""
    typed = params.text(request, "content", longest=MOST) if refused else ""
    shared = {
        "row": catalog.shelf_row(actor_of(request), found.item, at=now()),
        "found": found,
        "content": typed or found.content.decode(errors="replace"),
        "digest": params.text(request, "digest", longest=64) if refused else found.digest,
        "change": refused.change if isinstance(refused, Conflict) else None,
    }
    return render(request, template, {**shared, **context}, refused)


def _picture(found: PackFile, locale: str) -> Markup:
    """The engine's own drawing; empty for a process with faults."""
    try:
        return Markup(draw(parse_process(found.content), {}, locale=locale))
    except ProcessFaults:
        return Markup("")
