"""/archive: the packages of closed cases (档案), found and taken out on record, appraised when their term is over."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import P, Path, QueryEx, Router, Schema
from pydantic import Field

from yichuang.core.clock import now
from yichuang.core.refusals import NotFound
from yichuang.core.words import W
from yichuang.issuing import queries as issued
from yichuang.issuing.commands import answer_appraisal, appraise, open_package
from yichuang.issuing.values import AppraisalRow, PackageRow
from yichuang.web.api import translate
from yichuang.web.api.schemas import In, Label, Problem
from yichuang.webkit.actor import actor_of
from yichuang.webkit.downloads import download

router = Router(tags=["archive"])
REFUSALS: dict[int, Any] = {401: Problem, 403: Problem, 404: Problem, 422: Problem}
NO_PROPOSAL = W("销毁提议", "proposed destruction")


class PackageOut(Schema):
    """One archive package; `sha256` is of the ZIP."""

    id: UUID
    number: str
    edition: int
    case_number: str
    item: Label
    holder: str
    closed_on: date
    retention: Label
    keep_until: date | None
    pieces: int
    size: int
    sha256: str
    made_at: datetime
    destroyed_on: date | None = None


class PackagesOut(Schema):
    items: list[PackageOut]
    next: str | None = None


class AppraisalOut(Schema):
    """鉴定: one answer to a keeping term that was over; `register` numbers it in the register of destruction."""

    id: UUID
    package: UUID
    number: str
    case_number: str
    item: Label
    retention: Label
    closed_on: date
    kept_until: date
    editions: int
    outcome: str
    stage: str
    until: date | None
    reason: str
    at: datetime
    by_name: str
    register_number: str
    answered_at: datetime | None
    answered_name: str
    note: str


class AppraisalsOut(Schema):
    items: list[AppraisalOut]
    next: str | None = None


class DueOut(PackagesOut):
    proposed: list[AppraisalOut]
    proposed_next: str | None = Field(default=None, description="the next `proposed_cursor`; null at the end")


class AppraiseIn(In):
    outcome: Literal["extend", "destroy"]
    reason: str = Field(max_length=1000)
    until: date | None = Field(default=None, description="the new last day, to extend")


class AppraisalAnswerIn(In):
    appraisal: UUID = Field(description="the proposal that was read, as /archive/due lists it")
    approve: bool
    note: str = Field(default="", max_length=1000)


class AppraisedOut(Schema):
    id: UUID


@router.get("", response={200: PackagesOut, **REFUSALS}, url_name="archive", summary="档案: find packages")
def find(
    request: HttpRequest,
    q: QueryEx[str, P(max_length=60)] = "",
    since: QueryEx[date | None, P()] = None,
    until: QueryEx[date | None, P()] = None,
    cursor: QueryEx[UUID | None, P()] = None,
) -> dict[str, Any]:
    """By archive or case number, the applicant's identity number, days of closing; of one's own departments."""
    page = issued.find_packages(actor_of(request), q, since=since, until=until, cursor=str(cursor) if cursor else None)
    return {"items": [_package(row) for row in page.items], "next": page.next}


def _package(row: PackageRow) -> dict[str, Any]:
    same = ("id", "number", "edition", "case_number", "closed_on", "keep_until", "pieces", "size", "sha256", "made_at")
    return {
        **{name: getattr(row, name) for name in (*same, "destroyed_on")},
        "item": translate.label(row.item),
        "holder": row.holder_masked,
        "retention": translate.label(row.retention),
    }


def _appraisal(row: AppraisalRow) -> dict[str, Any]:
    same = (
        "id",
        "package",
        "number",
        "case_number",
        "closed_on",
        "kept_until",
        "editions",
        "outcome",
        "stage",
        "until",
    )
    said = ("reason", "at", "by_name", "answered_at", "answered_name", "note")
    return {
        **{name: getattr(row, name) for name in (*same, *said)},
        "item": translate.label(row.item),
        "retention": translate.label(row.retention),
        "register_number": row.register,
    }


@router.get(
    "/due", response={200: DueOut, **REFUSALS}, url_name="archive_due", summary="鉴定: whose keeping term is over"
)
def due(
    request: HttpRequest, cursor: QueryEx[UUID | None, P()] = None, proposed_cursor: QueryEx[UUID | None, P()] = None
) -> dict[str, Any]:
    """Of one's own departments, the oldest term first; `proposed` are destructions that wait for a second person."""
    actor = actor_of(request)
    page = issued.list_due(actor, at=now(), cursor=str(cursor) if cursor else None)
    waiting = issued.list_proposed(actor, cursor=str(proposed_cursor) if proposed_cursor else None)
    return {
        "items": [_package(row) for row in page.items],
        "next": page.next,
        "proposed": [_appraisal(row) for row in waiting.items],
        "proposed_next": waiting.next,
    }


@router.get(
    "/destroyed",
    response={200: AppraisalsOut, **REFUSALS},
    url_name="archive_destroyed",
    summary="销毁清册: the register of destruction",
)
def destroyed(request: HttpRequest, cursor: QueryEx[UUID | None, P()] = None) -> dict[str, Any]:
    """Of one's own departments, the latest first."""
    page = issued.list_destroyed(actor_of(request), cursor=str(cursor) if cursor else None)
    return {"items": [_appraisal(row) for row in page.items], "next": page.next}


@router.post(
    "/{package}/appraisals",
    response={200: AppraisedOut, **REFUSALS, 409: Problem},
    url_name="appraise",
    summary="鉴定: keep it longer, or propose destruction",
)
def appraise_one(request: HttpRequest, package: Path[UUID], body: AppraiseIn) -> dict[str, Any]:
    """An extension counts at once; a destruction only when another person has approved it."""
    made = appraise(
        actor=actor_of(request), package=package, outcome=body.outcome, reason=body.reason, until=body.until, at=now()
    )
    return {"id": made}


@router.post(
    "/{package}/appraisals/answer",
    response={200: AppraisedOut, **REFUSALS, 409: Problem},
    url_name="answer_appraisal",
    summary="销毁: the second person approves or declines",
)
def answer_one(request: HttpRequest, package: Path[UUID], body: AppraisalAnswerIn) -> dict[str, Any]:
    """By who decides for the department, never by who proposed it. Approved, the files are wiped and cannot be restored.

    409 when the proposal that was read no longer waits.
    """
    actor, at = actor_of(request), now()
    if all(row.id != body.appraisal for row in issued.appraisal_page(actor, package, at=at).rows):
        raise NotFound(NO_PROPOSAL)
    answer_appraisal(actor=actor, appraisal=body.appraisal, approve=body.approve, note=body.note, at=at)
    return {"id": body.appraisal}


@router.get(
    "/{package}",
    response={200: None, **REFUSALS, 410: Problem},
    url_name="package",
    summary="One package as ZIP",
)
def package(request: HttpRequest, package: Path[UUID]) -> HttpResponse:
    """The applicant reads who took it out, and when."""
    name, content = open_package(actor=actor_of(request), package=package, at=now())
    return download(content, name=name, media_type="application/zip")
