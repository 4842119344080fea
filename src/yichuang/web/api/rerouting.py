"""/administration/items/…/rerouting: 流程迁移, cases under review go on by the process of the item's newer version, along a map.

The item editor's, as on the console; a second editor confirms.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, P, Path, QueryEx, Router, Schema

from yichuang.cases.commands.move_process import (
    MOVE_PROCESS,
    default_map,
    movable_processes,
    move_process,
    same_kind,
    steps_to_map,
    words_of,
)
from yichuang.core.actors import Actor
from yichuang.core.clock import now
from yichuang.core.refusals import NotFound
from yichuang.core.words import W
from yichuang.web.api import translate
from yichuang.web.api.schemas import In, Label, Problem
from yichuang.web.api.second import ProposalOut, propose
from yichuang.web.api.shelf import AT_ONCE, MovingOut, moving
from yichuang.webkit.actor import actor_of

router = Router(tags=["administration"])
REFUSALS: dict[int, Any] = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
STEPS = 500  # of a map


class NewStepOut(Schema):
    id: str
    name: Label


class OldStepOut(NewStepOut):
    to: list[NewStepOut] = Field(description="steps of the newer process that are of its kind")


class ReroutedOut(MovingOut):
    left_out: list[Label] = Field(description="steps of the newer process that nobody would do: it is past them")


class ReroutingOut(Schema):
    steps: list[OldStepOut] = Field(description="of the older process, where a case may stand")
    names: dict[str, str] = Field(description="a map that suggests itself: the same step, where it is of the same kind")
    items: list[ReroutedOut] = Field(description="the cases, tried by that map; the oldest first")
    next: str | None = None


class ReroutedCasesOut(Schema):
    items: list[ReroutedOut]


class ReroutingIn(In):
    old: int = Field(ge=1, le=1_000_000)
    new: int = Field(ge=1, le=1_000_000)
    names: dict[str, str] = Field(max_length=STEPS, description="step of the older process → step of the newer one")
    numbers: list[str] = Field(min_length=1, max_length=AT_ONCE)


class RerouteIn(ReroutingIn):
    reason: str = Field(max_length=500, description="why; a second editor reads it")


@router.get(
    "/items/{code}/rerouting",
    response={200: ReroutingOut, **REFUSALS},
    url_name="rerouting",
    summary="流程迁移: the steps to be mapped, and which cases could go along",
)
def read(
    request: HttpRequest,
    code: Path[str],
    old: QueryEx[int, P(ge=1, le=1_000_000)],
    new: QueryEx[int, P(ge=1, le=1_000_000)],
    after: QueryEx[str, P(max_length=40)] = "",
) -> dict[str, Any]:
    """Nothing moves; a hundred at a time. No cases where both versions have the same process."""
    actor, at = actor_of(request), now()
    numbers = movable_processes(actor=actor, item=code, old=old, new=new, at=at)
    before, then = steps_to_map(code, old=old, new=new, at=at)
    names = default_map(before, then)
    start = numbers.index(after) + 1 if after in numbers else 0
    shown = numbers[start : start + AT_ONCE]
    steps = [
        {
            "id": one,
            "name": translate.label(words_of(before, one)),
            "to": [{"id": to, "name": translate.label(words_of(then, to))} for to in same_kind(before, one, then)],
        }
        for one in before.resting
    ]
    found = [_tried(actor, number, (old, new), names, at) for number in shown]
    more = start + AT_ONCE < len(numbers)
    return {"steps": steps, "names": names, "items": found, "next": shown[-1] if more else None}


@router.post(
    "/items/{code}/rerouting/try",
    response={200: ReroutedCasesOut, **REFUSALS},
    url_name="try_rerouting",
    summary="What a map would do to these cases; nothing moves",
)
def try_(request: HttpRequest, code: Path[str], body: ReroutingIn) -> dict[str, Any]:
    actor, at = actor_of(request), now()
    numbers = _known(actor, code, body, at)
    return {"items": [_tried(actor, number, (body.old, body.new), body.names, at) for number in numbers]}


@router.post(
    "/items/{code}/rerouting",
    response={202: ProposalOut, **REFUSALS},
    url_name="rerouting",
    summary="流程迁移: ask that these cases go on by the newer process; a second editor confirms",
)
def ask(request: HttpRequest, code: Path[str], body: RerouteIn) -> Any:
    """At the confirmation each moves with all its steps, or stays as it is."""
    numbers = _known(actor_of(request), code, body, now())
    args = {"item": code, "old": body.old, "new": body.new, "numbers": numbers, "names": body.names}
    return propose(request, MOVE_PROCESS, args, body.reason)


def _known(actor: Actor, code: str, body: ReroutingIn, at: datetime) -> list[str]:
    known = movable_processes(actor=actor, item=code, old=body.old, new=body.new, at=at)
    if set(body.numbers) - set(known):
        raise NotFound(W("办件", "case"))
    return sorted(set(body.numbers))


def _tried(
    actor: Actor, number: str, versions: tuple[int, int], names: Mapping[str, str], at: datetime
) -> dict[str, Any]:
    old, new = versions
    found = move_process(actor=actor, number=number, old=old, new=new, names=names, at=at, dry_run=True)
    return {**moving(found), "left_out": [translate.label(words) for words in found.left_out]}
