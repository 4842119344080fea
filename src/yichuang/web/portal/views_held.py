"""免证办: agreeing that we fetch what stands for a paper, or taking that back, before the application is filed."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from yichuang.cases.commands.drafts import agree_to_fetch
from yichuang.core.clock import now
from yichuang.core.refusals import NotFound
from yichuang.core.words import W
from yichuang.web.portal import filing
from yichuang.web.portal.filing import MATERIALS
from yichuang.webkit.actor import actor_of
from yichuang.webkit.problems import anchor


def agree(request: HttpRequest, draft: UUID, material: str) -> HttpResponse:
    """One paper at a time: consent to several things at once would be none."""
    actor, at = actor_of(request), now()
    work = filing.open_draft(actor, draft, at=at)
    offers = filing.offers_of(work, filing.needs_of(work, at=at), at=at)
    agreed = "agreed" in request.POST
    if material not in offers and agreed:
        raise NotFound(W("材料", "paper"))
    agree_to_fetch(actor=actor, draft=draft, material=material, agreed=agreed, at=at)
    address = reverse("portal:file", args=[draft, MATERIALS])
    return HttpResponseRedirect(f"{address}#{anchor('/materials/' + material)}")
