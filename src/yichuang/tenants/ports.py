"""The way out: who tells a tenant's programs at the addresses that they named (回调)."""

from typing import Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string


class PostFailed(Exception):
    """It was not taken; it is tried again unless that is `final`. `fault` is a short code."""

    def __init__(self, fault: str, *, final: bool = False) -> None:
        super().__init__(fault)
        self.fault, self.final = fault, final


class Poster(Protocol):
    """Hands a message to an address that a stranger chose, within some seconds, and to none inside the house."""

    def fault_of(self, url: str) -> str:
        """Why nobody may be told there: URL, USER, SCHEME, PORT, ADDRESS, DEMO; "" for an address that may be tried."""
        ...

    def post(self, *, url: str, key: str, secret: str, delivery: str, kind: str, body: bytes) -> None:
        """Send it, signed by the hook's secret. Raises PostFailed. The same `delivery` again must do no harm there."""
        ...


def poster() -> Poster:
    """Who posts (`YICHUANG_WEBHOOKS = "dotted.Class"`)."""
    return cast(Poster, import_string(settings.YICHUANG_WEBHOOKS)())
