"""Bearer tokens: 256 random bits; the database keeps only a hash, which a plain SHA-256 protects at that length."""

import hashlib
import secrets

PREFIX = "yc_"  # secret scanners can recognise a leaked one


def new_bearer() -> str:
    return PREFIX + secrets.token_urlsafe(32)


def bearer_hash(bearer: str) -> str:
    return hashlib.sha256(bearer.encode()).hexdigest()
