"""Strict reading of the environment: a value that is not understood stops the start, a secret may come from a file."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

# What every connection asks of the server.
SESSION = ("lock_timeout=5s", "idle_in_transaction_session_timeout=60s")
# What those of the doors ask too: short statements, each by an index, over connections that live long. Jobs, migrations
# and commands also join and count whole tables, and would be driven to reading them row by row.
DOORS = (
    # The plan of a prepared statement, or of a foreign key's check, is kept until somebody analyses its tables. Made
    # while a table has one page, it reads the table from end to end, and goes on so when there are thousands. All
    # that doors ask often has an index: it is to be used from the first row on. What has none is still read whole.
    # Figures over many rows ask inside `core.sql.scanning`.
    "enable_seqscan=off",
    "jit=off",  # before 18 the server takes a table that has to be read whole for so dear that it would compile the plan
)


def env(name: str, default: str = "") -> str:
    """The variable NAME, or the content of the file that NAME_FILE points at, or the default."""
    if file := os.environ.get(f"{name}_FILE"):
        return Path(file).read_text(encoding="utf-8").strip()
    return os.environ.get(name, default)


def env_bool(name: str, default: bool) -> bool:
    """True or False and nothing else, so that a typing error never switches a protection off."""
    value = env(name, str(default))
    if value not in {"True", "False"}:
        raise RuntimeError(f"{name} must be True or False, not {value!r}")
    return value == "True"


def database(url: str) -> dict[str, Any]:
    """A Django DATABASES entry from `postgresql://user:password@host:port/name?host=/socket/folder`."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise RuntimeError("DATABASE_URL must start with postgresql://; yichuang runs on PostgreSQL 15 or newer only")
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    prepared = query.pop("prepared", "on") != "off"
    return {
        "ENGINE": "yichuang.core.database",
        "NAME": unquote(parts.path.lstrip("/")) or "yichuang",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": query.pop("port", str(parts.port or "")),
        "OPTIONS": {
            **query,
            "options": _asking(SESSION),
            "prepare_threshold": 0
            if prepared
            else None,  # of what core.sql sends: at once; Django's own is never prepared
        },
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


def serve_doors(entry: dict[str, Any]) -> None:
    """Make a DATABASES entry that of a process that answers requests; before its first connection."""
    entry["OPTIONS"]["options"] = _asking(SESSION + DOORS)


def _asking(settings: Iterable[str]) -> str:
    return " ".join(f"-c {setting}" for setting in settings)


def plain(url: str) -> str:
    """A DATABASE_URL as PostgreSQL's own programs and drivers read it: without what only we understand."""
    where, _, query = url.partition("?")
    known = [part for part in query.split("&") if part and not part.startswith("prepared=")]
    return "?".join([where, *filter(None, ["&".join(known)])])


def env_list(name: str, default: str) -> list[str]:
    """Comma-separated values, blanks dropped."""
    return [part.strip() for part in env(name, default).split(",") if part.strip()]
