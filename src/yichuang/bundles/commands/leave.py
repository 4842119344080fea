"""退出和撤回: the applicant gives up an item of a package, or all that is not granted yet, while nothing of it is decided."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from yichuang.bundles import messages
from yichuang.bundles.commands.move import go_on, let_go
from yichuang.bundles.leaving import check_may_leave, left_by_all, states_of
from yichuang.bundles.mine import Parts, locked_mine
from yichuang.bundles.models import Bundle, Part
from yichuang.bundles.rules.refusal import Fate
from yichuang.bundles.turns import fates_of
from yichuang.cases import queries as cases
from yichuang.cases.commands.end import withdraw_case
from yichuang.core.actors import Actor
from yichuang.core.refusals import NotFound


@transaction.atomic
def leave_part(*, actor: Actor, number: str, slot: str, reason: str, at: datetime) -> None:
    """退出该项: its case is withdrawn, or it is never filed; what rests on it stops with it, the others go on.

    Conflict once it is decided or has ended; a second press changes nothing.
    """
    bundle, parts = locked_mine(actor, number)
    if slot not in parts:
        raise NotFound(messages.THE_BUNDLE)
    part = parts[slot]
    if part.fate == Fate.LEFT.value:
        return
    check_may_leave(part, states_of(parts))
    _leave(bundle, parts, [part], actor=actor, reason=reason, at=at)


@transaction.atomic
def leave_bundle(*, actor: Actor, number: str, reason: str, at: datetime) -> None:
    """撤回: all that is not decided yet is withdrawn; what was granted stays. Conflict when there is nothing of that kind."""
    bundle, parts = locked_mine(actor, number)
    if bundle.ended_at is not None and Fate.LEFT in fates_of(parts).values():
        return  # a second press
    _leave(bundle, parts, left_by_all(parts), actor=actor, reason=reason, at=at)


def _leave(bundle: Bundle, parts: Parts, left: Iterable[Part], *, actor: Actor, reason: str, at: datetime) -> None:
    before, left = fates_of(parts), list(left)
    rows = cases.case_parts(actor, [part.case_id for part in left if part.case_id], at=at)
    for part in left:
        if part.case_id is None:
            let_go(bundle, part, at=at)
        else:
            row = rows[part.case_id].row
            withdraw_case(actor=actor, number=row.number, version=row.version, reason=reason, at=at)
    go_on(bundle, parts, before, actor=actor, act="leave-bundle", at=at)
