"""移送 from a staff door: the page that asks where to and why, and where somebody stands when it is done."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from yichuang.cases import queries as cases
from yichuang.cases.commands.transfer import transfer_case
from yichuang.cases.turns import TRANSFER_WORDS
from yichuang.core.clock import now
from yichuang.core.refusals import Conflict, NotFound, Refused
from yichuang.core.words import W
from yichuang.webkit import params
from yichuang.webkit.actor import actor_of
from yichuang.webkit.acts import given
from yichuang.webkit.pages import note, render
from yichuang.webkit.problems import NONE, problems_of

TRANSFERRED = W("已移送，告知书已生成，申请人已收到通知", "Transferred; the notice is ready and the applicant told")


def transfer(
    request: HttpRequest, number: str, *, door: str, home: str, frame: Mapping[str, Any]
) -> HttpResponse:  # fmt: skip
    """Where the case may go, and sending it there. `door` is the name of the pages, `home` the list to go back to."""
    actor, at = actor_of(request), now()
    page = cases.get_case_for(actor, number, at=at)
    refused: Refused | None = None
    if request.method == "POST":
        kind, _, code = params.text(request, "to").partition(":")
        try:
            transfer_case(
                **given(request, number),
                ground=params.text(request, "ground"),
                reason=params.text(request, "reason", longest=1000),
                to_place=code if kind == "place" else "",
                to_department=code if kind == "department" else "",
            )
        except NotFound:
            raise
        except Refused as found:
            refused = found
        else:
            return _after(request, number, door, home)
        page = cases.get_case_for(actor, number, at=at)
    context = {
        **frame,
        "case": page,
        "targets": cases.transfer_targets(actor, number, at=at),
        "transfer_grounds": TRANSFER_WORDS,
        "typed": request.POST if refused else {},
        "change": refused.change if isinstance(refused, Conflict) else None,
        "problems": problems_of(refused) if refused else NONE,
    }
    return render(request, f"{door}/transfer.html", context, status=refused.status if refused else 200)


def _after(request: HttpRequest, number: str, door: str, home: str) -> HttpResponse:
    """To the case while it may still be opened, else to the list: who sent it away may have nothing to do with it now."""
    note(request, TRANSFERRED)
    try:
        cases.timeline(actor_of(request), number)
    except NotFound:
        return HttpResponseRedirect(reverse(f"{door}:{home}"))
    return HttpResponseRedirect(reverse(f"{door}:case", args=[number]))
