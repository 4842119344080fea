"""秒批: /cases/{number}/decision, what the rules said of a case; and asking a person to look at it (人工复核)."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Path, Router, Schema
from pydantic import Field

from yichuang.cases import queries as cases
from yichuang.cases.commands.ask_person import answer_person, ask_person
from yichuang.cases.instant import AtOncePage
from yichuang.core.actors import Actor
from yichuang.core.clock import now
from yichuang.core.refusals import NotFound
from yichuang.core.words import W
from yichuang.web.api.schemas import In, Label, Problem
from yichuang.web.api.translate import label
from yichuang.webkit.actor import actor_of

NONE_MADE = W("这个办件没有自动核对的结果", "No rules were applied to this case")
router = Router(tags=["cases"])


class RuleOut(Schema):
    rule: Label
    basis: str
    hit: bool
    why: Label


class DoubtOut(Schema):
    words: Label
    fields: list[str] = Field(description="JSON pointers into the form")


class SourceSaidOut(Schema):
    base: Label
    said: Label


class HumanReviewOut(Schema):
    asked_at: datetime
    reason: str
    answered_at: datetime | None
    answered_by: str
    stands: bool | None
    answer: str
    undue: bool = Field(description="nothing should have been granted at all")


class AtOnceOut(Schema):
    """What the rules said of a case, row by row (个人信息保护法 art. 24)."""

    judged: str
    alone: bool
    judged_at: datetime | None
    rule_set: str
    item_version: int
    doubts: list[DoubtOut]
    rules: list[RuleOut]
    sources: list[SourceSaidOut]
    review: HumanReviewOut | None
    may_ask: bool
    may_answer: bool
    blind: bool = Field(description="somebody is to look at it blind: until then staff read the review only")


class AskPersonIn(In):
    reason: str = Field(max_length=1000)


class AnswerPersonIn(In):
    stands: bool
    answer: str = Field(max_length=1000)
    undue: bool = Field(False, description="nothing should have been granted at all (with `stands` false)")


REFUSALS = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}


@router.get(
    "",
    response={200: AtOnceOut, 401: Problem, 404: Problem},
    url_name="decision",
    summary="秒批: what the rules said, row by row",
)
def get_decision(request: HttpRequest, number: Path[str]) -> dict[str, Any]:
    """Why it was granted at once, or why a person decides. The applicant reads nothing of what concerns others."""
    return _told(actor_of(request), number, now())


@router.post(
    "/ask-person",
    response={200: AtOnceOut, **REFUSALS},
    url_name="ask_person",
    summary="人工复核: ask for a person to look at an automatic decision",
)
def ask(request: HttpRequest, number: Path[str], body: AskPersonIn) -> dict[str, Any]:
    actor, at = actor_of(request), now()
    ask_person(actor=actor, number=number, reason=body.reason, at=at)
    return _told(actor, number, at)


@router.post(
    "/answer-person",
    response={200: AtOnceOut, **REFUSALS},
    url_name="answer_person",
    summary="人工复核: a reviewer of the department answers",
)
def answer(request: HttpRequest, number: Path[str], body: AnswerPersonIn) -> dict[str, Any]:
    actor, at = actor_of(request), now()
    answer_person(actor=actor, number=number, stands=body.stands, answer=body.answer, undue=body.undue, at=at)
    return _told(actor, number, at)


def _told(actor: Actor, number: str, at: datetime) -> dict[str, Any]:
    page = cases.at_once_of(actor, cases.get_case_for(actor, number, at=at), at=at)
    if page is None:
        raise NotFound(NONE_MADE)
    return _of(page)


def _of(page: AtOncePage) -> dict[str, Any]:
    review = page.review
    return {
        "judged": page.judged.value,
        "alone": page.alone,
        "judged_at": page.judged_at,
        "rule_set": page.rule_set,
        "item_version": page.item_version,
        "doubts": [{"words": label(words), "fields": list(where)} for words, where in page.doubts],
        "rules": [
            {"rule": label(one.words), "basis": one.basis, "hit": one.hit, "why": label(one.why)} for one in page.lines
        ],
        "sources": [{"base": label(base), "said": label(said)} for base, said in page.sources],
        "review": None if review is None else {name: getattr(review, name) for name in HumanReviewOut.model_fields},
        "may_ask": page.may_ask,
        "may_answer": page.may_answer,
        "blind": page.blind,
    }
