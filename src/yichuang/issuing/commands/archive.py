"""归档: a closed case becomes a sealed package that proves itself; and whoever takes it out is on record."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from yichuang.cases import queries as cases
from yichuang.cases.values import CaseRecord
from yichuang.catalog import queries as catalog
from yichuang.core import faults, ledger, numbers
from yichuang.core.actors import SYSTEM, Actor
from yichuang.core.clock import local_date
from yichuang.core.ids import new_id
from yichuang.core.refusals import NotFound, Reason, Refused
from yichuang.core.words import W
from yichuang.issuing import archive, store
from yichuang.issuing.appraisals import THE_PACKAGE, is_destroyed
from yichuang.issuing.authority import root_pem, sign_bytes
from yichuang.issuing.commands.render import render_certificate, render_document
from yichuang.issuing.models import ArchivePackage
from yichuang.issuing.vouch import facts_of_package
from yichuang.network import queries as network
from yichuang.people import commands as people
from yichuang.registry import queries as registry
from yichuang.registry.values import CertificateRow

DESTROYED = W(
    "这份档案已经鉴定销毁，销毁清册中有记录", "This file was appraised and destroyed; the register has its entry"
)


@dataclass(frozen=True, slots=True)
class _Made:
    pieces: dict[str, bytes]
    documents: int
    entries: int


def archive_case(*, case: UUID, at: datetime) -> UUID | None:
    """Archive a closed case; the id of its newest package. None while some act of it has no place in the ledger's tree.

    The same content is archived once; a case that goes on (an act on its certificate) gets a further edition, and so
    does one whose file is lost or damaged.
    """
    record = cases.case_record(case)
    if not record.closed or record.closed_at is None:
        raise NotFound(THE_PACKAGE)
    certificate = registry.certificate_of_subject("case", case)
    acts = _acts(case)
    if acts is None:
        return None
    made = _pieces(record, certificate, acts)
    with transaction.atomic():
        return _keep(record, certificate, made, at)


def _acts(case: UUID) -> dict[str, bytes] | None:
    """Every act on the case with its proof; None while one is not proved yet. Archiving itself is no act on the case."""
    entries = ledger.list_entries(ledger.Subject("case", case))
    proofs = [ledger.receipt_for(entry.id, opened=True) for entry in entries]
    if not all(proof.is_final for proof in proofs):
        return None
    return {
        f"ledger/{entry.seq:04}.json": archive.spelled(proof.as_json())
        for entry, proof in zip(entries, proofs, strict=True)
    }


def _pieces(record: CaseRecord, certificate: CertificateRow | None, acts: dict[str, bytes]) -> _Made:
    papers: dict[str, bytes] = {}
    listed: list[dict[str, Any]] = []

    def add(title: str, number: str, at: datetime, pdf: bytes) -> None:
        path = archive.named(len(papers) + 1, title, number)
        papers[path] = pdf
        listed.append({"path": path, "title": title, "number": number, "issued_at": archive.instant(at)})

    for row in record.documents:
        add(row.title.zh, row.number, row.created_at, render_document(row.id))
    if certificate is not None and (pdf := _certificate(certificate)) is not None:
        add(certificate.name.zh, certificate.number, certificate.issued_at, pdf)
    files = [
        {
            "material": file.material, "name": file.name.zh, "kind": file.kind, "size": file.size, "sha256": file.sha256,
            "at": archive.instant(file.at),
        }
        for file in record.files
    ]  # fmt: skip
    pieces = {
        **papers,
        **acts,
        "uploads.json": archive.spelled(files),
        "ledger-key.pem": ledger.public_key_pem(),
        "index.json": archive.spelled(_index(record, certificate, listed)),
    }
    return _Made(pieces, len(papers), len(acts))


def _certificate(row: CertificateRow) -> bytes | None:
    try:
        return render_certificate(row.id)
    except Refused:  # a character in no font: made by hand, so there is no file of ours
        return None


def _index(record: CaseRecord, certificate: CertificateRow | None, listed: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "case": record.number,
        "case_id": str(record.id),
        "item": record.item.zh,
        "item_code": record.item_code,
        "item_version": record.item_version,
        "applicant": record.applicant_masked,
        "organ": record.organ,
        "state": record.state.zh,
        "filed_at": archive.instant(record.filed_at),
        "accepted_at": archive.instant(record.accepted_at),
        "decided_at": archive.instant(record.decided_at),
        "closed_at": archive.instant(record.closed_at),
        "certificate": certificate and {
            "identifier": certificate.identifier, "number": certificate.number, "status": certificate.status.value
        },
        "documents": listed,
    }  # fmt: skip


def _content(row: ArchivePackage) -> bytes | None:
    """What is in the file; None when it is lost or no longer as it was made."""
    content = store.fetch_package(row.id, row.path)
    return content if content is not None and hashlib.sha256(content).hexdigest() == row.sha256 else None


def _keep(record: CaseRecord, certificate: CertificateRow | None, made: _Made, at: datetime) -> UUID:
    last = ArchivePackage.objects.select_for_update(of=("self",)).filter(case_id=record.id).order_by("-edition").first()
    if (
        last is not None
        and (last.pieces, last.entries) == (made.documents, made.entries - 1)
        and _content(last) is not None
    ):
        return last.id  # nothing was done since, besides archiving itself
    if last is not None and is_destroyed(record.id):
        return last.id  # what was destroyed is not made again
    assert record.closed_at is not None
    closed_on = local_date(record.closed_at)
    pack = catalog.get_pack(record.item_code, version=record.item_version, at=at)
    retention = archive.retention_of(
        granted=record.outcome == "grant", forever=certificate is not None and certificate.valid_to is None,
        is_permit=record.is_permit, keep=pack.result.keep,
    )  # fmt: skip
    department = network.get_department_by_id(record.department)
    year = local_date(at).year
    serial = numbers.next_number(kind="archive", place=department.code, day=date(year, 1, 1))
    number = (
        f"{department.code}-{year}-{retention.upper()[:1] if retention == 'permanent' else 'D' + retention}-{serial:06}"
    )
    about = {"number": number, "case": record.number, "retention": retention, "made_at": archive.instant(at)}
    content = archive.pack(
        made.pieces, about=about, sign=lambda manifest: sign_bytes(record.organ, manifest), root=root_pem()
    )
    package = ArchivePackage(
        id=new_id(),
        case_id=record.id,
        edition=last.edition + 1 if last else 1,
        number=number,
        case_number=record.number,
        item_zh=record.item.zh,
        item_en=record.item.en,
        department_id=record.department,
        holder_id=record.applicant,
        holder_masked=record.applicant_masked,
        closed_on=closed_on,
        retention=retention,
        keep_until=archive.keep_until(closed_on, retention),
        pieces=made.documents,
        entries=made.entries,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        made_at=at,
    )
    package.path = store.keep_package(package.id, content)
    faults.point("archive.after_file")
    package.save(force_insert=True)
    ledger.append(
        act="archive",
        actor=SYSTEM,
        at=at,
        subject=ledger.Subject("case", record.id),
        detail={"number": number, "edition": package.edition},
        facts=facts_of_package(package),
    )
    return package.id


@transaction.atomic
def open_package(*, actor: Actor, package: UUID, at: datetime) -> tuple[str, bytes]:
    """Take a package out (name, ZIP): for the department's people; the applicant reads who did. 404 for everybody else."""
    row = ArchivePackage.objects.filter(id=package).first()
    if row is None or row.department_id not in cases.departments_of(actor):
        raise NotFound(THE_PACKAGE)
    if is_destroyed(row.case_id):
        raise Refused(Reason("DESTROYED", DESTROYED), kind="gone")
    content = _content(row)
    if content is None:
        raise NotFound(THE_PACKAGE)
    people.record_look(
        actor=actor,
        party=row.holder_id,
        purpose="archive",
        fields=("documents", "materials"),
        case_number=row.case_number,
        at=at,
    )
    ledger.append(
        act="archive.export", actor=actor, at=at, subject=ledger.Subject("archive", row.id), detail={"number": row.number},
        behalf=row.holder_id,
    )  # fmt: skip
    return f"{row.number}.zip", content
