"""/tasks: the departments' work lists and what is done to a task."""

from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import P, QueryEx, Router, Schema
from pydantic import Field

from yichuang.cases import queries as cases
from yichuang.cases.commands.batch import MOST, Chosen, act_on_tasks
from yichuang.cases.commands.review import claim_review, complete_review, return_review
from yichuang.core.clock import now
from yichuang.web.api import translate
from yichuang.web.api.schemas import HeadOut, In, Problem, ReasonOut, TaskCompleteIn, TaskIn, TaskReturnIn, TasksOut
from yichuang.webkit.actor import actor_of

router = Router(tags=["tasks"])
ANSWERS: dict[int, Any] = {200: HeadOut, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}


@router.get(
    "", response={200: TasksOut, 401: Problem, 422: Problem}, url_name="tasks", summary="The open tasks of my posts"
)
def list_tasks(
    request: HttpRequest, limit: QueryEx[int, P(ge=1, le=100)] = 20, cursor: str | None = None
) -> dict[str, Any]:
    actor = actor_of(request)
    page = cases.list_tasks(actor, at=now(), cursor=cursor, limit=limit)
    return {
        "items": [
            {
                "id": row.task.id,
                "name": translate.label(row.task.name),
                "post": row.task.post,
                "act": row.task.act,
                "state": row.task.state,
                "case": row.case.number,
                "case_version": row.case.version,
                "item": row.case.item.zh,
                "due_at": row.case.due_at,
                "claimed_by_me": row.task.claimed_by == actor.id,
            }
            for row in page.items
        ],
        "next": page.next,
    }


class TickedIn(In):
    id: UUID
    version: int = Field(description="the case version you looked at", ge=1)


class SeveralIn(In):
    step: Literal["claim", "return", "agree"]
    tasks: list[TickedIn] = Field(min_length=1, max_length=MOST)
    opinion: str = Field(
        "", max_length=1000, description="of each that is agreed to; the note of each that is given back"
    )


class DoneTaskOut(Schema):
    id: UUID
    case: HeadOut | None = Field(description="none: nothing was done, and `reasons` says why")
    reasons: list[ReasonOut]


class SeveralOut(Schema):
    items: list[DoneTaskOut]


@router.post(
    "",
    response={200: SeveralOut, 401: Problem, 422: Problem},
    url_name="tasks",
    summary="批量办理: claim, give back or agree to several tasks, each judged by itself",
)
def several(request: HttpRequest, body: SeveralIn) -> dict[str, Any]:
    """What one refuses holds up no other: the answer tells of each."""
    chosen = [Chosen(one.id, one.version) for one in body.tasks]
    found = act_on_tasks(actor=actor_of(request), step=body.step, tasks=chosen, opinion=body.opinion, at=now())
    return {
        "items": [
            {
                "id": one.task,
                "case": translate.head(one.head) if one.head else None,
                "reasons": translate.reasons(one.reasons),
            }
            for one in found
        ]
    }


@router.post("/{id}/actions/claim", response=ANSWERS, url_name="task_claim", summary="Take a task")
def claim(request: HttpRequest, id: UUID, body: TaskIn) -> dict[str, Any]:
    return translate.head(claim_review(actor=actor_of(request), task=id, version=body.version, at=now()))


@router.post("/{id}/actions/return", response=ANSWERS, url_name="task_return", summary="Give a task back to the post")
def give_back(request: HttpRequest, id: UUID, body: TaskReturnIn) -> dict[str, Any]:
    return translate.head(
        return_review(actor=actor_of(request), task=id, version=body.version, note=body.note, at=now())
    )


@router.post("/{id}/actions/complete", response=ANSWERS, url_name="task_complete", summary="Complete a review task")
def complete(request: HttpRequest, id: UUID, body: TaskCompleteIn) -> dict[str, Any]:
    return translate.head(
        complete_review(
            actor=actor_of(request),
            task=id,
            version=body.version,
            outcome=body.outcome,
            opinion=body.opinion,
            at=now(),
        )
    )
