"""网上签署容缺承诺: read what may follow, by when, and what happens otherwise; sign it, or get the one-time notice."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from yichuang.cases import queries as cases
from yichuang.cases.commands.promise import decline_promise, sign_promise
from yichuang.cases.pages import CasePage
from yichuang.cases.states import Act
from yichuang.core.actors import Actor
from yichuang.core.clock import now
from yichuang.core.refusals import Conflict, NotFound, Refused
from yichuang.core.words import W
from yichuang.people import queries as people
from yichuang.web.portal.proving import named, prove, send_code
from yichuang.webkit.actor import actor_of
from yichuang.webkit.pages import note, render
from yichuang.webkit.params import text, whole
from yichuang.webkit.problems import NONE

NO_OFFER = W("现在没有可以签署的容缺承诺", "There is no promise to sign now")
SIGNED = W(
    "已签署，申请已容缺受理，请按期补交材料", "Signed: your application is accepted. Hand in the papers by their days"
)
DECLINED = W(
    "已一次性告知全部需要补正的材料，请见下方清单", "Everything that is missing is listed below, in one notice"
)


def promise(request: HttpRequest, number: str) -> HttpResponse:
    """The letter, and its signature."""
    actor, at = actor_of(request), now()
    page = cases.get_case_for(actor, number, at=at)
    if Act.SIGN_PROMISE not in page.acts:
        return _nothing_to_sign(request, number)
    if request.method != "POST":
        return _letter(request, actor, page, at)
    try:
        if "_code" in request.POST:
            send_code(request, actor, at)
            return HttpResponseRedirect(reverse("portal:promise", args=[number]) + "#f-code")
        _sign(request, actor, number, at)
    except NotFound:
        raise
    except Refused as refused:
        page = cases.get_case_for(actor, number, at=at)
        if Act.SIGN_PROMISE not in page.acts:  # somebody else was faster
            return _nothing_to_sign(request, number)
        return _letter(request, actor, page, at, refused)
    note(request, SIGNED)
    return HttpResponseRedirect(reverse("portal:case", args=[number]))


def _sign(request: HttpRequest, actor: Actor, number: str, at: datetime) -> None:
    agreed, letter = "agreed" in request.POST, text(request, "letter", longest=16)
    proof = prove(request, actor, at, *cases.why_unsigned(actor, number, letter=letter, agreed=agreed, at=at))
    sign_promise(
        actor=actor,
        number=number,
        version=whole(request, "version"),
        letter=letter,
        agreed=agreed,
        proof=proof,
        at=at,
    )


def _nothing_to_sign(request: HttpRequest, number: str) -> HttpResponse:
    note(request, NO_OFFER, kind="info")
    return HttpResponseRedirect(reverse("portal:case", args=[number]))


def _letter(
    request: HttpRequest, actor: Actor, page: CasePage, at: datetime, refused: Refused | None = None
) -> HttpResponse:
    try:
        letter = cases.promise_to_sign(actor, page.number, at=at)
    except Conflict:  # offered, but what is missing may no longer follow
        return _nothing_to_sign(request, page.number)
    context = {
        "case": page,
        "letter": letter,
        "applicant": people.get_party(page.applicant),
        "phone": people.phone_of(actor),
        "agreed": "agreed" in request.POST,
        "problems": named(refused) if refused else NONE,
        "change": refused.change if isinstance(refused, Conflict) else None,
    }
    return render(request, "portal/cases/promise.html", context, status=refused.status if refused else 200)


def decline(request: HttpRequest, number: str) -> HttpResponse:
    """Ask once more, then have everything told at once."""
    actor, at = actor_of(request), now()
    page = cases.get_case_for(actor, number, at=at)
    if Act.DECLINE_PROMISE not in page.acts:
        return _nothing_to_sign(request, number)
    if request.method != "POST":
        return render(request, "portal/cases/decline.html", {"case": page, "problems": NONE})
    try:
        decline_promise(actor=actor, number=number, version=whole(request, "version"), at=at)
    except NotFound:
        raise
    except Refused as refused:
        page = cases.get_case_for(actor, number, at=at)
        return render(
            request, "portal/cases/decline.html", {"case": page, "problems": named(refused)}, status=refused.status
        )
    note(request, DECLINED)
    return HttpResponseRedirect(reverse("portal:case", args=[number]))
