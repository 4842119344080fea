"""评价: the page that a message, a ticket, a case or the QR of a window leads to; what I may still rate."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from yichuang.core.clock import now
from yichuang.core.ids import new_id
from yichuang.core.refusals import NotFound, Refused
from yichuang.core.words import W
from yichuang.feedback import queries as feedback
from yichuang.feedback.commands.rate import rate as rate_service
from yichuang.feedback.values import LEVEL_WORDS, LONGEST
from yichuang.webkit import params
from yichuang.webkit.actor import actor_of
from yichuang.webkit.pages import note, render
from yichuang.webkit.problems import NONE, problems_sent

THANKS = W("已收到您的评价，谢谢", "Your rating has arrived. Thank you")


def rate(request: HttpRequest, token: str) -> HttpResponse:
    """One service: the form, or that it is rated, or over."""
    actor, at = actor_of(request), now()
    asked = feedback.open_rating(actor, token, at=at)
    refused: Refused | None = None
    if request.method == "POST":
        try:
            rate_service(
                actor=actor,
                token=token,
                level=params.whole(request, "level") or None,
                tags=params.several(request, "tags"),
                words=params.text(request, "words", longest=2000),
                key=params.text(request, "key", longest=80),
                at=at,
            )
        except NotFound:
            raise
        except Refused as found:
            refused = found
            asked = feedback.open_rating(actor, token, at=at)
        else:
            note(request, THANKS)
            return HttpResponseRedirect(reverse("portal:rate", args=[token]))
    context = {
        "asked": asked,
        "token": token,
        "levels": [(int(level), words) for level, words in LEVEL_WORDS.items()],
        "longest": LONGEST,
        "press_key": params.text(request, "key", longest=80) if refused else new_id().hex,
        "typed": request.POST if refused else {},
        "ticked": params.several(request, "tags") if refused else [],
        "problems": problems_sent(request, refused) if refused else NONE,
    }
    return render(request, "portal/rate.html", context, status=refused.status if refused else 200)


def mine(request: HttpRequest) -> HttpResponse:
    """What I may still rate."""
    return render(request, "portal/ratings.html", {"rows": feedback.list_to_rate(actor_of(request), at=now())})
