"""What is mine besides my cases: companies that I represent (/companies), who looked at my data (/looks), what I was told
(/messages); and the progress of a case for whoever holds its query code (/progress)."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import P, QueryEx, Router, Schema
from pydantic import Field

from yichuang.cases import queries as cases
from yichuang.core.clock import local_date, now
from yichuang.core.refusals import NotFound
from yichuang.notices import queries as notices
from yichuang.people import queries as people
from yichuang.registry import queries as registry
from yichuang.registry.values import GROUND_WORDS
from yichuang.web.api import translate
from yichuang.web.api.agents import AuthorityOut, authority
from yichuang.web.api.certificates import CertificateOut, certificate
from yichuang.web.api.schemas import CaseRowOut, GapOut, In, Label, Problem
from yichuang.webkit.actor import actor_of
from yichuang.webkit.limits import QUERIES

companies = Router(tags=["companies"])
looks = Router(tags=["looks"])
messages = Router(tags=["messages"])
progress = Router(tags=["progress"])
MOST = 20  # cases and certificates of a company in one answer; all of them: GET /cases, GET /certificates


class CompanyOut(Schema):
    id: UUID
    name: str
    tie: AuthorityOut = Field(description="by what I represent it")
    cases: list[CaseRowOut] = Field(description="the newest; all of them are among GET /cases")
    certificates: list[CertificateOut] = Field(
        description="the newest; all of them are among GET /certificates. None for who may act in single items only"
    )
    agents: list[AuthorityOut] = Field(description="for who decides for it")


class CompaniesOut(Schema):
    items: list[CompanyOut]
    next: str | None = None


class LookOut(Schema):
    """Somebody looked at my data."""

    at: datetime
    who: str = Field(description="masked")
    unit: Label
    purpose: Label
    fields_: list[Label] = Field(serialization_alias="fields")
    case_number: str
    unmasked: bool
    reason: str


class UseOut(Schema):
    """Somebody used a certificate of mine."""

    at: datetime
    who: str = Field(description="masked")
    certificate: UUID
    name: Label
    number: str = Field(description="masked")
    purpose: str
    ground: Literal["duty", "consent"]
    ground_words: Label
    case_number: str


class LooksOut(Schema):
    looks: list[LookOut] = Field(description="the last hundred")
    uses: list[UseOut] = Field(description="of certificates, the last fifty; of shared bases: GET /registry/looks")


class InboxMessageOut(Schema):
    id: UUID
    at: datetime
    title: str
    body: str
    locale: str
    kind: str


class InboxOut(Schema):
    items: list[InboxMessageOut]
    next: str | None = None


class ProgressIn(In):
    number: str = Field(max_length=40)
    code: str = Field(max_length=20, description="查询码, on the receipt")


class PhaseOut(Schema):
    name: Label
    state: Literal["done", "current", "stopped", "todo"]


class ProgressOut(Schema):
    """No personal data."""

    number: str
    item: Label
    state: str
    sentence: Label
    turn: str
    phases: list[PhaseOut]
    filed_at: datetime
    due_date: date | None
    organ: Label
    asked: list[GapOut]


@companies.get("", response={200: CompaniesOut, 401: Problem, 422: Problem}, url_name="companies", summary="我的单位")
def list_companies(
    request: HttpRequest, limit: QueryEx[int, P(ge=1, le=50)] = 20, cursor: QueryEx[UUID | None, P()] = None
) -> dict[str, Any]:
    """For the legal representative whole, for an agent as far as the authority goes; others and staff have none."""
    actor, at = actor_of(request), now()
    if actor.kind != "person" or actor.id is None:
        return {"items": []}
    page = people.companies_of(actor.id, at=at, cursor=str(cursor) if cursor else None, limit=limit)
    known = people.list_parties([row.principal for row in page.items])
    today, found = local_date(at), []
    for tie in page.items:
        company = known[tie.principal]
        held = registry.list_held([company.id], limit=MOST).items if actor.acts_for(company.id) else ()
        rows = cases.list_my_cases(actor, at=at, limit=MOST, of=company.id).items
        others = people.representatives(company.id, at=at) if tie.kind != "agent" else ()
        found.append(
            {
                "id": company.id,
                "name": company.name,
                "tie": authority(tie),
                "cases": [translate.case_row(row) for row in rows],
                "certificates": [certificate(row, today) for row in held],
                "agents": [authority(row) for row in others],
            }
        )
    return {"items": found, "next": page.next}


@looks.get("", response={200: LooksOut, 401: Problem}, by_alias=True, url_name="looks", summary="谁看过我的数据")
def list_looks(request: HttpRequest) -> dict[str, Any]:
    """The latest first; of a person's own data. Staff have none here."""
    actor = actor_of(request)
    if actor.kind != "person" or actor.id is None:
        return {"looks": [], "uses": []}
    return {
        "looks": [
            {
                "at": row.at,
                "who": row.viewer,
                "unit": translate.label(row.unit),
                "purpose": translate.label(row.purpose),
                "fields_": [translate.label(words) for words in row.fields],
                "case_number": row.case_number,
                "unmasked": row.unmasked,
                "reason": row.reason,
            }
            for row in people.list_looks(actor.id)
        ],
        "uses": [
            {
                "at": row.at,
                "who": row.who,
                "certificate": row.certificate,
                "name": translate.label(row.name),
                "number": row.number_masked,
                "purpose": row.purpose,
                "ground": row.ground,
                "ground_words": translate.label(GROUND_WORDS[row.ground]),
                "case_number": row.case_number,
            }
            for row in registry.list_uses(actor.id, limit=50).items
        ],
    }


@messages.get(
    "", response={200: InboxOut, 401: Problem, 422: Problem}, url_name="inbox", summary="我的消息: what I was told"
)
def list_messages(
    request: HttpRequest,
    limit: QueryEx[int, P(ge=1, le=100)] = 20,
    cursor: QueryEx[str | None, P(max_length=80)] = None,
) -> dict[str, Any]:
    """The newest first; staff read what they were told as staff. Codes are left out."""
    actor = actor_of(request)
    if actor.id is None:
        return {"items": []}
    page = notices.page_inbox(actor.id, limit=limit, cursor=cursor)
    names = ("id", "title", "body", "locale", "kind")
    rows = [{"at": row.created_at, **{name: getattr(row, name) for name in names}} for row in page.items]
    return {"items": rows, "next": page.next}


@progress.post(
    "",
    response={200: ProgressOut, 404: Problem, 422: Problem, 429: Problem},
    url_name="progress",
    summary="查进度: by number and query code, without signing in",
)
def read_progress(request: HttpRequest, body: ProgressIn) -> dict[str, Any]:
    """The code never stands in an address. Wrong guesses are counted together with those on the pages."""
    at = now()
    QUERIES.check(request, at=at)
    try:
        found = cases.find_by_query_code(body.number, body.code, at=at)
    except NotFound:
        QUERIES.count(request, at=at)
        raise
    return {
        "number": found.number,
        "item": translate.label(found.item),
        "state": found.state.value,
        "sentence": translate.label(found.sentence),
        "turn": found.turn.value,
        "phases": [{"name": translate.label(one.name), "state": one.state} for one in found.phases],
        "filed_at": found.filed_at,
        "due_date": found.due_date,
        "organ": translate.label(found.organ),
        "asked": [translate.gap(one) for one in found.asked],
    }
