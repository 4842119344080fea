"""The client of a reader's service: `POST /v1/read`, signed with what both know; the answer is sealed for who asked.

Both know the hash of the machine's token. A card's data crosses the hall's network sealed (AES-256-GCM under a key of that
hash, bound to the nonce of the question), so that nobody who listens reads it and no answer can be played again.
"""

import hashlib
import json
import time
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from os import urandom
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from yichuang.devices.ports import MachineFailed
from yichuang.devices.values import Identity
from yichuang.gateways.http import Answer, NoAnswer, NotConnected, request
from yichuang.gateways.signing import NONCE, sign

CONNECT, WHOLE = 0.8, 5.0  # seconds: somebody lays the card down meanwhile
FAULTS = {401: "NOT_PROVED", 408: "NO_CARD", 422: "UNREADABLE", 503: "BUSY"}
READ, PARTS = "/v1/read", "/v1/parts"


def sealed(told: Mapping[str, str], *, secret: str, nonce: str) -> str:
    """What only who asked with this nonce, and knows the secret, can open."""
    salt = urandom(12)
    body = json.dumps(told, ensure_ascii=False).encode()
    return b64encode(salt + AESGCM(_key(secret)).encrypt(salt, body, nonce.encode())).decode()


def opened(text: str, *, secret: str, nonce: str) -> dict[str, Any]:
    """What was sealed for this question. ValueError: it was not."""
    try:
        raw = b64decode(text, validate=True)
        found = json.loads(AESGCM(_key(secret)).decrypt(raw[:12], raw[12:], nonce.encode()))
    except (InvalidTag, ValueError) as wrong:
        raise ValueError("not sealed for this question") from wrong
    if not isinstance(found, dict):
        raise ValueError("no card")
    return found


def _key(secret: str) -> bytes:
    return hashlib.sha256(b"yichuang card reader " + secret.encode()).digest()


class CardReaderClient:
    """A `devices.ports.CardReader` over HTTP in the hall's network."""

    def __init__(self, address: str, *, key: str, secret: str, clock: Callable[[], float] = time.time) -> None:
        self._base, self._key, self._secret, self._clock = f"http://{address}", key, secret, clock

    def parts(self) -> Mapping[str, str]:
        answer, _ = self._ask(PARTS)
        found = _json(answer).get("parts") if answer.status == 200 else None
        if not isinstance(found, dict):
            raise MachineFailed(FAULTS.get(answer.status, "NO_ANSWER"))
        return {str(name): str(fault) for name, fault in found.items()}

    def read(self) -> Identity:
        answer, nonce = self._ask(READ)
        if answer.status != 200:
            raise MachineFailed(FAULTS.get(answer.status, "NO_ANSWER"))
        try:
            card = opened(str(_json(answer).get("card", "")), secret=self._secret, nonce=nonce)
        except ValueError as wrong:
            raise MachineFailed("NOT_PROVED") from wrong
        return Identity(name=str(card.get("name", "")), number=str(card.get("number", "")))

    def _ask(self, path: str) -> tuple[Answer, str]:
        if not self._secret:
            raise MachineFailed("NOT_CONFIGURED")
        headers = sign(key=self._key, secret=self._secret, method="POST", path=path, body=b"", at=self._clock())
        try:
            url = self._base + path
            return request("POST", url, headers=headers, body=b"", connect=CONNECT, whole=WHOLE), headers[NONCE]
        except NotConnected as down:
            raise MachineFailed("NOT_CONNECTED") from down
        except NoAnswer as silent:
            raise MachineFailed("NO_ANSWER") from silent


def _json(answer: Answer) -> dict[str, Any]:
    try:
        found = json.loads(answer.body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
