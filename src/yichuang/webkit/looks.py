"""Opening what shows a person in full (查阅): the papers that were handed in, and the legal documents. Each look is kept."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from yichuang.cases import queries as cases
from yichuang.cases.values import DocumentRow, UploadRow
from yichuang.core.actors import Actor
from yichuang.core.clock import now
from yichuang.issuing.commands import render_document
from yichuang.people import commands as people
from yichuang.webkit.actor import actor_of
from yichuang.webkit.downloads import download

PDF = "application/pdf"
MEDIA = {"pdf": PDF, "jpg": "image/jpeg", "png": "image/png", "webp": "image/webp", "ofd": "application/ofd"}


def document(request: HttpRequest, document: UUID) -> HttpResponse:
    """A legal document as a sealed PDF, for those who may open its case."""
    row = open_document(actor_of(request), document, at=now())
    return download(render_document(row.id), name=f"{row.title.zh}-{row.number}.pdf", media_type=PDF)


def upload(request: HttpRequest, upload: UUID) -> HttpResponse:
    """A file that was handed in, for those who may open its case."""
    row, content = open_upload(actor_of(request), upload, at=now())
    return download(content, name=row.name, media_type=MEDIA.get(row.kind, "application/octet-stream"))


def open_upload(actor: Actor, upload: UUID, *, at: datetime) -> tuple[UploadRow, bytes]:
    """A file that was handed in. When staff open it, its applicant can read that they did (个人信息保护法 art. 44)."""
    row, content = cases.read_upload(actor, upload)
    _record(actor, cases.applicant_of(upload=upload), "materials", at)
    return row, content


def open_document(actor: Actor, document: UUID, *, at: datetime) -> DocumentRow:
    """A legal document of a case; rendering it is the caller's. Looks are recorded as for files."""
    row = cases.get_document(actor, document)
    _record(actor, cases.applicant_of(case=row.case_id), "documents", at)
    return row


def _record(actor: Actor, whose: tuple[UUID, str] | None, what: str, at: datetime) -> None:
    if actor.is_staff and whose is not None:
        party, number = whose
        people.record_look(actor=actor, party=party, purpose="service", fields=(what,), case_number=number, at=at)
