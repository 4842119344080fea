"""版本迁移: which open cases of an item could go on under its newer version, which could not and why; moved when ticked."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse

from yichuang.cases.commands.move_version import MOVE, Moved, movable, move_version
from yichuang.catalog import queries as catalog
from yichuang.catalog.values import ShelfRow
from yichuang.core.actors import Actor
from yichuang.core.clock import now
from yichuang.core.refusals import NotFound, Reason, Refused
from yichuang.core.words import W
from yichuang.web.console.pages import render
from yichuang.web.console.second import to_ask
from yichuang.webkit import params
from yichuang.webkit.actor import actor_of

NONE_CHOSEN = W("请勾选要迁移的办件", "Tick the cases that are to move")
MEANWHILE = W(
    "有的办件已经办结或者迁移，请重新核对", "Some of these cases have ended or moved meanwhile: please look again"
)
AT_ONCE = 50  # cases of a page: each is tried against the new version


def moving(request: HttpRequest, code: str) -> HttpResponse:
    """The running cases under an older version, tried against the one in force; nothing moves before it is asked for."""
    if request.method != "POST":
        return _page(request, code)
    row = catalog.shelf_row(actor_of(request), code, at=now())
    old, new = versions_of(request, row)

    numbers = params.several(request, "number", most=AT_ONCE)
    known = set(movable(actor=actor_of(request), item=code, old=old, new=new, at=now())) if old else set()
    if not numbers:
        return _page(request, code, Refused(Reason("NONE_CHOSEN", NONE_CHOSEN, "numbers")))
    if set(numbers) - known:
        return _page(request, code, Refused(Reason("MOVED_MEANWHILE", MEANWHILE, "numbers"), kind="conflict"))
    args = {"item": code, "old": old, "new": new, "numbers": sorted(numbers)}
    return to_ask(request, MOVE, args, lambda refused: _page(request, code, refused))


def versions_of(request: HttpRequest, row: ShelfRow) -> tuple[int, int]:
    """From which version (asked for, else the one before) to the one in force; 0 where there is none."""
    new = row.open.version if row.open else 0
    older = [version.version for version in row.versions if version.version < new]
    text = str(request.GET.get("from", ""))[:9]
    asked = int(text) if text.isdecimal() else 0
    if asked and asked not in older:
        raise NotFound(W("事项版本", "version of the item"))
    return asked or next(iter(older), 0), new


def _page(request: HttpRequest, code: str, refused: Refused | None = None) -> HttpResponse:
    actor, at = actor_of(request), now()
    row = catalog.shelf_row(actor, code, at=at)
    old, new = versions_of(request, row)
    numbers = movable(actor=actor, item=code, old=old, new=new, at=at) if old else ()
    after = str(request.GET.get("after", ""))[:40]
    start = numbers.index(after) + 1 if after in numbers else 0
    shown = numbers[start : start + AT_ONCE]
    context = {
        "row": row,
        "old": old,
        "new": new,
        "older": [version.version for version in row.versions if version.version < new],
        "found": [_tried(actor, number, old, new, at) for number in shown],
        "count": len(numbers),
        "next": shown[-1] if start + AT_ONCE < len(numbers) else "",
        "after": after,
    }
    return render(request, "console/moving.html", context, refused)


def _tried(actor: Actor, number: str, old: int, new: int, at: datetime) -> Moved:
    return move_version(actor=actor, number=number, old=old, new=new, at=at, dry_run=True)
