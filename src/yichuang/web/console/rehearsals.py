"""重放: a draft table over past cases, before it is published: what would change, by rule, case by case (docs/adr/0022)."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from yichuang.cases import queries as cases
from yichuang.cases.commands.rehearse import ask_rehearsal
from yichuang.cases.rulesets import CONTRADICTS, OUTCOME_WORDS, VERDICT_WORDS, Outcome
from yichuang.catalog import queries as catalog
from yichuang.core.clock import now
from yichuang.core.refusals import NotFound, Refused
from yichuang.core.words import W
from yichuang.web.console.pages import render, save
from yichuang.webkit import params
from yichuang.webkit.actor import actor_of
from yichuang.webkit.downloads import download
from yichuang.webkit.lines import MOST_LINES, WRITERS

ASKED = W(
    "已开始重放，完成后会给您发消息；可以离开本页",
    "The rehearsal has begun; you will get a message when it is done and may leave this page",
)
STATES = {
    "running": (W("正在重放", "Running"), "blue"),
    "done": (W("已完成", "Done"), "green"),
    "failed": (W("没有做成", "Failed"), "red"),
}


def rehearsals(request: HttpRequest, code: str) -> HttpResponse:
    """The rehearsals of an item's drafts; a form begins one."""
    if request.method != "POST":
        return _list(request, code)
    return save(
        request,
        "rehearse",
        lambda actor, at: {"rehearsal": str(ask_rehearsal(actor=actor, item=code, at=at))},
        done=ASKED,
        then=lambda answer: reverse("console:rehearsal", args=[code, answer["rehearsal"]]),
        again=lambda refused: _list(request, code, refused),
    )


def rehearsal(request: HttpRequest, code: str, rehearsal: UUID) -> HttpResponse:
    """What one found: sums, rules, and the cases, of one way or one rule when asked so."""
    way, rule = (str(request.GET.get(name, ""))[:100] for name in ("way", "rule"))
    cursor = params.uuid_or_none(str(request.GET.get("cursor", "")))
    page = cases.get_rehearsal(
        actor_of(request), code, rehearsal, way=way, code=rule, cursor=str(cursor) if cursor else None
    )
    context = {
        "page": page,
        "row": page.row,
        "way": way,
        "rule": rule,
        "shown": [one for one in Outcome if any(shift.counts.get(one) for shift in page.shifts)],
        "outcomes": OUTCOME_WORDS,
        "contradicts": CONTRADICTS,
        "verdicts": VERDICT_WORDS,
        "states": STATES,
        "most": MOST_LINES,
    }
    return render(request, "console/rehearsal.html", context)


def export(request: HttpRequest, code: str, rehearsal: UUID) -> HttpResponse:
    """Every case that would change, as CSV or XLSX: numbers and verdicts, nothing of anybody."""
    kind = str(request.GET.get("format", "csv"))
    if kind not in WRITERS:
        raise NotFound(W("文件", "file"))
    actor = actor_of(request)
    write, media_type = WRITERS[kind]
    content = write(cases.rehearsal_lines(actor, code, rehearsal), actor.locale)
    return download(content, name=f"{code}-重放.{kind}", media_type=media_type)


def _list(request: HttpRequest, code: str, refused: Refused | None = None) -> HttpResponse:
    actor = actor_of(request)
    context = {
        "row": catalog.shelf_row(actor, code, at=now()),
        "rows": cases.list_rehearsals(actor, code),
        "states": STATES,
    }
    return render(request, "console/rehearsals.html", context, refused)
