"""The first page, and what every page of the kiosk can do: another language, larger letters, stay, end."""

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from yichuang.devices import queries as devices
from yichuang.devices.values import DeviceKind
from yichuang.visits import queries as visits
from yichuang.web.kiosk.standing import Standing, at_kiosk, wiped
from yichuang.webkit import params
from yichuang.webkit.entry import safe_path
from yichuang.webkit.languages import ELDER_COOKIE


@at_kiosk
def home(standing: Standing) -> HttpResponse:
    """What one can do here."""
    reader = devices.has_at(standing.actor, DeviceKind.READER)
    return standing.page(
        "kiosk/home.html",
        gives=visits.has_queues(standing.place.id),
        has_reader=reader,
        books=reader and not visits.is_node(),
    )


@at_kiosk
def look(standing: Standing) -> HttpResponse:
    """中文 or English, 长辈版 or not: for this visit."""
    request = standing.request
    answer = HttpResponseRedirect(safe_path(request, params.text(request, "next")) or reverse("kiosk:home"))
    language, elder = params.text(request, "language"), params.text(request, "elder")
    kept = {settings.LANGUAGE_COOKIE_NAME: language} if language in dict(settings.LANGUAGES) else {}
    kept |= {ELDER_COOKIE: elder} if elder in {"0", "1"} else {}
    for name, value in kept.items():
        answer.set_cookie(name, value, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
    standing.remember()
    return answer


@at_kiosk
def stay(standing: Standing) -> HttpResponse:
    """Whoever stands there touched the screen: the visit goes on."""
    standing.remember()
    return HttpResponse(status=204)


@at_kiosk
def wipe(standing: Standing) -> HttpResponse:
    """结束: by the person, or because nobody touched the screen."""
    return wiped(standing.request)
