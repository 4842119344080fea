"""The secrets of an installation: made once, kept in files that only their owner may read."""

import base64
import os
import secrets
from collections.abc import Callable
from pathlib import Path


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


# setting -> how to make its first value. Losing the field keys loses every sealed name: back this folder up.
MADE: dict[str, Callable[[], str]] = {
    "YICHUANG_SECRET_KEY": lambda: secrets.token_urlsafe(64),
    "YICHUANG_FIELD_KEYS": lambda: f"k1:{_key()}",
    "YICHUANG_INDEX_KEY": _key,
}


def ensure(folder: Path) -> dict[str, str]:
    """Make what is missing; the environment (`…_FILE` variables) that leads settings to the files."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found = {}
    for name, make in MADE.items():
        path = folder / name.removeprefix("YICHUANG_").lower()
        if not path.exists():
            _write(path, make())
        found[f"{name}_FILE"] = str(path)
    return found


def _write(path: Path, text: str) -> None:
    """All or nothing: a key cut short by a full disk must not be taken for one."""
    draft = path.with_suffix(".new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)
