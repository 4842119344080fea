"""What a page reads from its address and its form, bounded."""

from collections.abc import Container
from datetime import date
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest

from yichuang.core.refusals import NotFound
from yichuang.core.words import W


def text(request: HttpRequest, name: str, *, longest: int = 200) -> str:
    """A trimmed text of the query or the form; "" when it is not there. Longer text is cut."""
    data = request.POST if request.method == "POST" else request.GET
    return str(data.get(name, "")).strip()[:longest]


def choice(request: HttpRequest, name: str, allowed: Container[str], default: str = "") -> str:
    """One of the allowed values, else the default."""
    value = text(request, name)
    return value if value in allowed else default


def several(request: HttpRequest, name: str, *, most: int = 50) -> list[str]:
    """The ticked values of a name in the form."""
    return [str(value)[:80] for value in request.POST.getlist(name)[:most]]


def whole(request: HttpRequest, name: str) -> int:
    """A whole number, not negative; 0 when there is none."""
    value = text(request, name, longest=9)
    return int(value) if value.isdecimal() else 0


def day(request: HttpRequest, name: str) -> date | None:
    """A day as a date field sends it; None for anything else."""
    return day_or_none(text(request, name))


def day_or_none(value: str) -> date | None:
    """The day, or None when the text is none."""
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def uuid(value: str) -> UUID:
    """The UUID that a form or address names. Raises NotFound when it is none."""
    try:
        return UUID(value)
    except ValueError:
        raise NotFound(W("内容", "item")) from None


def uuid_or_none(value: str) -> UUID | None:
    """The UUID, or None when the text is none."""
    try:
        return UUID(value)
    except ValueError:
        return None


def client_address(request: HttpRequest) -> str:
    """The network address for limiting tries. Behind a declared proxy the last hop it names; never a header of the client's own."""
    if settings.YICHUANG_BEHIND_PROXY:  # the proxy sets it anew: the last hop is the one it saw itself
        return request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()[:64]
    return str(request.META.get("REMOTE_ADDR", ""))[:64]
