"""值班咨询 (中台支撑): what counters ask this department, and the answers."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from yichuang.cases import queries as cases
from yichuang.cases.commands.ask import answer_question
from yichuang.cases.commands.duty import set_duties
from yichuang.core.clock import now
from yichuang.core.refusals import Conflict, Refused
from yichuang.core.words import W
from yichuang.web.office.pages import NAV
from yichuang.webkit import params
from yichuang.webkit.actor import actor_of
from yichuang.webkit.acts import settle
from yichuang.webkit.pages import render
from yichuang.webkit.problems import NONE, problems_of, problems_sent

SET = W("已更新值班表", "The roster is set")
HALVES = {"am": W("上午", "Morning"), "pm": W("下午", "Afternoon")}
ANSWERED = W("已回答，提问的窗口可以看到", "Answered; the counter that asked can read it")


def questions(request: HttpRequest) -> HttpResponse:
    """What waits for an answer, the longest first; and the last answers."""
    return _page(request)


def answer(request: HttpRequest, question: UUID) -> HttpResponse:
    """The duty specialist's answer."""
    return settle(
        request,
        lambda: answer_question(
            actor=actor_of(request),
            question=question,
            text=params.text(request, "answer", longest=2000),
            for_knowledge="for_knowledge" in request.POST,
            at=now(),
        ),
        done=ANSWERED,
        then=reverse("office:questions"),
        again=lambda refused: _page(request, refused, question),
    )


def duty(request: HttpRequest) -> HttpResponse:
    """值班表: who answers when, of my departments; who decides there sets it."""
    if request.method != "POST":
        return _duty_page(request)
    return settle(
        request,
        lambda: set_duties(
            actor=actor_of(request), department=params.text(request, "department"), halves=_changed(request), at=now()
        ),
        done=SET,
        then=reverse("office:duty"),
        again=lambda refused: _duty_page(request, refused),
    )


def _changed(request: HttpRequest) -> list[tuple[date | None, str, UUID | None]]:
    """The halves that the form changes ("duty:2026-11-24:am"), against what its page showed ("was:…"): what somebody else
    put down meanwhile in another half stays."""
    chosen = {
        name.removeprefix("duty:"): params.text(request, name) for name in request.POST if name.startswith("duty:")
    }
    changed = [of for of, staff in chosen.items() if staff != params.text(request, f"was:{of}")]
    return [
        (params.day_or_none(of.partition(":")[0]), of.partition(":")[2], params.uuid_or_none(chosen[of]))
        for of in changed
    ]


def _duty_page(request: HttpRequest, refused: Refused | None = None) -> HttpResponse:
    context = {
        "nav": NAV,
        "section": "office:questions",
        "pages": cases.duty_pages(actor_of(request), at=now()),
        "halves": HALVES,
        "typed": request.POST if refused else {},
        "problems": problems_of(replace(r, field=None) for r in refused.reasons) if refused else NONE,  # of which half?
    }
    return render(request, "office/duty.html", context, status=refused.status if refused else 200)


def _page(request: HttpRequest, refused: Refused | None = None, question: UUID | None = None) -> HttpResponse:
    actor = actor_of(request)
    waiting, answered = cases.list_questions(actor, at=now())
    context = {
        "nav": NAV,
        "waiting": waiting,
        "answered": answered,
        "posts": sorted(actor.posts),
        "me": actor.id,
        "typed": request.POST if refused else {},
        "tried": question,
        "change": refused.change if isinstance(refused, Conflict) else None,
        "problems": problems_sent(request, refused) if refused else NONE,
    }
    return render(request, "office/questions.html", context, status=refused.status if refused else 200)
