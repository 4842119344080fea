"""我的号票: a number taken by phone, and the page whose address stands on every ticket."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from yichuang.core.clock import now
from yichuang.core.refusals import NotFound, Reason, Refused
from yichuang.core.words import W
from yichuang.feedback import queries as feedback
from yichuang.network import queries as network
from yichuang.visits import queries as visits
from yichuang.visits.commands.tickets import come_back, leave, return_after_pass, step_away, take_ticket
from yichuang.visits.commands.watch import set_travel
from yichuang.visits.values import CLASS_WORDS, TRAVELS, MyTicket, Source
from yichuang.webkit import params
from yichuang.webkit.actor import actor_of
from yichuang.webkit.pages import is_fragment, note, render
from yichuang.webkit.problems import NONE, problems_sent

UNKNOWN = W("请用页面上的按钮选择要做什么", "Choose what to do by one of the buttons")
TAKEN = W("您的号是 {number}", "Your number is {number}")
TRAVEL = "travel"
STEPS = {"away": step_away, "back": come_back, "leave": leave, "return": return_after_pass}


def take(request: HttpRequest, code: str) -> HttpResponse:
    """取号 by phone, for oneself; a refusal is said on the page of the hall."""
    actor, at = actor_of(request), now()
    place = network.get_place(code)
    try:
        taken = take_ticket(
            actor=actor,
            place=place.id,
            source=Source.PHONE,
            queue=params.uuid_or_none(params.text(request, "queue")),
            key=params.text(request, "key", longest=40),
            at=at,
        )
    except NotFound:
        raise
    except Refused as refused:
        for reason in refused.reasons:
            note(request, reason.words, kind="warn")
        return HttpResponseRedirect(reverse("portal:place", args=[code]))
    note(request, TAKEN.format(number=taken.number))
    return HttpResponseRedirect(reverse("portal:ticket", args=[taken.token]))


def ticket(request: HttpRequest, token: str) -> HttpResponse:
    """Where my number stands, how long it may take, who was called before me and why."""
    at = now()
    mine = visits.my_ticket(token, at=at)
    refused: Refused | None = None
    if request.method == "POST":
        try:
            step = params.text(request, "step")
            _do(request, step, mine, at)
        except Refused as found:
            refused = found
        else:
            return HttpResponseRedirect(reverse("portal:ticket", args=[token]))
    mine = visits.my_ticket(token, at=at) if request.method == "POST" else mine
    asked = feedback.find_asked("stay", mine.encounter, at=at) if mine.encounter else None
    context = {
        "mine": mine,
        "asked": asked,
        "rate": feedback.token_for("stay", mine.encounter) if asked and mine.encounter else "",
        "place": network.get_place_by_id(mine.place),
        "hours": visits.hall_hours(mine.place, at=at),
        "token": token,
        "classes": CLASS_WORDS,
        "travels": TRAVELS,
        "problems": problems_sent(request, refused) if refused else NONE,
    }
    if is_fragment(request):
        return render(request, "portal/ticket_fresh.html", context)
    return render(request, "portal/ticket.html", context, status=refused.status if refused else 200)


def _do(request: HttpRequest, step: str, mine: MyTicket, at: datetime) -> None:
    """One press of the holder."""
    if step == TRAVEL:
        minutes = params.whole(request, "travel") or None
        set_travel(actor=visits.holder(mine), ticket=mine.ticket, minutes=minutes, at=at)
        return
    if step not in STEPS:
        raise Refused(Reason("STEP_UNKNOWN", UNKNOWN))
    STEPS[step](actor=visits.holder(mine), ticket=mine.ticket, at=at)
