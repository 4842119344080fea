"""为什么自动通过 / 为什么要人工: every rule that was tried, as the applicant may read it; and asking a person to look (人工复核)."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from yichuang.cases import queries as cases
from yichuang.cases.commands.ask_person import ask_person
from yichuang.core.clock import now
from yichuang.core.refusals import NotFound, Refused
from yichuang.core.words import W
from yichuang.webkit.actor import actor_of
from yichuang.webkit.pages import note, render
from yichuang.webkit.params import text
from yichuang.webkit.problems import NONE, problems_of

NO_RULES = W("这个办件没有自动核对的结果", "No rules were applied to this case")
ASKED = W("已申请人工复核，答复会写在这里", "A person will look at it; the answer will stand here")


def rules(request: HttpRequest, number: str) -> HttpResponse:
    """The page, and the request for a person to look."""
    if request.method != "POST":
        return _page(request, number)
    try:
        ask_person(actor=actor_of(request), number=number, reason=text(request, "reason", longest=2000), at=now())
    except NotFound:
        raise
    except Refused as refused:
        return _page(request, number, refused)
    note(request, ASKED)
    return HttpResponseRedirect(reverse("portal:rules", args=[number]))


def _page(request: HttpRequest, number: str, refused: Refused | None = None) -> HttpResponse:
    actor, at = actor_of(request), now()
    case = cases.get_case_for(actor, number, at=at)
    found = cases.at_once_of(actor, case, at=at)
    if found is None:
        raise NotFound(NO_RULES)
    context = {
        "case": case,
        "rules": found,
        "typed": text(request, "reason", longest=2000) if refused else "",
        "problems": problems_of(refused) if refused else NONE,
    }
    return render(request, "portal/cases/decision.html", context, status=refused.status if refused else 200)
