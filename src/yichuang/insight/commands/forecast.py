"""Learning from the days before, and measuring what was told: each may be done again and gives the same."""

from dataclasses import asdict
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from yichuang.core.clock import local_date
from yichuang.insight.models import ForecastDay, WaitModel
from yichuang.insight.rules.hits import tally
from yichuang.insight.rules.hours import hours_of
from yichuang.insight.rules.line import HISTORY, learn, to_json
from yichuang.visits import figures

MEASURED = 7  # days back: what was missed while the program stood still is made up


def learn_waits(*, at: datetime) -> int:
    """Learn every queue anew from the days before today; how many could be learned."""
    today = local_date(at)
    queues = figures.queues_with_history(today - timedelta(days=HISTORY), today - timedelta(days=1))
    WaitModel.objects.exclude(queue__in=queues).delete()
    return sum(learn_queue(queue, at=at) for queue in queues)


@transaction.atomic
def learn_queue(queue: UUID, *, at: datetime) -> bool:
    """Whether there was enough to learn from; what was known before goes when there is not."""
    today = local_date(at)
    rows = figures.history(queue, today - timedelta(days=HISTORY), today - timedelta(days=1))
    model = learn(rows, today)
    if model is None:
        WaitModel.objects.filter(queue=queue).delete()
        return False
    given = {"learned_at": at, "line": to_json(model), "hours": dict(hours_of(rows, today))}
    WaitModel.objects.update_or_create(queue_id=queue, defaults=given)
    return True


@transaction.atomic
def measure_waits(*, at: datetime) -> int:
    """Put beside each other what was told and what came, for each of the last days before today; how many numbers."""
    today = local_date(at)
    since, until = today - timedelta(days=MEASURED), today - timedelta(days=1)
    told = 0
    for queue in figures.queues_with_history(since, until):
        rows = figures.history(queue, since, until)
        for day in sorted({row.day for row in rows}):
            found = tally(row for row in rows if row.day == day)
            ForecastDay.objects.update_or_create(queue_id=queue, day=day, defaults=asdict(found))
            told += found.told
    return told
