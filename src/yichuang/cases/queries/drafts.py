"""Reading drafts (草稿): a filing in the making is its owner's alone."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from yichuang.cases import messages
from yichuang.cases.earlier import Earlier, earlier_papers, readable_by
from yichuang.cases.held import offers as held_offers  # for which papers something may be fetched, before it is filed
from yichuang.cases.models import Draft
from yichuang.cases.needs import facts_for
from yichuang.cases.pages import DraftRow
from yichuang.catalog import queries as catalog
from yichuang.catalog.values import Requirements
from yichuang.core.actors import Actor, Channel
from yichuang.core.refusals import NotFound, Reason, Refused
from yichuang.core.words import W

__all__ = ["earlier_offers", "get_draft", "held_offers", "list_drafts", "papers_of_draft"]
DRAFT = W("草稿", "draft")


def get_draft(actor: Actor, draft: UUID) -> DraftRow:
    """A draft, for its owner only; one for somebody else opens while the owner still stands for them (else 403)."""
    row = Draft.objects.filter(id=draft, owner_id=actor.id).first() if actor.kind == "person" else None
    if row is None:
        raise NotFound(DRAFT)
    if row.applicant_id is not None and not actor.acts_for(row.applicant_id, item=row.item_code):
        raise Refused(Reason("NOT_AUTHORISED_FOR", messages.NOT_AUTHORISED_FOR, "/applicant"), kind="forbidden")
    return _draft(row)


def earlier_offers(
    actor: Actor, needs: Requirements, applicant: UUID, *, at: datetime
) -> Mapping[str, tuple[Earlier, ...]]:
    """Papers of the applicant's earlier cases that the item takes once more, of cases whose papers the actor may read."""
    materials = [material.spec for material in needs.materials if not material.held]
    return earlier_papers(materials, applicant, at=at, among=readable_by(actor, applicant))


def list_drafts(actor: Actor) -> tuple[DraftRow, ...]:
    """My drafts, the latest first (at most 50)."""
    if actor.kind != "person":
        return ()
    return tuple(_draft(row) for row in Draft.objects.filter(owner_id=actor.id).order_by("-updated_at", "-id")[:50])


def _draft(row: Draft) -> DraftRow:
    return DraftRow(
        row.id,
        row.item_code,
        row.item_version,
        row.answers,
        row.form,
        row.materials,
        row.applicant_id,
        row.step,
        row.updated_at,
        row.previous_id,
        row.follow_up,
        frozenset(row.agreed),
    )


def papers_of_draft(person: UUID, item_code: str, *, at: datetime) -> tuple[Requirements, frozenset[str]]:
    """What the item asks of a person, as far as their newest draft of it says (without one: whatever may be asked), and the
    papers that stand in it already. No gate: for who was sent to their home (`visits`), and nothing that was typed is told."""
    drafts = Draft.objects.filter(owner=person, item_code=item_code, applicant=None)
    row = drafts.order_by("-updated_at", "-id").first() or Draft(answers={}, form={}, materials={})
    pack = catalog.get_pack(item_code, at=at)
    form = catalog.pruned(pack, row.answers, row.form)
    facts = facts_for(
        pack, person, form, channel=Channel.PORTAL.value, at=at, follow_up=row.follow_up, previous=row.previous_id
    )
    needs = catalog.requirements(pack.code, pack.version, row.answers, form, facts, at)
    return needs, frozenset(code for code, files in row.materials.items() if files)
