"""Which request or job the present code works for: what its log lines have in common."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_WORK: ContextVar[str] = ContextVar("yichuang_work", default="")


def current() -> str:
    """The id of the present request or job; empty outside of both."""
    return _WORK.get()


@contextmanager
def begun() -> Iterator[str]:
    """A piece of work begins: its id, ours and never the caller's (who could write anything into it)."""
    token = _WORK.set(secrets.token_hex(8))
    try:
        yield _WORK.get()
    finally:
        _WORK.reset(token)
