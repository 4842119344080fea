"""套餐的文件夹: what lies in the folders that the installation names, beside what is published: the item editor's list."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal
from uuid import UUID

from django.conf import settings

from yichuang.bundles import messages
from yichuang.bundles.models import PackageVersion
from yichuang.bundles.packages import package_by_id
from yichuang.bundles.reading import BPMN, YAML, digest_of, package_of, read_files
from yichuang.bundles.rules.compare import PackageChange, changes
from yichuang.bundles.trials import check_package
from yichuang.bundles.values import Package, PackageFault
from yichuang.catalog.permissions import check_can_publish
from yichuang.core.actors import Actor
from yichuang.core.refusals import NotFound
from yichuang.core.words import Words

FolderState = Literal["none", "new", "newer", "same", "changed", "older", "unreadable"]


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One published version."""

    id: UUID
    version: int
    published_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class ShelfLine:
    """One package: what is published of it, the newest first, and what its folder holds."""

    code: str
    name: Words
    versions: tuple[VersionLine, ...]
    folder: FolderState
    folder_version: int | None

    @property
    def open(self) -> VersionLine | None:
        """The version that is filed now; None when there is none, or it is withdrawn."""
        newest = next(iter(self.versions), None)
        return newest if newest is not None and newest.withdrawn_at is None else None


@dataclass(frozen=True, slots=True)
class PackageTrial:
    """What every check says of a folder, and how it differs from what is published (None: nothing is)."""

    package: Package | None
    digest: str
    faults: tuple[PackageFault, ...]
    changes: tuple[PackageChange, ...] | None


def folders() -> dict[str, Path]:
    """Package code (the folder's name) → folder, of those that the installation names; the first of two wins."""
    found: dict[str, Path] = {}
    for root in settings.YICHUANG_PACKS:
        for file in sorted(Path(root).glob(f"bundles/*/{YAML}")):
            found.setdefault(file.parent.name, file.parent)
    return found


def package_folder(actor: Actor, code: str) -> Path:
    """The folder of a package; NotFound. Never built from what was sent."""
    check_can_publish(actor)
    folder = folders().get(code)
    if folder is None:
        raise NotFound(messages.THE_PACKAGE)
    return folder


def list_package_shelf(actor: Actor) -> tuple[ShelfLine, ...]:
    """Every package by code, published or only in a folder. Refused (forbidden) for who does not publish items."""
    check_can_publish(actor)
    known, published = folders(), _versions()
    return tuple(_line(code, published.get(code, ()), known.get(code)) for code in sorted({*known, *published}))


def package_shelf_line(actor: Actor, code: str) -> ShelfLine:
    """One package of it; NotFound."""
    check_can_publish(actor)
    versions, folder = _versions(code).get(code, ()), folders().get(code)
    if not versions and folder is None:
        raise NotFound(messages.THE_PACKAGE)
    return _line(code, versions, folder)


def try_package(actor: Actor, code: str, *, at: datetime) -> PackageTrial:
    """Everything that is wrong with the folder's package, and what would change for who files it. NotFound."""
    folder = package_folder(actor, code)
    package, faults = check_package(folder, at=at)
    newest = PackageVersion.objects.filter(code=code).order_by("-version").values_list("id", flat=True).first()
    sound = package if not faults else None  # one with faults may name what it does not have
    told = changes(package_by_id(newest), sound) if newest is not None and sound is not None else None
    files, _ = read_files(folder)
    return PackageTrial(package, digest_of(files), tuple(faults), told)


def _versions(code: str = "") -> dict[str, tuple[VersionLine, ...]]:
    rows = PackageVersion.objects.order_by("code", "-version")
    found: dict[str, tuple[VersionLine, ...]] = {}
    for row in rows.filter(code=code) if code else rows:
        line = VersionLine(row.id, row.version, row.published_at, row.withdrawn_at)
        found[row.code] = (*found.get(row.code, ()), line)
    return found


def _line(code: str, versions: tuple[VersionLine, ...], folder: Path | None) -> ShelfLine:
    read = _read(folder) if folder else None
    package = read[0] if read else None
    name = package_by_id(versions[0].id).name if versions else package.name if package else Words(code, code)
    return ShelfLine(code, name, versions, _state(versions, folder, read), package.version if package else None)


def _read(folder: Path) -> tuple[Package, str] | None:
    files, faults = read_files(folder)
    package = package_of(files)[0] if not faults else None
    return (package, digest_of({name: files[name] for name in (YAML, BPMN)})) if package else None


def _state(versions: tuple[VersionLine, ...], folder: Path | None, read: tuple[Package, str] | None) -> FolderState:
    if folder is None:
        return "none"
    if read is None:
        return "unreadable"
    if not versions:
        return "new"
    package, digest = read
    newest = versions[0]
    if package.version != newest.version:
        return "newer" if package.version > newest.version else "older"
    same = PackageVersion.objects.filter(id=newest.id, digest=digest).exists()
    return "same" if same else "changed"
