"""/rechecks: 抽查, automatic decisions of one's department looked at blind: what was filed, never what was made of it (docs/adr/0022)."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Path, Router, Schema

from yichuang.cases import queries as cases
from yichuang.cases.commands.recheck import answer_recheck
from yichuang.cases.rulesets import RecheckPage, RecheckRow
from yichuang.catalog import queries as catalog
from yichuang.core.clock import now
from yichuang.people import commands as people
from yichuang.web.api import translate
from yichuang.web.api.remarks import UnmaskedOut, UnmaskIn
from yichuang.web.api.schemas import In, Label, MaterialOut, Problem
from yichuang.webkit.actor import actor_of
from yichuang.webkit.areas import with_places
from yichuang.webkit.forms import masked_form

router = Router(tags=["cases"])
REFUSALS: dict[int, Any] = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
PURPOSE = "recheck"
FIELDS = ("form", "materials")


class RecheckOut(Schema):
    id: UUID
    item: Label
    drawn_at: datetime
    state: Literal["open", "done"]
    at: datetime | None = Field(description="when you answered")
    verdict: Literal["", "grant", "not"] = Field(description="yours")
    number: str = Field(description="of the case, once you have answered; until then the re-check is blind")


class RechecksOut(Schema):
    waiting: list[RecheckOut] = Field(description="the longest first, a hundred at most")
    done: list[RecheckOut] = Field(description="your own last ones")


class ReadOut(Schema):
    words: Label
    value: Any = Field(description="what a shared base or the form gave when it was filed; null: not known")


class MissedOut(Schema):
    code: str
    words: Label


class RecheckPageOut(RecheckOut):
    item_code: str
    item_version: int
    filed_at: datetime
    answers: dict[str, Any]
    form: dict[str, Any] = Field(description="personal values masked")
    materials: list[MaterialOut] = Field(description="as they came in")
    read: list[ReadOut]
    kinds: list[MissedOut] = Field(description="what may have been missed: for `found` of the answer")


class RecheckAnswerIn(In):
    verdict: Literal["grant", "not"] = Field(description="what you would have decided")
    reasons: str = Field("", max_length=1000, description="asked for with `not`")
    found: list[str] = Field([], max_length=100, description="codes of `kinds`")


class RecheckAnsweredOut(Schema):
    stopped: bool = Field(description="it let the brake fall: the rule set decides nothing alone any more")


@router.get("", response={200: RechecksOut, **REFUSALS}, url_name="rechecks", summary="抽查: what waits, and one's own")
def listed(request: HttpRequest) -> dict[str, Any]:
    """Of the departments where one reviews; others get empty lists."""
    waiting, done = cases.list_rechecks(actor_of(request))
    return {"waiting": [_row(row) for row in waiting], "done": [_row(row) for row in done]}


@router.get(
    "/{recheck}",
    response={200: RecheckPageOut, **REFUSALS},
    url_name="recheck",
    summary="One of them, blind: what was filed, the papers, what the bases said",
)
def one(request: HttpRequest, recheck: Path[UUID]) -> dict[str, Any]:
    """Not by who had a hand in the case or in its rules. The look is on record, and the applicant reads of it."""
    actor, at = actor_of(request), now()
    page = cases.get_recheck(actor, recheck, at=at)
    people.record_look(
        actor=actor, party=page.applicant, purpose=PURPOSE, fields=FIELDS, case_number=page.number, at=at
    )
    return _page(page, at)


@router.post(
    "/{recheck}/answer",
    response={200: RecheckAnsweredOut, **REFUSALS},
    url_name="answer_recheck",
    summary="Say what you would have decided",
)
def answer(request: HttpRequest, recheck: Path[UUID], body: RecheckAnswerIn) -> dict[str, Any]:
    """Once; the second hears who was first."""
    said = body.model_dump()
    return {"stopped": answer_recheck(actor=actor_of(request), recheck=recheck, **said, at=now())}


@router.post(
    "/{recheck}/unmask",
    response={200: UnmaskedOut, **REFUSALS},
    url_name="unmask_recheck",
    summary="One value of the applicant's in full; with a reason, which the applicant is told",
)
def unmask(request: HttpRequest, recheck: Path[UUID], body: UnmaskIn) -> dict[str, Any]:
    """By who may read the re-check; still blind."""
    actor, at = actor_of(request), now()
    page = cases.get_recheck(actor, recheck, at=at)
    value = people.unmask(
        actor=actor, party=page.applicant, field=body.field, reason=body.reason, case_number=page.number, at=at
    )
    return {"field": body.field, "value": value}


def _row(row: RecheckRow) -> dict[str, Any]:
    names = ("id", "drawn_at", "state", "at", "verdict", "number")
    return {**{name: getattr(row, name) for name in names}, "item": translate.label(row.item)}


def _page(page: RecheckPage, at: datetime) -> dict[str, Any]:
    pack = catalog.get_pack(page.item_code, version=page.item_version, at=at)
    schema = with_places(catalog.form_schema(pack, dict(page.answers), dict(page.form)))
    return {
        **_row(page.row),
        **{name: getattr(page, name) for name in ("item_code", "item_version", "filed_at")},
        "answers": dict(page.answers),
        "form": masked_form(schema, page.form),
        "materials": [translate.material(row) for row in page.materials],
        "read": [{"words": translate.label(words), "value": value} for words, value in page.read],
        "kinds": [{"code": code, "words": translate.label(words)} for code, words in page.kinds],
    }
