"""我的单位: the companies that a person represents, each with its cases, certificates and who acts for it."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse

from yichuang.cases import queries as cases
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date, now
from yichuang.core.paging import Page
from yichuang.people import queries as people
from yichuang.people.values import PartyRow, RepresentationRow
from yichuang.registry import queries as registry
from yichuang.registry.values import VALIDITY_WORDS
from yichuang.web.portal.views_cases import ACT_ON, WAITS_FOR
from yichuang.webkit.actor import actor_of
from yichuang.webkit.pages import render
from yichuang.webkit.params import text, uuid_or_none

MOST = 10  # companies on a page; cases and certificates of each; the rest under my cases and my certificates


def companies(request: HttpRequest) -> HttpResponse:
    """One part for each company: for its legal representative whole, for an agent as far as the authority goes."""
    actor, at = actor_of(request), now()
    cursor = uuid_or_none(text(request, "cursor"))
    mine = (
        people.companies_of(actor.id, at=at, cursor=str(cursor) if cursor else None, limit=MOST)
        if actor.id
        else Page(())
    )
    known = people.list_parties([row.principal for row in mine.items])
    found = [_company(actor, known[row.principal], row, at) for row in mine.items]
    context = {"companies": found, "turns": ACT_ON, "todo": WAITS_FOR, "cursor": cursor, "next": mine.next}
    return render(request, "portal/company.html", context)


def _company(actor: Actor, company: PartyRow, tie: RepresentationRow, at: datetime) -> dict[str, Any]:
    whole, decides, today = actor.acts_for(company.id), tie.kind != "agent", local_date(at)
    held = registry.list_held([company.id], limit=MOST) if whole else Page(())
    worth = [(row, registry.validity(row, today)) for row in held.items]
    page = cases.list_my_cases(actor, at=at, limit=MOST, of=company.id)
    return {
        "party": company,
        "tie": tie,
        "decides": decides,
        "whole": whole,
        "cases": page.items,
        "more": page.next is not None,
        "more_papers": held.next is not None,
        "certificates": [(row, value, VALIDITY_WORDS[value]) for row, value in worth],
        "people": people.representatives(company.id, at=at) if decides else (),
    }
