"""The client of an SMS platform: offers a message, asks what became of it, reads receipts."""

import json
import time
from collections.abc import Callable
from functools import cache
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from yichuang.core.breaker import Breaker
from yichuang.gateways.http import Answer, NoAnswer, NotConnected, request
from yichuang.gateways.signing import sign
from yichuang.gateways.sms.config import Provider, providers
from yichuang.notices.ports import OutcomeUnknown, SendingFailed, SendingRefused
from yichuang.notices.values import Outgoing

CONNECT, WHOLE = 0.8, 1.2  # seconds: two offers and a question fit into the five of the promise
BUSY = {408, 425, 429, 503}  # surely not taken, later perhaps
TAKEN = {"accepted", "delivered", "undelivered"}


class SmsClient:
    """A `notices.ports.Sender` over HTTP. `clock` gives seconds since 1970 as the provider's clock shows them."""

    def __init__(self, provider: Provider, *, clock: Callable[[], float] | None = None, breaker: Breaker | None = None):
        self.name = provider.name
        self._provider, self._base = provider, provider.url.rstrip("/")
        self._clock = clock or time.time  # the provider's clock is the world's, also when ours was moved for a demo
        self._breaker = breaker or Breaker()

    def ready(self) -> bool:
        return self._breaker.closed()

    def send(self, message: Outgoing) -> str:
        """`POST /messages`. 2xx: taken, also when it was taken before; 4xx: never; 429 and 503: not now; all else unknown."""
        told = {"id": str(message.id), "to": f"+86{message.to}", "text": message.body, "template": message.template}
        self._breaker.begin()
        try:
            answer = self._request("POST", "/messages", told)
            reference = _reference_of(answer)
        except SendingRefused:
            self._breaker.succeeded()  # it answers
            raise
        except SendingFailed:
            self._breaker.failed()
            raise
        self._breaker.succeeded()
        return reference

    def ask(self, message: UUID) -> str | None:
        """`GET /messages/<id>`. 404 means that it was never taken."""
        try:
            answer = self._request("GET", f"/messages/{message}", None)
        except OutcomeUnknown as silent:
            raise SendingFailed(silent.fault) from silent
        if answer.status == 404:
            return None
        found = _json(answer) if answer.status == 200 else {}
        if found.get("state") in TAKEN and found.get("reference"):
            return str(found["reference"])[:100]
        raise SendingFailed(f"HTTP_{answer.status}")

    def _request(self, method: str, path: str, told: dict[str, str] | None) -> Answer:
        body = b"" if told is None else json.dumps(told, ensure_ascii=False).encode()
        url = self._base + path
        signed = urlsplit(url).path
        provider = self._provider
        headers = sign(
            key=provider.key, secret=provider.secret, method=method, path=signed, body=body, at=self._clock()
        )
        headers |= {"Content-Type": "application/json", "Accept": "application/json"}
        try:
            return request(method, url, headers=headers, body=body, connect=CONNECT, whole=WHOLE)
        except NotConnected as down:
            raise SendingFailed("NOT_CONNECTED") from down
        except NoAnswer as silent:
            raise OutcomeUnknown("NO_ANSWER") from silent


def _reference_of(answer: Answer) -> str:
    if answer.status in BUSY:
        raise SendingFailed(f"HTTP_{answer.status}")
    if 400 <= answer.status < 500:
        # 401 and 403 are our own fault (key, secret, clock): another provider or a person can help, another try not
        raise (SendingFailed if answer.status in {401, 403} else SendingRefused)(f"HTTP_{answer.status}")
    reference = _json(answer).get("reference") if 200 <= answer.status < 300 else None
    if not reference:
        raise OutcomeUnknown(f"HTTP_{answer.status}")
    return str(reference)[:100]


def _json(answer: Answer) -> dict[str, Any]:
    try:
        found = json.loads(answer.body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


@cache
def _clients(known: tuple[Provider, ...]) -> tuple[SmsClient, ...]:
    return tuple(SmsClient(provider) for provider in known)


def senders() -> tuple[SmsClient, ...]:
    """The clients of the settings' providers, the same objects each time: their breakers remember."""
    return _clients(providers())
