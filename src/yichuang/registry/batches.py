"""What a delivery would do: its rows checked and held against what its giver gave before. Reads, and writes nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from yichuang.core.clock import local_date
from yichuang.core.crypto import blind_index
from yichuang.core.fields import dump
from yichuang.registry.local import key_index
from yichuang.registry.models import SharedRecord
from yichuang.registry.rules.addresses import parse
from yichuang.registry.rules.coding import encoded
from yichuang.registry.rules.keys import loose_key
from yichuang.registry.rules.quality import FAULTS, Checked, check_row
from yichuang.registry.values import KEYS, Base, RowFault

Row = tuple[int, Mapping[str, object]]  # number as a spreadsheet counts it, cells by field


@dataclass(frozen=True, slots=True)
class Kept:
    """A row as it would be kept."""

    row: Checked
    loose: str  # index of the key without its areas; "" where there is none
    data: Mapping[str, object] = field(repr=False)
    digest: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Sound rows by the index of their key, and what would become of them; rows about which nothing can be believed."""

    good: Mapping[str, Kept]
    doubtful: Mapping[str, Kept]
    faults: tuple[RowFault, ...]
    known: int  # records that the giver has here now
    new: tuple[str, ...]
    changed: tuple[str, ...]
    same: tuple[str, ...]
    gone: tuple[str, ...]  # of a whole delivery without faults
    newer: tuple[str, ...]  # what the giver has said since: left as it is, whatever stands here


def planned(
    base: Base, source: str, rows: Sequence[Row], *, whole: bool, at: datetime, said_at: datetime | None = None
) -> Plan:
    """What would happen to this giver's records if these rows, said at `said_at` (or now), were taken now."""
    by_key: dict[str, list[tuple[int, Checked]]] = {}
    faults: list[RowFault] = []
    today = local_date(at)
    for number, cells in rows:
        row = check_row(base, cells, today=today)
        faults += [RowFault(number, fault.column, fault.code, fault.words) for fault in row.faults]
        if row.parts is not None:
            by_key.setdefault(key_index(base, *row.parts), []).append((number, row))
    faults += _twice(by_key)
    held = SharedRecord.objects.filter(base=base.value, source=source).order_by("id")
    asked = held if whole else held.filter(key_index__in=list(by_key))  # of a part nothing goes away
    records = tuple(asked.values_list("key_index", "digest", "as_of"))
    newer = frozenset(index for index, _, as_of in records if as_of > (said_at or at))
    known = {index: digest for index, digest, _ in records if index not in newer}
    said = {index: found for index, found in by_key.items() if index not in newer}
    good = {index: _kept(base, found[0][1]) for index, found in said.items() if _sound(found)}
    doubtful = {index: _kept(base, found[0][1]) for index, found in said.items() if not _sound(found)}
    return Plan(
        good=good,
        doubtful=doubtful,
        faults=tuple(sorted(faults, key=lambda fault: fault.row)),
        known=len(records) if whole else held.count(),
        new=tuple(index for index in good if index not in known),
        changed=tuple(index for index, kept in good.items() if index in known and known[index] != kept.digest),
        same=tuple(index for index, kept in good.items() if known.get(index) == kept.digest),
        gone=tuple(index for index in known if index not in good) if whole and not faults else (),
        newer=tuple(sorted(newer)),
    )


def _sound(found: Sequence[tuple[int, Checked]]) -> bool:
    """One row without faults: of two rows of one key nobody knows which is right."""
    return len(found) == 1 and not found[0][1].faults


def _twice(by_key: Mapping[str, Sequence[tuple[int, Checked]]]) -> Iterator[RowFault]:
    for found in by_key.values():
        if len(found) > 1:
            yield from (RowFault(n, "key", "KEY_TWICE", FAULTS["KEY_TWICE"]) for n, row in found if not row.faults)


def _kept(base: Base, row: Checked) -> Kept:
    data = encoded(row.fields)
    loose = key_index(base, "loose", loose_key(parse(row.key))) if KEYS[base] == "address" else ""
    return Kept(row, loose, data, blind_index("registry.row", dump(data)))
