"""草稿: a package in the making, kept at every step; and the files that go with it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from yichuang.bundles import messages
from yichuang.bundles.models import PackageDraft
from yichuang.bundles.packages import package_by_id
from yichuang.bundles.permissions import why_not_file
from yichuang.cases import queries as cases
from yichuang.core.actors import Actor
from yichuang.core.refusals import NotFound, Reason, Refused, refuse_all


@transaction.atomic
def begin_draft(*, actor: Actor, package: UUID, applicant: UUID, form: Mapping[str, Any], at: datetime) -> UUID:
    """A new draft of a published version for an applicant whom the actor may stand for."""
    if actor.kind != "person" or actor.id is None:
        raise Refused(Reason("SIGN_IN_FIRST", messages.SIGN_IN), kind="signed_out")
    refuse_all(why_not_file(actor, package_by_id(package), applicant), kind="forbidden")
    row = PackageDraft.objects.create(
        owner_id=actor.id, package_id=package, applicant_id=applicant, form=dict(form), created_at=at, updated_at=at
    )
    return row.id


@transaction.atomic
def keep_draft(
    *,
    actor: Actor,
    draft: UUID,
    at: datetime,
    answers: Mapping[str, str] | None = None,
    form: Mapping[str, Any] | None = None,
    step: str | None = None,
    package: UUID | None = None,
) -> None:
    """Save what changed, right or wrong; what is wrong is told by the check, never by losing words."""
    row = _mine(actor, draft)
    row.answers = row.answers if answers is None else dict(answers)
    row.form = row.form if form is None else dict(form)
    row.step = row.step if step is None else step
    row.package_id = row.package_id if package is None else package
    row.updated_at = at
    row.save()


@transaction.atomic
def attach_file(*, actor: Actor, draft: UUID, slot: str, material: str, upload: UUID, at: datetime) -> None:
    """Put one of the owner's files to a material of one item. The draft is locked, so that two uploads at once both stay."""
    row = _mine(actor, draft)
    if not cases.list_uploads(actor, [upload]):
        raise NotFound(messages.THE_DRAFT)
    _put(row, slot, material, [*_held(row, slot, material), str(upload)], at)


@transaction.atomic
def detach_file(*, actor: Actor, draft: UUID, slot: str, material: str, upload: UUID, at: datetime) -> None:
    """Take a file out of the draft; one that is not there is left alone (a second press)."""
    row = _mine(actor, draft)
    _put(row, slot, material, [id for id in _held(row, slot, material) if id != str(upload)], at)


def _held(row: PackageDraft, slot: str, material: str) -> list[str]:
    return list(row.materials.get(slot, {}).get(material, ()))


def _put(row: PackageDraft, slot: str, material: str, ids: list[str], at: datetime) -> None:
    row.materials = {**row.materials, slot: {**row.materials.get(slot, {}), material: ids}}
    row.updated_at = at
    row.save()


@transaction.atomic
def discard_draft(*, actor: Actor, draft: UUID, at: datetime) -> None:
    """Throw a draft away, at its owner's wish."""
    _locked(actor, draft).delete()


def _locked(actor: Actor, draft: UUID) -> PackageDraft:
    mine = PackageDraft.objects.select_for_update(of=("self",)).filter(id=draft, owner_id=actor.id)
    row = mine.first() if actor.kind == "person" else None
    if row is None:
        raise NotFound(messages.THE_DRAFT)
    return row


def _mine(actor: Actor, draft: UUID) -> PackageDraft:
    """Locked, and the owner still stands for whom it is for: else nothing of it is read or changed, only thrown away."""
    row = _locked(actor, draft)
    refuse_all(why_not_file(actor, package_by_id(row.package_id), row.applicant_id), kind="forbidden")
    return row
