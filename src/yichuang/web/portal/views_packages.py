"""一件事: what packages there are, mine, and the page of one with its items, its clock and its results."""

from django.http import HttpRequest, HttpResponse

from yichuang.bundles import queries as bundles
from yichuang.core.clock import now
from yichuang.feedback import queries as feedback
from yichuang.webkit.actor import actor_of
from yichuang.webkit.pages import render


def packages(request: HttpRequest) -> HttpResponse:
    """Every package that is offered."""
    return render(request, "portal/packages/list.html", {"packages": bundles.list_packages()})


def package(request: HttpRequest, code: str) -> HttpResponse:
    """The guide: which items, who does them, how long, what is asked once, and what follows when one is refused."""
    return render(request, "portal/packages/guide.html", {"guide": bundles.get_guide(code, at=now())})


def my_packages(request: HttpRequest) -> HttpResponse:
    """Mine: those under way, those that ended, and what is not filed yet."""
    actor = actor_of(request)
    rows = bundles.list_my_bundles(actor)
    context = {
        "running": [row for row in rows if not row.ended],
        "ended": [row for row in rows if row.ended],
        "drafts": bundles.list_drafts(actor),
    }
    return render(request, "portal/packages/mine.html", context)


def one(request: HttpRequest, number: str) -> HttpResponse:
    """One filed package."""
    at = now()
    page = bundles.get_bundle_for(actor_of(request), number, at=at)
    rating = feedback.find_asked("package", page.id, at=at) if page.is_mine and page.outcome else None
    return render(request, "portal/packages/one.html", {"page": page, "rating": rating})


def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """One receipt for the whole package."""
    page = bundles.get_bundle_for(actor_of(request), number, at=now())
    return render(request, "portal/packages/receipt.html", {"page": page})
