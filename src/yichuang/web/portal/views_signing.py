"""共同签署: ask the others to sign a draft, see who is missing; read what one is asked to sign, sign it or say why not."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from yichuang.cases import queries as cases
from yichuang.cases.commands.at_once import decide_at_once
from yichuang.cases.commands.cosign import ask_signatures, end_signing, refuse_to_sign, sign
from yichuang.cases.cosigning import (
    HOW_WORDS,
    SIGNATURE_WORDS,
    SIGNING_WORDS,
    SignaturePage,
    SignatureState,
    SigningPage,
    SigningState,
)
from yichuang.core.actors import Actor
from yichuang.core.clock import now
from yichuang.core.refusals import Conflict, NotFound, Reason, Refused
from yichuang.core.words import W
from yichuang.people import queries as people
from yichuang.web.portal import filing
from yichuang.web.portal.filed import filed_as, filing_of, promised, unless_filed
from yichuang.web.portal.proving import named, prove, send_code
from yichuang.webkit.actor import actor_of
from yichuang.webkit.languages import locale_of
from yichuang.webkit.pages import note, render
from yichuang.webkit.params import text
from yichuang.webkit.problems import NONE
from yichuang.webkit.signing import choices_of, papers_of, sections_of

NOT_READ = Reason("NOT_READ", W("请先阅读，再勾选同意", "Read it first, then tick that you agree"), "/agreed")
THE_SIGNING = W("签署", "signature")
ASKED = W("已经请其他人签署；都签了就自动提交", "The others are asked to sign; it is filed as soon as all have")
ENDED = W("已撤回，签署作废；草稿还在", "Taken back; the signatures are void and the draft is still here")
SIGNED = W("已签署", "Signed")
SIGNED_LAST = W("已签署。大家都签了，申请已经提交", "Signed. You were the last one: the application is filed")
STUCK = W("已签署，但没能提交，发起人会收到原因", "Signed, but it could not be filed; who asked is told why")
REFUSED = W("已告诉发起人您不同意，申请没有提交", "Who asked is told that you do not agree; nothing is filed")


def ask(request: HttpRequest, draft: UUID) -> HttpResponse:
    """From the check page: everybody else is asked, and the one who asks has signed by it."""
    from yichuang.web.portal.views_filing import check_again

    actor, at = actor_of(request), now()
    work = filing.open_draft(actor, draft, at=at)
    try:
        if "_code" in request.POST:
            send_code(request, actor, at)
            return HttpResponseRedirect(reverse("portal:file", args=[draft, work.steps[-1].id]) + "#f-code")
        proof = prove(request, actor, at)
        ask_signatures(actor=actor, filing=filing_of(work, locale_of(request), proof, promised(request), at=at), at=at)
    except NotFound:
        raise
    except Refused as refused:
        return check_again(request, work, named(refused))
    note(request, ASKED)
    return HttpResponseRedirect(reverse("portal:signing", args=[draft]))


@unless_filed
def signing(request: HttpRequest, draft: UUID) -> HttpResponse:
    """Who has signed and who is missing; taken back from here."""
    actor, at = actor_of(request), now()
    page = cases.find_signing(actor, draft)
    if page is None:
        raise NotFound(THE_SIGNING)
    if number := filed_as(actor, draft):  # by the last signature, or without them
        return HttpResponseRedirect(reverse("portal:receipt", args=[number]))
    if request.method == "POST":
        end_signing(actor=actor, signing=page.id, at=at)
        note(request, ENDED)
        return HttpResponseRedirect(reverse("portal:resume", args=[draft]))
    return render(
        request,
        "portal/signing/mine.html",
        _words(page) | {"has_draft": any(row.id == draft for row in cases.list_drafts(actor))},
    )


def _words(page: SigningPage) -> dict[str, Any]:
    return {
        "signing": page,
        "state": SIGNING_WORDS[page.state],
        "open": page.state is SigningState.OPEN,
        "said": SIGNATURE_WORDS,
        "how": HOW_WORDS,
    }


def listed(request: HttpRequest) -> HttpResponse:
    """What waits for my signature, and what I asked of others."""
    actor = actor_of(request)
    rows = cases.list_signatures(actor)
    context = {
        "waiting": [one for one in rows if one.is_open],
        "past": [one for one in rows if not one.is_open],
        "asked": cases.list_signings(actor),
        "said": SIGNATURE_WORDS,
        "states": SIGNING_WORDS,
        "asked_state": SignatureState.ASKED,
    }
    return render(request, "portal/signing/list.html", context)


def one(request: HttpRequest, signature: UUID) -> HttpResponse:
    """The whole application, as it will be filed; sign it, or say why not."""
    actor, at = actor_of(request), now()
    page = cases.get_signature(actor, signature)
    if request.method != "POST":
        return _show(request, actor, page, at)
    try:
        if "_code" in request.POST:
            send_code(request, actor, at)
            return HttpResponseRedirect(reverse("portal:signature", args=[signature]) + "#f-code")
        if "_refuse" in request.POST:
            refuse_to_sign(actor=actor, signature=signature, reason=text(request, "reason", longest=500), at=at)
            note(request, REFUSED)
        else:
            _sign(request, actor, page, at)
    except NotFound:
        raise
    except Refused as refused:
        return _show(request, actor, cases.get_signature(actor, signature), at, refused)
    return HttpResponseRedirect(reverse("portal:signatures"))


def _sign(request: HttpRequest, actor: Actor, page: SignaturePage, at: datetime) -> None:
    agreed, mark = "agreed" in request.POST, text(request, "mark", longest=64)
    proof = prove(request, actor, at, *([] if agreed else [NOT_READ]))
    done = sign(actor=actor, signature=page.id, mark=mark, agreed=agreed, proof=proof, at=at)
    if done.case is not None and done.judged:
        decide_at_once(case=done.case, at=now())
    note(request, SIGNED_LAST if done.case else STUCK if done.state is SigningState.STUCK else SIGNED)


def _show(
    request: HttpRequest, actor: Actor, page: SignaturePage, at: datetime, refused: Refused | None = None
) -> HttpResponse:
    context = {
        "one": page,
        "sections": sections_of(page, at),
        "choices": choices_of(page, at),
        "papers": papers_of(page, at),
        "said": SIGNATURE_WORDS,
        "states": SIGNING_WORDS,
        "asked_state": SignatureState.ASKED,
        "phone": people.phone_of(actor),
        "agreed": "agreed" in request.POST,
        "reason": text(request, "reason", longest=500),
        "problems": named(refused) if refused else NONE,
        "change": refused.change if isinstance(refused, Conflict) else None,
    }
    return render(request, "portal/signing/one.html", context, status=refused.status if refused else 200)
