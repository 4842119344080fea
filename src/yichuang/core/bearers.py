"""Bearer tokens (访问令牌): 256 random bits; a table keeps only a hash, which a plain SHA-256 protects at that length."""

import hashlib
import secrets


def new_bearer(prefix: str) -> str:
    """A fresh token. By the prefix secret scanners recognise a leaked one, and we whose it is."""
    return prefix + secrets.token_urlsafe(32)


def bearer_hash(bearer: str) -> str:
    """What is kept of it."""
    return hashlib.sha256(bearer.encode()).hexdigest()
