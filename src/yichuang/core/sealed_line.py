"""What a hall node and its centre say to each other, sealed (密封): nobody between reads it, changes it, or gives an answer to
another question. AES-256-GCM under a key of the secret that both know, on top of TLS."""

import json
import os
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE = 12
AGE = 300  # seconds that a question lives: clocks of two houses differ


class NotSealed(ValueError):
    """It was not sealed with this secret for this purpose, or was changed."""


def close(told: Any, *, secret: str, about: str) -> bytes:
    """JSON, sealed. `about`: what it is an answer or a question to; it opens with the same words only."""
    nonce = os.urandom(NONCE)
    body = json.dumps(told, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    return nonce + _cipher(secret).encrypt(nonce, body, about.encode())


def unseal(sealed: bytes, *, secret: str, about: str) -> Any:
    """What was sealed for this. Raises NotSealed."""
    try:
        return json.loads(_cipher(secret).decrypt(sealed[:NONCE], sealed[NONCE:], about.encode()))
    except (InvalidTag, ValueError) as wrong:
        raise NotSealed("not sealed for this") from wrong


def question(node: str, moment: str, nonce: str) -> str:
    """What a question is about: who asks, when (seconds since 1970), and which one it is."""
    return f"question\n{node}\n{moment}\n{nonce}"


def answer(node: str, moment: str, nonce: str) -> str:
    """What the answer to it is about."""
    return f"answer\n{node}\n{moment}\n{nonce}"


@lru_cache(maxsize=64)
def _cipher(secret: str) -> AESGCM:
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=None, info=b"yichuang/node-line").derive(secret.encode()))
