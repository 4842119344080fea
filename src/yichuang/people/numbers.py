"""Whose a number is: the parties behind identity numbers and credit codes, several in one statement."""

from collections.abc import Iterable
from uuid import UUID

from yichuang.core import sql
from yichuang.people.identity import id_index
from yichuang.people.values import FOREIGN_RESIDENT_ID, HMT_RESIDENCE, RESIDENT_ID, USCC

# Documents whose number is an identity number or a credit code by itself, the surest first.
_TYPES = (RESIDENT_ID, HMT_RESIDENCE, FOREIGN_RESIDENT_ID, USCC)
_WHOSE = """
SELECT id_type, id_index, id FROM people_party
WHERE id_type = ANY((SELECT $1::text[])::text[]) AND id_index = ANY((SELECT $2::text[])::text[])
"""


def parties_of(numbers: Iterable[str]) -> dict[str, UUID]:
    """The party of each identity number or credit code, by the number as it was given; those in nobody's books are left out."""
    asked = dict.fromkeys(numbers)
    if not asked:
        return {}
    known = {(kind, index): party for kind, index, party in sql.rows(_WHOSE, _values(asked))}
    found = {}
    for number in asked:
        keys = ((kind, id_index(kind, number)) for kind in _TYPES)
        party = next((known[key] for key in keys if key in known), None)
        if party is not None:
            found[number] = party
    return found


def _values(numbers: Iterable[str]) -> list[object]:
    return [list(_TYPES), sorted(id_index(kind, number) for number in numbers for kind in _TYPES)]
