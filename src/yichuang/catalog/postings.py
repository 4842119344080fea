"""Which items a term stands in, as bytes, and what a query's terms make of them. Pure.

The list of a term: the numbers of its items, four bytes each (big-endian, as PostgreSQL's `int4send` writes them), rising.
A term that stands in few items says more than one that stands in many: its hit counts log(1 + items / items with it).
Candidates come from the rarest terms only, so that 登记 or 企业 in a query of more words does not read ten thousand items;
those common terms then order the candidates.
"""

import math
import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from typing import TypeAlias

ENOUGH = 2000  # entries from which candidates are taken: further terms only order the best of them
KEPT = 300  # candidates that common terms order; so many at least, when more are asked for
EXACT = 1_000.0  # more than all terms of a query together
Numbers: TypeAlias = "array[int]"
_KIND = "I"  # four bytes


@dataclass(frozen=True, slots=True)
class Hit:
    """The list of one term: `says` is how much the query and the place of the term in the items make of it."""

    term: str
    says: float
    numbers: Numbers


def read(raw: bytes) -> Numbers:
    numbers = array(_KIND)
    numbers.frombytes(raw)
    if sys.byteorder == "little":
        numbers.byteswap()
    return numbers


def write(numbers: Iterable[int]) -> bytes:
    made = array(_KIND, sorted(numbers))
    if sys.byteorder == "little":
        made.byteswap()
    return made.tobytes()


def best(hits: Sequence[Hit], exact: str, total: int, count: int | None) -> list[tuple[int, float]]:
    """The `count` best (number, score), or all, best first; of equal ones the first published. `total` items are searched.

    Scores are above 0; `EXACT` and more when what was said is exactly what people say for the item.
    """
    standing = _standing(hits)
    scores: dict[int, float] = {}
    common = list[tuple[Numbers, float]]()
    taken = 0
    for hit in sorted(hits, key=lambda hit: (standing[hit.term], hit.term, -hit.says)):
        worth = EXACT if hit.term == exact else hit.says * math.log(1 + total / standing[hit.term])
        if taken and taken + len(hit.numbers) > ENOUGH:
            common.append((hit.numbers, worth))
            continue
        taken += len(hit.numbers)
        for number in hit.numbers[:ENOUGH]:
            scores[number] = scores.get(number, 0.0) + worth
    kept = _first(scores, len(scores) if count is None else max(count, KEPT if common else 0))
    for numbers, worth in common:
        for number in kept:
            place = bisect_left(numbers, number)
            if place < len(numbers) and numbers[place] == number:
                kept[number] += worth
    return list(_first(kept, len(kept) if count is None else count).items())


def _first(scores: Mapping[int, float], count: int) -> dict[int, float]:
    return dict(nsmallest(count, scores.items(), key=lambda pair: (-pair[1], pair[0])))


def _standing(hits: Iterable[Hit]) -> Mapping[str, int]:
    """In how many items each term stands, whatever its place in them."""
    found: dict[str, int] = {}
    for hit in hits:
        found[hit.term] = found.get(hit.term, 0) + len(hit.numbers)
    return found
