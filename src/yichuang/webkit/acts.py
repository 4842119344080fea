"""Doing an act on a case from a door: what every act is given, and what a page answers when it is done or refused."""

from collections.abc import Callable
from datetime import datetime
from typing import TypedDict

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from yichuang.cases.commands.accept import MaterialFinding
from yichuang.core.actors import Actor
from yichuang.core.clock import now
from yichuang.core.refusals import NotFound, Refused
from yichuang.core.words import Words
from yichuang.webkit import params
from yichuang.webkit.actor import actor_of
from yichuang.webkit.pages import note


class Given(TypedDict):
    """What a command on a case asks of the door: who, which case, the version they looked at, and when."""

    actor: Actor
    number: str
    version: int
    at: datetime


def given(request: HttpRequest, number: str, version: int | None = None) -> Given:
    """The actor and the clock of this request; the version that the page carried, or the one that a program sent.

    A page without a version gives 0, which is never right: the command answers that the case has changed.
    """
    seen = params.whole(request, "version") if version is None else version
    return Given(actor=actor_of(request), number=number, version=seen, at=now())


def act(
    request: HttpRequest,
    number: str,
    do: Callable[[Given], object],
    *,
    done: Words,
    then: str,
    again: Callable[[Refused], HttpResponse],
) -> HttpResponse:
    """`settle` of an act on a case, which is told who, which case, which version and when."""
    return settle(request, lambda: do(given(request, number)), done=done, then=then, again=again)


def settle(
    request: HttpRequest,
    do: Callable[[], object],
    *,
    done: Words | None,
    then: str,
    again: Callable[[Refused], HttpResponse],
) -> HttpResponse:
    """Do something and go to `then` with a note (None: `do` has said it); a refusal shows the page `again`, with the reasons and what was typed.

    What is not there, or not theirs, is a 404 like anywhere.
    """
    try:
        do()
    except NotFound:
        raise
    except Refused as refused:
        return again(refused)
    if done is not None:
        note(request, done)
    return HttpResponseRedirect(then)


def read_findings(request: HttpRequest) -> dict[str, MaterialFinding]:
    """What was found of each paper, as posted: "state:owner_id", "fault:owner_id", "original:owner_id".

    A paper with an empty state is one of which nothing was said.
    """
    return {
        name.removeprefix("state:"): MaterialFinding(
            str(request.POST.get(name, ""))[:20],
            str(request.POST.get("fault:" + name.removeprefix("state:"), "")).strip(),
            "original:" + name.removeprefix("state:") in request.POST,
        )
        for name in request.POST
        if name.startswith("state:") and request.POST[name]
    }
