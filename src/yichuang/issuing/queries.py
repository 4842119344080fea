"""Reading issuing: is it genuine, what is ready, what was handed over."""

import hashlib
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q

from yichuang.cases import queries as cases
from yichuang.cases.pages import WorkRow
from yichuang.core import ledger
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date
from yichuang.core.masks import mask_certificate_number
from yichuang.core.paging import Page
from yichuang.core.refusals import Reason, Refused
from yichuang.core.words import W
from yichuang.issuing import rules
from yichuang.issuing.appraisals import appraisal_page as appraisal_page
from yichuang.issuing.appraisals import list_destroyed as list_destroyed
from yichuang.issuing.appraisals import list_due as list_due
from yichuang.issuing.appraisals import list_proposed as list_proposed
from yichuang.issuing.appraisals import package_rows
from yichuang.issuing.codes import read_mark, read_payload, read_public_code
from yichuang.issuing.exchanges import find_exchange as find_exchange
from yichuang.issuing.exchanges import list_exchanges as list_exchanges
from yichuang.issuing.exchanges import read_corrected as read_corrected
from yichuang.issuing.exchanges import waiting_for as waiting_for
from yichuang.issuing.glyphs import face_for as face_for
from yichuang.issuing.models import Appraisal, ArchivePackage, Delivery, PublicCode, Rendering
from yichuang.issuing.papers import document_title, holder_of_document, verify_url
from yichuang.issuing.permissions import can_issue
from yichuang.issuing.rules import FileState
from yichuang.issuing.store import has_package, packages_in
from yichuang.issuing.values import (
    IDENTITY_WORDS,
    RELATION_WORDS,
    DeliveryRow,
    PackageRow,
    SubjectKind,
    Verification,
)
from yichuang.people import queries as people
from yichuang.registry import queries as registry
from yichuang.registry.values import VALIDITY_WORDS, CertificateRow

if TYPE_CHECKING:
    from yichuang.issuing.sealing import SealCheck

_TOO_LARGE = W("文件超过 {most} MB，不是本系统签发的文件", "The file is over {most} MB; no paper of this system is")
_NOT_PDF = W(
    "这不是 PDF 文件，请选择下载的证照或文书原件", "This is not a PDF; choose the certificate or document as downloaded"
)
_ENCRYPTED = W("文件设有密码，请选择未加密的原件", "The file is encrypted; choose the original without a password")
_NOTHING = W("请输入证照编号、电子证照标识或者查验码", "Enter a certificate number, identifier or verification code")
_MEGABYTE = 1024 * 1024
PACKAGES = 30  # a page of the archive


def verify_number(text: str, *, at: datetime) -> Verification:
    """By public code (查验码), identifier or printed number; tells status and masked data only."""
    if not text.strip():
        raise Refused(Reason("NOTHING_TO_VERIFY", _NOTHING, "/number"))
    text = text[:300]
    code = read_public_code(text)
    found = PublicCode.objects.filter(code=code).first() if code else None
    if found is not None:
        return _public(found, "issued", at, by_file=False)
    certificate = registry.find_certificate(text)
    if certificate is not None:
        return _certificate(certificate, "issued", at, by_file=False)
    return Verification(verdict="unknown", words=rules.VERDICT_WORDS["unknown"], by="number")


def verify_qr(payload: str, *, at: datetime) -> Verification:
    """What a scanned QR of ours says: the address with the code, or the bare code or identifier."""
    return verify_number(read_payload(payload[:2000]), at=at)


def verify_file(content: bytes, *, at: datetime) -> Verification:
    """A dropped file: ours and in force, ours but expired or revoked, altered, or not ours.

    Refused: TOO_LARGE, NOT_A_PDF, ENCRYPTED. First the bytes are looked up as issued; then the seal is checked; a file
    that carries our seal over other bytes, or only our mark, is altered.
    """
    _check_file(content)
    issued = _issued(hashlib.sha256(content).hexdigest())
    if issued is not None:
        return _public(issued, "issued", at, signer=_check_seal(content).signer)
    seal = _check_seal(content)
    original = _original(content, seal)
    if original is None:
        return Verification(verdict="unknown", words=rules.VERDICT_WORDS["unknown"], by="file", signer=seal.signer)
    code, on_record = original
    # An intact seal on a file that is on record under other bytes: something was changed where no signature reaches.
    # Not on record at all: the cache was lost, the seal speaks for itself.
    whole = seal.state == "intact" and not on_record
    return _public(code, "intact" if whole else "altered", at, signer=seal.signer)


def _check_file(content: bytes) -> None:
    if len(content) > rules.MAX_FILE:
        words = _TOO_LARGE.format(most=rules.MAX_FILE // _MEGABYTE)
        raise Refused(Reason("TOO_LARGE", words, "/file"), kind="too_large")
    if b"%PDF-" not in content[:1024]:
        raise Refused(Reason("NOT_A_PDF", _NOT_PDF, "/file"))
    import pikepdf

    from yichuang.core.pdf import open_pdf  # with it 6 MB, for who checks a file

    try:
        with open_pdf(content) as pdf:
            encrypted = pdf.is_encrypted
    except pikepdf.PasswordError:
        encrypted = True
    except (pikepdf.PdfError, ValueError, RuntimeError):
        encrypted = False  # too damaged to say; the seal and the mark are looked for in the bytes
    if encrypted:
        raise Refused(Reason("ENCRYPTED", _ENCRYPTED, "/file"))


def _issued(sha256: str) -> PublicCode | None:
    row = Rendering.objects.filter(sha256=sha256).select_related("public_code").first()
    return row.public_code if row else None


def _check_seal(content: bytes) -> "SealCheck":
    """pyHanko (50 MB, half a second) is loaded by the first file that somebody has checked."""
    from yichuang.issuing.sealing import validate

    return validate(content)


def _original(content: bytes, seal: "SealCheck") -> tuple[PublicCode, bool] | None:
    """Which paper a file is, or pretends to be: by what its seal signed (then on record), else by its mark."""
    if seal.digest:
        row = Rendering.objects.filter(digest=seal.digest).select_related("public_code").order_by("-edition").first()
        if row is not None:
            return row.public_code, True
    mark = read_mark(content)
    if mark is None:
        return None
    code = PublicCode.objects.filter(subject_kind=mark[0], code=mark[1]).first()
    return (code, False) if code else None


def _public(
    code: PublicCode, state: FileState, at: datetime, *, signer: str = "", by_file: bool = True
) -> Verification:
    if code.subject_kind == "certificate":
        row = registry.get_certificate(code.subject_id)
        return replace(_certificate(row, state, at, by_file=by_file), signer=signer)
    return replace(_document(code.subject_id, state, by_file=by_file), signer=signer)


def _certificate(row: CertificateRow, state: FileState, at: datetime, *, by_file: bool) -> Verification:
    validity = registry.validity(row, local_date(at))
    verdict = "altered" if state == "altered" else rules.verdict_of(validity)
    return Verification(
        verdict=verdict,
        words=rules.sentence(verdict, validity),
        by="file" if by_file else "number",
        kind="certificate",
        name=row.name,
        number=mask_certificate_number(row.number),
        holder_masked=row.holder_masked,
        issuer=row.issuer_name,
        status=VALIDITY_WORDS[validity],
        issued_on=local_date(row.issued_at),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        status_at=row.status_at if row.status.value != "valid" else None,
    )


def _document(document: UUID, state: FileState, *, by_file: bool) -> Verification:
    row = cases.get_document_values(document)
    altered = state == "altered"
    return Verification(
        verdict="altered" if altered else "valid",
        words=rules.VERDICT_WORDS["altered"] if altered else rules.DOCUMENT_WORDS,
        by="file" if by_file else "number",
        kind="document",
        name=document_title(row),
        number=row.number,
        holder_masked=holder_of_document(row),
        issuer=W(row.organ, row.organ),
        issued_on=local_date(row.issued_at),
    )


def paper_of(case: UUID) -> tuple[CertificateRow | None, bool]:
    """(the certificate that is handed over now, whether it took the place of one of the same case: what was printed of that
    one is void)."""
    row = registry.certificate_of_subject("case", case)
    former = registry.find_certificate(row.previous) if row and row.previous else None
    return row, former is not None and row is not None and former.subject == row.subject


def find_code(kind: SubjectKind, subject: UUID) -> str | None:
    """The public code of a paper that was made before."""
    row = PublicCode.objects.filter(subject_kind=kind, subject_id=subject).first()
    return row.code if row else None


def find_verify_url(kind: SubjectKind, subject: UUID) -> str | None:
    """The address that a made paper's QR leads to."""
    code = find_code(kind, subject)
    return verify_url(code) if code else None


def count_prints(kind: SubjectKind, subject: UUID) -> int:
    """How many copies were printed at desks."""
    row = PublicCode.objects.filter(subject_kind=kind, subject_id=subject).first()
    return sum(row.prints.order_by("id").values_list("copies", flat=True)) if row else 0


def find_delivery(case: UUID) -> DeliveryRow | None:
    """How the case's result was handed over at a desk."""
    row = Delivery.objects.filter(case_id=case).first()
    return _delivery(row) if row else None


def _delivery(row: Delivery) -> DeliveryRow:
    return DeliveryRow(
        id=row.id,
        case=row.case_id,
        at=row.at,
        receiver_masked=row.receiver_masked,
        relation=RELATION_WORDS[row.relation],  # type: ignore[index]  # a check constraint holds the values
        identity=IDENTITY_WORDS[row.identity_kind],  # type: ignore[index]  # likewise
        place=row.place_id,
        window=row.window,
        by=row.by_id,
    )


def ready_list(actor: Actor, *, at: datetime, cursor: str | None = None, limit: int = 20) -> Page[WorkRow]:
    """What lies ready for whom at the actor's desks (待领取), with the last day to deliver; empty for others."""
    if not can_issue(actor):
        return Page(())
    return cases.list_ready(actor, at=at, cursor=cursor, limit=limit)


def is_archived(case: UUID) -> bool:
    """Whether the case has an archive package."""
    return ArchivePackage.objects.filter(case_id=case).exists()


def due_for_archive(after: UUID | None, count: int) -> tuple[UUID | None, tuple[UUID, ...]]:
    """Of the next closed cases behind an id, those that are not archived as they now are; and where to go on (None: done).

    Not archived at all, with acts newer than the newest edition, or whose file is gone; what was destroyed stays so. Four statements.
    """
    closed = cases.closed_behind(after, count)
    made = ArchivePackage.objects.filter(case_id__in=closed).order_by("case_id", "edition")
    newest = {row.case_id: row for row in made.only("case_id", "entries", "path")}
    acts = ledger.count_entries("case", closed)

    def is_whole(case: UUID) -> bool:
        row = newest.get(case)  # archiving itself is the one act that no edition holds
        return row is not None and acts.get(case, 0) == row.entries + 1 and has_package(row.path)

    gone = set(Appraisal.objects.filter(case_id__in=closed, stage="destroyed").values_list("case_id", flat=True))

    return (closed[-1] if len(closed) == count else None), tuple(
        case for case in closed if case not in gone and not is_whole(case)
    )


def find_packages(
    actor: Actor, text: str = "", *, since: date | None = None, until: date | None = None, cursor: str | None = None
) -> Page[PackageRow]:
    """The archive packages of the actor's departments, the latest closed first: all, of one number (archive's, case's),
    or of one applicant's identity number; closed within the days given."""
    rows = ArchivePackage.objects.filter(department__in=cases.departments_of(actor)).order_by("-closed_on", "-id")
    if text:
        holders = [party.id for party in people.find_parties(text)]
        plain = text.strip().upper()
        rows = rows.filter(Q(number=plain) | Q(case_number=plain) | Q(holder__in=holders))
    if since:
        rows = rows.filter(closed_on__gte=since)
    if until:
        rows = rows.filter(closed_on__lte=until)
    if cursor and (last := ArchivePackage.objects.filter(id=UUID(cursor)).first()):
        rows = rows.filter(Q(closed_on__lt=last.closed_on) | Q(closed_on=last.closed_on, id__lt=last.id))
    found = list(rows[: PACKAGES + 1])
    items = package_rows(found[:PACKAGES])
    return Page(items, str(items[-1].id) if len(found) > PACKAGES else None)


def left_over(folder: str, *, before: datetime) -> tuple[tuple[UUID, ...], tuple[str, ...]]:
    """Of one archive folder: the destructions whose files are still there, and the files last written before an instant that
    no row names (a crash or a rollback left them)."""
    lying = packages_in(folder)
    rows = ArchivePackage.objects.filter(id__in=[file.package for file in lying])
    cases_of = dict(rows.values_list("id", "case_id"))
    gone = Appraisal.objects.filter(case_id__in=set(cases_of.values()), stage="destroyed").order_by("id")
    stray = (file.path for file in lying if file.package not in cases_of and file.written < before)
    return tuple(gone.values_list("id", flat=True)), tuple(stray)


def paths_to_wipe(appraisal: UUID) -> tuple[str, ...]:
    """The files of every edition of what the appraisal destroyed; none unless it was approved."""
    case = Appraisal.objects.filter(id=appraisal, stage="destroyed").values_list("case", flat=True).first()
    rows = ArchivePackage.objects.filter(case=case) if case else ArchivePackage.objects.none()
    return tuple(rows.order_by("edition").values_list("path", flat=True))
