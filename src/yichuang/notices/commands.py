"""Writing messages, trying parked ones again, keeping what providers report."""

import logging
from collections.abc import Collection, Mapping
from contextlib import nullcontext
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from yichuang.core import jobs, ledger
from yichuang.core.actors import Actor
from yichuang.core.compiled import build, insert
from yichuang.core.identifiers import normal_mobile
from yichuang.core.ids import new_id
from yichuang.core.refusals import Reason, Refused
from yichuang.core.words import W
from yichuang.notices.jobs import deliver
from yichuang.notices.models import Delivery, Message, ReceiptRow
from yichuang.notices.permissions import check_can_resend
from yichuang.notices.ports import ReceiptRefused, receipt_reader
from yichuang.notices.rules import may_report, write
from yichuang.notices.standing import may_resend, steps_of
from yichuang.notices.texts import TEMPLATES
from yichuang.notices.values import Address, Outcome

log = logging.getLogger(__name__)
RESEND_MOST = 500


def send(
    *,
    address: Address,
    locale: str,
    template: str,
    values: Mapping[str, object],
    at: datetime,
    dedupe: str | None = None,
    fresh: bool = False,
) -> UUID:
    """Write a message in the caller's transaction and queue its delivery: what rolls back was never sent.

    With `dedupe`, the first message of that key is the only one; its id comes back, nothing is written or queued.
    `fresh`: the caller knows that no other act can have the key (its subject was made just now); IntegrityError if so.
    Raises UnknownTemplate or MissingValues (defects of the caller).
    """
    title, body = write(template, values, locale)
    message = build(
        Message,
        id=new_id(),
        kind=address.kind,
        to=normal_mobile(address.value) if address.kind == "sms" else address.value,
        party=address.party,
        locale=locale,
        template=template,
        title=title,
        body=body,
        secret=TEMPLATES[template].secret,
        dedupe=dedupe,
        created_at=at,
    )
    with nullcontext() if connection.in_atomic_block else transaction.atomic():  # a savepoint would cost two statements
        if not insert([message], once="" if fresh else "dedupe"):
            return Message.objects.values_list("id", flat=True).get(dedupe=dedupe)
        if address.kind != "inbox":  # an inbox message is delivered by being there
            jobs.put(deliver, lock=f"message:{message.id}", message=message.id)
    return message.id


@transaction.atomic
def take_receipts(*, sender: str, path: str, headers: Mapping[str, str], body: bytes, at: datetime) -> int:
    """Keep what a provider reports of messages that it took; how many reports were new.

    A report that comes twice is one; one of a message that is not ours, or that another provider took, is left out, so
    that nobody learns which are, and no provider speaks for another.
    Refused (403) RECEIPT_NOT_PROVED where signature or age are wrong.
    """
    try:
        receipts = receipt_reader().read(sender=sender, path=path, headers=headers, body=body, at=at)
    except ReceiptRefused as refused:
        log.warning("receipts of %s were refused: %s", sender[:40], refused)
        words = W("回执签名不正确或已过期", "The signature of the receipt is wrong or too old")
        raise Refused(Reason("RECEIPT_NOT_PROVED", words), kind="forbidden") from None
    told = Message.objects.filter(id__in={r.message for r in receipts}).prefetch_related("deliveries")
    ours = {row.id for row in told if may_report([step.as_try() for step in steps_of(row)], sender)}
    before = ReceiptRow.objects.filter(message_id__in=ours, sender=sender).count()
    rows = [
        ReceiptRow(
            id=new_id(), message_id=r.message, sender=sender, state=r.state, code=r.code[:40], at=r.at, received_at=at
        )
        for r in receipts
        if r.message in ours
    ]
    ReceiptRow.objects.bulk_create(rows, ignore_conflicts=True)
    return ReceiptRow.objects.filter(message_id__in=ours, sender=sender).count() - before


@transaction.atomic
def resend_messages(*, actor: Actor, messages: Collection[UUID], at: datetime) -> int:
    """Try parked messages again, at most 500 at a time: as the same messages, so none reaches anybody twice.

    Refused (403) without the power; NOTHING_TO_RESEND where none of them is parked, or only codes and old ones are:
    a code of yesterday and news of last month help nobody.
    """
    check_can_resend(actor)
    rows = Message.objects.select_for_update(of=("self",)).filter(id__in=list(messages)[:RESEND_MOST]).order_by("id")
    again = [row for row in rows.prefetch_related("deliveries") if may_resend(row, at)]
    if not again:
        raise Refused(
            Reason("NOTHING_TO_RESEND", W("没有可以重发的消息", "None of these messages can be sent again")),
            kind="conflict",
        )
    for row in again:
        Delivery.objects.create(id=new_id(), message=row, sent=False, outcome=Outcome.AGAIN.value, reference="", at=at)
        jobs.enqueue(deliver, lock=f"message:{row.id}", message=row.id)
        ledger.append(act="notices.resend", actor=actor, at=at, subject=ledger.Subject("message", row.id))
    return len(again)
