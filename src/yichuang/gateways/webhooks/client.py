"""Tells other applications what happened: signed, over in time, and to no address inside the house."""

import time
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings

from yichuang.gateways.http import NoAnswer, NotAllowed, NotConnected, request
from yichuang.gateways.signing import sign
from yichuang.gateways.webhooks.addresses import fault_of, may_reach
from yichuang.gateways.webhooks.config import networks
from yichuang.tenants.ports import PostFailed

CONNECT, WHOLE = 2.0, 3.0  # seconds
GONE = 410
DELIVERY, EVENT = "X-Yc-Delivery", "X-Yc-Event"


class WebhookClient:
    """A `tenants.ports.Poster` over HTTP. `clock` gives seconds since 1970 as the world's clocks do."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock

    def fault_of(self, url: str) -> str:
        """Why nobody may be told there (`addresses.fault_of`); in the demo also what leads off this machine: DEMO."""
        fault = fault_of(url, networks())
        if not fault and settings.YICHUANG_DEMO and not self._allowed(urlsplit(url).hostname or ""):
            return "DEMO"
        return fault

    def post(self, *, url: str, key: str, secret: str, delivery: str, kind: str, body: bytes) -> None:
        """2xx: it was taken. Redirects are not followed: they would lead to addresses that nobody looked at."""
        if fault := self.fault_of(url):
            raise PostFailed(fault, final=True)
        parts = urlsplit(url)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        headers = sign(key=key, secret=secret, method="POST", path=path, body=body, at=self._clock())
        headers |= {"Content-Type": "application/json", DELIVERY: delivery, EVENT: kind}
        try:
            answer = request(
                "POST", url, headers=headers, body=body, connect=CONNECT, whole=WHOLE, allowed=self._allowed
            )
        except NotAllowed:
            raise PostFailed("ADDRESS", final=True) from None
        except NotConnected:
            raise PostFailed("NOT_CONNECTED") from None
        except NoAnswer:
            raise PostFailed("NO_ANSWER") from None
        if not 200 <= answer.status < 300:
            raise PostFailed(f"HTTP_{answer.status}", final=answer.status == GONE)

    def _allowed(self, address: str) -> bool:
        if settings.YICHUANG_DEMO:  # nobody real is told by a demo
            return any(may_reach(address, [one]) for one in networks()) and not may_reach(address, [])
        return may_reach(address, networks())
