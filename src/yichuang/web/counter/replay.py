"""重演 at the counter of a hall's manager: a day gone by, with other windows and hours."""

from collections.abc import Mapping
from datetime import time

from django.http import HttpRequest, HttpResponse

from yichuang.core.clock import now
from yichuang.insight import queries as insight
from yichuang.insight.values import Plan, ReplayPage
from yichuang.web.counter.bookings import hall_of
from yichuang.web.counter.keys import frame
from yichuang.webkit import params
from yichuang.webkit.actor import actor_of
from yichuang.webkit.pages import render

HALVES: Mapping[str, time] = {
    f"{half // 2:02}:{half % 2 * 30:02}": time(half // 2, half % 2 * 30) for half in range(14, 45)
}
TARGETS: Mapping[str, int] = {str(n): n for n in (5, 10, 15, 20, 30, 45, 60)}
MOST = {str(n) for n in range(1, 100)}


def replay(request: HttpRequest) -> HttpResponse:
    """The last day, or one of the last thirty; with a plan once the form was sent. Nothing is changed: all is in the address."""
    actor, at = actor_of(request), now()
    found = insight.replay_page(
        actor,
        hall_of(actor),
        day=params.day(request, "day"),
        plan=_plan(request),
        hours=_hours(request),
        target=TARGETS.get(params.choice(request, "target", TARGETS)),
        at=at,
    )
    context = {**frame(actor), "page": found, "halves": list(HALVES), "targets": list(TARGETS.values())}
    return render(request, "counter/replay.html", {**context, **_typed(request, found)})


def _plan(request: HttpRequest) -> Plan | None:
    windows = params.choice(request, "windows", MOST)
    if not windows:
        return None
    at_noon = params.choice(request, "noon", {"open"}) == "open"
    return Plan(int(windows), params.choice(request, "kind", {"dedicated"}) != "dedicated", at_noon)


def _hours(request: HttpRequest) -> tuple[time | None, time | None]:
    """What was chosen; None: as on the day."""
    opens, closes = (HALVES.get(params.choice(request, name, HALVES)) for name in ("opens", "closes"))
    return opens, closes


def _typed(request: HttpRequest, found: ReplayPage | None) -> dict[str, object]:
    """What the form shows: what was sent, else the day as it was."""
    if found is None:
        return {}
    sent = "windows" in request.GET
    return {
        "windows": found.other.plan.windows
        if found.other
        else int(params.choice(request, "windows", MOST) or found.windows or 1),
        "kind": params.choice(request, "kind", {"dedicated"}, "pooled"),
        "noon": params.choice(request, "noon", {"open"}) == "open" if sent else True,
        **{name: params.choice(request, name, HALVES) for name in ("opens", "closes")},
        "target": params.choice(request, "target", TARGETS),
        "too_few": sent and found.other is None,
    }
