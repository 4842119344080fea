"""/certificates and /verify: what came of a case, and whether it is genuine."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import FileEx, Form, P, QueryEx, Router, Schema
from ninja.files import UploadedFile
from pydantic import Field

from yichuang.cases import queries as cases
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date, now
from yichuang.core.refusals import NotFound, Reason, Refused
from yichuang.core.words import W
from yichuang.issuing import queries as issuing
from yichuang.issuing.values import Verification
from yichuang.registry import queries as registry
from yichuang.registry.values import CertificateRow
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


class FollowOut(Schema):
    """What may follow a certificate by application: POST /cases with this item, `follow_up` (the kind) and `previous` (the case)."""

    kind: Literal["change", "renew", "replace"]
    words: Label
    item: str
    case_number: str
    why_not: list[Label] = Field(description="empty: it may be applied for now")


class HeldCertificateOut(CertificateOut):
    intended: bool = Field(description="an organ intends to end it: GET /certificates/{id}/proceedings")
    follow_ups: list[FollowOut]


class HeldOut(Schema):
    items: list[HeldCertificateOut]
    next: str | None = None


class VerificationOut(Schema):
    verdict: Literal["valid", "expired", "revoked", "altered", "unknown"]
    words: Label
    number: str
    name: Label | None
    holder: str = ""
    issuer: Label | None


def certificate(row: CertificateRow, today: date) -> dict[str, Any]:
    """As its holder sees it."""
    return {
        "id": row.id,
        "identifier": row.identifier,
        "number": row.number,
        "name": translate.label(row.name),
        "holder": row.holder_masked,
        "issuer": translate.label(row.issuer_name),
        "valid_from": row.valid_from.isoformat(),
        "valid_to": row.valid_to.isoformat() if row.valid_to else None,
        "validity": registry.validity(row, today),
    }


@router.get("", response={200: HeldOut, 401: Problem, 422: Problem}, url_name="certificates", summary="我的证照")
def list_certificates(
    request: HttpRequest, limit: QueryEx[int, P(ge=1, le=100)] = 20, cursor: QueryEx[UUID | None, P()] = None
) -> dict[str, Any]:
    """Mine and those of whom I stand for in everything, the newest first, with what may follow each now. Staff have none."""
    actor, at = actor_of(request), now()
    parties = {actor.id, *actor.represents} if actor.kind == "person" and actor.id else set()
    page = registry.list_held(parties, cursor=str(cursor) if cursor else None, limit=limit)
    intended = cases.proceedings_of_holder(actor, [row.id for row in page.items])
    return {"items": [_held(actor, row, row.id in intended, at) for row in page.items], "next": page.next}


def _held(actor: Actor, row: CertificateRow, intended: bool, at: datetime) -> dict[str, Any]:
    told = certificate(row, local_date(at))
    follow = cases.follow_ups_of(actor, row, at=at) if told["validity"] == "valid" else ()
    return {
        **told,
        "intended": intended,
        "follow_ups": [
            {
                "kind": one.kind,
                "words": translate.label(one.words),
                "item": one.item_code,
                "case_number": one.case_number,
                "why_not": [translate.label(words) for words in one.why_not],
            }
            for one in follow
        ],
    }


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
    return certificate(row, local_date(now()))


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
