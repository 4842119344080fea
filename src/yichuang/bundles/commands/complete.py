"""补充: what an item's turn found missing is put in by the applicant's side, and its case is filed at once."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from yichuang.bundles import messages
from yichuang.bundles.asked import asked_pointers
from yichuang.bundles.models import Bundle, Part
from yichuang.bundles.permissions import is_applicants_side
from yichuang.bundles.rules import form as forms
from yichuang.bundles.rules.refusal import Fate
from yichuang.bundles.turns import open_part
from yichuang.bundles.vouch import facts_of
from yichuang.core import ledger
from yichuang.core.actors import Actor
from yichuang.core.ledger import Subject
from yichuang.core.refusals import Conflict, NotFound, Reason


@transaction.atomic
def complete_part(*, actor: Actor, number: str, slot: str, form: Mapping[str, Any], at: datetime) -> str:
    """File the case of an item that waits for the applicant, with what was asked; the case's number.

    Of `form` only what was asked counts. Refused with all that the item's rules still find, and then nothing is kept;
    Conflict when nothing is asked (any more).
    """
    bundle = Bundle.objects.select_for_update(of=("self",)).filter(number=number).first()
    parts = {part.slot: part for part in Part.objects.filter(bundle=bundle).order_by("position")} if bundle else {}
    items = [part.item_code for part in parts.values()]
    if bundle is None or not is_applicants_side(actor, bundle.applicant_id, items) or slot not in parts:
        raise NotFound(messages.THE_BUNDLE)
    part = parts[slot]
    if part.fate != Fate.ASKING.value:
        raise Conflict(Reason("NOT_ASKING", messages.NOT_ASKING))
    kept = dict(part.filing or {})
    whole = dict(kept["form"])
    for pointer in asked_pointers(bundle, part):
        value = forms.read(form, pointer)
        if value is not None:
            forms.put(whole, pointer, value)
    part.filing = {**kept, "form": whole}
    case = open_part(bundle, part, parts, actor=actor, at=at)
    ledger.append(
        act="complete-part",
        actor=actor,
        at=at,
        subject=Subject("bundle", bundle.id),
        detail={"slot": slot, "case": case},
        behalf=bundle.applicant_id,
        facts=facts_of(bundle, parts.values()),
    )
    return case
