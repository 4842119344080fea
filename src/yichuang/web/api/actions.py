"""/cases/{number}/actions/…: every act on a case, each with the case version that the caller looked at."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from django.conf import settings
from django.http import HttpRequest
from ninja import Path, Router, Schema
from pydantic import Field

from yichuang.cases import queries as cases
from yichuang.cases.commands.accept import MaterialFinding, accept_case, accept_with_gaps
from yichuang.cases.commands.decide import decide_case
from yichuang.cases.commands.end import terminate_case, withdraw_case
from yichuang.cases.commands.extend import ask_extension, decline_extension, extend_case
from yichuang.cases.commands.notify_gaps import notify_gaps
from yichuang.cases.commands.precheck import precheck_case
from yichuang.cases.commands.promise import decline_promise, offer_promise, sign_promise
from yichuang.cases.commands.refuse import refuse_case
from yichuang.cases.commands.special import resume_case, suspend_case
from yichuang.cases.commands.supplement import make_supply_link, supplement_case
from yichuang.cases.values import RefusalKind
from yichuang.core.clock import now
from yichuang.core.refusals import refuse_all
from yichuang.issuing.commands import exchange_paper, hand_over, make_pickup_code
from yichuang.people.commands import prove_identity
from yichuang.web.api import translate
from yichuang.web.api.acting import acted
from yichuang.web.api.schemas import (
    AskExtensionIn,
    DecideIn,
    DeliverIn,
    FindingIn,
    FindingsIn,
    GapsIn,
    HeadOut,
    In,
    Label,
    LinkIn,
    LinkOut,
    NotifyIn,
    Problem,
    ReasonIn,
    RefuseIn,
    SignIn,
    SupplementIn,
    SuspendIn,
    VersionIn,
)
from yichuang.webkit.actor import actor_of
from yichuang.webkit.acts import given
from yichuang.webkit.params import client_address

router = Router(tags=["actions"])
ANSWERS: dict[int, Any] = {200: HeadOut, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}


def _findings(found: Mapping[str, FindingIn]) -> dict[str, MaterialFinding]:
    return {code: MaterialFinding(f.state, f.fault, f.seen_original) for code, f in found.items()}


@router.post("/precheck", response=ANSWERS, url_name="precheck", summary="网上预审: say how an online filing stands")
def precheck(request: HttpRequest, number: Path[str], body: FindingsIn) -> dict[str, Any]:
    findings = _findings(body.findings)
    return acted(precheck_case, request, number, body, findings=findings)


@router.post("/accept", response=ANSWERS, url_name="accept", summary="受理: accept a complete filing")
def accept(request: HttpRequest, number: Path[str], body: FindingsIn) -> dict[str, Any]:
    findings = _findings(body.findings)
    return acted(accept_case, request, number, body, findings=findings)


@router.post(
    "/accept-with-gaps", response=ANSWERS, url_name="accept_with_gaps", summary="容缺受理: accept on a promise"
)
def accept_gaps(request: HttpRequest, number: Path[str], body: GapsIn) -> dict[str, Any]:
    return acted(accept_with_gaps, request, number, body, findings=_findings(body.findings))


@router.post("/offer-promise", response=ANSWERS, url_name="offer_promise", summary="容缺: ask for a signature online")
def offer(request: HttpRequest, number: Path[str], body: FindingsIn) -> dict[str, Any]:
    """The applicant may sign the letter of promise before the last day of the answer; no clock stands still."""
    findings = _findings(body.findings)
    return acted(offer_promise, request, number, body, findings=findings)


@router.post(
    "/sign-promise",
    response={**ANSWERS, 423: Problem, 429: Problem},
    url_name="sign_promise",
    summary="容缺: the applicant signs, which accepts the case",
)
def sign(request: HttpRequest, number: Path[str], body: SignIn) -> dict[str, Any]:
    of = given(request, number, body.version)
    actor, at = of["actor"], of["at"]
    # first what needs no proof, so that no code is spent in vain
    refuse_all(cases.why_unsigned(actor, number, letter=body.letter, agreed=body.agreed, at=at))
    proof = prove_identity(actor=actor, password=body.password, code=body.code, address=client_address(request), at=at)
    return translate.head(sign_promise(**of, letter=body.letter, agreed=body.agreed, proof=proof))


@router.post(
    "/decline-promise",
    response=ANSWERS,
    url_name="decline_promise",
    summary="容缺: not signed; everything is told at once",
)
def decline(request: HttpRequest, number: Path[str], body: VersionIn) -> dict[str, Any]:
    return acted(decline_promise, request, number, body)


@router.post(
    "/notify-gaps", response=ANSWERS, url_name="notify_gaps", summary="一次性告知: tell everything that is missing"
)
def notify(request: HttpRequest, number: Path[str], body: NotifyIn) -> dict[str, Any]:
    return acted(notify_gaps, request, number, body, findings=_findings(body.findings))


@router.post("/refuse", response=ANSWERS, url_name="refuse", summary="不予受理, with reason and remedies")
def refuse(request: HttpRequest, number: Path[str], body: RefuseIn) -> dict[str, Any]:
    return acted(refuse_case, request, number, body, kind=RefusalKind(body.kind))


@router.post("/supplement", response=ANSWERS, url_name="supplement", summary="补交材料: hand in papers")
def supplement(request: HttpRequest, number: Path[str], body: SupplementIn) -> dict[str, Any]:
    return acted(supplement_case, request, number, body, originals=frozenset(body.originals))


@router.post("/withdraw", response=ANSWERS, url_name="withdraw", summary="撤回申请")
def withdraw(request: HttpRequest, number: Path[str], body: ReasonIn) -> dict[str, Any]:
    return acted(withdraw_case, request, number, body)


@router.post("/terminate", response=ANSWERS, url_name="terminate", summary="终止办理")
def terminate(request: HttpRequest, number: Path[str], body: ReasonIn) -> dict[str, Any]:
    return acted(terminate_case, request, number, body)


@router.post("/suspend", response=ANSWERS, url_name="suspend", summary="特别程序: stop the clock on a lawful ground")
def suspend(request: HttpRequest, number: Path[str], body: SuspendIn) -> dict[str, Any]:
    return acted(suspend_case, request, number, body)


@router.post("/resume", response=ANSWERS, url_name="resume", summary="特别程序结束: the clock runs on")
def resume(request: HttpRequest, number: Path[str], body: VersionIn) -> dict[str, Any]:
    return acted(resume_case, request, number, body)


@router.post("/ask-extension", response=ANSWERS, url_name="ask_extension", summary="延期: ask for it, with the reason")
def ask_for_days(request: HttpRequest, number: Path[str], body: AskExtensionIn) -> dict[str, Any]:
    return acted(ask_extension, request, number, body)


@router.post("/extend", response=ANSWERS, url_name="extend", summary="延期: approve what another asked for, once")
def extend(request: HttpRequest, number: Path[str], body: VersionIn) -> dict[str, Any]:
    return acted(extend_case, request, number, body)


@router.post("/decline-extension", response=ANSWERS, url_name="decline_extension", summary="延期: do not approve it")
def decline_days(request: HttpRequest, number: Path[str], body: ReasonIn) -> dict[str, Any]:
    return acted(decline_extension, request, number, body)


@router.post("/decide", response=ANSWERS, url_name="decide", summary="决定: grant or deny")
def decide(request: HttpRequest, number: Path[str], body: DecideIn) -> dict[str, Any]:
    return acted(decide_case, request, number, body)


@router.post(
    "/deliver", response={**ANSWERS, 423: Problem}, url_name="deliver", summary="出件: hand over against identity"
)
def deliver(request: HttpRequest, number: Path[str], body: DeliverIn) -> dict[str, Any]:
    return acted(hand_over, request, number, body)


class ExchangeIn(In):
    version: int = Field(description="of the certificate that is given")
    identity: str = Field(description="the receiver's identity number, or the pick-up code", max_length=40)
    receiver_name: str = Field(max_length=100)
    old_paper: Literal["returned", "lost", "destroyed", "kept"]
    reason: str = Field(default="", description="why the old paper was not taken back", max_length=500)


class ExchangedOut(Schema):
    case: str
    certificate: str
    version: int
    at: datetime
    old_paper: Label


@router.post(
    "/exchange",
    response={**ANSWERS, 200: ExchangedOut, 423: Problem},
    url_name="exchange",
    summary="换领: give a corrected certificate against identity, and say what became of the old paper",
)
def exchange(request: HttpRequest, number: Path[str], body: ExchangeIn) -> dict[str, Any]:
    done = exchange_paper(
        **given(request, number, body.version),
        identity=body.identity,
        receiver_name=body.receiver_name,
        old_paper=body.old_paper,
        reason=body.reason,
    )
    assert done.old_paper is not None  # an exchange that was made says so
    return {
        "case": done.case_number,
        "certificate": done.number,
        "version": done.version,
        "at": done.at,
        "old_paper": translate.label(done.old_paper),
    }


@router.post(
    "/supply-link",
    response={200: LinkOut, 401: Problem, 404: Problem, 422: Problem},
    url_name="supply_link",
    summary="A code with which missing papers can be sent from a phone, without an account",
)
def supply_link(request: HttpRequest, number: Path[str], body: LinkIn) -> dict[str, Any]:
    code = make_supply_link(actor=actor_of(request), number=number, materials=body.materials, at=now())
    return {"code": code, "url": f"{settings.YICHUANG_BASE_URL}/s/{code}"}


class PickupOut(Schema):
    code: str = Field(description="eight digits, shown at the desk with the name")
    expires_at: datetime


@router.post(
    "/pickup-code",
    response={200: PickupOut, 401: Problem, 404: Problem, 409: Problem},
    url_name="pickup_code",
    summary="取件码: with which the result is handed out, together with the name",
)
def pickup_code(request: HttpRequest, number: Path[str]) -> dict[str, Any]:
    """For the receiver; the same code until it is used, locked or out of date."""
    made = make_pickup_code(actor=actor_of(request), number=number, at=now())
    return {"code": made.code, "expires_at": made.expires_at}
