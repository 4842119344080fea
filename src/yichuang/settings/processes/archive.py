"""The file that a backup is: a tar of the dump and the data folder's files, with a manifest of hashes at its end.

Everything here is files only, no database: what is written can be checked on any machine with `check`.
"""

import hashlib
import io
import json
import os
import shutil
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

MANIFEST = "manifest.json"
FORMAT = 1
_PIECE = 1024 * 1024  # bytes


class Damaged(RuntimeError):
    """The archive is not what its manifest says; the message names the members."""


class _Hashed:
    """A stream that hashes what is read from it: of a file that grows meanwhile exactly what is copied."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream
        self.hash = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        content = self.stream.read(size)
        self.hash.update(content)
        return content


class Writer:
    """Adds members and remembers their hashes; a name that is in already is not added again."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self.tar = tar
        self.members: dict[str, str] = {}

    def add(self, name: str, file: Path) -> None:
        """Raises FileNotFoundError when the file went away meanwhile (a draft that was thrown away)."""
        if name in self.members:
            return
        content = file.read_bytes() if file.stat().st_size < _PIECE else None
        info = tarfile.TarInfo(name)
        info.mode = 0o600
        if content is not None:
            info.size = len(content)
            self.tar.addfile(info, io.BytesIO(content))
            self.members[name] = hashlib.sha256(content).hexdigest()
            return
        with file.open("rb") as stream:
            info.size = os.fstat(stream.fileno()).st_size
            copied = _Hashed(stream)
            self.tar.addfile(info, copied)
            self.members[name] = copied.hash.hexdigest()

    def add_folder(self, data: Path, folder: str) -> None:
        """Every file below; those that are still being written (they or their folders are `.…`) are left out."""
        for file in sorted((data / folder).rglob("*")):
            hidden = any(part.startswith(".") for part in file.relative_to(data / folder).parts)
            if file.is_file() and not hidden:
                try:
                    self.add(str(file.relative_to(data)), file)
                except FileNotFoundError:
                    continue


@contextmanager
def writing(target: Path, about: Mapping[str, object]) -> Iterator[Writer]:
    """All or nothing: the file has its name only when manifest and content are on the disk. Never overwrites."""
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as stream:
            with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as tar:
                writer = Writer(tar)
                yield writer
                said = json.dumps({"format": FORMAT, **about, "sha256": writer.members}, indent=1).encode()
                info = tarfile.TarInfo(MANIFEST)
                info.size, info.mode = len(said), 0o600
                tar.addfile(info, io.BytesIO(said))
            stream.flush()
            os.fsync(stream.fileno())
        os.link(draft, target)  # fails when the target exists
    finally:
        draft.unlink(missing_ok=True)


def check(source: Path) -> dict[str, object]:
    """The manifest of a whole archive. Raises Damaged and names what is altered, missing or too much."""
    found: dict[str, str] = {}
    manifest: dict[str, object] = {}
    try:
        with tarfile.open(source, "r:") as tar:
            for member in tar:
                stream = _stream(tar, member)
                if member.name == MANIFEST:
                    manifest = json.load(stream)
                else:
                    found[member.name] = hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]  # typeshed asks for more than is read
    except (tarfile.TarError, EOFError, ValueError) as error:
        raise Damaged(f"{source} cannot be read: {error}") from None
    said = manifest.get("sha256")
    if manifest.get("format") != FORMAT or not isinstance(said, dict):
        raise Damaged(f"{source} has no manifest: it is cut off, or no backup of yichuang")
    wrong = sorted(name for name in {*said, *found} if said.get(name) != found.get(name))
    if wrong:
        raise Damaged(f"{len(wrong)} members are not what the manifest says: {', '.join(wrong[:10])}")
    return manifest


def members(manifest: Mapping[str, object]) -> frozenset[str]:
    """The names of what a checked archive holds."""
    said = manifest["sha256"]
    return frozenset(said) if isinstance(said, dict) else frozenset()


def unpack(source: Path, target: Path) -> None:
    """Write the members below the target, for their owner only. What is there already is never overwritten."""
    with tarfile.open(source, "r:") as tar:
        for member in tar:
            stream, file = _stream(tar, member), target / member.name
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as written:
                shutil.copyfileobj(stream, written, _PIECE)


def _stream(tar: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    """A plain file's content; anything else, or a name that leads out of the folder, is no member of ours."""
    path = PurePosixPath(member.name)
    stream = tar.extractfile(member) if member.isreg() and not path.is_absolute() and ".." not in path.parts else None
    if stream is None:
        raise Damaged(f"{member.name} is no plain file")
    return stream
