"""Filling the demo's shared bases."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from yichuang.core.actors import SYSTEM
from yichuang.core.clock import local_date
from yichuang.people.queries import list_demo_parties
from yichuang.registry.commands.loading import load_batch
from yichuang.registry.models import Holding, SharedBatch

DAY = timedelta(days=1)
_FILE = "演示数据（合成）"


@transaction.atomic
def load_demo_bases(*, at: datetime, people: int | None = None) -> int:
    """Give every base its made-up givers where the demo has none yet (its people must be there); how many rows are new.

    Givers that said it a day ago or longer say the same again: what nobody confirms grows stale.
    `people`: how many besides the cast (default: two thousand; tests need fewer).
    """
    if not settings.YICHUANG_DEMO:
        raise RuntimeError("demo bases are only for a demo: YICHUANG_DEMO is off")
    first = SharedBatch.objects.filter(source__startswith="demo_").order_by("id").first()
    if Holding.objects.filter(source__startswith="demo_", loaded_at__gt=at - DAY).exists():
        return 0
    from yichuang.registry.demo import PEOPLE, deliveries  # here: only a first start makes up two thousand people

    on = local_date(first.at if first else at)
    given = deliveries(list_demo_parties(), on=on, people=people or PEOPLE)
    return sum(
        load_batch(
            base=one.base, source=one.source, rows=one.rows, whole=one.whole, name=_FILE, actor=SYSTEM, at=at
        ).loaded
        for one in given
    )
