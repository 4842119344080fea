"""/administration of items in the making: what is published and what lies in the folders, the check and the comparison of
one, the words that people say for it, and what they searched in vain. The item editor's."""

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Field, P, QueryEx, Router, Schema

from yichuang.catalog import commands
from yichuang.catalog import queries as catalog
from yichuang.catalog.values import Change, PackFault, ShelfRow
from yichuang.core.clock import now
from yichuang.core.words import Words
from yichuang.web.api import translate
from yichuang.web.api.schemas import In, Label, Problem
from yichuang.webkit.actor import actor_of

router = Router(tags=["administration"])
REFUSALS: dict[int, Any] = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
Folder = Literal["none", "new", "newer", "same", "changed", "older", "unreadable"]


class ShelfVersionOut(Schema):
    version: int
    digest: str
    state: Literal["open", "coming", "ended"]
    effective_at: datetime
    retired_at: datetime | None
    published_at: datetime


class ShelfRowOut(Schema):
    code: str
    name: Label
    folder: Folder = Field(description="what lies in the folder, beside what is published")
    folder_version: int | None
    draft: bool = Field(description="the folder is a draft of a workbook or of the console's editors")
    open: int | None = Field(description="the version under which one can apply now")
    coming: int | None


class ShelfOut(Schema):
    items: list[ShelfRowOut]
    next: str | None = None


class PackFaultOut(Schema):
    file: str
    line: int
    column: int
    code: str
    message: Label


class PackExampleOut(Schema):
    file: str
    name: Label
    differences: list[Label] = Field(description="empty: the example is green")


class ChangeOut(Schema):
    part: Label
    kind: Literal["added", "removed", "changed"]
    code: str
    name: Label
    what: Label | None
    before: Label | None
    after: Label | None
    weight: Literal["harder", "easier", ""] = Field(description="what it means for who applies")


class ComparisonOut(Schema):
    old: int
    new: int
    changes: list[ChangeOut]
    meaning: list[Label] = Field(description="for cases, drafts and applicants, in whole sentences")


class ShelfItemOut(ShelfRowOut):
    """What `packs check` and `packs compare` say of the folder, and what is published."""

    versions: list[ShelfVersionOut]
    sound: bool = Field(description="no fault and no red example")
    faults: list[PackFaultOut]
    warnings: list[PackFaultOut]
    examples: list[PackExampleOut]
    comparison: ComparisonOut | None = Field(description="with what is published; none without a folder or a version")
    words: list[str] = Field(description="what people say for it, kept beside the pack")


class SpokenIn(In):
    words: list[str] = Field(max_length=100, description="in the place of those that are kept")


class SpokenOut(Schema):
    words: list[str] = Field(description="as they are kept: one way of writing, each once")


class UnansweredOut(Schema):
    query: str
    count: int


class UnansweredListOut(Schema):
    items: list[UnansweredOut]


def _row(row: ShelfRow) -> dict[str, Any]:
    return {
        "code": row.code,
        "name": translate.label(row.name),
        "folder": row.folder,
        "folder_version": row.folder_version,
        "draft": row.draft,
        "open": row.open.version if row.open else None,
        "coming": row.coming.version if row.coming else None,
    }


def _fault(row: PackFault) -> dict[str, Any]:
    plain = {name: getattr(row, name) for name in ("file", "line", "column", "code")}
    return {**plain, "message": translate.label(row.message)}


def _change(row: Change) -> dict[str, Any]:
    def said(words: Words | None) -> dict[str, Any] | None:
        return translate.label(words) if words else None

    return {
        "part": translate.label(row.part),
        "kind": row.kind,
        "code": row.code,
        "name": translate.label(row.name),
        "what": said(row.what),
        "before": said(row.before),
        "after": said(row.after),
        "weight": row.weight,
    }


@router.get(
    "/items", response={200: ShelfOut, **REFUSALS}, url_name="shelf", summary="Items: published, and in folders"
)
def shelf(
    request: HttpRequest,
    q: QueryEx[str, P(max_length=60)] = "",
    limit: QueryEx[int, P(ge=1, le=100)] = 20,
    cursor: QueryEx[str | None, P(max_length=80)] = None,
) -> dict[str, Any]:
    """By code; folders that were never published too."""
    page = catalog.list_shelf(actor_of(request), text=q, cursor=cursor, limit=limit, at=now())
    return {"items": [_row(row) for row in page.items], "next": page.next}


@router.get(
    "/items/{code}",
    response={200: ShelfItemOut, **REFUSALS},
    url_name="shelf_item",
    summary="Check the pack in the folder, and compare it with what is published",
)
def shelf_item(request: HttpRequest, code: str) -> dict[str, Any]:
    """Every fault with its file and line; examples are run; nothing is changed."""
    actor, at = actor_of(request), now()
    row = catalog.shelf_row(actor, code, at=at)
    trial = None if row.folder == "none" else commands.try_pack(catalog.pack_folder(actor, code))
    compared = trial.comparison if trial else None
    return {
        **_row(row),
        "versions": [
            {
                **{
                    name: getattr(one, name)
                    for name in ("version", "digest", "effective_at", "retired_at", "published_at")
                },
                "state": one.state(at),
            }
            for one in row.versions
        ],
        "sound": trial is not None and trial.sound,
        "faults": [_fault(one) for one in trial.faults] if trial else [],
        "warnings": [_fault(one) for one in trial.warnings] if trial else [],
        "examples": [
            {
                "file": one.file,
                "name": translate.label(one.name),
                "differences": [translate.label(words) for words in one.differences],
            }
            for one in (trial.examples if trial else ())
        ],
        "comparison": {
            "old": compared.old,
            "new": compared.new,
            "changes": [_change(one) for one in compared.changes],
            "meaning": [translate.label(words) for words in compared.meaning],
        }
        if compared
        else None,
        "words": list(catalog.spoken_words(code)),
    }


@router.post(
    "/items/{code}/words",
    response={200: SpokenOut, **REFUSALS},
    url_name="spoken_words",
    summary="说法: the words that people say for an item; search finds by them at once",
)
def words(request: HttpRequest, code: str, body: SpokenIn) -> dict[str, Any]:
    """The same words again change nothing."""
    kept = commands.save_spoken_words(actor=actor_of(request), item=code, words=body.words, at=now())
    return {"words": list(kept)}


@router.get(
    "/searches",
    response={200: UnansweredListOut, **REFUSALS},
    url_name="searches",
    summary="What people searched in vain, most often first",
)
def searches(
    request: HttpRequest,
    since: QueryEx[date | None, P()] = None,
    limit: QueryEx[int, P(ge=1, le=500)] = 100,
) -> dict[str, Any]:
    """Without people: numbers and addresses in what they typed are not kept."""
    rows = catalog.list_unanswered(actor_of(request), limit, since=since)
    return {"items": [{"query": query, "count": count} for query, count in rows]}
