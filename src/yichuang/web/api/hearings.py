"""/cases/{number}/actions/…: interested parties told, their statements, the hearing called and held (听证)."""

from datetime import date
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Path, Router
from pydantic import Field

from yichuang.cases.commands.hearing import (
    call_hearing,
    close_hearing,
    hold_hearing,
    postpone_hearing,
    record_statement,
    tell_interested,
)
from yichuang.web.api import translate
from yichuang.web.api.actions import ANSWERS
from yichuang.web.api.schemas import In, VersionIn
from yichuang.webkit.acts import given

router = Router(tags=["actions"])


class PartyIn(In):
    name: str = Field(max_length=60)
    contact: str = Field(max_length=200)


class TellInterestedIn(VersionIn):
    matter: str = Field(max_length=2000, description="how the matter touches the interests of others")
    parties: list[PartyIn] = Field(max_length=20)


class StatementIn(VersionIn):
    who: str = Field(max_length=60)
    words: str = Field(max_length=4000)
    asks: bool = Field(False, description="they want a hearing")


class CallHearingIn(VersionIn):
    day: date
    place: str = Field(max_length=200)
    chair: UUID = Field(description="staff of the department without a part in the review")


class PostponeHearingIn(CallHearingIn):
    reason: str = Field(max_length=500)


class CloseHearingIn(VersionIn):
    ground: Literal["withdrawn", "not_held"] = Field(description="not_held: the wish stands, it has to be called anew")
    reason: str = Field(max_length=500)


class HoldHearingIn(VersionIn):
    present: str = Field(max_length=500)
    record: str = Field(max_length=4000)
    signed: bool = Field(description="all who took part signed; else say in `note` who refused")
    note: str = Field("", max_length=500)


@router.post(
    "/tell-interested", response=ANSWERS, url_name="tell_interested", summary="告知利害关系人: their right to be heard"
)
def tell(request: HttpRequest, number: Path[str], body: TellInterestedIn) -> dict[str, Any]:
    parties = [(one.name, one.contact) for one in body.parties]
    return translate.head(tell_interested(**given(request, number, body.version), matter=body.matter, parties=parties))


@router.post("/statement", response=ANSWERS, url_name="statement", summary="陈述申辩, and the wish for a hearing")
def statement(request: HttpRequest, number: Path[str], body: StatementIn) -> dict[str, Any]:
    return translate.head(
        record_statement(**given(request, number, body.version), who=body.who, words=body.words, asks=body.asks)
    )


@router.post("/call-hearing", response=ANSWERS, url_name="call_hearing", summary="听证通知: the clock stands still")
def call(request: HttpRequest, number: Path[str], body: CallHearingIn) -> dict[str, Any]:
    return translate.head(
        call_hearing(**given(request, number, body.version), day=body.day, place=body.place, chair=body.chair)
    )


@router.post("/postpone-hearing", response=ANSWERS, url_name="postpone_hearing", summary="听证改期: a new notice")
def postpone(request: HttpRequest, number: Path[str], body: PostponeHearingIn) -> dict[str, Any]:
    return translate.head(
        postpone_hearing(
            **given(request, number, body.version),
            day=body.day,
            place=body.place,
            chair=body.chair,
            reason=body.reason,
        )
    )


@router.post("/close-hearing", response=ANSWERS, url_name="close_hearing", summary="听证不再举行: the clock runs on")
def close(request: HttpRequest, number: Path[str], body: CloseHearingIn) -> dict[str, Any]:
    return translate.head(close_hearing(**given(request, number, body.version), ground=body.ground, reason=body.reason))


@router.post("/hold-hearing", response=ANSWERS, url_name="hold_hearing", summary="听证笔录: the clock runs on")
def hold(request: HttpRequest, number: Path[str], body: HoldHearingIn) -> dict[str, Any]:
    return translate.head(
        hold_hearing(
            **given(request, number, body.version),
            present=body.present,
            record=body.record,
            signed=body.signed,
            note=body.note,
        )
    )
