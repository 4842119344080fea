"""What the ledger vouches for: each sealed edition of a paper with its hash, so that no other file passes for it, and
each hand-over of a result."""

from collections.abc import Mapping, Sequence
from functools import partial
from uuid import UUID

from yichuang.core.ledger import Facts, Witness, register_witness, row_facts
from yichuang.issuing.models import KINDS, Appraisal, ArchivePackage, Delivery, Exchange, PublicCode, Rendering


def facts_of(rendering: Rendering) -> dict[str, Facts]:
    """The facts of one edition."""
    return {f"paper:{rendering.edition}": row_facts(rendering)}


def facts_of_delivery(delivery: Delivery) -> dict[str, Facts]:
    """The facts of the hand-over of one case's result."""
    return {"delivery": row_facts(delivery)}


def facts_of_exchange(exchange: Exchange) -> dict[str, Facts]:
    """The facts of one exchange of a corrected certificate, once it was fetched."""
    return {f"exchange:{exchange.id}": row_facts(exchange)}


def facts_of_package(package: ArchivePackage) -> dict[str, Facts]:
    """The facts of one archive package of a case."""
    return {f"archive:{package.edition}": row_facts(package)}


def facts_of_appraisal(appraisal: Appraisal) -> dict[str, Facts]:
    """The facts of one appraisal: what the register of destruction says."""
    return {"appraisal": row_facts(appraisal)}


def _read(kind: str, ids: Sequence[UUID], /) -> Mapping[UUID, Mapping[str, Facts]]:
    found: dict[UUID, dict[str, Facts]] = {}
    rows = Rendering.objects.filter(public_code__subject_kind=kind, public_code__subject_id__in=ids)
    for row in rows.select_related("public_code").order_by("id"):
        found.setdefault(row.public_code.subject_id, {}).update(facts_of(row))
    return found


def _ids_behind(kind: str, last: UUID, count: int) -> Sequence[UUID]:
    made = PublicCode.objects.filter(subject_kind=kind, subject_id__gt=last, renderings__isnull=False)
    return list(made.order_by("subject_id").values_list("subject_id", flat=True).distinct()[:count])


def _read_deliveries(ids: Sequence[UUID], /) -> Mapping[UUID, Mapping[str, Facts]]:
    return {row.case_id: facts_of_delivery(row) for row in Delivery.objects.filter(case__in=ids).order_by("id")}


def _delivered_behind(last: UUID, count: int) -> Sequence[UUID]:
    rows = Delivery.objects.filter(case__gt=last).order_by("case_id")
    return list(rows.values_list("case_id", flat=True)[:count])


def _read_exchanges(ids: Sequence[UUID], /) -> Mapping[UUID, Mapping[str, Facts]]:
    found: dict[UUID, dict[str, Facts]] = {}
    for row in Exchange.objects.filter(case__in=ids, at__isnull=False).order_by("id"):
        found.setdefault(row.case_id, {}).update(facts_of_exchange(row))
    return found


def _exchanged_behind(last: UUID, count: int) -> Sequence[UUID]:
    rows = Exchange.objects.filter(case__gt=last, at__isnull=False).order_by("case_id")
    return list(rows.values_list("case_id", flat=True).distinct()[:count])


def _read_packages(ids: Sequence[UUID], /) -> Mapping[UUID, Mapping[str, Facts]]:
    found: dict[UUID, dict[str, Facts]] = {}
    for row in ArchivePackage.objects.filter(case__in=ids).order_by("case", "edition"):
        found.setdefault(row.case_id, {}).update(facts_of_package(row))
    return found


def _archived_behind(last: UUID, count: int) -> Sequence[UUID]:
    rows = ArchivePackage.objects.filter(case__gt=last).order_by("case_id")
    return list(rows.values_list("case_id", flat=True).distinct()[:count])


def _read_appraisals(ids: Sequence[UUID], /) -> Mapping[UUID, Mapping[str, Facts]]:
    return {row.id: facts_of_appraisal(row) for row in Appraisal.objects.filter(id__in=ids).order_by("id")}


def _appraised_behind(last: UUID, count: int) -> Sequence[UUID]:
    rows = Appraisal.objects.filter(id__gt=last).order_by("id")
    return list(rows.values_list("id", flat=True)[:count])


register_witness(Witness("appraisal", frozenset({"appraisal"}), _read_appraisals, _appraised_behind))
register_witness(Witness("case", frozenset({"archive"}), _read_packages, _archived_behind))
register_witness(Witness("case", frozenset({"delivery"}), _read_deliveries, _delivered_behind))
register_witness(Witness("case", frozenset({"exchange"}), _read_exchanges, _exchanged_behind))
for _kind in KINDS:
    register_witness(Witness(_kind, frozenset({"paper"}), partial(_read, _kind), partial(_ids_behind, _kind)))
