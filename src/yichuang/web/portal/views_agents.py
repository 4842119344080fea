"""我的代理人: who acts for me and for whom I act; giving an authority, and ending one."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.dateparse import parse_date

from yichuang.catalog import queries as catalog
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date, now
from yichuang.core.refusals import NotFound, Reason, Refused
from yichuang.core.words import W, Words
from yichuang.people import commands as people
from yichuang.people import queries
from yichuang.people.values import ID_TYPES, RESIDENT_ID, USCC, PartyRow, RepresentationRow, check_number
from yichuang.web.portal.proving import named, prove, send_code
from yichuang.webkit.actor import actor_of
from yichuang.webkit.agents import UNKNOWN_AGENT, authority_of, find_agent, principals_of
from yichuang.webkit.pages import note, render
from yichuang.webkit.params import text
from yichuang.webkit.problems import NONE

FIELDS = ("principal", "name", "id_type", "id_no", "scope", "valid_to")
MOST_ITEMS = 200
GIVEN = W("已授权，对方会收到通知", "The authority is given; the agent is told")
ENDED = W("授权已解除，立即生效", "The authority has ended, with effect at once")


@dataclass(frozen=True, slots=True)
class Given:
    """A right and complete form."""

    principal: UUID
    agent: PartyRow
    items: tuple[str, ...]
    valid_to: date


# ── who acts for whom ─────────────────────────────────────────────────────────────────────────────────────────────


def agents(request: HttpRequest) -> HttpResponse:
    """Both sides: who acts for me (and for those I decide for), and for whom I act."""
    actor, at = actor_of(request), now()
    mine = [(who, _for_page(queries.representatives(who.id, at=at), at)) for who in principals_of(actor, at=at)]
    context = {
        "mine": mine,
        "known": {who.id: who.name for who, _rows in mine},  # those one decides for are no secret to oneself
        "theirs": _for_page(queries.represented(actor.id, at=at), at) if actor.id else [],
        "today": local_date(at),
    }
    return render(request, "portal/agents/list.html", context)


def _for_page(rows: tuple[RepresentationRow, ...], at: datetime) -> list[tuple[RepresentationRow, list[Words]]]:
    return [(row, _names(row.items, at)) for row in rows]


def _names(items: tuple[str, ...], at: datetime) -> list[Words]:
    """The names of the items; one that is withdrawn keeps its code."""
    found = []
    for code in items:
        try:
            found.append(catalog.get_item(code, at=at).name)
        except NotFound:
            found.append(Words(code, code))
    return found


# ── giving ────────────────────────────────────────────────────────────────────────────────────────────────────────


def give(request: HttpRequest) -> HttpResponse:
    """The form; then the same once more in words, to be confirmed by the person; then the authority."""
    actor, at = actor_of(request), now()
    if request.method != "POST" or "_back" in request.POST:
        return _form(request, actor, at)
    try:
        given = _read(request, actor, at)
    except Refused as refused:
        return _form(request, actor, at, refused)
    if "_confirm" not in request.POST and "_code" not in request.POST:
        return _confirm(request, actor, given, at)
    try:
        if "_code" in request.POST:
            send_code(request, actor, at)
            return _confirm(request, actor, given, at)
        prove(request, actor, at)
        people.grant_agency(
            actor=actor,
            principal=given.principal,
            agent=given.agent.id,
            items=given.items,
            valid_to=given.valid_to,
            at=at,
        )
    except NotFound:
        raise
    except Refused as refused:
        return _confirm(request, actor, given, at, refused)
    note(request, GIVEN)
    return HttpResponseRedirect(reverse("portal:agents"))


def _form(request: HttpRequest, actor: Actor, at: datetime, refused: Refused | None = None) -> HttpResponse:
    context = {
        "principals": principals_of(actor, at=at),
        "typed": _typed(request, actor),
        "chosen": request.POST.getlist("item"),
        "items": catalog.list_items(limit=MOST_ITEMS, at=at).items,
        "id_types": [(code, words) for code, words in ID_TYPES.items() if code != USCC],
        "today": local_date(at),
        "problems": named(refused) if refused else NONE,
    }
    return render(request, "portal/agents/give.html", context, status=refused.status if refused else 200)


def _typed(request: HttpRequest, actor: Actor) -> dict[str, str]:
    typed = {name: text(request, name) for name in FIELDS}
    return {**typed, "principal": typed["principal"] or str(actor.id), "scope": typed["scope"] or "all"}


def _read(request: HttpRequest, actor: Actor, at: datetime) -> Given:
    """What was typed; every fault at once. Somebody who is not found is told last: guesses are counted."""
    typed = _typed(request, actor)
    reasons: list[Reason] = []
    principal = next((row for row in principals_of(actor, at=at) if str(row.id) == typed["principal"]), None)
    if principal is None:
        raise NotFound(W("委托人", "principal"))
    if not typed["name"]:
        reasons.append(Reason("NAME_MISSING", W("请填写代理人姓名", "Give the agent's name"), "name"))
    id_type = typed["id_type"] or RESIDENT_ID
    wrong = check_number(id_type, typed["id_no"], on=local_date(at))
    reasons += [Reason(r.code, r.words, "id_no", r.basis) for r in wrong]
    items = _items(request, typed["scope"], at, reasons)
    last = _day(typed["valid_to"])
    if last is None:
        reasons.append(Reason("DAY_MISSING", W("请填写截止日期", "Say until which day"), "valid_to"))
    known = None
    if not any(r.field in {"name", "id_no"} for r in reasons):
        known = find_agent(request, name=typed["name"], id_type=id_type, id_no=typed["id_no"], at=at)
    agent = known.id if known else None
    if last is not None:
        found = people.check_agency(actor=actor, principal=principal.id, agent=agent, valid_to=last, at=at)
        reasons += [Reason(r.code, r.words, _field(r.field), r.basis) for r in found]
    if reasons or known is None or last is None:
        raise Refused(
            *reasons, *([] if known or any(r.field in {"name", "id_no"} for r in reasons) else [UNKNOWN_AGENT])
        )
    return Given(principal.id, known, items, last)


def _items(request: HttpRequest, scope: str, at: datetime, reasons: list[Reason]) -> tuple[str, ...]:
    if scope != "some":
        return ()
    known = {row.code for row in catalog.list_items(limit=MOST_ITEMS, at=at).items}
    items = tuple(code for code in dict.fromkeys(request.POST.getlist("item")) if code in known)
    if not items:
        words = W("请至少选一个事项，或者选“全部事项”", "Choose at least one service, or all of them")
        reasons.append(Reason("ITEMS_MISSING", words, "item"))
    return items


def _field(pointer: str | None) -> str:
    return {"agent": "id_no"}.get((pointer or "").strip("/"), (pointer or "").strip("/"))


def _day(given: str) -> date | None:
    try:
        return parse_date(given)
    except ValueError:  # well-formed, but no day of any calendar
        return None


def _confirm(
    request: HttpRequest, actor: Actor, given: Given, at: datetime, refused: Refused | None = None
) -> HttpResponse:
    context: dict[str, Any] = {
        "given": given,
        "principal": queries.get_party(given.principal),
        "names": _names(given.items, at),
        "typed": _typed(request, actor),
        "phone": queries.phone_of(actor),
        "problems": named(refused) if refused else NONE,
    }
    return render(request, "portal/agents/confirm.html", context, status=refused.status if refused else 200)


# ── ending ────────────────────────────────────────────────────────────────────────────────────────────────────────


def end(request: HttpRequest, id: UUID) -> HttpResponse:
    """Ask once more, then end it at once: by who gave it, or by the agent (辞去委托)."""
    actor, at = actor_of(request), now()
    row = authority_of(actor, id, at=at)
    if request.method != "POST":
        context = {"row": row, "names": _names(row.items, at), "problems": NONE}
        return render(request, "portal/agents/end.html", context)
    try:
        people.revoke_agency(actor=actor, representation=id, at=at)
    except NotFound:
        raise
    except Refused as refused:
        context = {"row": row, "names": _names(row.items, at), "problems": named(refused)}
        return render(request, "portal/agents/end.html", context, status=refused.status)
    note(request, ENDED)
    return HttpResponseRedirect(reverse("portal:agents"))
