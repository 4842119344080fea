"""告知书和陈述申辩: whoever was told of their right to be heard reads what touches them and answers, with or without an account."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from yichuang.cases import queries as cases
from yichuang.cases.commands.answer_notice import answer_notice, claim_notice, open_notice
from yichuang.cases.pages import NoticePage
from yichuang.catalog.values import FileRule
from yichuang.core.actors import Actor
from yichuang.core.clock import now
from yichuang.core.refusals import NotFound, Reason, Refused
from yichuang.core.words import W
from yichuang.web.portal import uploads
from yichuang.web.portal.by_code import CodeDoor, holder_of
from yichuang.webkit.actor import actor_of
from yichuang.webkit.limits import Misses
from yichuang.webkit.pages import note, render
from yichuang.webkit.params import text
from yichuang.webkit.problems import NONE, Problems, problems_of

FILES = "files"
MOST = 10
CODES = Misses(
    "answer-miss",
    60,
    W(
        "此网络输错答复码次数过多，请一小时后再试，或者联系告知您的部门",
        "Too many wrong codes from this network: please wait an hour, or ask the department that told you",
    ),
    "code",
)
DOOR = CodeDoor(
    lambda code, at: cases.notice_by_code(code, at=at),
    CODES,
    W("没有找到这个答复码，请核对告知书或者短信", "This code is not known: please check the notice or the message"),
    "portal/cases/heard_ask.html",
    "portal:heard",
)
SENT = W("已提交，部门可以看到", "Sent; the department can read it")
ASKED = W("已提交，并已要求举行听证", "Sent, with your wish for a hearing")
CLAIMED = W("已放入您的账户", "It is in your account now")


def enter(request: HttpRequest) -> HttpResponse:
    """Type the code by hand; who is signed in takes the notice into the account."""
    actor = actor_of(request)
    signed_in = actor.kind == "person"

    def claimed(code: str, at: datetime) -> HttpResponse | None:
        if not signed_in or "claim" not in request.POST:
            return None
        notice = claim_notice(actor=actor, code=code, at=at)
        note(request, CLAIMED)
        return HttpResponseRedirect(reverse("portal:notice", args=[notice]))

    return DOOR.enter(request, {"signed_in": signed_in}, claimed)


def heard(request: HttpRequest, code: str) -> HttpResponse:
    """The notice behind a code, without an account."""
    at = now()
    page = DOOR.open(request, code, at)
    return _notice(request, holder_of(request, page.case, page.id), page, at, code)


def notices(request: HttpRequest) -> HttpResponse:
    """The notices that went to me."""
    return render(request, "portal/cases/notices.html", {"rows": cases.notices_of(actor_of(request), at=now())})


def notice(request: HttpRequest, notice: UUID) -> HttpResponse:
    """One of them, and my answer. Opening it is its service (电子送达), for who agreed to that."""
    actor, at = actor_of(request), now()
    open_notice(actor=actor, party=notice, at=at)
    return _notice(request, actor, cases.notice_for(actor, notice, at=at), at, "")


def _notice(request: HttpRequest, actor: Actor, page: NoticePage, at: datetime, code: str) -> HttpResponse:
    here = reverse("portal:heard", args=[code]) if code else reverse("portal:notice", args=[page.id])
    if request.method != "POST":
        return _notice_page(request, page, here, NONE, (), code)
    before = uploads.kept(request, actor, [FILES])[FILES]
    fresh: list[UUID] = []
    reasons: list[Reason] = []
    if any(request.FILES.getlist(FILES)):
        fresh, reasons = uploads.store(request, actor, FILES, rule=FILE_RULE, had=len(before), at=at)
    ready = [*(row.id for row in before), *fresh]
    if not reasons:
        try:
            asked = answer_notice(
                actor=actor, party=page.id, words=text(request, "words", longest=5000), asks="asks" in request.POST,
                uploads=ready, code=code, at=at,
            )  # fmt: skip
        except NotFound:
            raise
        except Refused as refused:
            return _notice_page(request, page, here, problems_of(refused), cases.list_uploads(actor, ready), code)
        note(request, ASKED if asked else SENT)
        return HttpResponseRedirect(here)
    return _notice_page(request, page, here, problems_of(reasons), cases.list_uploads(actor, ready), code)


def _notice_page(
    request: HttpRequest, page: NoticePage, here: str, problems: Problems, kept: tuple[object, ...], code: str
) -> HttpResponse:
    typed = request.POST if problems else {}
    context = {"notice": page, "here": here, "errors": problems, "typed": typed, "kept": kept, "code": code}
    context |= {"rule": FILE_RULE, "accepts": uploads.accepts(FILE_RULE)}
    return render(request, "portal/cases/heard.html", context, status=422 if problems else 200)


FILE_RULE = FileRule(kinds=("jpg", "png", "pdf", "ofd"), least=0, most=MOST, max_mb=20)
