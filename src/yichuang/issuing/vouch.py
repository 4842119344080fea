"""What the ledger vouches for of a paper: each sealed edition with its hash, so that no other file passes for it."""

from collections.abc import Mapping, Sequence
from functools import partial
from uuid import UUID

from yichuang.core.ledger import Facts, Witness, register_witness, row_facts
from yichuang.issuing.models import KINDS, PublicCode, Rendering


def facts_of(rendering: Rendering) -> dict[str, Facts]:
    """The facts of one edition."""
    return {f"paper:{rendering.edition}": row_facts(rendering)}


def _read(kind: str, ids: Sequence[UUID], /) -> Mapping[UUID, Mapping[str, Facts]]:
    found: dict[UUID, dict[str, Facts]] = {}
    rows = Rendering.objects.filter(public_code__subject_kind=kind, public_code__subject_id__in=ids)
    for row in rows.select_related("public_code").order_by("id"):
        found.setdefault(row.public_code.subject_id, {}).update(facts_of(row))
    return found


def _ids_behind(kind: str, last: UUID, count: int) -> Sequence[UUID]:
    made = PublicCode.objects.filter(subject_kind=kind, subject_id__gt=last, renderings__isnull=False)
    return list(made.order_by("subject_id").values_list("subject_id", flat=True).distinct()[:count])


for _kind in KINDS:
    register_witness(Witness(_kind, frozenset({"paper"}), partial(_read, _kind), partial(_ids_behind, _kind)))
