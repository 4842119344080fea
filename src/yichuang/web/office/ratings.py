"""好差评: how the services of one's places and departments were rated, in sums; and what people wrote, without who."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from yichuang.core.clock import now
from yichuang.core.refusals import Refused
from yichuang.feedback import queries as feedback
from yichuang.feedback.figures import days_asked, rating_figures
from yichuang.feedback.values import FEWEST, LEVEL_WORDS
from yichuang.web.office.supervision import nav_of
from yichuang.webkit import params
from yichuang.webkit.actor import actor_of
from yichuang.webkit.pages import render
from yichuang.webkit.problems import NONE, problems_sent


def ratings(request: HttpRequest) -> HttpResponse:
    """The last thirty days, or the days that were chosen."""
    actor, at = actor_of(request), now()
    refused: Refused | None = None
    try:
        first, last = days_asked(params.day(request, "since"), params.day(request, "until"), at)
        figures = rating_figures(actor, since=first, until=last, at=at)
    except Refused as found:
        if found.kind == "forbidden":
            raise
        refused, (first, last) = found, days_asked(None, None, at)
        figures = rating_figures(actor, since=first, until=last, at=at)
    bad, cursor = "bad" in request.GET, params.text(request, "cursor") or None
    page = feedback.list_words(actor, since=first, until=last, at=at, bad=bad, cursor=cursor)
    context = {
        "nav": nav_of(actor),
        "figures": figures,
        "asked": request.GET if refused else {"since": first.isoformat(), "until": last.isoformat()},
        "levels": [(int(level), words) for level, words in LEVEL_WORDS.items()],
        "fewest": FEWEST,
        "words": page.items,
        "bad": bad,
        "first": _address(first, last, bad) if cursor else "",
        "more": _address(first, last, bad, page.next) if page.next else "",
        "all_words": _address(first, last, not bad),
        "problems": problems_sent(request, refused) if refused else NONE,
    }
    return render(request, "office/ratings.html", context, status=refused.status if refused else 200)


def _address(since: date, until: date, bad: bool, cursor: str = "") -> str:
    query = f"since={since}&until={until}{'&bad=1' if bad else ''}{f'&cursor={cursor}' if cursor else ''}"
    return f"{reverse('office:ratings')}?{query}"
