"""刷脸核验 before an application is filed: agreeing, going to the platform, coming back."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from yichuang.core.clock import now
from yichuang.core.refusals import NotFound, Refused
from yichuang.core.words import W
from yichuang.people.commands import ask_face_check, set_face_aside, take_face_answer
from yichuang.web.portal import filing
from yichuang.web.portal.filing import CHECK
from yichuang.web.portal.proving import named
from yichuang.web.portal.views_filing import check_again
from yichuang.webkit.actor import actor_of
from yichuang.webkit.pages import note, render

SEEN = W("刷脸核验已有结果", "The face check has an answer")
NOT_YET = W(
    "还没有刷脸结果。请完成刷脸，或者改用其他方式",
    "There is no answer yet. Finish the face check, or choose another way",
)

BY_PEOPLE = W(
    "已改由工作人员核实。现在就可以提交，不用再刷脸",
    "Staff will check it instead. You can submit now, without showing your face",
)


def ask(request: HttpRequest, draft: UUID) -> HttpResponse:
    """Agreed, and on to the platform: by a link, for a form may lead nowhere but back here."""
    actor, at = actor_of(request), now()
    work = filing.open_draft(actor, draft, at=at)
    if filing.face_of(work, actor, at=at) is None:
        raise NotFound(W("刷脸核验", "face check"))
    back = settings.YICHUANG_BASE_URL + reverse("portal:file-face-back", args=[draft])
    try:
        address = ask_face_check(
            actor=actor, item=work.pack.code, agreed="face_agreed" in request.POST, return_to=back, at=at
        )
    except NotFound:
        raise
    except Refused as refused:
        return check_again(request, work, named(refused))
    return render(request, "portal/filing/face.html", {"work": work, "address": address})


def aside(request: HttpRequest, draft: UUID) -> HttpResponse:
    """No face any more: people decide, and the application can be filed at once."""
    actor, at = actor_of(request), now()
    work = filing.open_draft(actor, draft, at=at)
    set_face_aside(actor=actor, item=work.pack.code, at=at)
    note(request, BY_PEOPLE)
    return HttpResponseRedirect(reverse("portal:file", args=[draft, CHECK]))


def back(request: HttpRequest, draft: UUID) -> HttpResponse:
    """The platform sent them back: what it says is asked of it, not read from the address."""
    actor, at = actor_of(request), now()
    work = filing.open_draft(actor, draft, at=at)
    try:
        seen = take_face_answer(actor=actor, item=work.pack.code, at=at)
        note(request, SEEN if seen else NOT_YET, kind="info")  # an answer is no pass: the page below says which it is
    except NotFound:
        raise
    except Refused as refused:
        return check_again(request, work, named(refused))
    return HttpResponseRedirect(reverse("portal:file", args=[draft, CHECK]))
