"""电子送达: what it means, who of mine has agreed to it, agreeing and taking it back; and the question in a filing."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from yichuang.catalog import queries as catalog
from yichuang.core.actors import Actor
from yichuang.core.clock import now
from yichuang.core.refusals import NotFound, Refused
from yichuang.core.words import W, Words
from yichuang.people import commands as people
from yichuang.people import queries
from yichuang.people.queries import ConsentRow
from yichuang.webkit.actor import actor_of
from yichuang.webkit.pages import note, render
from yichuang.webkit.params import text, uuid_or_none
from yichuang.webkit.problems import NONE, problems_of

GIVEN = W("已同意电子送达", "Electronic service is agreed to")
WITHDRAWN = W("已撤回，以后的文书书面送达", "Withdrawn: later papers are served on paper")
PARTY = W("当事人", "person or company")
MOST_ITEMS = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One whom I may speak for: everything, or (`item`) the one item that I may act in."""

    party: UUID
    name: str
    mobile: str  # masked; "" when none is on record
    item: str
    item_name: Words | None
    consent: ConsentRow | None


def service(request: HttpRequest) -> HttpResponse:
    """The words, and each whom I may speak for with what is on record."""
    actor, at = actor_of(request), now()
    errors = NONE
    if request.method == "POST":
        try:
            return _post(request, actor, at)
        except NotFound:
            raise
        except Refused as refused:
            errors = problems_of(refused)
    lines = _lines(actor, at)
    context = {
        "text": queries.service_text(),
        "lines": lines,
        "history": [row for party in dict.fromkeys(line.party for line in lines) for row in _said(actor, party)],
        "names": {line.party: line.name for line in lines},
        "back": _notice(request),
        "errors": errors,
    }
    return render(request, "portal/service.html", context, status=409 if errors else 200)


def _post(request: HttpRequest, actor: Actor, at: datetime) -> HttpResponse:
    party, item = uuid_or_none(text(request, "party")), text(request, "item", longest=80)
    if party is None:
        raise NotFound(PARTY)
    if text(request, "step") == "withdraw":
        people.withdraw_service_consent(actor=actor, party=party, item=item, at=at)
        note(request, WITHDRAWN)
    else:
        version = text(request, "version", longest=20)
        people.give_service_consent(actor=actor, party=party, item=item, version=version, at=at)
        note(request, GIVEN)
    notice = _notice(request)
    return HttpResponseRedirect(reverse("portal:notice", args=[notice]) if notice else reverse("portal:service"))


def _notice(request: HttpRequest) -> UUID | None:
    """The notice from which somebody came here, and to which they go back."""
    return uuid_or_none(text(request, "notice"))


def _lines(actor: Actor, at: datetime) -> list[Line]:
    if actor.id is None:
        return []
    wanted = [(actor.id, "")]
    for row in queries.represented(actor.id, at=at):
        wanted += [(row.principal, item) for item in row.items or ("",)]
    parties = queries.list_parties({party for party, _ in wanted})
    limited = any(item for _, item in wanted)
    names = {row.code: row.name for row in catalog.list_items(limit=MOST_ITEMS, at=at).items} if limited else {}
    return [
        Line(
            party=party,
            name=parties[party].name,
            mobile=parties[party].mobile_masked,
            item=item,
            item_name=names.get(item, Words(item, item)) if item else None,
            consent=queries.service_consent(party, item=item),
        )
        for party, item in dict.fromkeys(wanted)
    ]


def _said(actor: Actor, party: UUID) -> tuple[ConsentRow, ...]:
    """What was ever said for a party, as far as the actor may speak for it."""
    return tuple(row for row in queries.list_service_consents(party) if actor.acts_for(party, item=row.item))


# ── the question in a filing ──────────────────────────────────────────────────────────────────────────────────────


def to_ask(actor: Actor, applicant: UUID, item: str) -> queries.ConsentText | None:
    """The words to show on the check page of a filing; None when the applicant has answered before."""
    return None if queries.service_standing(applicant, item=item) != "none" else queries.service_text()


def take_answer(request: HttpRequest, actor: Actor, applicant: UUID, item: str, at: datetime) -> None:
    """The tick on the check page. Words that changed meanwhile are asked again another time: the filing stands."""
    if "service_agreed" not in request.POST or queries.service_standing(applicant, item=item) != "none":
        return
    scope = "" if actor.acts_for(applicant) else item
    version = text(request, "service_agreed", longest=20)
    try:
        people.give_service_consent(actor=actor, party=applicant, item=scope, version=version, at=at)
    except Refused:
        return
