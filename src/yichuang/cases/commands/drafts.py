"""Drafts (草稿): a filing in the making, saved at every step; and the files that go with it."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from yichuang.cases import messages
from yichuang.cases.commands.signing import void_if_changed
from yichuang.cases.earlier import earlier_papers, readable_by
from yichuang.cases.models import Draft, Upload
from yichuang.cases.permissions import can_hand_in_files
from yichuang.cases.storage import keep_file, own_files, read_file
from yichuang.cases.values import UploadRow
from yichuang.catalog import queries as catalog
from yichuang.core import faults
from yichuang.core.actors import Actor
from yichuang.core.clock import local
from yichuang.core.refusals import NotFound, Reason, Refused
from yichuang.core.words import W

DRAFT = W("草稿", "draft")
FILE = W("文件", "file")
SIGN_IN = W("请先登录再保存草稿", "Please sign in to save a draft")
MAX_UPLOADS_A_DAY = 200
MAX_UPLOADS_A_LINK = 60  # per case and day: nobody has signed in there
TOO_MANY = W(
    "今天上传的文件过多（上限 {limit} 个），请明天再试或到窗口办理",
    "Too many files today (limit {limit}); try tomorrow or at a window",
)


@transaction.atomic
def save_draft(
    *,
    actor: Actor,
    item_code: str,
    item_version: int,
    answers: Mapping[str, object],
    form: Mapping[str, object],
    materials: Mapping[str, list[str]],
    applicant: UUID | None,
    step: str,
    at: datetime,
    draft: UUID | None = None,
    previous: UUID | None = None,
    follow_up: str = "",
) -> UUID:
    """Save what was typed, complete or not; faults are told at the check, never by losing words. Returns the draft's id.

    `previous` is the case that a new draft takes up again, or with `follow_up` (change, renew, replace) whose result it
    follows; a draft that is there keeps its own.
    """
    if actor.kind != "person" or actor.id is None:
        raise Refused(Reason("SIGN_IN_FIRST", SIGN_IN), kind="signed_out")
    values = {
        "answers": dict(answers),
        "form": dict(form),
        "materials": dict(materials),
        "applicant_id": applicant,
        "step": step,
        "updated_at": at,
        "item_version": item_version,
    }
    if draft is None:
        values["previous_id"], values["follow_up"] = previous, follow_up if previous else ""
        return Draft.objects.create(owner_id=actor.id, item_code=item_code, created_at=at, **values).id
    row = Draft.objects.select_for_update(of=("self",)).filter(id=draft, owner_id=actor.id).first()
    if row is None:
        raise NotFound(DRAFT)
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    void_if_changed(row.id, actor=actor, at=at)
    return row.id


@transaction.atomic
def attach_upload(*, actor: Actor, draft: UUID, material: str, upload: UUID, at: datetime) -> None:
    """Put one of the owner's files to a material of the draft. The draft is locked, so that two uploads at once both stay."""
    row = _locked(actor, draft)
    if not Upload.objects.filter(id=upload, owner_id=actor.id, case=None).exists():
        raise NotFound(FILE)
    row.materials = {**row.materials, material: [*row.materials.get(material, ()), str(upload)]}
    row.updated_at = at
    row.save()
    void_if_changed(row.id, actor=actor, at=at)


@transaction.atomic
def detach_upload(*, actor: Actor, draft: UUID, material: str, upload: UUID, at: datetime) -> None:
    """Take a file out of the draft; one that is not there is left alone (a second press)."""
    row = _locked(actor, draft)
    kept = [id for id in row.materials.get(material, ()) if id != str(upload)]
    row.materials = {**row.materials, material: kept}
    row.updated_at = at
    row.save()
    void_if_changed(row.id, actor=actor, at=at)


@transaction.atomic
def agree_to_fetch(*, actor: Actor, draft: UUID, material: str, agreed: bool, at: datetime) -> None:
    """Let us fetch what stands for a paper when this is filed, or no longer (免证办, by consent). Nothing is asked before.

    What is agreed to counts with the filing, where the ledger has it; until then it is a wish of the draft.
    """
    row = _locked(actor, draft)
    row.agreed = sorted({*row.agreed, material} if agreed else {*row.agreed} - {material})
    row.updated_at = at
    row.save()
    void_if_changed(row.id, actor=actor, at=at)


@transaction.atomic
def use_earlier(*, actor: Actor, draft: UUID, material: str, earlier: UUID, at: datetime) -> None:
    """Put the files of an earlier paper of the same applicant to the draft (用上次交过的); each case keeps its own copies.

    NotFound for a paper that is not theirs to use, is too old, or that the item does not take once more. Used once only.
    """
    row = _locked(actor, draft)
    applicant = row.applicant_id or row.owner_id
    if not actor.acts_for(applicant, item=row.item_code):
        raise NotFound(DRAFT)
    pack = catalog.get_pack(row.item_code, at=at)
    specs = [one for one in pack.materials if one.code == material]
    found = earlier_papers(specs, applicant, at=at, among=readable_by(actor, applicant)).get(material, ())
    one = next((paper for paper in found if paper.material == earlier), None)
    if one is None:
        raise NotFound(FILE)
    had = {upload.sha256 for upload in Upload.objects.filter(id__in=row.materials.get(material, ()))}
    copies = [
        store_upload(
            actor=actor, name=file.name, kind=file.kind, content=read_file(file.id, file.path), pages=file.pages,
            sha256=file.sha256, at=at,
        )
        for file in one.uploads
        if file.sha256 not in had  # pressed twice
    ]  # fmt: skip
    row.materials = {**row.materials, material: [*row.materials.get(material, ()), *(str(copy.id) for copy in copies)]}
    row.updated_at = at
    row.save()
    void_if_changed(row.id, actor=actor, at=at)


def _locked(actor: Actor, draft: UUID) -> Draft:
    mine = Draft.objects.select_for_update(of=("self",)).filter(id=draft, owner_id=actor.id)
    row = mine.first() if actor.kind == "person" else None
    if row is None:
        raise NotFound(DRAFT)
    return row


@transaction.atomic
def discard_draft(*, actor: Actor, draft: UUID, at: datetime) -> None:
    """Throw a draft away, at its owner's wish."""
    deleted, _ = Draft.objects.filter(id=draft, owner_id=actor.id).delete()
    if not deleted:
        raise NotFound(DRAFT)
    void_if_changed(draft, actor=actor, at=at)


@transaction.atomic
def store_upload(
    *,
    actor: Actor,
    name: str,
    kind: str,
    content: bytes,
    pages: int,
    sha256: str,
    at: datetime,
) -> UploadRow:
    """Keep a cleaned file, sealed at rest. It belongs to nobody's case until it is filed or handed in.

    `content` comes from `webkit.uploads.sniff_and_clean`; link holders' files belong to the link's own case at once.
    Raises Refused (503) while the disk is nearly full; acts that bring no file go on.
    """
    _check_budget(actor, at)
    row = Upload(
        owner_id=actor.id if actor.kind == "person" else None,
        staff_id=actor.id if actor.is_staff else None,
        case_id=actor.case,
        link=actor.link,
        name=name[:200],
        kind=kind,
        size=len(content),
        pages=pages,
        sha256=sha256,
        created_at=at,
    )
    row.path = keep_file(row.id, content)
    faults.point("upload.after_file")
    row.save()
    return UploadRow(row.id, row.name, row.kind, row.size, row.pages, row.created_at)


@transaction.atomic
def copy_file(*, actor: Actor, upload: UUID, at: datetime) -> UUID | None:
    """The same file once more, for a second case that needs it: each case keeps its own. None when it is not the actor's."""
    row = Upload.objects.filter(own_files(actor), id=upload).first()
    if row is None:
        return None
    return store_upload(
        actor=actor, name=row.name, kind=row.kind, content=read_file(row.id, row.path), pages=row.pages, sha256=row.sha256,
        at=at,
    ).id  # fmt: skip


def _check_budget(actor: Actor, at: datetime) -> None:
    if actor.kind == "anonymous":
        raise Refused(Reason("SIGN_IN_FIRST", SIGN_IN), kind="signed_out")
    if actor.is_staff and not can_hand_in_files(actor):
        raise Refused(Reason("NOT_A_CLERK", messages.NOT_A_CLERK), kind="forbidden")
    limit = {"person": MAX_UPLOADS_A_DAY, "link": MAX_UPLOADS_A_LINK}.get(actor.kind)
    if limit is None:
        return
    since = local(at).replace(hour=0, minute=0, second=0, microsecond=0)
    # Of all links of the case together: whoever may make links would else give themselves as many budgets.
    mine = Q(case_id=actor.case, owner=None, staff=None) if actor.kind == "link" else own_files(actor)
    if Upload.objects.filter(mine, created_at__gte=since).count() >= limit:
        raise Refused(Reason("TOO_MANY_UPLOADS", TOO_MANY.format(limit=limit)), kind="too_many")
