"""/signings and /signatures (共同签署): ask others to sign a filing, see who is missing; sign what one is asked to, or say why not."""

from dataclasses import replace
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import HeaderEx, P, Router, Schema, Status
from pydantic import Field

from yichuang.cases import queries as cases
from yichuang.cases.commands.ask_others import ask_others, asked_others
from yichuang.cases.commands.at_once import decide_at_once
from yichuang.cases.commands.cosign import end_signing, refuse_to_sign, sign, sign_at_counter
from yichuang.cases.cosigning import HOW_WORDS, SIGNATURE_WORDS, SIGNING_WORDS, SignaturePage, Signed, SigningPage
from yichuang.core.clock import now
from yichuang.core.refusals import NotFound, Reason, Refused
from yichuang.core.words import W
from yichuang.people import commands as people
from yichuang.people.values import Proof
from yichuang.web.api import translate
from yichuang.web.api.filed import ToSignIn, filing_in
from yichuang.web.api.schemas import DoneOut, In, Label, Problem
from yichuang.webkit.actor import actor_of
from yichuang.webkit.params import client_address
from yichuang.webkit.signing import choices_of, papers_of, sections_of

signings = Router(tags=["signatures"])
signatures = Router(tags=["signatures"])
READ: dict[int, Any] = {401: Problem, 404: Problem}
REFUSALS: dict[int, Any] = {**READ, 403: Problem, 409: Problem, 410: Problem, 422: Problem, 423: Problem, 429: Problem}
THE_SIGNING = W("签署", "signature")
KEY_MISSING = W(
    "请在请求头 Idempotency-Key 中给出本次发起签署的唯一编号", "Give this asking its own key in Idempotency-Key"
)
State = Literal["open", "filed", "refused", "void", "expired", "ended", "stuck"]


class SignerOut(Schema):
    name: str
    number: str = Field(description="masked")
    roles: list[Label]
    signs: list[Label] = Field(description="what this one signs")
    state: Literal["asked", "signed", "refused"]
    words: Label
    at: datetime | None
    how: Label | None
    reason: str = Field(description="why they do not agree, in their own words")


class SigningOut(Schema):
    """A signing, for the one who asked."""

    draft: UUID
    item: str
    name: Label
    state: State
    words: Label
    asked_at: datetime
    expires_at: datetime
    signers: list[SignerOut]
    case_number: str = Field(description="once it is filed")
    why: list[Label] = Field(description="why it could not be filed, though all have signed")


class SigningsOut(Schema):
    items: list[SigningOut]


class SignatureOut(Schema):
    """What one person is asked to sign."""

    id: UUID
    item: str
    name: Label
    asked_by: str
    asked_at: datetime
    expires_at: datetime
    roles: list[Label]
    signs: list[Label]
    state: Literal["asked", "signed", "refused"]
    words: Label
    signing: State
    open: bool = Field(description="can still be signed or refused")


class SignaturesOut(Schema):
    items: list[SignatureOut]


class FilledLineOut(Schema):
    name: Label
    value: Label = Field(description="numbers of people are masked")


class SectionOut(Schema):
    name: Label
    lines: list[FilledLineOut]


class ContentOut(SignatureOut):
    """The whole filing, as it will be filed."""

    choices: list[FilledLineOut] = Field(description="the situation that was chosen")
    sections: list[SectionOut] = Field(description="empty for who had not signed when it was over")
    papers: list[Label]
    mark: str = Field(description="of what was read: to be sent with the signature")


class SignatureIn(In):
    mark: str = Field(max_length=64)
    agreed: bool = Field(description="read, and agreed to")
    password: str = Field("", max_length=200, description="proof that it is you who signs: this, or `code`")
    code: str = Field("", max_length=12, description="a code sent by POST /identity/code")


class RefuseToSignIn(In):
    reason: str = Field(max_length=500, description="read by the one who asked")


class FindSignaturesIn(In):
    id_no: str = Field(max_length=30, description="of the document in hand")


class CounterSignIn(FindSignaturesIn):
    mark: str = Field(max_length=64)


class SignedOut(Schema):
    signing: State = Field(description="filed: this was the last signature")
    words: Label


@signings.get("", response={200: SigningsOut, 401: Problem}, url_name="signings", summary="What I asked others to sign")
def list_mine(request: HttpRequest) -> dict[str, Any]:
    """The newest fifty that are not filed, the newest first."""
    return {"items": [_signing(row) for row in cases.list_signings(actor_of(request))]}


@signings.post(
    "",
    response={201: SigningOut, **REFUSALS},
    url_name="signings",
    summary="共同签署: ask all whom the form names to sign",
)
def ask(
    request: HttpRequest, body: ToSignIn, key: HeaderEx[str, P(alias="Idempotency-Key", max_length=200)] = ""
) -> Status[dict[str, Any]]:
    """Once per key. Who asks has signed by asking; the last signature files it. Nothing may change until then."""
    if not key.strip():
        raise Refused(Reason("KEY_MISSING", KEY_MISSING, "Idempotency-Key"))
    actor = actor_of(request)
    filing = filing_in(actor, body)
    if not asked_others(actor, key):
        filing = replace(filing, proof=_proof(request, body.password, body.code))
    draft, _ = ask_others(actor=actor, filing=filing, key=key, at=now())
    return Status(201, _of_draft(request, draft))


@signings.get(
    "/{draft}", response={200: SigningOut, **READ}, url_name="signing", summary="Who has signed, who is missing"
)
def one_of_mine(request: HttpRequest, draft: UUID) -> dict[str, Any]:
    """The newest signing of a draft of mine."""
    return _of_draft(request, draft)


@signings.post("/{draft}/end", response={200: SigningOut, **REFUSALS}, url_name="end_signing", summary="Take it back")
def end(request: HttpRequest, draft: UUID) -> dict[str, Any]:
    """The signatures are void, the draft stays. One that is over stays as it is."""
    actor = actor_of(request)
    end_signing(actor=actor, signing=_page(request, draft).id, at=now())
    return _of_draft(request, draft)


@signatures.get(
    "", response={200: SignaturesOut, 401: Problem}, url_name="signatures", summary="What I am asked to sign, or was"
)
def list_asked(request: HttpRequest) -> dict[str, Any]:
    """The newest fifty."""
    return {"items": [_signature(row) for row in cases.list_signatures(actor_of(request))]}


@signatures.post(
    "/find",
    response={200: SignaturesOut, **REFUSALS},
    url_name="find_signatures",
    summary="At a window: what waits for the signature of the person whose document is in hand",
)
def find(request: HttpRequest, body: FindSignaturesIn) -> dict[str, Any]:
    """Each is on record as a look at what the one who asked has filed."""
    rows = cases.signatures_for(actor_of(request), body.id_no)
    for row in rows:
        _looked(request, row)
    return {"items": [_signature(row) for row in rows]}


@signatures.get(
    "/{signature}", response={200: ContentOut, **READ}, url_name="signature", summary="The whole filing that is signed"
)
def read(request: HttpRequest, signature: UUID) -> dict[str, Any]:
    """For the signer, and for a clerk at whose window they are, while it runs."""
    page, at = cases.get_signature(actor_of(request), signature), now()
    if actor_of(request).is_staff:
        _looked(request, page)
    return {
        **_signature(page),
        "choices": [_line(name, value) for name, value in choices_of(page, at)],
        "sections": [
            {"name": translate.label(subject.label), "lines": [_line(line.label, line.value) for line in lines]}
            for subject, lines in sections_of(page, at)
        ],
        "papers": [translate.label(words) for words in papers_of(page, at)],
        "mark": page.mark if page.is_open else "",
    }


@signatures.post(
    "/{signature}/sign", response={200: SignedOut, **REFUSALS}, url_name="sign", summary="Sign what was read"
)
def sign_it(request: HttpRequest, signature: UUID, body: SignatureIn) -> dict[str, Any]:
    """With a fresh proof that it is oneself. The last signature files it, for the one who asked."""
    actor = actor_of(request)
    cases.get_signature(actor, signature)  # before a code is spent
    proof = _proof(request, body.password, body.code)
    done = sign(actor=actor, signature=signature, mark=body.mark, agreed=body.agreed, proof=proof, at=now())
    return _done(done)


@signatures.post("/{signature}/refuse", response={200: DoneOut, **REFUSALS}, url_name="refuse_to_sign", summary="不同意, and why")  # fmt: skip
def refuse(request: HttpRequest, signature: UUID, body: RefuseToSignIn) -> dict[str, Any]:
    """Nothing is filed then."""
    refuse_to_sign(actor=actor_of(request), signature=signature, reason=body.reason, at=now())
    return {}


@signatures.post(
    "/{signature}/sign-at-counter",
    response={200: SignedOut, **REFUSALS},
    url_name="sign_at_counter",
    summary="At a window: the signer is there, with the document in hand",
)
def sign_there(request: HttpRequest, signature: UUID, body: CounterSignIn) -> dict[str, Any]:
    """The signer is told where it was done."""
    done = sign_at_counter(
        actor=actor_of(request), signature=signature, number=body.id_no, mark=body.mark, at=now()
    )  # fmt: skip
    return _done(done)


def _proof(request: HttpRequest, password: str, code: str) -> Proof:
    return people.prove_identity(
        actor=actor_of(request), password=password, code=code, address=client_address(request), at=now()
    )


def _looked(request: HttpRequest, page: SignaturePage) -> None:
    people.record_look(
        actor=actor_of(request), party=page.owner, purpose="service", fields=("form",), case_number="", at=now()
    )


def _page(request: HttpRequest, draft: UUID) -> SigningPage:
    page = cases.find_signing(actor_of(request), draft)
    if page is None:
        raise NotFound(THE_SIGNING)
    return page


def _done(done: Signed) -> dict[str, Any]:
    if done.case is not None and done.judged:
        decide_at_once(case=done.case, at=now())
    return {"signing": done.state.value, "words": translate.label(SIGNING_WORDS[done.state])}


def _of_draft(request: HttpRequest, draft: UUID) -> dict[str, Any]:
    return _signing(_page(request, draft))


def _signing(page: SigningPage) -> dict[str, Any]:
    return {
        "draft": page.draft,
        "item": page.item_code,
        "name": translate.label(page.item),
        "state": page.state.value,
        "words": translate.label(SIGNING_WORDS[page.state]),
        "asked_at": page.asked_at,
        "expires_at": page.expires_at,
        "signers": [
            {
                "name": one.name,
                "number": one.number_masked,
                "roles": [translate.label(words) for words in one.roles],
                "signs": [translate.label(words) for words in one.signs],
                "state": one.state.value,
                "words": translate.label(SIGNATURE_WORDS[one.state]),
                "at": one.at,
                "how": translate.label(HOW_WORDS[one.how]) if one.how else None,
                "reason": one.reason,
            }
            for one in page.signers
        ],
        "case_number": page.number,
        "why": [translate.label(words) for words in page.why],
    }


def _signature(page: SignaturePage) -> dict[str, Any]:
    return {
        "id": page.id,
        "item": page.item_code,
        "name": translate.label(page.item),
        "asked_by": page.asked_by,
        "asked_at": page.asked_at,
        "expires_at": page.expires_at,
        "roles": [translate.label(words) for words in page.roles],
        "signs": [translate.label(words) for words in page.signs],
        "state": page.state.value,
        "words": translate.label(SIGNATURE_WORDS[page.state]),
        "signing": page.signing_state.value,
        "open": page.is_open,
    }


def _line(name: Any, value: Any) -> dict[str, Any]:
    return {"name": translate.label(name), "value": translate.label(value)}
