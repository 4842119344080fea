"""Reading the local bases: one statement for all questions, whatever they ask, after one that tells whose numbers they are.

What a giver has given as a whole can say "none"; a giver of some rows can only say what is in them.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from yichuang.core import sql
from yichuang.core.clock import local_date
from yichuang.core.crypto import blind_index, unseal
from yichuang.people.queries import parties_of
from yichuang.registry.rules.coding import decoded
from yichuang.registry.rules.keys import How, key_parts
from yichuang.registry.rules.sources import Settled, unknown
from yichuang.registry.values import KEYS, Answer, Base, Question, Value

OWN = "yichuang"  # our own certificate base, as a source
# Records by full and by loose key, and what givers have given.
_READ = """
SELECT 'full', key_index, source, key_index, data, as_of, NULL::timestamptz, doubtful
FROM registry_record WHERE key_index = ANY((SELECT $1::text[])::text[])
UNION ALL
SELECT 'loose', loose_index, source, key_index, data, as_of, NULL, doubtful
FROM registry_record WHERE loose_index = ANY((SELECT $2::text[])::text[]) AND loose_index <> ''
UNION ALL
SELECT 'giver', base, source, '', '', whole_at, incomplete_at, false FROM registry_holding
WHERE base = ANY((SELECT $3::text[])::text[])
"""
# The certificates that parties validly hold from us.
_OWN = """
SELECT holder_id, type_code, number FROM registry_certificate
WHERE holder_id = ANY($1::uuid[]) AND status = 'valid' AND valid_from <= $2 AND (valid_to IS NULL OR valid_to >= $2)
"""
_AAD = "registry_record.data"


@dataclass(frozen=True, slots=True)
class Looked:
    """A question with the blind index under which it is looked up; "" when its key points to nothing.

    `party`: whose number the key is, where they are in our books; nobody's of an address.
    """

    question: Question
    how: How
    index: str
    key: str = field(repr=False)  # in its one spelling
    party: UUID | None = None

    @property
    def spelled(self) -> Question:
        """As other houses are asked: a number in its one spelling, an address as it was written."""
        return replace(self.question, key=self.key) if is_number(self) else self.question


def key_index(base: Base, how: How, key: str) -> str:
    """The blind index of a key in its one spelling."""
    return blind_index(f"registry.{base.value}.{how}", key)


def look_up(questions: Sequence[Question]) -> list[Looked]:
    """Each question under its key's one spelling, with whose number that is; one statement for all, which takes along what
    `read` will ask in this transaction (`core.sql.ahead`)."""
    looked = [_spelled(question) for question in questions]
    sql.ahead(_READ, _values(looked))
    whose = parties_of(_numbers(looked))
    return [replace(one, party=whose.get(one.key)) if is_number(one) else one for one in looked]


def _spelled(question: Question) -> Looked:
    parts = key_parts(question.base, question.key)
    if parts is None:
        return Looked(question, "full", "", "")
    return Looked(question, parts[0], key_index(question.base, *parts), parts[1])


def is_number(one: Looked) -> bool:
    """Whether it is asked about somebody: a person or a company, by their number."""
    return KEYS[one.question.base] != "address"


def _numbers(looked: Sequence[Looked]) -> list[str]:
    return [one.key for one in looked if one.key and is_number(one)]


def _values(looked: Sequence[Looked]) -> list[object]:
    return [
        sorted({one.index for one in looked if one.index and one.how == "full"}),
        sorted({one.index for one in looked if one.index and one.how == "loose"}),
        sorted({one.question.base.value for one in looked}),
    ]


class _Record(NamedTuple):
    """What one source says of one key."""

    source: str
    key_index: str
    data: str
    as_of: datetime
    doubtful: bool


class _Giver(NamedTuple):
    """What a source has given of a base."""

    source: str
    whole_at: datetime | None
    incomplete_at: datetime | None


@dataclass(slots=True)
class _Rows:
    """What the statement brought, by what it is."""

    records: dict[str, list[_Record]] = field(default_factory=dict)  # by what they were looked up under
    givers: dict[str, list[_Giver]] = field(default_factory=dict)  # by base


def _sorted(rows: Iterable[tuple[Any, ...]]) -> _Rows:
    found = _Rows()
    for kind, under, source, index, data, moment, incomplete_at, doubtful in rows:
        if kind == "giver":
            found.givers.setdefault(under, []).append(_Giver(source, moment, incomplete_at))
        else:
            found.records.setdefault(under, []).append(_Record(source, index, data, moment, doubtful))
    return found


def read(looked: Sequence[Looked], *, at: datetime) -> dict[int, list[Answer]]:
    """What the local sources say to each question, by its place; nothing where none of them can say anything."""
    rows, own = _sorted(sql.rows(_READ, _values(looked))), _held(looked, at)
    return {number: _answers(one, rows, own, at) for number, one in enumerate(looked)}


def _held(looked: Sequence[Looked], at: datetime) -> dict[UUID, list[tuple[str, str]]]:
    """Type and number of our own certificates, by holder: asked only where certificates of somebody we know are."""
    holders = {one.party for one in looked if one.party and one.question.base is Base.CERTIFICATES}
    held: dict[UUID, list[tuple[str, str]]] = {holder: [] for holder in holders}
    if holders:
        for holder, type_code, number in sql.rows(_OWN, [sorted(holders), local_date(at)]):
            held[holder].append((type_code, number))
    return held


def _answers(one: Looked, rows: _Rows, own: Mapping[UUID, list[tuple[str, str]]], at: datetime) -> list[Answer]:
    question = one.question
    if not one.index:
        return [unknown(question, "unclear")]
    records = rows.records.get(one.index, ())
    if len({record.key_index for record in records}) > 1:  # an address without its areas that fits several
        return [unknown(question, "unclear")]
    said = {record.source: record for record in records}
    givers = sorted(rows.givers.get(question.base.value, ()))
    answers = [answer for giver in givers if (answer := _said(question, giver, said.get(giver.source)))]
    if question.base is Base.CERTIFICATES and one.party:
        answers.append(_own(question, own[one.party], at))
    return answers


def _said(question: Question, giver: _Giver, record: _Record | None) -> Answer | None:
    """What a giver says of a key; None where it gave some rows only, and none of this key."""
    if record is not None and record.doubtful:
        return unknown(question, "wrong", giver.source)
    if giver.incomplete_at is not None and (record is None or record.as_of < giver.incomplete_at):
        return unknown(question, "incomplete", giver.source)
    if record is not None:  # what a whole delivery without faults left here stood in it
        return _found(question, record, max(record.as_of, giver.whole_at or record.as_of))
    if giver.whole_at is None:
        return None
    return Answer(question.name, question.base, "none", source=giver.source, as_of=giver.whole_at)


def _found(question: Question, record: _Record, as_of: datetime) -> Answer:
    fields = decoded(question.base, json.loads(unseal(record.data, aad=_AAD)))
    kept = {name: fields[name] for name in question.fields if name in fields}
    return Answer(question.name, question.base, "found", kept, record.source, as_of)


def _own(question: Question, held: list[tuple[str, str]], at: datetime) -> Answer:
    if not held:
        return Answer(question.name, question.base, "none", source=OWN, as_of=at)
    fields: dict[str, Value] = {
        "types": tuple(sorted({type_code for type_code, _ in held})),
        "numbers": tuple(sorted(number for _, number in held)),
    }
    kept = {name: fields[name] for name in question.fields if name in fields}
    return Answer(question.name, question.base, "found", kept, OWN, at)


_SETTLED = """
SELECT key_index, field, said, kept FROM registry_contradiction
WHERE key_index = ANY($1::text[]) AND settled_at IS NOT NULL ORDER BY settled_at, id
"""


def settled(indexes: Iterable[str]) -> dict[str, list[Settled]]:
    """What people settled of these keys, the latest last; asked only where sources contradict each other."""
    found: dict[str, list[Settled]] = {}
    for index, name, said, kept in sql.rows(_SETTLED, [sorted(set(indexes))]):
        opened = json.loads(unseal(said, aad="registry_contradiction.said"))
        found.setdefault(index, []).append(Settled(name, opened, kept))
    return found
