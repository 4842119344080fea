"""Making papers (制证, 出文书): on demand, sealed once, the same bytes ever after.

The access gate is the caller's: ask `cases.queries.get_document` or who holds the certificate before.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from yichuang.cases import queries as cases
from yichuang.core import faults, ledger
from yichuang.core.actors import SYSTEM
from yichuang.core.ids import new_id
from yichuang.core.refusals import Reason, Refused
from yichuang.core.words import W
from yichuang.issuing import store
from yichuang.issuing.codes import new_public_code
from yichuang.issuing.documents import DOCUMENTS
from yichuang.issuing.models import PublicCode, Rendering
from yichuang.issuing.papers import PURPOSE_OF_CERTIFICATES, certificate_sheet, document_sheet
from yichuang.issuing.typeset import Sheet, typeset
from yichuang.issuing.values import SubjectKind
from yichuang.issuing.vouch import facts_of
from yichuang.registry import queries as registry

_NO_GLYPH = W(
    "证照上的文字有字库暂缺的字（{codes}），不能自动制证，请转人工制证",
    "Some characters of this certificate are in no font here ({codes}); it must be made by hand",
)


@dataclass(frozen=True, slots=True)
class _Order:
    """What is to be made: `sheet` still wants the public code."""

    kind: SubjectKind
    id: UUID
    sheet: Callable[[str], Sheet]
    purpose: str
    at: datetime
    visible: bool = True
    must_be_whole: bool = False


def render_document(document: UUID) -> bytes:
    """The sealed PDF of a legal document. Characters that no font has stand as codes, named in a red box."""
    cached = _cached("document", document)
    if cached is not None:
        return cached
    row = cases.get_document_values(document)
    spec = DOCUMENTS[row.kind.value]
    return _make(
        _Order(
            "document",
            document,
            lambda code: document_sheet(row, code),
            row.seal,
            row.issued_at,
            visible=not spec.own,
        )
    )


def render_certificate(certificate: UUID) -> bytes:
    """The sealed PDF of a certificate; Refused (GLYPH_MISSING) rather than printed with a character missing."""
    cached = _cached("certificate", certificate)
    if cached is not None:
        return cached
    row = registry.get_certificate(certificate)
    return _make(
        _Order(
            "certificate",
            certificate,
            lambda code: certificate_sheet(row, code),
            PURPOSE_OF_CERTIFICATES,
            row.issued_at,
            must_be_whole=True,
        )
    )


def _cached(kind: SubjectKind, subject: UUID) -> bytes | None:
    """The latest edition, when its file is there and still what was sealed."""
    row = (
        Rendering.objects.filter(public_code__subject_kind=kind, public_code__subject_id=subject)
        .order_by("-edition")
        .first()
    )
    pdf = store.fetch(row.id, row.path) if row else None
    return pdf if row and pdf is not None and hashlib.sha256(pdf).hexdigest() == row.sha256 else None


@transaction.atomic
def _make(order: _Order) -> bytes:
    """Make the paper under the lock of its code: who comes second finds it made."""
    from yichuang.issuing.sealing import sign, signed_digest  # pyHanko: 50 MB, half a second, for those who seal

    code = locked_code(order.kind, order.id, order.at)
    cached = _cached(order.kind, order.id)
    if cached is not None:
        return cached
    sheet = order.sheet(code.code)
    paper = typeset(sheet)
    if paper.missing and order.must_be_whole:
        words = _NO_GLYPH.format(codes="、".join(paper.missing))
        raise Refused(Reason("GLYPH_MISSING", words), kind="unavailable")
    pdf = sign(paper, organ=sheet.organ, purpose=order.purpose, at=order.at, visible=order.visible)
    last = Rendering.objects.filter(public_code=code).order_by("-edition").first()
    rendering = Rendering(
        id=new_id(),
        public_code=code,
        edition=last.edition + 1 if last else 1,
        sha256=hashlib.sha256(pdf).hexdigest(),
        digest=signed_digest(pdf),
        size=len(pdf),
        made_at=order.at,
    )
    rendering.path = store.keep(rendering.id, pdf)
    faults.point("render.after_file")
    rendering.save(force_insert=True)
    ledger.append(
        act="paper.make",
        actor=SYSTEM,
        at=order.at,
        subject=ledger.Subject(order.kind, order.id),
        detail={"edition": rendering.edition},
        facts=facts_of(rendering),
    )
    return pdf


def locked_code(kind: SubjectKind, subject: UUID, at: datetime) -> PublicCode:
    """The public code of a paper, made when there is none, locked for this transaction."""
    rows = PublicCode.objects.filter(subject_kind=kind, subject_id=subject)
    for _ in range(3):  # a fresh code could meet one of another paper: one in 10^15
        code = rows.select_for_update(of=("self",)).order_by("code").first()
        if code is not None:
            return code
        fresh = PublicCode(code=new_public_code(), subject_kind=kind, subject_id=subject, created_at=at)
        PublicCode.objects.bulk_create([fresh], ignore_conflicts=True)
    return rows.select_for_update(of=("self",)).get()
