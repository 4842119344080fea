"""Boards: the hall's, a zone's, who waits in each queue, and the plate above one window. A page fetches what changes again whenever
the hall says that something did."""

from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from yichuang.core.clock import now
from yichuang.core.refusals import NotFound
from yichuang.core.words import W
from yichuang.network import queries as network
from yichuang.visits import queries as visits
from yichuang.visits.values import CLASS_WORDS, Board
from yichuang.web.wall.speech import PARTS, parts_of, words_of
from yichuang.webkit import params
from yichuang.webkit.actor import TOKEN_COOKIE
from yichuang.webkit.pages import render

WINDOW, ZONE, SOUND = W("窗口", "window"), W("分区", "zone"), W("语音", "sound")


def board(request: HttpRequest, code: str) -> HttpResponse:
    """叫号大屏: who is called where, and how the queues stand."""
    return render(request, "wall/board.html", _board(request, code))


def rows(request: HttpRequest, code: str) -> HttpResponse:
    """The part of the board, or of a zone's (`zone`: its letters), that changes."""
    return render(request, "wall/rows.html", _board(request, code, zone=params.text(request, "zone", longest=26)))


def zone_board(request: HttpRequest, code: str, zone: str) -> HttpResponse:
    """分区屏: the same for the queues of one part of the hall, named by their letters (/wall/LH/zone/AB/)."""
    return render(request, "wall/board.html", _board(request, code, zone=zone))


def waiting(request: HttpRequest, code: str) -> HttpResponse:
    """等候名单: the numbers that wait in each queue, the longest first."""
    at, place = now(), network.get_place(code)
    context = {"place": place, "lines": visits.waiting_lines(place.id, at=at), "at": at, "classes": CLASS_WORDS}
    return render(request, "wall/waiting.html", {**context, **_machine(request)})


def plate(request: HttpRequest, code: str, window: str) -> HttpResponse:
    """窗口屏: what one window has now."""
    context = _board(request, code, window=window)
    row = network.find_window(context["place"].id, window)
    if row is None:
        raise NotFound(WINDOW)
    called = next(iter(context["board"].calls), None)
    return render(request, "wall/plate.html", {**context, "window": row, "called": called})


def voice(request: HttpRequest, part: str) -> HttpResponse:
    """A sound part of the calls, as `manage make_voice` made it; 404 where nobody has."""
    name = part.removesuffix(".wav")
    path = Path(settings.YICHUANG_VOICE) / f"{name}.wav"
    if name not in PARTS or not path.is_file():
        raise NotFound(SOUND)
    return HttpResponse(path.read_bytes(), content_type="audio/wav", headers={"Cache-Control": "public, max-age=86400"})


def _board(request: HttpRequest, code: str, *, window: str | None = None, zone: str = "") -> dict[str, Any]:
    at, place = now(), network.get_place(code)
    shown = visits.board(place.id, at=at, window=window, letters=frozenset(zone.upper()))
    if zone and not shown.queues:
        raise NotFound(ZONE)
    return {"place": place, "board": shown, "at": at, "zone": zone, "said": _said(shown), **_machine(request)}


def _said(shown: Board) -> dict[str, tuple[str, str]]:
    """For each number: its words, and the sound parts where there are any."""
    heard = _has_voice(str(settings.YICHUANG_VOICE))
    return {
        one.number: (words_of(one.number, one.window), " ".join(parts_of(one.number, one.window)) if heard else "")
        for one in shown.calls
    }


@cache
def _has_voice(folder: str) -> bool:
    """Whether somebody made the sounds; looked at once in the life of a process."""
    return (Path(folder) / "please.wav").is_file()


def _machine(request: HttpRequest) -> dict[str, bool]:
    """An enrolled board says each minute that it lives; any other browser may look, too."""
    return {"machine": TOKEN_COOKIE in request.COOKIES}
