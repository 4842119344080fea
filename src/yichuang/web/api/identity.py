"""/identity: proving again who one is, before something is signed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from yichuang.core.clock import now
from yichuang.people.commands import keep_proof, prove_identity, send_proof_code
from yichuang.people.values import PROOF_LIFE
from yichuang.web.api.schemas import CodeOut, In, Problem
from yichuang.webkit.actor import actor_of
from yichuang.webkit.params import client_address

router = Router(tags=["identity"])


class ProofIn(In):
    password: str = Field("", max_length=200)
    code: str = Field("", max_length=12, description="a code sent by POST /identity/code")


class ProofOut(Schema):
    proof: UUID
    expires_at: datetime


@router.post(
    "/code",
    response={200: CodeOut, 401: Problem, 404: Problem, 422: Problem, 429: Problem},
    url_name="identity_code",
    summary="Send a code to the phone of the account: proof that it is the person who signs",
)
def post_code(request: HttpRequest) -> dict[str, Any]:
    actor = actor_of(request)
    sent = send_proof_code(actor=actor, address=client_address(request), locale=actor.locale, at=now())
    return {"expires_at": sent.expires_at, "wait_seconds": sent.wait_seconds}


@router.post(
    "/proof",
    response={201: ProofOut, 401: Problem, 404: Problem, 422: Problem, 423: Problem, 429: Problem},
    url_name="identity_proof",
    summary="Prove that it is you, for one filing within five minutes (`proof` of POST /cases)",
)
def post_proof(request: HttpRequest, body: ProofIn) -> Status[dict[str, Any]]:
    """Nobody but you can use it, and only once; a filing that is refused has used none."""
    actor = actor_of(request)
    proof = prove_identity(
        actor=actor, password=body.password, code=body.code, address=client_address(request), at=now()
    )
    return Status(201, {"proof": keep_proof(proof=proof), "expires_at": proof.at + PROOF_LIFE})
