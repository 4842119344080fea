"""停滞: what came is not enough for a process to go on. It is tried again, less and less often, and told of once."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from yichuang.core.events import publish
from yichuang.core.refusals import Reason, Refused
from yichuang.core.words import Words
from yichuang.engine.events import ProcessStuck
from yichuang.engine.models import Wait

SOON: Final = timedelta(minutes=1)  # what is refused for want of room or time, and for no fault of its own
AGAIN: Final = (timedelta(hours=1), timedelta(hours=5), timedelta(days=1))  # and once a day from then on


def try_to_go_on(wait: UUID, act: Callable[[], bool], *, at: datetime) -> bool:
    """What `act` answers. Where it refuses, all that it did is undone (a savepoint), the wait is put off, whoever owns the
    subject hears of it (`ProcessStuck`), and the answer is False.

    A wait that is due and always fails would come back each minute, before all others.
    """
    try:
        with transaction.atomic():
            return act()
    except Refused as refused:
        if refused.kind != "too_many":
            _put_off(wait, refused.reasons[0], at)
        elif not Wait.objects.filter(id=wait, kind="timer").update(due_at=at + SOON):
            raise  # a signal comes once: its job is tried again
        return False


def _put_off(wait: UUID, why: Reason, at: datetime) -> None:
    row = Wait.objects.select_for_update(of=("self",)).filter(id=wait).first()
    if row is None:
        return
    row.failures, row.failed_with = row.failures + 1, why.code[:60]
    if row.kind in {"timer", "service", "rule", "send"}:
        row.due_at = at + AGAIN[min(row.failures, len(AGAIN)) - 1]
    row.save(update_fields=["failures", "failed_with", "due_at"])
    if row.failures == 1:
        publish(
            ProcessStuck(
                wait=row.id,
                instance=row.instance_id,
                subject_kind=row.subject_kind,
                subject_id=row.subject_id,
                node=row.node,
                event=row.event,
                name=Words(row.name_zh, row.name_en),
                why=why.words,
                at=at,
            )
        )
