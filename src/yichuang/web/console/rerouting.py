"""流程迁移: cases under review go on by the process of the item's newer version, along a map of steps that a person drew up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse

from yichuang.cases.commands.move_process import (
    MOVE_PROCESS,
    default_map,
    movable_processes,
    move_process,
    same_kind,
    steps_to_map,
    words_of,
)
from yichuang.cases.commands.move_version import Moved
from yichuang.catalog import queries as catalog
from yichuang.catalog.values import ShelfRow
from yichuang.core.actors import Actor
from yichuang.core.clock import now
from yichuang.core.refusals import Reason, Refused
from yichuang.core.words import Words
from yichuang.engine.values import ProcessModel
from yichuang.web.console.moving import AT_ONCE, MEANWHILE, NONE_CHOSEN, versions_of
from yichuang.web.console.pages import render
from yichuang.web.console.second import to_ask
from yichuang.webkit import params
from yichuang.webkit.actor import actor_of

TO = "to-"  # what a step's field is called, before its id


@dataclass(frozen=True, slots=True)
class StepChoice:
    """A step of the old process, where it goes ("": nowhere), and the steps of its kind that the new one has."""

    field: str
    name: Words
    chosen: str
    options: tuple[tuple[str, Words], ...]


def rerouting(request: HttpRequest, code: str) -> HttpResponse:
    """The map, and which cases could go along it, which could not and why; nothing moves before it is asked for."""
    row = catalog.shelf_row(actor_of(request), code, at=now())
    old, new = versions_of(request, row)
    if request.method != "POST" or not old:
        return _page(request, row, old, new)
    numbers = params.several(request, "number", most=AT_ONCE)
    if not numbers:
        return _page(request, row, old, new, Refused(Reason("NONE_CHOSEN", NONE_CHOSEN, "numbers")))
    known = movable_processes(actor=actor_of(request), item=code, old=old, new=new, at=now())
    if set(numbers) - set(known):
        refused = Refused(Reason("MOVED_MEANWHILE", MEANWHILE, "numbers"), kind="conflict")
        return _page(request, row, old, new, refused)
    names = _names(request, *steps_to_map(code, old=old, new=new, at=now()))
    args = {"item": code, "old": old, "new": new, "numbers": sorted(numbers), "names": names}
    return to_ask(request, MOVE_PROCESS, args, lambda refused: _page(request, row, old, new, refused))


def _names(request: HttpRequest, before: ProcessModel, after: ProcessModel) -> dict[str, str]:
    """The map as it was chosen; before anybody has, what is suggested."""
    data = request.POST if request.method == "POST" else request.GET
    if not any(name.startswith(TO) for name in data):
        return default_map(before, after)
    chosen = {one: params.text(request, f"{TO}{one}") for one in before.resting}
    return {one: other for one, other in chosen.items() if other in after.nodes}


def _choices(before: ProcessModel, after: ProcessModel, names: Mapping[str, str]) -> list[StepChoice]:
    found = []
    for one in before.resting:
        options = tuple((other, words_of(after, other)) for other in same_kind(before, one, after))
        found.append(StepChoice(f"{TO}{one}", words_of(before, one), names.get(one, ""), options))
    return found


def _page(request: HttpRequest, row: ShelfRow, old: int, new: int, refused: Refused | None = None) -> HttpResponse:
    actor, at = actor_of(request), now()
    context: dict[str, object] = {"row": row, "old": old, "new": new, "count": 0, "found": [], "same": False}
    if old:
        before, after = steps_to_map(row.code, old=old, new=new, at=at)
        names = _names(request, before, after)
        numbers = movable_processes(actor=actor, item=row.code, old=old, new=new, at=at)
        last = str(request.GET.get("after", ""))[:40]
        start = numbers.index(last) + 1 if last in numbers else 0
        shown = numbers[start : start + AT_ONCE]
        context |= {
            "older": [version.version for version in row.versions if version.version < new],
            "choices": _choices(before, after, names),
            "found": [_tried(actor, number, (old, new), names, at) for number in shown],
            "same": before.sha == after.sha,
            "count": len(numbers),
            "next": shown[-1] if start + AT_ONCE < len(numbers) else "",
            "chosen": {f"{TO}{one}": other for one, other in names.items()},
        }
    return render(request, "console/rerouting.html", context, refused)


def _tried(actor: Actor, number: str, versions: tuple[int, int], names: Mapping[str, str], at: datetime) -> Moved:
    old, new = versions
    return move_process(actor=actor, number=number, old=old, new=new, names=names, at=at, dry_run=True)
