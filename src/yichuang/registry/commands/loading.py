"""Batches (批量导入): rows of a giver into a local base, each checked, with the contradictions that they bring to light."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from yichuang.core import ledger, sql
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date
from yichuang.core.compiled import build, insert
from yichuang.core.crypto import blind_index
from yichuang.core.fields import dump
from yichuang.core.ids import new_id
from yichuang.core.masks import mask_name
from yichuang.core.refusals import Reason, Refused
from yichuang.core.words import W
from yichuang.registry import sheets
from yichuang.registry.local import key_index
from yichuang.registry.masking import masked_key
from yichuang.registry.models import Contradiction, Holding, SharedBatch, SharedRecord
from yichuang.registry.permissions import check_can_keep
from yichuang.registry.rules import plain_data
from yichuang.registry.rules.addresses import parse
from yichuang.registry.rules.coding import decoded, encoded
from yichuang.registry.rules.keys import loose_key
from yichuang.registry.rules.quality import FAULTS, Checked, check_row
from yichuang.registry.rules.sources import contradictions
from yichuang.registry.values import FIELDS, KEYS, Answer, Base, BatchReport, Question, RowFault

MOST_FAULTS = 200  # of a batch that are kept and shown
CHUNK = 250  # rows of one statement
_SOURCE = W("请填写数据来源（小写字母、数字、下划线，40 个以内）", "Name the source (a–z, 0–9, _; at most 40)")
_NOTHING = W("文件里没有数据行", "There are no rows in the file")
_KNOWN = W("同一份文件已经导入过", "This very file was loaded before")
Row = tuple[int, Mapping[str, object]]
Found = Mapping[str, tuple[Checked, str]]  # rows by the index of their key, with the loose one


@transaction.atomic
def load_batch(
    *,
    base: Base,
    source: str,
    actor: Actor,
    at: datetime,
    rows: Iterable[Mapping[str, object]] | None = None,
    file: bytes | None = None,
    name: str = "",
    whole: bool = False,
) -> BatchReport:
    """Take rows (`key` and fields by name) or a file (CSV, XLSX) of one giver into the local base.

    Rows with faults stay out and are named by number and column; all others are in. `whole`: the giver gives all it has, so
    what it no longer has goes away – unless there were faults: then nothing is taken away, and the base is not whole.
    Refused NOT_ALLOWED, SOURCE_NAME, FILE_…, NO_ROWS; a file that was loaded before changes nothing and says so (409).
    """
    check_can_keep(actor)
    _check_source(source)
    numbered = sheets.read(base, file) if file is not None else list(enumerate(rows or (), 2))
    if not numbered and not whole:
        raise Refused(Reason("NO_ROWS", _NOTHING, "/file"))
    digest = hashlib.sha256(file).hexdigest() if file is not None else ""
    # Two deliveries of one giver at once (a double click, two workers): the second one sees what the first one did.
    sql.row("SELECT pg_advisory_xact_lock(hashtext($1::text))", [f"registry.load.{base.value}.{source}"])
    _check_new(base, source, digest)
    checked, doubtful, faults = _checked(base, numbered, at)
    batch = SharedBatch(
        id=new_id(),
        base=base.value,
        source=source,
        file=name[:200],
        digest=digest,
        whole=whole,
        at=at,
        by_kind=actor.kind,
        by_id=actor.id,
        by_name_masked=(actor.name if actor.kind == "system" else mask_name(actor.name))[:100],
        loaded=0,
        unchanged=0,
        gone=0,
        clashes=0,
        fault_count=len(faults),
        faults=[[f.row, f.column, f.code, f.words.zh, f.words.en] for f in faults[:MOST_FAULTS]],
    )
    batch.save(force_insert=True)
    _write(batch, checked, at)
    _doubt(batch, doubtful, at)
    return _finish(batch, faults, actor, at)


def _finish(batch: SharedBatch, faults: Sequence[RowFault], actor: Actor, at: datetime) -> BatchReport:
    _hold(batch, at)
    batch.save(update_fields=["loaded", "unchanged", "gone", "clashes"])
    ledger.append(
        act="registry.load",
        actor=actor,
        at=at,
        subject=ledger.Subject("registry-batch", batch.id),
        detail={
            "base": batch.base,
            "source": batch.source,
            "loaded": batch.loaded,
            "gone": batch.gone,
            "faults": len(faults),
        },
        first=True,
    )
    return BatchReport(
        id=batch.id,
        loaded=batch.loaded,
        unchanged=batch.unchanged,
        gone=batch.gone,
        clashes=batch.clashes,
        faults=tuple(faults[:MOST_FAULTS]),
        total_faults=len(faults),
    )


def _check_source(source: str) -> None:
    if not (
        0 < len(source) <= 40 and source.isascii() and source.replace("_", "").isalnum() and source == source.lower()
    ):
        raise Refused(Reason("SOURCE_NAME", _SOURCE, "/source"))


def _check_new(base: Base, source: str, digest: str) -> None:
    """The same file twice is a slip; the newest batch of a giver only, so that a file may come back after another one."""
    last = SharedBatch.objects.filter(base=base.value, source=source).order_by("-id").first()
    if digest and last is not None and last.digest == digest:
        raise Refused(Reason("LOADED_BEFORE", _KNOWN, "/file"), kind="conflict")


def _checked(base: Base, rows: Sequence[Row], at: datetime) -> tuple[Found, Found, list[RowFault]]:
    """The sound rows by the index of their key (with the loose one), those about whose record nothing can be believed now,
    and what is wrong. Of two rows of one key nobody knows which is right."""
    by_key: dict[str, list[tuple[int, Checked]]] = {}
    faults: list[RowFault] = []
    today = local_date(at)
    for number, cells in rows:
        row = check_row(base, cells, today=today)
        faults += [RowFault(number, fault.column, fault.code, fault.words) for fault in row.faults]
        if row.parts is not None:
            by_key.setdefault(key_index(base, *row.parts), []).append((number, row))
    good: dict[str, tuple[Checked, str]] = {}
    doubtful: dict[str, tuple[Checked, str]] = {}
    for index, found in by_key.items():
        sound = [number for number, row in found if not row.faults]
        row = found[0][1]
        kept = row, key_index(base, "loose", loose_key(parse(row.key))) if KEYS[base] == "address" else ""
        (good if len(found) == len(sound) == 1 else doubtful)[index] = kept
        if len(found) > 1:
            faults += [RowFault(number, "key", "KEY_TWICE", FAULTS["KEY_TWICE"]) for number in sound]
    return good, doubtful, sorted(faults, key=lambda fault: fault.row)


def _doubt(batch: SharedBatch, doubtful: Found, at: datetime) -> None:
    """The giver said something of these keys that could not be taken: until it says it right, nothing is known of them."""
    held = SharedRecord.objects.filter(source=batch.source, key_index__in=list(doubtful))
    known = set(held.order_by("id").values_list("key_index", flat=True))
    held.update(doubtful=True, digest="")  # the next sound row counts as changed, whatever it says
    new = [
        build(
            SharedRecord,
            id=new_id(),
            base=batch.base,
            source=batch.source,
            key_index=index,
            loose_index=loose,
            key_masked=masked_key(Base(batch.base), row.key),
            data={},
            digest="",
            as_of=at,
            doubtful=True,
            batch_id=batch.id,
        )
        for index, (row, loose) in doubtful.items()
        if index not in known
    ]
    for start in range(0, len(new), CHUNK):
        insert(new[start : start + CHUNK])


def _write(batch: SharedBatch, checked: Found, at: datetime) -> None:
    """Insert what is new, replace what changed, confirm what is the same; then look where givers contradict each other."""
    base = Base(batch.base)
    told = {index: encoded(row.fields) for index, (row, _) in checked.items()}
    digests = {index: blind_index("registry.row", dump(data)) for index, data in told.items()}
    known = dict(
        SharedRecord.objects.filter(base=batch.base, source=batch.source)
        .order_by("id")
        .values_list("key_index", "digest")
    )
    changed = [index for index in checked if known.get(index) != digests[index]]
    rows = {
        index: build(
            SharedRecord,
            id=new_id(),
            base=batch.base,
            source=batch.source,
            key_index=index,
            loose_index=checked[index][1],
            key_masked=masked_key(base, checked[index][0].key),
            data=told[index],
            digest=digests[index],
            as_of=at,
            doubtful=False,
            batch_id=batch.id,
        )
        for index in changed
    }
    new = [row for index, row in rows.items() if index not in known]
    for start in range(0, len(new), CHUNK):
        insert(new[start : start + CHUNK])
    SharedRecord.objects.bulk_create(
        [row for index, row in rows.items() if index in known],
        batch_size=CHUNK,
        update_conflicts=True,
        unique_fields=["key_index", "source"],
        update_fields=["data", "digest", "as_of", "doubtful", "batch", "key_masked"],
    )
    same = [index for index in checked if index not in rows]
    SharedRecord.objects.filter(source=batch.source, key_index__in=same).update(as_of=at)
    batch.loaded, batch.unchanged = len(changed), len(checked) - len(changed)
    if batch.whole and not batch.fault_count:
        gone = [index for index in known if index not in checked]
        batch.gone = len(gone)
        SharedRecord.objects.filter(source=batch.source, key_index__in=gone).delete()
    batch.clashes = _find_clashes(batch, {index: checked[index][0] for index in changed}, at)


def _find_clashes(batch: SharedBatch, rows: Mapping[str, Checked], at: datetime) -> int:
    """What other givers say of the same keys, and where that is something else; how many contradictions are new."""
    base = Base(batch.base)
    if not Holding.objects.filter(base=batch.base).exclude(source=batch.source).exists():
        return 0
    found: list[Contradiction] = []
    others = (
        SharedRecord.objects.filter(key_index__in=list(rows))
        .exclude(source=batch.source)
        .exclude(doubtful=True)
        .order_by("key_index", "source")
    )
    for index, said in _grouped(others).items():
        row = rows[index]
        question = Question("batch", base, row.key, tuple(FIELDS[base]))
        answers = [Answer("batch", base, "found", row.fields, batch.source)]
        answers += [Answer("batch", base, "found", decoded(base, one.data), one.source) for one in said]
        found += [
            Contradiction(
                id=new_id(),
                base=batch.base,
                key_index=index,
                key_masked=masked_key(base, row.key),
                field=clash.field,
                said=plain_data(clash.said),
                found_at=at,
            )
            for clash in contradictions(question, answers)
        ]
    before = Contradiction.objects.filter(base=batch.base, settled_at=None).count()
    Contradiction.objects.bulk_create(found, ignore_conflicts=True, batch_size=CHUNK)
    return Contradiction.objects.filter(base=batch.base, settled_at=None).count() - before


def _grouped(records: Iterable[SharedRecord]) -> dict[str, list[SharedRecord]]:
    found: dict[str, list[SharedRecord]] = {}
    for record in records:
        found.setdefault(record.key_index, []).append(record)
    return found


def _hold(batch: SharedBatch, at: datetime) -> None:
    """What the giver has given now. Rows that stayed out may be the very ones somebody asks for: then nothing is whole."""
    held = Holding.objects.filter(base=batch.base, source=batch.source).order_by("id").first()
    records = SharedRecord.objects.filter(base=batch.base, source=batch.source, doubtful=False).count()
    if held is None:
        held = Holding(id=new_id(), base=batch.base, source=batch.source)
    held.loaded_at, held.records = at, records
    if batch.whole:
        held.whole_at, held.incomplete_at = (None, at) if batch.fault_count else (at, None)
    held.save()
