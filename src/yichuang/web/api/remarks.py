"""/cases/{number}/actions of those who look on: why somebody came (跑动账), words to whoever holds the case (督办), a value
of the applicant's in full, and what is said of the record of a promise not kept (容缺失信).

They are no acts on the case: its version stays, so none is sent.
"""

from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Path, Router, Schema
from pydantic import Field

from yichuang.cases import queries as cases
from yichuang.cases.commands.end import object_to_lapse, repair_lapse
from yichuang.cases.commands.escalate import urge_case
from yichuang.cases.commands.trips import note_trip
from yichuang.core.clock import now
from yichuang.people import commands as people
from yichuang.web.api.schemas import DoneOut, In, Problem
from yichuang.webkit.actor import actor_of

router = Router(tags=["actions"])
ANSWERS: dict[int, Any] = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}


class TripIn(In):
    kind: str = Field(max_length=30, description="what the clerk names as the cause")
    encounter: UUID | None = Field(None, description="an earlier visit whose cause is open; empty: who stands here now")
    material: str = Field("", max_length=60)


class NotedTripOut(Schema):
    encounter: UUID


class UrgeIn(In):
    words: str = Field(max_length=2000)


class UrgedOut(Schema):
    order: UUID


@router.post(
    "/note-trip", response={200: NotedTripOut, **ANSWERS}, url_name="note_trip", summary="跑动账: why somebody came in"
)
def note(request: HttpRequest, number: Path[str], body: TripIn) -> dict[str, Any]:
    """Noted once, however often it is sent."""
    found = note_trip(actor=actor_of(request), number=number, at=now(), **body.dict())
    return {"encounter": found}


@router.post(
    "/urge", response={200: UrgedOut, **ANSWERS}, url_name="urge", summary="督办: write to whoever holds the case"
)
def urge(request: HttpRequest, number: Path[str], body: UrgeIn) -> dict[str, Any]:
    """A supervisor of the department, or the manager of the hall. The same words within a minute are one order."""
    return {"order": urge_case(actor=actor_of(request), number=number, words=body.words, at=now())}


class UnmaskIn(In):
    field: Literal["name", "id_no", "mobile", "address"]
    reason: str = Field("", max_length=2000, description="staff say why; the applicant reads it")


class UnmaskedOut(Schema):
    field: str
    value: str


@router.post(
    "/unmask",
    response={200: UnmaskedOut, **ANSWERS},
    url_name="unmask",
    summary="One value of the applicant's in full; staff give a reason, which the applicant is told",
)
def unmask(request: HttpRequest, number: Path[str], body: UnmaskIn) -> dict[str, Any]:
    actor, at = actor_of(request), now()
    page = cases.get_case_for(actor, number, at=at)
    value = people.unmask(
        actor=actor, party=page.applicant, field=body.field, reason=body.reason, case_number=number, at=at
    )
    return {"field": body.field, "value": value}


class ObjectionIn(In):
    objection: str = Field(max_length=2000)


class RepairIn(In):
    reason: str = Field(max_length=2000)


@router.post(
    "/object-to-lapse",
    response={200: DoneOut, **ANSWERS},
    url_name="object_to_lapse",
    summary="异议: the applicant objects to the record of a promise not kept",
)
def objection(request: HttpRequest, number: Path[str], body: ObjectionIn) -> dict[str, Any]:
    object_to_lapse(actor=actor_of(request), number=number, objection=body.objection, at=now())
    return {}


@router.post(
    "/repair-lapse",
    response={200: DoneOut, **ANSWERS},
    url_name="repair_lapse",
    summary="信用修复: a supervisor repairs the record; 容缺 is open again",
)
def repair(request: HttpRequest, number: Path[str], body: RepairIn) -> dict[str, Any]:
    repair_lapse(actor=actor_of(request), number=number, reason=body.reason, at=now())
    return {}
