"""A pack as a folder of files, and as the same files in memory (that is how the database keeps them)."""

import hashlib
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock

from yichuang.catalog.packs.build import Builder
from yichuang.catalog.packs.checks import pack_faults
from yichuang.catalog.packs.decision import DMN, YAML
from yichuang.catalog.packs.decision_checks import decision_faults, decision_warnings
from yichuang.catalog.packs.documents import Document, parse_document
from yichuang.catalog.packs.route import FILE as ROUTE
from yichuang.catalog.packs.schemas import schema_faults
from yichuang.catalog.values import Pack, PackFault
from yichuang.core.words import W
from yichuang.engine.values import ProcessFaults, parse_process

PROCESS = "process.bpmn"
DOCUMENTS = ("item.yaml", "situations.yaml", "materials.yaml", "form.json", "result.yaml", "faqs.yaml")
DECISION = (DMN, YAML)  # both, or neither: then a person decides every case
_IGNORED = {"README.md"}
_MAX_FILES = 300


@dataclass(frozen=True, slots=True)
class Loaded:
    """A pack that was read: `pack` is there when it could be built; it is sound only when there are no faults.

    `warnings` hinder nothing: an editor should know them.
    """

    pack: Pack | None
    faults: tuple[PackFault, ...]
    files: Mapping[str, bytes]
    warnings: tuple[PackFault, ...] = ()


def read_folder(folder: Path) -> tuple[dict[str, bytes], list[PackFault]]:
    """The files of a pack by name ("item.yaml", "examples/01-….yaml"), and what does not belong there."""
    if not folder.is_dir():
        words = W(f"没有文件夹 {folder}", f"There is no folder {folder}")
        return {}, [PackFault(str(folder), 0, "NO_FOLDER", words)]
    files: dict[str, bytes] = {}
    faults: list[PackFault] = []
    for path in sorted(folder.rglob("*"))[: _MAX_FILES * 2]:
        name = path.relative_to(folder).as_posix()
        if path.is_dir() or name in _IGNORED:
            continue
        if not _belongs(name) or path.is_symlink() or not path.is_file():
            words = W("不属于事项包的文件", "This file does not belong to an item pack")
            faults.append(PackFault(name, 0, "UNKNOWN_FILE", words))
        elif path.stat().st_size > 1_000_000 or len(files) >= _MAX_FILES:
            words = W("文件太大或太多（每个 1 MB、共 300 个以内）", "Too large or too many (1 MB each, 300 files)")
            faults.append(PackFault(name, 0, "TOO_LARGE", words))
        else:
            files[name] = path.read_bytes()
    return files, faults


def _belongs(name: str) -> bool:
    return name in (*DOCUMENTS, *DECISION, PROCESS, ROUTE) or (name.startswith("examples/") and name.endswith(".yaml"))


def digest_of(files: Mapping[str, bytes]) -> str:
    """SHA-256 over names and contents, hexadecimal."""
    total = hashlib.sha256()
    for name in sorted(files):
        total.update(f"{name}\0{len(files[name])}\0".encode())
        total.update(files[name])
    return total.hexdigest()


def load_folder(folder: Path) -> Loaded:
    """Read and check the pack of a folder; every fault names file and line."""
    files, faults = read_folder(folder)
    if not files:
        return Loaded(None, (*faults, *_absent(files)) if folder.is_dir() else tuple(faults), files)
    loaded = load_files(files)
    if loaded.pack is not None and loaded.pack.code != folder.resolve().name:
        words = W(
            f"事项代码 {loaded.pack.code} 应与文件夹同名 {folder.resolve().name}",
            f"The code {loaded.pack.code} should be the folder's name {folder.resolve().name}",
        )
        faults.append(PackFault("item.yaml", 1, "FOLDER_NAME", words))
    return Loaded(loaded.pack, (*faults, *loaded.faults), files, loaded.warnings)


def load_files(files: Mapping[str, bytes], *, check: bool = True) -> Loaded:
    """The pack of these files. `check=False` skips the consistency rules (for what was published before).

    The same files are read once: whoever publishes one pack, edits one or lists all meets the others again and again.
    """
    digest = digest_of(files)
    loaded = _known.get(digest, check)
    if loaded is None:
        loaded = _load(files, digest, check)
        _known.keep(digest, check, loaded)
    return replace(loaded, files=files)


class _Known:
    """What was read last, by the digest of its files; packs never change."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[tuple[str, bool], Loaded] = OrderedDict()
        self._lock = Lock()

    def get(self, digest: str, check: bool) -> Loaded | None:
        with self._lock:
            return self._kept.get((digest, check))

    def keep(self, digest: str, check: bool, loaded: Loaded) -> None:
        with self._lock:
            self._kept[digest, check] = loaded
            if check and not loaded.faults:  # then it is the same without the rules
                self._kept[digest, False] = replace(loaded, warnings=())
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)


_known = _Known(most=256)  # a district's packs twice, checked and not: the pack itself is one


def _load(files: Mapping[str, bytes], digest: str, check: bool) -> Loaded:
    faults: list[PackFault] = list(_absent(files))
    documents = dict(_documents(files, faults))
    faults.extend(_process_faults(files.get(PROCESS)))
    if faults:
        return Loaded(None, tuple(faults), {})
    builder = Builder(documents, files[PROCESS], digest, files.get(DMN), files.get(ROUTE))
    pack = builder.pack()
    found = builder.faults
    warnings: list[PackFault] = []
    if check and not found:
        found = [*pack_faults(pack, documents), *decision_faults(pack, documents)]
        warnings = list(decision_warnings(pack))
    return Loaded(pack if not builder.faults else None, tuple(found), {}, tuple(warnings))


def _absent(files: Mapping[str, bytes]) -> Iterator[PackFault]:
    for name in (*DOCUMENTS, PROCESS):
        if name not in files:
            yield PackFault(name, 0, "FILE_MISSING", W(f"缺少文件 {name}", f"The file {name} is missing"))
    if len(present := [name for name in DECISION if name in files]) == 1:
        other = next(name for name in DECISION if name not in present)
        words = W(f"有 {present[0]} 就要有 {other}", f"{present[0]} needs {other} beside it")
        yield PackFault(other, 0, "FILE_MISSING", words)
    if not any(name.startswith("examples/") for name in files):
        words = W("至少要有一个例子（examples/*.yaml）", "At least one worked example is needed (examples/*.yaml)")
        yield PackFault("examples", 0, "NO_EXAMPLES", words)


def _documents(files: Mapping[str, bytes], faults: list[PackFault]) -> Iterator[tuple[str, Document]]:
    for name, raw in sorted(files.items()):
        if name in {PROCESS, DMN, ROUTE}:
            continue
        document, unreadable = parse_document(raw, name)
        faults.extend(unreadable)
        if document is not None:
            stem = "example" if name.startswith("examples/") else name.partition(".")[0]
            faults.extend(schema_faults(document, f"{stem}.schema.json"))
            yield name, document


def _process_faults(xml: bytes | None) -> Iterator[PackFault]:
    if xml is None:
        return
    try:
        parse_process(xml)
    except ProcessFaults as wrong:
        for fault in wrong.faults:
            yield PackFault(PROCESS, fault.line, "PROCESS", fault.words)
