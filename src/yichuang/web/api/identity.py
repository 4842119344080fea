"""/identity: proving again who one is, before something is signed."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from yichuang.core.clock import now
from yichuang.people.commands import send_proof_code
from yichuang.web.api.schemas import CodeOut, Problem
from yichuang.webkit.actor import actor_of
from yichuang.webkit.params import client_address

router = Router(tags=["identity"])


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
