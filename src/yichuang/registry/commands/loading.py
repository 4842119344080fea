"""Batches (批量导入): rows of a giver into a local base, each checked, with the contradictions that they bring to light."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import MAXYEAR, UTC, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from yichuang.core import ledger, sql
from yichuang.core.actors import Actor
from yichuang.core.asked import needs_two
from yichuang.core.clock import local
from yichuang.core.compiled import build, insert
from yichuang.core.ids import new_id
from yichuang.core.masks import mask_name
from yichuang.core.refusals import Reason, Refused, refuse_all
from yichuang.core.words import W
from yichuang.registry import sheets
from yichuang.registry.batches import Kept, Plan, planned
from yichuang.registry.commands.clashes import note
from yichuang.registry.local import OWN
from yichuang.registry.masking import masked_key
from yichuang.registry.models import Contradiction, Holding, SharedBatch, SharedRecord
from yichuang.registry.permissions import check_can_keep
from yichuang.registry.ports import all_sources
from yichuang.registry.rules import plain_data
from yichuang.registry.rules.coding import decoded
from yichuang.registry.rules.quality import Checked, judge_source
from yichuang.registry.rules.sources import contradictions
from yichuang.registry.values import FIELDS, Answer, Base, BatchReport, Question

LOAD = "load_batch"  # the act that needs a second person (docs/adr/0014, 0026)
MOST_FAULTS = 200  # of a batch that are kept and shown
MOST_GONE, MOST_SHARE = 50, 10  # records, and per cent, that one whole delivery may take away without a person
CHUNK = 250  # rows of one statement
AHEAD = timedelta(minutes=5)  # clocks of two houses differ
OLDEST = datetime(2000, 1, 1, tzinfo=UTC)  # that a file can have been made
_TAKEN = W(
    "这个代码属于本系统或已接通的数据平台，请换一个",
    "Our own base or a connected platform has this code: choose another",
)
_NOTHING = W("文件里没有数据行", "There are no rows in the file")
_KNOWN = W("同一份文件已经导入过", "This very file was loaded before")
_OLDER = W(
    "这份文件是 {made} 的，不晚于该来源已导入的数据（{last}）：旧文件不能再导入",
    "This file is of {made}, no later than what this source has given already ({last}): old files are not taken any more",
)
_NOT_YET = W("文件的制作时间 {made} 还没有到", "The file says that it was made at {made}, which lies ahead")
_LONG_AGO = W("文件的制作时间应在 2000 年以后", "The time at which a file was made lies after 2000")
_LOSS = W(
    "这份全量文件会删除该来源 {known} 条记录中的 {gone} 条（超过一成或 50 条），没有导入。请核实；确属如此的，由事项管理员导入并经第二人复核",
    "This whole delivery would take away {gone} of the source's {known} records (more than a tenth, or than 50): it was not "
    "taken. Where it is right, an item editor loads it and a second one confirms",
)


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
    encoding: sheets.Encoding = "utf-8",
    made_at: datetime | None = None,
    arrived_at: datetime | None = None,
    id: UUID | None = None,
) -> BatchReport:
    """Take rows (`key` and fields by name) or a file (CSV in this encoding, XLSX) of one giver into the local base.

    Rows with faults stay out and are named by number and column, and what is known of their keys is in doubt; all others are
    in. `whole`: the giver gives all it has, so what it no longer has goes away – unless there were faults: then nothing is
    taken away, and the base is not whole. `made_at`: when the giver made it, later than whatever it gave before.
    `arrived_at`: when a file came in that waited since; what the giver said after that stays as it is.
    Staff need a second person (`stage_batch`). Refused NOT_ALLOWED, SECOND_NEEDED, SOURCE_NAME, FILE_…, NO_ROWS, NOT_YET,
    OLDER_THAN_LAST, and LOSS_TOO_LARGE where no person saw what goes away; a file that was loaded before changes nothing and
    says so (409).
    """
    check_can_keep(actor)
    needs_two(LOAD, actor)
    check_source(source)
    numbered = sheets.read(base, file, encoding) if file is not None else list(enumerate(rows or (), 2))
    if not numbered and not whole:
        raise Refused(Reason("NO_ROWS", _NOTHING, "/file"))
    digest = hashlib.sha256(file).hexdigest() if file is not None else ""
    # Two deliveries of one giver at once (a double click, two workers): the second one sees what the first one did.
    sql.row("SELECT pg_advisory_xact_lock(hashtext($1::text))", [f"registry.load.{base.value}.{source}"])
    check_new(base, source, digest, made_at, at, arrived_at)
    said_at = made_at or arrived_at or at
    plan = planned(base, source, numbered, whole=whole, at=at, said_at=said_at)
    if actor.kind == "system" and (len(plan.gone) > MOST_GONE or 100 * len(plan.gone) > MOST_SHARE * plan.known):
        raise Refused(
            Reason("LOSS_TOO_LARGE", _LOSS.format(known=plan.known, gone=len(plan.gone)), "/file"), kind="conflict"
        )
    batch = SharedBatch(
        id=id or new_id(),
        base=base.value,
        source=source,
        file=name[:200],
        digest=digest,
        whole=whole,
        at=at,
        as_of=said_at,
        by_kind=actor.kind,
        by_id=actor.id,
        by_name_masked=(actor.name if actor.kind == "system" else mask_name(actor.name))[:100],
        loaded=len(plan.new) + len(plan.changed),
        unchanged=len(plan.same),
        gone=len(plan.gone),
        clashes=0,
        fault_count=len(plan.faults),
        faults=[[f.row, f.column, f.code, f.words.zh, f.words.en] for f in plan.faults[:MOST_FAULTS]],
    )
    batch.save(force_insert=True)
    _write(batch, plan)
    batch.clashes = _find_clashes(batch, {index: plan.good[index].row for index in (*plan.new, *plan.changed)}, at)
    return _finish(batch, plan, actor, at, first=id is None)


def _finish(batch: SharedBatch, plan: Plan, actor: Actor, at: datetime, *, first: bool) -> BatchReport:
    _hold(batch, at)
    batch.save(update_fields=["clashes"])
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
            "faults": len(plan.faults),
        },
        first=first,  # a file that waited was told of already
    )
    return BatchReport(
        id=batch.id,
        loaded=batch.loaded,
        unchanged=batch.unchanged,
        gone=batch.gone,
        clashes=batch.clashes,
        faults=plan.faults[:MOST_FAULTS],
        total_faults=len(plan.faults),
    )


def check_source(source: str) -> None:
    """Refused SOURCE_NAME; SOURCE_TAKEN where an outside source or our own base is called so: nobody could tell them apart."""
    refuse_all(judge_source(source))
    if source == OWN or source in {one.code for one in all_sources()}:
        raise Refused(Reason("SOURCE_TAKEN", _TAKEN, "/source"))


def check_new(
    base: Base, source: str, digest: str, made_at: datetime | None, at: datetime, arrived_at: datetime | None = None
) -> None:
    """The same file twice is a slip; the newest batch of a giver only, so that a file may come back after another one. A file
    that says when it was made has to be newer than everything before it; one that waited, than the last whole delivery."""
    given = SharedBatch.objects.filter(base=base.value, source=source)
    last = given.order_by("-id").first()
    if digest and last is not None and last.digest == digest:
        raise Refused(Reason("LOADED_BEFORE", _KNOWN, "/file"), kind="conflict")
    if arrived_at is not None:
        _check_last(given.filter(whole=True, as_of__gt=arrived_at), arrived_at)
    if made_at is None:
        return
    check_made(made_at, at)
    _check_last(given, made_at)


def check_made(made_at: datetime | None, at: datetime) -> None:
    """Refused NOT_YET for a file of tomorrow, LONG_AGO for one that nobody can have made."""
    if made_at is None or OLDEST <= made_at <= at + AHEAD:
        return
    if made_at < OLDEST:
        raise Refused(Reason("LONG_AGO", _LONG_AGO, "/made_at"))
    made = local(made_at) if made_at.year < MAXYEAR else made_at
    raise Refused(Reason("NOT_YET", _NOT_YET.format(made=f"{made:%Y-%m-%d %H:%M:%S}"), "/made_at"))


def _check_last(given: QuerySet[SharedBatch], said_at: datetime) -> None:
    """Raise unless it was said after all of these."""
    newest = given.order_by("-as_of").first()
    if newest is not None and said_at <= newest.as_of:
        said, last = f"{local(said_at):%Y-%m-%d %H:%M:%S}", f"{local(newest.as_of):%Y-%m-%d %H:%M:%S}"
        raise Refused(Reason("OLDER_THAN_LAST", _OLDER.format(made=said, last=last), "/file"), kind="conflict")


def _record(batch: SharedBatch, index: str, kept: Kept, *, doubtful: bool = False) -> SharedRecord:
    return build(
        SharedRecord,
        id=new_id(),
        base=batch.base,
        source=batch.source,
        key_index=index,
        loose_index=kept.loose,
        key_masked=masked_key(Base(batch.base), kept.row.key),
        data={} if doubtful else kept.data,
        digest="" if doubtful else kept.digest,  # so that the next sound row counts as changed, whatever it says
        as_of=batch.as_of,
        doubtful=doubtful,
        batch_id=batch.id,
    )


def _write(batch: SharedBatch, plan: Plan) -> None:
    """Insert what is new, replace what changed, confirm what is the same, take away what is gone."""
    given = SharedRecord.objects.filter(base=batch.base, source=batch.source)
    _insert([_record(batch, index, plan.good[index]) for index in plan.new])
    SharedRecord.objects.bulk_create(
        [_record(batch, index, plan.good[index]) for index in plan.changed],
        batch_size=CHUNK,
        update_conflicts=True,
        unique_fields=["key_index", "source"],
        update_fields=["data", "digest", "as_of", "doubtful", "batch", "key_masked"],
    )
    given.filter(key_index__in=plan.same).update(as_of=batch.as_of)
    given.filter(key_index__in=plan.gone).delete()
    _doubt(batch, plan.doubtful)


def _doubt(batch: SharedBatch, doubtful: Mapping[str, Kept]) -> None:
    """The giver said something of these keys that could not be taken: until it says it right, nothing is known of them."""
    held = SharedRecord.objects.filter(source=batch.source, key_index__in=list(doubtful))
    known = set(held.order_by("id").values_list("key_index", flat=True))
    held.update(doubtful=True, digest="")
    _insert([_record(batch, index, kept, doubtful=True) for index, kept in doubtful.items() if index not in known])


def _insert(rows: Sequence[SharedRecord]) -> None:
    for start in range(0, len(rows), CHUNK):
        insert(rows[start : start + CHUNK])


def _find_clashes(batch: SharedBatch, rows: Mapping[str, Checked], at: datetime) -> int:
    """What other givers say of the same keys, and where that is something else; how many contradictions are new."""
    base = Base(batch.base)
    if not Holding.objects.filter(base=batch.base).exclude(source=batch.source).exists():
        return 0
    found: list[Contradiction] = []
    others = (
        SharedRecord.objects.filter(key_index__in=list(rows), doubtful=False)
        .exclude(source=batch.source)
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
    return note(found)


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
        held.whole_at, held.incomplete_at = (None, batch.as_of) if batch.fault_count else (batch.as_of, None)
    held.save()
