"""更正 in the office: what waits for one's approval, asking, and answering on the case page."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from yichuang.cases import queries as cases
from yichuang.web.office.pages import NAV, OF_CASE
from yichuang.webkit import correcting
from yichuang.webkit.actor import actor_of
from yichuang.webkit.pages import render


def waiting(request: HttpRequest) -> HttpResponse:
    """The requests that wait for this official."""
    return render(request, "office/corrections.html", {"nav": NAV, "rows": cases.list_corrections(actor_of(request))})


def correct(request: HttpRequest, number: str) -> HttpResponse:
    """What is wrong, and what would be right."""
    return correcting.correct(request, number, door="office", frame=OF_CASE)


def correction(request: HttpRequest, number: str, correction: UUID, step: str) -> HttpResponse:
    """Approve, decline or take back a request."""
    return correcting.answer(request, number, correction, step, door="office")
