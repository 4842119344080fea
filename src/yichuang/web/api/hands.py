"""/tasks/{id}/…: what a task's holder may choose from, and how a task changes hands (转办、加签、退回补查)."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from yichuang.cases import queries as cases
from yichuang.cases.commands.hands import (
    answer_countersign,
    ask_countersign,
    delegate_review,
    send_back_review,
    take_back_review,
    withdraw_countersign,
)
from yichuang.core.clock import now
from yichuang.web.api import translate
from yichuang.web.api.schemas import (
    CountersignIn,
    DelegateIn,
    HandsOut,
    HeadOut,
    Problem,
    QuestionIn,
    ReturnToIn,
    TaskCompleteIn,
    TaskIn,
)
from yichuang.webkit.actor import actor_of

router = Router(tags=["tasks"])
ANSWERS: dict[int, Any] = {200: HeadOut, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}


@router.get(
    "/{id}/hands",
    response={200: HandsOut, 401: Problem, 404: Problem},
    url_name="task_hands",
    summary="Colleagues, steps to send back to, questions asked",
)
def hands(request: HttpRequest, id: UUID) -> dict[str, Any]:
    task, found, number, version = cases.task_for(actor_of(request), id, at=now())
    return {
        "case": number,
        "case_version": version,
        "act": task.act,
        "holds": found.holds,
        "may_take_back": found.may_take_back,
        "colleagues": [{"id": one.id, "name": one.name} for one in found.colleagues],
        "steps_back": [{"node": node, "name": translate.label(name)} for node, name in found.steps_back],
        "asked": [
            {
                "id": one.id,
                "post": one.post,
                "state": one.state,
                "question": one.question,
                "outcome": one.outcome,
                "opinion": one.opinion,
                "by": one.done_name,
            }
            for one in found.questions
        ],
    }


def _given(request: HttpRequest, id: UUID, body: TaskIn) -> dict[str, Any]:
    return {"actor": actor_of(request), "task": id, "version": body.version, "at": now()}


@router.post("/{id}/actions/delegate", response=ANSWERS, url_name="task_delegate", summary="转办: to a named colleague")
def delegate(request: HttpRequest, id: UUID, body: DelegateIn) -> dict[str, Any]:
    return translate.head(delegate_review(**_given(request, id, body), to=body.to, reason=body.reason))


@router.post("/{id}/actions/take-back", response=ANSWERS, url_name="task_take_back", summary="收回转办")
def take_back(request: HttpRequest, id: UUID, body: TaskIn) -> dict[str, Any]:
    return translate.head(take_back_review(**_given(request, id, body)))


@router.post(
    "/{id}/actions/countersign", response=ANSWERS, url_name="task_countersign", summary="加签: ask another post first"
)
def countersign(request: HttpRequest, id: UUID, body: CountersignIn) -> dict[str, Any]:
    return translate.head(ask_countersign(**_given(request, id, body), post=body.post, question=body.question))


@router.post("/{id}/actions/withdraw-question", response=ANSWERS, url_name="task_withdraw_question", summary="撤回加签")
def withdraw_question(request: HttpRequest, id: UUID, body: QuestionIn) -> dict[str, Any]:
    return translate.head(withdraw_countersign(**_given(request, id, body), question=body.question))


@router.post(
    "/{id}/actions/answer", response=ANSWERS, url_name="task_answer", summary="答复加签: give the opinion asked"
)
def answer(request: HttpRequest, id: UUID, body: TaskCompleteIn) -> dict[str, Any]:
    return translate.head(answer_countersign(**_given(request, id, body), outcome=body.outcome, opinion=body.opinion))


@router.post(
    "/{id}/actions/return-to", response=ANSWERS, url_name="task_return_to", summary="退回补查: back to an earlier step"
)
def return_to(request: HttpRequest, id: UUID, body: ReturnToIn) -> dict[str, Any]:
    return translate.head(send_back_review(**_given(request, id, body), to=body.to, reason=body.reason))
