"""批量办理 on the desk's list: what was ticked is claimed, given back or agreed to; each that was not says why."""

import re
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from yichuang.cases.commands.batch import STEPS, Chosen, act_on_tasks
from yichuang.core.clock import now
from yichuang.core.refusals import Refused
from yichuang.core.words import W, Words
from yichuang.webkit import params
from yichuang.webkit.actor import actor_of
from yichuang.webkit.pages import note

DONE: dict[str, Words] = dict(
    zip(
        STEPS,
        (
            W("已领取 {n} 项任务", "Tasks that are yours now: {n}"),
            W("已退回 {n} 项任务", "Tasks that are back with their post: {n}"),
            W("已同意 {n} 项任务", "Tasks that you agreed to: {n}"),
        ),
        strict=True,
    )
)
TICKED = re.compile(
    r"(?P<task>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}):(?P<version>[0-9]{1,8}):(?P<number>[0-9A-Z-]{1,40})"
)
LEFT = W("{number}：{why}", "{number}: {why}")
TOLD = 3  # of those that were left; the rest is a number
MORE = W("另有 {n} 项没有办理", "Not done, besides: {n}")


def act(request: HttpRequest) -> HttpResponse:
    """Back to the list, with what was done and what was not."""
    actor, at, step = actor_of(request), now(), params.text(request, "step")
    ticked = [one for said in params.several(request, "task") if (one := TICKED.fullmatch(said)) is not None]
    chosen = [Chosen(UUID(one["task"]), int(one["version"])) for one in ticked]
    numbers = {UUID(one["task"]): one["number"] for one in ticked}  # as the list showed them
    try:
        found = act_on_tasks(
            actor=actor, step=step, tasks=chosen, opinion=params.text(request, "opinion", longest=1000), at=at
        )
    except Refused as refused:
        for reason in refused.reasons:
            note(request, reason.words, kind="warn")
        return _back(request)
    done = sum(row.head is not None for row in found)
    left = [row for row in found if row.head is None]
    if done:
        note(request, DONE[step].format(n=done))
    for row in left[:TOLD]:
        note(request, LEFT.format(number=numbers[row.task], why=row.reasons[0].words), kind="warn")
    if left[TOLD:]:
        note(request, MORE.format(n=len(left) - TOLD), kind="warn")
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    state = params.choice(request, "state", {"open", "claimed"})
    return HttpResponseRedirect(reverse("office:tasks", query={"state": state} if state else None))
