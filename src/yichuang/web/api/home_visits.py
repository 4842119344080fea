"""/bookings/…/home: a home visit (上门办) for who was assigned to it: originals taken along against receipts, their return, what the
person said to a fingerprint, photographs of papers (files handed in at /uploads, which takes place and camera data off).
"""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field, StringConstraints

from yichuang.cases import queries as cases
from yichuang.core.clock import now
from yichuang.visits import queries as visits
from yichuang.visits.commands.home import (
    answer_fingerprint,
    keep_photos,
    return_original,
    take_original,
    withdraw_fingerprint,
)
from yichuang.visits.values import Alternative, OriginalRow, ReturnWay
from yichuang.web.api import translate
from yichuang.web.api.booking import REFUSALS
from yichuang.web.api.schemas import DoneOut, In, Label
from yichuang.webkit.actor import actor_of

router = Router(tags=["appointments"])


class OriginalOut(Schema):
    id: UUID
    receipt: str
    name: str
    pieces: int
    taken_at: datetime
    taken_by: str
    returned_at: datetime | None


class HomePaperOut(Schema):
    material: str
    name: Label
    photos: int
    wanted: bool = Field(description="the person still has to hand it in")


class PhotosIn(In):
    material: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    uploads: list[UUID] = Field(min_length=1, max_length=20, description="files of one's own, handed in at /uploads")


class HomeVisitOut(Schema):
    address: str
    item: Label
    papers: list[HomePaperOut]
    originals: list[OriginalOut]
    fingerprint: Literal["agreed", "declined", "withdrawn", "not-asked"]


class OriginalIn(In):
    name: Annotated[str, StringConstraints(max_length=60)]
    pieces: int = Field(1, ge=1, le=99)
    key: Annotated[str, StringConstraints(min_length=1, max_length=40)] = Field(
        description="the same key is the same receipt"
    )


class OriginalReceiptOut(Schema):
    receipt: str


class OriginalBackIn(In):
    way: ReturnWay


class FingerprintIn(In):
    agreed: bool
    alternative: Alternative | None = Field(None, description="without consent: how else the person is known")


@router.get("/{booking}/home", response={200: HomeVisitOut, **REFUSALS}, url_name="home_visit", summary="A home visit, for who goes there")  # fmt: skip
def home(request: HttpRequest, booking: UUID) -> dict[str, Any]:
    page = visits.home_page(actor_of(request), booking, at=now())
    said = page.consent
    answer = (
        "not-asked" if said is None else "withdrawn" if said.withdrawn_at else "agreed" if said.agreed else "declined"
    )
    return {
        "address": page.address,
        "item": translate.label(page.item),
        "papers": [
            {
                "material": one.code,
                "name": translate.label(one.name),
                "photos": len(one.photos),
                "wanted": not one.spared,
            }
            for one in page.papers
        ],
        "originals": [_original(one) for one in page.originals],
        "fingerprint": answer,
    }


def _original(one: OriginalRow) -> dict[str, Any]:
    plain = ("id", "receipt", "name", "pieces", "taken_at", "taken_by", "returned_at")
    return {name: getattr(one, name) for name in plain}


@router.post("/{booking}/home/photos", response={200: DoneOut, **REFUSALS}, url_name="home_photos", summary="Photographs of one of the papers, by who goes there")  # fmt: skip
def photographed(request: HttpRequest, booking: UUID, body: PhotosIn) -> dict[str, Any]:
    actor = actor_of(request)
    names = {row.id: row.name for row in cases.list_uploads(actor, body.uploads)}
    mine = [(one, names[one]) for one in dict.fromkeys(body.uploads) if one in names]
    keep_photos(actor=actor, booking=booking, material=body.material, uploads=mine, at=now())
    return {"done": True}


@router.post("/{booking}/home/originals", response={200: OriginalReceiptOut, **REFUSALS}, url_name="take_original", summary="An original goes along: its receipt")  # fmt: skip
def taken(request: HttpRequest, booking: UUID, body: OriginalIn) -> dict[str, Any]:
    receipt = take_original(
        actor=actor_of(request), booking=booking, name=body.name, pieces=body.pieces, key=body.key, at=now()
    )
    return {"receipt": receipt}


@router.post("/{booking}/home/originals/{original}/back", response={200: DoneOut, **REFUSALS}, url_name="return_original", summary="The original is with its person again")  # fmt: skip
def returned(request: HttpRequest, booking: UUID, original: UUID, body: OriginalBackIn) -> dict[str, Any]:
    return_original(actor=actor_of(request), original=original, way=body.way.value, visit=booking, at=now())
    return {"done": True}


@router.post("/{booking}/home/fingerprint", response={200: DoneOut, **REFUSALS}, url_name="answer_fingerprint", summary="单独同意: what the person said to a fingerprint")  # fmt: skip
def fingerprint(request: HttpRequest, booking: UUID, body: FingerprintIn) -> dict[str, Any]:
    answer_fingerprint(
        actor=actor_of(request), booking=booking, agreed=body.agreed,
        alternative=body.alternative.value if body.alternative else "", at=now(),
    )  # fmt: skip
    return {"done": True}


@router.post("/{booking}/home/fingerprint/withdraw", response={200: DoneOut, **REFUSALS}, url_name="withdraw_fingerprint", summary="The person takes the consent to a fingerprint back")  # fmt: skip
def withdrawn(request: HttpRequest, booking: UUID) -> dict[str, Any]:
    withdraw_fingerprint(actor=actor_of(request), booking=booking, at=now())
    return {"done": True}
