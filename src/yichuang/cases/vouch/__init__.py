"""What the ledger vouches for of a case: its columns, its query code, and every row that an act wrote beside it.

Left out are caches (due days). Each act vouches for what it can change, so that filing asks nothing more of the
database and later acts one statement at most.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Model

from yichuang.cases.models import (
    AutoDecision,
    Case,
    Correction,
    Decision,
    Document,
    Escalation,
    Extension,
    ExtensionRequest,
    GapNotice,
    Hearing,
    HeldPaper,
    Hold,
    HumanReview,
    Inspection,
    Material,
    MaterialFile,
    Priority,
    Proceeding,
    PromiseLapse,
    Question,
    ResultPlace,
    SignedCommitment,
    SupplyLink,
    Suspension,
    ToldParty,
    Transfer,
    TripCause,
    Visit,
)
from yichuang.cases.models.commitment import CommitmentCheck
from yichuang.cases.numbering import query_index
from yichuang.cases.states import Act
from yichuang.core.ledger import Facts, Witness, register_witness, row_facts

CACHED = frozenset({"answer_due_at", "due_at", "query_index", "trip_count", "is_priority"})
LATER: frozenset[str] = frozenset(
    {
        "promise_until",
        "follow_up",
        "package",
        "put_to_id",
        "put_to_name",
        "read_on",
        "call_read_on",
        "of_commitment",
        "undue",
    }
)  # that old entries do not know (see `row_facts`)
_COUNTED = frozenset({"tries"})
DECIDES = frozenset({Act.GRANT, Act.PREPARE_GRANT, Act.SERVE_GRANT, Act.DEEM_RENEWED, Act.DENY})
TOUCHES_PAPERS = frozenset(
    {
        *(Act.PRECHECK, Act.NOTIFY_GAPS, Act.SUPPLEMENT, Act.ACCEPT, Act.ACCEPT_WITH_GAPS),
        *(Act.OFFER_PROMISE, Act.SIGN_PROMISE, Act.DECLINE_PROMISE),
    }
)
# Rows that an act writes beside the case, told one by one under "family:id"; all but the files name their case.
OWN_ROWS: Mapping[type[Model], str] = {
    Document: "document",
    Hold: "hold",
    GapNotice: "notice",
    Suspension: "suspension",
    Extension: "extension",
    ExtensionRequest: "extension-request",
    PromiseLapse: "lapse",
    SupplyLink: "link",
    Visit: "visit",
    TripCause: "trip",
    Escalation: "escalation",
    Proceeding: "proceeding",
    ResultPlace: "result",
    Priority: "priority",
    Question: "question",
    Inspection: "inspection",
    Hearing: "hearing",
    ToldParty: "told",
    Transfer: "transfer",
    Correction: "correction",
    AutoDecision: "auto",
    HumanReview: "human-review",
    SignedCommitment: "commitment",
    CommitmentCheck: "check",
    HeldPaper: "held",
}
FAMILIES = frozenset({"case", "decision", "materials", "file", *OWN_ROWS.values()})


def facts_after(case: Case, act: Act) -> dict[str, Facts]:
    """What the entry of this act vouches for; the rows that were written since the last one are taken off the case."""
    facts: dict[str, Facts] = {"case": of_case(case)}
    if act in DECIDES:
        facts["decision"] = _of(case.known.decision or Decision.objects.get(case=case))
    if act in TOUCHES_PAPERS:
        facts["materials"] = of_materials(case.known.materials or case.materials.order_by("order"))
    return facts | fresh_facts(case)


def facts_of_filing(case: Case, materials: Iterable[Material]) -> dict[str, Facts]:
    """The same for the filing, whose rows are at hand."""
    return {**facts_after(case, Act.FILE), "materials": of_materials(materials)}


def fresh_facts(case: Case) -> dict[str, Facts]:
    """The facts of the rows that this act wrote beside the case, which is told of them here."""
    facts: dict[str, Facts] = {}
    for row in case.fresh:
        facts |= facts_of(row)
    case.fresh.clear()
    return facts


def facts_of(row: Model) -> dict[str, Facts]:
    """The facts of one row beside a case."""
    if isinstance(row, MaterialFile):
        return {f"file:{row.id}": _of_file(row)}
    tell = _TELL.get(type(row), _of)
    return {f"{OWN_ROWS[type(row)]}:{row.pk}": tell(row)}


def of_materials(rows: Iterable[Material]) -> Facts:
    """The facts "materials" of a case."""
    return {row.code: _of(row) for row in rows}


def _of(row: Model) -> Facts:
    return row_facts(row, later=LATER)


def of_case(case: Case) -> Facts:
    """The facts "case" of a case."""
    return row_facts(case, without=CACHED, later=LATER)


def _of_file(row: MaterialFile) -> Facts:
    upload = row.upload
    return {**_of(row), "sha256": upload.sha256, "kind": upload.kind, "size": upload.size, "name": upload.name}


def _of_auto(row: AutoDecision) -> Facts:
    """All that it was judged on and by; how often sources were asked is no part of it."""
    return {**row_facts(row, without=_COUNTED), "record": bytes(row.record).hex()}


def _of_visit(row: Visit) -> Facts:
    """With who, where and when of its encounter; until when that lasted is no part of it."""
    stay = row.encounter
    seat = {"person": stay.person_id, "place": stay.place_id, "window": stay.window, "started_at": stay.started_at}
    return {**_of(row), **seat}


_TELL: Mapping[type[Model], Callable[[Any], Facts]] = {Visit: _of_visit, AutoDecision: _of_auto}


def read_facts(ids: Sequence[UUID], /) -> Mapping[UUID, Mapping[str, Facts]]:
    """What the tables say of these cases today."""
    found: dict[UUID, dict[str, Facts]] = {row.id: {"case": _read_case(row)} for row in _cases().filter(id__in=ids)}
    for decision in Decision.objects.filter(case__in=found).order_by("case_id"):
        found[decision.case_id]["decision"] = _of(decision)
    materials: dict[UUID, list[Material]] = {case: [] for case in found}
    for material in Material.objects.filter(case__in=found).order_by("case_id", "order"):
        materials[material.case_id].append(material)
    for case, rows in materials.items():
        found[case]["materials"] = of_materials(rows)
    for model in OWN_ROWS:
        for row in _rows(model).filter(case__in=found).order_by("pk"):
            found[row.case_id] |= facts_of(row)
    files = MaterialFile.objects.filter(material__case__in=found).select_related("upload", "material")
    for file in files.order_by("id"):
        found[file.material.case_id] |= facts_of(file)
    return found


def _read_case(case: Case) -> Facts:
    """As told, and a mark when the index does not find the case by its own code (its key may change, so it is not told)."""
    fits = case.query_index == query_index(case.number, case.query_code)
    return of_case(case) if fits else {**of_case(case), "query_index": "of another code"}


def _cases() -> Any:
    return Case.objects.order_by("id")


def _rows(model: Any) -> Any:
    return model.objects.select_related("encounter") if model is Visit else model.objects.all()


def _ids_behind(last: UUID, count: int) -> Sequence[UUID]:
    return list(_cases().filter(id__gt=last).values_list("id", flat=True)[:count])


register_witness(Witness("case", FAMILIES, read_facts, _ids_behind))
