"""The tree of the ledger (RFC 6962): pure arithmetic on sizes and places, hashes fetched by the caller.

Only full subtrees are stored: node (level, index) covers the leaves index·2^level … (index+1)·2^level − 1; level 0
are the leaves. Every root and every proof is a handful of such nodes, so each costs O(log n).
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from yichuang.core.receipts import node_hash

EMPTY_ROOT = hashlib.sha256(b"").digest()
Place = tuple[int, int]  # level, index
Span = tuple[int, int]  # first leaf, leaf behind the last


def cover(span: Span) -> list[Place]:
    """The full subtrees, largest first, that make up a span of the decomposition (its start is aligned)."""
    start, end = span
    places = []
    while start < end:
        level = (end - start).bit_length() - 1
        places.append((level, start >> level))
        start += 1 << level
    return places


def _split(span: Span) -> int:
    """Where RFC 6962 cuts a span: behind the largest power of two smaller than its length."""
    start, end = span
    return start + (1 << ((end - start - 1).bit_length() - 1))


def inclusion_spans(index: int, size: int) -> list[Span]:
    """The siblings of leaf `index` in a tree of `size`, from the leaf up (PATH of section 2.1.1)."""
    if not 0 <= index < size:
        raise ValueError("no such leaf")
    spans: list[Span] = []
    span = (0, size)
    while span[1] - span[0] > 1:
        middle = _split(span)
        left, right = (span[0], middle), (middle, span[1])
        span, sibling = (left, right) if index < middle else (right, left)
        spans.append(sibling)
    return spans[::-1]


def consistency_spans(old: int, new: int) -> list[Span]:
    """What proves that a tree of `old` leaves became one of `new` (PROOF of section 2.1.2)."""
    if not 0 < old <= new:
        raise ValueError("no such trees")
    spans: list[Span] = []
    span, whole = (0, new), True
    while span[1] != old:
        middle = _split(span)
        if old <= middle:
            spans.append((middle, span[1]))
            span = (span[0], middle)
        else:
            spans.append((span[0], middle))
            span, whole = (middle, span[1]), False
    if not whole:
        spans.append(span)
    return spans[::-1]


def fold(peaks: Sequence[bytes]) -> bytes:
    """The root over full subtrees, largest first."""
    if not peaks:
        return EMPTY_ROOT
    result = peaks[-1]
    for left in peaks[-2::-1]:
        result = node_hash(left, result)
    return result


def hashes_of(spans: Iterable[Span], fetch: Callable[[list[Place]], dict[Place, bytes]]) -> list[bytes]:
    """The hash of each span; `fetch` is called once with every place that is needed."""
    covers = [cover(span) for span in spans]
    stored = fetch([place for places in covers for place in places])
    return [fold([stored[place] for place in places]) for places in covers]


@dataclass(slots=True)
class Builder:
    """A tree that grows leaf by leaf and remembers only its full subtrees on the right edge."""

    size: int = 0
    peaks: list[tuple[int, bytes]] = field(default_factory=list)  # level, hash; largest first

    @classmethod
    def at(cls, size: int, fetch: Callable[[list[Place]], dict[Place, bytes]]) -> "Builder":
        """The tree of `size` leaves as stored."""
        places = cover((0, size))
        stored = fetch(places)
        return cls(size, [(place[0], stored[place]) for place in places])

    def add(self, leaf: bytes) -> list[tuple[Place, bytes]]:
        """Append a leaf's hash; the full subtrees (level ≥ 1) that it completes."""
        level, index, done = 0, self.size, leaf
        completed: list[tuple[Place, bytes]] = []
        while self.peaks and self.peaks[-1][0] == level:
            done = node_hash(self.peaks.pop()[1], done)
            level, index = level + 1, index >> 1
            completed.append(((level, index), done))
        self.peaks.append((level, done))
        self.size += 1
        return completed

    @property
    def root(self) -> bytes:
        return fold([done for _, done in self.peaks])
