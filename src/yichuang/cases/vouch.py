"""What the ledger vouches for of a case: its legal columns, the decision, each paper, each file, each document.

Left out are caches (due days) and the query code. Each act vouches for what it can change, so that filing asks nothing
more of the database and later acts one statement at most.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from yichuang.cases.models import Case, Decision, Document, Material, MaterialFile
from yichuang.cases.states import Act
from yichuang.core.ledger import Facts, Witness, register_witness, row_facts

CACHED = frozenset({"answer_due_at", "due_at", "query_index"})
DECIDES = frozenset({Act.GRANT, Act.PREPARE_GRANT, Act.SERVE_GRANT, Act.DENY})
TOUCHES_PAPERS = frozenset({Act.PRECHECK, Act.NOTIFY_GAPS, Act.SUPPLEMENT, Act.ACCEPT, Act.ACCEPT_WITH_GAPS})
FAMILIES = frozenset({"case", "decision", "materials", "file", "document"})


def facts_after(case: Case, act: Act) -> dict[str, Facts]:
    """What the entry of this act vouches for; documents issued since the last one are taken off the case."""
    facts: dict[str, Facts] = {"case": _of_case(case)}
    if act in DECIDES:
        facts["decision"] = row_facts(Decision.objects.get(case=case))
    if act in TOUCHES_PAPERS:
        facts["materials"] = _of_materials(case.materials.order_by("order"))
    facts |= {f"document:{row.id}": row_facts(row) for row in case.fresh_documents}
    facts |= {f"file:{row.id}": _of_file(row) for row in case.fresh_files}
    case.fresh_documents.clear()
    case.fresh_files.clear()
    return facts


def facts_of_filing(case: Case, materials: Iterable[Material]) -> dict[str, Facts]:
    """The same for the filing, whose rows are at hand."""
    return {**facts_after(case, Act.FILE), "materials": _of_materials(materials)}


def _of_case(case: Case) -> Facts:
    return row_facts(case, without=CACHED)


def _of_materials(rows: Iterable[Material]) -> Facts:
    return {row.code: row_facts(row) for row in rows}


def _of_file(row: MaterialFile) -> Facts:
    upload = row.upload
    return {**row_facts(row), "sha256": upload.sha256, "kind": upload.kind, "size": upload.size, "name": upload.name}


def read_facts(ids: Sequence[UUID], /) -> Mapping[UUID, Mapping[str, Facts]]:
    """What the tables say of these cases today."""
    found: dict[UUID, dict[str, Facts]] = {row.id: {"case": _of_case(row)} for row in _cases().filter(id__in=ids)}
    for decision in Decision.objects.filter(case__in=found).order_by("case_id"):
        found[decision.case_id]["decision"] = row_facts(decision)
    materials: dict[UUID, list[Material]] = {case: [] for case in found}
    for material in Material.objects.filter(case__in=found).order_by("case_id", "order"):
        materials[material.case_id].append(material)
    for case, rows in materials.items():
        found[case]["materials"] = _of_materials(rows)
    for document in Document.objects.filter(case__in=found).order_by("id"):
        found[document.case_id][f"document:{document.id}"] = row_facts(document)
    files = MaterialFile.objects.filter(material__case__in=found).select_related("upload", "material")
    for file in files.order_by("id"):
        found[file.material.case_id][f"file:{file.id}"] = _of_file(file)
    return found


def _cases() -> Any:
    return Case.objects.order_by("id")


def _ids_behind(last: UUID, count: int) -> Sequence[UUID]:
    return list(_cases().filter(id__gt=last).values_list("id", flat=True)[:count])


register_witness(Witness("case", FAMILIES, read_facts, _ids_behind))
