"""A hall node serves its hall: numbers, calling, boards, kiosks. What needs the centre says plainly that it waits for it."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from yichuang.core.refusals import Reason, Refused
from yichuang.core.words import W
from yichuang.webkit import problems

DOORS = frozenset({"kiosk", "wall", "watch"})
PAGES = frozenset(
    {f"counter:{name}" for name in (
        "queue", "queue-take", "queue-step", "door", "door-give", "door-arrive", "ticket", "bookings", "booking", "booking-arrive", "hall", "hall-window",
    )}
    | {f"portal:{name}" for name in ("sign-in", "sign-in-code", "sign-out", "password", "language", "elder", "ticket")}
    | {"console:devices", "console:devices-of"}
)  # fmt: skip
LEADS_ON = frozenset({"portal:home", "counter:desk"})  # where people begin: in a hall they begin at the queue
WAITS = W(
    "这里是大厅节点，只办取号、叫号和显示。这项业务要等中心系统：请在中心系统办理；断网时请先登记，恢复后再办。",
    "This is a hall's node: it gives numbers, calls and shows them. This waits for the centre: do it there; without the network take a note and do it when it is back.",
)


class HallNode:
    """Before every page of a hall node; at the centre it lets everything pass."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        """503 with words for what needs the centre; whoever begins is led to the queue."""
        if not settings.YICHUANG_CENTRE:
            return None
        match = request.resolver_match
        name = match.view_name if match else ""
        if name in PAGES or name.partition(":")[0] in DOORS:
            return None
        if name in LEADS_ON and request.method == "GET":
            return HttpResponseRedirect(reverse("counter:queue"))
        return problems.problem(request, Refused(Reason("WAITS_FOR_CENTRE", WAITS), kind="unavailable"))
