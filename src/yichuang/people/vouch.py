"""What the ledger vouches for of people: who agreed to be served electronically, in which words, and who took it back; and what
a platform said of a face."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from yichuang.core.ledger import Facts, Witness, register_witness, row_facts
from yichuang.people.models import FaceCheck, ServiceConsent

CONSENT, FACE = "service-consent", "face-check"
FACE_LATER = frozenset({"item", "set_aside_at"})  # and the first face checks without this
LATER = frozenset({"withdrawn_with_all"})  # columns that the first consents were vouched for without


def facts_of(consent: ServiceConsent) -> dict[str, Facts]:
    """The facts of one consent as it stands."""
    return {"consent": row_facts(consent, later=LATER)}


def _read(ids: Sequence[UUID], /) -> Mapping[UUID, Mapping[str, Facts]]:
    return {row.id: facts_of(row) for row in ServiceConsent.objects.filter(id__in=ids).order_by("id")}


def _ids_behind(last: UUID, count: int) -> Sequence[UUID]:
    rows = ServiceConsent.objects.filter(id__gt=last).order_by("id")
    return list(rows.values_list("id", flat=True)[:count])


register_witness(Witness(CONSENT, frozenset({"consent"}), _read, _ids_behind))


def facts_of_face(check: FaceCheck) -> dict[str, Facts]:
    """The facts of one check that a case rests on."""
    return {"face": row_facts(check, later=FACE_LATER)}


def _read_faces(ids: Sequence[UUID], /) -> Mapping[UUID, Mapping[str, Facts]]:
    return {
        row.id: facts_of_face(row)
        for row in FaceCheck.objects.filter(id__in=ids, used_for__isnull=False).order_by("id")
    }


def _faces_behind(last: UUID, count: int) -> Sequence[UUID]:
    rows = FaceCheck.objects.filter(id__gt=last, used_for__isnull=False).order_by("id")
    return list(rows.values_list("id", flat=True)[:count])


register_witness(Witness(FACE, frozenset({"face"}), _read_faces, _faces_behind))
