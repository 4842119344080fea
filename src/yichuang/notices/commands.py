"""Writing messages."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from yichuang.core import jobs
from yichuang.core.ids import new_id
from yichuang.notices.jobs import deliver
from yichuang.notices.models import Message
from yichuang.notices.rules import write
from yichuang.notices.templates import TEMPLATES
from yichuang.notices.values import Address


@transaction.atomic
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
    if dedupe is not None and (first := _first_of(dedupe)) is not None:
        return first
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
    try:
        with transaction.atomic():
            message.save(force_insert=True)
    except IntegrityError:
        if dedupe is None or (first := _first_of(dedupe)) is None:
            raise
        return first
    if address.kind != "inbox":  # an inbox message is delivered by being there
        jobs.enqueue(deliver, message=message.id)
    return message.id


def _first_of(dedupe: str) -> UUID | None:
    return Message.objects.filter(dedupe=dedupe).values_list("id", flat=True).first()
