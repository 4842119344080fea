"""/archive: the packages of closed cases (档案), found and taken out on record."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import P, Path, QueryEx, Router, Schema

from yichuang.core.clock import now
from yichuang.issuing import queries as issued
from yichuang.issuing.commands import open_package
from yichuang.web.api import translate
from yichuang.web.api.schemas import Label, Problem
from yichuang.webkit.actor import actor_of
from yichuang.webkit.downloads import download

router = Router(tags=["archive"])
REFUSALS: dict[int, Any] = {401: Problem, 403: Problem, 404: Problem, 422: Problem}


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


class PackagesOut(Schema):
    items: list[PackageOut]
    next: str | None = None


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
    same = ("id", "number", "edition", "case_number", "closed_on", "keep_until", "pieces", "size", "sha256", "made_at")
    rows = [
        {
            **{name: getattr(row, name) for name in same},
            "item": translate.label(row.item),
            "holder": row.holder_masked,
            "retention": translate.label(row.retention),
        }
        for row in page.items
    ]
    return {"items": rows, "next": page.next}


@router.get(
    "/{package}",
    response={200: None, **REFUSALS},
    url_name="package",
    summary="One package as ZIP",
)
def package(request: HttpRequest, package: Path[UUID]) -> HttpResponse:
    """The applicant reads who took it out, and when."""
    name, content = open_package(actor=actor_of(request), package=package, at=now())
    return download(content, name=name, media_type="application/zip")
