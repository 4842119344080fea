"""How requests and receipts prove who sent them: HMAC-SHA256 over method, path, time, nonce and the body's digest."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping

AGE = 300  # seconds that a signature lives: clocks of two houses differ
KEY, TIME, NONCE, SIGNATURE = "X-Yc-Key", "X-Yc-Timestamp", "X-Yc-Nonce", "X-Yc-Signature"


def signature(secret: str, method: str, path: str, timestamp: str, nonce: str, body: bytes) -> str:
    """64 hex digits. A line each: METHOD, path with query, seconds since 1970, nonce, SHA-256 of the body in hex."""
    text = "\n".join((method.upper(), path, timestamp, nonce, hashlib.sha256(body).hexdigest()))
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def sign(*, key: str, secret: str, method: str, path: str, body: bytes, at: float) -> dict[str, str]:
    """The headers of a request. `at`: seconds since 1970."""
    timestamp, nonce = str(int(at)), secrets.token_hex(16)
    proof = signature(secret, method, path, timestamp, nonce, body)
    return {KEY: key, TIME: timestamp, NONCE: nonce, SIGNATURE: proof}


def fault_of(
    headers: Mapping[str, str], *, key: str, secret: str, method: str, path: str, body: bytes, at: float
) -> str:
    """Empty when the headers prove the request, else a code: KEY, TIME, NONCE, SIGNATURE. Names without regard to case."""
    given = {name.lower(): value for name, value in headers.items()}
    timestamp, nonce = given.get(TIME.lower(), ""), given.get(NONCE.lower(), "")
    if not hmac.compare_digest(given.get(KEY.lower(), "").encode(), key.encode()):
        return "KEY"
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 12) or abs(at - int(timestamp)) > AGE:
        return "TIME"
    if not (16 <= len(nonce) <= 64 and nonce.isascii() and nonce.isalnum()):
        return "NONCE"
    proof = signature(secret, method, path, timestamp, nonce, body)
    return "" if hmac.compare_digest(given.get(SIGNATURE.lower(), "").encode(), proof.encode()) else "SIGNATURE"
