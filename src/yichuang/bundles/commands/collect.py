"""领取: the results on paper that waited for each other are called once; or handed over early, as the applicant wishes."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from yichuang.bundles import messages
from yichuang.bundles.delivery import let_go_of, names_of, states_of_paper
from yichuang.bundles.mine import locked_mine, parts_of
from yichuang.bundles.models import Bundle
from yichuang.bundles.rules.delivery import Handover
from yichuang.bundles.tellings import tell_ready
from yichuang.bundles.vouch import facts_of
from yichuang.cases.states import State
from yichuang.core import ledger
from yichuang.core.actors import Actor
from yichuang.core.ledger import Subject
from yichuang.core.refusals import Conflict, Reason


@transaction.atomic
def collect_early(*, actor: Actor, number: str, at: datetime) -> None:
    """先领已办成的: nothing of the package waits for another any more. Conflict when nothing does; a second press is none."""
    bundle, parts = locked_mine(actor, number)
    if bundle.handover == Handover.EARLY.value:
        return
    if bundle.handover != Handover.TOGETHER.value or bundle.ended_at is not None:
        raise Conflict(Reason("NOTHING_WAITS", messages.NOTHING_WAITS))
    bundle.handover = Handover.EARLY.value
    bundle.save(update_fields=["handover"])
    let_go_of(bundle, parts, at=at)
    ledger.append(
        act="collect-early",
        actor=actor,
        at=at,
        subject=Subject("bundle", bundle.id),
        behalf=bundle.applicant_id,
        facts=facts_of(bundle, parts.values()),
    )


@transaction.atomic
def call_for_results(*, bundle: UUID, at: datetime) -> bool:
    """Tell the applicant's side once what lies ready now, when nothing of it is still being made. False: nobody was called.

    Of packages whose results wait for each other; the others are called case by case.
    """
    row = Bundle.objects.select_for_update(of=("self",)).get(id=bundle)
    if row.handover == Handover.EACH.value:
        return False
    states = states_of_paper(parts_of(row))
    ready = [part for part, state in states if state is State.READY]
    if not ready or any(state is State.GRANTED for _, state in states):
        return False
    tell_ready(row, items=names_of(ready), slots=[part.slot for part in ready], at=at)
    return True
