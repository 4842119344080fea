"""/halls, /tickets and /desk: the queue of a hall for kiosks, phones, boards and windows of other makers.

The same commands as the pages: a number is taken once per key, "next" pressed twice calls nobody else, and the board tells
numbers and windows, no person.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import HeaderEx, P, QueryEx, Router, Schema, Status
from pydantic import Field

from yichuang.core import idempotency
from yichuang.core.actors import Actor
from yichuang.core.clock import now
from yichuang.core.refusals import Reason, Refused
from yichuang.core.words import W
from yichuang.network import queries as network
from yichuang.visits import queries as visits
from yichuang.visits.commands.calling import call_next, call_number, pass_over, recall
from yichuang.visits.commands.desks import close_desk, open_desk, pause_desk, resume_desk
from yichuang.visits.commands.serving import finish, park, resume, start, transfer
from yichuang.visits.commands.tickets import come_back, leave, return_after_pass, step_away, take_ticket
from yichuang.visits.commands.watch import set_travel
from yichuang.visits.values import Outcome, Pause, PauseWhy, QueueRow, Shown, Source, TicketRow
from yichuang.web.api import translate
from yichuang.web.api.schemas import DoneOut, In, Label, Problem
from yichuang.webkit.actor import actor_of

halls = Router(tags=["hall"])
tickets = Router(tags=["hall"])
desk = Router(tags=["hall"])
REFUSALS: dict[int, Any] = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
ASKED: dict[int, Any] = {404: Problem, 422: Problem}
DeskKey = HeaderEx[
    str,
    P(
        alias="Idempotency-Key",
        max_length=200,
        description="of this press: sent again it does nothing more, whoever stands at the window by then",
    ),
]
NAMED = "whom one sees at the window: refused when it has somebody else by now"
DeskTicket = QueryEx[UUID | None, P(description=NAMED)]
KEY_MISSING = W(
    "请在请求头 Idempotency-Key 中给出本次取号的唯一编号", "Give this number its own key in Idempotency-Key"
)


class BoardCallOut(Schema):
    number: str
    window: str
    serving: bool
    called_at: datetime
    fresh: bool = Field(description="called within the last minute")


class QueueOut(Schema):
    id: UUID
    letter: str
    name: Label
    waiting: int
    windows: int = Field(description="open and not paused")
    least: int | None = Field(description="minutes that who joins now will wait at least; none: no window serves it")
    most: int | None
    longest: int = Field(description="minutes that the first one has waited")
    priority_only: bool = Field(description="staff give its numbers, to who has a category of priority")


class BoardOut(Schema):
    open: bool
    calls: list[BoardCallOut] = Field(description="the newest first")
    queues: list[QueueOut]


class TakeIn(In):
    queue: UUID | None = Field(None, description="or `items`: then the first queue that takes them all")
    items: list[str] = Field(default_factory=list, max_length=10, description="codes of what one comes for")
    companions: int = Field(0, ge=0, le=20)
    reason: str = Field("", max_length=20, description="优先的类别, entered by staff of the hall who have seen it")


class TakenOut(Schema):
    ticket: UUID
    number: str
    token: str = Field(description="of the ticket's own page: whoever has it may leave, step away and come back")
    least: int | None
    most: int | None


class TravelIn(In):
    minutes: Literal[5, 10, 15, 20, 30, 45, 60] | None = Field(description="none: nothing is told")


class BeforeOut(Schema):
    number: str
    window: str
    at: datetime
    why: Label


class MyTicketOut(Schema):
    number: str
    place: str
    queue: Label
    turn: str = Field(description="priority, booked or ordinary")
    state: str
    words: Label
    window: str
    ahead: int
    least: int | None
    most: int | None
    taken_at: datetime
    may_return: bool
    travel: int | None = Field(description="minutes of the way, as the holder chose")
    leave_in: int | None = Field(description="minutes until it is time to leave; 0: now")
    before: list[BeforeOut] = Field(description="who was called before me, and by which rule: never who it was")


class TicketOut(Schema):
    id: UUID
    number: str
    queue: Label
    turn: str
    state: str
    words: Label
    items: list[str]
    person: str = Field(description="masked")
    companions: int
    waited: int = Field(description="minutes until it was called, or now")
    window: str


class DeskOut(Schema):
    window: str = Field(description="empty: none is open")
    paused_at: datetime | None
    present: TicketOut | None
    waiting: list[TicketOut]
    parked: list[TicketOut]
    passed: list[TicketOut]
    away: list[TicketOut]
    queues: list[QueueOut]
    could_open: list[str] = Field(description="windows that nobody has opened")


class CalledOut(Schema):
    number: str | None = Field(description="none: nobody waits")
    ticket: UUID | None = None
    rule: str | None = Field(None, description="why this one: priority, booked, order, longest-wait, turn, chosen")
    again: bool = Field(False, description="called already and not served yet: nobody was called anew")


class OpenDeskIn(In):
    window: str = Field(max_length=8)


class FinishIn(In):
    outcome: Outcome
    ticket: UUID | None = Field(None, description=NAMED)


class SendOnIn(In):
    queue: UUID


@halls.get(
    "/{place}/board", response={200: BoardOut, **ASKED}, url_name="hall_board", summary="The board of a hall, for everybody"
)  # fmt: skip
def board(request: HttpRequest, place: str) -> dict[str, Any]:
    row = visits.board(network.get_place(place).id, at=now())
    calls = [
        {"number": one.number, "window": one.window, "serving": one.serving, "called_at": one.called_at, "fresh": one.fresh}
        for one in row.calls
    ]  # fmt: skip
    return {"open": row.open, "calls": calls, "queues": [_queue(one) for one in row.queues]}


@halls.post(
    "/{place}/tickets",
    response={201: TakenOut, **REFUSALS, 429: Problem},
    url_name="take_ticket",
    summary="Take a number, once per Idempotency-Key: for oneself, or by staff of the hall for who stands at the door",
)
def take(
    request: HttpRequest, place: str, body: TakeIn, key: HeaderEx[str, P(alias="Idempotency-Key", max_length=40)] = ""
) -> Status[dict[str, Any]]:
    if not key:
        raise Refused(Reason("KEY_MISSING", KEY_MISSING, "Idempotency-Key"))
    actor = actor_of(request)
    taken = take_ticket(
        actor=actor,
        place=network.get_place(place).id,
        source=Source.GUIDE if actor.is_staff else Source.PHONE,
        key=key,
        items=body.items,
        queue=body.queue,
        reason=body.reason,
        companions=body.companions,
        at=now(),
    )
    told = {"ticket": taken.ticket, "number": taken.number, "token": taken.token}
    return Status(201, {**told, "least": taken.least, "most": taken.most})


@tickets.get("/{token}", response={200: MyTicketOut, **ASKED}, url_name="my_ticket", summary="My number: how far, and who came before")  # fmt: skip
def mine(request: HttpRequest, token: str) -> dict[str, Any]:
    row = visits.my_ticket(token, at=now())
    return {
        "number": row.number,
        "place": network.get_place_by_id(row.place).code,
        "queue": translate.label(row.queue_name),
        "turn": row.of.value,
        "state": row.state,
        "words": translate.label(row.words),
        "window": row.window,
        "ahead": row.ahead,
        "least": row.least,
        "most": row.most,
        "taken_at": row.taken_at,
        "may_return": row.may_return,
        "travel": row.travel,
        "leave_in": row.leave_in,
        "before": [
            {"number": one.number, "window": one.window, "at": one.at, "why": translate.label(one.words)}
            for one in row.before
        ],
    }


@tickets.post(
    "/{token}/reminders/leave",
    response={200: DoneOut, 409: Problem, **REFUSALS},
    url_name="my_ticket_leave",
    summary="Be told when to leave: the minutes of the way, nothing else, are kept",
)
def remind(request: HttpRequest, token: str, body: TravelIn) -> dict[str, Any]:
    at = now()
    row = visits.my_ticket(token, at=at)
    set_travel(actor=visits.holder(row), ticket=row.ticket, minutes=body.minutes, at=at)
    return {"done": True}


HOLDERS = {"leave": leave, "step-away": step_away, "come-back": come_back, "return": return_after_pass}


@tickets.post(
    "/{token}/{step}",
    response={200: DoneOut, 409: Problem, **ASKED},
    url_name="my_ticket_step",
    summary="What the holder of a number may do: leave, step away, come back, join again after a missed call",
)
def holder_step(
    request: HttpRequest, token: str, step: Literal["leave", "step-away", "come-back", "return"]
) -> dict[str, Any]:
    at = now()
    row = visits.my_ticket(token, at=at)
    HOLDERS[step](actor=visits.holder(row), ticket=row.ticket, at=at)
    return {"done": True}


@halls.get("/{place}/desk", response={200: DeskOut, **REFUSALS}, url_name="desk", summary="My window in this hall, and who waits for it")  # fmt: skip
def window(request: HttpRequest, place: str) -> dict[str, Any]:
    at = now()
    page = visits.desk_page(actor_of(request), network.get_place(place).id, at=at)
    return {
        "window": page.window,
        "paused_at": page.paused_at,
        "present": _ticket(page.present) if page.present else None,
        **{name: [_ticket(row) for row in getattr(page, name)] for name in ("waiting", "parked", "passed", "away")},
        "queues": [_queue(row) for row in page.queues],
        "could_open": list(page.windows),
    }


@halls.post("/{place}/desk/open", response={200: DoneOut, **REFUSALS}, url_name="desk_open", summary="Open a window")
def opened(request: HttpRequest, place: str, body: OpenDeskIn) -> dict[str, Any]:
    open_desk(actor=actor_of(request), place=network.get_place(place).id, window=body.window, at=now())
    return {"done": True}


def _once(actor: Actor, act: str, key: str, about: dict[str, str], do: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Once per key, where there is one: a program whose answer was lost sends its step again, and by then somebody else may
    stand at the window."""
    if not key:
        return do()
    scope, told = idempotency.scope_of(actor, f"desk.{act}"), idempotency.body_hash(about)
    answer, _ = idempotency.run_once(key=key, scope=scope, body_hash=told, at=now(), do=do)
    return answer


def _done(act: Callable[[], object]) -> dict[str, Any]:
    act()
    return {"done": True}


@desk.post("/next", response={200: CalledOut, **REFUSALS}, url_name="desk_next", summary="Call the next one; a second press calls nobody else")  # fmt: skip
def next_one(request: HttpRequest, key: DeskKey = "") -> dict[str, Any]:
    actor = actor_of(request)

    def call() -> dict[str, Any]:
        called = call_next(actor=actor, at=now())
        if called is None:
            return {"number": None}
        told = {"number": called.number, "ticket": str(called.ticket), "rule": called.rule.value}
        return {**told, "again": called.again}

    return _once(actor, "next", key, {}, call)


PauseBecause = QueryEx[PauseWhy, P(description="why a window pauses")]
PauseFor = QueryEx[int | None, P(ge=1, le=240, description="minutes that the pause is meant to last")]
STEPS: dict[str, Callable[[Actor, Shown | None, datetime], object]] = {
    "recall": lambda actor, shown, at: recall(actor=actor, shown=shown, at=at),
    "pass": lambda actor, shown, at: pass_over(actor=actor, shown=shown, at=at),
    "start": lambda actor, shown, at: start(actor=actor, shown=shown, at=at),
    "park": lambda actor, shown, at: park(actor=actor, shown=shown, at=at),
    "resume": lambda actor, _, at: resume_desk(actor=actor, at=at),
    "close": lambda actor, _, at: close_desk(actor=actor, at=at),
}


@desk.post(
    "/steps/{step}",
    response={200: DoneOut, **REFUSALS},
    url_name="desk_step",
    summary="With whom was called: call again, pass over, begin, set aside; with the window: pause, go on, close",
)
def step(
    request: HttpRequest,
    step: Literal["recall", "pass", "start", "park", "pause", "resume", "close"],
    ticket: DeskTicket = None,
    key: DeskKey = "",
    why: PauseBecause = PauseWhy.REST,
    minutes: PauseFor = None,
) -> dict[str, Any]:
    actor = actor_of(request)

    def act() -> object:
        if step == "pause":
            return pause_desk(actor=actor, why=Pause(why.value, minutes), at=now())
        return STEPS[step](actor, _shown(ticket), now())

    meant = {"why": why.value, "minutes": str(minutes or "")} if step == "pause" else {}
    return _once(actor, "step", key, {"step": step, **_named(ticket), **meant}, lambda: _done(act))


def _shown(ticket: UUID | None) -> Shown | None:
    return Shown(ticket) if ticket else None


def _named(ticket: UUID | None) -> dict[str, str]:
    return {"ticket": str(ticket)} if ticket else {}


@desk.post("/finish", response={200: DoneOut, **REFUSALS}, url_name="desk_finish", summary="The service is over, with its outcome")  # fmt: skip
def finished(request: HttpRequest, body: FinishIn, key: DeskKey = "") -> dict[str, Any]:
    actor, outcome = actor_of(request), body.outcome.value
    return _once(
        actor,
        "finish",
        key,
        {"outcome": outcome, **_named(body.ticket)},
        lambda: _done(lambda: finish(actor=actor, outcome=outcome, shown=_shown(body.ticket), at=now())),
    )


TICKETS: dict[str, Callable[[Actor, UUID, datetime], object]] = {
    "call": lambda actor, ticket, at: call_number(actor=actor, ticket=ticket, at=at),
    "take-up": lambda actor, ticket, at: resume(actor=actor, ticket=ticket, at=at),
    "return": lambda actor, ticket, at: return_after_pass(actor=actor, ticket=ticket, at=at),
    "step-away": lambda actor, ticket, at: step_away(actor=actor, ticket=ticket, at=at),
    "come-back": lambda actor, ticket, at: come_back(actor=actor, ticket=ticket, at=at),
    "leave": lambda actor, ticket, at: leave(actor=actor, ticket=ticket, at=at),
}


@desk.post("/tickets/{ticket}/transfer", response={200: DoneOut, **REFUSALS}, url_name="desk_transfer", summary="Send a number to another queue")  # fmt: skip
def transferred(request: HttpRequest, ticket: UUID, body: SendOnIn) -> dict[str, Any]:
    transfer(actor=actor_of(request), ticket=ticket, queue=body.queue, at=now())
    return {"done": True}


@desk.post(
    "/tickets/{ticket}/steps/{step}",
    response={200: DoneOut, **REFUSALS},
    url_name="desk_ticket",
    summary="With one number: call it, take it up again, let it wait again, note that it is away, back or has left",
)
def with_one(
    request: HttpRequest,
    ticket: UUID,
    step: Literal["call", "take-up", "return", "step-away", "come-back", "leave"],
) -> dict[str, Any]:
    TICKETS[step](actor_of(request), ticket, now())
    return {"done": True}


def _queue(row: QueueRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "letter": row.letter,
        "name": translate.label(row.name),
        "waiting": row.waiting,
        "windows": row.desks,
        "least": row.least,
        "most": row.most,
        "longest": row.longest,
        "priority_only": row.priority_only,
    }


def _ticket(row: TicketRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "number": row.number,
        "queue": translate.label(row.queue_name),
        "turn": row.of.value,
        "state": row.state,
        "words": translate.label(row.words),
        "items": list(row.items),
        "person": row.person_masked,
        "companions": row.companions,
        "waited": row.waited,
        "window": row.window,
    }
