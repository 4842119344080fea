"""排队队列: the queues of a place, by its manager or a system administrator: made, changed, retired, put back in use."""

from datetime import datetime
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from yichuang.catalog import queries as catalog
from yichuang.core import ledger
from yichuang.core.actors import Actor
from yichuang.core.clock import now
from yichuang.core.refusals import NotFound, Reason, Refused
from yichuang.core.words import W, Words
from yichuang.network import queries as network
from yichuang.network.permissions import can_keep_place
from yichuang.network.values import PlaceRow
from yichuang.visits import queries as visits
from yichuang.visits.commands.queues import retire_queue, save_queue, start_queues
from yichuang.visits.values import SCOPE_WORDS, QueueData, QueueScope, QueueSetting
from yichuang.web.console.pages import Act, act, render, words_of
from yichuang.web.console.words import history
from yichuang.webkit import params
from yichuang.webkit.actor import actor_of

A_PLACE = W("网点", "place")
SAVED = W("队列已保存", "The queue is saved")
RETIRED = W("队列已停用，不再取号", "Retired: no more numbers are given for it")
STARTED = W("已按窗口种类建立队列", "The queues are there, one for each kind of window")
NO_SCOPE = W("请选择办理的范围", "Choose what leads to the queue")
NAMES = {"aim_minutes": "aim"}  # what the command calls what these inputs hold
OFFERED = MOST = 200  # items to choose from, and what one queue may name


def queues(request: HttpRequest, code: str) -> HttpResponse:
    """The queues of one place."""
    actor, row = actor_of(request), network.get_place(code)
    if not can_keep_place(actor, row.id):
        raise NotFound(A_PLACE)
    if request.method != "POST":
        return _page(request, row)
    acts: dict[str, Act] = {
        "save": ("save_queue", partial(_save, request, row), SAVED),
        "retire": ("retire_queue", partial(_retire, request, row), RETIRED),
        "start": ("start_queues", partial(_start, row), STARTED),
    }
    shown = reverse("console:queues", args=[code])
    return act(request, acts, then=shown, again=lambda refused: _page(request, row, refused))


def _save(request: HttpRequest, row: PlaceRow, actor: Actor, at: datetime) -> None:
    scope = params.choice(request, "scope", {one.value for one in QueueScope})
    items, departments = params.several(request, "items", most=MOST), params.several(request, "departments", most=MOST)
    likely = QueueScope.NAMED if items or departments else QueueScope.EVERYTHING
    data = QueueData(
        letter=params.text(request, "letter", longest=1).upper(),
        name=words_of(request, "name", 60, 100),
        aim_minutes=params.whole(request, "aim"),
        scope=QueueScope(scope or likely),
        windows=tuple(params.several(request, "windows", most=MOST)),
        items=tuple(items),
        departments=tuple(departments),
        order=params.whole(request, "order"),
    )
    if not scope:  # judged with the scope that fits what was chosen, and refused
        raise Refused(Reason("SCOPE_MISSING", NO_SCOPE, "/scope"), *visits.queue_faults(actor, row.id, data))
    make = params.text(request, "changes", longest=1).upper() != data.letter
    save_queue(actor=actor, place=row.id, queue=data, make=make, at=at)


def _retire(request: HttpRequest, row: PlaceRow, actor: Actor, at: datetime) -> None:
    retire_queue(actor=actor, place=row.id, letter=params.text(request, "letter", longest=1), at=at)


def _start(row: PlaceRow, actor: Actor, at: datetime) -> None:
    start_queues(actor=actor, place=row.id, at=at)


def _page(request: HttpRequest, row: PlaceRow, refused: Refused | None = None) -> HttpResponse:
    actor, at = actor_of(request), now()
    rows = visits.queue_settings(actor, row.id)
    step = params.text(request, "act") if refused else ""
    letter = params.text(request, "changes" if step == "save" else "letter" if step else "queue", longest=1).upper()
    edited = next((one for one in rows if one.data.letter == letter), None)
    windows = [one for one in network.list_windows(row.id) if one.active]
    items = [(one.code, one.name) for one in catalog.list_items(limit=OFFERED, at=at).items]
    departments = [(one.code, one.name) for one in network.list_open_departments()]
    context = {
        "place": row,
        "rows": rows,
        "windows": windows,
        "window_options": [
            (one.number, W(f"{one.number} {one.name.zh}", f"{one.number} {one.name.en}")) for one in windows
        ],
        "items": _with(items, edited),
        "departments": departments,
        "item_names": _names(rows),
        "department_names": dict(departments),
        "scopes": [(one.value, SCOPE_WORDS[one]) for one in QueueScope],
        "scope_words": SCOPE_WORDS,
        "edited": edited,
        "act": step,
        "history": history(ledger.list_entries(ledger.Subject("queue", edited.id))) if edited else (),
    }
    return render(request, "console/queues.html", context, refused, NAMES)


def _names(rows: tuple[QueueSetting, ...]) -> dict[str, Words]:
    codes = {code for one in rows for code in one.data.items}
    return {code: catalog.published_name(code) or Words(code, code) for code in sorted(codes)}


def _with(items: list[tuple[str, Words]], edited: QueueSetting | None) -> list[tuple[str, Words]]:
    """The items to choose from; also what the queue names and nobody publishes any more, so that it can be taken away."""
    known = {code for code, _ in items}
    left = [code for code in (edited.data.items if edited else ()) if code not in known]
    return [*items, *((code, catalog.published_name(code) or Words(code, code)) for code in left)]
