"""/registry: the data catalogue, and what was asked of the shared bases about oneself."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import P, QueryEx, Router, Schema
from pydantic import Field

from yichuang.core.refusals import NotFound
from yichuang.core.words import W
from yichuang.registry import queries as registry
from yichuang.registry.values import BASE_WORDS, FIELDS
from yichuang.web.api import translate
from yichuang.web.api.schemas import Label, Problem
from yichuang.webkit.actor import actor_of

router = Router(tags=["registry"])


class FieldOut(Schema):
    name: str
    label: Label
    kind: Literal["text", "date", "number", "flag", "list"]
    personal: bool
    compared: Literal["exact", "name", "address", "date"] | None


class BaseOut(Schema):
    base: str
    label: Label
    key: Label
    keep_minutes: int = Field(description="how long an answer of an outside source may be used again")
    fresh_days: int = Field(description="what a source said longer ago counts as no answer")
    fields_: list[FieldOut] = Field(serialization_alias="fields")


class SharedLookOut(Schema):
    """One use of a shared base (谁看过我的数据)."""

    id: UUID
    at: datetime
    who: str = Field(description="masked")
    base: str
    base_label: Label
    fields_: list[Label] = Field(serialization_alias="fields")
    purpose: Label
    ground: Literal["duty", "consent"]
    basis: str
    case_number: str
    state: Literal["found", "none", "unknown"]


class SharedLooksOut(Schema):
    items: list[SharedLookOut]
    next: str | None = None


@router.get(
    "/catalogue", response=list[BaseOut], by_alias=True, url_name="data_catalogue", summary="The data catalogue"
)
def data_catalogue(request: HttpRequest) -> list[dict[str, Any]]:
    """Which bases are shared, by what they are asked, and what they can say; never what they say."""
    return [
        {
            "base": row.base.value,
            "label": translate.label(row.words),
            "key": translate.label(row.key),
            "keep_minutes": row.keep_minutes,
            "fresh_days": row.fresh_days,
            "fields_": [
                {
                    "name": spec.name,
                    "label": translate.label(spec.words),
                    "kind": spec.kind,
                    "personal": spec.personal,
                    "compared": spec.compare,
                }
                for spec in FIELDS[row.base].values()
            ],
        }
        for row in registry.data_catalogue()
    ]


@router.get(
    "/looks",
    response={200: SharedLooksOut, 401: Problem, 404: Problem, 422: Problem},
    by_alias=True,
    url_name="shared_looks",
    summary="What was asked of the shared bases about me",
)
def shared_looks(
    request: HttpRequest,
    limit: QueryEx[int, P(ge=1, le=100)] = 20,
    cursor: QueryEx[UUID | None, P()] = None,
) -> dict[str, Any]:
    """The latest first; of a person's own data. Staff have none here."""
    actor = actor_of(request)
    if actor.kind != "person" or actor.id is None:
        raise NotFound(W("记录", "record"))
    page = registry.list_looks(actor.id, str(cursor) if cursor else None, limit)
    rows = [
        {
            "id": row.id,
            "at": row.at,
            "who": row.who,
            "base": row.base.value,
            "base_label": translate.label(BASE_WORDS[row.base]),
            "fields_": [translate.label(words) for words in row.fields],
            "purpose": translate.label(row.purpose),
            "ground": row.ground,
            "basis": row.basis,
            "case_number": row.case_number,
            "state": row.state,
        }
        for row in page.items
    ]
    return {"items": rows, "next": page.next}
