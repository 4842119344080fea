"""Items: what is published, what lies in the folders, its faults and differences; publish and withdraw at a time, words.

Packs are read from the folders that the installation names (YICHUANG_PACKS); nothing is uploaded here.
"""

from datetime import datetime, timedelta
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from markupsafe import Markup

from yichuang.catalog import commands as catalog_commands
from yichuang.catalog import queries as catalog
from yichuang.catalog.values import PackTrial, ShelfRow, TaskType
from yichuang.core import ledger
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date, now
from yichuang.core.refusals import Conflict, NotFound, Reason, Refused
from yichuang.core.words import W, Words
from yichuang.engine.values import draw, parse_process
from yichuang.network import queries as network
from yichuang.web.console.pages import Act, act, moment_of, render, save
from yichuang.web.console.second import to_ask
from yichuang.web.console.words import history
from yichuang.webkit import params
from yichuang.webkit.actor import actor_of

FOLDERS: dict[str, tuple[Words, str]] = {
    "none": (W("没有文件夹", "No folder"), ""),
    "new": (W("从未发布", "Never published"), "blue"),
    "newer": (W("有新版待发布", "New version to publish"), "amber"),
    "same": (W("与发布的一致", "As published"), "green"),
    "changed": (W("内容已改，版本号未加 1", "Changed under the same number"), "red"),
    "older": (W("比发布的旧", "Older than published"), ""),
    "unreadable": (W("无法读取", "Cannot be read"), "red"),
}
STATES: dict[str, tuple[Words, str]] = {
    "open": (W("正在适用", "In force"), "green"),
    "coming": (W("尚未生效", "To come"), "blue"),
    "ended": (W("已结束", "Ended"), ""),
}
KINDS: dict[str, tuple[Words, str]] = {
    "added": (W("新增", "added"), "blue"),
    "removed": (W("取消", "removed"), "red"),
    "changed": (W("修改", "changed"), ""),
}
WEIGHTS: dict[str, tuple[Words, str]] = {
    "harder": (W("更费事", "harder"), "amber"),
    "easier": (W("更省事", "easier"), "green"),
}
WITHDRAWN = W("已下线。在办的办件按原版本继续。", "Withdrawn. Its cases go on under their version.")
DISCARDED = W("草稿已放弃", "The draft is gone")
KEPT = W("说法已保存，搜索立即可用", "The words are saved; search finds by them at once")
NO_ITEM = W("请选择这个说法要找到的事项", "Choose the item that these words should find")
NO_WORD = W("请写明说法", "Write what people say")
LOOK_BACK = timedelta(days=30)
EDITORS = {
    "process.bpmn": "console:item-process",
    "decision.dmn": "console:item-decision",
    "route.dmn": "console:item-routing",
}
SHEETS = frozenset(
    {"item.yaml", "materials.yaml", "situations.yaml", "result.yaml", "faqs.yaml"}
)  # what a workbook holds


def shelf(request: HttpRequest) -> HttpResponse:
    """Items by code, with what is published and what lies in the folder."""
    text = params.text(request, "q", longest=60)
    page = catalog.list_shelf(actor_of(request), text=text, cursor=params.text(request, "cursor") or None, at=now())
    context = {
        "page": page,
        "text": text,
        "folders": FOLDERS,
        "kinds": {kind.value: kind.words for kind in TaskType},
        "departments": {row.code: row.name for row in network.list_departments()},
    }
    return render(request, "console/items.html", context)


def item(request: HttpRequest, code: str) -> HttpResponse:
    """One item; a form publishes its folder, withdraws it, or keeps its words."""
    if request.method != "POST":
        return _item_page(request, code)
    if params.text(request, "act") == "publish":
        return _publish(request, code)
    acts: dict[str, Act] = {
        "withdraw": ("withdraw_pack", partial(_withdraw, request, code), WITHDRAWN),
        "words": ("save_spoken_words", partial(_keep_words, request, code), KEPT),
        "discard": ("discard_draft", partial(_discard, code), DISCARDED),
    }
    shown = reverse("console:item", args=[code])
    return act(request, acts, then=shown, again=lambda refused: _item_page(request, code, refused))


def _publish(request: HttpRequest, code: str) -> HttpResponse:
    """Asked of a second editor: the content that was read, from when on."""
    try:
        start = moment_of(request, "effective_at")
    except Refused as refused:
        return _item_page(request, code, refused)
    version = params.whole(request, "version")
    args = {
        "item": code,
        "digest": params.text(request, "digest"),
        "effective_at": start.isoformat() if start else "",
        **({"version": version} if version else {}),
    }
    return to_ask(request, catalog_commands.PUBLISH, args, lambda refused: _item_page(request, code, refused))


def _withdraw(request: HttpRequest, code: str, actor: Actor, at: datetime) -> None:
    end = moment_of(request, "ends_at")
    try:
        catalog_commands.withdraw_pack(code=code, actor=actor, at=at, effective_at=end)
    except NotFound:
        raise
    except Refused as refused:
        fields = {"EFFECTIVE_IN_PAST": "ends_at"}  # what the command says of its instant belongs beside this input
        raise Refused(
            *(Reason(r.code, r.words, fields.get(r.code, r.field), r.basis) for r in refused.reasons), kind=refused.kind
        ) from None


def _keep_words(request: HttpRequest, code: str, actor: Actor, at: datetime) -> None:
    words = [line.strip() for line in params.text(request, "words", longest=4000).splitlines() if line.strip()]
    _save_words(actor, code, words, at)


def _discard(code: str, actor: Actor, at: datetime) -> None:
    catalog_commands.discard_draft(actor=actor, item=code, at=at)


def _save_words(actor: Actor, code: str, words: list[str], at: datetime) -> None:
    try:
        catalog_commands.save_spoken_words(actor=actor, item=code, words=words, at=at)
    except NotFound:
        raise
    except Refused as refused:
        raise Refused(*(Reason(r.code, r.words, "words") for r in refused.reasons), kind=refused.kind) from None


@network.one_look()
def _item_page(request: HttpRequest, code: str, refused: Refused | None = None) -> HttpResponse:
    actor, at = actor_of(request), now()
    row = catalog.shelf_row(actor, code, at=at)
    trial = _trial(actor, row)
    told = [ledger.Subject("item_version", version.id) for version in row.versions]
    entries = [entry for subject in (*told, catalog_commands.subject_of_draft(code)) for entry in ledger.list_entries(subject)]  # fmt: skip
    context = {
        "row": row,
        "at": at,
        "trial": trial,
        "editors": _editors(actor, row, trial),
        "has_routing": row.folder != "none" and bool(catalog_commands.route_tables(actor, code)),
        "has_decision": row.folder != "none" and (catalog.pack_folder(actor, code) / "decision.dmn").is_file(),
        "drawing": _drawing(trial, actor.locale),
        "can_publish": trial is not None and trial.sound and row.folder in {"new", "newer"},
        "folders": FOLDERS,
        "states": STATES,
        "kinds": KINDS,
        "weights": WEIGHTS,
        "act": params.text(request, "act") if refused else "",
        "words": params.text(request, "words", longest=4000) if refused else "\n".join(catalog.spoken_words(code)),
        "change": refused.change if isinstance(refused, Conflict) else None,
        "history": history(entries),
    }
    return render(request, "console/item.html", context, refused)


def _trial(actor: Actor, row: ShelfRow) -> PackTrial | None:
    """What the folder's pack says to every check; None without a folder."""
    return None if row.folder == "none" else catalog_commands.try_pack(catalog.pack_folder(actor, row.code))


def _editors(actor: Actor, row: ShelfRow, trial: PackTrial | None) -> dict[str, str]:
    """Where each file with a fault can be mended: the editor that draws it, or the workbook whose sheets it fills."""
    if trial is None or not trial.faults:
        return {}
    folder = catalog.pack_folder(actor, row.code)
    there = {fault.file for fault in trial.faults if (folder / fault.file).is_file()}
    drawn = {name: f"{reverse(page, args=[row.code])}#h-found" for name, page in EDITORS.items() if name in there}
    return drawn | {name: reverse("console:workbooks") for name in there & SHEETS}


def _drawing(trial: PackTrial | None, locale: str) -> Markup:
    """The way that a case would take, with no step marked."""
    if trial is None or trial.pack is None:
        return Markup("")
    return Markup(draw(parse_process(trial.pack.process_xml), {}, locale=locale))


def searches(request: HttpRequest) -> HttpResponse:
    """What people searched in vain, most often first; the words can be given to an item, which search then finds."""
    if request.method != "POST":
        return _searches_page(request)

    def do(actor: Actor, at: datetime) -> None:
        code, word = params.text(request, "item"), params.text(request, "words", longest=100)
        wrong = [Reason("ITEM_MISSING", NO_ITEM, "item")] if not code else []
        wrong += [Reason("WORD_MISSING", NO_WORD, "words")] if not word else []
        if wrong:
            raise Refused(*wrong)
        _save_words(actor, code, [*catalog.spoken_words(code), word], at)

    return save(
        request,
        "answer_search",
        do,
        done=KEPT,
        then=lambda _: reverse("console:searches"),
        again=lambda refused: _searches_page(request, refused),
    )


def _searches_page(request: HttpRequest, refused: Refused | None = None) -> HttpResponse:
    actor, at = actor_of(request), now()
    rows = catalog.list_unanswered(actor, 100, since=local_date(at - LOOK_BACK))
    word = params.text(request, "words", longest=100)
    items = catalog.list_items(limit=100, at=at).items
    context = {
        "rows": [(query, count, bool(catalog.search_items(query, 1, at=at)) if n < 30 else None) for n, (query, count) in enumerate(rows)],
        "days": LOOK_BACK.days,
        "word": word,
        "item_options": [(one.code, one.name) for one in items],
        "found": catalog.search_items(word, 5, at=at) if word else (),
    }  # fmt: skip
    return render(request, "console/searches.html", context, refused)
