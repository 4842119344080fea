"""The SMS providers that the settings name, and what is wrong with them."""

import re
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from yichuang.gateways.config import check_secret, check_url

NAME = re.compile(r"[a-z][a-z0-9_]{0,30}")
FIELDS = ("url", "key", "secret")


@dataclass(frozen=True, slots=True)
class Provider:
    """A platform (运营商) we have a contract with: its address, our key there, the secret we share. Its receipts carry the same."""

    name: str
    url: str
    key: str
    secret: str


def providers() -> tuple[Provider, ...]:
    """In the order of preference. `YICHUANG_SMS_PROVIDERS = {"name": {"url", "key", "secret"}}`."""
    given: dict[str, dict[str, Any]] = getattr(settings, "YICHUANG_SMS_PROVIDERS", {})
    return tuple(Provider(name, *(str(told.get(field, "")) for field in FIELDS)) for name, told in given.items())


def check_config() -> list[str]:
    """Every fault of the configuration, in words for the operator; nothing is sent."""
    faults, known = [], providers()
    for provider in known:
        label = f"YICHUANG_SMS_{provider.name.upper()}"
        if not NAME.fullmatch(provider.name):
            faults.append(f"YICHUANG_SMS_PROVIDERS: {provider.name!r} is not a name (a–z, 0–9, _)")
        faults += check_url(f"{label}_URL", provider.url.rstrip("/"), demo=settings.YICHUANG_DEMO)
        faults += check_secret(f"{label}_SECRET", provider.secret)
        if not provider.key:
            faults.append(f"{label}_KEY: is empty")
    if len({provider.secret for provider in known}) < len(known):
        faults.append("YICHUANG_SMS_*_SECRET: two providers share a secret: each could sign the other's receipts")
    return faults
