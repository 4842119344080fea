"""The one source of chance for what the house decides by lot. Tests seed it; secrets never come from here."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_SYSTEM = random.SystemRandom()
_seeded: ContextVar[random.Random | None] = ContextVar("seeded_chance", default=None)


def between(least: int, most: int) -> int:
    """A whole number from `least` to `most`, both included, each as likely as any other."""
    return (_seeded.get() or _SYSTEM).randint(least, most)


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Inside, in this context only, the same numbers come each time."""
    token = _seeded.set(random.Random(seed))
    try:
        yield
    finally:
        _seeded.reset(token)
