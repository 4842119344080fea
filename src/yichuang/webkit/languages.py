"""Which language, and whether in large type: chosen by the person, kept in a cookie, else as the browser asks."""

from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

ELDER_COOKIE = "yc_elder"


def locale_of(request: HttpRequest) -> str:
    """ "zh-hans" or "en". The cookie wins over Accept-Language; Chinese when nothing fits."""
    known: str | None = getattr(request, "yc_locale", None)
    if known is None:
        known = "en" if _asked(request).startswith("en") else "zh-hans"
        request.yc_locale = known  # type: ignore[attr-defined]  # asked once a request
    return known


def _asked(request: HttpRequest) -> str:
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if not chosen:
        return _accepted(request.META.get("HTTP_ACCEPT_LANGUAGE", ""))
    return chosen if chosen in dict(settings.LANGUAGES) else translation.get_language_from_request(request)


@lru_cache(maxsize=512)
def _accepted(header: str) -> str:
    """What a browser asks for that has no cookie of ours; browsers say the same few things."""
    asking = HttpRequest()
    asking.META["HTTP_ACCEPT_LANGUAGE"] = header
    return translation.get_language_from_request(asking)


def is_elder(request: HttpRequest) -> bool:
    """Whether the person chose 长辈版 (22 px, one thing at a time)."""
    return request.COOKIES.get(ELDER_COOKIE) == "1"
