"""/certificates/{id}/proceedings: 撤销, 撤回, 吊销, 注销 — opened, answered, heard, decided or dropped.

The organ's acts and the holder's; who may do what now is in `moves` of each proceeding (docs/adr/0007).
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Path, Router, Schema

from yichuang.cases import queries as cases
from yichuang.cases.aftermath import ProceedingRow, Taken
from yichuang.cases.commands import proceedings as commands
from yichuang.core.clock import now
from yichuang.core.refusals import NotFound
from yichuang.core.words import W
from yichuang.web.api import translate
from yichuang.web.api.acting import said_in
from yichuang.web.api.schemas import In, Label, Problem
from yichuang.webkit.actor import actor_of

router = Router(tags=["certificates"])
REFUSALS: dict[int, Any] = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
THE_PROCEEDING = W("程序", "proceeding")


class ProceedingOut(Schema):
    id: UUID
    certificate: UUID
    case: str
    version: int
    act: str
    ground: Label
    article: str
    facts: str
    stage: str
    opened_at: datetime
    answer_until: date | None
    statement: str
    wants_hearing: bool
    hearing_on: date | None
    hearing_place: str
    decided_at: datetime | None
    reasons: str
    moves: list[str]


class ProceedingsOut(Schema):
    may_open: bool
    grounds: list[str]
    laws: list[str]
    items: list[ProceedingOut]


class OpenIn(In):
    ground: str = Field(max_length=40, description="one of `grounds` of the list")
    facts: str = Field(max_length=2000)
    basis: list[str] = Field(
        default=[], max_length=20, description="of `laws` of the list; needed for what is no 行政许可"
    )


class MoveIn(In):
    version: int = Field(description="the proceeding's version that you looked at", ge=1, le=1_000_000)


class TakenIn(In):
    """An answer that did not come online, as the organ puts it on record."""

    who: str = Field(max_length=80)
    how: Literal["oral", "written"]
    on: date


class DefenceIn(MoveIn):
    statement: str = Field(max_length=2000)
    wants_hearing: bool = False
    taken: TakenIn | None = Field(
        None, description="only of the organ, for a holder who answers at the window or by letter"
    )


class WaiveIn(MoveIn):
    taken: TakenIn | None = None


class HearingIn(MoveIn):
    hearing_on: date
    place: str = Field(max_length=200)
    chair: str = Field(max_length=60)


class HearingRecordIn(MoveIn):
    record: str = Field(max_length=2000)


class ReasonsIn(MoveIn):
    reasons: str = Field(max_length=2000)


def _out(row: ProceedingRow) -> dict[str, Any]:
    same = (
        *("id", "certificate", "version", "article", "facts", "opened_at", "answer_until", "statement"),
        *("wants_hearing", "hearing_on", "hearing_place", "decided_at", "reasons"),
    )
    return {
        **{name: getattr(row, name) for name in same},
        "case": row.case_number,
        "act": row.act.value,
        "ground": translate.label(row.ground),
        "stage": row.stage.value,
        "moves": sorted(move.value for move in row.moves),
    }


@router.get(
    "/{id}/proceedings",
    response={200: ProceedingsOut, **REFUSALS},
    url_name="proceedings",
    summary="Proceedings to end a certificate, and whether one may be opened",
)
def proceedings(request: HttpRequest, id: Path[UUID]) -> dict[str, Any]:
    """For its holder, and for the organ that looks after it."""
    page = cases.certificate_page(actor_of(request), id, at=now())
    return {
        "may_open": page.may_open,
        "grounds": list(page.grounds),
        "laws": list(page.laws),
        "items": [_out(row) for row in page.proceedings],
    }


def _one(request: HttpRequest, id: UUID, proceeding: UUID) -> dict[str, Any]:
    page = cases.certificate_page(actor_of(request), id, at=now())
    found = next((row for row in page.proceedings if row.id == proceeding), None)
    if found is None:
        raise NotFound(THE_PROCEEDING)
    return _out(found)


def _step(
    request: HttpRequest, id: UUID, proceeding: UUID, body: MoveIn, do: Callable[..., object], **otherwise: object
) -> dict[str, Any]:
    """One move in a proceeding of this certificate, with the fields of the body (`web.api.acting`); how it stands then."""
    _one(request, id, proceeding)  # an address that names another certificate finds nothing
    do(
        actor=actor_of(request),
        proceeding=proceeding,
        version=body.version,
        at=now(),
        **said_in(body) | otherwise,
    )
    return _one(request, id, proceeding)


def _taken(given: TakenIn | None) -> Taken | None:
    return Taken(given.who, given.how, given.on) if given else None


@router.post(
    "/{id}/proceedings",
    response={200: ProceedingOut, **REFUSALS},
    url_name="open_proceeding",
    summary="Open a proceeding to revoke, withdraw, forfeit or cancel",
)
def open_one(request: HttpRequest, id: Path[UUID], body: OpenIn) -> dict[str, Any]:
    """The organ's; the ground says which act it is. The holder is told and may answer."""
    made = commands.open_proceeding(actor=actor_of(request), certificate=id, at=now(), **body.dict())
    return _one(request, id, made)


@router.post(
    "/{id}/proceedings/{proceeding}/state-defence",
    response={200: ProceedingOut, **REFUSALS},
    url_name="state_defence",
    summary="陈述申辩: the holder answers, and may ask for a hearing",
)
def state(request: HttpRequest, id: Path[UUID], proceeding: Path[UUID], body: DefenceIn) -> dict[str, Any]:
    return _step(request, id, proceeding, body, commands.state_defence, taken=_taken(body.taken))


@router.post(
    "/{id}/proceedings/{proceeding}/waive-defence",
    response={200: ProceedingOut, **REFUSALS},
    url_name="waive_defence",
    summary="The holder has nothing to say against it",
)
def waive(request: HttpRequest, id: Path[UUID], proceeding: Path[UUID], body: WaiveIn) -> dict[str, Any]:
    return _step(request, id, proceeding, body, commands.waive_defence, taken=_taken(body.taken))


@router.post(
    "/{id}/proceedings/{proceeding}/call-hearing",
    response={200: ProceedingOut, **REFUSALS},
    url_name="call_end_hearing",
    summary="听证通知: seven working days before",
)
def call(request: HttpRequest, id: Path[UUID], proceeding: Path[UUID], body: HearingIn) -> dict[str, Any]:
    return _step(request, id, proceeding, body, commands.call_hearing)


@router.post(
    "/{id}/proceedings/{proceeding}/record-hearing",
    response={200: ProceedingOut, **REFUSALS},
    url_name="record_end_hearing",
    summary="听证笔录",
)
def record(request: HttpRequest, id: Path[UUID], proceeding: Path[UUID], body: HearingRecordIn) -> dict[str, Any]:
    return _step(request, id, proceeding, body, commands.record_hearing)


@router.post(
    "/{id}/proceedings/{proceeding}/end-certificate",
    response={200: ProceedingOut, **REFUSALS},
    url_name="end_certificate",
    summary="The decision: the certificate ends",
)
def end(request: HttpRequest, id: Path[UUID], proceeding: Path[UUID], body: ReasonsIn) -> dict[str, Any]:
    """Never by who opened it; not before the holder could answer."""
    return _step(request, id, proceeding, body, commands.end_certificate)


@router.post(
    "/{id}/proceedings/{proceeding}/drop",
    response={200: ProceedingOut, **REFUSALS},
    url_name="drop_proceeding",
    summary="Drop it: the certificate stays in force",
)
def drop(request: HttpRequest, id: Path[UUID], proceeding: Path[UUID], body: ReasonsIn) -> dict[str, Any]:
    return _step(request, id, proceeding, body, commands.drop_proceeding)
