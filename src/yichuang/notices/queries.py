"""Reading messages: the development outbox, a person's own inbox, the message log of administrators."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from yichuang.core.actors import Actor
from yichuang.core.masks import mask_email, mask_mobile
from yichuang.core.paging import Page, bad_cursor
from yichuang.core.refusals import NotFound
from yichuang.core.words import W
from yichuang.notices.models import Delivery, Message, ReceiptRow
from yichuang.notices.permissions import check_can_read_log
from yichuang.notices.rules import is_parked, needed, sms_parts
from yichuang.notices.standing import may_resend, steps_of
from yichuang.notices.texts import TEMPLATES
from yichuang.notices.values import Kind, LogFilters, LogRow, MessageRow, Outcome, TemplateRow

# what counts as a try: an offer to a sender; rows of the first slice know only that there was one
OFFER = Q(deliveries__outcome__in=["", Outcome.BEGUN.value])
FAULTS = frozenset({Outcome.FAILED, Outcome.UNKNOWN, Outcome.REFUSED, Outcome.LATER, Outcome.PARKED})


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


def is_written(dedupes: Collection[str]) -> bool:
    """Whether a message of one of these keys was written before (`commands.send`)."""
    return Message.objects.filter(dedupe__in=dedupes).exists()


def list_inbox(party: UUID, *, limit: int = 100) -> tuple[MessageRow, ...]:
    """What a person was told, newest first; secrets (codes) are left out."""
    messages = _with_state().filter(party=party, secret=False)
    return tuple(_row(message) for message in messages.order_by("-created_at", "-id")[:limit])


def page_inbox(party: UUID, *, limit: int = 20, cursor: str | None = None) -> Page[MessageRow]:
    """The same, page by page. `party` may also be a member of staff: what is addressed to their id."""
    messages = _with_state().filter(party=party, secret=False)
    if cursor:
        at, id = _position(cursor)
        messages = messages.filter(Q(created_at__lt=at) | Q(created_at=at, id__lt=id))
    found = list(messages.order_by("-created_at", "-id")[: limit + 1])
    rows = tuple(_row(message) for message in found[:limit])
    more = len(found) > limit
    return Page(rows, f"{rows[-1].created_at.isoformat()}~{rows[-1].id}" if more else None)


def list_messages(
    actor: Actor, filters: LogFilters | None = None, cursor: str | None = None, limit: int = 50, *, at: datetime
) -> Page[LogRow]:
    """The message log (消息日志), newest first: when, how, whether, by whom, how fast; never the text.

    Refused (403) for who is neither system administrator nor security auditor.
    """
    check_can_read_log(actor)
    chosen = filters or LogFilters()
    messages = Message.objects.filter(**_plain_filters(chosen)).filter(_only(chosen.only))
    if cursor:
        before, id = _position(cursor)
        messages = messages.filter(Q(created_at__lt=before) | Q(created_at=before, id__lt=id))
    newest = messages.prefetch_related("deliveries", "receipts").order_by("-created_at", "-id")
    found = list(newest[: limit + 1])
    rows = tuple(_log_row(message, at) for message in found[:limit])
    more = len(found) > limit
    return Page(rows, f"{rows[-1].created_at.isoformat()}~{rows[-1].id}" if more else None)


def list_templates(actor: Actor) -> tuple[TemplateRow, ...]:
    """What the house says to people, by code. Refused (forbidden) unless the actor may read the message log."""
    check_can_read_log(actor)
    return tuple(
        TemplateRow(code, one.title, one.body, tuple(sorted(needed(one))), one.secret)
        for code, one in sorted(TEMPLATES.items())
    )


def _plain_filters(chosen: LogFilters) -> dict[str, object]:
    wanted = {
        "kind": chosen.kind,
        "template": chosen.template,
        "party": chosen.party,
        "created_at__gte": chosen.since,
        "created_at__lt": chosen.until,
    }
    return {name: value for name, value in wanted.items() if value}


def _only(wanted: str) -> Q:
    """Lines that need a person. Parked and tried again later counts as waiting."""
    steps = Delivery.objects.filter(message=OuterRef("id"))
    sent = Exists(steps.filter(sent=True))
    match wanted:
        case "parked":
            return Q(Exists(steps.filter(outcome=Outcome.PARKED.value))) & ~Q(sent) & ~Q(_again_after_parking(steps))
        case "undelivered":
            reports = ReceiptRow.objects.filter(message=OuterRef("id"))
            return Q(Exists(reports.filter(state="undelivered"))) & ~Q(Exists(reports.filter(state="delivered")))
        case "waiting":
            parked = Exists(steps.filter(outcome=Outcome.PARKED.value))
            return ~Q(kind="inbox") & ~Q(sent) & (~Q(parked) | Q(_again_after_parking(steps)))
        case _:
            return Q()


def _again_after_parking(steps: QuerySet[Delivery]) -> Exists:
    later = Delivery.objects.filter(message=OuterRef("message"), outcome=Outcome.PARKED.value, at__gt=OuterRef("at"))
    return Exists(steps.filter(outcome=Outcome.AGAIN.value).exclude(Exists(later)))


def _log_row(message: Message, at: datetime) -> LogRow:
    steps = steps_of(message)
    history = [step.as_try() for step in steps]
    sent = next((step for step in steps if step.sent), None)
    sent_at = message.created_at if message.kind == "inbox" else sent.at if sent else None
    receipt = _receipt_of(message)
    faults = [step.reference for step, what in zip(steps, history, strict=True) if what.outcome in FAULTS]
    return LogRow(
        id=message.id,
        kind=_kind(message),
        to=_masked(message),
        template=message.template,
        title=TEMPLATES[message.template].title
        if message.template in TEMPLATES
        else W(message.template, message.template),
        locale=message.locale,
        created_at=message.created_at,
        state="sent" if sent_at else "failed" if faults else "queued",
        sender=sent.sender if sent else "",
        sent_at=sent_at,
        seconds=max((sent_at - message.created_at).total_seconds(), 0.0) if sent_at else None,
        attempts=sum(step.outcome in {"", Outcome.BEGUN.value} for step in steps),
        fault="" if sent_at or not faults else faults[-1],
        parked=is_parked(history) and sent is None,
        receipt="" if receipt is None else "delivered" if receipt.state == "delivered" else "undelivered",
        receipt_at=receipt.at if receipt else None,
        receipt_code=receipt.code if receipt else "",
        parts=sms_parts(message.body) if message.kind == "sms" else 0,
        can_resend=may_resend(message, at),
    )


def _receipt_of(message: Message) -> ReceiptRow | None:
    """What was reported in the end: that it arrived beats that it had not yet."""
    return min(message.receipts.all(), key=lambda row: (row.state != "delivered", row.received_at), default=None)


def _kind(message: Message) -> Kind:
    return "inbox" if message.kind == "inbox" else "sms" if message.kind == "sms" else "email"


def _with_state() -> QuerySet[Message]:
    return Message.objects.annotate(
        tries=Count("deliveries", filter=OFFER), went_at=Max("deliveries__at", filter=Q(deliveries__sent=True))
    )


def _row(message: Message) -> MessageRow:
    sent_at: datetime | None = message.went_at  # type: ignore[attr-defined]  # annotated in _with_state
    tries: int = message.tries  # type: ignore[attr-defined]  # likewise
    if message.kind == "inbox":
        sent_at = message.created_at
    return MessageRow(
        id=message.id,
        kind=_kind(message),
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
        raise bad_cursor() from None
