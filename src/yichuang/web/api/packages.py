"""/packages and /package-filings: several items of several departments as one filing (一件事)."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import HeaderEx, P, Router, Schema, Status
from pydantic import Field

from yichuang.bundles import queries as bundles
from yichuang.bundles.commands.file_bundle import file_bundle
from yichuang.bundles.queries import BundlePage, Delivery, PackageGuide, PartRow
from yichuang.bundles.values import BundleFiling, PackageRow
from yichuang.core.clock import now
from yichuang.core.refusals import Reason, Refused
from yichuang.web.api import translate
from yichuang.web.api.filings import KEY_MISSING
from yichuang.web.api.schemas import In, Label, Problem, ReasonOut
from yichuang.webkit.actor import actor_of

router = Router(tags=["packages"])
filings = Router(tags=["packages"])


class ServicePackageOut(Schema):
    code: str
    version: int
    name: Label
    summary: Label
    promise: Label
    items: list[Label]


class PackageItemOut(Schema):
    slot: str
    item: str
    name: Label
    department: Label
    result: Label
    rests_on: list[Label]
    refusal: Label = Field(description="what follows when this item is refused")


class DemandOut(Schema):
    item: Label
    demand: Label


class ConflictOut(Schema):
    field: Label
    demands: list[DemandOut]


class ServicePackageDetailOut(ServicePackageOut):
    lines: list[PackageItemOut]
    conflicts: list[ConflictOut] = Field(description="shared fields of which the items demand different things")
    form: dict[str, Any] = Field(description="JSON Schema of the one form, before anything is answered")
    questions: list[str] = Field(description="ids of the questions that are asked first")


class PackageFilingIn(In):
    version: int | None = Field(default=None, ge=1, le=2_000_000_000)
    answers: dict[str, str] = {}
    form: dict[str, Any]
    materials: dict[str, dict[str, list[UUID]]] = Field(default={}, description="slot → material code → uploads")
    applicant: UUID | None = None
    handover: Literal["each", "together"] | None = Field(
        default=None, description="how results on paper are handed over; if not named, as the package says"
    )


class FiledCaseOut(Schema):
    slot: str
    number: str


class PackageReceiptOut(Schema):
    number: str
    filed_at: datetime
    cases: list[FiledCaseOut] = Field(
        description="the items that became cases at once; the others follow in their turn"
    )
    document: UUID | None = Field(description="the sealed receipt for the whole (GET /documents/{document})")
    replayed: bool


class PackageFilingRowOut(Schema):
    number: str
    name: Label
    filed_at: datetime
    items: int
    granted: int
    asks: int
    words: Label


class PackagePartOut(Schema):
    slot: str
    item: str
    name: Label
    fate: str
    words: Label
    case: str | None
    department: Label | None
    hand: Label | None = Field(description="in whose hands it lies now")
    minutes: int = Field(description="business minutes that offices had it")
    critical: bool
    waits_for: list[Label]
    ready: bool
    asked: list[ReasonOut]
    follows: Label | None = Field(description="what its end means for the others, or why it stopped")
    may_leave: bool = Field(description="the applicant's side may give it up now")


class PackageClockOut(Schema):
    promise_minutes: int
    used_minutes: int
    left_minutes: int
    running: bool
    due_at: datetime | None


class DeliveryOut(Schema):
    way: str = Field(description="each, together, or early (was together, handed over early)")
    words: Label
    paper: list[Label] = Field(description="items that bring something to fetch")
    to_come: list[Label]
    held: list[Label] = Field(description="granted, waiting for the others")
    ready: list[Label]
    where: list[Label] = Field(description="the places where those lie")


class PackageFilingOut(Schema):
    number: str
    name: Label
    package: str
    applicant: str
    filed_at: datetime
    outcome: Label | None
    document: UUID | None = Field(description="the sealed receipt for the whole, for its own side")
    delivery: DeliveryOut | None = Field(description="of the results on paper; none where there is none")
    clock: PackageClockOut
    items: list[PackagePartOut]


@router.get(
    "", response={200: list[ServicePackageOut]}, url_name="service_packages", summary="The packages that are offered"
)
def list_packages(request: HttpRequest) -> list[dict[str, Any]]:
    return [_row(row) for row in bundles.list_packages()]


@router.get(
    "/{code}",
    response={200: ServicePackageDetailOut, 404: Problem, 410: Problem},
    url_name="service_package",
    summary="One package: items, the one form, what a refusal means",
)
def get_package(request: HttpRequest, code: str) -> dict[str, Any]:
    at = now()
    guide = bundles.get_guide(code, at=at)
    _, package = bundles.newest_version(code)
    work = bundles.work_of(package, {}, {}, at=at)
    asked = [one.id for one in bundles.asked_questions(work)]
    return {**_row(guide.row), **_guide(guide), "form": work.schema, "questions": asked}


@router.post(
    "/{code}/filings",
    response={
        201: PackageReceiptOut,
        401: Problem,
        403: Problem,
        404: Problem,
        409: Problem,
        410: Problem,
        422: Problem,
    },
    url_name="file_package",
    summary="File a package, once per Idempotency-Key; every item's faults come at once",
)
def post_filing(
    request: HttpRequest,
    code: str,
    body: PackageFilingIn,
    key: HeaderEx[str, P(alias="Idempotency-Key", max_length=200)] = "",
) -> Status[dict[str, Any]]:
    if not key.strip():
        raise Refused(Reason("KEY_MISSING", KEY_MISSING, "Idempotency-Key"))
    actor = actor_of(request)
    filing = BundleFiling(
        package=code,
        version=body.version,
        answers=body.answers,
        form=body.form,
        materials=body.materials,
        applicant=body.applicant,
        handover=body.handover or "",
        locale=actor.locale,
    )
    receipt, replayed = file_bundle(actor=actor, filing=filing, key=key, at=now())
    cases = [{"slot": slot, "number": number} for slot, number in receipt.cases]
    return Status(
        201,
        {
            "number": receipt.number,
            "filed_at": receipt.filed_at,
            "cases": cases,
            "document": receipt.paper,
            "replayed": replayed,
        },
    )


@filings.get(
    "", response={200: list[PackageFilingRowOut], 401: Problem}, url_name="package_filings", summary="My packages"
)
def list_filings(request: HttpRequest) -> list[dict[str, Any]]:
    """Of the person and of everyone they stand for, the newest first (at most 50)."""
    return [
        {
            "number": row.number,
            "name": translate.label(row.name),
            "filed_at": row.filed_at,
            "items": row.items,
            "granted": row.granted,
            "asks": row.asks,
            "words": translate.label(row.words),
        }
        for row in bundles.list_my_bundles(actor_of(request))
    ]


@filings.get(
    "/{number}",
    response={200: PackageFilingOut, 401: Problem, 404: Problem},
    url_name="package_filing",
    summary="One package: its items, its clock, who holds it now",
)
def get_filing(request: HttpRequest, number: str) -> dict[str, Any]:
    """For the applicant's side; staff see their own cases and the outline of the others."""
    return page_of(bundles.get_bundle_for(actor_of(request), number, at=now()))


def _row(row: PackageRow) -> dict[str, Any]:
    return {
        "code": row.code,
        "version": row.version,
        "name": translate.label(row.name),
        "summary": translate.label(row.summary),
        "promise": translate.label(row.promise),
        "items": [translate.label(name) for name in row.items],
    }


def _guide(guide: PackageGuide) -> dict[str, Any]:
    return {
        "lines": [
            {
                "slot": line.slot,
                "item": line.item,
                "name": translate.label(line.name),
                "department": translate.label(line.department),
                "result": translate.label(line.result),
                "rests_on": [translate.label(one) for one in line.rests_on],
                "refusal": translate.label(line.refusal),
            }
            for line in guide.lines
        ],
        "conflicts": [
            {
                "field": translate.label(one.field),
                "demands": [
                    {"item": translate.label(name), "demand": translate.label(words)} for name, words in one.demands
                ],
            }
            for one in guide.conflicts
        ],
    }


def page_of(page: BundlePage) -> dict[str, Any]:
    """A filed package as the API gives it."""
    return {**_outline(page), "items": [_part(part) for part in page.parts]}


def _outline(page: BundlePage) -> dict[str, Any]:
    return {
        "number": page.number,
        "name": translate.label(page.name),
        "package": page.package,
        "applicant": page.applicant_masked,
        "filed_at": page.filed_at,
        "outcome": translate.label(page.outcome) if page.outcome else None,
        "document": page.receipt,
        "delivery": _delivery(page.delivery) if page.delivery else None,
        "clock": {
            "promise_minutes": page.clock.minutes_used + page.clock.minutes_left,
            "used_minutes": page.clock.minutes_used,
            "left_minutes": page.clock.minutes_left,
            "running": page.clock.running,
            "due_at": page.clock.due_at,
        },
    }


def _delivery(row: Delivery) -> dict[str, Any]:
    return {
        "way": row.way.value,
        "words": translate.label(row.words),
        "paper": [translate.label(name) for name in row.paper],
        "to_come": [translate.label(name) for name in row.to_come],
        "held": [translate.label(name) for name in row.held],
        "ready": [translate.label(name) for name in row.ready],
        "where": [translate.label(name) for name in row.where],
    }


def _part(part: PartRow) -> dict[str, Any]:
    return {
        "slot": part.slot,
        "item": part.item,
        "name": translate.label(part.name),
        "fate": part.fate.value,
        "words": translate.label(part.words),
        "case": part.number or None,
        "department": translate.label(part.department) if part.department else None,
        "hand": translate.label(part.hand) if part.hand else None,
        "minutes": part.minutes,
        "critical": part.critical,
        "waits_for": [translate.label(one) for one in part.waits_for],
        "ready": part.ready,
        "asked": translate.reasons(part.asked),
        "follows": translate.label(part.follows) if part.follows else None,
        "may_leave": part.may_leave,
    }
