"""The row of a case with what hangs on it, in one statement: its materials, files and documents, and what it has at all."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from yichuang.cases.models import (
    Case,
    Correction,
    Decision,
    Document,
    Extension,
    GapNotice,
    HeldPaper,
    Hold,
    Material,
    MaterialFile,
    PromiseLapse,
    Question,
    ResultPlace,
    SignedCommitment,
    Suspension,
    Upload,
)
from yichuang.cases.queries.held import held_rows
from yichuang.cases.values import DocumentKind, DocumentRow, MaterialRow, MaterialState, UploadRow, document_title
from yichuang.core.compiled import compiled
from yichuang.core.packed import packed
from yichuang.core.words import Words

_NAME: Any = Upload._meta.get_field("name")
_FAULT_ZH: Any = Material._meta.get_field("fault_zh")
_FAULT_EN: Any = Material._meta.get_field("fault_en")


@compiled
def _materials(case: UUID) -> QuerySet[Material]:
    return Material.objects.filter(case=case).order_by("order")


@compiled
def _files(case: UUID) -> QuerySet[MaterialFile]:
    return MaterialFile.objects.select_related("upload").filter(material__case=case).order_by("at", "id")


@compiled
def whole_case(number: str) -> QuerySet[Case]:
    """The case (`its_…`: rows of other tables), and which tables that are empty for most cases hold rows of it (`has_…`):
    the others need not be asked."""
    of = {"case": OuterRef("id")}
    rows = Case.objects.select_related("department").annotate(
        has_notices=Exists(GapNotice.objects.filter(**of)),
        has_decision=Exists(Decision.objects.filter(**of)),
        has_holds=Exists(Hold.objects.filter(**of, lifted_at__isnull=True)),
        has_lapse=Exists(PromiseLapse.objects.filter(**of)),
        has_stops=Exists(Suspension.objects.filter(**of)),
        has_questions=Exists(Question.objects.filter(**of)),
        has_corrections=Exists(Correction.objects.filter(**of)),
        has_result=Exists(ResultPlace.objects.filter(**of)),
        has_commitments=Exists(SignedCommitment.objects.filter(**of)),
        has_held=Exists(HeldPaper.objects.filter(**of)),
        has_extension=Exists(Extension.objects.filter(**of)),
        its_materials=packed(
            Material.objects.filter(**of).order_by("order"),
            "id", "code", "name_zh", "name_en", "state", "necessity", "tolerable", "fault_zh", "fault_en", "due_date",
            "seen_original",
        ),
        its_files=packed(
            MaterialFile.objects.filter(material__case=OuterRef("id")).order_by("at", "id"),
            "material_id", "upload__id", "upload__name", "upload__kind", "upload__size", "upload__pages",
            "upload__created_at",
        ),
        its_documents=packed(Document.objects.filter(**of).order_by("id"), "id", "kind", "number", "issued_at"),
    )  # fmt: skip
    return rows.filter(number=number).order_by("id")[:1]


def materials_of(case: Any, *, own: bool) -> tuple[MaterialRow, ...]:
    """The materials of a whole case with their files and what was fetched instead, in the item's order. `own`: for the
    applicant's side, who reads all of that."""
    held = held_rows(case, own=own) if case.has_held else {}
    files: dict[str, list[UploadRow]] = defaultdict(list)
    for material, id, name, kind, size, pages, at in case.its_files:
        plain = _NAME.from_db_value(name)
        files[material].append(UploadRow(UUID(id), plain, kind, size, pages, datetime.fromisoformat(at)))
    rows = []
    for id, code, name_zh, name_en, state, necessity, tolerable, fault_zh, fault_en, due, seen in case.its_materials:
        fault = Words(_FAULT_ZH.from_db_value(fault_zh), _FAULT_EN.from_db_value(fault_en))
        rows.append(
            MaterialRow(
                code,
                Words(name_zh, name_en),
                MaterialState(state),
                necessity,
                tolerable,
                tuple(files[id]),
                fault if fault.zh else None,
                date.fromisoformat(due) if due else None,
                seen,
                held.get(code),
            )
        )
    return tuple(rows)


def documents_of(case: Any) -> tuple[DocumentRow, ...]:
    """The legal documents of a whole case, oldest first."""
    rows = []
    for id, named, number, issued_at in case.its_documents:
        kind = DocumentKind(named)
        title = document_title(kind, permit=case.is_permit)
        rows.append(DocumentRow(UUID(id), kind, title, number, datetime.fromisoformat(issued_at), case.id))
    return tuple(rows)


def material_rows(case: Case) -> tuple[MaterialRow, ...]:
    """The materials of the case with their files, in the item's order (2 queries)."""
    files: dict[UUID, list[UploadRow]] = defaultdict(list)
    for file in _files(case.id):
        files[file.material_id].append(upload_row(file.upload))
    return tuple(_material(row, files[row.id]) for row in _materials(case.id))


def _material(row: Material, files: Sequence[UploadRow]) -> MaterialRow:
    return MaterialRow(
        row.code,
        Words(row.name_zh, row.name_en),
        MaterialState(row.state),
        row.necessity,
        row.tolerable,
        tuple(files),
        Words(row.fault_zh, row.fault_en) if row.fault_zh else None,
        row.due_date,
        row.seen_original,
    )


def upload_row(row: Upload) -> UploadRow:
    """One file."""
    return UploadRow(row.id, row.name, row.kind, row.size, row.pages, row.created_at)
