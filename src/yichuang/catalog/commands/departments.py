"""Closing a department (撤销部门): not while people can still apply for something of its own."""

from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q

from yichuang.catalog.models import ItemVersion
from yichuang.catalog.store import read_row
from yichuang.core.actors import Actor
from yichuang.core.asked import needs_two
from yichuang.core.refusals import Reason, Refused
from yichuang.core.words import W
from yichuang.network import commands as network
from yichuang.network.permissions import check_can_change_network

_STILL_PUBLISHED = W(
    "还有 {n} 个已发布的事项写明由它办理（{items}），请先发布改换部门的新版本，或者下线",
    "Published items that name it: {n} ({items}). Publish versions that name another department first, or withdraw them",
)
CLOSE = "close_department"  # needs a second person
_NAMED = 3  # items that the refusal names


@transaction.atomic
def close_department(*, actor: Actor, code: str, at: datetime) -> None:
    """Close the department, as `network.commands.close_department`, which asks for assignments and authorisations.

    Refused (conflict) too while a published version that applies, or is to apply, names it. Its cases go on.
    """
    check_can_change_network(actor)
    needs_two(CLOSE, actor)
    lock_department(code, closing=True)
    open_now = Q(retired_at__isnull=True) | Q(retired_at__gt=at)
    rows = ItemVersion.objects.filter(open_now, department=code).order_by("code")
    found = {item.code: item.name for item in map(read_row, rows.values_list("row", flat=True))}
    reasons: tuple[Reason, ...] = ()
    if found:
        named = list(found.values())[:_NAMED]
        items = W("、".join(name.zh for name in named), ", ".join(name.en for name in named))
        reasons = (Reason("STILL_PUBLISHED", _STILL_PUBLISHED.format(n=len(found), items=items)),)
    try:
        network.close_department(actor=actor, code=code, at=at)
    except Refused as refused:
        if refused.kind != "conflict":
            raise
        raise Refused(*refused.reasons, *reasons, kind="conflict") from None
    if reasons:
        raise Refused(*reasons, kind="conflict")


def lock_department(code: str, *, closing: bool) -> None:
    """Until the end of the transaction: nobody closes the department while an item of it is published, nor the reverse.

    Publishers do not wait for each other.
    """
    how = "pg_advisory_xact_lock" if closing else "pg_advisory_xact_lock_shared"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {how}(hashtextextended(%s, 0))", [f"catalog:department:{code}"])
