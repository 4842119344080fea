"""Which request or job the present code works for: what its log lines have in common."""

import secrets
from contextvars import ContextVar

_WORK: ContextVar[str] = ContextVar("yichuang_work", default="")


def current() -> str:
    """The id of the present request or job; empty outside of both."""
    return _WORK.get()


class begun:  # a context, used as a function
    """A piece of work begins: its id, ours and never the caller's (who could write anything into it)."""

    __slots__ = ("_before",)

    def __enter__(self) -> str:
        work = secrets.token_hex(8)
        self._before = _WORK.set(work)
        return work

    def __exit__(self, *error: object) -> None:
        _WORK.reset(self._before)
