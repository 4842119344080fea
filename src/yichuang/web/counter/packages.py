"""一件事 at the counter: found by its number, and seen as far as one of its cases is the desk's."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from yichuang.bundles.queries import get_bundle_for
from yichuang.core.clock import now
from yichuang.core.refusals import NotFound, Reason, Refused
from yichuang.core.words import W
from yichuang.web.counter.keys import frame, plain_problems
from yichuang.webkit.actor import actor_of
from yichuang.webkit.pages import render
from yichuang.webkit.params import text

UNKNOWN = Reason(
    "NOT_FOUND",
    W(
        "没有这个编号的一件事，或者其中没有本网点的办件",
        "No package has this number, or none of its cases is this place's",
    ),
    "/number",
)


def find(request: HttpRequest) -> HttpResponse:
    """By number; what is not there and what is not the desk's look alike."""
    actor, number = actor_of(request), text(request, "number", longest=40).upper()
    problems = plain_problems(None)
    if number:
        try:
            get_bundle_for(actor, number, at=now())
        except NotFound:
            problems = plain_problems(Refused(UNKNOWN))
        else:
            return HttpResponseRedirect(reverse("counter:package", args=[number]))
    context = {**frame(actor), "number": number, "problems": problems}
    return render(request, "counter/packages.html", context, status=422 if problems else 200)


def one(request: HttpRequest, number: str) -> HttpResponse:
    """The package with its clock; cases of other places are shown without their numbers."""
    actor = actor_of(request)
    return render(request, "counter/package.html", {**frame(actor), "page": get_bundle_for(actor, number, at=now())})
