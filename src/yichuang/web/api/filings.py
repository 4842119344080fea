"""/uploads and /cases: filing and following a case."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import File, HeaderEx, P, QueryEx, Router, Status
from ninja.files import UploadedFile

from yichuang.cases import queries as cases
from yichuang.cases.commands.at_once import became_of, decide_at_once
from yichuang.cases.commands.drafts import store_upload
from yichuang.cases.commands.file_case import file_and_judge, was_filed
from yichuang.cases.instant import Became
from yichuang.cases.pages import WorkFilters
from yichuang.cases.values import Receipt
from yichuang.catalog import queries as catalog
from yichuang.core.actors import Actor
from yichuang.core.clock import now
from yichuang.core.refusals import Reason, Refused
from yichuang.core.words import W
from yichuang.people import commands as people
from yichuang.people.values import Proof
from yichuang.web.api import translate
from yichuang.web.api.filed import BecameOut, CaseIn, ReceiptOut, filing_in
from yichuang.web.api.schemas import (
    CaseOut,
    CasesOut,
    ClockOut,
    DocumentOut,
    EntryOut,
    LetterOut,
    Problem,
    ProcessOut,
    UploadOut,
)
from yichuang.webkit import looks
from yichuang.webkit.actor import actor_of
from yichuang.webkit.forms import masked_form
from yichuang.webkit.params import client_address
from yichuang.webkit.uploads import sniff_and_clean

KEY_MISSING = W(
    "请在请求头 Idempotency-Key 中给出本次提交的唯一编号", "Give this filing its own key in the header Idempotency-Key"
)
SHOWN = ("form", "materials")
uploads = Router(tags=["uploads"])
router = Router(tags=["cases"])
papers = Router(tags=["documents"])


@uploads.post(
    "",
    response={201: UploadOut, 401: Problem, 403: Problem, 413: Problem, 422: Problem, 429: Problem, 503: Problem},
    url_name="uploads",
    summary="Hand in one file",
)
def post_upload(request: HttpRequest, file: File[UploadedFile]) -> Status[dict[str, Any]]:
    """The file is looked at by content, cleaned and sealed; it belongs to nobody's case until it is filed."""
    clean = sniff_and_clean(file.name or "", file)
    row = store_upload(
        actor=actor_of(request),
        name=clean.name,
        kind=clean.kind,
        content=clean.content,
        pages=clean.pages,
        sha256=clean.sha256,
        at=now(),
    )
    return Status(201, translate.upload(row))


@router.post(
    "",
    response={
        **{201: ReceiptOut, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 410: Problem, 422: Problem},
        **{423: Problem, 429: Problem},
    },
    url_name="cases",
    summary="File an application, once per Idempotency-Key",
)
def post_case(
    request: HttpRequest, body: CaseIn, key: HeaderEx[str, P(alias="Idempotency-Key", max_length=200)] = ""
) -> Status[ReceiptOut]:
    if not key.strip():
        raise Refused(Reason("KEY_MISSING", KEY_MISSING, "Idempotency-Key"))
    actor = actor_of(request)
    filing = replace(
        filing_in(actor, body),
        agent=body.agent,
        authority_seen=body.authority_seen,
        confirmed=body.confirmed,
        receiver=body.receiver,
        originals=frozenset(body.originals),
        proof=_proof(request, actor, body, key),
        proven=None if body.password or body.code else body.proof,
    )
    receipt, replayed = file_and_judge(actor=actor, filing=filing, key=key, at=now())
    became = _became(receipt, replayed)
    answer = ReceiptOut.model_construct(  # our own values: nothing to check in them
        number=receipt.number,
        query_code=receipt.query_code,
        state=(became or receipt).state.value,
        version=(became or receipt).version,
        received_at=receipt.received_at,
        receipt=receipt.receipt,
        replayed=replayed,
        at_once=BecameOut(**translate.became(became)) if became else None,
    )
    return Status(201, answer)


def _became(receipt: Receipt, replayed: bool) -> Became | None:
    """秒批, once: who sends a filing again is told what became of it, and asks no register anew."""
    if receipt.became is not None or not receipt.judged:
        return receipt.became
    return became_of(receipt.case_id) if replayed else decide_at_once(case=receipt.case_id, at=now())


def _proof(request: HttpRequest, actor: Actor, body: CaseIn, key: str) -> Proof | None:
    """实名确认, where it was sent; not spent twice on one filing."""
    if not (body.password or body.code) or was_filed(actor, key):
        return None
    return people.prove_identity(
        actor=actor, password=body.password, code=body.code, address=client_address(request), at=now()
    )


@router.get(
    "", response={200: CasesOut, 401: Problem, 422: Problem}, url_name="cases", summary="My cases, or my work list"
)
def list_cases(
    request: HttpRequest,
    state: QueryEx[str, P(max_length=20)] = "",
    limit: QueryEx[int, P(ge=1, le=100)] = 20,
    cursor: str | None = None,
) -> dict[str, Any]:
    """A person sees theirs, newest first; staff see the open ones of their places and departments, most urgent first."""
    actor = actor_of(request)
    if actor.is_staff:
        page = cases.list_work(actor, filters=WorkFilters(state=state), at=now(), cursor=cursor, limit=limit)
    else:
        page = cases.list_my_cases(actor, at=now(), cursor=cursor, limit=limit)
    return {"items": [translate.case_row(row) for row in page.items], "next": page.next}


@router.get("/{number}", response={200: CaseOut, 401: Problem, 404: Problem}, url_name="case", summary="One case")
def get_case(request: HttpRequest, number: str) -> dict[str, Any]:
    """Staff get personal values masked, and the applicant reads who looked. Who only collects the result sees no form."""
    actor, at = actor_of(request), now()
    page = cases.get_case_for(actor, number, at=at)
    if actor.acts_for(page.applicant, item=page.item_code):
        return translate.case(page, page.form, page.answers)
    if not actor.is_staff:
        return translate.case(page, {}, {})
    people.record_look(actor=actor, party=page.applicant, purpose="service", fields=SHOWN, case_number=number, at=at)
    pack = catalog.get_pack(page.item_code, version=page.item_version, at=at)
    schema = catalog.form_schema(pack, page.answers, page.form)
    return translate.case(page, masked_form(schema, page.form), page.answers)


@router.get(
    "/{number}/timeline",
    response={200: list[EntryOut], 404: Problem},
    url_name="timeline",
    summary="Every act on the case",
)
def get_timeline(request: HttpRequest, number: str) -> list[dict[str, Any]]:
    return [translate.entry(row) for row in cases.timeline(actor_of(request), number)]


@router.get(
    "/{number}/clock",
    response={200: ClockOut, 404: Problem},
    url_name="clock",
    summary="Every due day with its derivation",
)
def get_clock(request: HttpRequest, number: str) -> dict[str, Any]:
    page = cases.clock_of(actor_of(request), number, at=now())
    return {
        "number": page.number,
        "rule_version": page.rule_version,
        "deadlines": [translate.deadline(found) for found in page.deadlines],
    }


@router.get(
    "/{number}/process",
    response={200: ProcessOut, 404: Problem},
    url_name="process",
    summary="Each step of the case's process, with the departments that do it and where the case is now",
)
def get_process(request: HttpRequest, number: str) -> dict[str, Any]:
    """The same for the applicant and for staff; names of people stand on no step."""
    return translate.way(cases.way_of(actor_of(request), number, at=now()))


@router.get(
    "/{number}/promise",
    response={200: LetterOut, 401: Problem, 403: Problem, 404: Problem, 409: Problem},
    url_name="promise",
    summary="The letter of promise that is offered for signature",
)
def get_promise(request: HttpRequest, number: str) -> dict[str, Any]:
    actor, at = actor_of(request), now()
    letter = cases.promise_to_sign(actor, number, at=at)
    return translate.letter(letter, cases.get_case_for(actor, number, at=at))


@router.get(
    "/{number}/documents",
    response={200: list[DocumentOut], 404: Problem},
    url_name="documents",
    summary="The legal documents of the case",
)
def get_documents(request: HttpRequest, number: str) -> list[dict[str, Any]]:
    return [translate.document(row) for row in cases.documents(actor_of(request), number)]


@papers.get(
    "/{document}",
    url_name="document",
    summary="One legal document as sealed PDF",
    response={200: None, 404: Problem, 503: Problem},
)
def get_document(request: HttpRequest, document: UUID) -> HttpResponse:
    return looks.document(request, document)
