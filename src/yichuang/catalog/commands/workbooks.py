"""Item lists as workbooks for item editors: everything out; in again as drafts, looked at before and written all or none."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.db import connection, transaction

from yichuang.catalog import moves
from yichuang.catalog.packs.folder import digest_of, read_folder
from yichuang.catalog.permissions import check_can_publish
from yichuang.catalog.queries import list_versions
from yichuang.catalog.sheets.columns import ITEM
from yichuang.catalog.sheets.differences import differences
from yichuang.catalog.sheets.folders import Coming, coming, exported, read_packs, write_draft
from yichuang.catalog.sheets.packs import Draft
from yichuang.catalog.shelf import IMPORTED, draft_folders, drafts_root, folders, subject_of_draft
from yichuang.catalog.values import CellFault, SheetPreview, SheetRow
from yichuang.core import disk, ledger
from yichuang.core.actors import Actor
from yichuang.core.ids import new_id
from yichuang.core.ledger.entries import find_entry
from yichuang.core.refusals import NotFound, Reason, Refused
from yichuang.core.spreadsheets import Unreadable
from yichuang.core.words import W, Words

VERSION = next(column.title for column in ITEM if column.path == "version")  # chosen here, so it is no change of theirs
AREA = "drafts"  # of items that no folder has yet and that name no area
_NOTHING = W("没有可以导出的事项", "There is nothing to export")
_TOO_LONG = W("有内容超过单元格能容纳的长度：{what}", "Something is longer than a cell can hold: {what}")
_CHANGED = W(
    "您查看之后，事项或文件有了变化，请重新核对", "Items or file have changed since you looked: please read them again"
)
_NOT_LOOKED = W("请先选择文件并查看会改什么", "Choose the file and look at what it changes first")
_DRAFT = W("草稿", "draft")


def export_workbook(*, actor: Actor) -> bytes:
    """Every pack of the shelf, drafts in the place of what they would follow, as XLSX. Refused (forbidden) unless the
    actor may publish items; NOTHING_TO_EXPORT, CELL_TOO_LONG."""
    check_can_publish(actor)
    packs, _ = read_packs(folders().values())
    if not packs:
        raise Refused(Reason("NOTHING_TO_EXPORT", _NOTHING), kind="conflict")
    try:
        return exported(packs)
    except ValueError as error:
        raise Refused(Reason("CELL_TOO_LONG", _TOO_LONG.format(what=str(error)))) from error


def preview_workbook(*, actor: Actor, content: bytes) -> SheetPreview:
    """What a workbook would change, or every fault with its cell; no draft is written. Its `mark` stands for what was
    read: the same workbook over the same packs. The workbook is kept for `import_workbook`, one for each editor.

    Refused: UNREADABLE_WORKBOOK; (forbidden) as `export_workbook`.
    """
    check_can_publish(actor)
    _settle()
    found, mark = _coming(content)
    if not found.faults:
        _keep(actor, content)
    rows = tuple(
        SheetRow(
            code=draft.code,
            name=_name_of(draft),
            is_new=draft.code not in found.known,
            version=int(draft.files["item.yaml"]["version"]),
            cells=tuple(
                cell for cell in differences(found.known.get(draft.code, {}), draft.files) if cell.column != VERSION
            ),
        )
        for draft in found.changed
    )
    faults = tuple(CellFault(fault.place, fault.words) for fault in found.faults)
    return SheetPreview(mark, rows, found.unchanged, faults)


@transaction.atomic
def import_workbook(*, actor: Actor, mark: str, at: datetime) -> tuple[str, ...]:
    """Write the drafts of the workbook that the actor looked at last (`mark`): all or none; the codes that were written.

    A draft takes the place of an earlier one of its item and of no published version: it applies only when it is
    published. Refused: (conflict) NOTHING_LOOKED_AT, CHANGED_MEANWHILE; (forbidden) as `export_workbook`.
    """
    check_can_publish(actor)
    with changing_drafts() as staging:
        content = _kept(actor)
        found, seen = _coming(content)
        if found.faults or seen != mark:
            raise Refused(Reason("CHANGED_MEANWHILE", _CHANGED), kind="conflict")
        disk.check_room(len(content) * 4)
        places = folders()
        with disk.told_when_full():
            for draft in found.changed:
                write_draft(draft, found.known.get(draft.code, {}), places.get(draft.code), staging / "made")
        for draft in found.changed:
            entry = ledger.append(
                act=IMPORTED,
                actor=actor,
                at=at,
                subject=subject_of_draft(draft.code),
                detail={"item": draft.code, "version": int(draft.files["item.yaml"]["version"]), "workbook": mark[:16]},
            )
        if found.changed:
            put = [drafts_root() / _area_of(draft, places) / draft.code for draft in found.changed]
            moves.move(staging, drafts_root(), put, entry.id)
    _looked_at(actor).unlink(missing_ok=True)
    return tuple(draft.code for draft in found.changed)


@transaction.atomic
def discard_draft(*, actor: Actor, item: str, at: datetime) -> None:
    """Take a draft away; the folder that came with the installation counts again. NotFound when there is none."""
    check_can_publish(actor)
    with changing_drafts() as staging:
        found = [folder for folder in draft_folders() if folder.name == item]
        if not found:
            raise NotFound(_DRAFT)
        subject = subject_of_draft(item)
        entry = ledger.append(act="discard_draft", actor=actor, at=at, subject=subject, detail={"item": item})
        moves.move(staging, drafts_root(), found, entry.id)


@contextmanager
def changing_drafts() -> Iterator[Path]:
    """One change of drafts at a time, on folders that no earlier one left half changed; yields where it keeps its own."""
    try:
        with transaction.atomic():
            _settle()
            transaction.on_commit(_settle, robust=True)
            yield moves.new_staging(drafts_root())
    except BaseException:
        with suppress(Exception):  # else the next change does it, or the next look at a workbook
            _settle()
        raise


@transaction.atomic
def _settle() -> None:
    """End what broke off, at COMMIT too; and sweep. The lock lasts as long as the transaction that wants to move."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('catalog:drafts', 0))")
    moves.settle(drafts_root(), _is_in_ledger)


def _is_in_ledger(entry: UUID) -> bool:
    return find_entry(entry) is not None


def _looked_at(actor: Actor) -> Path:
    """Where the workbook waits that an editor looked at; never below a name that was sent."""
    return drafts_root() / ".looked-at" / f"{actor.id or actor.kind}.xlsx"


def _keep(actor: Actor, content: bytes) -> None:
    disk.check_room(len(content))
    place = _looked_at(actor)
    place.parent.mkdir(parents=True, exist_ok=True)
    with disk.told_when_full():
        made = place.with_name(f".{new_id()}")
        made.write_bytes(content)
        made.replace(place)


def _kept(actor: Actor) -> bytes:
    try:
        return _looked_at(actor).read_bytes()
    except FileNotFoundError:
        raise Refused(Reason("NOTHING_LOOKED_AT", _NOT_LOOKED), kind="conflict") from None


def _coming(content: bytes) -> tuple[Coming, str]:
    """What the workbook would become, each draft with a version that can be published, and the mark of both sides."""
    known = folders()
    try:
        found = coming(content, list(known.values()))
    except Unreadable as error:
        raise Refused(Reason("UNREADABLE_WORKBOOK", error.args[0], "workbook")) from error
    for draft in found.changed:
        item = draft.files.setdefault("item.yaml", {"format": 1, "code": draft.code})
        published = [version for version, _, _ in list_versions(draft.code)]
        given = item.get("version")
        item["version"] = max(given if isinstance(given, int) else 1, max(published, default=0) + 1)
    same = {draft.code for draft in found.changed if draft.files == found.known.get(draft.code)}  # but for the number
    found = replace(
        found,
        changed=tuple(draft for draft in found.changed if draft.code not in same),
        unchanged=(*found.unchanged, *sorted(same)),
    )
    total = hashlib.sha256(content)
    for code in sorted(known):
        total.update(f"{code} {digest_of(read_folder(known[code])[0])}\n".encode())
    return found, total.hexdigest()


def _name_of(draft: Draft) -> Words:
    """As the draft names itself; a sheet without an English name leaves the Chinese one."""
    name = draft.files["item.yaml"].get("name")
    zh = str(name.get("zh") or draft.code) if isinstance(name, dict) else draft.code
    return Words(zh, str(name.get("en") or zh) if isinstance(name, dict) else zh)


def _area_of(draft: Draft, places: Mapping[str, Path]) -> str:
    return places[draft.code].parent.name if draft.code in places else AREA
