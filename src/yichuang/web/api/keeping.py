"""/administration of accounts and of the ledger: seats, closing and opening, new first passwords; is the ledger whole?"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema

from yichuang.core.clock import local_date, now
from yichuang.core.ledger import checks
from yichuang.core.upkeep import ask_ledger_check
from yichuang.people import commands
from yichuang.people import queries as people
from yichuang.people.permissions import can_renew_password
from yichuang.web.api.administration import MadeOut
from yichuang.web.api.schemas import DoneOut, In, Problem
from yichuang.web.api.second import ProposalOut, propose
from yichuang.webkit.actor import actor_of

router = Router(tags=["administration"])
REFUSALS: dict[int, Any] = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}


class SeatedIn(In):
    name: str = Field(max_length=60)
    place: UUID | None = None
    department: UUID | None = None
    window: str = Field("", max_length=8)


class PasswordIn(In):
    password: str = Field("", max_length=128, description="a first one, to be changed at the next sign-in")
    reason: str = Field(
        "", max_length=500, description="needed for one of the three administrators, whose second confirms"
    )


class CheckedLedgerOut(Schema):
    id: UUID
    asked_at: datetime
    began_at: datetime | None
    ended_at: datetime | None
    state: str = Field(description="waiting, running, whole, faulty or broken")
    leaves: int
    checkpoints: int = Field(description="notes kept outside the database that it was held against")
    found: int = Field(description="faults")


class LedgerOut(Schema):
    leaves: int
    waiting: int
    behind: bool
    checkpoint_size: int | None
    checkpoint_at: datetime | None
    newest_at: datetime | None
    checks: list[CheckedLedgerOut]


@router.post(
    "/staff/{staff}/seat",
    response={200: DoneOut, **REFUSALS},
    url_name="seat_staff",
    summary="Correct the name, or seat somebody elsewhere",
)
def seat(request: HttpRequest, staff: UUID, body: SeatedIn) -> dict[str, Any]:
    """The system administrator's; roles stay as they were granted."""
    commands.change_staff(actor=actor_of(request), staff=staff, at=now(), **body.dict())
    return {}


@router.post(
    "/staff/{staff}/close",
    response={200: DoneOut, **REFUSALS},
    url_name="close_staff",
    summary="Close an account, from this moment",
)
def close(request: HttpRequest, staff: UUID) -> dict[str, Any]:
    """The system administrator's, never the own."""
    actor = actor_of(request)
    commands.disable_account(actor=actor, account=people.staff_page(actor, staff).account, at=now())
    return {}


@router.post(
    "/staff/{staff}/reopen",
    response={200: DoneOut, **REFUSALS},
    url_name="reopen_staff",
    summary="Open a closed account again",
)
def reopen(request: HttpRequest, staff: UUID) -> dict[str, Any]:
    """Old sessions and tokens stay dead."""
    actor = actor_of(request)
    commands.enable_account(actor=actor, account=people.staff_page(actor, staff).account, at=now())
    return {}


@router.post(
    "/staff/{staff}/password",
    response={200: DoneOut, 202: ProposalOut, **REFUSALS},
    url_name="renew_staff_password",
    summary="A new first password for somebody who has lost theirs",
)
def password(request: HttpRequest, staff: UUID, body: PasswordIn) -> Any:
    """By the one of the three offices that the owner's own does not watch. Of one of the three: 202, and its second gives the
    password when confirming."""
    actor, at = actor_of(request), now()
    held = people.staff_page(actor, staff).offices(local_date(at))
    if held and can_renew_password(actor, held):
        return propose(request, commands.RENEW, {"staff": str(staff), "roles": sorted(held)}, body.reason)
    commands.renew_password(actor=actor, staff=staff, password=body.password, at=at)
    return {}


@router.get(
    "/ledger",
    response={200: LedgerOut, **REFUSALS},
    url_name="ledger",
    summary="How the ledger stands, and its verifications",
)
def ledger(request: HttpRequest) -> dict[str, Any]:
    """For system administrator and auditor. What a fault is about is read on the console or by `./run manage verify_ledger`."""
    actor, at = actor_of(request), now()
    state = checks.ledger_state(actor, at=at)
    told = ("leaves", "waiting", "behind", "checkpoint_size", "checkpoint_at", "newest_at")
    names = ("id", "asked_at", "began_at", "ended_at", "state", "leaves", "checkpoints", "found")
    return {
        **{name: getattr(state, name) for name in told},
        "checks": [{name: getattr(row, name) for name in names} for row in checks.list_checks(actor, at=at)],
    }


@router.post(
    "/ledger/check",
    response={200: MadeOut, **REFUSALS},
    url_name="check_ledger",
    summary="Verify the whole ledger, by a job",
)
def check(request: HttpRequest) -> dict[str, Any]:
    """While one waits or runs, that one is the answer."""
    return {"id": ask_ledger_check(actor=actor_of(request), at=now())}
