"""补充: what an item's turn found missing is put in by the applicant's side, and its case is filed at once."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db import transaction

from yichuang.bundles import messages
from yichuang.bundles.asked import PAPERS, answered, filled, own_files, pack_now, with_giver
from yichuang.bundles.mine import Parts, locked_mine
from yichuang.bundles.models import Bundle, Part
from yichuang.bundles.rules.refusal import Fate
from yichuang.bundles.turns import open_late
from yichuang.bundles.vouch import facts_of
from yichuang.core import ledger
from yichuang.core.actors import Actor
from yichuang.core.ledger import Subject
from yichuang.core.refusals import Conflict, NotFound, Reason, Refused

Papers = Mapping[str, Sequence[UUID]]  # material code → uploads
NONE: Mapping[str, Any] = MappingProxyType({})


@transaction.atomic
def complete_part(
    *,
    actor: Actor,
    number: str,
    slot: str,
    form: Mapping[str, Any],
    at: datetime,
    answers: Mapping[str, str] = NONE,
    materials: Papers = NONE,
) -> str:
    """File the case of an item that waits for the applicant, with what was asked; the case's number.

    Of `form` and `answers` only what was asked counts; `materials` replace what was handed in for these papers. With nothing
    given it is tried again as it is. Refused with all that the item's rules still find, and then nothing is kept; Conflict
    when nothing is asked (any more).
    """
    bundle, parts, part = _asking(actor, number, slot)
    kept, pack = dict(part.filing or {}), pack_now(part, at)
    told = answered(pack, kept["answers"], answers)
    part.filing = {**kept, "answers": told, "form": filled(bundle, part, pack, told, form, at=at)}
    for code, ids in materials.items():
        _put(actor, part, code, ids)
    case = open_late(bundle, part, parts, actor=actor, at=at)
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


@transaction.atomic
def attach_paper(*, actor: Actor, number: str, slot: str, material: str, upload: UUID, at: datetime) -> None:
    """Put one of the actor's own files to a paper of an item that waits for the applicant; it is filed with the item."""
    bundle, parts, part = _asking(actor, number, slot)
    _put(actor, part, material, [*_held(part, material), upload], new=[upload])
    _keep(bundle, parts, part, actor, at)


@transaction.atomic
def detach_paper(*, actor: Actor, number: str, slot: str, material: str, upload: UUID, at: datetime) -> None:
    """Take a file out again; one that is not there is left alone (a second press)."""
    bundle, parts, part = _asking(actor, number, slot)
    _put(actor, part, material, [id for id in _held(part, material) if id != upload], new=[])
    _keep(bundle, parts, part, actor, at)


def _asking(actor: Actor, number: str, slot: str) -> tuple[Bundle, Parts, Part]:
    bundle, parts = locked_mine(actor, number)
    if slot not in parts:
        raise NotFound(messages.THE_BUNDLE)
    if parts[slot].fate != Fate.ASKING.value:
        raise Conflict(Reason("NOT_ASKING", messages.NOT_ASKING))
    return bundle, parts, parts[slot]


def _held(part: Part, material: str) -> list[UUID]:
    return [UUID(id) for id in (part.filing or {})["materials"].get(material, ())]


def _put(actor: Actor, part: Part, material: str, ids: Sequence[UUID], new: Sequence[UUID] | None = None) -> None:
    """These files for a paper. Those that are new (all, if not named) must be the actor's own."""
    fresh = ids if new is None else new
    if not own_files(actor, fresh):
        raise Refused(Reason("UNKNOWN_UPLOAD", messages.NOT_YOUR_FILE, f"{PAPERS}{material}"))
    kept = dict(part.filing or {})
    if fresh and actor.id is not None:
        kept = with_giver(kept, actor.id)
    part.filing = {**kept, "materials": {**kept["materials"], material: [str(id) for id in ids]}}


def _keep(bundle: Bundle, parts: Parts, part: Part, actor: Actor, at: datetime) -> None:
    part.save(update_fields=["filing"])
    ledger.append(
        act="complete-papers",
        actor=actor,
        at=at,
        subject=Subject("bundle", bundle.id),
        detail={"slot": part.slot},
        behalf=bundle.applicant_id,
        facts=facts_of(bundle, parts.values()),
    )
