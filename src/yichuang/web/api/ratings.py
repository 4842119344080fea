"""/ratings: one rating for one service, by its token or one's account; /rating-figures: sums of at least five, without persons."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import P, QueryEx, Router, Schema
from pydantic import Field

from yichuang.core.clock import now
from yichuang.feedback import queries as feedback
from yichuang.feedback.commands.rate import rate
from yichuang.feedback.figures import days_asked, rating_figures
from yichuang.feedback.values import Asked, Line
from yichuang.web.api import translate
from yichuang.web.api.schemas import In, Label, Problem
from yichuang.webkit.actor import actor_of

router = Router(tags=["ratings"])
figures = Router(tags=["ratings"])
REFUSALS: dict[int, Any] = {403: Problem, 404: Problem, 409: Problem, 410: Problem, 422: Problem}


class TagOut(Schema):
    code: str
    words: Label
    praise: bool = Field(description="offered for levels 5 to 3; the others for 3 to 1")


class ToRateOut(Schema):
    id: UUID
    kind: str = Field(description="stay | case | package")
    name: Label
    number: str
    window: str
    over_at: datetime
    until: datetime
    state: str = Field(description="open | rated | over")
    tags: list[TagOut]


class MineOut(Schema):
    items: list[ToRateOut]


class RateIn(In):
    level: int = Field(description="5 非常满意, 4 满意, 3 基本满意, 2 不满意, 1 非常不满意")
    tags: list[str] = Field([], max_length=20, description="codes; those that the level does not have are left out")
    words: str = Field("", max_length=2000, description="at most 500 characters; no personal data, please")
    key: str = Field(max_length=80, description="of this press; sent again it is the same rating")


class RatedOut(Schema):
    id: UUID
    again: bool = Field(description="the same press had arrived before")


class LineOut(Schema):
    key: str
    name: Label
    services: int
    given: int
    unrated: int = Field(description="not rated within their thirty days (默认): in no average")
    window: int = Field(description="of those given, by the QR of a window")
    levels: list[int] = Field(description="from 5 down to 1; empty where fewer than five rated")
    praise: float | None
    average: float | None


class TagCountOut(Schema):
    words: Label
    praise: bool
    count: int


class FiguresOut(Schema):
    since: date
    until: date
    total: LineOut
    places: list[LineOut]
    departments: list[LineOut]
    items: list[LineOut]
    staff: list[LineOut]
    tags: list[TagCountOut]
    owed: int = Field(description="bad ratings for which a return visit is owed")


class SaidOut(Schema):
    day: date
    level: int
    tags: list[Label]
    words: str = Field(description="long numbers are hidden")
    place: Label | None
    owed: bool


class SaidListOut(Schema):
    items: list[SaidOut]
    next: str | None = None


@router.get("", response={200: MineOut, 401: Problem}, url_name="ratings", summary="What I may still rate")
def mine(request: HttpRequest) -> dict[str, Any]:
    return {"items": [_asked(row) for row in feedback.list_to_rate(actor_of(request), at=now())]}


@router.get(
    "/{token}",
    response={200: ToRateOut, **REFUSALS},
    url_name="rating",
    summary="A service that may be rated: by its token, or signed in by its id",
)
def asked(request: HttpRequest, token: str) -> dict[str, Any]:
    return _asked(feedback.open_rating(actor_of(request), token, at=now()))


@router.post(
    "/{token}",
    response={200: RatedOut, **REFUSALS},
    url_name="rate",
    summary="Rate a service, once: by who was served, never by staff",
)
def give(request: HttpRequest, token: str, body: RateIn) -> dict[str, Any]:
    found = rate(
        actor=actor_of(request),
        token=token,
        level=body.level,
        tags=body.tags,
        words=body.words,
        key=body.key,
        at=now(),
    )
    return {"id": found.rating, "again": found.again}


@figures.get(
    "",
    response={200: FiguresOut, 401: Problem, 404: Problem, 422: Problem},
    url_name="rating_figures",
    summary="How the services of one's places and departments were rated, in sums of at least five",
)
def sums(request: HttpRequest, since: date | None = None, until: date | None = None) -> dict[str, Any]:
    at = now()
    first, last = days_asked(since, until, at)
    found = rating_figures(actor_of(request), since=first, until=last, at=at)
    lines = ("places", "departments", "items", "staff")
    return {
        "since": found.since,
        "until": found.until,
        "total": _line(found.total),
        **{name: [_line(row) for row in getattr(found, name)] for name in lines},
        "tags": [{"words": translate.label(words), "praise": praise, "count": n} for words, praise, n in found.tags],
        "owed": found.owed,
    }


@figures.get(
    "/words",
    response={200: SaidListOut, 401: Problem, 404: Problem, 422: Problem},
    url_name="rating_words",
    summary="What people ticked and wrote, from the next day on: neither who nor which service",
)
def said(
    request: HttpRequest,
    since: date | None = None,
    until: date | None = None,
    bad: bool = False,
    cursor: QueryEx[str | None, P(max_length=200)] = None,
) -> dict[str, Any]:
    at = now()
    first, last = days_asked(since, until, at)
    page = feedback.list_words(actor_of(request), since=first, until=last, at=at, bad=bad, cursor=cursor)
    rows = [
        {
            "day": row.day,
            "level": int(row.level),
            "tags": [translate.label(words) for words in row.tags],
            "words": row.words,
            "place": translate.label(row.place) if row.place else None,
            "owed": row.owed,
        }
        for row in page.items
    ]
    return {"items": rows, "next": page.next}


def _asked(row: Asked) -> dict[str, Any]:
    plain = ("id", "kind", "number", "window", "over_at", "until", "state")
    tags = [{"code": tag.code, "words": translate.label(tag.words), "praise": tag.praise} for tag in row.tags]
    return {**{name: getattr(row, name) for name in plain}, "name": translate.label(row.name), "tags": tags}


def _line(row: Line) -> dict[str, Any]:
    plain = ("key", "services", "given", "unrated", "window", "praise", "average")
    found = {name: getattr(row, name) for name in plain}
    return {**found, "name": translate.label(row.name), "levels": list(row.levels)}
