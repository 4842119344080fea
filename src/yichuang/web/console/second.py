"""待复核 (四眼): what two holders of a power do together: asked for by one with the reason, confirmed by the other (docs/adr/0014)."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from yichuang.core import second
from yichuang.core.actors import Actor
from yichuang.core.clock import now
from yichuang.core.refusals import NotFound, Refused
from yichuang.core.second import Line, ProposalRow
from yichuang.core.words import W
from yichuang.people import commands
from yichuang.people import queries as people
from yichuang.web.console.pages import JsonDict, render, save
from yichuang.webkit import params
from yichuang.webkit.actor import actor_of

PROPOSED = W(
    "已提交复核，由另一位有同样权限的人在 24 小时内处理",
    "Proposed: another holder of the same power has 24 hours to answer",
)
DONE = W("已复核并执行", "Confirmed and done")
DECLINED = W("已记录不同意，提出人可以看到", "Declined; who asked can read it")
WITHDRAWN = W("已撤回", "Withdrawn")
THE_ACT = W("待复核事项", "proposal")
LONGEST = 20_000  # characters of the arguments: a hundred case numbers and more


def to_ask(
    request: HttpRequest, act: str, args: Mapping[str, Any], again: Callable[[Refused], HttpResponse]
) -> HttpResponse:
    """On to the page on which the reason is given, for an act that needs a second person; `again` shows why not."""
    try:
        second.preview(actor_of(request), act, args, at=now())
    except NotFound:
        raise
    except Refused as refused:
        return again(refused)
    query = {"act": act, "args": json.dumps(dict(args), ensure_ascii=False, sort_keys=True)}
    return HttpResponseRedirect(reverse("console:second-ask", query=query))


def listed(request: HttpRequest) -> HttpResponse:
    """What waits for a second person, and what became of the others: of the acts that one may do oneself."""
    rows = second.list_proposals(actor_of(request), at=now())
    context = {"waiting": [row for row in rows if row.state == "waiting"], "over": [row for row in rows if row.state != "waiting"]}  # fmt: skip
    return render(request, "console/second.html", context)


def ask(request: HttpRequest) -> HttpResponse:
    """What would happen, and why it is wanted."""
    act, args = params.text(request, "act", longest=60), _args(request)
    if request.method != "POST":
        return _ask_page(request, act, args)

    def do(actor: Actor, at: datetime) -> JsonDict:
        reason = params.text(request, "reason", longest=1000)
        return {"proposal": str(second.propose(actor=actor, act=act, args=args, reason=reason, at=at))}

    return save(
        request,
        "propose",
        do,
        done=PROPOSED,
        then=lambda answer: reverse("console:second-one", args=[answer["proposal"]]),
        again=lambda refused: _ask_page(request, act, args, refused),
    )


def _args(request: HttpRequest) -> dict[str, Any]:
    try:
        given = json.loads(params.text(request, "args", longest=LONGEST) or "{}")
    except ValueError:
        raise NotFound(THE_ACT) from None
    if not isinstance(given, dict):
        raise NotFound(THE_ACT)
    return given


def _ask_page(request: HttpRequest, act: str, args: dict[str, Any], refused: Refused | None = None) -> HttpResponse:
    actor, at = actor_of(request), now()
    lines: tuple[Line, ...] = ()
    try:
        lines = second.preview(actor, act, args, at=at)
    except NotFound:
        raise
    except Refused as told:
        refused = refused or told
    context = {
        "act": act,
        "args": json.dumps(args, ensure_ascii=False, sort_keys=True),
        "words": second.ACTS[act].words,
        "about": second.about(act, args),
        "lines": lines,
        "others": len(people.second_holders(act, args, but=actor.id, at=at)),
    }
    return render(request, "console/second_ask.html", context, refused)


def one(request: HttpRequest, proposal: UUID) -> HttpResponse:
    """One of them: its second person confirms or declines, its first takes it back."""
    if request.method != "POST":
        return _page(request, proposal)
    step = params.text(request, "step")
    do, done = _step(request, proposal, step)
    here = reverse("console:second-one", args=[proposal])
    return save(
        request,
        f"second_{step}",
        do,
        done=done,
        then=lambda _: here,
        again=lambda refused: _page(request, proposal, refused),
    )


def _step(request: HttpRequest, proposal: UUID, step: str) -> tuple[Callable[[Actor, datetime], JsonDict | None], Any]:
    def confirm(actor: Actor, at: datetime) -> JsonDict:
        row = second.get_proposal(actor, proposal, at=at)
        late = {name: params.text(request, name, longest=200) for name in second.ACTS[row.act].late}
        mark = params.text(request, "mark", longest=64)
        return dict(second.confirm(actor=actor, proposal=proposal, mark=mark, late=late, at=at))

    def decline(actor: Actor, at: datetime) -> None:
        second.decline(actor=actor, proposal=proposal, note=params.text(request, "note", longest=1000), at=at)

    def withdraw(actor: Actor, at: datetime) -> None:
        second.withdraw(actor=actor, proposal=proposal, at=at)

    steps = {"confirm": (confirm, DONE), "decline": (decline, DECLINED), "withdraw": (withdraw, WITHDRAWN)}
    if step not in steps:
        raise NotFound(THE_ACT)
    return steps[step]


def _page(request: HttpRequest, proposal: UUID, refused: Refused | None = None) -> HttpResponse:
    actor, at = actor_of(request), now()
    row = second.get_proposal(actor, proposal, at=at)
    lines: tuple[Line, ...] = ()
    if row.state == "waiting":
        try:
            lines = second.preview(actor, row.act, row.args, at=at)
        except (
            Refused
        ) as told:  # the world has moved on: said on the page, which still lets it be declined or taken back
            refused = refused or told
    late = second.ACTS[row.act].late
    waits_for_others = row.state == "waiting" and row.mine
    context = {
        "row": row,
        "others": len(people.second_holders(row.act, row.args, but=actor.id, at=at)) if waits_for_others else 0,
        "lines": lines,
        "mark": second.mark_of(lines),
        "page": _full(row),
        "password": commands.first_password() if "password" in late and row.state == "waiting" else "",
    }
    return render(request, "console/second_one.html", context, refused)


def _full(row: ProposalRow) -> str:
    """Where the same is to be read in full."""
    name, argument = second.ACTS[row.act].page
    return reverse(name, args=[row.args[argument]]) if name and row.state == "waiting" else ""
