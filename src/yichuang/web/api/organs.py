"""/administration of the network: departments, posts, who answers for items, windows, working days, authorisations.

Each address opens to its own administrators only (三员分立); for everybody else it is not there.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, P, Path, QueryEx, Router, Schema

from yichuang.catalog import queries as catalog
from yichuang.catalog.commands import CLOSE
from yichuang.core.clock import local_date, now
from yichuang.core.refusals import NotFound
from yichuang.core.words import Words
from yichuang.network import commands
from yichuang.network import queries as network
from yichuang.network.permissions import check_can_keep_place, check_speaks_for_a_department
from yichuang.network.values import AssignmentRule, DepartmentData, DepartmentKind, DepartmentRow, PostAct, WindowKind
from yichuang.people import queries as people
from yichuang.web.api import translate
from yichuang.web.api.schemas import DoneOut, In, Label, Problem
from yichuang.web.api.second import ProposalOut, ProposeReasonIn, propose
from yichuang.webkit.actor import actor_of

router = Router(tags=["administration"])
REFUSALS: dict[int, Any] = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}


class BothIn(In):
    """The same in both languages."""

    zh: str = Field(max_length=100)
    en: str = Field(max_length=160)


class ShortIn(In):
    """A short name in both languages."""

    zh: str = Field(max_length=60)
    en: str = Field(max_length=100)


class AddressIn(In):
    zh: str = Field(max_length=200)
    en: str = Field("", max_length=300)


class DepartmentIn(In):
    uscc: str = Field(max_length=18)
    kind: Literal["statutory", "authorised", "entrusted", "utility", "bank"]
    name: BothIn
    organ_seal: str = Field(max_length=100)
    review_organ: BothIn
    court: BothIn
    phone: str = Field(max_length=40)
    complaint_phone: str = Field(max_length=40, description="never the same as `phone`")
    address: AddressIn | None = None


class DepartmentOut(Schema):
    code: str
    id: UUID
    uscc: str
    kind: str
    name: Label
    phone: str
    complaint_phone: str
    closed: bool


class DepartmentsOut(Schema):
    items: list[DepartmentOut]


class PostIn(In):
    name: ShortIn
    act: Literal["receive", "review", "decide", "issue"]


class HolderOut(Schema):
    id: UUID
    name: str
    open: bool


class PostOut(Schema):
    code: str
    name: Label
    act: str
    holders: list[HolderOut]


class PostsOut(Schema):
    items: list[PostOut]


class AssignmentIn(In):
    department: str = Field(max_length=20)
    rule: Literal["district", "street", "place"]
    place: str | None = Field(None, max_length=40, description="a place's code, exactly with the rule `place`")


class AssignmentOut(Schema):
    item: str
    department: str
    rule: str
    place: UUID | None = None


class AssignmentsOut(Schema):
    items: list[AssignmentOut]


class WindowIn(In):
    kind: Literal["integrated", "special", "issuing", "consult", "green", "coordination"]
    name: ShortIn
    departments: list[str] = Field(default=[], max_length=50, description="only of a special window")
    items: list[str] = Field(default=[], max_length=200)
    active: bool = True


class WindowOut(Schema):
    number: str
    kind: str
    name: Label
    departments: list[str]
    items: list[str]
    active: bool


class WindowsOut(Schema):
    items: list[WindowOut]


class ClearDayIn(In):
    day: date


class CalendarDayIn(In):
    day: date
    working: bool | None = Field(None, description="empty: an ordinary day again")
    name: str = Field("", max_length=40)
    name_en: str = Field("", max_length=80)


class ConfirmYearIn(In):
    source: str = Field(max_length=200, description="the notice of the State Council by which it is confirmed")


class CalendarDayOut(Schema):
    day: date
    working: bool
    name: Label


class YearOut(Schema):
    year: int
    confirmed: bool
    source: str
    days: list[CalendarDayOut]


class AuthorisationIn(In):
    department: UUID
    place: UUID
    items: list[str] = Field(default=[], max_length=100, description="empty: all its items")
    valid_from: date
    valid_to: date | None = None
    seal_name: str = Field(max_length=120)
    number: str = Field("", max_length=60)


class AuthorisationEndIn(In):
    last_day: date


class AuthorisationOut(Schema):
    id: UUID
    department: UUID
    place: UUID
    item: str
    valid_from: date
    valid_to: date | None = None
    seal_name: str
    number: str


class AuthorisationsOut(Schema):
    items: list[AuthorisationOut]


class GrantedOut(Schema):
    ids: list[UUID]


def _both(given: BothIn | ShortIn | AddressIn | None) -> Words:
    return Words(given.zh, given.en) if given else Words("", "")


def _department(row: DepartmentRow) -> dict[str, Any]:
    return {
        "code": row.code,
        "id": row.id,
        "uscc": row.uscc,
        "kind": row.kind.value,
        "name": translate.label(row.name),
        "phone": row.phone,
        "complaint_phone": row.complaint_phone,
        "closed": row.closed,
    }


@router.get(
    "/departments", response={200: DepartmentsOut, **REFUSALS}, url_name="departments", summary="Departments, by code"
)
def departments(request: HttpRequest) -> dict[str, Any]:
    """Closed ones too."""
    return {"items": [_department(row) for row in network.list_departments()]}


@router.post(
    "/departments/{code}",
    response={200: DepartmentOut, **REFUSALS},
    url_name="save_department",
    summary="Open a department, or change it",
)
def save_department(request: HttpRequest, code: Path[str], body: DepartmentIn) -> dict[str, Any]:
    """The one with this code becomes what is given; the same again changes nothing."""
    demo = any(row.demo for row in network.list_departments() if row.code == code)
    data = DepartmentData(
        code=code,
        uscc=body.uscc,
        kind=DepartmentKind(body.kind),
        name=_both(body.name),
        organ_seal=body.organ_seal,
        review_organ=_both(body.review_organ),
        court=_both(body.court),
        phone=body.phone,
        complaint_phone=body.complaint_phone,
        address=_both(body.address),
        demo=demo,
    )
    commands.save_department(actor=actor_of(request), department=data, at=now())
    return _department(network.get_department(code))


@router.post(
    "/departments/{code}/close",
    response={202: ProposalOut, **REFUSALS},
    url_name="close_department",
    summary="撤销部门: ask that it takes on nothing new; a second administrator confirms",
)
def close(request: HttpRequest, code: Path[str], body: ProposeReasonIn) -> Any:
    """At the confirmation refused while items are published or assigned in its name, or authorisations in force."""
    return propose(request, CLOSE, {"code": code}, body.reason)


@router.post(
    "/departments/{code}/reopen",
    response={200: DoneOut, **REFUSALS},
    url_name="reopen_department",
    summary="It may take on items again",
)
def reopen(request: HttpRequest, code: Path[str]) -> dict[str, Any]:
    commands.reopen_department(actor=actor_of(request), code=code, at=now())
    return {}


@router.get("/posts", response={200: PostsOut, **REFUSALS}, url_name="posts", summary="岗位: posts with who sits there")
def posts(request: HttpRequest, department: QueryEx[str | None, P(max_length=20)] = None) -> dict[str, Any]:
    """Of a department by code, "WINDOW" those of the windows; for the three administrators."""
    holders = people.post_holders(actor_of(request), at=now())
    return {
        "items": [
            {
                "code": post.code,
                "name": translate.label(post.name),
                "act": post.act.value,
                "holders": [{"id": h.id, "name": h.name, "open": h.open} for h in holders.get(post.code, ())],
            }
            for post in network.list_posts(department)
        ]
    }


@router.post(
    "/posts/{post}", response={200: DoneOut, **REFUSALS}, url_name="save_post", summary="Make a post, or rename it"
)
def save_post(request: HttpRequest, post: Path[str], body: PostIn) -> dict[str, Any]:
    """`post` is "DEPT.post"; the system administrator's."""
    commands.save_post(actor=actor_of(request), code=post, name=_both(body.name), act=PostAct(body.act), at=now())
    return {}


@router.get(
    "/assignments",
    response={200: AssignmentsOut, **REFUSALS},
    url_name="assignments",
    summary="事项归口: who answers for which item, and where",
)
def assignments(request: HttpRequest, department: QueryEx[str, P(max_length=20)] = "") -> dict[str, Any]:
    """An item that is not there is answered for by its pack's department in the district hall."""
    rows = network.list_assignments(department=department)
    return {
        "items": [
            {"item": r.item_code, "department": r.department, "rule": r.rule.value, "place": r.place} for r in rows
        ]
    }


@router.post(
    "/assignments/{item}",
    response={200: DoneOut, **REFUSALS},
    url_name="assign_item",
    summary="Say who answers for an item, and where",
)
def assign_item(request: HttpRequest, item: Path[str], body: AssignmentIn) -> dict[str, Any]:
    """A published item; the system administrator's."""
    if not catalog.list_versions(item):
        raise NotFound(Words("事项", "item"))
    commands.assign_item(
        actor=actor_of(request),
        item_code=item,
        department=body.department,
        rule=AssignmentRule(body.rule),
        place=body.place,
        at=now(),
    )
    return {}


@router.get(
    "/places/{code}/windows", response={200: WindowsOut, **REFUSALS}, url_name="windows", summary="Windows of a place"
)
def windows(request: HttpRequest, code: Path[str]) -> dict[str, Any]:
    place = network.get_place(code)
    check_can_keep_place(actor_of(request), place.id)
    return {
        "items": [
            {
                "number": row.number,
                "kind": row.kind.value,
                "name": translate.label(row.name),
                "departments": list(row.departments),
                "items": list(row.items),
                "active": row.active,
            }
            for row in network.list_windows(place.id)
        ]
    }


@router.post(
    "/places/{code}/windows/{window}",
    response={200: DoneOut, **REFUSALS},
    url_name="save_window",
    summary="Open a window, or change it",
)
def save_window(request: HttpRequest, code: Path[str], window: Path[str], body: WindowIn) -> dict[str, Any]:
    """The hall's manager or the system administrator; `window` is its number."""
    actor, place = actor_of(request), network.get_place(code)
    check_can_keep_place(actor, place.id)
    commands.save_window(
        actor=actor,
        place=place.id,
        number=window,
        kind=WindowKind(body.kind),
        name=_both(body.name),
        departments=body.departments,
        items=body.items,
        active=body.active,
        at=now(),
    )
    return {}


@router.post(
    "/places/{code}/clear-day",
    response={200: DoneOut, **REFUSALS},
    url_name="clear_day",
    summary="Back to the ordinary hours on a day",
)
def clear_day(request: HttpRequest, code: Path[str], body: ClearDayIn) -> dict[str, Any]:
    actor, place = actor_of(request), network.get_place(code)
    check_can_keep_place(actor, place.id)
    commands.clear_special_day(actor=actor, place=place.id, day=body.day, at=now())
    return {}


@router.get(
    "/calendar", response={200: list[YearOut], **REFUSALS}, url_name="calendar", summary="工作日历: the years on record"
)
def calendar(request: HttpRequest) -> list[dict[str, Any]]:
    """Only days that differ from Monday to Friday; a year that is not confirmed makes limits provisional."""
    return [
        {
            "year": row.year,
            "confirmed": row.confirmed,
            "source": row.source,
            "days": [
                {"day": day, "working": working, "name": translate.label(name)} for day, working, name in row.days
            ],
        }
        for row in network.list_years()
    ]


@router.post(
    "/calendar/days",
    response={200: DoneOut, **REFUSALS},
    url_name="calendar_day",
    summary="Offices work or rest on a day",
)
def calendar_day(request: HttpRequest, body: CalendarDayIn) -> dict[str, Any]:
    """Limits that it moves are derived anew."""
    name = Words(body.name, body.name_en)
    commands.set_calendar_day(actor=actor_of(request), day=body.day, working=body.working, name=name, at=now())
    return {}


@router.post(
    "/calendar/{year}/confirm", response={200: DoneOut, **REFUSALS}, url_name="confirm_year", summary="Confirm a year"
)
def confirm_year(request: HttpRequest, year: Path[int], body: ConfirmYearIn) -> dict[str, Any]:
    commands.confirm_calendar_year(actor=actor_of(request), year=year, source=body.source, at=now())
    return {}


@router.get(
    "/authorisations",
    response={200: AuthorisationsOut, **REFUSALS},
    url_name="authorisations",
    summary="委托受理: who may receive in whose name",
)
def authorisations(
    request: HttpRequest, department: QueryEx[UUID | None, P()] = None, place: QueryEx[UUID | None, P()] = None
) -> dict[str, Any]:
    """Those in force or to come."""
    today = local_date(now())
    rows = network.list_authorisations(place=place, department=department)
    return {"items": list(_authorisations(rows, today))}


def _authorisations(rows: Iterable[Any], today: date) -> Iterable[dict[str, Any]]:
    for row in rows:
        if row.valid_to is None or row.valid_to >= today:
            yield {
                "id": row.id,
                "department": row.department,
                "place": row.place,
                "item": row.item_code,
                "valid_from": row.valid_from,
                "valid_to": row.valid_to,
                "seal_name": row.seal_name,
                "number": row.number,
            }


@router.post(
    "/authorisations/grant",
    response={200: GrantedOut, **REFUSALS},
    url_name="grant_authorisation",
    summary="委托受理: let a place receive in the department's name",
)
def grant(request: HttpRequest, body: AuthorisationIn) -> dict[str, Any]:
    """A department speaks through its chief representative."""
    actor = actor_of(request)
    check_speaks_for_a_department(actor)
    return {"ids": list(commands.grant_authorisation(actor=actor, at=now(), **body.dict()))}


@router.post(
    "/authorisations/{authorisation}/end",
    response={200: DoneOut, **REFUSALS},
    url_name="end_authorisation",
    summary="End an authorisation after a day",
)
def end(request: HttpRequest, authorisation: Path[UUID], body: AuthorisationEndIn) -> dict[str, Any]:
    """What was received until then stays valid."""
    actor = actor_of(request)
    check_speaks_for_a_department(actor)
    commands.end_authorisation(actor=actor, authorisation=authorisation, last_day=body.last_day, at=now())
    return {}
