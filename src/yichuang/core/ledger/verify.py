"""Reading the whole ledger against itself, the checkpoints kept outside the database, and the rows it vouches for."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from yichuang.core import receipts
from yichuang.core.ledger import signing, vouching
from yichuang.core.ledger.entries import COLUMNS, read_entry
from yichuang.core.ledger.merkle import Builder, Place
from yichuang.core.ledger.tree import fetch_nodes
from yichuang.core.ledger.values import SALTS_DESTROYED, Entry, Fault
from yichuang.core.words import W, Words

CHUNK = 2000
_E_COLUMNS = ", ".join(f"e.{name.strip()}" for name in COLUMNS.split(","))
_LEAVES = f"""
SELECT l.index, l.entry_id, l.hash, s.salt, {_E_COLUMNS}
FROM core_leaf AS l LEFT JOIN core_entry AS e ON e.id = l.entry_id LEFT JOIN core_entry_salt AS s ON s.entry_id = e.id
WHERE l.index >= %s ORDER BY l.index LIMIT {CHUNK}
"""
_HIDDEN = """
SELECT e.id FROM core_entry AS e
WHERE NOT EXISTS (SELECT FROM core_leaf AS l WHERE l.entry_id = e.id)
  AND NOT EXISTS (SELECT FROM core_unsequenced AS u WHERE u.entry_id = e.id) ORDER BY e.id
"""
_GAPS = """
SELECT subject_kind, subject_id FROM core_entry GROUP BY subject_kind, subject_id
HAVING count(*) <> max(seq) OR min(seq) <> 1 ORDER BY subject_kind, subject_id
"""
_PARDONS = f"""
SELECT subject_id, subject_kind, max((detail ->> 'through')::int) FROM core_entry
WHERE act = '{SALTS_DESTROYED}' GROUP BY subject_kind, subject_id
"""

WORDS: dict[str, Words] = {
    "ENTRY_ALTERED": W("记录 {w} 被改动", "Entry {w} was altered"),
    "ENTRY_MISSING": W("记录缺失：{w}", "An entry is missing: {w}"),
    "ENTRY_HIDDEN": W("记录 {w} 从未编入日志树", "Entry {w} was kept out of the tree"),
    "SALT_MISSING": W("记录 {w} 的盐值无故缺失", "The salt of entry {w} is gone without a record of it"),
    "LEAF_MISSING": W("日志树缺少第 {w} 号叶子", "Leaf {w} is missing"),
    "NODE_ALTERED": W("日志树节点 {w} 与叶子不符", "Node {w} does not fit its leaves"),
    "LOG_TRUNCATED": W("日志短于已签名的检查点（{w} 条）", "The log is shorter than a signed checkpoint ({w} entries)"),
    "LOG_REWRITTEN": W(
        "日志与已签名的检查点（{w} 条）不一致", "The log does not fit a signed checkpoint ({w} entries)"
    ),
    "FACT_ALTERED": W("业务数据与留痕不符：{w}", "What the tables say was altered past the ledger: {w}"),
    "FACT_MISSING": W("留痕所证的业务数据缺失：{w}", "What the ledger vouches for is gone: {w}"),
    "FACT_UNKNOWN": W("业务数据没有留痕：{w}", "Something stands in the tables that no entry vouches for: {w}"),
    "CHECKPOINT_FORGED": W("检查点无效：{w}", "A checkpoint is not valid: {w}"),
    "CHECKPOINT_MISSING": W(
        "数据库中缺少外部留存的检查点（{w} 条）", "The database lacks a checkpoint kept outside ({w} entries)"
    ),
}


def _fault(kind: str, where: object) -> Fault:
    return Fault(kind, str(where), WORDS[kind].format(w=where))


@dataclass(slots=True)
class _Reading:
    """One pass over the log."""

    roots: dict[int, bytes] = field(default_factory=dict)  # of the sizes that some checkpoint speaks of
    wanted: frozenset[int] = frozenset()
    pardons: dict[tuple[str, UUID], int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    builder: Builder = field(default_factory=Builder)

    def note_root(self) -> None:
        if self.builder.size in self.wanted:
            self.roots[self.builder.size] = self.builder.root


def verify_ledger(checkpoints_outside: Iterable[str], *, public_key_pem: bytes | None = None) -> list[Fault]:
    """Everything that is wrong with the ledger; an empty list when it is whole.

    `checkpoints_outside` are notes that the database's administrators could not change; `public_key_pem` is the key
    they were signed with (default: the one in YICHUANG_DATA). Reads the log once, in one snapshot, while acts go on.
    """
    pem = public_key_pem or signing.public_key_pem()
    outside, forged = _checked(checkpoints_outside, pem)
    nested = connection.in_atomic_block
    with transaction.atomic():
        if not nested:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return [*forged, *_verify(outside, pem)]


def _verify(outside: list[receipts.Note], pem: bytes) -> list[Fault]:
    own, forged = _checked((row[0] for row in _rows("SELECT note FROM core_checkpoint ORDER BY size")), pem)
    reading = _Reading(wanted=frozenset(note.size for note in [*outside, *own]), pardons=_pardons())
    _read_log(reading)
    return [
        *forged,
        *reading.faults,
        *(_fault("ENTRY_HIDDEN", row[0]) for row in _rows(_HIDDEN)),
        *(_fault("ENTRY_MISSING", f"{kind}:{identity}") for kind, identity in _rows(_GAPS)),
        *_compare(reading, outside, own),
        *(_fault(kind, where) for kind, where in vouching.find_broken()),
    ]


def _rows(query: str, values: Iterable[Any] = ()) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query, list(values))
        return list(cursor.fetchall())


def _pardons() -> dict[tuple[str, UUID], int]:
    """Up to which entry the salts of a subject were destroyed on record."""
    return {(kind, identity): through for identity, kind, through in _rows(_PARDONS)}


def _checked(notes: Iterable[str], pem: bytes) -> tuple[list[receipts.Note], list[Fault]]:
    good, bad = [], []
    for note in notes:
        try:
            good.append(receipts.check_note(note, pem))
        except receipts.ReceiptError as error:
            bad.append(_fault("CHECKPOINT_FORGED", error))
    return good, bad


def _read_log(reading: _Reading) -> None:
    reading.note_root()
    for chunk in _chunks():
        completed: list[tuple[Place, bytes]] = []
        for index, entry_id, stored, salt, *columns in chunk:
            for gap in range(reading.builder.size, index):  # tell each lost leaf, and go on with an empty hash
                reading.faults.append(_fault("LEAF_MISSING", gap))
                reading.builder.add(b"")
            reading.faults.extend(_check_leaf(entry_id, bytes(stored), salt, columns, reading.pardons))
            completed += reading.builder.add(bytes(stored))
            reading.note_root()
        reading.faults.extend(_check_nodes(completed))


def _chunks() -> Iterator[list[Any]]:
    start = 0
    while chunk := _rows(_LEAVES, [start]):
        yield chunk
        start = chunk[-1][0] + 1


def _check_leaf(
    entry_id: UUID, stored: bytes, salt: Any, columns: list[Any], pardons: dict[tuple[str, UUID], int]
) -> list[Fault]:
    if columns[0] is None:
        return [_fault("ENTRY_MISSING", entry_id)]
    entry = read_entry(columns)
    if receipts.leaf_hash(entry.leaf) != stored:
        return [_fault("ENTRY_ALTERED", entry_id)]
    return _check_commitment(entry, salt, pardons)


def _check_commitment(entry: Entry, salt: Any, pardons: dict[tuple[str, UUID], int]) -> list[Fault]:
    if salt is None:
        pardoned = entry.seq <= pardons.get((entry.subject.kind, entry.subject.id), 0)
        return [] if pardoned else [_fault("SALT_MISSING", entry.id)]
    if receipts.commitment(bytes(salt), entry.committed) != entry.commitment:
        return [_fault("ENTRY_ALTERED", entry.id)]
    return []


def _check_nodes(completed: list[tuple[Place, bytes]]) -> list[Fault]:
    stored = fetch_nodes([place for place, _ in completed])
    return [_fault("NODE_ALTERED", place) for place, right in completed if stored.get(place) != right]


def _compare(reading: _Reading, outside: list[receipts.Note], own: list[receipts.Note]) -> list[Fault]:
    size, found = reading.builder.size, []
    for note in {(note.size, note.root): note for note in [*outside, *own]}.values():
        if note.size > size:
            found.append(_fault("LOG_TRUNCATED", note.size))
        elif reading.roots[note.size] != note.root:
            found.append(_fault("LOG_REWRITTEN", note.size))
    kept = {note.size for note in own}
    return [*found, *(_fault("CHECKPOINT_MISSING", note.size) for note in outside if note.size not in kept)]
