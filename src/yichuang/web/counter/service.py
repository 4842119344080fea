"""电子送达 at the counter: the words to be printed and signed, the signed consent put on record, and its withdrawal."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from yichuang.core.clock import now
from yichuang.core.refusals import NotFound, Refused
from yichuang.core.words import W
from yichuang.people import commands as people_commands
from yichuang.people import queries as people
from yichuang.web.counter.keys import frame
from yichuang.webkit import params
from yichuang.webkit.actor import actor_of
from yichuang.webkit.pages import note, render
from yichuang.webkit.problems import NONE, problems_of

GIVEN = W("已登记，当事人会收到通知", "On record; the person is told")
WITHDRAWN = W("已登记撤回，以后的文书书面送达", "The withdrawal is on record: later papers are served on paper")
NOTHING = W("没有可以撤回的同意，未作登记", "Nothing was agreed to: nothing was put on record")


def service(request: HttpRequest, party: UUID) -> HttpResponse:
    """What stands on record of a person or company, and the paper that they sign."""
    actor, at = actor_of(request), now()
    who = people.get_party(party)
    problems = NONE
    if request.method == "POST":
        try:
            signed = "signed" in request.POST
            if params.text(request, "step") == "withdraw":
                took = people_commands.withdraw_service_consent(actor=actor, party=party, signed=signed, at=at)
                note(request, WITHDRAWN if took else NOTHING)
            else:
                version = params.text(request, "version", longest=20)
                people_commands.give_service_consent(actor=actor, party=party, version=version, signed=signed, at=at)
                note(request, GIVEN)
            return HttpResponseRedirect(reverse("counter:service", args=[party]))
        except NotFound:
            raise
        except Refused as refused:
            problems = problems_of(refused)
    in_force = people.consents_in_force([party])[party]
    context = {
        **frame(actor),
        "section": "counter:intake",
        "person": who,
        "text": people.service_text(),
        "in_force": in_force,
        "whole": any(not row.item for row in in_force),
        "history": people.list_service_consents(party),
        "today": at,
        "problems": problems,
    }
    return render(request, "counter/service.html", context, status=422 if problems else 200)
