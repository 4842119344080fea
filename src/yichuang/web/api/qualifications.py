"""/halls/…/qualifications: 上岗资格 of a hall's clerks, for its manager; /administration/asking-items: which items ask for it."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field, StringConstraints

from yichuang.core.clock import now
from yichuang.network import queries as network
from yichuang.people import queries as people
from yichuang.people.commands import grant_qualification, withdraw_qualification
from yichuang.people.permissions import check_can_qualify
from yichuang.visits import queries as visits
from yichuang.visits.commands.qualified import ask_qualification, check_scope, lift_qualification
from yichuang.web.api.hall import REFUSALS
from yichuang.web.api.schemas import DoneOut, In
from yichuang.webkit.actor import actor_of

router = Router(tags=["hall"])
asking = Router(tags=["administration"])
Text = Annotated[str, StringConstraints(max_length=300)]
Code = Annotated[str, StringConstraints(max_length=60)]


class QualificationOut(Schema):
    id: UUID
    staff: UUID
    name: str
    item: str = Field(description="with `department` empty too: everything")
    department: str
    evidence: str
    valid_from: date
    valid_to: date | None
    granted_by: str
    ended: bool
    withdrawn: bool


class QualificationsOut(Schema):
    qualifications: list[QualificationOut]


class QualificationIn(In):
    staff: UUID
    item: Code = Field("", description="with `department` empty too: everything")
    department: Annotated[str, StringConstraints(max_length=20)] = ""
    evidence: Text
    valid_from: date | None = None
    valid_to: date | None = None


class QualificationIdOut(Schema):
    id: UUID


class QualificationEndIn(In):
    reason: Text


class AskingItemOut(Schema):
    item: str
    since: datetime


class AskingItemsOut(Schema):
    items: list[AskingItemOut]


@router.get("/{place}/qualifications", response={200: QualificationsOut, **REFUSALS}, url_name="qualifications", summary="上岗资格: who of the hall is qualified for what")  # fmt: skip
def listed(request: HttpRequest, place: str) -> dict[str, Any]:
    rows = people.list_qualifications(actor_of(request), network.get_place(place).id, at=now())
    names = tuple(QualificationOut.model_fields)
    return {"qualifications": [{name: getattr(row, name) for name in names} for row in rows]}


@router.post("/{place}/qualifications", response={200: QualificationIdOut, **REFUSALS}, url_name="grant_qualification", summary="Qualify somebody: it holds from the next call on")  # fmt: skip
def grant(request: HttpRequest, place: str, body: QualificationIn) -> dict[str, Any]:
    actor, hall = actor_of(request), network.get_place(place).id
    check_can_qualify(actor, hall)
    check_scope(body.item)
    return {"id": grant_qualification(actor=actor, place=hall, at=now(), **body.dict())}


@router.post("/{place}/qualifications/{qualification}/withdraw", response={200: DoneOut, **REFUSALS}, url_name="withdraw_qualification", summary="Withdraw it with the reason: it holds from the next call on")  # fmt: skip
def withdraw(request: HttpRequest, place: str, qualification: UUID, body: QualificationEndIn) -> dict[str, Any]:
    hall = network.get_place(place).id
    withdraw_qualification(
        actor=actor_of(request), place=hall, qualification=qualification, reason=body.reason, at=now()
    )
    return {"done": True}


@asking.get("/asking-items", response={200: AskingItemsOut, **REFUSALS}, url_name="asking_items", summary="Items that only qualified windows call")  # fmt: skip
def asked(request: HttpRequest) -> dict[str, Any]:
    return {"items": [{"item": row.item, "since": row.since} for row in visits.items_asking()]}


@asking.post("/asking-items/{code}/ask", response={200: DoneOut, **REFUSALS}, url_name="ask_qualification", summary="Only qualified windows call it from now on")  # fmt: skip
def ask(request: HttpRequest, code: str) -> dict[str, Any]:
    ask_qualification(actor=actor_of(request), item=code, at=now())
    return {"done": True}


@asking.post("/asking-items/{code}/lift", response={200: DoneOut, **REFUSALS}, url_name="lift_qualification", summary="Every window calls it again")  # fmt: skip
def lift(request: HttpRequest, code: str) -> dict[str, Any]:
    lift_qualification(actor=actor_of(request), item=code, at=now())
    return {"done": True}
