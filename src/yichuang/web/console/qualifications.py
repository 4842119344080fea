"""上岗资格: which items ask for qualified windows, and which clerks of a hall are qualified for what, until when."""

from datetime import datetime
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from yichuang.catalog import queries as catalog
from yichuang.core import roles
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date, now
from yichuang.core.refusals import NotFound, Reason, Refused
from yichuang.core.words import W, Words
from yichuang.network import queries as network
from yichuang.people import queries as people
from yichuang.people.commands import grant_qualification, withdraw_qualification
from yichuang.people.permissions import check_can_qualify
from yichuang.people.values import QualificationRow
from yichuang.visits import queries as visits
from yichuang.visits.commands.qualified import ask_qualification, check_scope, lift_qualification
from yichuang.visits.permissions import can_ask_qualification, can_plan
from yichuang.visits.values import AskingItem
from yichuang.web.console.pages import Act, act, chosen, day_of, render
from yichuang.webkit import params
from yichuang.webkit.actor import actor_of

GRANTED = W("资格已登记，下一次叫号起生效", "Qualified: it holds from the next call on")
WITHDRAWN = W("资格已收回，下一次叫号起生效", "Withdrawn: it holds from the next call on")
ASKED = W("已要求上岗资格，下一次叫号起生效", "Asked for: it holds from the next call on")
LIFTED = W("已取消要求，各窗口都可以叫号", "Lifted: every window calls it")
HALL = W("大厅", "hall")
NO_SCOPE = W("请选择可以办理什么", "Choose what they are qualified for")
NO_CLERK = W("请选择窗口人员", "Choose a member of staff")
EVERYTHING = W("全部事项", "everything")
ALL_OF = W("{department}的全部事项", "all items of {department}")
ITEM, DEPARTMENT, ALL = "item:", "department:", "*"
SHOWN = 200  # items to choose from


def qualifications(request: HttpRequest) -> HttpResponse:
    """The items that ask for it, and who of the actor's hall has it."""
    if request.method != "POST":
        return _page(request)
    acts: dict[str, Act] = {
        "grant": ("grant_qualification", partial(_grant, request), GRANTED),
        "withdraw": ("withdraw_qualification", partial(_withdraw, request), WITHDRAWN),
        "ask": ("ask_qualification", partial(_ask, request), ASKED),
        "lift": ("lift_qualification", partial(_lift, request), LIFTED),
    }
    return act(request, acts, then=reverse("console:qualifications"), again=lambda refused: _page(request, refused))


def _grant(request: HttpRequest, actor: Actor, at: datetime) -> None:
    staff, scope = chosen(request, "staff"), params.text(request, "scope", longest=80)
    if actor.place is None:
        raise NotFound(HALL)
    check_can_qualify(actor, actor.place)
    missing = ((staff, "/staff", NO_CLERK), (scope, "/scope", NO_SCOPE))
    wrong = [Reason("MISSING", words, field) for value, field, words in missing if not value]
    if wrong or staff is None:
        raise Refused(*wrong)
    item = scope.removeprefix(ITEM) if scope.startswith(ITEM) else ""
    check_scope(item)
    grant_qualification(
        actor=actor,
        place=actor.place,
        staff=staff,
        item=item,
        department=scope.removeprefix(DEPARTMENT) if scope.startswith(DEPARTMENT) else "",
        evidence=params.text(request, "evidence", longest=300),
        valid_from=day_of(request, "valid_from"),
        valid_to=day_of(request, "valid_to"),
        at=at,
    )


def _withdraw(request: HttpRequest, actor: Actor, at: datetime) -> None:
    row = chosen(request, "qualification")
    if actor.place is None or row is None:
        raise NotFound(HALL)
    reason = params.text(request, "reason", longest=300)
    withdraw_qualification(actor=actor, place=actor.place, qualification=row, reason=reason, at=at)


def _ask(request: HttpRequest, actor: Actor, at: datetime) -> None:
    ask_qualification(actor=actor, item=params.text(request, "item", longest=60), at=at)


def _lift(request: HttpRequest, actor: Actor, at: datetime) -> None:
    lift_qualification(actor=actor, item=params.text(request, "item", longest=60), at=at)


def _page(request: HttpRequest, refused: Refused | None = None) -> HttpResponse:
    actor, at = actor_of(request), now()
    today, manages = local_date(at), actor.place is not None and can_plan(actor, actor.place)
    rows: tuple[QualificationRow, ...] = ()
    clerks: list[tuple[str, str]] = []
    if manages and actor.place is not None:
        rows = people.list_qualifications(actor, actor.place, at=at)
        clerks = [(str(row.id), row.name) for row in people.list_at_place(actor.place, roles.SERVES, at=at)]
    asking = [(row, _name(row.item)) for row in visits.items_asking()]
    known = {row.item for row, _ in asking}
    edits = can_ask_qualification(actor)
    context = {
        "hall": network.get_place_by_id(actor.place).name if manages and actor.place else None,
        "rows": [(row, _what(row)) for row in rows],
        "clerks": clerks,
        "asking": asking,
        "edits": edits,
        "items": _items(at, known) if edits else [],
        "scopes": _scopes(asking) if manages else [],
        "today": today,
        "act": params.text(request, "act") if refused else "",
        "ending": params.text(request, "qualification") if refused else "",
    }
    return render(request, "console/qualifications.html", context, refused, {"item": "scope"} if manages else None)


def _name(item: str) -> Words:
    return catalog.published_name(item) or Words(item, item)


def _what(row: QualificationRow) -> Words:
    if row.item:
        return _name(row.item)
    return ALL_OF.format(department=network.get_department(row.department).name) if row.department else EVERYTHING


def _items(at: datetime, known: set[str]) -> list[tuple[str, Words]]:
    """Items that do not ask for it yet."""
    return [(one.code, one.name) for one in catalog.list_items(limit=SHOWN, at=at).items if one.code not in known]


def _scopes(asking: list[tuple[AskingItem, Words]]) -> list[tuple[str, Words]]:
    """What somebody can be qualified for: an item that asks for it, a department, everything."""
    items = [(f"{ITEM}{row.item}", name) for row, name in asking]
    organs = [
        (f"{DEPARTMENT}{row.code}", ALL_OF.format(department=row.name)) for row in network.list_open_departments()
    ]
    return [*items, *organs, (ALL, EVERYTHING)]
