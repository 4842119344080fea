"""/service-consents: 电子送达, what it means, what is on record of mine, agreeing and taking it back."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from yichuang.core.clock import now
from yichuang.core.refusals import NotFound
from yichuang.core.words import W
from yichuang.people import queries as people
from yichuang.people.commands import give_service_consent, withdraw_service_consent
from yichuang.people.queries import ConsentRow
from yichuang.web.api import translate
from yichuang.web.api.schemas import DoneOut, In, Label, Problem
from yichuang.webkit.actor import actor_of

router = Router(tags=["service"])
ANSWERS = {401: Problem, 404: Problem, 409: Problem, 422: Problem}


class PointOut(Schema):
    heading: Label
    words: Label


class ConsentOut(Schema):
    id: UUID
    party: UUID
    item: str = Field(description="code of the one item it is for; empty: everything")
    version: str = Field(description="of the words that were agreed to")
    given_at: datetime
    given_channel: str
    withdrawn_at: datetime | None
    withdrawn_channel: str


class ConsentsOut(Schema):
    version: str = Field(description="to be sent with an agreement")
    points: list[PointOut]
    consents: list[ConsentOut] = Field(description="newest first; in force: those that are not withdrawn")


class ConsentIn(In):
    party: UUID | None = Field(None, description="for whom; oneself when it is left out. Staff name it")
    signed: bool = Field(False, description="staff: the person signed the paper at the counter")


class WithdrawConsentIn(ConsentIn):
    item: str = Field(
        "",
        max_length=80,
        description="the consent for that one item; empty: every one that is in force, whoever gave it",
    )


class WithdrawnOut(DoneOut):
    withdrawn: bool = Field(description="false: nothing of that was in force, or it is not yours to withdraw")


class GiveConsentIn(ConsentIn):
    item: str = Field(
        "", max_length=80, description="code of one item only, as an agent for that item; empty: everything"
    )
    version: str = Field(max_length=20, description="of the words that were read")


@router.get(
    "",
    response={200: ConsentsOut, 401: Problem},
    url_name="service_consents",
    summary="电子送达: what is agreed to, and what is on record of me",
)
def read(request: HttpRequest) -> dict[str, Any]:
    actor = actor_of(request)
    mine = people.list_service_consents(actor.id) if actor.kind == "person" and actor.id else ()
    text = people.service_text()
    points = [{"heading": translate.label(head), "words": translate.label(words)} for head, words in text.points]
    return {"version": text.version, "points": points, "consents": [_out(row) for row in mine]}


@router.post(
    "",
    response={200: ConsentOut, **ANSWERS},
    url_name="give_service_consent",
    summary="Agree to electronic service: for oneself, for who one acts for, or (staff) on a signed paper",
)
def give(request: HttpRequest, body: GiveConsentIn) -> dict[str, Any]:
    actor, at = actor_of(request), now()
    party = body.party or (actor.id if actor.kind == "person" else None)
    if party is None:
        raise NotFound(W("当事人", "person or company"))
    id = give_service_consent(actor=actor, party=party, item=body.item, version=body.version, signed=body.signed, at=at)
    return _out(people.service_consent_of(id))


@router.post(
    "/withdraw",
    response={200: WithdrawnOut, **ANSWERS},
    url_name="withdraw_service_consent",
    summary="Take the consent to electronic service back; it counts for what is served later",
)
def withdraw(request: HttpRequest, body: WithdrawConsentIn) -> dict[str, Any]:
    actor = actor_of(request)
    party = body.party or (actor.id if actor.kind == "person" else None)
    if party is None:
        raise NotFound(W("当事人", "person or company"))
    took = withdraw_service_consent(actor=actor, party=party, item=body.item, signed=body.signed, at=now())
    return {"withdrawn": took}


def _out(row: ConsentRow) -> dict[str, Any]:
    names = ("id", "party", "item", "version", "given_at", "given_channel", "withdrawn_at", "withdrawn_channel")
    return {name: getattr(row, name) for name in names}
