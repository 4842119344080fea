"""What the ledger vouches for of a certificate: every column of its row, status included."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from yichuang.core.ledger import Facts, Witness, register_witness, row_facts
from yichuang.registry.models import Certificate


def facts_of(certificate: Certificate) -> dict[str, Facts]:
    """The facts of one certificate as it stands."""
    return {"certificate": row_facts(certificate)}


def read_facts(ids: Sequence[UUID], /) -> Mapping[UUID, Mapping[str, Facts]]:
    """What the table says of these certificates today."""
    return {row.id: facts_of(row) for row in Certificate.objects.filter(id__in=ids).order_by("id")}


def _ids_behind(last: UUID, count: int) -> Sequence[UUID]:
    return list(Certificate.objects.filter(id__gt=last).order_by("id").values_list("id", flat=True)[:count])


register_witness(Witness("certificate", frozenset({"certificate"}), read_facts, _ids_behind))
