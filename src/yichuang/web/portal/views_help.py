"""求助: ask for help (帮办, 代办, 上门办), see every step, withdraw a consent or end it at any time."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from yichuang.cases import queries as cases
from yichuang.cases.commands.help import ask_help, end_help, link_case, withdraw_consent
from yichuang.cases.helping import CONSENT_WORDS, KIND_HINTS, KIND_WORDS, NEEDED
from yichuang.catalog import queries as catalog
from yichuang.core.clock import now
from yichuang.core.refusals import NotFound, Refused
from yichuang.core.words import W, Words
from yichuang.feedback import queries as feedback
from yichuang.network import queries as network
from yichuang.network.values import PlaceKind
from yichuang.webkit.actor import actor_of
from yichuang.webkit.acts import settle
from yichuang.webkit.pages import note, render
from yichuang.webkit.params import several, text
from yichuang.webkit.problems import NONE, problems_of

HELPING = frozenset({PlaceKind.DISTRICT_HALL, PlaceKind.SPECIAL_HALL, PlaceKind.SUBDISTRICT_HALL, PlaceKind.COMMUNITY})
ASKED = W("求助已收到，有人接单后会通知您", "Your request has arrived; you will be told when somebody takes it")
ENDED = W("求助已结束，授权同时终止", "The request has ended, and every consent with it")
WITHDRAWN = W("已撤回这项授权", "This consent is withdrawn")
LINKED = W("已关联办件", "The case is linked")


def mine(request: HttpRequest) -> HttpResponse:
    """My requests."""
    return render(request, "portal/help_mine.html", {"rows": cases.my_help(actor_of(request), at=now())})


def new(request: HttpRequest) -> HttpResponse:
    """The form, and asking."""
    actor, at = actor_of(request), now()
    refused: Refused | None = None
    item = text(request, "item", longest=60)
    if request.method == "POST":
        try:
            id = ask_help(
                actor=actor,
                kind=text(request, "kind"),
                text=text(request, "text", longest=2000),
                place=text(request, "place"),
                item_code=item,
                address=text(request, "address", longest=400),
                wished=text(request, "wished", longest=400),
                consents=several(request, "consents"),
                at=at,
            )
        except Refused as found:
            refused = found
        else:
            note(request, ASKED)
            return HttpResponseRedirect(reverse("portal:help-one", args=[id]))
    context = {
        "kinds": [(kind.value, KIND_WORDS[kind], KIND_HINTS[kind]) for kind in KIND_WORDS],
        "places": [(place.code, place.name) for place in network.list_places(kinds=HELPING) if place.active],
        "consents": [(one.value, words) for one, words in CONSENT_WORDS.items()],
        "needed": {kind.value: [one.value for one in needed] for kind, needed in NEEDED.items()},
        "item": item,
        "item_name": _name(item),
        "typed": request.POST if refused else {"kind": text(request, "kind")},
        "ticked": several(request, "consents") if refused else [],
        "problems": problems_of(refused) if refused else NONE,
    }
    return render(request, "portal/help_new.html", context, status=refused.status if refused else 200)


def _name(item: str) -> Words | None:
    try:
        return catalog.get_item(item, at=now()).name if item else None
    except NotFound:
        return None


def one(request: HttpRequest, help: UUID) -> HttpResponse:
    """One request of mine with every step."""
    return _page(request, help)


def step(request: HttpRequest, help: UUID, step: str) -> HttpResponse:
    """End it, withdraw a consent, link a case."""
    actor, at = actor_of(request), now()
    steps: dict[str, tuple[Callable[[], None], Words]] = {
        "end": (
            lambda: end_help(actor=actor, request=help, reason=text(request, "reason", longest=1000), at=at),
            ENDED,
        ),
        "consent": (
            lambda: withdraw_consent(actor=actor, request=help, consent=text(request, "consent"), at=at),
            WITHDRAWN,
        ),
        "link": (lambda: link_case(actor=actor, request=help, number=text(request, "number"), at=at), LINKED),
    }
    if step not in steps:
        raise NotFound(W("页面", "page"))
    do, done = steps[step]
    then = reverse("portal:help-one", args=[help])
    return settle(request, do, done=done, then=then, again=lambda refused: _page(request, help, refused))


def _page(request: HttpRequest, help: UUID, refused: Refused | None = None) -> HttpResponse:
    page = cases.get_help(actor_of(request), help, at=now())
    asked = feedback.find_asked("help", help, at=now()) if page.is_asker else None
    context = {"help": page, "asked": asked, "problems": problems_of(refused) if refused else NONE}
    return render(request, "portal/help_one.html", context, status=refused.status if refused else 200)
