"""转办、加签、退回 on the case page: the names of posts to choose from, and the steps that the forms post."""

from collections.abc import Callable
from functools import lru_cache
from uuid import UUID

from django.http import HttpRequest

from yichuang.cases.commands.hands import (
    answer_countersign,
    ask_countersign,
    delegate_review,
    send_back_review,
    take_back_review,
    withdraw_countersign,
)
from yichuang.core.words import W, Words
from yichuang.network import queries as network
from yichuang.network.values import PostRow
from yichuang.webkit import params
from yichuang.webkit.acts import Given

Step = tuple[Callable[[Given], object], Words]


def names() -> dict[str, Words]:
    """Posts as people read them: department and post."""
    departments = {row.id: row.name for row in network.list_departments()}
    return {post.code: _name(post, departments) for post in network.list_posts() if post.department in departments}


def _name(post: PostRow, departments: dict[UUID, Words]) -> Words:
    assert post.department is not None
    return _joined(departments[post.department], post.name)


@lru_cache(maxsize=1024)
def _joined(department: Words, post: Words) -> Words:
    return W("{department} · {post}", "{department}: {post}").format(department=department, post=post)


def steps(request: HttpRequest, task: UUID) -> dict[str, Step]:
    """The acts by the last part of their address."""
    reason = params.text(request, "reason", longest=2000)
    opinion = params.text(request, "opinion", longest=2000)
    to, outcome = params.text(request, "to"), params.text(request, "outcome")
    post, question = params.text(request, "post"), params.text(request, "question", longest=2000)
    return {
        "delegate": (
            lambda given: delegate_review(**given, task=task, to=params.uuid_or_none(to), reason=reason),
            W("已转办，完成前可以收回", "Handed on; you can take it back until it is done"),
        ),
        "take-back": (
            lambda given: take_back_review(**given, task=task),
            W("已收回转办的任务", "The task is yours again"),
        ),
        "countersign": (
            lambda given: ask_countersign(**given, task=task, post=post, question=question),
            W("已请求加签", "The question has been sent"),
        ),
        "withdraw-question": (
            lambda given: withdraw_countersign(**given, task=task, question=params.uuid_or_none(question)),
            W("已撤回加签", "The question is withdrawn"),
        ),
        "answer": (
            lambda given: answer_countersign(**given, task=task, outcome=outcome, opinion=opinion),
            W("已答复加签", "Your answer is sent"),
        ),
        "return-to": (
            lambda given: send_back_review(**given, task=task, to=to, reason=reason),
            W("已退回补查", "The work has gone back"),
        ),
    }
