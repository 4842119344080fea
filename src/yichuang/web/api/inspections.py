"""/tasks/{id}/…: 现场核查 — the plan, photographs, the record, the second signature."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import File, Router
from ninja.files import UploadedFile
from pydantic import Field

from yichuang.cases.commands.inspect import (
    Inspector,
    Photo,
    Plan,
    Record,
    add_photo,
    arrange_inspection,
    record_inspection,
    sign_inspection,
)
from yichuang.core.clock import now
from yichuang.web.api import translate
from yichuang.web.api.schemas import HeadOut, In, Problem, TaskIn
from yichuang.webkit.actor import actor_of
from yichuang.webkit.uploads import sniff_and_clean

router = Router(tags=["tasks"])
ANSWERS: dict[int, Any] = {200: HeadOut, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}


class InspectorIn(In):
    staff: UUID
    licence: str = Field(description="执法证号", max_length=30)


class ArrangeIn(TaskIn):
    first: InspectorIn
    second: InspectorIn
    planned_at: datetime = Field(description="with its offset from UTC")
    place: str = Field(max_length=200)


class RecordIn(TaskIn):
    held_at: datetime = Field(description="with its offset from UTC")
    findings: str = Field(max_length=4000)
    meets: bool
    present: str = Field("", max_length=60, description="who was inspected, or was there")
    signed: Literal["signed", "refused", "absent"]
    note: str = Field("", max_length=500)


def plan_of(body: ArrangeIn) -> Plan:
    """Who goes where and when."""
    return Plan(
        Inspector(body.first.staff, body.first.licence),
        Inspector(body.second.staff, body.second.licence),
        _known(body.planned_at),
        body.place,
    )


def record_of(body: RecordIn) -> Record:
    """What was found."""
    return Record(_known(body.held_at), body.findings, body.meets, body.present, body.signed, body.note)


def _given(request: HttpRequest, id: UUID, version: int | None) -> dict[str, Any]:
    return {"actor": actor_of(request), "task": id, "version": version, "at": now()}


@router.post(
    "/{id}/actions/inspect-arrange",
    response=ANSWERS,
    url_name="inspect_arrange",
    summary="现场核查: send two inspectors",
)
def arrange(request: HttpRequest, id: UUID, body: ArrangeIn) -> dict[str, Any]:
    return translate.head(arrange_inspection(**_given(request, id, body.version), plan=plan_of(body)))


@router.post(
    "/{id}/actions/inspect-photo",
    response={**ANSWERS, 413: Problem},
    url_name="inspect_photo",
    summary="现场核查: a photograph of the place",
)
def photo(request: HttpRequest, id: UUID, file: File[UploadedFile]) -> dict[str, Any]:
    clean = sniff_and_clean(file.name or "", file)
    kept = Photo(clean.name, clean.kind, clean.content, clean.sha256)
    return translate.head(add_photo(**_given(request, id, None), photo=kept))


@router.post(
    "/{id}/actions/inspect-record",
    response=ANSWERS,
    url_name="inspect_record",
    summary="现场核查: write and sign the record",
)
def record(request: HttpRequest, id: UUID, body: RecordIn) -> dict[str, Any]:
    return translate.head(record_inspection(**_given(request, id, body.version), record=record_of(body)))


@router.post(
    "/{id}/actions/inspect-sign",
    response=ANSWERS,
    url_name="inspect_sign",
    summary="现场核查: the second inspector signs",
)
def sign(request: HttpRequest, id: UUID, body: TaskIn) -> dict[str, Any]:
    return translate.head(sign_inspection(**_given(request, id, body.version)))


def _known(at: datetime) -> datetime | None:
    """A moment without its offset is none: whose noon is it?"""
    return at if at.tzinfo else None
