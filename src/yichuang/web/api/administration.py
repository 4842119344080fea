"""/administration: the console's acts for programs — staff and roles, closures of a place, publishing and withdrawing items.

Each address opens to its own administrators only (三员分立); for everybody else it is not there.
"""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, P, QueryEx, Router, Schema

from yichuang.catalog import commands as catalog_commands
from yichuang.catalog import queries as catalog
from yichuang.core.clock import SHANGHAI, now
from yichuang.core.refusals import NotFound
from yichuang.core.roles import THREE_ADMINISTRATORS
from yichuang.core.words import Words
from yichuang.network import commands as network_commands
from yichuang.network import queries as network
from yichuang.network.permissions import check_can_keep_place
from yichuang.network.values import Span
from yichuang.people import commands as people_commands
from yichuang.people import queries as people
from yichuang.people.values import StaffFilters
from yichuang.web.api.schemas import DoneOut, In, Problem
from yichuang.web.api.second import ProposalOut, propose
from yichuang.webkit.actor import actor_of

router = Router(tags=["administration"])
REFUSALS: dict[int, Any] = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}


class RoleOut(Schema):
    id: UUID
    role: str
    place: UUID | None = None
    department: UUID | None = None
    valid_from: date
    valid_to: date | None = None


class StaffOut(Schema):
    id: UUID
    staff_no: str
    username: str
    name: str
    place: UUID | None = None
    department: UUID | None = None
    window: str
    open: bool
    roles: list[RoleOut]
    posts: list[str]


class StaffListOut(Schema):
    items: list[StaffOut]
    next: str | None = None


class StaffIn(In):
    username: str = Field(max_length=30)
    name: str = Field(max_length=60)
    staff_no: str = Field(max_length=20)
    password: str = Field(max_length=128, description="a first one, to be changed at the first sign-in")
    phone: str = Field("", max_length=20)
    place: UUID | None = None
    department: UUID | None = None
    window: str = Field("", max_length=8)


class RoleIn(In):
    role: str = Field(max_length=30)
    place: UUID | None = Field(None, description="empty: everywhere")
    department: UUID | None = Field(None, description="empty: every department")
    valid_from: date | None = Field(None, description="empty: today")
    valid_to: date | None = Field(None, description="the last day; empty: until taken back")
    reason: str = Field("", max_length=500, description="needed for one of the three administrators")


class RevokeIn(In):
    reason: str = Field("", max_length=500, description="needed for one of the three administrators")


class SeatIn(In):
    post: str = Field(max_length=60, description="DEPT.post")


class MadeOut(Schema):
    id: UUID


class SpanIn(In):
    opens: str = Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    closes: str = Field(pattern=r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$", description="24:00 for midnight")


def span_of(given: SpanIn) -> Span:
    """As the network keeps it: a time of the hall's day."""
    closes = time.max if given.closes == "24:00" else time.fromisoformat(given.closes)
    return Span(time.fromisoformat(given.opens), closes)


class SpecialDayIn(In):
    day: date
    hours: list[SpanIn] = Field(default=[], max_length=6, description="none: closed all day")
    reason: str = Field(max_length=100)
    reason_en: str = Field(max_length=160)


class MomentIn(In):
    effective_at: datetime | None = Field(None, description="empty: at once; without a zone, the hall's time")


class PublishIn(MomentIn):
    reason: str = Field(max_length=500, description="why; a second editor reads it")


@router.get("/staff", response={200: StaffListOut, **REFUSALS}, url_name="staff", summary="Staff with roles and posts")
def list_staff(
    request: HttpRequest,
    q: QueryEx[str, P(max_length=40)] = "",
    limit: QueryEx[int, P(ge=1, le=100)] = 20,
    cursor: QueryEx[str | None, P(max_length=20)] = None,
) -> dict[str, Any]:
    """By staff number; for the three administrators."""
    page = people.list_staff(actor_of(request), filters=StaffFilters(text=q), cursor=cursor, limit=limit, at=now())
    return {
        "items": [
            {
                "id": row.id,
                "staff_no": row.staff_no,
                "username": row.username,
                "name": row.name,
                "place": row.place,
                "department": row.department,
                "window": row.window,
                "open": row.closed_at is None,
                "roles": [
                    {
                        "id": g.id,
                        "role": g.role,
                        "place": g.place,
                        "department": g.department,
                        "valid_from": g.valid_from,
                        "valid_to": g.valid_to,
                    }
                    for g in row.grants
                ],
                "posts": list(row.posts),
            }
            for row in page.items
        ],
        "next": page.next,
    }


@router.post("/staff/open", response={200: MadeOut, **REFUSALS}, url_name="open_staff", summary="Open a staff account")
def open_staff(request: HttpRequest, body: StaffIn) -> dict[str, Any]:
    """The system administrator's; it has no power until a role is granted."""
    made = people_commands.open_staff_account(actor=actor_of(request), at=now(), **body.dict())
    return {"id": made}


@router.post(
    "/staff/{staff}/roles",
    response={200: MadeOut, 202: ProposalOut, **REFUSALS},
    url_name="grant_role",
    summary="Grant a role to somebody",
)
def grant_role(request: HttpRequest, staff: UUID, body: RoleIn) -> Any:
    """The security administrator's, never to oneself. One of the three administrators: 202, a second one confirms."""
    told = body.dict()
    reason = told.pop("reason")
    if body.role in THREE_ADMINISTRATORS:
        args = {name: str(value) if value else "" for name, value in told.items()}
        return propose(request, people_commands.GRANT, {"staff": str(staff), **args}, reason)
    return {"id": people_commands.grant_role(actor=actor_of(request), staff=staff, at=now(), **told)}


@router.post(
    "/staff/{staff}/roles/{grant}/revoke",
    response={200: DoneOut, 202: ProposalOut, **REFUSALS},
    url_name="revoke_role",
    summary="Take a role back, from this moment",
)
def revoke_role(request: HttpRequest, staff: UUID, grant: UUID, body: RevokeIn | None = None) -> Any:
    """The security administrator's; their sessions end. Of one of the three administrators: 202, a second one confirms."""
    actor = actor_of(request)
    held = {row.id: row.role for row in people.list_grants(actor, staff)}
    if grant not in held:
        raise NotFound(Words("授权", "grant"))
    if held[grant] in THREE_ADMINISTRATORS:
        args = {"staff": str(staff), "grant": str(grant)}
        return propose(request, people_commands.REVOKE, args, body.reason if body else "")
    people_commands.revoke_role(actor=actor, grant=grant, at=now())
    return {}


@router.post(
    "/staff/{staff}/posts", response={200: DoneOut, **REFUSALS}, url_name="assign_post", summary="Give somebody a post"
)
def assign_post(request: HttpRequest, staff: UUID, body: SeatIn) -> dict[str, Any]:
    """The security administrator's, never to oneself."""
    people_commands.assign_post(actor=actor_of(request), staff=staff, post=body.post, at=now())
    return {}


@router.post(
    "/staff/{staff}/posts/end", response={200: DoneOut, **REFUSALS}, url_name="end_post", summary="They leave a post"
)
def end_post(request: HttpRequest, staff: UUID, body: SeatIn) -> dict[str, Any]:
    """From this moment; tasks that they hold go back when others take them."""
    people_commands.end_post(actor=actor_of(request), staff=staff, post=body.post, at=now())
    return {}


@router.post(
    "/places/{code}/special-days",
    response={200: DoneOut, **REFUSALS},
    url_name="special_day",
    summary="Close a place for a day, or keep other hours",
)
def special_day(request: HttpRequest, code: str, body: SpecialDayIn) -> dict[str, Any]:
    """The hall's manager or the system administrator; the same again changes nothing."""
    actor, place = actor_of(request), network.get_place(code)
    check_can_keep_place(actor, place.id)
    spans = tuple(span_of(span) for span in body.hours)
    reason = Words(body.reason, body.reason_en)
    network_commands.set_special_day(actor=actor, place=place.id, day=body.day, spans=spans, reason=reason, at=now())
    return {}


@router.post(
    "/items/{code}/publish",
    response={202: ProposalOut, **REFUSALS},
    url_name="publish_item",
    summary="Publish the pack that lies in the installation's folder",
)
def publish(request: HttpRequest, code: str, body: PublishIn) -> Any:
    """Asked by one item editor, confirmed by another, for whom it is refused with every fault of the pack."""
    trial = catalog_commands.try_pack(catalog.pack_folder(actor_of(request), code))
    start = _instant(body.effective_at)
    args = {
        "item": code,
        "digest": trial.pack.digest if trial.pack else "",
        "effective_at": start.isoformat() if start else "",
        **({"version": trial.pack.version} if trial.pack else {}),
    }
    return propose(request, catalog_commands.PUBLISH, args, body.reason)


@router.post(
    "/items/{code}/withdraw", response={200: DoneOut, **REFUSALS}, url_name="withdraw_item", summary="Withdraw an item"
)
def withdraw(request: HttpRequest, code: str, body: MomentIn) -> dict[str, Any]:
    """The item editor's; open cases go on under their version."""
    at = _instant(body.effective_at)
    catalog_commands.withdraw_pack(code=code, actor=actor_of(request), at=now(), effective_at=at)
    return {}


def _instant(given: datetime | None) -> datetime | None:
    return given.replace(tzinfo=SHANGHAI) if given is not None and given.tzinfo is None else given
