"""/cases/{number}/actions/… of the turns a case can take (docs/adr/0009-turns.md), with what they take."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Path, Router, Schema
from pydantic import Field

from yichuang.cases import queries as cases
from yichuang.cases.commands.ask import answer_question, ask_specialist
from yichuang.cases.commands.carry import receive_result, send_result
from yichuang.cases.commands.duty import set_duty
from yichuang.cases.commands.prioritise import end_priority, give_priority
from yichuang.cases.commands.transfer import transfer_case
from yichuang.cases.pages import DutyPage, QuestionWork
from yichuang.cases.turns import TransferGround
from yichuang.cases.values import Category
from yichuang.core.clock import now
from yichuang.web.api import translate
from yichuang.web.api.acting import acted
from yichuang.web.api.schemas import HeadOut, In, Label, Problem, VersionIn
from yichuang.webkit.actor import actor_of

router = Router(tags=["actions"])
questions = Router(tags=["questions"])
duty = Router(tags=["questions"])
ANSWERS: dict[int, Any] = {200: HeadOut, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}


class AskIn(In):
    text: str = Field(description="to the department's duty specialist")


class AnswerIn(In):
    text: str
    for_knowledge: bool = Field(default=False, description="of use beyond this case; it names nobody")


class DutyAskedOut(Schema):
    id: UUID


class DutyQuestionOut(Schema):
    id: UUID
    case: str
    item: Label
    text: str
    asked_at: datetime
    asked_by: str
    answer: str
    answered_at: datetime | None
    answered_by: str
    for_knowledge: bool


class DutyQuestionsOut(Schema):
    waiting: list[DutyQuestionOut]
    answered: list[DutyQuestionOut]


class PriorityIn(In):
    category: str = Field(description="one of " + ", ".join(category.value for category in Category))


class SendIn(VersionIn):
    carrier: str = Field(description="how it travels: messenger, courier, waybill number")


class TransferIn(VersionIn):
    ground: str = Field(description="one of " + ", ".join(ground.value for ground in TransferGround))
    reason: str
    to_place: str = Field(default="", description="code of the place; this or `to_department`")
    to_department: str = Field(default="", description="code of the department; after acceptance only")


@router.post(
    "/send-result",
    response=ANSWERS,
    url_name="send_result",
    summary="全城通办: the result leaves the responsible place",
)
def send(request: HttpRequest, number: Path[str], body: SendIn) -> dict[str, Any]:
    return acted(send_result, request, number, body)


@router.post(
    "/receive-result",
    response=ANSWERS,
    url_name="receive_result",
    summary="全城通办: the result has reached the place that took the filing",
)
def receive(request: HttpRequest, number: Path[str], body: VersionIn) -> dict[str, Any]:
    return acted(receive_result, request, number, body)


@router.post(
    "/transfer",
    response=ANSWERS,
    url_name="transfer",
    summary="移送: to the place or department that is competent; the clock goes on",
)
def transfer(request: HttpRequest, number: Path[str], body: TransferIn) -> dict[str, Any]:
    return acted(transfer_case, request, number, body)


@router.post(
    "/give-priority",
    response=ANSWERS,
    url_name="give_priority",
    summary="优先办理: put the case forward, no evidence asked",
)
def put_forward(request: HttpRequest, number: Path[str], body: PriorityIn) -> dict[str, Any]:
    return translate.head(give_priority(actor=actor_of(request), number=number, category=body.category, at=now()))


@router.post("/end-priority", response=ANSWERS, url_name="end_priority", summary="优先办理: take it back")
def take_back(request: HttpRequest, number: Path[str]) -> dict[str, Any]:
    return translate.head(end_priority(actor=actor_of(request), number=number, at=now()))


@router.post(
    "/ask",
    response={**ANSWERS, 200: DutyAskedOut},
    url_name="ask",
    summary="中台支撑: ask the department's duty specialist",
)
def ask(request: HttpRequest, number: Path[str], body: AskIn) -> dict[str, Any]:
    return {"id": ask_specialist(actor=actor_of(request), number=number, text=body.text, at=now())}


@questions.get(
    "", response={200: DutyQuestionsOut, 401: Problem}, url_name="questions", summary="值班咨询 of my departments"
)
def listed(request: HttpRequest) -> dict[str, Any]:
    waiting, answered = cases.list_questions(actor_of(request), at=now())
    return {"waiting": _questions(waiting), "answered": _questions(answered)}


@questions.post(
    "/{id}/answer",
    response={200: DutyQuestionsOut, 401: Problem, 404: Problem, 409: Problem, 422: Problem},
    url_name="answer_question",
    summary="The duty specialist answers, once",
)
def answer(request: HttpRequest, id: UUID, body: AnswerIn) -> dict[str, Any]:
    answer_question(actor=actor_of(request), question=id, text=body.text, for_knowledge=body.for_knowledge, at=now())
    return listed(request)


def _questions(rows: Iterable[QuestionWork]) -> list[dict[str, Any]]:
    return [
        {
            "id": row.question.id,
            "case": row.number,
            "item": translate.label(row.item),
            "text": row.question.text,
            "asked_at": row.question.asked_at,
            "asked_by": row.question.asked_by,
            "answer": row.question.answer,
            "answered_at": row.question.answered_at,
            "answered_by": row.question.answered_by,
            "for_knowledge": row.question.for_knowledge,
        }
        for row in rows
    ]


class DutyDayOut(Schema):
    day: date
    half: str = Field(description="am, pm")
    staff: UUID | None = Field(description="none: a gap")
    name: str


class DutyOut(Schema):
    code: str
    name: Label
    days: list[DutyDayOut]
    may_set: bool


class SetDutyIn(In):
    department: str = Field(description="its code")
    day: date
    half: Literal["am", "pm"]
    staff: UUID | None = Field(None, description="none: nobody")


@duty.get("", response={200: list[DutyOut], 401: Problem}, url_name="duty", summary="值班表 of my departments")
def roster(request: HttpRequest) -> list[dict[str, Any]]:
    return [_roster(page) for page in cases.duty_pages(actor_of(request), at=now())]


@duty.post(
    "",
    response={200: list[DutyOut], 401: Problem, 403: Problem, 404: Problem, 422: Problem},
    url_name="set_duty",
    summary="值班: who answers on half a day",
)
def put_on_duty(request: HttpRequest, body: SetDutyIn) -> list[dict[str, Any]]:
    actor, at = actor_of(request), now()
    set_duty(actor=actor, department=body.department, day=body.day, half=body.half, staff=body.staff, at=at)
    return [_roster(page) for page in cases.duty_pages(actor, at=at)]


def _roster(page: DutyPage) -> dict[str, Any]:
    return {"code": page.code, "name": translate.label(page.name), "days": list(page.days), "may_set": page.may_set}
