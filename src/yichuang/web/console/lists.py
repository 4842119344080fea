"""Lists of items (事项清单) by mark, batch and target: how far each has come, and the file that says them put into force."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from yichuang.catalog import commands as catalog_commands
from yichuang.catalog import figures
from yichuang.catalog import queries as catalog
from yichuang.catalog.values import AREAS, Mark
from yichuang.core.actors import Actor
from yichuang.core.clock import now
from yichuang.core.refusals import NotFound, Reason, Refused
from yichuang.core.words import W, Words
from yichuang.web.console.pages import render, save
from yichuang.webkit.actor import actor_of

PUBLISHED = W("清单已发布，公示页面立即更新", "The lists are published; their public page shows them at once")
STATES: dict[str, tuple[Words, str]] = {
    "new": (W("新增", "New"), "blue"),
    "changed": (W("修改", "Changed"), "amber"),
    "same": (W("不变", "As it is"), ""),
}


def lists(request: HttpRequest) -> HttpResponse:
    """What is promised, and what lies in lists.toml; a form puts the file into force."""
    if request.method != "POST":
        return _page(request)
    return save(
        request,
        "publish_lists",
        lambda actor, at: _publish(actor, at),
        done=PUBLISHED,
        then=lambda _: reverse("console:lists"),
        again=lambda refused: _page(request, refused),
    )


def _publish(actor: Actor, at: datetime) -> None:
    file = catalog.lists_file(actor)
    if file is None:
        raise NotFound(W("清单文件", "file of lists"))
    try:
        catalog_commands.publish_lists(file=file, actor=actor, at=at)
    except Refused as refused:
        told = (Reason(r.code, W(f"{r.field}：{r.words.zh}", f"{r.field}: {r.words.en}")) for r in refused.reasons)
        raise Refused(*told, kind=refused.kind) from None


def _page(request: HttpRequest, refused: Refused | None = None) -> HttpResponse:
    actor, at = actor_of(request), now()
    file = catalog.lists_file(actor)
    context = {
        "progress": figures.list_progress(at=at),
        "file": file is not None,
        "trial": catalog_commands.try_lists(file) if file else None,
        "states": STATES,
        "marks": {mark: mark.words for mark in Mark},
        "areas": AREAS,
    }
    return render(request, "console/lists.html", context, refused)
