"""免证办, before the application is filed: agreeing that we fetch what stands for a paper, or taking that back; and papers
that were handed in with an earlier case."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from yichuang.cases.commands.drafts import agree_to_fetch, use_earlier
from yichuang.core.clock import now
from yichuang.core.refusals import NotFound
from yichuang.core.words import W
from yichuang.web.portal import filing
from yichuang.web.portal.filing import MATERIALS
from yichuang.webkit.actor import actor_of
from yichuang.webkit.params import text, uuid_or_none
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
    return _back(draft, material)


def again(request: HttpRequest, draft: UUID, material: str) -> HttpResponse:
    """Take the files of an earlier paper (用上次交过的)."""
    earlier = uuid_or_none(text(request, "earlier"))
    if earlier is None:
        raise NotFound(W("材料", "paper"))
    use_earlier(actor=actor_of(request), draft=draft, material=material, earlier=earlier, at=now())
    return _back(draft, material)


def _back(draft: UUID, material: str) -> HttpResponse:
    address = reverse("portal:file", args=[draft, MATERIALS])
    return HttpResponseRedirect(f"{address}#{anchor('/materials/' + material)}")
