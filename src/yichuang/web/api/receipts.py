"""Where SMS providers post their receipts (回执). A machine without an account: each post proves itself by its signature."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from yichuang.core.clock import now
from yichuang.core.refusals import Reason, Refused
from yichuang.core.words import W
from yichuang.notices import commands as notices
from yichuang.webkit.problems import problem_json

LARGEST = 256 * 1024  # bytes: 500 reports are 100 kB
TOO_LARGE = Reason("TOO_LARGE", W("一次最多 256 KB", "At most 256 KB at a time"))


@csrf_exempt  # no cookie opens anything here: the signature does
def receipts(request: HttpRequest, sender: str) -> HttpResponse:
    """204 when the reports are kept (again or for the first time), 403 when the post does not prove itself."""
    try:
        if int(request.headers.get("Content-Length") or 0) > LARGEST:
            raise Refused(TOO_LARGE, kind="too_large")
        notices.take_receipts(
            sender=sender, path=request.get_full_path(), headers=request.headers, body=request.body, at=now()
        )
    except Refused as refused:
        return problem_json(request, refused)
    return HttpResponse(status=204)
