"""Identities of rows: UUID version 7 (RFC 9562), ordered by time so that indexes grow at one end."""

import os
import time
from uuid import UUID


def new_id() -> UUID:
    """A fresh UUIDv7. The time in it is the machine's, only for ordering: never read it back as a fact.

    Twelve bits go on below the millisecond (RFC 9562 §6.2, method 3), so that rows written one after the other stand in
    that order; 62 are random.
    """
    millis, rest = divmod(time.time_ns(), 1_000_000)
    below = (rest << 12) // 1_000_000
    random = int.from_bytes(os.urandom(8), "big") >> 2
    return UUID(int=millis << 80 | 0x7 << 76 | below << 64 | 0x2 << 62 | random)
