"""Settling contradictions between sources (矛盾核实): which one is believed, and why."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from yichuang.core import ledger
from yichuang.core.actors import Actor
from yichuang.core.refusals import Conflict, NotFound, Reason, Refused
from yichuang.core.words import W
from yichuang.registry.models import Contradiction
from yichuang.registry.permissions import check_can_keep

_WHAT = W("数据矛盾", "contradiction")
_REASON = W("请写明核实的经过和理由", "Please say how it was checked, and why")
_KEEP = W("请选择以哪个来源为准", "Choose which source is right")
_CHANGED = W(
    "来源的说法在您打开页面之后有变化，请重新核实",
    "The sources say something else since you opened the page: please check anew",
)
_SETTLED = W("这条矛盾已经核实过", "This contradiction has been settled already")


@transaction.atomic
def settle_contradiction(
    *, actor: Actor, id: UUID, keep: str, reason: str, seen: datetime | None, at: datetime
) -> None:
    """Believe `keep` from now on, as long as the sources go on saying the same.

    `seen`: the `found_at` of what was read (None: nothing was). Conflict when somebody settled it already, or the sources say something else now.
    """
    check_can_keep(actor)
    row = Contradiction.objects.select_for_update(of=("self",)).filter(id=id).order_by("id").first()
    if row is None:
        raise NotFound(_WHAT)
    if row.settled_at is not None:
        raise Conflict(Reason("SETTLED", _SETTLED))
    reasons = [] if keep in row.said else [Reason("SOURCE_UNKNOWN", _KEEP, "/keep")]
    if not reason.strip():
        reasons.append(Reason("REASON_NEEDED", _REASON, "/reason"))
    if reasons:
        raise Refused(*reasons)
    if row.found_at != seen:
        raise Conflict(Reason("CHANGED", _CHANGED))
    row.settled_at, row.kept, row.reason, row.by_id = at, keep, reason.strip()[:1000], actor.id
    row.save(update_fields=["settled_at", "kept", "reason", "by_id"])
    ledger.append(
        act="registry.settle",
        actor=actor,
        at=at,
        subject=ledger.Subject("registry-contradiction", row.id),
        detail={"base": row.base, "field": row.field, "kept": keep},
    )
