"""What the ledger vouches for of a package: its number, whose it is, how it ended, and which case each item became."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from yichuang.bundles.models import Bundle, Part
from yichuang.core.ledger import Facts, Witness, register_witness, row_facts

LATER = frozenset({"receipt_id", "handover", "on_paper"})  # columns that the first packages did not have


def facts_of(bundle: Bundle, parts: Iterable[Part]) -> dict[str, Facts]:
    """The facts of a package and of each of its parts."""
    return {
        "bundle": row_facts(bundle, later=LATER),
        **{f"part:{part.slot}": row_facts(part, later=LATER) for part in parts},
    }


def _read(ids: Sequence[UUID], /) -> Mapping[UUID, Mapping[str, Facts]]:
    rows = {row.id: row for row in Bundle.objects.filter(id__in=ids).order_by("id")}
    parts: dict[UUID, list[Part]] = {id: [] for id in rows}
    for part in Part.objects.filter(bundle__in=rows).order_by("bundle_id", "position"):
        parts[part.bundle_id].append(part)
    return {id: facts_of(row, parts[id]) for id, row in rows.items()}


def _behind(last: UUID, count: int) -> Sequence[UUID]:
    return list(Bundle.objects.filter(id__gt=last).order_by("id").values_list("id", flat=True)[:count])


register_witness(Witness("bundle", frozenset({"bundle", "part"}), _read, _behind))
