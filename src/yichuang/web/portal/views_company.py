"""我的单位: the companies that a person represents, each with its cases, certificates and who acts for it."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse

from yichuang.cases import queries as cases
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date, now
from yichuang.people import queries as people
from yichuang.people.values import PartyRow, RepresentationRow
from yichuang.registry import queries as registry
from yichuang.registry.values import VALIDITY_WORDS
from yichuang.web.portal.views_cases import ACT_ON, TODO
from yichuang.webkit.actor import actor_of
from yichuang.webkit.pages import render

MOST = 10  # cases of a company on this page; the rest under my cases


def companies(request: HttpRequest) -> HttpResponse:
    """One part for each company: for its legal representative whole, for an agent as far as the authority goes."""
    actor, at = actor_of(request), now()
    mine = people.represented(actor.id, at=at) if actor.id else ()
    known = people.list_parties([row.principal for row in mine])
    ties = [(known[row.principal], row) for row in mine if known[row.principal].kind == "company"]
    found = [_company(actor, company, tie, at) for company, tie in ties]
    return render(request, "portal/company.html", {"companies": found, "turns": ACT_ON, "todo": TODO})


def _company(actor: Actor, company: PartyRow, tie: RepresentationRow, at: datetime) -> dict[str, Any]:
    whole, decides, today = actor.acts_for(company.id), tie.kind != "agent", local_date(at)
    held = registry.certificates_of(company.id) if whole else ()
    worth = [(row, registry.validity(row, today)) for row in held]
    page = cases.list_my_cases(actor, at=at, limit=MOST, of=company.id)
    return {
        "party": company,
        "tie": tie,
        "decides": decides,
        "whole": whole,
        "cases": page.items,
        "more": page.next is not None,
        "certificates": [(row, value, VALIDITY_WORDS[value]) for row, value in worth],
        "people": people.representatives(company.id, at=at) if decides else (),
    }
