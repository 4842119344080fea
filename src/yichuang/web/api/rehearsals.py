"""/administration/rule-sets/…/rehearsals: 重放, a draft table over past cases before it is published (docs/adr/0022).

The item editor's. Numbers of cases and verdicts; nothing of the person, nor of what was filed.
"""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, P, Path, QueryEx, Router, Schema, Status

from yichuang.cases import queries as cases
from yichuang.cases.commands.rehearse import ask_rehearsal
from yichuang.cases.rulesets import ChangedRow, RehearsalRow
from yichuang.core.clock import now
from yichuang.web.api import translate
from yichuang.web.api.administration import MadeOut
from yichuang.web.api.schemas import Label, Problem
from yichuang.webkit.actor import actor_of
from yichuang.webkit.downloads import download
from yichuang.webkit.lines import WRITERS

router = Router(tags=["administration"])
REFUSALS: dict[int, Any] = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}


class RehearsalOut(Schema):
    id: UUID
    sha: str = Field(description="of the draft table")
    asked_at: datetime
    asked_by: str
    state: Literal["running", "done", "failed"]
    why: Label = Field(description="why it failed")
    total: int
    changed: int


class RehearsalsOut(Schema):
    items: list[RehearsalOut] = Field(description="those that are kept, the newest first")


class ShiftOut(Schema):
    """So many cases that would go another way, by what people made of them."""

    before: str = Field(description="approve, person")
    after: str = Field(description="approve, person, or unjudged: it says nothing of the case")
    counts: dict[str, int]


class ShiftedRuleOut(Schema):
    code: str
    words: Label
    gone: int = Field(description="cases that it would not hit any more")
    new: int = Field(description="cases that it would hit anew")


class UnreadColumnOut(Schema):
    words: Label
    cases: int


class ChangedCaseOut(Schema):
    number: str
    judged_at: datetime
    before: str
    after: str
    gone: list[Label]
    new: list[Label]
    outcome: str = Field(description="what people made of it")
    unfit: list[Label] = Field(description="columns for which it cannot be judged")
    visible: bool = Field(description="you may open the case")


class RehearsalPageOut(RehearsalOut):
    item: str
    name: Label
    shifts: list[ShiftOut]
    wrong: int = Field(description="approvals it would add that people mended, denied or found wrong")
    rules: list[ShiftedRuleOut]
    unread: list[UnreadColumnOut] = Field(description="columns that so many past cases hold nothing for")
    unfit: list[UnreadColumnOut] = Field(description="columns for which so many hold another kind of value")
    unjudged: int
    cases: list[ChangedCaseOut]
    next: str | None = None


@router.get(
    "/rule-sets/{code}/rehearsals",
    response={200: RehearsalsOut, **REFUSALS},
    url_name="rehearsals",
    summary="重放: the rehearsals of an item's drafts",
)
def listed(request: HttpRequest, code: Path[str]) -> dict[str, Any]:
    """Twenty at most; each is kept for thirty days."""
    return {"items": [_row(row) for row in cases.list_rehearsals(actor_of(request), code)]}


@router.post(
    "/rule-sets/{code}/rehearsals",
    response={202: MadeOut, **REFUSALS},
    url_name="rehearsals",
    summary="Have the draft (or the folder's table) decide past cases again",
)
def start(request: HttpRequest, code: Path[str]) -> Any:
    """In the background. The same table while it still runs is the same rehearsal; a message tells when it is done."""
    return Status(202, {"id": ask_rehearsal(actor=actor_of(request), item=code, at=now())})


@router.get(
    "/rule-sets/{code}/rehearsals/{rehearsal}",
    response={200: RehearsalPageOut, **REFUSALS},
    url_name="rehearsal",
    summary="What one found: sums, rules, and the cases that would change",
)
def one(
    request: HttpRequest,
    code: Path[str],
    rehearsal: Path[UUID],
    way: QueryEx[str, P(max_length=100, description="only cases that change so: person-approve …")] = "",
    rule: QueryEx[str, P(max_length=100, description="only cases with this result gone or new")] = "",
    cursor: QueryEx[UUID | None, P()] = None,
) -> dict[str, Any]:
    """Its state while it runs. Fifty cases a page."""
    page = cases.get_rehearsal(
        actor_of(request), code, rehearsal, way=way, code=rule, cursor=str(cursor) if cursor else None
    )
    return {
        **_row(page.row),
        "item": page.item,
        "name": translate.label(page.name),
        "shifts": [
            {"before": one.before, "after": one.after, "counts": {said.value: n for said, n in one.counts.items()}}
            for one in page.shifts
        ],
        "wrong": page.false,
        "rules": [
            {"code": code, "words": translate.label(words), "gone": gone, "new": new}
            for code, words, gone, new in page.rules
        ],
        "unread": [{"words": translate.label(words), "cases": n} for words, n in page.unread],
        "unfit": [{"words": translate.label(words), "cases": n} for words, n in page.unfit],
        "unjudged": page.unjudged,
        "cases": [_changed(row) for row in page.cases.items],
        "next": page.cases.next,
    }


@router.get(
    "/rule-sets/{code}/rehearsals/{rehearsal}/file",
    response={200: None, **REFUSALS},
    url_name="rehearsal_file",
    summary="Every case that would change, as CSV or XLSX",
)
def export(
    request: HttpRequest, code: Path[str], rehearsal: Path[UUID], format: Literal["csv", "xlsx"] = "csv"
) -> HttpResponse:
    """XLSX holds the first 50,000 of them."""
    actor = actor_of(request)
    write, media_type = WRITERS[format]
    content = write(cases.rehearsal_lines(actor, code, rehearsal), actor.locale)
    return download(content, name=f"{code}-rehearsal.{format}", media_type=media_type)


def _row(row: RehearsalRow) -> dict[str, Any]:
    names = ("id", "sha", "asked_at", "asked_by", "state", "total", "changed")
    return {**{name: getattr(row, name) for name in names}, "why": translate.label(row.why)}


def _changed(row: ChangedRow) -> dict[str, Any]:
    names = ("number", "judged_at", "before", "after", "visible")
    return {
        **{name: getattr(row, name) for name in names},
        "gone": [translate.label(words) for words in row.gone],
        "new": [translate.label(words) for words in row.new],
        "outcome": row.outcome.value,
        "unfit": [translate.label(words) for words in row.unfit],
    }
