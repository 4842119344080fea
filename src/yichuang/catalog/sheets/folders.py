"""The folders of packs that a workbook is made from, and the folders of drafts that one is turned into."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from yichuang.catalog.packs.documents import parse_document
from yichuang.catalog.packs.folder import read_folder
from yichuang.catalog.sheets import workbook
from yichuang.catalog.sheets.packs import FILES, Draft, Files, Reader, tables_of
from yichuang.catalog.sheets.workbook import SheetFault
from yichuang.catalog.values import PackFault


class _Dumper(yaml.SafeDumper):
    """Writes what the loader of packs reads back: texts that it would take for numbers are quoted too."""


_Dumper.yaml_implicit_resolvers = {key: list(value) for key, value in yaml.SafeDumper.yaml_implicit_resolvers.items()}


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    """Quoted when it looks like anything but words; a text of several lines stands as a block."""
    plain = value[:1].isalpha() and value.isprintable()
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=None if plain else '"')


_Dumper.add_representer(str, _text)


@dataclass(frozen=True, slots=True)
class Imported:
    """What a workbook became: folders that were written, items that are as they were, and what is wrong with the cells."""

    written: tuple[Path, ...] = ()
    unchanged: tuple[str, ...] = ()
    faults: tuple[SheetFault, ...] = ()


def read_packs(folders: Iterable[Path]) -> tuple[dict[str, Files], list[PackFault]]:
    """What the sheets know of each pack, by code; a draft may lack files. Faults: what cannot be read."""
    packs: dict[str, Files] = {}
    faults: list[PackFault] = []
    for folder in folders:
        files: Files = {}
        for name in FILES:
            if (folder / name).is_file():
                document, found = parse_document((folder / name).read_bytes(), f"{folder.name}/{name}")
                faults += found
                if document is not None and isinstance(document.data, dict):
                    files[name] = document.data
        code = files.get("item.yaml", {}).get("code")
        if isinstance(code, str):
            packs[code] = files
    return packs, faults


def exported(packs: Mapping[str, Files]) -> bytes:
    """The workbook of these packs, by code. ValueError for a text that no cell can hold."""
    return workbook.write(tables_of([packs[code] for code in sorted(packs)]))


@dataclass(frozen=True, slots=True)
class Coming:
    """What a workbook would become: drafts that differ from their packs, items that are as they were, faults of cells."""

    changed: tuple[Draft, ...] = ()
    unchanged: tuple[str, ...] = ()
    faults: tuple[SheetFault, ...] = ()
    known: Mapping[str, Files] = field(default_factory=dict)


def coming(raw: bytes, folders: Sequence[Path]) -> Coming:
    """Read a workbook against the packs that there are; nothing is written. Raises `spreadsheets.Unreadable`."""
    tables, faults = workbook.read(raw)
    known, _ = read_packs(folders)
    reader = Reader(tables, known)
    drafts = reader.drafts()
    if faults or reader.faults:
        return Coming(faults=tuple(sorted((*faults, *reader.faults), key=lambda f: (f.sheet, f.row, f.column))))
    changed = tuple(draft for draft in drafts if draft.files != known.get(draft.code))
    return Coming(changed, tuple(draft.code for draft in drafts if draft not in changed), (), known)


def imported(raw: bytes, folders: Sequence[Path], to: Path) -> Imported:
    """Turn a workbook into drafts below `to`; `folders` are the packs that there are. Nothing is written when a cell is wrong.

    Raises `spreadsheets.Unreadable`, and FileExistsError for a draft that lies there already.
    """
    found = coming(raw, folders)
    for draft in found.changed:
        if (to / draft.code).exists():
            raise FileExistsError(str(to / draft.code))
    by_code = {folder.name: folder for folder in folders}
    written = tuple(
        write_draft(draft, found.known.get(draft.code, {}), by_code.get(draft.code), to) for draft in found.changed
    )
    return Imported(written, found.unchanged, found.faults)


def write_draft(draft: Draft, before: Mapping[str, Any], base: Path | None, to: Path) -> Path:
    """The draft's folder: files whose facts are the same are copied as they are, comments and all."""
    folder = to / draft.code
    kept = read_folder(base)[0] if base is not None else {}
    for name, data in draft.files.items():
        if data != before.get(name):
            kept[name] = _yaml(name, data)
    for name, raw in kept.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(raw)
    return folder


def _yaml(name: str, data: Mapping[str, Any]) -> bytes:
    text = yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=120)
    raw = text.encode()
    document, _ = parse_document(raw, name)
    if document is None or document.data != data:
        raise AssertionError(f"{name} is not read back as it was written")
    return raw
