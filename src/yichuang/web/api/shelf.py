"""/administration of items beyond publishing: the workbook out and in, drafts, lists, open cases under a newer version.

The item editor's; each act can also be done on the console, with the same words.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, FileEx, P, Path, QueryEx, Router, Schema
from ninja.files import UploadedFile

from yichuang.cases.commands.move_version import MOVE, Moved, movable, move_version
from yichuang.catalog import commands
from yichuang.catalog import queries as catalog
from yichuang.core.clock import now
from yichuang.core.refusals import NotFound
from yichuang.core.words import W
from yichuang.web.api import translate
from yichuang.web.api.schemas import DoneOut, In, Label, Problem
from yichuang.web.api.second import ProposalOut, ProposeReasonIn, propose
from yichuang.webkit.actor import actor_of
from yichuang.webkit.downloads import download

router = Router(tags=["administration"])
REFUSALS: dict[int, Any] = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
AT_ONCE = 100  # cases that one call tries


class CellOut(Schema):
    sheet: str
    line: str
    column: str
    before: str
    after: str


class DraftOut(Schema):
    code: str
    name: str
    is_new: bool
    version: int
    cells: list[CellOut]


class CellFaultOut(Schema):
    place: str
    words: Label


class PreviewOut(Schema):
    """What a workbook would change; nothing while there are faults."""

    mark: str
    drafts: list[DraftOut]
    unchanged: list[str]
    faults: list[CellFaultOut]


class ImportIn(In):
    mark: str = Field(max_length=64, description="of the preview that was read")


class ImportedOut(Schema):
    items: list[str]


class ListsOut(Schema):
    lists: list[str]


class MovingOut(Schema):
    """One case, moved or not, or as it would be."""

    number: str
    moves: bool
    stays_because: list[Label]
    asked: list[Label]


class MovingsOut(Schema):
    items: list[MovingOut]
    next: str | None = None


class MoveCasesIn(ProposeReasonIn):
    old: int = Field(ge=1, le=1_000_000)
    new: int = Field(ge=1, le=1_000_000)
    numbers: list[str] = Field(min_length=1, max_length=AT_ONCE)


def moving(found: Moved) -> dict[str, Any]:
    """One case, moved or not."""
    return {
        "number": found.number,
        "moves": found.moved,
        "stays_because": [translate.label(reason.words) for reason in found.stays],
        "asked": [translate.label(name) for name in found.asked],
    }


@router.get("/workbook", response={200: None, **REFUSALS}, url_name="workbook", summary="Every item as XLSX")
def export(request: HttpRequest) -> HttpResponse:
    """In the national element columns; drafts in the place of what they would follow."""
    return download(commands.export_workbook(actor=actor_of(request)), name="items.xlsx", media_type=XLSX)


@router.post(
    "/workbook/preview",
    response={200: PreviewOut, **REFUSALS},
    url_name="preview_workbook",
    summary="What a workbook would change, or every fault with its cell",
)
def preview(request: HttpRequest, workbook: FileEx[UploadedFile, P()]) -> dict[str, Any]:
    """Nothing is written; the workbook waits for `import`, one for each editor."""
    found = commands.preview_workbook(actor=actor_of(request), content=workbook.read())
    return {
        "mark": found.mark,
        "drafts": [
            {
                "code": row.code,
                "name": row.name,
                "is_new": row.is_new,
                "version": row.version,
                "cells": [
                    {"sheet": c.sheet, "line": c.line, "column": c.column, "before": c.before, "after": c.after}
                    for c in row.cells
                ],
            }
            for row in found.rows
        ],
        "unchanged": list(found.unchanged),
        "faults": [{"place": fault.place, "words": translate.label(fault.words)} for fault in found.faults],
    }


@router.post(
    "/workbook/import",
    response={200: ImportedOut, **REFUSALS},
    url_name="import_workbook",
    summary="Write the drafts of the workbook that was looked at: all or none",
)
def import_(request: HttpRequest, body: ImportIn) -> dict[str, Any]:
    """A draft applies only when it is published."""
    return {"items": list(commands.import_workbook(actor=actor_of(request), mark=body.mark, at=now()))}


@router.post(
    "/items/{code}/discard-draft",
    response={200: DoneOut, **REFUSALS},
    url_name="discard_draft",
    summary="Take a draft away",
)
def discard(request: HttpRequest, code: Path[str]) -> dict[str, Any]:
    commands.discard_draft(actor=actor_of(request), item=code, at=now())
    return {}


@router.post(
    "/lists/publish", response={200: ListsOut, **REFUSALS}, url_name="publish_lists", summary="事项清单: publish"
)
def publish_lists(request: HttpRequest) -> dict[str, Any]:
    """The lists.toml beside the packs; refused with every fault and its line."""
    actor = actor_of(request)
    file = catalog.lists_file(actor)
    if file is None:
        raise NotFound(W("清单文件", "file of lists"))
    return {"lists": [one.code for one in commands.publish_lists(file=file, actor=actor, at=now())]}


@router.get(
    "/items/{code}/open-cases",
    response={200: MovingsOut, **REFUSALS},
    url_name="open_cases",
    summary="版本迁移: which open cases could move to a newer version, and why others not",
)
def open_cases(
    request: HttpRequest,
    code: Path[str],
    old: QueryEx[int, P(ge=1, le=1_000_000)],
    new: QueryEx[int, P(ge=1, le=1_000_000)],
    after: QueryEx[str, P(max_length=40)] = "",
) -> dict[str, Any]:
    """Nothing moves; a hundred at a time, the oldest first."""
    actor, at = actor_of(request), now()
    numbers = movable(actor=actor, item=code, old=old, new=new, at=at)
    start = numbers.index(after) + 1 if after in numbers else 0
    shown = numbers[start : start + AT_ONCE]
    found = [move_version(actor=actor, number=n, old=old, new=new, at=at, dry_run=True) for n in shown]
    more = start + AT_ONCE < len(numbers)
    return {"items": [moving(one) for one in found], "next": shown[-1] if more else None}


@router.post(
    "/items/{code}/move-cases",
    response={202: ProposalOut, **REFUSALS},
    url_name="move_cases",
    summary="版本迁移: ask for these cases to move; a second editor confirms",
)
def move_cases(request: HttpRequest, code: Path[str], body: MoveCasesIn) -> Any:
    """At the confirmation each that cannot stays as it is; applicants who are asked for more are told."""
    actor, at = actor_of(request), now()
    known = set(movable(actor=actor, item=code, old=body.old, new=body.new, at=at))
    if set(body.numbers) - known:
        raise NotFound(W("办件", "case"))
    args = {"item": code, "old": body.old, "new": body.new, "numbers": sorted(set(body.numbers))}
    return propose(request, MOVE, args, body.reason)
