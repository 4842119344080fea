"""The share platforms that the settings name, and what is wrong with them."""

import re
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from yichuang.gateways.config import check_secret, check_url
from yichuang.registry.values import Base

NAME = re.compile(r"[a-z][a-z0-9_]{0,30}")
BASES = frozenset(base.value for base in Base)
SLOWEST = 10.0  # seconds


@dataclass(frozen=True, slots=True)
class Platform:
    """A platform that we may ask: its address, our key there, the secret we share, what it answers for."""

    name: str
    url: str
    key: str
    secret: str = field(repr=False)
    bases: tuple[str, ...] = ()
    timeout: float = 1.2  # seconds


def platforms() -> tuple[Platform, ...]:
    """`YICHUANG_SHARE_SOURCES = {"name": {"url", "key", "secret", "bases", "timeout"}}`."""
    given: dict[str, dict[str, Any]] = getattr(settings, "YICHUANG_SHARE_SOURCES", {})
    return tuple(
        Platform(
            name,
            str(told.get("url", "")),
            str(told.get("key", "")),
            str(told.get("secret", "")),
            tuple(told.get("bases", ())),
            _seconds(told.get("timeout", 1.2)),
        )
        for name, told in given.items()
    )


def _seconds(told: Any) -> float:
    """0 for what is no number: `check_config` says so."""
    try:
        return float(told)
    except (TypeError, ValueError):
        return 0.0


def check_config() -> list[str]:
    """Every fault of the configuration, in words for the operator; nothing is asked."""
    faults, known = [], platforms()
    for platform in known:
        label = f"YICHUANG_SHARE_{platform.name.upper()}"
        if not NAME.fullmatch(platform.name):
            faults.append(f"YICHUANG_SHARE_SOURCES: {platform.name!r} is not a name (a–z, 0–9, _)")
        faults += check_url(f"{label}_URL", platform.url.rstrip("/"), demo=settings.YICHUANG_DEMO)
        faults += check_secret(f"{label}_SECRET", platform.secret)
        if not platform.key:
            faults.append(f"{label}_KEY: is empty")
        if not platform.bases or set(platform.bases) - BASES:
            faults.append(f"{label}_BASES: must name some of {', '.join(sorted(BASES))}")
        if not 0 < platform.timeout <= SLOWEST:
            faults.append(f"{label}_TIMEOUT: must be seconds, more than 0 and at most {SLOWEST:g}")
    if len({platform.secret for platform in known}) < len(known):
        faults.append("YICHUANG_SHARE_*_SECRET: two platforms share a secret: each could sign the other's answers")
    return faults
