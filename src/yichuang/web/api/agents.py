"""/agents: 我的代理人, who acts for me and for whom I act; giving an authority, and ending one."""

from datetime import date
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from yichuang.core.clock import local_date, now
from yichuang.core.refusals import NotFound, Reason, refuse_all
from yichuang.core.words import W
from yichuang.people import commands as people
from yichuang.people import queries
from yichuang.people.ports import is_item
from yichuang.people.values import RESIDENT_ID, RepresentationRow, check_number
from yichuang.web.api import translate
from yichuang.web.api.administration import MadeOut
from yichuang.web.api.schemas import DoneOut, In, Label, Problem
from yichuang.webkit.actor import actor_of
from yichuang.webkit.agents import UNKNOWN_AGENT, authority_of, find_agent, principals_of
from yichuang.webkit.params import client_address

router = Router(tags=["agents"])
REFUSALS: dict[int, Any] = {401: Problem, 404: Problem, 409: Problem, 422: Problem, 423: Problem, 429: Problem}
NO_ITEM = W("没有这个事项", "There is no such item")


class AuthorityOut(Schema):
    id: UUID
    kind: Literal["agent", "legal_representative", "guardian"]
    words: Label
    agent: UUID
    agent_name: str = Field(description="masked")
    principal: UUID
    principal_name: str = Field(description="masked")
    items: list[str] = Field(description="codes; empty: everything")
    valid_from: date
    valid_to: date | None


class PrincipalOut(Schema):
    id: UUID
    name: str
    kind: Literal["person", "company"]
    agents: list[AuthorityOut]


class AgentsOut(Schema):
    mine: list[PrincipalOut] = Field(description="me and those I decide for, each with who may act for them")
    theirs: list[AuthorityOut] = Field(description="for whom I may act")


class AgencyIn(In):
    principal: UUID | None = Field(None, description="for whom; oneself when it is left out")
    name: str = Field(max_length=60, description="of the agent, as registered")
    id_type: str = Field(RESIDENT_ID, max_length=8)
    id_no: str = Field(max_length=40)
    items: list[str] = Field([], max_length=200, description="codes of items; empty: everything")
    valid_to: date = Field(description="the last day")
    password: str = Field("", max_length=200, description="proof that it is the person who authorises: this, or `code`")
    code: str = Field("", max_length=12, description="a code sent by POST /identity/code")


def authority(row: RepresentationRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "words": translate.label(row.words),
        "agent": row.agent,
        "agent_name": row.agent_name_masked,
        "principal": row.principal,
        "principal_name": row.principal_name_masked,
        "items": list(row.items),
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
    }


@router.get("", response={200: AgentsOut, 401: Problem}, url_name="agents", summary="我的代理人: both sides")
def list_agents(request: HttpRequest) -> dict[str, Any]:
    """Staff have none here."""
    actor, at = actor_of(request), now()
    mine = [
        {
            "id": who.id,
            "name": who.name,
            "kind": who.kind,
            "agents": [authority(row) for row in queries.representatives(who.id, at=at)],
        }
        for who in principals_of(actor, at=at)
    ]
    theirs = queries.represented(actor.id, at=at) if actor.kind == "person" and actor.id else ()
    return {"mine": mine, "theirs": [authority(row) for row in theirs]}


@router.post(
    "",
    response={200: MadeOut, **REFUSALS},
    url_name="give_authority",
    summary="授权: let somebody act for me, a ward, or a company whose legal representative I am",
)
def give(request: HttpRequest, body: AgencyIn) -> dict[str, Any]:
    """Both are told. The same authority again gives the same id."""
    actor, at = actor_of(request), now()
    principal = body.principal or actor.id
    if principal not in {who.id for who in principals_of(actor, at=at)} or principal is None:
        raise NotFound(W("委托人", "principal"))
    wrong = check_number(body.id_type, body.id_no, on=local_date(at))
    reasons = [Reason(one.code, one.words, "/id_no", one.basis) for one in wrong]
    reasons += [
        Reason("ITEM_UNKNOWN", NO_ITEM, f"/items/{n}") for n, code in enumerate(body.items) if not is_item(code)
    ]
    known = None
    if not wrong:
        known = find_agent(request, name=body.name, id_type=body.id_type, id_no=body.id_no, at=at)
        reasons += [] if known else [UNKNOWN_AGENT]
    agent = known.id if known else None
    refuse_all(
        [
            *reasons,
            *people.check_agency(actor=actor, principal=principal, agent=agent, valid_to=body.valid_to, at=at),
        ]
    )
    assert agent is not None, "who is not found is refused"
    people.prove_identity(actor=actor, password=body.password, code=body.code, address=client_address(request), at=at)
    made = people.grant_agency(
        actor=actor, principal=principal, agent=agent, items=body.items, valid_to=body.valid_to, at=at
    )
    return {"id": made}


@router.post(
    "/{id}/end",
    response={200: DoneOut, **REFUSALS},
    url_name="end_authority",
    summary="解除授权: by either side, at once",
)
def end(request: HttpRequest, id: UUID) -> dict[str, Any]:
    """By who gave it, or by the agent (辞去委托)."""
    actor, at = actor_of(request), now()
    authority_of(actor, id, at=at)
    people.revoke_agency(actor=actor, representation=id, at=at)
    return {}
