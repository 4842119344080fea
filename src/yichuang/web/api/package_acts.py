"""/package-filings/{number}/…: what the applicant's side does with a filed package (一件事)."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from yichuang.bundles import queries as bundles
from yichuang.bundles.commands.collect import collect_early
from yichuang.bundles.commands.complete import complete_part
from yichuang.bundles.commands.leave import leave_bundle, leave_part
from yichuang.bundles.queries import AskedPart
from yichuang.core.clock import now
from yichuang.web.api import translate
from yichuang.web.api.packages import PackageFilingOut, page_of
from yichuang.web.api.schemas import In, Label, Problem, QuestionOut, ReasonOut
from yichuang.webkit.actor import actor_of

router = Router(tags=["packages"])


class AskedPaperOut(Schema):
    code: str
    name: Label
    necessity: str
    tolerable: bool
    accept_standard: Label
    files: int = Field(description="files that are there and can be filed")
    gone: int = Field(description="files that were put into another case since: they have to be replaced")


class AskedItemOut(Schema):
    slot: str
    name: Label
    reasons: list[ReasonOut] = Field(description="what its turn found")
    rest: list[ReasonOut] = Field(description="those that nothing below can put right: try again, or give the item up")
    questions: list[QuestionOut]
    form: dict[str, Any] = Field(description="JSON Schema of the fields that may be given now")
    materials: list[AskedPaperOut]


class CompleteItemIn(In):
    form: dict[str, Any] = {}
    answers: dict[str, str] = {}
    materials: dict[str, list[UUID]] = Field(
        default={}, description="material code → uploads, in place of what was handed in for it"
    )


class CompletedOut(Schema):
    case: str


class LeaveIn(In):
    reason: str = Field(default="", max_length=1000)


@router.get(
    "/{number}/items/{slot}",
    response={200: AskedItemOut, 401: Problem, 404: Problem, 409: Problem},
    url_name="asked_package_item",
    summary="What an item's turn asks of the applicant",
)
def get_asked(request: HttpRequest, number: str, slot: str) -> dict[str, Any]:
    """409 while nothing is asked of this item."""
    return _asked(bundles.get_asked(actor_of(request), number, slot, at=now()))


@router.post(
    "/{number}/items/{slot}",
    response={201: CompletedOut, 401: Problem, 404: Problem, 409: Problem, 410: Problem, 422: Problem},
    url_name="complete_package_item",
    summary="Give what an item's turn asks for; its case is filed at once",
)
def post_item(request: HttpRequest, number: str, slot: str, body: CompleteItemIn) -> Status[dict[str, str]]:
    """With an empty body it is tried again as it is. 410 while the item is not offered."""
    case = complete_part(
        actor=actor_of(request),
        number=number,
        slot=slot,
        form=body.form,
        answers=body.answers,
        materials=body.materials,
        at=now(),
    )
    return Status(201, {"case": case})


@router.post(
    "/{number}/collect",
    response={200: PackageFilingOut, 401: Problem, 404: Problem, 409: Problem},
    url_name="collect_package",
    summary="Collect what is there now: nothing of the package waits for the rest any more",
)
def post_collect(request: HttpRequest, number: str) -> dict[str, Any]:
    actor, at = actor_of(request), now()
    collect_early(actor=actor, number=number, at=at)
    return page_of(bundles.get_bundle_for(actor, number, at=at))


@router.post(
    "/{number}/items/{slot}/leave",
    response={200: PackageFilingOut, 401: Problem, 404: Problem, 409: Problem, 422: Problem},
    url_name="leave_package_item",
    summary="Give up an item that is not decided (退出该项); what rests on it stops with it",
)
def post_leave_item(request: HttpRequest, number: str, slot: str, body: LeaveIn) -> dict[str, Any]:
    actor, at = actor_of(request), now()
    leave_part(actor=actor, number=number, slot=slot, reason=body.reason, at=at)
    return page_of(bundles.get_bundle_for(actor, number, at=at))


@router.post(
    "/{number}/leave",
    response={200: PackageFilingOut, 401: Problem, 404: Problem, 409: Problem, 422: Problem},
    url_name="leave_package",
    summary="Take the package back (撤回): all that is not decided is withdrawn",
)
def post_leave(request: HttpRequest, number: str, body: LeaveIn) -> dict[str, Any]:
    actor, at = actor_of(request), now()
    leave_bundle(actor=actor, number=number, reason=body.reason, at=at)
    return page_of(bundles.get_bundle_for(actor, number, at=at))


def _asked(asked: AskedPart) -> dict[str, Any]:
    return {
        "slot": asked.slot,
        "name": translate.label(asked.name),
        "reasons": translate.reasons(asked.reasons),
        "rest": translate.reasons(asked.rest),
        "questions": [translate.question(one) for one in asked.questions],
        "form": asked.schema,
        "materials": [
            {
                "code": one.needed.code,
                "name": translate.label(one.needed.name),
                "necessity": one.needed.necessity,
                "tolerable": one.needed.tolerable,
                "accept_standard": translate.label(one.needed.spec.accept_standard),
                "files": sum(row is not None for _, row in one.files),
                "gone": sum(row is None for _, row in one.files),
            }
            for one in asked.papers
        ],
    }
