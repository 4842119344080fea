"""/administration/proposals: acts that need a second person (四眼): what waits, confirming, declining, taking back."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Path, Router, Schema, Status

from yichuang.core import second
from yichuang.core.clock import now
from yichuang.core.second import Args, ProposalRow
from yichuang.people import queries as people
from yichuang.web.api import translate
from yichuang.web.api.schemas import DoneOut, In, Label, Problem
from yichuang.webkit.actor import actor_of

router = Router(tags=["administration"])
REFUSALS: dict[int, Any] = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}


class ProposeReasonIn(In):
    reason: str = Field(max_length=500, description="why; a second holder of the power reads it")


class FactOut(Schema):
    label: Label
    value: Label


class ProposalOut(Schema):
    """Not done yet: a second holder of the same power confirms it within 24 hours."""

    id: UUID
    act: str
    words: Label
    about: Label = Field(description="what it is done to; empty where that cannot be told any more")
    reason: str
    state: str = Field(description="waiting, done, declined, withdrawn or expired")
    asked_at: datetime
    asked_by: str
    expires_at: datetime
    answered_at: datetime | None
    answered_by: str
    note: str


class ProposalsOut(Schema):
    items: list[ProposalOut]


class ProposalPageOut(ProposalOut):
    facts: list[FactOut] = Field(description="what would happen now; none when it is over")
    mark: str = Field(description="of these facts: to be sent back with the confirmation")
    others: int = Field(description="how many besides who asked might confirm it now; 0 means that nobody can")


class ConfirmIn(In):
    mark: str = Field(max_length=64)
    password: str = Field("", max_length=128, description="of a reset: the new first password")


class DeclineIn(In):
    note: str = Field(max_length=500)


def propose(request: HttpRequest, act: str, args: Args, reason: str) -> Any:
    """202: asked of a second person."""
    actor, at = actor_of(request), now()
    id = second.propose(actor=actor, act=act, args=args, reason=reason, at=at)
    return Status(202, out(second.get_proposal(actor, id, at=at)))


def out(row: ProposalRow) -> dict[str, Any]:
    names = ("id", "act", "reason", "state", "asked_at", "expires_at", "answered_at", "note")
    told = {name: getattr(row, name) for name in names}
    words = {"words": translate.label(row.words), "about": translate.label(row.about)}
    return {**told, **words, "asked_by": row.asked_name, "answered_by": row.answered_name}


@router.get(
    "/proposals",
    response={200: ProposalsOut, **REFUSALS},
    url_name="proposals",
    summary="待复核: what waits for a second person, and what became of others",
)
def proposals(request: HttpRequest) -> dict[str, Any]:
    """Of the acts that one may do oneself; the waiting ones first."""
    return {"items": [out(row) for row in second.list_proposals(actor_of(request), at=now())]}


@router.get(
    "/proposals/{proposal}",
    response={200: ProposalPageOut, **REFUSALS},
    url_name="proposal",
    summary="One of them, with what would happen now",
)
def proposal(request: HttpRequest, proposal: Path[UUID]) -> dict[str, Any]:
    actor, at = actor_of(request), now()
    row = second.get_proposal(actor, proposal, at=at)
    lines = second.preview(actor, row.act, row.args, at=at) if row.state == "waiting" else ()
    facts = [{"label": translate.label(line.label), "value": translate.label(line.value)} for line in lines]
    others = len(people.second_holders(row.act, row.args, but=row.asked_by, at=at)) if row.state == "waiting" else 0
    return {**out(row), "facts": facts, "mark": second.mark_of(lines), "others": others}


@router.post(
    "/proposals/{proposal}/confirm",
    response={200: ProposalOut, **REFUSALS},
    url_name="confirm_proposal",
    summary="Confirm it: it is done now, once, with the checks of the act itself",
)
def confirm(request: HttpRequest, proposal: Path[UUID], body: ConfirmIn) -> dict[str, Any]:
    """By another holder of the power than who asked."""
    actor, at = actor_of(request), now()
    second.confirm(actor=actor, proposal=proposal, mark=body.mark, late={"password": body.password}, at=at)
    return out(second.get_proposal(actor, proposal, at=at))


@router.post(
    "/proposals/{proposal}/decline",
    response={200: DoneOut, **REFUSALS},
    url_name="decline_proposal",
    summary="Decline it, with the reason",
)
def decline(request: HttpRequest, proposal: Path[UUID], body: DeclineIn) -> dict[str, Any]:
    second.decline(actor=actor_of(request), proposal=proposal, note=body.note, at=now())
    return {}


@router.post(
    "/proposals/{proposal}/withdraw",
    response={200: DoneOut, **REFUSALS},
    url_name="withdraw_proposal",
    summary="Take one's own proposal back",
)
def withdraw(request: HttpRequest, proposal: Path[UUID]) -> dict[str, Any]:
    second.withdraw(actor=actor_of(request), proposal=proposal, at=now())
    return {}
