"""A package's folder (bundle.yaml, process.bpmn) becomes a `Package`; whatever is wrong is named with its place."""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec
import yaml

from yichuang.bundles.values import (
    Group,
    Package,
    PackageFault,
    PackagePromise,
    SharedField,
    SharedPaper,
    SharedQuestion,
    Slot,
)
from yichuang.core.words import W, Words

YAML, BPMN = "bundle.yaml", "process.bpmn"
LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
LARGEST = 500_000


class _Label(msgspec.Struct, forbid_unknown_fields=True):
    zh: str
    en: str

    @property
    def words(self) -> Words:
        return Words(self.zh, self.en)


class _Item(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    item: str
    name: _Label
    rests_on: list[str] = []
    answers: dict[str, str] = {}
    fed: dict[str, str] = {}
    later: list[str] = []


class _Field(msgspec.Struct, forbid_unknown_fields=True):
    key: str
    to: dict[str, str]


class _Group(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    name: _Label
    fields: list[_Field]


class _Question(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    to: dict[str, str]


class _Paper(msgspec.Struct, forbid_unknown_fields=True):
    to: dict[str, str]


class _Promise(msgspec.Struct, forbid_unknown_fields=True):
    minutes: int
    words: _Label
    source: str


class _File(msgspec.Struct, forbid_unknown_fields=True):
    format: int
    code: str
    version: int
    name: _Label
    summary: _Label
    spoken: list[str]
    promise: _Promise
    items: list[_Item]
    shared: list[_Group]
    questions: list[_Question] = []
    papers: list[_Paper] = []
    sources: list[str] = []
    handover: Literal["each", "together"] = "each"


def read_files(folder: Path) -> tuple[dict[str, bytes], list[PackageFault]]:
    """Both files of a package, and what is missing."""
    files: dict[str, bytes] = {}
    faults: list[PackageFault] = []
    for name in (YAML, BPMN):
        path = folder / name
        if not path.is_file():
            faults.append(PackageFault(name, W(f"缺少文件 {name}", f"The file {name} is missing")))
        elif path.stat().st_size > LARGEST:
            faults.append(PackageFault(name, W("文件太大", "The file is too large")))
        else:
            files[name] = path.read_bytes()
    return files, faults


def digest_of(files: Mapping[str, bytes]) -> str:
    """SHA-256 over names and contents, hexadecimal."""
    total = hashlib.sha256()
    for name in sorted(files):
        total.update(f"{name}\0{len(files[name])}\0".encode() + files[name])
    return total.hexdigest()


def package_of(files: Mapping[str, bytes]) -> tuple[Package | None, list[PackageFault]]:
    """The package of these files; none when bundle.yaml cannot be read."""
    try:
        read = msgspec.convert(yaml.load(files[YAML], Loader=LOADER), _File)
    except (yaml.YAMLError, msgspec.ValidationError, UnicodeDecodeError) as error:
        return None, [PackageFault(YAML, W(f"读不懂：{error}", f"Cannot be read: {error}"))]
    return _package(read, files[BPMN]), []


def _package(read: _File, process: bytes) -> Package:
    return Package(
        code=read.code,
        version=read.version,
        name=read.name.words,
        summary=read.summary.words,
        spoken=tuple(read.spoken),
        slots=tuple(_slots(read)),
        groups=tuple(
            Group(one.id, one.name.words, tuple(SharedField(field.key, dict(field.to)) for field in one.fields))
            for one in read.shared
        ),
        questions=tuple(SharedQuestion(one.id, dict(one.to)) for one in read.questions),
        promise=PackagePromise(read.promise.minutes, read.promise.words.words, read.promise.source),
        process_xml=process,
        sources=tuple(read.sources),
        handover=read.handover,
        papers=tuple(SharedPaper(dict(one.to)) for one in read.papers),
    )


def _slots(read: _File) -> Iterator[Slot]:
    for one in read.items:
        answers: dict[str, Any] = dict(one.answers)
        yield Slot(one.id, one.item, one.name.words, tuple(one.rests_on), answers, dict(one.fed), frozenset(one.later))
