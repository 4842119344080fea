"""/certificates and /verify: what came of a case, and whether it is genuine."""

from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import FileEx, Form, P, Router, Schema
from ninja.files import UploadedFile

from yichuang.core.clock import local_date, now
from yichuang.core.refusals import NotFound, Reason, Refused
from yichuang.core.words import W
from yichuang.issuing import queries as issuing
from yichuang.issuing.values import Verification
from yichuang.registry import queries as registry
from yichuang.web.api import translate
from yichuang.web.api.schemas import Label, Problem
from yichuang.webkit.actor import actor_of
from yichuang.webkit.limits import CHECKING_FILES, VERIFYING

router = Router(tags=["certificates"])
verifying = Router(tags=["verify"])
NOTHING = W("请给出证照编号或文件", "Give a certificate number or a file")


class CertificateOut(Schema):
    id: UUID
    identifier: str
    number: str
    name: Label
    holder: str
    issuer: Label
    valid_from: str
    valid_to: str | None
    validity: str


class VerificationOut(Schema):
    verdict: Literal["valid", "expired", "revoked", "altered", "unknown"]
    words: Label
    number: str
    name: Label | None
    holder: str = ""
    issuer: Label | None


@router.get(
    "/{id}",
    response={200: CertificateOut, 401: Problem, 404: Problem},
    url_name="certificate",
    summary="One certificate of mine",
)
def get_certificate(request: HttpRequest, id: UUID) -> dict[str, Any]:
    """For its holder and those who act for them; others use /verify."""
    row = registry.get_certificate(id)
    if not actor_of(request).acts_for(row.holder):
        raise NotFound(W("证照", "certificate"))
    return {
        "id": row.id,
        "identifier": row.identifier,
        "number": row.number,
        "name": translate.label(row.name),
        "holder": row.holder_masked,
        "issuer": translate.label(row.issuer_name),
        "valid_from": row.valid_from.isoformat(),
        "valid_to": row.valid_to.isoformat() if row.valid_to else None,
        "validity": registry.validity(row, local_date(now())),
    }


@verifying.post(
    "",
    response={200: VerificationOut, 413: Problem, 422: Problem, 429: Problem},
    url_name="verify",
    summary="Is it genuine?",
)
def verify(
    request: HttpRequest, number: Form[str] = "", file: FileEx[UploadedFile | None, P()] = None
) -> dict[str, Any]:
    """By number (or identifier), or by the file itself: valid, expired, revoked, altered and unknown are told apart."""
    at = now()
    if file is not None:
        CHECKING_FILES.spend(request, at=at)
        return _told(issuing.verify_file(file.read(), at=at))
    if not number.strip():
        raise Refused(Reason("NOTHING_TO_VERIFY", NOTHING, "/number"))
    VERIFYING.check(request, at=at)
    found = issuing.verify_number(number[:200], at=at)
    if found.verdict == "unknown":
        VERIFYING.count(request, at=at)
    return _told(found)


def _told(found: Verification) -> dict[str, Any]:
    return {
        "verdict": found.verdict,
        "words": translate.label(found.words),
        "number": found.number,
        "name": translate.label(found.name) if found.name else None,
        "holder": found.holder_masked,
        "issuer": translate.label(found.issuer) if found.issuer else None,
    }
