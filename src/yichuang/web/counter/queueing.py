"""叫号 at the window: open it, call, serve, end; and a number for who stands there without one (the guide has a page: `door`)."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from yichuang.cases import queries as cases
from yichuang.catalog import queries as catalog
from yichuang.core.actors import Actor
from yichuang.core.clock import now
from yichuang.core.ids import new_id
from yichuang.core.refusals import NotFound, Refused
from yichuang.core.words import W, Words
from yichuang.feedback import queries as feedback
from yichuang.feedback.commands.rate import show_code
from yichuang.network import queries as network
from yichuang.visits import queries as visits
from yichuang.visits.commands.calling import call_next, call_number, pass_over, recall
from yichuang.visits.commands.desks import close_desk, open_desk, pause_desk, resume_desk
from yichuang.visits.commands.serving import finish, park, resume, start, transfer
from yichuang.visits.commands.tickets import come_back, leave, return_after_pass, step_away, take_ticket
from yichuang.visits.permissions import can_serve
from yichuang.visits.values import (
    CLASS_WORDS,
    OUTCOME_WORDS,
    PAUSE_WORDS,
    PRIORITY_REASONS,
    RULE_WORDS,
    Called,
    DeskPage,
    Pause,
    Shown,
    Source,
)
from yichuang.web.counter.keys import frame
from yichuang.webkit import params
from yichuang.webkit.actor import actor_of
from yichuang.webkit.acts import settle
from yichuang.webkit.pages import note, render
from yichuang.webkit.problems import NONE, problems_sent

NIL = UUID(int=0)
PAGE = W("页面", "page")
QUEUES = W("队列", "queues")
NOBODY = W("现在没有人等候", "Nobody is waiting")
CALLED = W("请 {number} 到 {window} 号窗口：{rule}", "{number} to window {window}: {rule}")
STILL = W("{number} 已叫过，还没有开始办理", "{number} has been called already and has not been served yet")
GIVEN = W(
    "号票 {number} 已取，前面还有人等候时请看大屏或者手机", "Number {number} is given; watch the board or the phone"
)
DONE = {
    "open": W("已开窗", "The window is open"),
    "pause": W("已暂停，不再叫号到本窗口", "Paused: nobody is called here"),
    "resume": W("已恢复叫号", "The window goes on"),
    "close": W("已关窗", "The window is closed"),
    "recall": W("已再次呼叫", "Called again"),
    "pass": W("已过号", "It has passed"),
    "start": W("开始办理", "Service has begun"),
    "park": W("已挂起", "Set aside"),
    "finish": W("办理结束", "The service has ended"),
    "take-up": W("继续办理", "Taken up again"),
    "return": W("已重新排队", "It waits again"),
    "away": W("已记为暂时离开", "Away for a moment"),
    "back": W("已回来等候", "It waits again"),
    "leave": W("已记为离开", "It has left"),
    "transfer": W("已转到其他队列", "Moved to another queue"),
}
OF_DESK: dict[str, Callable[[Actor, datetime, HttpRequest], object]] = {
    "pause": lambda actor, at, request: pause_desk(actor=actor, why=read_pause(request), at=at),
    "resume": lambda actor, at, _: resume_desk(actor=actor, at=at),
    "close": lambda actor, at, _: close_desk(actor=actor, at=at),
    "recall": lambda actor, at, request: recall(actor=actor, shown=_shown(request), at=at),
    "pass": lambda actor, at, request: pass_over(actor=actor, shown=_shown(request), at=at),
    "start": lambda actor, at, request: start(actor=actor, shown=_shown(request), at=at),
    "park": lambda actor, at, request: park(actor=actor, shown=_shown(request), at=at),
    "finish": lambda actor, at, request: finish(
        actor=actor, outcome=params.text(request, "outcome"), shown=_shown(request), at=at
    ),
}
OF_TICKET: dict[str, Callable[[Actor, UUID, datetime], object]] = {
    "take-up": lambda actor, ticket, at: resume(actor=actor, ticket=ticket, at=at),
    "return": lambda actor, ticket, at: return_after_pass(actor=actor, ticket=ticket, at=at),
    "away": lambda actor, ticket, at: step_away(actor=actor, ticket=ticket, at=at),
    "back": lambda actor, ticket, at: come_back(actor=actor, ticket=ticket, at=at),
    "leave": lambda actor, ticket, at: leave(actor=actor, ticket=ticket, at=at),
}


def read_pause(request: HttpRequest) -> Pause:
    """Why, and how long it is meant to last; a form without them is a break."""
    return Pause(params.text(request, "why", longest=10) or Pause().why, params.whole(request, "minutes") or None)


def _shown(request: HttpRequest) -> Shown:
    """Whom the page showed when the key was pressed; a page that does not say is out of date."""
    return Shown(params.uuid_or_none(params.text(request, "ticket")) or NIL, params.whole(request, "calls"))


def queue(request: HttpRequest) -> HttpResponse:
    """The window, whom it has, who waits."""
    return _page(request)


def step(request: HttpRequest, step: str) -> HttpResponse:
    """One key each: open, next, recall, pass, start, park, finish, pause, resume, close."""
    actor, at = actor_of(request), now()
    place = _place(actor)
    if step == "next":
        return _settled(request, lambda: _tell(request, call_next(actor=actor, at=at), actor))
    if step == "open":
        window = params.text(request, "window", longest=8)
        return _settled(request, lambda: open_desk(actor=actor, place=place, window=window, at=at), DONE[step])
    if step not in OF_DESK:
        raise NotFound(PAGE)
    return _settled(request, lambda: OF_DESK[step](actor, at, request), DONE[step])


def ticket(request: HttpRequest, ticket: UUID, step: str) -> HttpResponse:
    """Something with one number: call it, take it up again, let it wait again, send it to another queue."""
    actor, at = actor_of(request), now()
    _place(actor)
    if step == "call":
        return _settled(request, lambda: _tell(request, call_number(actor=actor, ticket=ticket, at=at), actor))
    if step == "transfer":
        there = params.uuid_or_none(params.text(request, "queue"))
        if there is None:
            raise NotFound(QUEUES)
        return _settled(request, lambda: transfer(actor=actor, ticket=ticket, queue=there, at=at), DONE[step])
    if step not in OF_TICKET:
        raise NotFound(PAGE)
    return _settled(request, lambda: OF_TICKET[step](actor, ticket, at), DONE[step])


def take(request: HttpRequest) -> HttpResponse:
    """A number for who stands at the window."""
    actor, at = actor_of(request), now()
    place = _place(actor)

    def taken() -> None:
        found = take_ticket(
            actor=actor,
            place=place,
            source=Source.GUIDE,
            queue=params.uuid_or_none(params.text(request, "queue")),
            reason=params.text(request, "reason", longest=20),
            companions=params.whole(request, "companions"),
            key=params.text(request, "key", longest=40),
            at=at,
        )
        note(request, GIVEN.format(number=found.number))

    return _settled(request, taken)


def rating(request: HttpRequest, invitation: UUID) -> HttpResponse:
    """The QR by which who was just served rates on their own phone; this session itself cannot."""
    actor, at = actor_of(request), now()
    try:
        code = show_code(actor=actor, invitation=invitation, at=at)
    except NotFound:
        raise
    except Refused as refused:
        return _page(request, refused)
    picture = segno.make(feedback.address_for(code.token), error="m").svg_data_uri(scale=8, border=4, xmldecl=False)
    return render(request, "counter/rating.html", {**frame(actor), "qr": picture, "until": code.until})


def _place(actor: Actor) -> UUID:
    """The hall where the actor works now. NotFound where no numbers are given."""
    if actor.place is None:
        raise NotFound(QUEUES)
    return actor.place


def _tell(request: HttpRequest, called: Called | None, actor: Actor) -> None:
    if called is None:
        note(request, NOBODY)
    elif called.again:
        note(request, STILL.format(number=called.number))
    else:
        page = visits.desk_page(actor, _place(actor), at=now())
        note(request, CALLED.format(number=called.number, window=page.window, rule=RULE_WORDS[called.rule]))


def _settled(request: HttpRequest, do: Callable[[], object], done: Words | None = None) -> HttpResponse:
    return settle(request, do, done=done, then=reverse("counter:queue"), again=lambda refused: _page(request, refused))


def _page(request: HttpRequest, refused: Refused | None = None) -> HttpResponse:
    actor, at = actor_of(request), now()
    place = _place(actor)
    desk = visits.desk_page(actor, place, at=at)
    context = {
        **frame(actor),
        "desk": desk,
        "node": visits.node_note(place, at=at),
        "centre": settings.YICHUANG_CENTRE,
        "to_rate": feedback.just_ended(actor, at=at) if desk.desk and not desk.present else None,
        "place": place,
        "serves": can_serve(actor, place),
        "all_queues": visits.queues_of(place, at=at),
        "classes": CLASS_WORDS,
        "outcomes": [(one.value, words) for one, words in OUTCOME_WORDS.items()],
        "reasons": PRIORITY_REASONS,
        "pauses": [(one.value, words) for one, words in PAUSE_WORDS.items()],
        **_qualified(desk, at),
        "press_key": params.text(request, "key", longest=80) if refused else new_id().hex,
        "problems": problems_sent(request, refused) if refused else NONE,
        "typed": request.POST if refused else {},
    }
    return render(request, "counter/queue.html", context, status=refused.status if refused else 200)


def _qualified(desk: DeskPage, at: datetime) -> dict[str, object]:
    """Names of the items for which who sits here is not qualified, and who of each department is on duty."""
    rows = [row for row in (desk.present, *desk.waiting) if row is not None]
    codes = sorted({code for row in rows for code in row.lacking})
    present = desk.present.lacking if desk.present else ()
    return {
        "names": {code: catalog.published_name(code) or Words(code, code) for code in codes},
        "specialists": {code: _specialist(code, at) for code in present},
    }


def _specialist(item: str, at: datetime) -> str:
    """The name of the duty specialist (值班专员) of the item's department; "" while nobody is put down."""
    row = network.find_assignment(item)
    found = cases.on_duty(network.get_department(row.department).id, at) if row else None
    return found[1] if found else ""
