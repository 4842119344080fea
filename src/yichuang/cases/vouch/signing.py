"""What the ledger vouches for of a signing (共同签署): what is signed, and every signature."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from yichuang.cases.models import Signature, Signing
from yichuang.core.ledger import Facts, Witness, register_witness, row_facts

SIGNING = "signing"  # subject
_COUNTED = frozenset({"reminded_at"})


def facts_of_signing(row: Signing, *signatures: Signature) -> dict[str, Facts]:
    """The facts of a signing and of the signatures that this act wrote."""
    own = {"signing": row_facts(row, without=_COUNTED)}
    return own | {f"signature:{one.id}": row_facts(one) for one in signatures}


def _read(ids: Sequence[UUID], /) -> Mapping[UUID, Mapping[str, Facts]]:
    found = {row.id: dict(facts_of_signing(row)) for row in Signing.objects.filter(id__in=ids).order_by("id")}
    for one in Signature.objects.filter(signing__in=found).order_by("id"):
        found[one.signing_id][f"signature:{one.id}"] = row_facts(one)
    return found


def _ids_behind(last: UUID, count: int) -> Sequence[UUID]:
    return list(Signing.objects.filter(id__gt=last).order_by("id").values_list("id", flat=True)[:count])


register_witness(Witness(SIGNING, frozenset({"signing", "signature"}), _read, _ids_behind))
