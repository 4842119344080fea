"""What rooms above ask of a case whose id they hold, and its whole record for the archive (归档). No gate: they have asked one."""

from uuid import UUID

from django.db.models import Q

from yichuang.cases.models import Case, Correction, Document, Hold, MaterialFile, Proceeding
from yichuang.cases.models.after import RUNNING_STAGES
from yichuang.cases.moves import THE_CASE
from yichuang.cases.queries.certificates import departments_looked_after
from yichuang.cases.states import ENDS, WORDS, State
from yichuang.cases.turns import CorrectionState
from yichuang.cases.values import CaseRecord, DocumentKind, DocumentRow, FilePrint, document_title
from yichuang.core.actors import Actor
from yichuang.core.refusals import NotFound
from yichuang.core.words import W, Words
from yichuang.network import queries as network

FOLLOWED = W("由它延续、变更或补发的办件还没有办结", "A case that follows it is not closed yet")
PROCEEDING = W("正在进行结束证照效力的程序", "A proceeding to end its certificate is running")
CORRECTING = W("有更正申请等待处理", "A correction that was asked for waits")
HELD = W("有事项暂缓它的结果送达", "Something holds back its result")
RUNNING = W("办件还没有办结", "The case is not closed")


def case_record(case: UUID) -> CaseRecord:
    """Everything that an archive lists of a case: its dates, papers and the fingerprints of what was handed in."""
    row = Case.objects.filter(id=case).first()
    if row is None:
        raise NotFound(THE_CASE)
    state, department = State(row.state), network.get_department_by_id(row.department_id)
    return CaseRecord(
        id=row.id,
        number=row.number,
        item_code=row.item_code,
        item_version=row.item_version,
        item=Words(row.item_name_zh, row.item_name_en),
        is_permit=row.is_permit,
        applicant=row.applicant_id,
        applicant_masked=row.applicant_masked,
        department=row.department_id,
        organ=department.organ_seal or department.name.zh,
        state=WORDS[state],
        closed=state in ENDS,
        outcome=row.outcome,
        filed_at=row.filed_at,
        accepted_at=row.accepted_at,
        decided_at=row.decided_at,
        closed_at=row.closed_at,
        previous=row.previous_id,
        documents=_documents(row),
        files=_files(row.id),
    )


def _documents(case: Case) -> tuple[DocumentRow, ...]:
    rows = Document.objects.filter(case=case).order_by("id")
    titles = [(row, DocumentKind(row.kind)) for row in rows]
    return tuple(
        DocumentRow(row.id, kind, document_title(kind, permit=case.is_permit), row.number, row.issued_at, case.id)
        for row, kind in titles
    )


def _files(case: UUID) -> tuple[FilePrint, ...]:
    rows = MaterialFile.objects.select_related("upload", "material").filter(material__case=case).order_by("at", "id")
    return tuple(
        FilePrint(
            row.material.code, Words(row.material.name_zh, row.material.name_en), row.upload.kind, row.upload.size,
            row.upload.sha256, row.at,
        )
        for row in rows
    )  # fmt: skip


def closed_behind(last: UUID | None, count: int) -> tuple[UUID, ...]:
    """The closed cases behind an id (None: from the first on), at most so many, in the order of their ids."""
    rows = Case.objects.filter(closed_at__isnull=False, state__in=[state.value for state in ENDS])
    rows = rows if last is None else rows.filter(id__gt=last)
    return tuple(rows.order_by("id").values_list("id", flat=True)[:count])


def departments_of(actor: Actor) -> frozenset[UUID]:
    """The departments whose closed cases the actor may look up: as reviewer or supervisor."""
    return frozenset(departments_looked_after(actor))


def applicant_of(*, case: UUID | None = None, upload: UUID | None = None) -> tuple[UUID, str] | None:
    """(applicant, number) of a case, or of the case of a file; None while the file belongs to none. No gate."""
    which = Q(uploads=upload) if upload else Q(id=case)
    return Case.objects.filter(which).values_list("applicant_id", "number").first()


def case_of_id(case: UUID) -> tuple[str, UUID, UUID]:
    """(number, taking place, receiver) of a case, for rooms above that hold its id."""
    row = Case.objects.filter(id=case).first()
    if row is None:
        raise NotFound(THE_CASE)
    return row.number, row.taking_place_id, row.receiver_id


def followers_of(case: UUID) -> tuple[UUID, ...]:
    """The cases that follow a case (变更, 延续, 补发, taken up again), and those that follow them. No gate. A statement a step."""
    found, step = {case}, {case}
    while step:
        step = set(Case.objects.filter(previous__in=step).values_list("id", flat=True)) - found
        found |= step
    return tuple(sorted(found - {case}))


def what_keeps(case: UUID) -> tuple[Words, ...]:
    """Why the file of a closed case is still needed: what goes on from it. No gate."""
    found = {
        FOLLOWED: Case.objects.filter(previous=case, closed_at=None),
        PROCEEDING: Proceeding.objects.filter(case=case, stage__in=RUNNING_STAGES),
        CORRECTING: Correction.objects.filter(case=case, state=CorrectionState.ASKED.value),
        HELD: Hold.objects.filter(case=case, lifted_at=None),
        RUNNING: Case.objects.filter(id=case, closed_at=None),
    }
    return tuple(words for words, rows in found.items() if rows.exists())
