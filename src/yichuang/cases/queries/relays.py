"""Reading drafts that go on elsewhere (接力码): for the clerk who opened one, and for its owner who did what."""

from datetime import datetime
from uuid import UUID

from yichuang.cases import messages
from yichuang.cases.draft_marks import mark_of
from yichuang.cases.models import Draft, Relay, RelayStep, Upload
from yichuang.cases.permissions import can_hand_in_files
from yichuang.cases.queries.drafts import get_draft
from yichuang.cases.relaying import AT_A_WINDOW, STEP_WORDS, Relayed, RelayStepRow, Step
from yichuang.core.actors import Actor
from yichuang.core.refusals import NotFound
from yichuang.network import queries as network


def relayed(actor: Actor, relay: UUID, *, at: datetime) -> Relayed:
    """What stands in a draft, for the clerk who opened it in the last two hours; NotFound for everybody else."""
    mine = Relay.objects.filter(
        id=relay, opened_by=actor.id, opened_at__gt=at - AT_A_WINDOW, ended_at=None, expires_at__gt=at
    )
    row = mine.first() if actor.is_staff and can_hand_in_files(actor) else None
    draft = Draft.objects.filter(id=row.draft).first() if row else None
    if row is None or draft is None:
        raise NotFound(messages.RELAY)
    names = _names(draft)
    materials = {
        code: tuple((UUID(one), names[UUID(one)]) for one in ids if UUID(one) in names)
        for code, ids in draft.materials.items()
    }
    return Relayed(
        row.id, draft.id, draft.owner_id, draft.applicant_id or draft.owner_id, draft.item_code, draft.item_version,
        draft.answers, draft.form, materials, frozenset(draft.agreed),
        mark_of(draft.answers, draft.form, draft.materials),
    )  # fmt: skip


def _names(draft: Draft) -> dict[UUID, str]:
    ids = [UUID(one) for ids in draft.materials.values() for one in ids]
    return dict(Upload.objects.filter(id__in=ids, owner=draft.owner_id).order_by("id").values_list("id", "name"))


def relay_steps(actor: Actor, draft: UUID) -> tuple[RelayStepRow, ...]:
    """Who did what with one's own draft, the newest first. NotFound for everybody else's."""
    get_draft(actor, draft)
    rows = RelayStep.objects.filter(draft=draft).order_by("-at", "-id")[:50]
    return tuple(
        RelayStepRow(
            STEP_WORDS[Step(row.what)],
            row.at,
            network.get_place_by_id(row.place_id).name if row.place_id else None,
            row.window,
            row.staff_name,
        )
        for row in rows
    )
