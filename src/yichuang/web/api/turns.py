"""/cases/{number}/actions/… of the turns a case can take (docs/adr/0009-turns.md), with what they take."""

from typing import Any

from django.http import HttpRequest
from ninja import Path, Router
from pydantic import Field

from yichuang.cases.commands.carry import receive_result, send_result
from yichuang.cases.commands.prioritise import end_priority, give_priority
from yichuang.cases.values import Category
from yichuang.core.clock import now
from yichuang.web.api import translate
from yichuang.web.api.schemas import HeadOut, In, Problem, VersionIn
from yichuang.webkit.actor import actor_of
from yichuang.webkit.acts import given

router = Router(tags=["actions"])
ANSWERS: dict[int, Any] = {200: HeadOut, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}


class PriorityIn(In):
    category: str = Field(description="one of " + ", ".join(category.value for category in Category))


class SendIn(VersionIn):
    carrier: str = Field(description="how it travels: messenger, courier, waybill number")


@router.post(
    "/send-result",
    response=ANSWERS,
    url_name="send_result",
    summary="全城通办: the result leaves the responsible place",
)
def send(request: HttpRequest, number: Path[str], body: SendIn) -> dict[str, Any]:
    return translate.head(send_result(**given(request, number, body.version), carrier=body.carrier))


@router.post(
    "/receive-result",
    response=ANSWERS,
    url_name="receive_result",
    summary="全城通办: the result has reached the place that took the filing",
)
def receive(request: HttpRequest, number: Path[str], body: VersionIn) -> dict[str, Any]:
    return translate.head(receive_result(**given(request, number, body.version)))


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
