"""/administration/messages: what was sent, whether it arrived, and parked messages again; never a text of one."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, P, QueryEx, Router, Schema

from yichuang.core.clock import now
from yichuang.notices import queries as notices
from yichuang.notices.commands import resend_messages
from yichuang.notices.values import LogFilters
from yichuang.web.api import translate
from yichuang.web.api.schemas import In, Label, Problem
from yichuang.webkit.actor import actor_of

router = Router(tags=["administration"])
REFUSALS: dict[int, Any] = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}


class MessageOut(Schema):
    """A line of the message log (消息日志); the address is masked."""

    id: UUID
    kind: Literal["sms", "email", "inbox"]
    to: str
    template: str
    title: Label
    created_at: datetime
    state: Literal["queued", "sent", "failed"]
    sender: str
    sent_at: datetime | None
    attempts: int
    fault: str
    parked: bool
    receipt: Literal["delivered", "undelivered", ""]
    receipt_at: datetime | None
    can_resend: bool


class MessagesOut(Schema):
    items: list[MessageOut]
    next: str | None = None


class TemplateOut(Schema):
    """A template (模板) with the names of the values that it needs."""

    code: str
    title: Label
    body: Label
    values: list[str]
    secret: bool


class ResendIn(In):
    messages: list[UUID] = Field(min_length=1, max_length=500)


class ResentOut(Schema):
    resent: int


@router.get("/messages", response={200: MessagesOut, **REFUSALS}, url_name="messages", summary="The message log")
def messages(
    request: HttpRequest,
    only: QueryEx[Literal["", "parked", "undelivered", "waiting"], P()] = "",
    kind: QueryEx[Literal["", "sms", "email", "inbox"], P()] = "",
    template: QueryEx[str, P(max_length=40)] = "",
    limit: QueryEx[int, P(ge=1, le=100)] = 50,
    cursor: QueryEx[str | None, P(max_length=100)] = None,
) -> dict[str, Any]:
    """The newest first; for system administrators and security auditors."""
    filters = LogFilters(kind=kind, template=template, only=only)
    page = notices.list_messages(actor_of(request), filters, cursor, limit, at=now())
    rows = [
        {
            **{name: getattr(row, name) for name in MessageOut.model_fields if name not in {"title", "id"}},
            "id": row.id,
            "title": translate.label(row.title),
        }
        for row in page.items
    ]
    return {"items": rows, "next": page.next}


@router.get(
    "/messages/templates", response={200: list[TemplateOut], **REFUSALS}, url_name="templates", summary="The templates"
)
def templates(request: HttpRequest) -> list[dict[str, Any]]:
    """What the house says to people, in both languages; braces stand for values."""
    return [
        {
            "code": row.code,
            "title": translate.label(row.title),
            "body": translate.label(row.body),
            "values": list(row.values),
            "secret": row.secret,
        }
        for row in notices.list_templates(actor_of(request))
    ]


@router.post(
    "/messages/resend", response={200: ResentOut, **REFUSALS}, url_name="resend", summary="Try parked messages again"
)
def resend(request: HttpRequest, body: ResendIn) -> dict[str, Any]:
    """The system administrator's: as the same messages, so none reaches anybody twice."""
    return {"resent": resend_messages(actor=actor_of(request), messages=body.messages, at=now())}
