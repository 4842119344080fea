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
from yichuang.people.values import PartyRow
from yichuang.webkit.actor import actor_of
from yichuang.webkit.pages import note, render
from yichuang.webkit.params import text, uuid_or_none
from yichuang.webkit.problems import NONE, problems_of

GIVEN = W("已同意电子送达", "Electronic service is agreed to")
WITHDRAWN = W("已撤回，以后的文书书面送达", "Withdrawn: later papers are served on paper")
NOTHING = W(
    "没有撤回：已经没有您可以撤回的同意",
    "Nothing was withdrawn: there is no consent any more that is yours to withdraw",
)
PARTY = W("当事人", "person or company")
MOST_ITEMS = 200
MOST_LINES = 50  # on one page: who acts for hundreds turns pages


@dataclass(frozen=True, slots=True)
class Line:
    """One whom I may speak for: everything, or (`item`) the one item that I may act in."""

    party: UUID
    name: str
    mobile: str  # masked; "" when none is on record
    item: str
    item_name: Words | None
    consent: ConsentRow | None  # in force: for this, else for everything
    parts: tuple[Words, ...] = ()  # of a line for everything: the items that were agreed to one by one
    may_withdraw: bool = False  # what was agreed to for everything is not for who may act in one item


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
    first = _first(request)
    lines, more = _lines(actor, first, at)
    context = {
        "text": queries.service_text(),
        "lines": lines,
        "history": _said(actor, lines),
        "names": {line.party: line.name for line in lines},
        "back": _notice(request),
        "errors": errors,
        "first": first,
        "next": first + MOST_LINES if more else None,
    }
    return render(request, "portal/service.html", context, status=409 if errors else 200)


def _post(request: HttpRequest, actor: Actor, at: datetime) -> HttpResponse:
    party, item = uuid_or_none(text(request, "party")), text(request, "item", longest=80)
    if party is None:
        raise NotFound(PARTY)
    if text(request, "step") == "withdraw":
        took = people.withdraw_service_consent(actor=actor, party=party, item=item, at=at)
        note(request, WITHDRAWN if took else NOTHING)
    else:
        version = text(request, "version", longest=20)
        people.give_service_consent(actor=actor, party=party, item=item, version=version, at=at)
        note(request, GIVEN)
    notice, first = _notice(request), _first(request)
    here = reverse("portal:service") + (f"?cursor={first}" if first else "")
    return HttpResponseRedirect(reverse("portal:notice", args=[notice]) if notice else here)


def _notice(request: HttpRequest) -> UUID | None:
    """The notice from which somebody came here, and to which they go back."""
    return uuid_or_none(text(request, "notice"))


def _first(request: HttpRequest) -> int:
    """At which of my lines the page begins."""
    said = text(request, "cursor", longest=6)
    return int(said) if said.isascii() and said.isdigit() else 0


def _lines(actor: Actor, first: int, at: datetime) -> tuple[list[Line], bool]:
    """Those of one page, and whether more follow."""
    if actor.id is None:
        return [], False
    wanted = [(actor.id, "")]
    for row in queries.represented(actor.id, at=at):
        wanted += [(row.principal, item) for item in row.items or ("",)]
    every = list(dict.fromkeys(wanted))
    shown = every[first : first + MOST_LINES]
    parties = queries.list_parties({party for party, _ in shown})
    in_force = queries.consents_in_force(parties)
    names: dict[str, Words] = {}
    if any(item for _, item in shown) or any(row.item for rows in in_force.values() for row in rows):
        names = {row.code: row.name for row in catalog.list_items(limit=MOST_ITEMS, at=at).items}
    lines = [_line(parties[party], item, in_force[party], names) for party, item in shown]
    return lines, len(every) > first + MOST_LINES


def _line(party: PartyRow, item: str, in_force: tuple[ConsentRow, ...], names: dict[str, Words]) -> Line:
    said = {row.item: row for row in in_force}
    return Line(
        party=party.id,
        name=party.name,
        mobile=party.mobile_masked,
        item=item,
        item_name=names.get(item, Words(item, item)) if item else None,
        consent=said.get(item) or said.get(""),
        parts=() if item else tuple(names.get(code, Words(code, code)) for code in said if code),
        may_withdraw=item in said if item else bool(said),
    )


def _said(actor: Actor, lines: list[Line]) -> list[ConsentRow]:
    """What was said lately for those on the page, as far as the actor may speak for them."""
    said = queries.list_service_consents(*{line.party for line in lines})
    return [row for row in said if actor.acts_for(row.party, item=row.item)]


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
