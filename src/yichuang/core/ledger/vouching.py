"""What entries vouch for (所证之事): the rooms' rows as an act left them, fingerprinted under the entry's own salt.

Without this the log could be whole while the case it speaks of says something else. A room passes `facts` to
`ledger.append` — name → what the rows say, such as "case" or "document:<id>" — and registers a `Witness` that reads the
same facts from its tables. The last entry that vouches for a name is what the row must still say. Destroying the salts
(erasure) ends the proof, as it does for every detail of the entry.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Protocol
from uuid import UUID

import msgspec
from django.db import connection
from django.db.models import DecimalField, Model

from yichuang.core.fields import unreadable_marked
from yichuang.core.ledger.values import moment

PREFIX = "facts."  # of the keys in an entry's detail
CHUNK = 500
_DIGITS = 32  # hex digits kept of a fingerprint: 128 bits
_FIRST = UUID(int=0)
Facts = Mapping[str, Any]

# Subjects of a kind that some entry vouches for; the last fingerprint of each name, with the salt it was made under.
_SUBJECTS = f"""
SELECT DISTINCT subject_id FROM core_entry
WHERE subject_kind = %s AND subject_id > %s AND detail::text LIKE '%%"{PREFIX}%%' ORDER BY subject_id LIMIT {CHUNK}
"""
_VOUCHED = f"""
SELECT DISTINCT ON (e.subject_id, told.key) e.subject_id, substr(told.key, {len(PREFIX) + 1}), told.value, s.salt
FROM core_entry AS e CROSS JOIN LATERAL jsonb_each_text(e.detail) AS told
LEFT JOIN core_entry_salt AS s ON s.entry_id = e.id
WHERE e.subject_kind = %s AND e.subject_id = ANY(%s) AND told.key LIKE '{PREFIX}%%'
ORDER BY e.subject_id, told.key, e.seq DESC
"""


class ReadFacts(Protocol):
    """Reads what a room's tables say today: subject → name → facts; subjects without rows are left out."""

    def __call__(self, ids: Sequence[UUID], /) -> Mapping[UUID, Mapping[str, Facts]]: ...


@dataclass(frozen=True, slots=True)
class Witness:
    """Who can read the facts of one kind of subject. `families` are the names (before the colon) it answers for."""

    kind: str
    families: frozenset[str]
    read: ReadFacts
    list_ids: Callable[[UUID, int], Sequence[UUID]]  # the subjects with rows, behind an id, so many


_WITNESSES: dict[tuple[str, frozenset[str]], Witness] = {}


def register_witness(witness: Witness) -> None:
    """Called at start-up by the room whose rows they are."""
    _WITNESSES[witness.kind, witness.families] = witness


def fingerprint(salt: bytes, name: str, facts: Facts) -> str:
    """What an entry says about the facts of a name: nobody can guess them from it without the salt."""
    told = facts if type(facts) is _Row else _plain(facts)
    return hashlib.sha256(salt + spelled({"name": name, "facts": told})).hexdigest()[:_DIGITS]


def spelled(told: Any) -> bytes:
    """`receipts.canonical` of facts that went through `_plain`, byte for byte, at a third of its price."""
    return _ENCODER.encode(told)


_ENCODER = msgspec.json.Encoder(order="sorted")


def _number(value: float) -> msgspec.Raw:
    """As Python spells it (1e-07): the encoder would write 1e-7."""
    return msgspec.Raw(json.dumps(value).encode())


class _Row(dict[str, Any]):
    """Facts in the one spelling already."""


def row_facts(
    row: Model, *, without: frozenset[str] = frozenset(), later: frozenset[str] = frozenset()
) -> dict[str, Any]:
    """Every column of a row, but for those named (caches), in one spelling before and after it was stored.

    `later` are columns that the table did not have when its first rows were vouched for: they are told only where they
    hold anything but their default, so that the old fingerprints stay true and no later value goes unseen.
    """
    columns, decimals, new = _columns(type(row), without, later)
    values, told = row.__dict__, _Row()
    for name in columns:
        value = values[name] if name in values else getattr(row, name)  # one that was not read is read now
        told[name] = value if type(value) in _AS_THEY_ARE else _plain(value)
    for name, places in decimals:
        if (value := told[name]) is not None:
            told[name] = f"{value:.{places}f}"
    for name, default in new:
        if values[name] == default():
            del told[name]
    return told


@lru_cache(maxsize=64)
def _columns(
    model: type[Model], without: frozenset[str], later: frozenset[str]
) -> tuple[tuple[str, ...], tuple[tuple[str, int], ...], tuple[tuple[str, Callable[[], Any]], ...]]:
    """The columns of a model in their order, the decimal ones with their places, and the later ones with their defaults."""
    fields: list[Any] = [field for field in model._meta.concrete_fields if field.attname not in without]
    return (
        tuple(field.attname for field in fields),
        tuple((field.attname, field.decimal_places) for field in fields if isinstance(field, DecimalField)),
        tuple((field.attname, field.get_default) for field in fields if field.attname in later),
    )


_AS_THEY_ARE = frozenset({str, int, bool, type(None)})


def _plain(value: Any) -> Any:
    if (kind := type(value)) in _AS_THEY_ARE:  # most are
        return value
    spell = _SPELLINGS.get(kind)
    return spell(value) if spell else _plain_other(value)


def _plain_mapping(value: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(key): each if type(each) in _AS_THEY_ARE else _plain(each) for key, each in value.items()}


def _plain_list(value: Sequence[Any]) -> list[Any]:
    return [_plain(each) for each in value]


# By the very type: going through the cases below costs more than the spelling.
_SPELLINGS: Mapping[type, Callable[[Any], Any]] = {
    _Row: lambda row: row,
    UUID: str,
    float: _number,
    datetime: moment,
    date: date.isoformat,
    dict: _plain_mapping,
    list: _plain_list,
}


def _plain_other(value: Any) -> Any:
    match value:
        case datetime():
            return moment(value)
        case date():
            return value.isoformat()
        case UUID():
            return str(value)
        case Mapping():
            return _plain_mapping(value)
        case list() | tuple():
            return _plain_list(value)
        case _:
            return value


def find_broken() -> Iterator[tuple[str, str]]:
    """(kind of fault, where) for every fact that is no longer as the ledger says; for `verify_ledger`."""
    for witness in _WITNESSES.values():
        with unreadable_marked():
            found = [*_compare_vouched(witness), *_find_unvouched(witness)]
        yield from found


def _compare_vouched(witness: Witness) -> Iterator[tuple[str, str]]:
    last = _FIRST
    while ids := _ids(_SUBJECTS, [witness.kind, last]):
        last = ids[-1]
        rows = witness.read(ids)
        for subject, told in _vouched(witness, ids).items():
            yield from _compare(witness.kind, subject, told, rows.get(subject, {}))


def _find_unvouched(witness: Witness) -> Iterator[tuple[str, str]]:
    """Rows whose subject no entry vouches for at all: put in past the commands."""
    last = _FIRST
    while ids := list(witness.list_ids(last, CHUNK)):
        last = ids[-1]
        known = _vouched(witness, ids)
        yield from (("FACT_UNKNOWN", f"{witness.kind}:{subject}") for subject in ids if subject not in known)


Told = dict[str, tuple[str, bytes | None]]


def _vouched(witness: Witness, ids: Sequence[UUID]) -> dict[UUID, Told]:
    found: dict[UUID, Told] = {}
    with connection.cursor() as cursor:
        cursor.execute(_VOUCHED, [witness.kind, list(ids)])
        for subject, name, digest, salt in cursor.fetchall():
            if name.partition(":")[0] in witness.families:
                found.setdefault(subject, {})[name] = (digest, None if salt is None else bytes(salt))
    return found


def _compare(kind: str, subject: UUID, told: Told, rows: Mapping[str, Facts]) -> Iterator[tuple[str, str]]:
    for name, (digest, salt) in told.items():
        where = f"{kind}:{subject} {name}"
        if name not in rows:
            yield "FACT_MISSING", where
        elif salt is not None and fingerprint(salt, name, rows[name]) != digest:
            yield "FACT_ALTERED", where
    yield from (("FACT_UNKNOWN", f"{kind}:{subject} {name}") for name in sorted(rows.keys() - told.keys()))


def _ids(query: str, values: list[Any]) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return [row[0] for row in cursor.fetchall()]
