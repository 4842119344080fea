"""Where a request came from, as far as the browser tells, and only on this host."""

from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


def page_of_form(request: HttpRequest) -> str:
    """Path and query of the page whose form was sent, as far as the browser tells; else an empty text.

    A page that answers a form stays in the browser's history as that form: who comes back to it is asked to send it
    again. So every such page names this address (`data-instead`), and app.js puts it there when the page is left.
    """
    came = safe_path(request, request.headers.get("Referer", ""))
    parts = urlsplit(came)
    if not came or parts.path == reverse("portal:sign-in"):
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "")


def safe_path(request: HttpRequest, target: str) -> str:
    """The path when it leads to this host (no open redirect), else an empty text."""
    fine = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if target and fine else ""
