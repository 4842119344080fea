"""A folder into which others write: only plain files of one name are read, never what a link or a device points to.

Everything goes by the descriptor of the opened folder, so that nothing that is exchanged meanwhile leads elsewhere.
"""

import fcntl
import hashlib
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path

from yichuang.core.ids import new_id

MOST_NAMES = 20_000  # of a folder that are looked at
_DIR = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC  # a pipe must not hold us up
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}")


class Unsafe(Exception):
    """No plain file of its own: a link, a second name of a file elsewhere, a pipe, a folder."""


class TooLarge(Exception):
    """More bytes than were allowed."""


@contextmanager
def opened(folder: Path) -> Iterator[int | None]:
    """The descriptor of the folder; None where there is none (or a link in its place), or another process is at work in it."""
    try:
        found = os.open(folder, _DIR)
    except OSError:
        yield None
        return
    try:
        yield found if _alone(found) else None
    finally:
        os.close(found)


def _alone(folder: int) -> bool:
    """Whether nobody else is at work in it. On a file system without locks everybody is: what is loaded is told apart there."""
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


@contextmanager
def inner(folder: int, name: str) -> Iterator[int]:
    """A folder within it, made where it is missing. OSError where a link stands in its place."""
    with suppress(FileExistsError):
        os.mkdir(name, 0o700, dir_fd=folder)
    found = os.open(name, _DIR, dir_fd=folder)
    try:
        yield found
    finally:
        os.close(found)


def names(folder: int) -> list[str]:
    """The names in it, in no order; those that are not UTF-8 with their bytes as surrogates."""
    with os.scandir(folder) as found:
        return [entry.name for entry in islice(found, MOST_NAMES)]


def read(folder: int, name: str, most: int) -> bytes:
    """The content of a plain file. Unsafe, TooLarge, OSError."""
    try:
        found = os.open(name, _FILE, dir_fd=folder)
    except FileNotFoundError:
        raise
    except OSError as error:  # a link (ELOOP), a socket (ENXIO)
        raise Unsafe from error
    try:
        told = os.fstat(found)
        if not stat.S_ISREG(told.st_mode) or told.st_nlink != 1:
            raise Unsafe
        with os.fdopen(found, "rb", closefd=False) as file:
            content = file.read(most + 1)
    finally:
        os.close(found)
    if len(content) > most:
        raise TooLarge
    return content


def plain_name(name: str) -> str:
    """The name where it is a plain one, else one by its fingerprint: reports and logs never carry odd bytes."""
    if _PLAIN.fullmatch(name):
        return name
    return f"unnamed-{hashlib.sha256(os.fsencode(name)).hexdigest()[:16]}"


def write(folder: int, name: str, text: str) -> None:
    """A file of ours, whole or not at all; whatever stood under the name is replaced, never written through."""
    making = f".{new_id().hex}"
    made = os.open(making, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600, dir_fd=folder)
    with os.fdopen(made, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(making, name, src_dir_fd=folder, dst_dir_fd=folder)


def move(name: str, into: str, *, of: int, to: int) -> None:
    """Put a name (a link as the link) into another folder. What is gone already is no fault."""
    with suppress(FileNotFoundError):
        os.replace(name, into, src_dir_fd=of, dst_dir_fd=to)


def throw_away(folder: int, *, before: float) -> None:
    """Unlink what was put here before that moment (seconds since 1970). Its own date does not count: the giver set that."""
    for name in names(folder):
        with suppress(OSError):
            if os.stat(name, dir_fd=folder, follow_symlinks=False).st_ctime < before:
                os.unlink(name, dir_fd=folder)
