"""我的证照: one certificate of mine, what became of it, and my answer when an organ intends to end it."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from yichuang.cases import queries as cases
from yichuang.cases.aftermath import END_WORDS, STAGE_WORDS
from yichuang.cases.commands.proceedings import state_defence, waive_defence
from yichuang.core.clock import now
from yichuang.core.refusals import NotFound, Reason, Refused
from yichuang.core.words import W
from yichuang.registry.values import VALIDITY_WORDS
from yichuang.webkit.actor import actor_of
from yichuang.webkit.pages import note, render
from yichuang.webkit.params import text, whole
from yichuang.webkit.problems import NONE, problems_of

STATED = W(
    "陈述申辩已提交，机关作出决定前会复核", "Your answer is handed in; the authority weighs it before it decides"
)
WAIVED = W("已记录：您不陈述、申辩", "On record: you have nothing to say")


def about(request: HttpRequest, id: UUID) -> HttpResponse:
    """One certificate: what it says, what it is worth, what an organ intends or has decided."""
    return _page(request, id)


def defence(request: HttpRequest, id: UUID, proceeding: UUID) -> HttpResponse:
    """Answer an organ's notice (陈述、申辩), ask for a hearing, or say that there is nothing to say."""
    actor, at, version = actor_of(request), now(), whole(request, "version")
    waives = "_waive" in request.POST
    try:
        if waives:
            waive_defence(actor=actor, proceeding=proceeding, version=version, at=at)
        else:
            state_defence(
                actor=actor, proceeding=proceeding, version=version, statement=text(request, "statement", longest=2000),
                wants_hearing="hearing" in request.POST, at=at,
            )  # fmt: skip
    except NotFound:
        raise
    except Refused as refused:
        return _page(request, id, refused)
    note(request, WAIVED if waives else STATED)
    return HttpResponseRedirect(reverse("portal:certificate-about", args=[id]))


def _page(request: HttpRequest, id: UUID, refused: Refused | None = None) -> HttpResponse:
    page = cases.certificate_page(actor_of(request), id, at=now())
    problems = NONE
    if refused:
        problems = problems_of(
            [Reason(r.code, r.words, (r.field or "").strip("/") or None, r.basis) for r in refused.reasons]
        )
    context = {
        "page": page,
        "worth": VALIDITY_WORDS[page.worth],
        "acts": END_WORDS,
        "stages": STAGE_WORDS,
        "problems": problems,
        "follow": cases.follow_ups_of(actor_of(request), page.row, at=now()) if page.worth == "valid" else (),
        "statement": text(request, "statement", longest=2000) if refused else "",
    }
    return render(request, "portal/certificate.html", context, status=refused.status if refused else 200)
