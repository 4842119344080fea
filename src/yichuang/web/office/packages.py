"""一件事 in the office: what a case belongs to, who holds the clock, what waits for this department."""

from django.http import HttpRequest, HttpResponse

from yichuang.bundles.queries import get_bundle_for
from yichuang.core.clock import now
from yichuang.web.office.supervision import nav_of
from yichuang.webkit.actor import actor_of
from yichuang.webkit.pages import render


def one(request: HttpRequest, number: str) -> HttpResponse:
    """The package; cases of other departments are shown without their numbers."""
    actor = actor_of(request)
    page = get_bundle_for(actor, number, at=now())
    return render(request, "office/package.html", {"nav": nav_of(actor), "page": page})
