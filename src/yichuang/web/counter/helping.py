"""帮办 at the counter and in communities: what waits, one request and its steps, and asking for who stands at the window."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from yichuang.cases import queries as cases
from yichuang.cases.commands.help import (
    ask_help,
    finish_help,
    hand_on,
    link_case,
    note_step,
    return_help,
    take_help,
)
from yichuang.cases.helping import CONSENT_WORDS, KIND_HINTS, KIND_WORDS
from yichuang.core.clock import now
from yichuang.core.ids import new_id
from yichuang.core.refusals import Conflict, NotFound, Refused
from yichuang.core.words import W
from yichuang.people import commands as people_commands
from yichuang.people import queries as people
from yichuang.web.counter.keys import frame
from yichuang.webkit import params
from yichuang.webkit.actor import actor_of
from yichuang.webkit.acts import settle
from yichuang.webkit.pages import note, render
from yichuang.webkit.problems import NONE, problems_sent

ASKED = W("求助已登记", "The request is registered")
STEPS_DONE = {
    "take": W("已接单，求助人已收到通知", "It is yours; the person has been told"),
    "note": W("已记录", "Noted"),
    "link": W("已关联办件", "The case is linked"),
    "hand-on": W("已转交同事", "Handed on to a colleague"),
    "return": W("已退回，等待其他人接单", "Given back; it waits for somebody else"),
    "finish": W("已办结，求助人已收到通知", "Done; the person has been told"),
}


def listed(request: HttpRequest) -> HttpResponse:
    """What waits at my places, the longest first; mine among it."""
    actor = actor_of(request)
    return render(request, "counter/help.html", {**frame(actor), "rows": cases.list_help(actor, at=now())})


def new(request: HttpRequest, party: UUID) -> HttpResponse:
    """Ask for who stands at the window."""
    actor, at = actor_of(request), now()
    person = people.get_party(party)
    refused: Refused | None = None
    if request.method == "POST":
        try:
            id = ask_help(
                actor=actor,
                kind=params.text(request, "kind"),
                text=params.text(request, "text", longest=2000),
                item_code=params.text(request, "item", longest=60),
                address=params.text(request, "address", longest=400),
                wished=params.text(request, "wished", longest=400),
                consents=params.several(request, "consents"),
                asker=party,
                at=at,
            )
        except NotFound:
            raise
        except Refused as found:
            refused = found
        else:
            note(request, ASKED)
            return HttpResponseRedirect(reverse("counter:help-one", args=[id]))
    context = {
        **frame(actor),
        "person": person,
        "kinds": [(kind.value, KIND_WORDS[kind], KIND_HINTS[kind]) for kind in KIND_WORDS],
        "consents": [(one.value, words) for one, words in CONSENT_WORDS.items()],
        "typed": request.POST if refused else {},
        "ticked": params.several(request, "consents") if refused else [],
        "problems": problems_sent(request, refused) if refused else NONE,
    }
    return render(request, "counter/help_new.html", context, status=refused.status if refused else 200)


def one(request: HttpRequest, help: UUID) -> HttpResponse:
    """One request."""
    return _page(request, help)


def step(request: HttpRequest, help: UUID, step: str) -> HttpResponse:
    """Take it, note a step, link a case, hand it on, give it back, finish it."""
    actor, at, text = actor_of(request), now(), params.text(request, "text", longest=2000)
    to = params.uuid_or_none(params.text(request, "to")) or new_id()  # somebody who is nobody: refused with the rest
    steps: dict[str, Callable[[], None]] = {
        "take": lambda: take_help(actor=actor, request=help, at=at),
        "note": lambda: note_step(actor=actor, request=help, text=text, at=at),
        "link": lambda: link_case(actor=actor, request=help, number=params.text(request, "number"), at=at),
        "hand-on": lambda: hand_on(actor=actor, request=help, to=to, reason=text, at=at),
        "return": lambda: return_help(actor=actor, request=help, reason=text, at=at),
        "finish": lambda: finish_help(actor=actor, request=help, note=text, at=at),
    }
    if step not in steps:
        raise NotFound(W("页面", "page"))
    then = reverse("counter:help-one", args=[help])
    return settle(
        request, steps[step], done=STEPS_DONE[step], then=then, again=lambda refused: _page(request, help, refused)
    )


def _page(request: HttpRequest, help: UUID, refused: Refused | None = None) -> HttpResponse:
    actor, at = actor_of(request), now()
    page = cases.get_help(actor, help, at=at)
    if page.mobile or page.address:
        people_commands.record_look(
            actor=actor, party=page.asker, purpose="service", fields=("mobile", "address"), case_number=page.row.number, at=at
        )  # fmt: skip
    context = {
        **frame(actor),
        "help": page,
        "typed": request.POST if refused else {},
        "change": refused.change if isinstance(refused, Conflict) else None,
        "problems": problems_sent(request, refused) if refused else NONE,
    }
    return render(request, "counter/help_one.html", context, status=refused.status if refused else 200)
