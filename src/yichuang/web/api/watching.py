"""/supervision and /issued-certificates: 督办, limits that are red or past and the trips beyond what was declared; and what
one's own organs have issued."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, P, QueryEx, Router, Schema

from yichuang.cases import queries as cases
from yichuang.cases.figures import trip_figures
from yichuang.core.clock import local_date, now
from yichuang.web.api import translate
from yichuang.web.api.certificates import CertificateOut, certificate
from yichuang.web.api.schemas import CaseRowOut, Label, Problem
from yichuang.webkit.actor import actor_of

supervision = Router(tags=["supervision"])
issued = Router(tags=["certificates"])


class TaskHolderOut(Schema):
    task: Label
    post: str
    name: str = Field(description="who claimed it; empty while nobody has")


class EscalatedOut(Schema):
    case: CaseRowOut
    limit: Label
    due_at: datetime
    days_late: int = Field(description="working days begun since the limit ended")
    holders: list[TaskHolderOut]
    orders: int = Field(description="words of a supervisor (督办) on it")


class TripFigureOut(Schema):
    item: Label
    version: int
    declared: int
    cases: int
    trips: int
    over: int = Field(description="cases with more trips than declared")


class SupervisionOut(Schema):
    escalated: list[EscalatedOut] = Field(description="the longest past first")
    trips: list[TripFigureOut] = Field(description="of cases that ended in the last 30 days")


class IssuedOut(Schema):
    items: list[CertificateOut]
    next: str | None = None


@supervision.get(
    "",
    response={200: SupervisionOut, 401: Problem, 404: Problem},
    url_name="supervision",
    summary="督办, and trips beyond what was declared",
)
def supervise(request: HttpRequest) -> dict[str, Any]:
    """Of the caller's places and departments."""
    actor, at = actor_of(request), now()
    names = ("version", "declared", "cases", "trips", "over")
    return {
        "escalated": [
            {
                "case": translate.case_row(row.case),
                "limit": translate.label(row.limit),
                "due_at": row.due_at,
                "days_late": row.days_late,
                "holders": [
                    {"task": translate.label(one.task), "post": one.post, "name": one.name} for one in row.holders
                ],
                "orders": row.orders,
            }
            for row in cases.list_escalated(actor, at=at)
        ],
        "trips": [
            {"item": translate.label(row.item), **{name: getattr(row, name) for name in names}}
            for row in trip_figures(actor, at=at)
        ],
    }


@issued.get(
    "",
    response={200: IssuedOut, 401: Problem, 422: Problem},
    url_name="issued_certificates",
    summary="证照: what my organs have issued, by number or by the holder's identity number",
)
def list_issued(
    request: HttpRequest,
    q: QueryEx[str, P(max_length=120)] = "",
    cursor: QueryEx[UUID | None, P()] = None,
) -> dict[str, Any]:
    """Of departments that one reviews for or watches over; holders are masked. Others get an empty list."""
    at = now()
    page = cases.find_certificates(actor_of(request), q, at=at, cursor=str(cursor) if cursor else None)
    return {"items": [certificate(row, local_date(at)) for row, _worth in page.items], "next": page.next}
