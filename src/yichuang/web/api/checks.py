"""/checks: 后续核查 of commitments (告知承诺) — what waits, one of them, and every step of its check."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import File, Path, Router, Schema
from ninja.files import UploadedFile
from pydantic import Field

from yichuang.cases import queries as cases
from yichuang.cases.commands.checks import (
    add_check_photo,
    arrange_check,
    end_check,
    miss_check,
    order_mending,
    record_check,
    sign_check,
    write_check,
)
from yichuang.cases.commands.on_site import Photo
from yichuang.cases.commitments import CheckWork, Standing
from yichuang.core.clock import now
from yichuang.web.api import translate
from yichuang.web.api.inspections import ArrangeIn, RecordIn, plan_of, record_of
from yichuang.web.api.labels import Label
from yichuang.web.api.promised import PromisedOut
from yichuang.web.api.schemas import In, Problem
from yichuang.webkit.actor import actor_of
from yichuang.webkit.uploads import sniff_and_clean

router = Router(tags=["checks"])


class CheckLineOut(Schema):
    id: UUID
    number: str
    item: Label
    name: Label
    applicant: str = Field(description="masked")
    state: str = Field(
        description="checking | found (not kept, to be ordered) | mending | kept | broken | ended (with the certificate)"
    )
    due_date: date | None
    days_left: int | None = Field(description="working days; below zero: late")


class CheckLinesOut(Schema):
    waiting: list[CheckLineOut]
    ended: list[CheckLineOut]


class CheckPageOut(Schema):
    number: str
    commitment: PromisedOut
    actions: list[str] = Field(description="what you may do now")


class StandingOut(Schema):
    """Where the commitment stands after the step."""

    id: UUID
    state: str
    version: int


class CheckVersionIn(In):
    version: int = Field(description="of the commitment, as it was read")


class CheckFindingIn(CheckVersionIn):
    kept: bool
    findings: str = Field(max_length=4000)


class MissedIn(CheckVersionIn):
    reason: str = Field(max_length=1000)
    again_by: date = Field(description="by which day it is made instead")


class CheckEndIn(CheckVersionIn):
    reason: str = Field(max_length=1000)


class MendingIn(CheckVersionIn):
    demands: str = Field(max_length=1000)
    mend_by: date


ANSWERS: dict[int, Any] = {200: StandingOut, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}


def _line(row: CheckWork) -> dict[str, Any]:
    return {
        "id": row.id,
        "number": row.number,
        "item": translate.label(row.item),
        "name": translate.label(row.name),
        "applicant": row.applicant_masked,
        "state": row.state.value,
        "due_date": row.due_date,
        "days_left": row.days_left,
    }


def _standing(found: Standing) -> dict[str, Any]:
    return {"id": found.id, "state": found.state.value, "version": found.version}


def _given(request: HttpRequest, commitment: UUID, version: int | None) -> dict[str, Any]:
    return {"actor": actor_of(request), "commitment": commitment, "version": version or 0, "at": now()}


@router.get(
    "", response={200: CheckLinesOut, 401: Problem}, url_name="checks", summary="后续核查: what waits for my posts"
)
def list_checks(request: HttpRequest) -> dict[str, Any]:
    waiting, ended = cases.list_checks(actor_of(request), at=now())
    return {"waiting": [_line(row) for row in waiting], "ended": [_line(row) for row in ended]}


@router.get(
    "/{commitment}",
    response={200: CheckPageOut, 401: Problem, 404: Problem},
    url_name="check",
    summary="One commitment with its checks",
)
def get_check(request: HttpRequest, commitment: Path[UUID]) -> dict[str, Any]:
    page = cases.get_commitment(actor_of(request), commitment, at=now())
    return {
        "number": page.number,
        "commitment": translate.promised(page.row),
        "actions": sorted(move.value for move in page.moves),
    }


@router.post(
    "/{commitment}/actions/inspect-arrange",
    response=ANSWERS,
    url_name="check_arrange",
    summary="后续核查: send two inspectors",
)
def arrange(request: HttpRequest, commitment: Path[UUID], body: ArrangeIn) -> dict[str, Any]:
    return _standing(arrange_check(**_given(request, commitment, body.version), plan=plan_of(body)))


@router.post(
    "/{commitment}/actions/inspect-photo",
    response={**ANSWERS, 413: Problem},
    url_name="check_photo",
    summary="后续核查: a photograph of the place",
)
def photo(request: HttpRequest, commitment: Path[UUID], file: File[UploadedFile]) -> dict[str, Any]:
    clean = sniff_and_clean(file.name or "", file)
    kept = Photo(clean.name, clean.kind, clean.content, clean.sha256)
    actor, at = actor_of(request), now()
    version = cases.get_commitment(actor, commitment, at=at).row.version  # a photograph changes nothing that was read
    return _standing(add_check_photo(actor=actor, commitment=commitment, version=version, photo=kept, at=at))


@router.post(
    "/{commitment}/actions/inspect-record",
    response=ANSWERS,
    url_name="check_record",
    summary="后续核查: write and sign the record of an on-site check",
)
def record(request: HttpRequest, commitment: Path[UUID], body: RecordIn) -> dict[str, Any]:
    return _standing(write_check(**_given(request, commitment, body.version), record=record_of(body)))


@router.post(
    "/{commitment}/actions/inspect-sign",
    response=ANSWERS,
    url_name="check_sign",
    summary="后续核查: the second inspector signs; what was found counts",
)
def sign(request: HttpRequest, commitment: Path[UUID], body: CheckVersionIn) -> dict[str, Any]:
    return _standing(sign_check(**_given(request, commitment, body.version)))


@router.post(
    "/{commitment}/actions/record-check",
    response=ANSWERS,
    url_name="check_findings",
    summary="后续核查: what data or papers showed",
)
def findings(request: HttpRequest, commitment: Path[UUID], body: CheckFindingIn) -> dict[str, Any]:
    of = _given(request, commitment, body.version)
    return _standing(record_check(**of, kept=body.kept, findings=body.findings))


@router.post(
    "/{commitment}/actions/miss-check",
    response=ANSWERS,
    url_name="check_missed",
    summary="后续核查: could not be made; why, and by when it is",
)
def missed(request: HttpRequest, commitment: Path[UUID], body: MissedIn) -> dict[str, Any]:
    of = _given(request, commitment, body.version)
    return _standing(miss_check(**of, reason=body.reason, again_by=body.again_by))


@router.post(
    "/{commitment}/actions/end-check",
    response=ANSWERS,
    url_name="check_ended",
    summary="后续核查: ended, as the certificate is gone for good",
)
def ended(request: HttpRequest, commitment: Path[UUID], body: CheckEndIn) -> dict[str, Any]:
    return _standing(end_check(**_given(request, commitment, body.version), reason=body.reason))


@router.post(
    "/{commitment}/actions/order-mending",
    response=ANSWERS,
    url_name="check_order",
    summary="责令限期改正: what to put right, and by which day",
)
def order(request: HttpRequest, commitment: Path[UUID], body: MendingIn) -> dict[str, Any]:
    of = _given(request, commitment, body.version)
    return _standing(order_mending(**of, demands=body.demands, mend_by=body.mend_by))
