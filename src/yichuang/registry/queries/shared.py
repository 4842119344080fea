"""Reading about the shared bases: what there is, who looked, how sources do, what contradicts itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from yichuang.core.actors import Actor
from yichuang.core.paging import Page
from yichuang.core.refusals import NotFound, Reason
from yichuang.core.words import W, Words
from yichuang.people.queries import get_party
from yichuang.registry import ports
from yichuang.registry.local import key_index
from yichuang.registry.masking import told
from yichuang.registry.models import Contradiction, Holding, RegistryLook, SharedBatch
from yichuang.registry.outside import is_open
from yichuang.registry.permissions import check_can_keep, check_can_watch
from yichuang.registry.rules import compare
from yichuang.registry.rules.keys import key_parts
from yichuang.registry.rules.quality import judge_source
from yichuang.registry.values import (
    BASE_WORDS,
    FIELDS,
    FRESH_FOR,
    KEEP_FOR,
    KEY_WORDS,
    KEYS,
    Base,
    BatchRow,
    CatalogueBase,
    ClashRow,
    HoldingRow,
    LookRow,
    RowFault,
    SourceState,
)

DAY = timedelta(days=1)
MOST_LOOKS = 2000  # rows of the log that tell how sources do
_PRESENCE = W("是否有记录", "Whether there is a record")
_ONLY_SOME = W("有的来源有记录，有的没有", "Some sources have a record, others have none")


def data_catalogue() -> tuple[CatalogueBase, ...]:
    """Every base: what it is called, what it is asked by, how long answers are kept. Its fields stand in `values.FIELDS`."""
    return tuple(
        CatalogueBase(base, BASE_WORDS[base], KEY_WORDS[KEYS[base]], KEEP_FOR[base] // 60, FRESH_FOR[base].days)
        for base in Base
    )


def list_looks(party: UUID, cursor: str | None = None, limit: int = 20) -> Page[LookRow]:
    """Who asked the shared bases about this party, the latest first (谁看过我的数据).

    Also what was asked under their number before they were in our books, or by who did not know that it was theirs.
    """
    rows = RegistryLook.objects.filter(Q(party_id=party) | Q(key_index__in=_indexes_of(party))).order_by("-id")
    if cursor is not None:
        rows = rows.filter(id__lt=UUID(cursor))
    found = list(rows[: limit + 1])
    return Page(tuple(_look(row) for row in found[:limit]), str(found[limit - 1].id) if len(found) > limit else None)


def _indexes_of(party: UUID) -> list[str]:
    """The blind indexes under which bases that are keyed by numbers know the party."""
    number = get_party(party).id_no
    parts = ((base, key_parts(base, number)) for base in Base if KEYS[base] != "address")
    return [key_index(base, *found) for base, found in parts if found is not None]


def _look(row: RegistryLook) -> LookRow:
    base = Base(row.base)
    zh, en = row.purpose
    return LookRow(
        id=row.id,
        at=row.at,
        who=row.by_name_masked,
        base=base,
        fields=tuple(FIELDS[base][name].words for name in row.names if name in FIELDS[base]),
        purpose=Words(zh, en),
        ground="consent" if row.ground == "consent" else "duty",
        basis=row.basis,
        case_number=row.case_number,
        state="found" if row.state == "found" else "none" if row.state == "none" else "unknown",
    )


def list_batches(actor: Actor, cursor: str | None = None, limit: int = 20) -> Page[BatchRow]:
    """What was loaded, the latest first."""
    check_can_keep(actor)
    rows = SharedBatch.objects.order_by("-id")
    if cursor is not None:
        rows = rows.filter(id__lt=UUID(cursor))
    found = list(rows[: limit + 1])
    return Page(tuple(_batch(row) for row in found[:limit]), str(found[limit - 1].id) if len(found) > limit else None)


def _batch(row: SharedBatch) -> BatchRow:
    return BatchRow(
        id=row.id,
        base=Base(row.base),
        source=row.source,
        file=row.file,
        whole=row.whole,
        at=row.at,
        by=row.by_name_masked,
        loaded=row.loaded,
        unchanged=row.unchanged,
        gone=row.gone,
        faults=row.fault_count,
        clashes=row.clashes,
    )


def get_batch(actor: Actor, id: UUID) -> tuple[BatchRow, tuple[RowFault, ...]]:
    """A batch and the first of its faults. NotFound otherwise."""
    check_can_keep(actor)
    row = SharedBatch.objects.filter(id=id).order_by("id").first()
    if row is None:
        raise NotFound(W("批次", "batch"))
    faults = tuple(RowFault(number, column, code, Words(zh, en)) for number, column, code, zh, en in row.faults)
    return _batch(row), faults


def list_contradictions(
    actor: Actor, base: Base | None = None, cursor: str | None = None, limit: int = 20, *, settled: bool = False
) -> Page[ClashRow]:
    """Where sources contradict each other and nobody has settled it yet (or, with `settled`, what was), the latest first."""
    check_can_keep(actor)
    rows = Contradiction.objects.filter(settled_at__isnull=not settled).order_by("-id")
    if base is not None:
        rows = rows.filter(base=base.value)
    if cursor is not None:
        rows = rows.filter(id__lt=UUID(cursor))
    found = list(rows[: limit + 1])
    return Page(tuple(_clash(row) for row in found[:limit]), str(found[limit - 1].id) if len(found) > limit else None)


def count_contradictions(actor: Actor) -> int:
    """How many wait to be settled."""
    check_can_keep(actor)
    return Contradiction.objects.filter(settled_at=None).count()


def _clash(row: Contradiction) -> ClashRow:
    base = Base(row.base)
    spec = FIELDS[base].get(row.field)
    return ClashRow(
        id=row.id,
        base=base,
        field=row.field,
        words=spec.words if spec else _PRESENCE,
        key_masked=row.key_masked,
        said=told(base, row.field, row.said),
        hint=_hint(base, row.field, list(row.said.values())),
        found_at=row.found_at,
        settled_at=row.settled_at,
        kept=row.kept,
        reason=row.reason,
    )


def _hint(base: Base, field: str, said: Sequence[object]) -> Words:
    """Where the first two that differ differ: which part of an address, say. Values that look alike when masked need it."""
    spec = FIELDS[base].get(field)
    if spec is None:
        return _ONLY_SOME
    other = next((value for value in said[1:] if compare(spec, value, said[0]).state != "same"), said[-1])
    return compare(spec, other, said[0]).words


def source_faults(source: str) -> list[Reason]:
    """What is wrong with a giver's code as typed, for a form that has faults of its own to show beside it."""
    return judge_source(source)


def source_states(actor: Actor, *, at: datetime) -> tuple[SourceState, ...]:
    """How each source does, local givers first: last success, failures and times of the last day, whether it is cut off.

    Read from the newest rows of the log; what this process knows to be down is open.
    """
    check_can_watch(actor)
    told = _told(at)
    connected = ports.all_sources()
    return (
        *(_state(giver, told.get(giver.code, ()), outside=False) for giver in _givers()),
        *(
            _state(_Giver(one.code, tuple(sorted(one.bases))), told.get(one.code, ()), outside=True)
            for one in connected
        ),
    )


def list_holdings(actor: Actor, *, at: datetime) -> tuple[HoldingRow, ...]:
    """What local sources have given, by base: what is stale or incomplete makes every answer of its base unknown."""
    check_can_keep(actor)
    return tuple(
        HoldingRow(
            id=row.id,
            base=Base(row.base),
            source=row.source,
            records=row.records,
            loaded_at=row.loaded_at,
            whole_at=row.whole_at,
            incomplete=row.incomplete_at is not None,
            stale=at - (row.whole_at or row.loaded_at) > FRESH_FOR[Base(row.base)],
        )
        for row in Holding.objects.order_by("base", "source")
    )


@dataclass(slots=True)
class _Giver:
    """A source, and what it has given us."""

    code: str
    bases: tuple[Base, ...] = ()
    records: int = 0
    loaded_at: datetime | None = None


def _givers() -> list[_Giver]:
    found: dict[str, _Giver] = {}
    for row in Holding.objects.order_by("source", "base"):
        giver = found.setdefault(row.source, _Giver(row.source))
        giver.bases += (Base(row.base),)
        giver.records += row.records
        giver.loaded_at = max(giver.loaded_at or row.loaded_at, row.loaded_at)
    return list(found.values())


Call = tuple[datetime, str, int]  # when, what came, ms


def _told(at: datetime) -> dict[str, list[Call]]:
    """The calls of the last day that really went out, by source, the newest first."""
    rows = RegistryLook.objects.filter(at__gte=at - DAY).order_by("-id").values_list("at", "sources")[:MOST_LOOKS]
    found: dict[str, list[Call]] = {}
    for moment, sources in rows:
        for code, state, ms, cached in sources:
            if not cached:
                found.setdefault(code, []).append((moment, state, ms))
    return found


def _state(giver: _Giver, calls: Sequence[Call], *, outside: bool) -> SourceState:
    good = [moment for moment, state, _ in calls if state in {"found", "none"}]
    times = sorted(ms for _, _, ms in calls)
    return SourceState(
        code=giver.code,
        local=not outside,
        bases=giver.bases,
        records=giver.records,
        last_success=good[0] if good else giver.loaded_at,
        asked=len(calls),
        failed=len(calls) - len(good),
        p95_ms=times[(len(times) * 95 - 1) // 100] if times and outside else None,
        open=outside and is_open(giver.code),
    )
