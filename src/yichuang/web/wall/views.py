"""Boards: the hall's, and the plate above one window. The page fetches its rows again whenever the hall says that something changed."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from yichuang.core.clock import now
from yichuang.core.refusals import NotFound
from yichuang.core.words import W
from yichuang.network import queries as network
from yichuang.visits import queries as visits
from yichuang.webkit.pages import render

WINDOW = W("窗口", "window")


def board(request: HttpRequest, code: str) -> HttpResponse:
    """叫号大屏: who is called where, and how the queues stand."""
    return render(request, "wall/board.html", _board(code))


def rows(request: HttpRequest, code: str) -> HttpResponse:
    """The part of the board that changes."""
    return render(request, "wall/rows.html", _board(code))


def plate(request: HttpRequest, code: str, window: str) -> HttpResponse:
    """窗口屏: what one window has now."""
    context = _board(code, window)
    place = context["place"]
    row = network.find_window(place.id, window)
    if row is None:
        raise NotFound(WINDOW)
    called = next(iter(context["board"].calls), None)
    return render(request, "wall/plate.html", {**context, "window": row, "called": called})


def _board(code: str, window: str | None = None) -> dict[str, Any]:
    at, place = now(), network.get_place(code)
    return {"place": place, "board": visits.board(place.id, at=at, window=window), "at": at}
