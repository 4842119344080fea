"""Proof of what the engine tells: only who has the secret of our webhook can say it, only now, and only once."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Mapping

AGE = 300  # seconds: clocks of two houses differ


class Told:
    """One webhook: its id and its secret, both told when it was made."""

    def __init__(self, key: str, secret: str) -> None:
        self.key, self.secret = key, secret
        self._seen: dict[str, float] = {}

    def proved(self, headers: Mapping[str, str], path: str, body: bytes) -> bool:
        """Whether these bytes come from the engine. A caught message cannot be sent a second time."""
        given = {name.lower(): value for name, value in headers.items()}
        at, nonce = given.get("x-yc-timestamp", ""), given.get("x-yc-nonce", "")
        lines = "\n".join(("POST", path, at, nonce, hashlib.sha256(body).hexdigest()))
        proof = hmac.new(self.secret.encode(), lines.encode(), hashlib.sha256).hexdigest()
        if given.get("x-yc-key", "") != self.key or not hmac.compare_digest(
            proof.encode(), given.get("x-yc-signature", "").encode()
        ):
            return False
        now = time.time()
        self._seen = {one: when for one, when in self._seen.items() if now - when <= 2 * AGE}
        if abs(now - int(at)) > AGE or nonce in self._seen:
            return False
        self._seen[nonce] = now
        return True
