"""Numbers without gaps or doubles: a counter row per kind, place and day, raised in the act's own transaction.

The row stays locked until the transaction ends, so take the number late in the act. A rolled-back act gives its
number back; nobody ever counts rows or takes a maximum.
"""

from datetime import date

from django.db import connection

from yichuang.core import sql

_TAKE = """
INSERT INTO core_counter (kind, place, day, value) VALUES ($1, $2, $3, $4)
ON CONFLICT (kind, place, day) DO UPDATE SET value = core_counter.value + EXCLUDED.value
RETURNING value
"""
_TAKE_TWO = """
INSERT INTO core_counter (kind, place, day, value) VALUES ($1, $2, $3, 1), ($4, $5, $6, 1)
ON CONFLICT (kind, place, day) DO UPDATE SET value = core_counter.value + 1
RETURNING kind, place, value
"""


def next_number(*, kind: str, place: str, day: date) -> int:
    """The next number (from 1) of this kind at this place on this local day. One statement."""
    return next_block(kind=kind, place=place, day=day, size=1)[0]


def next_numbers(*, first: tuple[str, str, date], second: tuple[str, str, date]) -> tuple[int, int]:
    """The next number of each of two counters (kind, place, day), which must differ. One statement.

    Who else takes both takes them in this order, or two acts may wait for each other.
    """
    told = {(kind, place): int(value) for kind, place, value in sql.rows(_TAKE_TWO, [*first, *second])}
    return told[first[:2]], told[second[:2]]


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
