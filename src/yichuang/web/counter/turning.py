"""更正 at the counter: ask to mend a clerical error, or mend it on the spot; answer what applicants ask before acceptance."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from yichuang.web.counter.keys import frame
from yichuang.webkit import correcting
from yichuang.webkit.actor import actor_of


def correct(request: HttpRequest, number: str) -> HttpResponse:
    """What is wrong, and what would be right."""
    return correcting.correct(request, number, door="counter", frame=frame(actor_of(request)))


def correction(request: HttpRequest, number: str, correction: UUID, step: str) -> HttpResponse:
    """Approve, decline or take back a request."""
    return correcting.answer(request, number, correction, step, door="counter")
