"""The givers that may leave files, and what is wrong with the folder."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings

from yichuang.gateways.config import check_secret
from yichuang.registry.values import Base

NAME = re.compile(r"[a-z][a-z0-9_]{0,30}")
BASES = frozenset(base.value for base in Base)


@dataclass(frozen=True, slots=True)
class Giver:
    """An organ that leaves files: where, of which bases, and the secret that its files are signed with."""

    name: str
    folder: Path
    secret: str = field(repr=False)
    bases: frozenset[str]


def givers() -> tuple[Giver, ...]:
    """`YICHUANG_DROP_FOLDER` and `YICHUANG_DROP_GIVERS = {"name": {"secret", "bases"}}`; each has a folder of its own."""
    root: str = getattr(settings, "YICHUANG_DROP_FOLDER", "")
    given: dict[str, dict[str, Any]] = getattr(settings, "YICHUANG_DROP_GIVERS", {})
    return tuple(
        Giver(name, Path(root) / name, str(told.get("secret", "")), frozenset(told.get("bases", ())))
        for name, told in given.items()
        if root
    )


def check_config() -> list[str]:
    """Every fault of the configuration, in words for the operator; nothing is read."""
    faults, known = [], givers()
    if getattr(settings, "YICHUANG_DROP_GIVERS", {}) and not getattr(settings, "YICHUANG_DROP_FOLDER", ""):
        faults.append("YICHUANG_DROP_FOLDER: is empty, but givers are named")
    for giver in known:
        label = f"YICHUANG_DROP_{giver.name.upper()}"
        if not NAME.fullmatch(giver.name):
            faults.append(f"YICHUANG_DROP_GIVERS: {giver.name!r} is not a name (a–z, 0–9, _)")
        faults += check_secret(f"{label}_SECRET", giver.secret)
        if not giver.bases or giver.bases - BASES:
            faults.append(f"{label}_BASES: must name some of {', '.join(sorted(BASES))}")
    if taken := {giver.name for giver in known} & set(getattr(settings, "YICHUANG_SHARE_SOURCES", {})):
        faults.append(
            f"YICHUANG_DROP_GIVERS: {', '.join(sorted(taken))} is a share platform, too: call one of them otherwise"
        )
    if len({giver.secret for giver in known}) < len(known):
        faults.append("YICHUANG_DROP_*_SECRET: two givers share a secret: each could sign the other's files")
    return faults
