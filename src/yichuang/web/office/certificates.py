"""证照: what the department has issued, what became of it, and the acts by which an organ ends one."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.dateparse import parse_date

from yichuang.cases import queries as cases
from yichuang.cases.aftermath import END_WORDS, HOW, STAGE_WORDS, Move, Taken
from yichuang.cases.commands.proceedings import (
    call_hearing,
    drop_proceeding,
    end_certificate,
    open_proceeding,
    record_hearing,
    state_defence,
    waive_defence,
)
from yichuang.core.clock import now
from yichuang.core.refusals import NotFound, Refused
from yichuang.core.words import W, Words
from yichuang.people import commands as people
from yichuang.registry.values import VALIDITY_WORDS
from yichuang.web.office.pages import NAV
from yichuang.webkit import params
from yichuang.webkit.actor import actor_of
from yichuang.webkit.acts import settle
from yichuang.webkit.pages import render
from yichuang.webkit.problems import NONE, problems_sent

OPENED = W(
    "程序已启动；需要告知的，告知书已生成并通知持证人",
    "The proceeding is open; where the law asks it the holder is told",
)
CALLED = W("听证通知书已生成，已通知持证人", "The notice of the hearing is ready; the holder is told")
HEARD = W("听证笔录已归入程序", "The record of the hearing is in the file")
ENDED = W(
    "决定书已生成，证照状态已更新，已通知持证人", "The decision is ready, the register is changed, the holder is told"
)
DROPPED = W("程序已终止，证照继续有效", "The proceeding is dropped; the certificate stays in force")
STATED = W("持证人的意见已记入程序，文书已生成", "What the holder said is on record, with its paper")
STEPS = {
    Move.STATE: STATED,
    Move.WAIVE: STATED,
    Move.CALL: CALLED,
    Move.HEAR: HEARD,
    Move.END: ENDED,
    Move.DROP: DROPPED,
}


def certificates(request: HttpRequest) -> HttpResponse:
    """What the department has issued, by number or by the holder's identity number; and the proceedings that wait."""
    actor, at = actor_of(request), now()
    text = params.text(request, "q", longest=120)
    page = cases.find_certificates(actor, text, at=at, cursor=_cursor(request))
    context = {
        "nav": NAV,
        "page": page,
        "q": text,
        "worths": VALIDITY_WORDS,
        "waiting": cases.running_proceedings(actor, at=at),
        "stages": STAGE_WORDS,
        "acts": END_WORDS,
    }
    return render(request, "office/certificates.html", context)


def certificate(request: HttpRequest, id: UUID) -> HttpResponse:
    """One certificate with its history, its proceedings and what may be done now."""
    return _page(request, id)


def open_one(request: HttpRequest, id: UUID) -> HttpResponse:
    """Open a proceeding on a ground of the law."""
    return _act(
        request,
        id,
        lambda: open_proceeding(
            actor=actor_of(request),
            certificate=id,
            ground=params.text(request, "ground"),
            facts=params.text(request, "facts", longest=2000),
            basis=params.several(request, "basis"),
            at=now(),
        ),
        OPENED,
    )


def step(request: HttpRequest, id: UUID, proceeding: UUID, step: str) -> HttpResponse:
    """One move of the organ in a proceeding."""
    given: dict[str, Any] = {
        "actor": actor_of(request),
        "proceeding": proceeding,
        "version": params.whole(request, "version"),
        "at": now(),
    }
    reasons = params.text(request, "reasons", longest=2000)
    taken = Taken(
        params.text(request, "who", longest=80), params.text(request, "how"), _day(params.text(request, "said_on"))
    )
    moves: dict[str, Callable[[], None]] = {
        Move.STATE.value: lambda: state_defence(
            **given,
            statement=params.text(request, "statement", longest=2000),
            wants_hearing="hearing" in request.POST,
            taken=taken,
        ),
        Move.WAIVE.value: lambda: waive_defence(**given, taken=taken),
        Move.CALL.value: lambda: call_hearing(
            **given,
            hearing_on=_day(params.text(request, "hearing_on")),
            place=params.text(request, "place"),
            chair=params.text(request, "chair", longest=60),
        ),
        Move.HEAR.value: lambda: record_hearing(**given, record=params.text(request, "record", longest=2000)),
        Move.END.value: lambda: end_certificate(**given, reasons=reasons),
        Move.DROP.value: lambda: drop_proceeding(**given, reasons=reasons),
    }
    if step not in moves:
        raise NotFound(W("页面", "page"))
    return _act(request, id, moves[step], STEPS[Move(step)])


def _act(request: HttpRequest, id: UUID, do: Callable[[], object], done: Words) -> HttpResponse:
    then = reverse("office:certificate", args=[id])
    return settle(request, do, done=done, then=then, again=lambda refused: _page(request, id, refused))


def _page(request: HttpRequest, id: UUID, refused: Refused | None = None) -> HttpResponse:
    actor, at = actor_of(request), now()
    page = cases.certificate_page(actor, id, at=at)
    people.record_look(
        actor=actor,
        party=page.row.holder,
        purpose="service",
        fields=("certificate",),
        case_number=page.case_number,
        at=at,
    )
    context = {
        "nav": NAV,
        "page": page,
        "worth": VALIDITY_WORDS[page.worth],
        "acts": END_WORDS,
        "stages": STAGE_WORDS,
        "hows": HOW,
        "problems": problems_sent(request, refused) if refused else NONE,
        "typed": request.POST if refused else {},
        "chosen": params.several(request, "basis") if refused else [],
    }
    return render(request, "office/certificate.html", context, status=refused.status if refused else 200)


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _cursor(request: HttpRequest) -> str | None:
    found = params.uuid_or_none(params.text(request, "cursor"))
    return str(found) if found else None
