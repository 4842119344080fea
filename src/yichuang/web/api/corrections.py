"""更正: /cases/{number}/actions/ask-correction, and /corrections/… for who answers."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Path, Router, Schema
from pydantic import Field

from yichuang.cases import queries as cases
from yichuang.cases.commands.correct import (
    ask_correction,
    decline_correction,
    make_correction,
    withdraw_correction,
)
from yichuang.cases.turns import CorrectionRow, Wish
from yichuang.core.clock import now
from yichuang.core.words import Words
from yichuang.web.api import translate
from yichuang.web.api.actions import ANSWERS
from yichuang.web.api.schemas import In, Label, Problem
from yichuang.webkit.actor import actor_of

asking = Router(tags=["actions"])
router = Router(tags=["corrections"])


class CorrectionLineIn(In):
    target: str = Field(description="form:<JSON pointer>, document:<id> or certificate:<key>", max_length=300)
    new: str = Field(description="as a person writes it: an option by label or code, a number, a text", max_length=1000)
    old: str = Field(default="", description="the wrong words of a document", max_length=1000)


class AskCorrectionIn(In):
    lines: list[CorrectionLineIn] = Field(max_length=10)
    reason: str = Field(max_length=1000)


class DeclineCorrectionIn(In):
    note: str = Field(max_length=1000)


class CorrectionLineOut(Schema):
    target: str
    label: Label
    old: str
    new: str


class CorrectionOut(Schema):
    id: UUID
    case: str
    item: Label
    state: str
    lines: list[CorrectionLineOut]
    reason: str
    asked_at: datetime
    asked_by: str


class CorrectionAskedOut(Schema):
    id: UUID


class CorrectionAnsweredOut(Schema):
    id: UUID
    state: str


@asking.post(
    "/ask-correction",
    response={**ANSWERS, 200: CorrectionAskedOut},
    url_name="ask_correction",
    summary="更正: ask to mend clerical errors; before acceptance the clerk mends what was filed at once",
)
def ask(request: HttpRequest, number: Path[str], body: AskCorrectionIn) -> dict[str, Any]:
    wishes = [Wish(one.target, one.new, one.old) for one in body.lines]
    return {"id": ask_correction(actor=actor_of(request), number=number, wishes=wishes, reason=body.reason, at=now())}


@router.get(
    "",
    response={200: list[CorrectionOut], 401: Problem},
    url_name="corrections",
    summary="更正: what waits for my approval",
)
def waiting(request: HttpRequest) -> list[dict[str, Any]]:
    return [_told(*one) for one in cases.list_corrections(actor_of(request))]


@router.post(
    "/{id}/make", response=ANSWERS, url_name="make_correction", summary="更正: approve, by another than who asked"
)
def make(request: HttpRequest, id: UUID) -> dict[str, Any]:
    return translate.head(make_correction(actor=actor_of(request), correction=id, at=now()))


@router.post(
    "/{id}/decline",
    response={**ANSWERS, 200: CorrectionAnsweredOut},
    url_name="decline_correction",
    summary="更正: decline, with the reason",
)
def decline(request: HttpRequest, id: UUID, body: DeclineCorrectionIn) -> dict[str, Any]:
    decline_correction(actor=actor_of(request), correction=id, note=body.note, at=now())
    return {"id": id, "state": "declined"}


@router.post(
    "/{id}/withdraw",
    response={**ANSWERS, 200: CorrectionAnsweredOut},
    url_name="withdraw_correction",
    summary="更正: take the request back",
)
def withdraw(request: HttpRequest, id: UUID) -> dict[str, Any]:
    withdraw_correction(actor=actor_of(request), correction=id, at=now())
    return {"id": id, "state": "withdrawn"}


def _told(number: str, item: Words, row: CorrectionRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "case": number,
        "item": translate.label(item),
        "state": row.state.value,
        "lines": [
            {"target": one.target, "label": translate.label(one.label), "old": one.old, "new": one.new}
            for one in row.lines
        ],
        "reason": row.reason,
        "asked_at": row.asked_at,
        "asked_by": row.asked_by,
    }
