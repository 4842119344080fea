"""Reading messages: the development outbox, and a person's own inbox."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Max, Q, QuerySet

from yichuang.core.masks import mask_email, mask_mobile
from yichuang.core.paging import Page
from yichuang.core.refusals import NotFound, Reason, Refused
from yichuang.core.words import W
from yichuang.notices.models import Message
from yichuang.notices.values import MessageRow


def list_outbox(limit: int = 50, cursor: str | None = None) -> Page[MessageRow]:
    """Every message, newest first, codes included: exists in the demo only; NotFound anywhere else."""
    if not settings.YICHUANG_DEMO:
        raise NotFound(W("页面", "page"))
    messages = _with_state()
    if cursor:
        at, id = _position(cursor)
        messages = messages.filter(Q(created_at__lt=at) | Q(created_at=at, id__lt=id))
    found = list(messages.order_by("-created_at", "-id")[: limit + 1])
    rows = tuple(_row(message) for message in found[:limit])
    more = len(found) > limit
    return Page(rows, f"{rows[-1].created_at.isoformat()}~{rows[-1].id}" if more else None)


def list_inbox(party: UUID, *, limit: int = 100) -> tuple[MessageRow, ...]:
    """What a person was told, newest first; secrets (codes) are left out."""
    messages = _with_state().filter(party=party, secret=False)
    return tuple(_row(message) for message in messages.order_by("-created_at", "-id")[:limit])


def _with_state() -> QuerySet[Message]:
    return Message.objects.annotate(
        tries=Count("deliveries"), went_at=Max("deliveries__at", filter=Q(deliveries__sent=True))
    )


def _row(message: Message) -> MessageRow:
    sent_at: datetime | None = message.went_at  # type: ignore[attr-defined]  # annotated in _with_state
    tries: int = message.tries  # type: ignore[attr-defined]
    if message.kind == "inbox":
        sent_at = message.created_at
    return MessageRow(
        id=message.id,
        kind="inbox" if message.kind == "inbox" else "sms" if message.kind == "sms" else "email",
        to=_masked(message),
        template=message.template,
        title=message.title,
        body=message.body,
        locale=message.locale,
        created_at=message.created_at,
        state="sent" if sent_at else "failed" if tries else "queued",
        sent_at=sent_at,
        attempts=tries,
    )


def _masked(message: Message) -> str:
    match message.kind:
        case "sms":
            return mask_mobile(message.to)
        case "email":
            return mask_email(message.to)
        case _:
            return ""


def _position(cursor: str) -> tuple[datetime, UUID]:
    at, _, id = cursor.rpartition("~")
    try:
        return datetime.fromisoformat(at), UUID(id)
    except ValueError:
        words = W("翻页位置无效，请从第一页开始", "Start again from the first page")
        raise Refused(Reason("CURSOR_UNKNOWN", words, "/cursor")) from None
