"""Outside sources of the shared bases (数据来源): what one must be able to do, and which are connected."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Protocol

from yichuang.registry.values import Base, Question


class SourceFailed(Exception):
    """A source gave no answer that could be used. The text is a short code: it names no person and quotes nothing."""


class SourceDown(SourceFailed):
    """It cannot be reached, or says that it cannot answer now."""


class SourceSlow(SourceFailed):
    """It did not answer in time."""


class SourceWrong(SourceFailed):
    """Its answer is not proved, or cannot be read."""


class SourceRefused(SourceFailed):
    """It answers, but will not tell (no right, no such service)."""


@dataclass(frozen=True, slots=True)
class Found:
    """What the source has on record: fields as JSON has them, and as of when. Fields that were not asked for are dropped."""

    fields: Mapping[str, object] = field(repr=False)
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Nothing:
    """The source says that it has nothing under this key, as of when."""

    as_of: datetime


class Source(Protocol):
    """One outside source. `fetch` is called from a thread of its own, and only while the source is not known to be down."""

    @property
    def code(self) -> str:
        """As the log calls it: a–z, 0–9, _ ; at most 40, the same for ever."""
        ...

    @property
    def bases(self) -> frozenset[Base]:
        """What it answers for."""
        ...

    @property
    def timeout(self) -> float:
        """Seconds after which it counts as slow, however much longer the caller would wait."""
        ...

    def fetch(self, question: Question, *, deadline: float) -> Found | Nothing:
        """The answer within `deadline` seconds. Raises SourceDown, SourceSlow, SourceWrong or SourceRefused."""
        ...


_sources: dict[str, Source] = {}
_lock = Lock()


def register_source(source: Source) -> None:
    """Connect a source, once, at start-up (settings wire it). Another one of the same code takes its place."""
    with _lock:
        _sources[source.code] = source


def sources_of(base: Base) -> tuple[Source, ...]:
    """The connected sources of a base, by code."""
    return tuple(_sources[code] for code in sorted(_sources) if base in _sources[code].bases)


def all_sources() -> tuple[Source, ...]:
    """Every connected source, by code."""
    return tuple(_sources[code] for code in sorted(_sources))


@contextmanager
def connected(*sources: Source) -> Iterator[None]:
    """Inside, these and no others are connected: for tests and rehearsals."""
    with _lock:
        before = dict(_sources)
        _sources.clear()
        _sources.update({source.code: source for source in sources})
    try:
        yield
    finally:
        with _lock:
            _sources.clear()
            _sources.update(before)
