"""The machine itself: it comes in by its code, and says each minute that it lives."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from yichuang.core.clock import now
from yichuang.core.refusals import Refused
from yichuang.core.words import W
from yichuang.devices.commands import beat, enrol
from yichuang.devices.values import BROWSERS
from yichuang.webkit import params
from yichuang.webkit.actor import TOKEN_COOKIE, actor_of
from yichuang.webkit.limits import Misses
from yichuang.webkit.pages import render
from yichuang.webkit.problems import NONE, problems_sent

YEARS = 5 * 366 * 86400  # seconds: until it is revoked or replaced
CODES = Misses(
    "enrol-miss",
    20,
    W(
        "此网络输错启用码的次数过多，请一小时后再试",
        "Too many wrong codes from this network: please wait an hour",
    ),
    "/code",
)


def enrol_page(request: HttpRequest) -> HttpResponse:
    """启用设备: the code from the console is traded for the machine's token, which stays in this browser."""
    if request.method != "POST":
        return render(request, "kiosk/enrol.html", {"problems": NONE, "reader": None})
    at = now()
    try:
        CODES.check(request, at=at)
        enrolled = enrol(code=params.text(request, "code", longest=40), at=at)
    except Refused as refused:
        if refused.reasons[0].code == "CODE_UNKNOWN":
            CODES.count(request, at=at)
        context = {"problems": problems_sent(request, refused), "reader": None}
        return render(request, "kiosk/enrol.html", context, status=refused.status)
    if enrolled.kind not in BROWSERS:  # a reader's service keeps it; it is shown this once
        return render(request, "kiosk/enrol.html", {"problems": NONE, "reader": enrolled})
    request.session.flush()  # of whoever set the machine up
    answer = HttpResponseRedirect(reverse("kiosk:home"))
    answer.set_cookie(
        TOKEN_COOKIE,
        enrolled.bearer,
        max_age=YEARS,
        httponly=True,
        samesite="Strict",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return answer


def heartbeat(request: HttpRequest) -> HttpResponse:
    """心跳 of a kiosk or a board, with what its browser knows of itself."""
    beat(actor=actor_of(request), parts={"network": ""}, at=now())
    return HttpResponse(status=204)
