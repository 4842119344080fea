"""At the window: a document in hand is put on record (证件当面核验); who has no account signs what others filed (共同签署)."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from yichuang.cases import queries as cases
from yichuang.cases.commands.at_once import decide_at_once
from yichuang.cases.commands.cosign import sign_at_counter
from yichuang.cases.cosigning import SigningState
from yichuang.core.clock import now
from yichuang.core.refusals import NotFound, Refused
from yichuang.core.words import W
from yichuang.people import commands as people_commands
from yichuang.people import queries as people
from yichuang.people.values import ID_TYPES
from yichuang.web.counter.keys import frame
from yichuang.webkit import params
from yichuang.webkit.actor import actor_of
from yichuang.webkit.pages import note, render
from yichuang.webkit.problems import NONE, problems_sent
from yichuang.webkit.signing import choices_of, papers_of, sections_of

SEEN = W("已登记：证件已当面核验", "On record: the document was seen")
TAKEN_BACK = W("已撤销登记", "Taken back")
SIGNED = W("已登记签署", "The signature is on record")
SIGNED_LAST = W(
    "已登记签署；大家都签了，申请已经提交", "The signature is on record; it was the last one, and it is filed"
)
STUCK = W(
    "已登记签署，但没能提交，发起人会收到原因",
    "The signature is on record, but it could not be filed; who asked is told why",
)


def identity(request: HttpRequest, party: UUID) -> HttpResponse:
    """Whether the document of this person was seen; seen now; taken back."""
    actor, at = actor_of(request), now()
    who, problems = people.get_party(party), NONE
    if request.method == "POST":
        try:
            if params.text(request, "step") == "undo":
                people_commands.take_back_identity(actor=actor, party=party, at=at)
                note(request, TAKEN_BACK)
            else:
                people_commands.confirm_identity(
                    actor=actor,
                    party=party,
                    id_type=params.choice(request, "id_type", set(ID_TYPES)),
                    id_no=params.text(request, "id_no", longest=30),
                    in_hand="in_hand" in request.POST,
                    at=at,
                )
                note(request, SEEN)
            return HttpResponseRedirect(reverse("counter:identity", args=[party]))
        except NotFound:
            raise
        except Refused as refused:
            problems = problems_sent(request, refused)
    context = {
        **frame(actor),
        "section": "counter:intake",
        "person": who,
        "account": people.account_state(party),
        "id_types": tuple(ID_TYPES.items()),
        "typed": {"id_type": params.text(request, "id_type", longest=10) or who.id_type},
        "problems": problems,
    }
    return render(request, "counter/identity.html", context, status=422 if problems else 200)


def signature(request: HttpRequest, signature: UUID) -> HttpResponse:
    """What this person signs, shown to them; the clerk types the number of the document in hand."""
    actor, at = actor_of(request), now()
    page, refused = cases.get_signature(actor, signature), None
    people_commands.record_look(
        actor=actor, party=page.owner, purpose="service", fields=("form",), case_number="", at=at
    )
    if request.method == "POST":
        try:
            done = sign_at_counter(
                actor=actor,
                signature=signature,
                number=params.text(request, "id_no", longest=30),
                mark=params.text(request, "mark", longest=64),
                at=at,
            )
        except NotFound:
            raise
        except Refused as found:
            refused = found
        else:
            if done.case is not None and done.judged:
                decide_at_once(case=done.case, at=now())
            note(request, SIGNED_LAST if done.case else STUCK if done.state is SigningState.STUCK else SIGNED)
            return HttpResponseRedirect(reverse("counter:intake"))
    context = {
        **frame(actor),
        "section": "counter:intake",
        "one": page,
        "sections": sections_of(page, at),
        "choices": choices_of(page, at),
        "papers": papers_of(page, at),
        "problems": problems_sent(request, refused) if refused else NONE,
    }
    return render(request, "counter/signature.html", context, status=refused.status if refused else 200)
