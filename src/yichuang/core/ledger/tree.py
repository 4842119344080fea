"""The sequencer: gives committed entries their places in the Merkle tree, signs checkpoints, proves places.

An entry waits in `core_unsequenced` from its own transaction on. Whenever that transaction commits, early or late, the
next run sees it: nothing is skipped, and the numbers of leaves have no gaps because one sequencer runs at a time.
"""

import base64
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from yichuang.core import faults
from yichuang.core.ledger import merkle, signing
from yichuang.core.ledger.entries import entries_by_id, find_entry
from yichuang.core.ledger.merkle import Builder, Place
from yichuang.core.ledger.values import Checkpoint, Entry, ReceiptProof
from yichuang.core.receipts import leaf_hash
from yichuang.core.refusals import NotFound
from yichuang.core.words import W

_LOCK = 0x79_63_6C_65_64_67  # "ycledg", the advisory lock of the one sequencer
BATCH = 1000

_TAKE = """
DELETE FROM core_unsequenced WHERE entry_id IN (SELECT entry_id FROM core_unsequenced ORDER BY entry_id LIMIT %s)
RETURNING entry_id
"""
_NODES = """
SELECT level, index, hash FROM core_node WHERE (level, index) IN (SELECT * FROM unnest(%s::smallint[], %s::bigint[]))
UNION ALL SELECT 0, index, hash FROM core_leaf WHERE index = ANY(%s)
"""


def sequence(*, at: datetime, batch: int = BATCH) -> int:
    """Give every committed entry that waits its leaf; how many got one. Returns 0 while another sequencer runs."""
    total = 0
    while True:
        done = _sequence_batch(at, batch)
        total += done
        if done < batch:
            return total


@transaction.atomic
def _sequence_batch(at: datetime, batch: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(_TAKE, [batch])
        ids = [row[0] for row in cursor.fetchall()]
    if ids:
        faults.point("sequence.before_leaves")
        _write_leaves(entries_by_id(ids), at)
        faults.point("sequence.after_leaves")
    return len(ids)


def _write_leaves(entries: Sequence[Entry], at: datetime) -> None:
    builder = Builder.at(tree_size(), fetch_nodes)
    first, hashes = builder.size, [leaf_hash(entry.leaf) for entry in entries]
    nodes = [node for leaf in hashes for node in builder.add(leaf)]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_leaf (index, entry_id, hash, at) "
            "SELECT *, %s FROM unnest(%s::bigint[], %s::uuid[], %s::bytea[])",
            [at, list(range(first, first + len(hashes))), [entry.id for entry in entries], hashes],
        )
        cursor.execute(
            "INSERT INTO core_node (level, index, hash) SELECT * FROM unnest(%s::smallint[], %s::bigint[], %s::bytea[])",
            [[level for (level, _), _ in nodes], [index for (_, index), _ in nodes], [done for _, done in nodes]],
        )


def tree_size() -> int:
    """How many leaves the tree has."""
    return int(_one("SELECT COALESCE((SELECT index FROM core_leaf ORDER BY index DESC LIMIT 1), -1) + 1")[0])


def fetch_nodes(places: list[Place]) -> dict[Place, bytes]:
    """Stored hashes of full subtrees and leaves. One statement."""
    inner = [place for place in places if place[0]]
    leaves = [index for level, index in places if not level]
    with connection.cursor() as cursor:
        cursor.execute(_NODES, [[level for level, _ in inner], [index for _, index in inner], leaves])
        return {(level, index): bytes(stored) for level, index, stored in cursor.fetchall()}


def _one(query: str, values: Sequence[Any] = ()) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchone()


@transaction.atomic
def checkpoint(*, at: datetime) -> Checkpoint:
    """Sign the tree as it stands; the last checkpoint again when nothing was added.

    Kept in the database and, once that is committed, in `checkpoints.log` outside it.
    """
    _one("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    size = tree_size()
    known = _one("SELECT size, root, at, note FROM core_checkpoint ORDER BY size DESC LIMIT 1")
    if known is None or known[0] != size:
        root = Builder.at(size, fetch_nodes).root
        known = (size, root, at, signing.sign_note(size, root, at))
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO core_checkpoint (size, root, at, note) VALUES (%s, %s, %s, %s)", known)
    transaction.on_commit(publish)
    return Checkpoint(known[0], bytes(known[1]), known[2], known[3])


def publish() -> None:
    """Write to the outside file what it lacks; a run that died before this is made good by the next."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT size, note FROM core_checkpoint WHERE size > %s ORDER BY size", [signing.last_size_outside()]
        )
        missing = cursor.fetchall()
    if missing:
        signing.keep_outside(missing)


def receipt_for(entry_id: UUID, *, size: int | None = None, opened: bool = False) -> ReceiptProof:
    """The proof of an entry's place under the first checkpoint that covers it, or under the one of `size`.

    Not final (no index) until such a checkpoint exists. `opened` adds who acted, the details and the salt, for whom
    they concern. NotFound when there is no such entry.
    """
    entry = find_entry(entry_id)
    if entry is None:
        raise NotFound(W("这条记录", "record"))
    opening = _opening(entry) if opened else None
    found = _one(
        "SELECT l.index, c.size, c.note FROM core_leaf AS l JOIN core_checkpoint AS c ON c.size > l.index "
        "WHERE l.entry_id = %s AND (%s::bigint IS NULL OR c.size = %s) ORDER BY c.size LIMIT 1",
        [entry_id, size, size],
    )
    if found is None:
        return ReceiptProof(entry.leaf, opening=opening)
    index, covered, note = found
    path = merkle.hashes_of(merkle.inclusion_spans(index, covered), fetch_nodes)
    return ReceiptProof(entry.leaf, index, tuple(base64.b64encode(step).decode() for step in path), note, opening)


def _opening(entry: Entry) -> dict[str, Any] | None:
    row = _one("SELECT salt FROM core_entry_salt WHERE entry_id = %s", [entry.id])
    return None if row is None else {"salt": bytes(row[0]).hex(), "committed": entry.committed}


def consistency_path(old: int, new: int) -> list[bytes]:
    """What proves to an outsider that the log of `new` leaves continues the log of `old` leaves."""
    return merkle.hashes_of(merkle.consistency_spans(old, new), fetch_nodes)
