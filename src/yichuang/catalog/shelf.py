"""What lies in the folders that the installation names, beside what is published: the item editor's list (事项包)."""

from collections import defaultdict
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from django.conf import settings

from yichuang.catalog.lists.file import NAME as LISTS
from yichuang.catalog.models import ItemVersion
from yichuang.catalog.packs.documents import parse_document
from yichuang.catalog.packs.folder import digest_of, read_folder
from yichuang.catalog.permissions import check_can_publish
from yichuang.catalog.store import read_row
from yichuang.catalog.values import FolderState, ShelfRow, VersionRow
from yichuang.core.actors import Actor
from yichuang.core.ledger import Subject
from yichuang.core.paging import Page
from yichuang.core.refusals import NotFound
from yichuang.core.words import W, Words

ITEM = W("事项", "item")
SAVED, IMPORTED = "save_draft_file", "import_draft"  # as the ledger calls that somebody wrote a draft
FOLDER = W("事项包文件夹", "folder of this item")


def list_shelf(
    actor: Actor, *, text: str = "", cursor: str | None = None, limit: int = 50, at: datetime
) -> Page[ShelfRow]:
    """Items by code: what is published of each, and what its folder holds; folders that were never published too.

    Refused (forbidden) unless the actor may publish items.
    """
    check_can_publish(actor)
    known = folders()
    published = ItemVersion.objects.order_by("code").distinct("code").values_list("code", "name_zh")
    wanted = {code: name for code, name in published if _fits(text, code, name)}
    wanted |= {code: "" for code in known if code not in wanted and _fits(text, code, _name(known[code]).zh)}
    codes = sorted(code for code in wanted if not cursor or code > cursor)
    shown = codes[:limit]
    versions = _versions(shown)
    rows = tuple(_shelf_row(code, versions[code], known.get(code), at) for code in shown)
    return Page(rows, shown[-1] if len(codes) > limit else None)


def shelf_row(actor: Actor, code: str, *, at: datetime) -> ShelfRow:
    """One item of it; NotFound when it is neither published nor in a folder."""
    check_can_publish(actor)
    versions, folder = _versions([code])[code], folders().get(code)
    if not versions and folder is None:
        raise NotFound(ITEM)
    return _shelf_row(code, versions, folder, at)


def pack_folder(actor: Actor, code: str) -> Path:
    """The folder of the item among those that the installation names; NotFound. Never built from what was sent."""
    check_can_publish(actor)
    folder = folders().get(code)
    if folder is None:
        raise NotFound(FOLDER)
    return folder


def lists_file(actor: Actor) -> Path | None:
    """The lists.toml beside the packs; None when the installation has none."""
    check_can_publish(actor)
    files = (Path(root) / LISTS for root in settings.YICHUANG_PACKS)
    return next((file for file in files if file.is_file()), None)


def drafts_root() -> Path:
    """Where drafts lie that a workbook brought in: folders like the others, below the installation's data."""
    return Path(settings.YICHUANG_DATA) / "packs"


def subject_of_draft(item: str) -> Subject:
    """What the ledger calls the drafts of an item: they have no version of their own yet."""
    return Subject("item_draft", uuid5(NAMESPACE_OID, f"yichuang.catalog.draft.{item}"))


def draft_folders() -> list[Path]:
    """Every draft that lies there; what begins with a dot is still being written, or on its way out."""
    files = sorted(drafts_root().glob("*/*/item.yaml"))
    return [file.parent for file in files if not file.parent.parent.name.startswith(".")]


def folders() -> dict[str, Path]:
    """Item code (the folder's name, which the check demands) → folder. The first of two wins, a draft before all others
    unless its version is lower: then what came with the installation is newer than the draft."""
    found: dict[str, Path] = {}
    for root in settings.YICHUANG_PACKS:
        for file in sorted(Path(root).glob("*/*/item.yaml")):
            found.setdefault(file.parent.name, file.parent)
    for folder in draft_folders():
        other = found.get(folder.name)
        if other is None or version_in(folder) >= version_in(other):
            found[folder.name] = folder
    return found


def version_in(folder: Path) -> int:
    """The number that the folder's item.yaml gives; 0 when it gives none."""
    version = _facts(folder).get("version")
    return version if isinstance(version, int) else 0


def _fits(text: str, code: str, name: str) -> bool:
    return not text or text.casefold() in code or text in name


def _versions(codes: list[str]) -> dict[str, list[VersionRow]]:
    rows = ItemVersion.objects.filter(code__in=codes).order_by("code", "-version")
    found: dict[str, list[VersionRow]] = defaultdict(list)
    for id, version, digest, effective_at, retired_at, published_at, row in rows.values_list(
        "id", "version", "digest", "effective_at", "retired_at", "published_at", "row"
    ):
        item = read_row(row)
        found[item.code].append(VersionRow(id, version, digest, effective_at, retired_at, published_at, item))
    return found


def _shelf_row(code: str, versions: list[VersionRow], folder: Path | None, at: datetime) -> ShelfRow:
    newest = versions[0] if versions else None
    if folder is None:
        return ShelfRow(code, newest.item.name if newest else Words(code, code), tuple(versions), None, "none", at)
    version = _facts(folder).get("version")
    number = version if isinstance(version, int) else None
    name = newest.item.name if newest else _name(folder)
    draft = drafts_root() in folder.parents
    return ShelfRow(code, name, tuple(versions), number, _state(newest, number, folder), at, draft)


def _state(newest: VersionRow | None, number: int | None, folder: Path) -> FolderState:
    if number is None:
        return "unreadable"
    if newest is None:
        return "new"
    if number > newest.version:
        return "newer"
    files, _ = read_folder(folder)
    if number < newest.version:
        return "older"
    return "same" if digest_of(files) == newest.digest else "changed"


def _name(folder: Path) -> Words:
    name = _facts(folder).get("name")
    if isinstance(name, dict) and isinstance(name.get("zh"), str) and isinstance(name.get("en"), str):
        return Words(name["zh"], name["en"])
    return Words(folder.name, folder.name)


def _facts(folder: Path) -> dict[str, Any]:
    file = folder / "item.yaml"
    try:
        raw = file.read_bytes() if file.stat().st_size < 1_000_000 else b""
    except OSError:
        return {}
    return _parsed(raw)


@lru_cache(maxsize=256)
def _parsed(raw: bytes) -> dict[str, Any]:
    """What item.yaml says; empty when it cannot be read (the item's own page names the faults)."""
    document, _ = parse_document(raw, "item.yaml")
    return document.data if document is not None and isinstance(document.data, dict) else {}
