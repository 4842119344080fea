"""接力码: one's own draft with a code to go on with at a window, a community, a kiosk, or another phone; and who did what."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from yichuang.cases import queries as cases
from yichuang.cases.commands.relay import draft_of_code, make_relay_code
from yichuang.core.clock import now
from yichuang.core.refusals import NotFound, Reason, Refused
from yichuang.core.words import W
from yichuang.web.portal.drafts import get_line
from yichuang.webkit.actor import actor_of
from yichuang.webkit.limits import RELAYS
from yichuang.webkit.pages import render
from yichuang.webkit.params import text
from yichuang.webkit.pictures import qr_of
from yichuang.webkit.problems import NONE, problems_of

UNKNOWN = W(
    "没有找到：接力码错了、过期了，或者不是您的草稿。请核对，或者在原来的手机上重新生成",
    "Nothing found: the code is wrong or over, or the draft is not yours. Check it, or make a new one where you began",
)


def relay(request: HttpRequest, draft: UUID) -> HttpResponse:
    """A new code when it is asked for; below, who did what with the draft."""
    actor, at = actor_of(request), now()
    line = get_line(actor, draft, at=at)
    made = make_relay_code(actor=actor, draft=draft, at=at) if request.method == "POST" else None
    address = request.build_absolute_uri(reverse("portal:relay-open", args=[made.code])) if made else ""
    context = {
        "line": line,
        "made": made,
        "code": f"{made.code[:4]} {made.code[4:]}" if made else "",
        "qr": qr_of(address) if made else None,
        "steps": cases.relay_steps(actor, draft),
    }
    return render(request, "portal/filing/relay.html", context)


def enter(request: HttpRequest) -> HttpResponse:
    """Type the code of one's own draft by hand."""
    if request.method != "POST":
        return _page(request, "")
    return _open(request, text(request, "code", longest=20))


def opened(request: HttpRequest, code: str) -> HttpResponse:
    """The code as its picture carries it: one's own draft, where it was left."""
    return _open(request, code)


def _open(request: HttpRequest, code: str) -> HttpResponse:
    at = now()
    try:
        RELAYS.check(request, at=at)
        draft = draft_of_code(actor=actor_of(request), code=code, at=at)
    except NotFound:
        RELAYS.count(request, at=at)
        return _page(request, code, Refused(Reason("NO_CODE", UNKNOWN, "code"), kind="missing"))
    except Refused as refused:
        return _page(
            request, code, Refused(*(Reason(r.code, r.words, "code") for r in refused.reasons), kind=refused.kind)
        )
    return HttpResponseRedirect(reverse("portal:resume", args=[draft]))


def _page(request: HttpRequest, code: str, refused: Refused | None = None) -> HttpResponse:
    context = {"code": code[:20], "errors": problems_of(refused) if refused else NONE}
    return render(request, "portal/filing/relay_ask.html", context, status=refused.status if refused else 200)
