"""The secrets of an installation: made once, kept in files that only their owner may read."""

import base64
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from yichuang.settings.processes.installation import CannotStart


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


# setting -> how to make its first value. Losing the field keys loses every sealed name: back this folder up.
MADE: dict[str, Callable[[], str]] = {
    "YICHUANG_SECRET_KEY": lambda: secrets.token_urlsafe(64),
    "YICHUANG_FIELD_KEYS": lambda: f"k1:{_key()}",
    "YICHUANG_INDEX_KEY": _key,
}


def ensure(folder: Path) -> dict[str, str]:
    """Make what is missing; the environment (`…_FILE` variables) that leads settings to the files.

    A secret that the caller's own environment holds is not made. Raises CannotStart where it is another one than the
    folder's: with that what is sealed here could not be read.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    for name, make in MADE.items():
        path = _file(folder, name)
        if path.exists() and name in os.environ and os.environ[name] != path.read_text(encoding="ascii").strip():
            raise CannotStart(f"{name} is not what {path} holds: take the variable away, or put its file aside")
        if not path.exists() and not _given(name):
            _write(path, make())
    return found(folder)


def found(folder: Path) -> dict[str, str]:
    """The same without making any."""
    files = {name: _file(folder, name) for name in MADE if not _given(name)}
    return {f"{name}_FILE": str(path) for name, path in files.items() if path.exists()}


def _given(name: str) -> bool:
    return name in os.environ or f"{name}_FILE" in os.environ


def _file(folder: Path, name: str) -> Path:
    return folder / name.removeprefix("YICHUANG_").lower()


def _write(path: Path, text: str) -> None:
    """All or nothing: a key cut short by a full disk must not be taken for one."""
    draft = path.with_suffix(".new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)
