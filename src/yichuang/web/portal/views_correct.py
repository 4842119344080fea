"""更正 on the portal: the applicant's side asks to have a clerical error mended, sees the answer, may take it back."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from yichuang.webkit import correcting


def correct(request: HttpRequest, number: str) -> HttpResponse:
    """What is wrong, and what would be right."""
    return correcting.correct(request, number, door="portal", frame={})


def correction(request: HttpRequest, number: str, correction: UUID, step: str) -> HttpResponse:
    """Take a request back."""
    return correcting.answer(request, number, correction, step, door="portal")
