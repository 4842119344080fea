"""/cases/{number}/actions/…: interested parties told, their statements, the hearing called and held (听证)."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from ninja import Path, Router, Schema
from pydantic import Field

from yichuang.cases import queries as cases
from yichuang.cases.commands.answer_notice import answer_notice
from yichuang.cases.commands.hearing import (
    call_hearing,
    close_hearing,
    hold_hearing,
    postpone_hearing,
    record_statement,
    tell_interested,
)
from yichuang.cases.commands.serve_notice import make_answer_code, record_service
from yichuang.cases.pages import NoticePage
from yichuang.core.clock import now
from yichuang.web.api import translate
from yichuang.web.api.acting import acted
from yichuang.web.api.actions import ANSWERS
from yichuang.web.api.schemas import In, Label, Problem, VersionIn
from yichuang.webkit.actor import actor_of
from yichuang.webkit.acts import given

router = Router(tags=["actions"])
told = Router(tags=["cases"])
notices = Router(tags=["notices"])


class PartyIn(In):
    name: str = Field(max_length=60)
    contact: str = Field(max_length=200)


class TellInterestedIn(VersionIn):
    matter: str = Field(max_length=2000, description="how the matter touches the interests of others")
    parties: list[PartyIn] = Field(max_length=20)


class StatementIn(VersionIn):
    who: str = Field("", max_length=60, description="may be left out where `party` says it")
    party: UUID | None = Field(None, description="one of those told: their own days to ask count")
    words: str = Field(max_length=4000)
    asks: bool = Field(False, description="they want a hearing")


class ServeNoticeIn(VersionIn):
    party: UUID = Field(description="one of those told (`GET /cases/{number}/told`)")
    on: date
    how: Literal["in_person", "left", "mail", "electronic", "public"]
    refused: bool = False
    note: str = Field("", max_length=500)


class AnswerCodeIn(VersionIn):
    party: UUID


class AnswerCodeOut(Schema):
    version: int
    code: str
    url: str


class ToldOut(Schema):
    id: UUID
    name: str
    is_applicant: bool
    served_on: date | None
    served_how: str
    refused: bool
    answer_until: date | None
    called_on: date | None
    called_how: str


class NoticeOut(Schema):
    id: UUID
    item: Label
    organ: Label
    matter: str
    told_at: datetime
    answer_until: date | None = Field(description="none: not served yet")
    held_on: date | None
    place: str
    chair: str
    is_open: bool
    may_ask: bool


class AnswerNoticeIn(In):
    words: str = Field(max_length=4000)
    asks: bool = Field(False, description="a hearing is wanted")
    uploads: list[UUID] = Field([], max_length=10, description="of POST /uploads")


class CallHearingIn(VersionIn):
    day: date
    place: str = Field(max_length=200)
    chair: UUID = Field(description="staff of the department without a part in the review")


class PostponeHearingIn(CallHearingIn):
    reason: str = Field(max_length=500)


class CloseHearingIn(VersionIn):
    ground: Literal["withdrawn", "not_held"] = Field(description="not_held: the wish stands, it has to be called anew")
    reason: str = Field(max_length=500)
    by: str = Field(
        "",
        max_length=80,
        description="who withdrew, where several asked: one of `GET /cases/{number}/told`, or the name",
    )


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
    return acted(tell_interested, request, number, body, parties=parties)


@router.post("/statement", response=ANSWERS, url_name="statement", summary="陈述申辩, and the wish for a hearing")
def statement(request: HttpRequest, number: Path[str], body: StatementIn) -> dict[str, Any]:
    return acted(record_statement, request, number, body)


@router.post("/call-hearing", response=ANSWERS, url_name="call_hearing", summary="听证通知: the clock stands still")
def call(request: HttpRequest, number: Path[str], body: CallHearingIn) -> dict[str, Any]:
    return acted(call_hearing, request, number, body)


@router.post("/postpone-hearing", response=ANSWERS, url_name="postpone_hearing", summary="听证改期: a new notice")
def postpone(request: HttpRequest, number: Path[str], body: PostponeHearingIn) -> dict[str, Any]:
    return acted(postpone_hearing, request, number, body)


@router.post("/close-hearing", response=ANSWERS, url_name="close_hearing", summary="听证不再举行: the clock runs on")
def close(request: HttpRequest, number: Path[str], body: CloseHearingIn) -> dict[str, Any]:
    return acted(close_hearing, request, number, body)


@router.post("/hold-hearing", response=ANSWERS, url_name="hold_hearing", summary="听证笔录: the clock runs on")
def hold(request: HttpRequest, number: Path[str], body: HoldHearingIn) -> dict[str, Any]:
    return acted(hold_hearing, request, number, body)


@router.post("/serve-notice", response=ANSWERS, url_name="serve_notice", summary="送达: days run from each party's own")
def serve_notice(request: HttpRequest, number: Path[str], body: ServeNoticeIn) -> dict[str, Any]:
    return acted(record_service, request, number, body)


@router.post(
    "/answer-code",
    response={**ANSWERS, 200: AnswerCodeOut},
    url_name="answer_code",
    summary="A code with which somebody who was told answers without an account",
)
def answer_code(request: HttpRequest, number: Path[str], body: AnswerCodeIn) -> dict[str, Any]:
    head, code = make_answer_code(**given(request, number, body.version), party=body.party)
    return {"version": head.version, "code": code, "url": f"{settings.YICHUANG_BASE_URL}/h/{code}"}


@told.get(
    "/{number}/told",
    response={200: list[ToldOut], 401: Problem, 404: Problem},
    url_name="told",
    summary="Who was told of the right to be heard, and how it was served (the department)",
)
def told_of(request: HttpRequest, number: str) -> list[Any]:
    return list(cases.told_of(actor_of(request), number, at=now()))


@notices.get("", response={200: list[NoticeOut], 401: Problem}, url_name="notices", summary="告知书 that went to me")
def my_notices(request: HttpRequest) -> list[dict[str, Any]]:
    return [_notice(row) for row in cases.notices_of(actor_of(request), at=now())]


@notices.post(
    "/{id}/answer",
    response={200: NoticeOut, 401: Problem, 404: Problem, 409: Problem, 410: Problem, 422: Problem},
    url_name="answer_notice",
    summary="陈述申辩: what I have to say, and the wish for a hearing",
)
def answer(request: HttpRequest, id: UUID, body: AnswerNoticeIn) -> dict[str, Any]:
    actor, at = actor_of(request), now()
    answer_notice(actor=actor, party=id, words=body.words, asks=body.asks, uploads=body.uploads, at=at)
    return _notice(cases.notice_for(actor, id, at=at))


def _notice(row: NoticePage) -> dict[str, Any]:
    names = ("id", "matter", "told_at", "answer_until", "held_on", "place", "chair", "is_open", "may_ask")
    told = {name: getattr(row, name) for name in names}
    return {**told, "item": translate.label(row.item), "organ": translate.label(row.organ)}
