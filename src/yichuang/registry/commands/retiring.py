"""Retiring a local source (停用来源): what it gave goes away, so that its silence holds up nobody. It may give anew."""

from datetime import datetime

from django.db import transaction

from yichuang.core import ledger, sql
from yichuang.core.actors import Actor
from yichuang.core.asked import needs_two
from yichuang.core.refusals import NotFound
from yichuang.core.words import W
from yichuang.registry.models import Holding, SharedRecord
from yichuang.registry.permissions import check_can_keep
from yichuang.registry.values import Base

RETIRE = "retire_source"  # the act that needs a second person (docs/adr/0014, 0026)
A_SOURCE = W("本地来源", "local source")


@transaction.atomic
def retire_source(*, base: Base, source: str, actor: Actor, at: datetime) -> int:
    """Take all records of a giver out of a base: from then on the base is asked without it. How many they were.

    Records by which somebody was refused go away too, so staff need a second person. NotFound where it has given nothing.
    """
    check_can_keep(actor)
    needs_two(RETIRE, actor)
    sql.row("SELECT pg_advisory_xact_lock(hashtext($1::text))", [f"registry.load.{base.value}.{source}"])
    held = Holding.objects.filter(base=base.value, source=source).order_by("id").first()
    if held is None:
        raise NotFound(A_SOURCE)
    records, _ = SharedRecord.objects.filter(base=base.value, source=source).delete()
    id = held.id
    held.delete()
    ledger.append(
        act="registry.retire",
        actor=actor,
        at=at,
        subject=ledger.Subject("registry-holding", id),
        detail={"base": base.value, "source": source, "records": records},
        first=True,
    )
    return records
