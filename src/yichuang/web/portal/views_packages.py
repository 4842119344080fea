"""一件事: what packages there are, mine, and the page of one with its items, its clock and its results."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from yichuang.bundles import queries as bundles
from yichuang.bundles.commands.complete import complete_part
from yichuang.core.clock import now
from yichuang.core.refusals import NotFound, Refused
from yichuang.core.words import W
from yichuang.webkit.actor import actor_of
from yichuang.webkit.areas import with_places
from yichuang.webkit.forms import parse_schema_post, render_schema
from yichuang.webkit.pages import note, render
from yichuang.webkit.problems import problems_of


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
    page = bundles.get_bundle_for(actor_of(request), number, at=now())
    return render(request, "portal/packages/one.html", {"page": page})


def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """One receipt for the whole package."""
    page = bundles.get_bundle_for(actor_of(request), number, at=now())
    return render(request, "portal/packages/receipt.html", {"page": page})


def complete(request: HttpRequest, number: str, slot: str) -> HttpResponse:
    """What an item's turn asks for; it is filed as soon as that is right."""
    actor, at = actor_of(request), now()
    asked = bundles.get_asked(actor, number, slot, at=at)
    schema = with_places(asked.schema)
    form, errors = dict(asked.form), problems_of(asked.reasons)
    if request.method == "POST":
        form = parse_schema_post(schema, request.POST, form)
        try:
            complete_part(actor=actor, number=number, slot=slot, form=form, at=at)
        except NotFound:
            raise
        except Refused as refused:
            errors = problems_of(refused)
        else:
            note(request, W("“{name}”已提交", "“{name}” is filed").format(name=asked.name))
            return HttpResponseRedirect(reverse("portal:package-one", args=[number]))
    drawn = render_schema(schema, form, errors)
    context = {"asked": asked, "drawn": drawn, "errors": errors}
    return render(request, "portal/packages/complete.html", context, status=422 if request.method == "POST" else 200)
