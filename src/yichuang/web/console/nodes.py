"""大厅节点: which days the hall's own node keeps, how its line is, what both sides moved; asked back, taken back, settled."""

from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from yichuang.core.actors import Actor
from yichuang.core.clock import now
from yichuang.core.refusals import Reason, Refused
from yichuang.core.words import W
from yichuang.network import queries as network
from yichuang.visits import queries as visits
from yichuang.visits.commands import node
from yichuang.visits.values.node import CONFLICT_WORDS, HELD_WORDS
from yichuang.web.console.pages import Act, act, chosen, day_of, render
from yichuang.webkit import params
from yichuang.webkit.actor import actor_of

SILENT = timedelta(minutes=1)  # a node speaks every few seconds
ASKED = W("已请求交还，节点下次联系中心时交出这一天", "Asked for: the node hands the day over when it speaks next")
TAKEN = W("已收回，中心从现在起可以叫号", "Taken back: the centre calls from now on")
SETTLED = W("冲突已处理", "The conflict is settled")
NO_HALL, NO_DAY = W("请选择大厅", "Choose the hall"), W("请选择日期", "Choose the day")
NO_CONFLICT = W("请选择要处理的冲突", "Choose the conflict")


def nodes(request: HttpRequest) -> HttpResponse:
    """The nodes of the actor's halls, what waits to be settled, and what was."""
    if request.method != "POST":
        return _page(request)
    acts: dict[str, Act] = {
        "ask": ("node_ask_back", partial(_ask, request), ASKED),
        "take": ("node_take_back", partial(_take, request), TAKEN),
        "settle": ("node_settle", partial(_settle, request), SETTLED),
    }
    return act(request, acts, then=reverse("console:nodes"), again=lambda refused: _page(request, refused))


def _which(request: HttpRequest) -> tuple[UUID, date]:
    place, day = chosen(request, "place"), day_of(request, "day")
    missing = ((place, "/place", NO_HALL), (day, "/day", NO_DAY))
    wrong = [Reason("MISSING", words, field) for value, field, words in missing if value is None]
    if wrong or place is None or day is None:
        raise Refused(*wrong)
    return place, day


def _ask(request: HttpRequest, actor: Actor, at: datetime) -> None:
    place, day = _which(request)
    node.ask_back(actor=actor, place=place, day=day, at=at)


def _take(request: HttpRequest, actor: Actor, at: datetime) -> None:
    place, day = _which(request)
    off = params.text(request, "switched_off") == "true"
    node.take_back(actor=actor, place=place, day=day, switched_off=off, at=at)


def _settle(request: HttpRequest, actor: Actor, at: datetime) -> None:
    row = chosen(request, "conflict")
    if row is None:
        raise Refused(Reason("MISSING", NO_CONFLICT, "/conflict"))
    held, why = params.text(request, "held"), params.text(request, "note", longest=500)
    node.settle(actor=actor, conflict=row, held=held, note=why, at=at)


def _page(request: HttpRequest, refused: Refused | None = None) -> HttpResponse:
    actor, at = actor_of(request), now()
    waiting = visits.list_conflicts(actor)
    chosen_one = params.text(request, "conflict") or (str(waiting[0].id) if waiting else "")
    context = {
        "nodes": visits.list_nodes(actor, at=at),
        "waiting": waiting,
        "settled": visits.list_conflicts(actor, settled=True, limit=20),
        "place_name": lambda place: network.get_place_by_id(place).name,
        "is_silent": lambda row: row.heard_at is None or at - row.heard_at > SILENT,
        "kinds": CONFLICT_WORDS,
        "helds": HELD_WORDS,
        "options": [(held.value, words) for held, words in HELD_WORDS.items()],
        "chosen": chosen_one,  # one form at a time: its faults lead to its fields
        "chosen_day": params.text(request, "day"),
    }
    return render(request, "console/nodes.html", context, refused)
