"""/help: requests for help (帮办, 代办, 上门办): asking, reading, and each step of one; for who asks and who helps."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from yichuang.cases import queries as cases
from yichuang.cases.commands.help import (
    ask_help,
    end_help,
    finish_help,
    hand_on,
    link_case,
    note_step,
    return_help,
    take_help,
    withdraw_consent,
)
from yichuang.cases.helping import Consent, HelpKind, HelpRow
from yichuang.core.clock import now
from yichuang.core.ids import new_id
from yichuang.web.api import translate
from yichuang.web.api.schemas import In, Label, Problem
from yichuang.webkit.actor import actor_of

router = Router(tags=["help"])
Step = Literal["take", "note", "link", "hand-on", "return", "finish", "end", "withdraw-consent"]


class AskHelpIn(In):
    kind: str = Field(description="one of " + ", ".join(kind.value for kind in HelpKind))
    text: str = Field(description="what help is needed")
    place: str = Field(default="", description="code of the place that shall help; staff ask at their own")
    item: str = Field(default="", description="code of the item, where it is known")
    address: str = Field(default="", description="for a visit; only the helper reads it")
    wished: str = Field(default="", description="wished times; wishes, no booking")
    consents: list[str] = Field(
        default=[], description="any of " + ", ".join(one.value for one in Consent), max_length=10
    )
    asker: UUID | None = Field(default=None, description="staff: who stands at the window")


class HelpStepIn(In):
    text: str = Field(default="", description="what was done, or why: of note, hand-on, return, finish, end")
    number: str = Field(default="", description="the case to link", max_length=40)
    to: UUID | None = Field(default=None, description="the colleague to hand it on to")
    consent: str = Field(default="", description="the consent to withdraw", max_length=20)


class HelpOut(Schema):
    id: UUID
    number: str
    kind: Label
    item: Label
    place: Label
    state: str
    asked_at: datetime
    asker: str
    helper: str


class HelpStepOut(Schema):
    at: datetime
    by: str
    what: Label
    text: str


class HelpCaseOut(Schema):
    number: str
    item: Label
    state: Label


class HelpPageOut(HelpOut):
    text: str
    address: str
    wished: str
    consents: list[str]
    steps: list[HelpStepOut]
    cases: list[HelpCaseOut]
    drafts: int


ANSWERS: dict[int, Any] = {200: HelpPageOut, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}


@router.get(
    "", response={200: list[HelpOut], 401: Problem}, url_name="help", summary="求助: mine, or those of my places"
)
def listed(request: HttpRequest) -> list[dict[str, Any]]:
    actor, at = actor_of(request), now()
    return [_row(row) for row in (cases.list_help(actor, at=at) if actor.is_staff else cases.my_help(actor, at=at))]


@router.post("", response=ANSWERS, url_name="ask_help", summary="求助: ask for help (帮办, 代办, 上门办)")
def ask(request: HttpRequest, body: AskHelpIn) -> dict[str, Any]:
    id = ask_help(
        actor=actor_of(request), kind=body.kind, text=body.text, place=body.place, item_code=body.item,
        address=body.address, wished=body.wished, consents=body.consents, asker=body.asker, at=now(),
    )  # fmt: skip
    return _page(request, id)


@router.get("/{id}", response=ANSWERS, url_name="help_one", summary="求助: one request with every step")
def one(request: HttpRequest, id: UUID) -> dict[str, Any]:
    return _page(request, id)


@router.post(
    "/{id}/{step}",
    response=ANSWERS,
    url_name="help_step",
    summary="求助: one step; the helper takes, notes, links, hands on, returns, finishes; the asker links, ends, withdraws a consent",
)
def take_step(request: HttpRequest, id: UUID, step: Step, body: HelpStepIn) -> dict[str, Any]:
    of: dict[str, Any] = {"actor": actor_of(request), "request": id, "at": now()}
    steps: dict[str, Callable[[], None]] = {
        "take": lambda: take_help(**of),
        "note": lambda: note_step(**of, text=body.text),
        "link": lambda: link_case(**of, number=body.number),
        "hand-on": lambda: hand_on(**of, to=body.to or new_id(), reason=body.text),
        "return": lambda: return_help(**of, reason=body.text),
        "finish": lambda: finish_help(**of, note=body.text),
        "end": lambda: end_help(**of, reason=body.text),
        "withdraw-consent": lambda: withdraw_consent(**of, consent=body.consent),
    }
    steps[step]()
    return _page(request, id)


def _row(row: HelpRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "number": row.number,
        "kind": translate.label(row.kind),
        "item": translate.label(row.item),
        "place": translate.label(row.place),
        "state": row.state.value,
        "asked_at": row.asked_at,
        "asker": row.asker_masked,
        "helper": row.helper,
    }


def _page(request: HttpRequest, id: UUID) -> dict[str, Any]:
    page = cases.get_help(actor_of(request), id, at=now())
    return {
        **_row(page.row),
        "text": page.text,
        "address": page.address if page.is_asker else "",
        "wished": page.wished,
        "consents": [one.value for one, _, given in page.consents if given],
        "steps": [{"at": s.at, "by": s.by, "what": translate.label(s.words), "text": s.text} for s in page.steps],
        "cases": [
            {"number": c.number, "item": translate.label(c.item), "state": translate.label(c.words)} for c in page.cases
        ],
        "drafts": page.drafts,
    }
