"""接力码: a draft is begun on the phone, goes on at a window, a community or a kiosk, and back; each step is kept."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from yichuang.cases import messages
from yichuang.cases.commands.drafts import DRAFT, save_draft, store_upload
from yichuang.cases.commands.signing import void_if_changed
from yichuang.cases.draft_marks import mark_of
from yichuang.cases.models import Draft, Relay, RelayStep, Upload
from yichuang.cases.permissions import can_hand_in_files
from yichuang.cases.relaying import (
    AT_A_WINDOW,
    DIGITS,
    LIFE,
    TRIES,
    RelayCode,
    RelayLook,
    Step,
    digits_of,
    fits,
)
from yichuang.cases.storage import read_file
from yichuang.cases.values import UploadRow
from yichuang.core import ledger
from yichuang.core.actors import Actor, Channel
from yichuang.core.crypto import blind_index
from yichuang.core.ledger import Subject
from yichuang.core.refusals import Conflict, NotFound, Reason, Refused
from yichuang.devices.permissions import is_device_of
from yichuang.people import queries as people

KIND = "cases.relay"
MOST_SWEPT = 100  # codes whose day is over that one new code ends, so that their digits can be given again


@transaction.atomic
def make_relay_code(*, actor: Actor, draft: UUID, at: datetime) -> RelayCode:
    """A new code of one's own draft: eight digits that are shown now and kept nowhere; an earlier one is void.

    Alone it opens nothing: at a window or kiosk the end of the owner's document is asked for beside it.
    """
    row = Draft.objects.select_for_update(of=("self",)).filter(id=draft, owner_id=actor.id).first()
    if actor.kind != "person" or row is None:
        raise NotFound(DRAFT)
    return _make(row, actor, at)


def _make(row: Draft, actor: Actor, at: datetime) -> RelayCode:
    Relay.objects.filter(draft=row.id, ended_at=None).update(ended_at=at)
    over = Relay.objects.filter(expires_at__lte=at, ended_at=None).order_by("id")
    mine = over.select_for_update(of=("self",), skip_locked=True).values_list("id", flat=True)[:MOST_SWEPT]
    Relay.objects.filter(id__in=list(mine)).update(
        ended_at=at
    )  # others of another act: their digits wait for the next one
    code = _unused()
    made = Relay.objects.create(
        code_index=blind_index(KIND, code), draft=row.id, owner_id=row.owner_id, made_at=at, expires_at=at + LIFE
    )
    _step(made, actor, Step.MADE, at)
    return RelayCode(code, made.expires_at)


def _unused() -> str:
    while True:
        code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
        if not Relay.objects.filter(code_index=blind_index(KIND, code), ended_at=None).exists():
            return code


def open_relay(*, actor: Actor, code: str, tail: str, at: datetime) -> UUID:
    """At a window, by who takes filings in: the code and the last four signs of the owner's document; the relay's id.

    Whoever reads both out stands there and wants it: the clerk may go on with it for two hours. NotFound for a wrong code;
    Refused RELAY_TAIL, the fifth time RELAY_VOID.
    """
    if not can_hand_in_files(actor):
        raise Refused(Reason("NOT_A_CLERK", messages.NOT_A_CLERK), kind="forbidden")
    row = _proved(code, tail, at)
    with transaction.atomic():
        row = Relay.objects.select_for_update(of=("self",)).get(id=row.id)
        if row.ended_at is not None:
            raise NotFound(messages.RELAY)
        row.opened_by_id, row.opened_at = actor.id, at
        row.save(update_fields=["opened_by", "opened_at"])
        _step(row, actor, Step.OPENED, at)
    return row.id


def look_at_relay(*, actor: Actor, code: str, tail: str, at: datetime) -> RelayLook:
    """At a kiosk of a hall: what it is and how far. As `open_relay`; nothing that was typed is shown."""
    if actor.place is None or not is_device_of(actor, actor.place):
        raise NotFound(messages.RELAY)
    row = _proved(code, tail, at)
    draft = Draft.objects.filter(id=row.draft).first()
    if draft is None:
        raise NotFound(messages.RELAY)
    with transaction.atomic():
        _step(row, actor, Step.LOOKED, at)
    papers = sum(bool(files) for files in draft.materials.values())
    return RelayLook(row.owner_id, draft.item_code, draft.updated_at, papers)


def draft_of_code(*, actor: Actor, code: str, at: datetime) -> UUID:
    """One's own draft by its code, on whatever phone one has signed in. NotFound for everybody else's."""
    row = _of_code(code, at)
    if row is None or actor.kind != "person" or row.owner_id != actor.id:
        raise NotFound(messages.RELAY)
    return row.draft


def _of_code(code: str, at: datetime) -> Relay | None:
    known = Relay.objects.filter(code_index=blind_index(KIND, digits_of(code)), ended_at=None, expires_at__gt=at)
    return known.first()


def _proved(code: str, tail: str, at: datetime) -> Relay:
    """The relay of a code whose second item fits. A wrong one is counted whatever becomes of the request."""
    with transaction.atomic():
        found = _of_code(code, at)
        row = Relay.objects.select_for_update(of=("self",)).get(id=found.id) if found else None
        if row is None or row.ended_at is not None:
            raise NotFound(messages.RELAY)
        if fits(people.get_party(row.owner_id).id_no, tail):
            return row
        row.misses += 1
        row.ended_at = at if row.misses >= TRIES else None
        row.save(update_fields=["misses", "ended_at"])
    if row.ended_at is not None:
        raise Refused(Reason("RELAY_VOID", messages.RELAY_VOID, "/code"), kind="gone")
    raise Refused(Reason("RELAY_TAIL", messages.RELAY_TAIL.format(left=TRIES - row.misses), "/tail"))


def held_relay(actor: Actor, relay: UUID, at: datetime) -> tuple[Relay, Draft]:
    """The relay that this clerk opened lately, and its draft, both locked: the draft first, as where its owner makes a code.
    NotFound for everybody else."""
    mine = Relay.objects.filter(
        id=relay, opened_by=actor.id, opened_at__gt=at - AT_A_WINDOW, ended_at=None, expires_at__gt=at
    )
    known = mine.first() if actor.is_staff and can_hand_in_files(actor) else None
    draft = Draft.objects.select_for_update(of=("self",)).filter(id=known.draft).first() if known else None
    row = mine.select_for_update(of=("self",)).first() if draft else None
    if row is None or draft is None:
        raise NotFound(messages.RELAY)
    return row, draft


@transaction.atomic
def take_files(
    *, actor: Actor, relay: UUID, materials: Mapping[str, list[UUID]], at: datetime
) -> dict[str, list[UploadRow]]:
    """The files of the draft among these, as copies that the clerk who opened it may hand in; others stay as they are."""
    _, draft = held_relay(actor, relay, at)
    theirs = {UUID(one) for ids in draft.materials.values() for one in ids}
    return {
        code: [row for one in ids for row in _mine(actor, draft, one, theirs, at)]
        for code, ids in materials.items()
        if ids
    }


def _mine(actor: Actor, draft: Draft, upload: UUID, theirs: set[UUID], at: datetime) -> list[UploadRow]:
    if upload in theirs:
        return _copies(actor, [upload], at, owner=draft.owner_id)
    rows = Upload.objects.filter(id=upload, staff=actor.id, case=None).order_by("id")
    return [UploadRow(row.id, row.name, row.kind, row.size, row.pages, row.created_at) for row in rows]


def _copies(actor: Actor, ids: list[UUID], at: datetime, **whose: UUID | None) -> list[UploadRow]:
    files = Upload.objects.filter(id__in=ids, case=None, **whose)
    return [
        store_upload(
            actor=actor, name=one.name, kind=one.kind, content=read_file(one.id, one.path), pages=one.pages,
            sha256=one.sha256, at=at,
        )
        for one in files.order_by("created_at", "id")
    ]  # fmt: skip


@transaction.atomic
def put_back(
    *,
    actor: Actor,
    relay: UUID,
    answers: Mapping[str, object],
    form: Mapping[str, object],
    materials: Mapping[str, list[UUID]],
    seen: str,
    at: datetime,
) -> None:
    """What was added at the window goes back into the draft, so that its owner goes on anywhere. What others signed of it
    is void, as when the owner changes it.

    `seen`: the mark of the draft as the clerk opened it (`Relayed.mark`). Conflict DRAFT_CHANGED where its owner has changed it
    since; the same press again changes nothing.
    """
    row, draft = held_relay(actor, relay, at)
    if mark_of(draft.answers, draft.form, draft.materials) != seen:
        if _has_it(draft, answers, form, materials, actor):
            return
        raise Conflict(Reason("DRAFT_CHANGED", messages.DRAFT_CHANGED))
    draft.answers, draft.form, draft.updated_at = dict(answers), dict(form), at
    draft.materials = {code: _as_owners(draft, code, ids, actor, at) for code, ids in materials.items() if ids}
    draft.save()
    void_if_changed(draft.id, actor=actor, at=at)
    _step(row, actor, Step.SAVED, at)


def _has_it(
    draft: Draft,
    answers: Mapping[str, object],
    form: Mapping[str, object],
    materials: Mapping[str, list[UUID]],
    actor: Actor,
) -> bool:
    """Whether the draft is what this clerk put back a moment ago: the same words, and of each paper the same files."""
    if (draft.answers, draft.form) != (dict(answers), dict(form)):
        return False
    had = {code: [UUID(one) for one in ids] for code, ids in draft.materials.items()}
    return _marks(had) == _marks(materials, staff=actor.id)


def _marks(materials: Mapping[str, list[UUID]], **whose: UUID | None) -> dict[str, set[str]]:
    """What files each paper has, whoever's copies they are."""
    ids = [one for many in materials.values() for one in many]
    marks = dict(Upload.objects.filter(id__in=ids, **whose).order_by("id").values_list("id", "sha256"))
    found = {code: {marks[one] for one in many if one in marks} for code, many in materials.items()}
    return {code: many for code, many in found.items() if many}


def _as_owners(draft: Draft, code: str, ids: list[UUID], actor: Actor, at: datetime) -> list[str]:
    """The same files as the owner's: those that the draft has stay, what the clerk scanned is copied."""
    mine = {UUID(one) for one in draft.materials.get(code, ())}
    had = {row.sha256: row.id for row in Upload.objects.filter(id__in=mine)}
    scanned = Upload.objects.filter(id__in=ids, staff=actor.id, case=None).order_by("created_at", "id")
    new = [row.id for row in scanned if row.sha256 not in had]
    kept = [had[row.sha256] for row in scanned if row.sha256 in had]
    owner = Actor("person", id=draft.owner_id, channel=actor.channel)
    return [str(id) for id in (*kept, *(copy.id for copy in _copies(owner, new, at, staff=actor.id)))]


@transaction.atomic
def begin_for(
    *,
    actor: Actor,
    person: UUID,
    applicant: UUID,
    item_code: str,
    item_version: int,
    answers: Mapping[str, object],
    form: Mapping[str, object],
    materials: Mapping[str, list[UUID]],
    at: datetime,
) -> RelayCode:
    """What was begun at a window becomes a draft of who stands there, with a code to go on with elsewhere."""
    if not can_hand_in_files(actor):
        raise Refused(Reason("NOT_A_CLERK", messages.NOT_A_CLERK), kind="forbidden")
    owner = Actor("person", id=person, channel=actor.channel)
    files = {code: _copies(owner, ids, at, staff=actor.id) for code, ids in materials.items() if ids}
    draft = save_draft(
        actor=owner, item_code=item_code, item_version=item_version, answers=answers, form=form,
        materials={code: [str(one.id) for one in rows] for code, rows in files.items()},
        applicant=None if applicant == person else applicant, step="", at=at,
    )  # fmt: skip
    return _make(Draft.objects.get(id=draft), actor, at)


@transaction.atomic
def end_relay(*, actor: Actor, relay: UUID, seen: str, at: datetime) -> None:
    """It was filed at the window: the code is void, and the draft is over unless its owner has changed it since the clerk opened it
    (`seen`, as of `put_back`): then what they added stays theirs. Twice is once."""
    try:
        row, draft = held_relay(actor, relay, at)
    except NotFound:
        return
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    _step(row, actor, Step.FILED, at)
    if mark_of(draft.answers, draft.form, draft.materials) == seen:
        draft.delete()
        void_if_changed(row.draft, actor=actor, at=at)


def _step(row: Relay, actor: Actor, what: Step, at: datetime) -> None:
    RelayStep.objects.create(
        draft=row.draft,
        what=what.value,
        channel=actor.channel.value,
        place_id=actor.place if actor.channel is not Channel.PORTAL else None,
        staff_name=actor.name if actor.is_staff else "",
        window=actor.window if actor.is_staff else "",
        at=at,
    )
    ledger.append(
        act=f"relay-{what.value}", actor=actor, at=at, subject=Subject("draft", row.draft), behalf=row.owner_id
    )
