"""便民物品 at the desk by the door: lend, take back, lost; and what the hall has, for its manager."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from yichuang.core.clock import now
from yichuang.core.ids import new_id
from yichuang.core.refusals import NotFound, Refused
from yichuang.core.words import W
from yichuang.visits import queries as visits
from yichuang.visits.commands.loans import end_loan, lend, set_loan_item
from yichuang.web.counter.bookings import hall_of
from yichuang.web.counter.keys import frame
from yichuang.webkit import params
from yichuang.webkit.actor import actor_of
from yichuang.webkit.acts import settle
from yichuang.webkit.pages import render
from yichuang.webkit.problems import NONE, problems_sent

PAGE = W("页面", "page")
DONE = {
    "lend": W("已借出", "Lent"),
    "back": W("已归还，借用人的信息已删除", "Back: who had it is forgotten"),
    "lost": W("已记为遗失，数量减一", "Put down as lost: the hall has one fewer"),
    "item": W("已保存", "Saved"),
}


def loans(request: HttpRequest) -> HttpResponse:
    """What there is, who has what."""
    return _page(request)


def step(request: HttpRequest, step: str) -> HttpResponse:
    """Lend one, take it back, put it down as lost, say what the hall has."""
    acts: dict[str, Callable[[], object]] = {
        "lend": lambda: _lend(request),
        "back": lambda: _end(request, lost=False),
        "lost": lambda: _end(request, lost=True),
        "item": lambda: _item(request),
    }
    if step not in acts:
        raise NotFound(PAGE)
    then = reverse("counter:loans")
    return settle(request, acts[step], done=DONE[step], then=then, again=lambda refused: _page(request, refused, step))


def _lend(request: HttpRequest) -> None:
    actor = actor_of(request)
    lend(
        actor=actor,
        place=hall_of(actor),
        item=params.uuid(params.text(request, "item")),
        name=params.text(request, "name", longest=100),
        mobile=params.text(request, "mobile", longest=30),
        key=params.text(request, "key", longest=40) or new_id().hex,
        at=now(),
    )


def _end(request: HttpRequest, *, lost: bool) -> None:
    actor = actor_of(request)
    loan = params.uuid(params.text(request, "loan"))
    end_loan(actor=actor, place=hall_of(actor), loan=loan, lost=lost, at=now())


def _item(request: HttpRequest) -> UUID:
    actor = actor_of(request)
    return set_loan_item(
        actor=actor,
        place=hall_of(actor),
        item=params.uuid_or_none(params.text(request, "item")),
        name=W(params.text(request, "name_zh", longest=40), params.text(request, "name_en", longest=80)),
        owned=params.whole(request, "owned"),
        minutes=params.whole(request, "minutes"),
        at=now(),
    )


def _page(request: HttpRequest, refused: Refused | None = None, step: str = "") -> HttpResponse:
    actor, at = actor_of(request), now()
    context = {
        **frame(actor),
        "desk": visits.loan_desk(actor, hall_of(actor), at=at),
        "press_key": params.text(request, "key", longest=40) if refused else new_id().hex,
        "typed": request.POST if refused and step == "lend" else {},
        "kept": request.POST if refused and step == "item" else {},
        "problems": problems_sent(request, refused) if refused else NONE,
    }
    return render(request, "counter/loans.html", context, status=refused.status if refused else 200)
