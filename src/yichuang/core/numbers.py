"""Numbers without gaps or doubles: a counter row per kind, place and day, raised in the act's own transaction.

The row stays locked until the transaction ends, so take the number late in the act. A rolled-back act gives its
number back; nobody ever counts rows or takes a maximum.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from functools import lru_cache

from django.db import connection

from yichuang.core import sql

_TAKE = """
INSERT INTO core_counter (kind, place, day, value) VALUES ($1, $2, $3, $4)
ON CONFLICT (kind, place, day) DO UPDATE SET value = core_counter.value + EXCLUDED.value
RETURNING value
"""
_TAKE_EACH = """
INSERT INTO core_counter (kind, place, day, value) VALUES {rows}
ON CONFLICT (kind, place, day) DO UPDATE SET value = core_counter.value + 1
RETURNING kind, place, day, value
"""
Counter = tuple[str, str, date]  # kind, place, day
_at_hand: ContextVar[dict[Counter, int] | None] = ContextVar("at_hand", default=None)


def next_number(*, kind: str, place: str, day: date) -> int:
    """The next number (from 1) of this kind at this place on this local day. One statement, none for what is `at_hand`."""
    taken = _at_hand.get()
    if taken and (number := taken.pop((kind, place, day), None)) is not None:
        return number
    return next_block(kind=kind, place=place, day=day, size=1)[0]


def next_numbers(counters: Sequence[Counter]) -> list[int]:
    """The next number of each of these counters, which must differ. One statement.

    Who else takes some of them takes them in this order, or two acts may wait for each other.
    """
    values = [value for counter in counters for value in counter]
    told = {(kind, place, day): int(value) for kind, place, day, value in sql.rows(_each(len(counters)), values)}
    return [told[counter] for counter in counters]


@lru_cache(maxsize=16)
def _each(counters: int) -> str:
    marks = (f"(${3 * n + 1}, ${3 * n + 2}, ${3 * n + 3}, 1)" for n in range(counters))
    return _TAKE_EACH.format(rows=", ".join(marks))


@contextmanager
def at_hand(counters: Sequence[Counter]) -> Iterator[None]:
    """Inside, the first `next_number` of each of these costs no statement: they are taken here, all in one.

    For an act that is sure to take each of them, and after which no other of them is taken in another order. RuntimeError
    when one is left: it would be a gap.
    """
    taken = dict(zip(counters, next_numbers(counters), strict=True)) if counters else {}
    before = _at_hand.set(taken)
    try:
        yield
    finally:
        _at_hand.reset(before)
    if taken:
        raise RuntimeError(f"numbers were taken and not used: {', '.join(kind for kind, _, _ in taken)}")


def next_block(*, kind: str, place: str, day: date, size: int) -> range:
    """`size` numbers in a row, for a node that may lose the network; unused ones are lost, never given twice."""
    if size < 1:
        raise ValueError("a block has at least one number")
    last = int(sql.rows(_TAKE, [kind, place, day, size])[0][0])
    return range(last - size + 1, last + 1)


def last_number(*, kind: str, place: str, day: date) -> int:
    """The number given last, 0 before the first; takes none and locks nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM core_counter WHERE kind = %s AND place = %s AND day = %s", [kind, place, day])
        row = cursor.fetchone()
    return int(row[0]) if row else 0
