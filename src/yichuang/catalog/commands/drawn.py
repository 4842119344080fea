"""Saving a process or a decision from its editor as a draft: the same folders as a workbook's drafts."""

import re
from datetime import datetime
from pathlib import Path
from typing import Final

from django.db import transaction
from lxml import etree

from yichuang.catalog import moves
from yichuang.catalog.commands.editing import FILES, check_size
from yichuang.catalog.commands.workbooks import AREA, changing_drafts
from yichuang.catalog.packs.folder import digest_of, read_folder
from yichuang.catalog.permissions import check_can_publish
from yichuang.catalog.queries import list_versions
from yichuang.catalog.shelf import SAVED, drafts_root, folders, subject_of_draft
from yichuang.catalog.values import DrawnFile
from yichuang.core import disk, ledger
from yichuang.core.actors import Actor
from yichuang.core.refusals import Change, Conflict, NotFound, Reason, Refused
from yichuang.core.words import W

_VERSION: Final = re.compile(rb"^version:[ \t]*(\d+)", re.MULTILINE)
_FOLDER = W("事项包文件夹", "folder of this item")
_MEANWHILE = W(
    "您打开之后，这个事项包已被更改，没有保存。请先下载您的文件，再打开最新的重新修改。",
    "This pack was changed since you opened it; nothing was saved. Download your file first, then open the newest one.",
)
_SAVED = W("保存了这个事项的草稿", "saved a draft of this item")
_NO_XML = W("不是合法的 XML 文件，没有保存", "This is not well-formed XML; nothing was saved")


@transaction.atomic
def save_drawn(*, actor: Actor, item: str, name: DrawnFile, content: bytes, digest: str, at: datetime) -> str:
    """Write the file into the item's draft (made from its folder where there is none); the digest of the new folder.

    `digest` is that of the folder as it was opened, so that nobody overwrites what another editor saved meanwhile.
    The file may still have faults: publishing refuses them. Refused: (conflict) CHANGED_MEANWHILE with who and when,
    TOO_LARGE, NOT_XML; (forbidden) unless the actor may publish items; NotFound without a folder or such a file in it.
    """
    check_can_publish(actor)
    check_size(content)
    _check_xml(content)
    with changing_drafts() as staging:
        folder = folders().get(item)
        files = read_folder(folder)[0] if folder is not None else {}
        if folder is None or name not in FILES or name not in files:
            raise NotFound(_FOLDER)
        if digest_of(files) != digest:
            raise Conflict(Reason("CHANGED_MEANWHILE", _MEANWHILE), change=_last(item))
        if files[name] == content:
            return digest
        files[name] = content
        files["item.yaml"] = _next_version(files["item.yaml"], item)
        disk.check_room(sum(map(len, files.values())))
        with disk.told_when_full():
            _write(files, staging / "made" / item)
        entry = ledger.append(
            act=SAVED,
            actor=actor,
            at=at,
            subject=subject_of_draft(item),
            detail={"item": item, "file": name, "digest": digest_of(files)[:16]},
        )
        area = folder.parent.name if folder.parent.name else AREA
        moves.move(staging, drafts_root(), [drafts_root() / area / item], entry.id)
    return digest_of(files)


def _check_xml(content: bytes) -> None:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        raise Refused(Reason("NOT_XML", _NO_XML, "content")) from None
    if getattr(root.getroottree().docinfo, "doctype", ""):
        raise Refused(Reason("NOT_XML", _NO_XML, "content"))


def _next_version(item_yaml: bytes, item: str) -> bytes:
    """item.yaml with a number that can be published, every other character as it is."""
    newest = max((version for version, _, _ in list_versions(item)), default=0)
    found = _VERSION.search(item_yaml)
    if found is None or int(found[1]) > newest:
        return item_yaml
    return item_yaml[: found.start(1)] + str(newest + 1).encode() + item_yaml[found.end(1) :]


def _write(files: dict[str, bytes], to: Path) -> None:
    for name, raw in files.items():
        (to / name).parent.mkdir(parents=True, exist_ok=True)
        (to / name).write_bytes(raw)


def _last(item: str) -> Change | None:
    """Who touched the item's draft last."""
    last = max(ledger.list_entries(subject_of_draft(item)), key=lambda entry: entry.seq, default=None)
    return Change(last.actor_name_masked, last.at, _SAVED) if last is not None else None
