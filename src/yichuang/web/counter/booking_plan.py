"""号源 at the counter of a hall's manager: how appointments open, what each group can serve, the days that are published."""

from collections.abc import Callable
from datetime import time, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from yichuang.core.clock import local_date, now
from yichuang.core.refusals import NotFound, Refused
from yichuang.core.words import W
from yichuang.visits import queries as visits
from yichuang.visits.commands.booking import publish_slots, set_booking_rules, set_group_plan
from yichuang.visits.values import GroupPlan, WantedRules
from yichuang.web.counter.bookings import hall_of
from yichuang.web.counter.keys import frame
from yichuang.webkit import params
from yichuang.webkit.actor import actor_of
from yichuang.webkit.acts import settle
from yichuang.webkit.pages import render
from yichuang.webkit.problems import NONE, problems_sent

PAGE = W("页面", "page")
PARTS = ("morning", "noon", "afternoon")
LATELY = timedelta(days=90)
DONE = {
    "rules": W("规则已保存，以后发布的号源按新规则", "Saved; it holds for what is published from now on"),
    "group": W("计划已保存，请重新发布号源", "Saved; publish the slots again for it to hold"),
    "publish": W("号源已发布", "The slots are published"),
}


def plan(request: HttpRequest) -> HttpResponse:
    """号源: the rules of the hall, the plan of each group, the days that were published."""
    return _plan(request)


def _plan(request: HttpRequest, refused: Refused | None = None) -> HttpResponse:
    actor, at = actor_of(request), now()
    place = hall_of(actor)
    context = {
        **frame(actor),
        "plan": visits.plan_page(actor, place, at=at),
        "missed": visits.missed_at(actor, place, since=local_date(at) - LATELY, at=at),
        "today": local_date(at),
        "typed": request.POST if refused else {},
        "problems": problems_sent(request, refused) if refused else NONE,
    }
    return render(request, "counter/booking_plan.html", context, status=refused.status if refused else 200)


def save(request: HttpRequest, step: str) -> HttpResponse:
    """Save the rules, or the plan of a group; publish its slots."""
    actor, at = actor_of(request), now()
    place, group = hall_of(actor), params.uuid_or_none(params.text(request, "group"))

    def rules() -> None:
        set_booking_rules(actor=actor, place=place, hall=_rules(request), at=at)

    def plan() -> None:
        set_group_plan(actor=actor, place=place, group=_known(group), plan=_group(request), at=at)

    def publish() -> None:
        first = params.day(request, "first") or local_date(at)
        last = params.day(request, "last") or first
        publish_slots(actor=actor, place=place, group=_known(group), first=first, last=last, at=at)

    steps: dict[str, Callable[[], None]] = {"rules": rules, "group": plan, "publish": publish}
    if step not in steps:
        raise NotFound(PAGE)
    then = reverse("counter:booking-plan")
    return settle(request, steps[step], done=DONE[step], then=then, again=lambda refused: _plan(request, refused))


def _known(group: UUID | None) -> UUID:
    if group is None:
        raise NotFound(PAGE)
    return group


def _rules(request: HttpRequest) -> WantedRules:
    try:
        release = time.fromisoformat(params.text(request, "release", longest=8))
    except ValueError:
        release = None
    return WantedRules(params.whole(request, "days_ahead"), release, params.whole(request, "walk_in_percent"))


def _group(request: HttpRequest) -> GroupPlan:
    morning, noon, afternoon = (params.whole(request, f"weekday-{part}") for part in PARTS)
    first, second, third = (params.whole(request, f"weekend-{part}") for part in PARTS)
    return GroupPlan(
        (morning, noon, afternoon),
        (first, second, third),
        params.whole(request, "minutes"),
        params.whole(request, "home"),
        params.whole(request, "video"),
    )
