"""What becomes of a draft's pages once it is filed: whoever comes back to them (返回) is led to the case."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from yichuang.core import idempotency
from yichuang.core.actors import Actor
from yichuang.core.refusals import NotFound
from yichuang.core.words import W
from yichuang.webkit.actor import actor_of
from yichuang.webkit.pages import note

FILED = W("这份申请已经提交，这是它的办件", "This application was submitted already; here is its case")


def scope_of_submit(actor: Actor) -> str:
    """Whose submissions are counted together: one person's, so that nobody is led to another's case."""
    return idempotency.scope_of(actor, "portal.submit")


def unless_filed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The page of a draft; of one that became a case, the case. Raises NotFound for any other that is not there."""

    @wraps(view)
    def seen(request: HttpRequest, draft: UUID, **more: str) -> HttpResponse:
        try:
            return view(request, draft, **more)
        except NotFound:
            kept = idempotency.kept_answer(key=f"draft:{draft}", scope=scope_of_submit(actor_of(request)))
            if kept is None:
                raise
        note(request, FILED)
        return HttpResponseRedirect(reverse("portal:case", args=[kept["number"]]))

    return seen
