"""Handing a message over, once."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from yichuang.core.ids import new_id
from yichuang.notices.models import Delivery, Message
from yichuang.notices.ports import sender_for
from yichuang.notices.values import Kind, Outgoing


@transaction.atomic
def deliver_message(*, message: UUID, at: datetime) -> None:
    """Hand the message to its sender, once. A failure is raised, so that the job is tried again.

    The row is locked meanwhile: two workers cannot both send. After a crash between sending and commit the sender gets
    the same id again, which it must know (`ports.Sender`).
    """
    row = Message.objects.select_for_update(of=("self",)).get(id=message)
    if Delivery.objects.filter(message=row, sent=True).exists():
        return
    reference = sender_for(row.kind).send(_outgoing(row))
    Delivery.objects.create(id=new_id(), message=row, sent=True, reference=reference, at=at)


def _outgoing(row: Message) -> Outgoing:
    kind: Kind = "sms" if row.kind == "sms" else "email"
    return Outgoing(id=row.id, kind=kind, to=row.to, title=row.title, body=row.body, locale=row.locale)


@transaction.atomic
def record_failure(*, message: UUID, fault: str, at: datetime) -> None:
    """Keep that a try failed, and how; never what was in it."""
    Delivery.objects.create(id=new_id(), message_id=message, sent=False, reference=fault[:100], at=at)
