"""Identities of rows: UUID version 7 (RFC 9562), ordered by time so that indexes grow at one end."""

import os
import time
from uuid import UUID


def new_id() -> UUID:
    """A fresh UUIDv7. The time in it is the machine's, only for ordering: never read it back as a fact."""
    millis = time.time_ns() // 1_000_000
    value = (millis << 80) | int.from_bytes(os.urandom(10), "big")
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return UUID(int=value)
