"""我的账号: what is known of me, my e-mail address; 我的消息: what I was told."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from yichuang.core.clock import now
from yichuang.core.refusals import NotFound, Refused
from yichuang.core.words import W, Words
from yichuang.notices import queries as notices
from yichuang.people import commands as people
from yichuang.people import queries
from yichuang.web.portal.proving import named
from yichuang.webkit.actor import actor_of
from yichuang.webkit.languages import locale_of
from yichuang.webkit.pages import note, render
from yichuang.webkit.params import client_address, text
from yichuang.webkit.problems import NONE

KEPT = W("邮箱已登记，办件进度会同时发到这里", "Your address is kept; news of your cases goes there too")
REMOVED = W("邮箱已删除，不再向它发送消息", "Your address is removed; nothing is sent there any more")
MOST = 20


def account(request: HttpRequest) -> HttpResponse:
    """My data as it is known here, and my e-mail address: asked for, proved by a code, removed."""
    if request.method != "POST":
        return _page(request)
    step = text(request, "step")
    try:
        if step == "remove":
            people.remove_email(actor=actor_of(request), at=now())
            return _done(request, REMOVED)
        if step == "code":
            people.confirm_email(
                actor=actor_of(request),
                email=text(request, "email", longest=260),
                code=text(request, "code", longest=12),
                address=client_address(request),
                at=now(),
            )
            return _done(request, KEPT)
        people.send_email_code(
            actor=actor_of(request),
            email=text(request, "email", longest=260),
            address=client_address(request),
            locale=locale_of(request),
            at=now(),
        )
    except Refused as refused:
        return _page(request, refused, asking=step == "code")
    return _page(request, asking=True)


def _done(request: HttpRequest, words: Words) -> HttpResponse:
    note(request, words)
    return HttpResponseRedirect(reverse("portal:account"))


def _page(request: HttpRequest, refused: Refused | None = None, *, asking: bool = False) -> HttpResponse:
    """`asking`: a code is on its way and is asked for."""
    actor = actor_of(request)
    if actor.id is None:
        raise NotFound(W("账号", "account"))
    context = {
        "me": queries.get_party(actor.id),
        "email": text(request, "email", longest=260) if request.method == "POST" else "",
        "asking": asking,
        "errors": named(refused) if refused else NONE,
    }
    return render(request, "portal/account.html", context, status=refused.status if refused else 200)


def messages(request: HttpRequest) -> HttpResponse:
    """What I was told, newest first: a citizen's news of cases, a member of staff's tasks and orders."""
    actor = actor_of(request)
    page = notices.page_inbox(actor.id, limit=MOST, cursor=text(request, "cursor") or None) if actor.id else None
    return render(request, "portal/messages.html", {"page": page})
