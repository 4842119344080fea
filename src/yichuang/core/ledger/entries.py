"""Writing and reading entries. One act is one statement in the act's own transaction."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from yichuang.core import receipts, sql
from yichuang.core.actors import Actor
from yichuang.core.asked import asker_detail
from yichuang.core.ids import new_id
from yichuang.core.ledger import vouching
from yichuang.core.ledger.values import SALTS_DESTROYED, Entry, Scalar, Subject, check_detail
from yichuang.core.masks import mask_name

SALT_BYTES = 16
_RACES = 20

COLUMNS = (
    "id, subject_kind, subject_id, seq, at, act, actor_kind, actor_id, actor_name_masked, behalf, channel, place, "
    '"window", device, detail, commitment'
)
# Entry, salt and the mark "has no leaf yet" in one statement. Two acts on one subject at the same moment: the second
# waits at the unique key, inserts nothing, and is sent again with the next number.
_APPEND = f"""
WITH entry AS (
    INSERT INTO core_entry ({COLUMNS}) VALUES (
        $1, $2::text, $3,
        COALESCE((SELECT seq FROM core_entry WHERE subject_kind = $2::text AND subject_id = $3
                  ORDER BY seq DESC LIMIT 1), 0) + 1,
        $4, $5, $6, $7, $8, $9, $10, $11,
        $12, $13, $14, $15)
    ON CONFLICT (subject_kind, subject_id, seq) DO NOTHING RETURNING id, seq
), salt AS (
    INSERT INTO core_entry_salt (entry_id, salt) SELECT id, $16 FROM entry
), waiting AS (
    INSERT INTO core_unsequenced (entry_id) SELECT id FROM entry
)
SELECT seq FROM entry
"""
# The same for a subject that was made in this transaction: nobody waits for the number.
_BEGIN = f"""
WITH entry AS (
    INSERT INTO core_entry ({COLUMNS}) VALUES ($1, $2, $3, $17, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
    RETURNING id
), salt AS (
    INSERT INTO core_entry_salt (entry_id, salt) SELECT id, $16 FROM entry
)
INSERT INTO core_unsequenced (entry_id) SELECT id FROM entry
"""


def append(
    *,
    act: str,
    actor: Actor,
    at: datetime,
    subject: Subject,
    detail: Mapping[str, Scalar] | None = None,
    behalf: UUID | None = None,
    facts: Mapping[str, vouching.Facts] | None = None,
    first: bool = False,
    nth: int = 0,
    alone: bool = False,
) -> Entry:
    """Put an act on record, in the present transaction, one statement. `detail` holds codes and ids, never persons.

    `behalf` is the party for whom the actor acts; `facts` are the rows, as they now stand, that the entry vouches for
    (see `vouching`). `first`: the caller made the subject just now; IntegrityError when it has an entry all the same. `nth`:
    it was made in this very transaction, and this is its so manieth entry (0: who knows).
    `alone`: the caller holds the subject against everybody else who appends, so the entry need not be waited for
    (`sql.together`) and its number is not told (0); RuntimeError when somebody appended all the same.
    ValueError when the detail looks like personal data.
    """
    salt = os.urandom(SALT_BYTES)
    detail = {**(detail or {}), **asker_detail()}
    check_detail(detail)
    detail |= {
        f"{vouching.PREFIX}{name}": vouching.fingerprint(salt, name, told) for name, told in (facts or {}).items()
    }
    entry = Entry(
        id=new_id(),
        subject=subject,
        seq=0,
        at=at,
        act=act,
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_name_masked=(actor.name if actor.kind in {"system", "client", "device"} else mask_name(actor.name))[:100]
        if actor.name
        else "",
        behalf=behalf,
        channel=str(actor.channel),
        place=actor.place,
        window=actor.window[:40],
        device=actor.device[:100],
        detail=detail,
        commitment="",
    )
    told = entry.committed
    digest = receipts.commitment(salt, told)
    row = _row(entry, told, salt, digest)
    nth = nth or int(first)
    if nth:
        sql.later(_BEGIN, [*row, nth], rows=1, sure=True)
    elif alone:
        sql.later(_APPEND, row, rows=1)
        return replace(entry, commitment=digest)
    return replace(entry, seq=nth or _insert(entry, row), commitment=digest)


def _row(entry: Entry, told: Mapping[str, Any], salt: bytes, digest: str) -> list[Any]:
    """The values of the statements above; `told` is what the entry commits to."""
    return [
        entry.id,
        entry.subject.kind,
        entry.subject.id,
        entry.at,
        entry.act,
        *(told[name] for name in ("actor_kind", "actor_id", "actor_name_masked", "behalf", "channel", "place")),
        *(told["window"], told["device"]),
        json.dumps(told["detail"], ensure_ascii=False),
        bytes.fromhex(digest),
        salt,
    ]


def _insert(entry: Entry, row: Sequence[Any]) -> int:
    for _ in range(_RACES):
        if (found := sql.row(_APPEND, row)) is not None:
            return int(found[0])
    raise RuntimeError(f"{_RACES} acts at once on {entry.subject.kind}: lock the subject before appending")


def list_entries(subject: Subject) -> tuple[Entry, ...]:
    """Every act on the subject, oldest first. One statement."""
    return _select("subject_kind = $1 AND subject_id = $2 ORDER BY seq", [subject.kind, subject.id])


def list_entries_of(kind: str, ids: Sequence[UUID]) -> dict[UUID, tuple[Entry, ...]]:
    """Every act on several subjects of a kind, each oldest first. One statement."""
    found: dict[UUID, list[Entry]] = {one: [] for one in ids}
    for entry in _select("subject_kind = $1 AND subject_id = ANY($2) ORDER BY subject_id, seq", [kind, list(ids)]):
        found[entry.subject.id].append(entry)
    return {one: tuple(entries) for one, entries in found.items()}


def count_entries(kind: str, ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many acts each subject of a kind has; who has none is not in it. One statement."""
    found = sql.rows(
        "SELECT subject_id, max(seq) FROM core_entry WHERE subject_kind = $1 AND subject_id = ANY($2) GROUP BY subject_id",
        [kind, list(ids)],
    )
    return {subject: int(count) for subject, count in found}


def find_entry(entry_id: UUID) -> Entry | None:
    """The entry, or None."""
    return next(iter(_select("id = $1", [entry_id])), None)


def entries_by_id(ids: Sequence[UUID]) -> tuple[Entry, ...]:
    """Entries in the order of their ids."""
    return _select("id = ANY($1) ORDER BY id", [list(ids)])


def _select(where: str, values: list[Any]) -> tuple[Entry, ...]:
    return tuple(read_entry(row) for row in sql.rows(f"SELECT {COLUMNS} FROM core_entry WHERE {where}", values))


def read_entry(row: Sequence[Any]) -> Entry:
    """An entry from a row of COLUMNS."""
    identity, subject_kind, subject_id, seq, at, act, actor_kind, actor_id, name, behalf, *rest = row
    channel, place, window, device, detail, commitment = rest
    return Entry(
        identity,
        Subject(subject_kind, subject_id),
        seq,
        at,
        act,
        actor_kind,
        actor_id,
        name,
        behalf,
        channel,
        place,
        window,
        device,
        json.loads(detail),
        bytes(commitment).hex(),
    )


def destroy_salts(*, subject: Subject, actor: Actor, at: datetime, reason: str) -> Entry:
    """Make what the subject's entries committed to unguessable (erasure, 个人信息保护法 art. 47), and put that on record.

    Receipts and checkpoints stay valid; what is lost is the proof of the entries' details. `reason` is a code.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH gone AS (DELETE FROM core_entry_salt USING core_entry AS e WHERE e.id = entry_id "
            "AND e.subject_kind = %s AND e.subject_id = %s RETURNING e.seq) SELECT COALESCE(max(seq), 0) FROM gone",
            [subject.kind, subject.id],
        )
        through = int(cursor.fetchone()[0])
    return append(
        act=SALTS_DESTROYED, actor=actor, at=at, subject=subject, detail={"through": through, "reason": reason}
    )
