"""Item lists as workbooks (XLSX): out; in again after a look at what would change, or at every fault with its cell."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from yichuang.catalog import commands as catalog_commands
from yichuang.catalog.values import SheetPreview
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date, now
from yichuang.core.refusals import Reason, Refused
from yichuang.core.words import W
from yichuang.web.console.pages import JsonDict, render, save
from yichuang.webkit import params
from yichuang.webkit.actor import actor_of
from yichuang.webkit.downloads import download

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
IMPORTED = W("草稿已写入，核对后在事项页面发布", "The drafts are written; check and publish them on their items' pages")
NO_FILE = W("请选择 XLSX 文件", "Choose an XLSX file")
MOST_SHOWN = 100  # cells of one item


def export(request: HttpRequest) -> HttpResponse:
    """Every item as a workbook."""
    content = catalog_commands.export_workbook(actor=actor_of(request))
    return download(content, name=f"事项清单-{local_date(now()):%Y%m%d}.xlsx", media_type=XLSX)


def workbooks(request: HttpRequest) -> HttpResponse:
    """The way out and the way in: a file is looked at first; what was looked at is written by a second press."""
    if request.method != "POST":
        return _page(request)
    if params.text(request, "act") == "look":
        return _look(request)

    def do(actor: Actor, at: datetime) -> JsonDict:
        mark = params.text(request, "mark", longest=64)
        return {"items": list(catalog_commands.import_workbook(actor=actor, mark=mark, at=at))}

    return save(
        request,
        "import_workbook",
        do,
        done=IMPORTED,
        then=lambda _: reverse("console:items"),
        again=lambda refused: _page(request, refused=refused),
    )


def _look(request: HttpRequest) -> HttpResponse:
    sent = request.FILES.get("workbook")
    try:
        if sent is None:
            raise Refused(Reason("FILE_MISSING", NO_FILE, "workbook"))
        found = catalog_commands.preview_workbook(actor=actor_of(request), content=sent.read())
    except Refused as refused:
        if refused.kind == "forbidden":
            raise
        return _page(request, refused=refused)
    return _page(request, preview=found)


def _page(request: HttpRequest, preview: SheetPreview | None = None, refused: Refused | None = None) -> HttpResponse:
    context = {"preview": preview, "most": MOST_SHOWN}
    return render(request, "console/workbooks.html", context, refused)
