"""Writing messages."""

from collections.abc import Mapping
from contextlib import nullcontext
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from yichuang.core import jobs
from yichuang.core.compiled import insert
from yichuang.core.ids import new_id
from yichuang.notices.jobs import deliver
from yichuang.notices.models import Message
from yichuang.notices.rules import write
from yichuang.notices.templates import TEMPLATES
from yichuang.notices.values import Address


def send(
    *,
    address: Address,
    locale: str,
    template: str,
    values: Mapping[str, object],
    at: datetime,
    dedupe: str | None = None,
) -> UUID:
    """Write a message in the caller's transaction and queue its delivery: what rolls back was never sent.

    With `dedupe`, the first message of that key is the only one; its id comes back, nothing is written or queued.
    Raises UnknownTemplate or MissingValues (defects of the caller).
    """
    title, body = write(template, values, locale)
    message = Message(
        id=new_id(),
        kind=address.kind,
        to=address.value,
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
        if not insert([message], once="dedupe"):
            return Message.objects.values_list("id", flat=True).get(dedupe=dedupe)
        if address.kind != "inbox":  # an inbox message is delivered by being there
            jobs.enqueue(deliver, message=message.id)
    return message.id
