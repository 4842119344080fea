"""Where sealed papers lie: encrypted under names of our own, written whole or not at all."""

import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

from yichuang.core import crypto

OURS = re.compile(r"[0-9a-f]{32}\.(sealed|part)")


def keep(rendering: UUID, pdf: bytes) -> str:
    """Encrypt and write a file, durably, before the row that names it is committed; its path below the data folder."""
    return _keep(Path("papers"), rendering, pdf, aad=f"paper:{rendering}")


def _keep(folder: Path, name: UUID, content: bytes, *, aad: str) -> str:
    relative = folder / name.hex[-2:] / f"{name.hex}.sealed"
    target = Path(settings.YICHUANG_DATA) / relative
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = target.with_suffix(".part")
    with open(fresh, "wb", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
        file.write(crypto.seal_bytes(content, aad=aad))
        file.flush()
        os.fsync(file.fileno())
    fresh.rename(target)
    return str(relative)


def keep_package(package: UUID, content: bytes) -> str:
    """The same for an archive package."""
    return _keep(Path("archive"), package, content, aad=f"archive:{package}")


def fetch_package(package: UUID, path: str) -> bytes | None:
    """An archive package again; None when it is lost or damaged."""
    try:
        return crypto.unseal_bytes((Path(settings.YICHUANG_DATA) / path).read_bytes(), aad=f"archive:{package}")
    except (OSError, crypto.CryptoError):
        return None


def wipe_package(path: str) -> None:
    """Take the file of an archive package away, for good; one that is gone already is no fault."""
    target = Path(settings.YICHUANG_DATA) / path
    target.unlink(missing_ok=True)
    if target.parent.is_dir():
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


@dataclass(frozen=True, slots=True)
class Lying:
    """A file of the archive, whole or begun: of which package, its path below the data folder, when it was last written."""

    package: UUID
    path: str
    written: datetime


def packages_in(folder: str) -> tuple[Lying, ...]:
    """What lies in one of the 256 archive folders ("00" … "ff"). Names that are not of our making are left alone."""
    found = []
    for file in sorted((Path(settings.YICHUANG_DATA) / "archive" / folder).glob("*")):
        if not OURS.fullmatch(file.name):
            continue
        try:
            written = datetime.fromtimestamp(file.stat().st_mtime, UTC)
        except FileNotFoundError:  # wiped, or renamed to its own name, meanwhile
            continue
        found.append(Lying(UUID(file.stem), str(Path("archive") / folder / file.name), written))
    return tuple(found)


def has_package(path: str) -> bool:
    """Whether the file of an archive package is there; what is in it is not looked at."""
    return (Path(settings.YICHUANG_DATA) / path).is_file()


def fetch(rendering: UUID, path: str) -> bytes | None:
    """The file again; None when it is lost or damaged, so that a new edition can be made."""
    try:
        return crypto.unseal_bytes((Path(settings.YICHUANG_DATA) / path).read_bytes(), aad=f"paper:{rendering}")
    except (OSError, crypto.CryptoError):
        return None
