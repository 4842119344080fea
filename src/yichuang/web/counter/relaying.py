"""接力码 at the window: what somebody began elsewhere goes on here, and what was begun here goes on elsewhere."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from yichuang.cases import queries as cases
from yichuang.cases.commands.relay import begin_for, open_relay, put_back, take_files
from yichuang.catalog.values import Pack
from yichuang.core.actors import Actor
from yichuang.core.clock import now
from yichuang.core.ids import new_id
from yichuang.core.refusals import NotFound, Reason, Refused
from yichuang.core.words import W
from yichuang.people import commands as people_commands
from yichuang.web.counter.keys import frame
from yichuang.web.counter.walkin import Kept, Typed
from yichuang.webkit import params
from yichuang.webkit.actor import actor_of
from yichuang.webkit.limits import RELAYS
from yichuang.webkit.pages import note, render
from yichuang.webkit.pictures import qr_of
from yichuang.webkit.problems import NONE, problems_sent

UNKNOWN = W("没有这个接力码，或者已经过期，请申请人重新生成", "There is no such code, or it is over: ask for a new one")
PUT_BACK = W("已存回申请人的草稿，可以在别处接着办", "Put back: the applicant can go on with it anywhere")


def relay(request: HttpRequest) -> HttpResponse:
    """The code and the end of the document's number open the draft in the form of this window."""
    if request.method != "POST":
        return _page(request)
    actor, at = actor_of(request), now()
    code, tail = params.text(request, "code", longest=200), params.text(request, "tail", longest=8)
    try:
        RELAYS.check(request, at=at)
        opened = open_relay(actor=actor, code=code, tail=tail, at=at)
    except NotFound:
        RELAYS.count(request, at=at)
        return _page(request, Refused(Reason("NO_CODE", UNKNOWN, "/code"), kind="missing"))
    except Refused as refused:
        return _page(request, refused)
    draft = cases.relayed(actor, opened, at=at)
    people_commands.record_look(
        actor=actor, party=draft.owner, purpose="intake", fields=("name", "id_no"), case_number="", at=at
    )
    more = {"agent": str(draft.owner)} if draft.owner != draft.applicant else {}
    there = reverse("counter:apply", args=[draft.applicant, draft.item_code], query={**more, "relay": str(opened)})
    return HttpResponseRedirect(there)


def _page(request: HttpRequest, refused: Refused | None = None) -> HttpResponse:
    context = {
        **frame(actor_of(request)),
        "typed": request.POST if refused else {},
        "problems": problems_sent(request, refused) if refused else NONE,
    }
    return render(request, "counter/relay.html", context, status=refused.status if refused else 200)


def begun(request: HttpRequest, pack: Pack, at: datetime) -> Typed | None:
    """What was typed elsewhere, where the form is opened with a relay; answers and papers that the item still asks for."""
    relay = params.uuid_or_none(str(request.GET.get("relay", "")))
    if relay is None:
        return None
    draft = cases.relayed(actor_of(request), relay, at=at)
    if draft.item_code != pack.code:
        raise NotFound(UNKNOWN)
    files = {code: tuple(Kept(*one) for one in rows) for code, rows in draft.materials.items()}
    return Typed(
        {name: str(value) for name, value in draft.answers.items()},
        draft.form,
        frozenset(),
        files,
        str(new_id()),
        agreed=draft.agreed,
        relay=relay,
        seen=draft.mark,
    )


def owned(actor: Actor, typed: Typed, at: datetime) -> dict[str, tuple[Kept, ...]]:
    """The files as this clerk's, so that they can be handed in here."""
    if typed.relay is None:
        return dict(typed.files)
    wanted = {code: [one.id for one in rows] for code, rows in typed.files.items()}
    taken = take_files(actor=actor, relay=typed.relay, materials=wanted, at=at)
    return {code: tuple(Kept(row.id, row.name) for row in rows) for code, rows in taken.items()}


def hand_on(
    request: HttpRequest, pack: Pack, applicant: UUID, agent: UUID | None, typed: Typed, at: datetime
) -> HttpResponse:
    """What was typed here becomes the applicant's draft (again), to go on with anywhere."""
    actor = actor_of(request)
    materials = {code: [one.id for one in rows] for code, rows in typed.files.items()}
    if typed.relay is not None:
        put_back(
            actor=actor, relay=typed.relay, answers=typed.answers, form=typed.form, materials=materials,
            seen=typed.seen, at=at,
        )  # fmt: skip
        note(request, PUT_BACK)
        return HttpResponseRedirect(reverse("counter:relay"))
    made = begin_for(
        actor=actor,
        person=agent or applicant,
        applicant=applicant,
        item_code=pack.code,
        item_version=pack.version,
        answers=typed.answers,
        form=typed.form,
        materials=materials,
        at=at,
    )
    address = request.build_absolute_uri(reverse("portal:relay-open", args=[made.code]))
    code = f"{made.code[:4]} {made.code[4:]}"
    context = {**frame(actor), "pack": pack, "code": code, "until": made.until, "qr": qr_of(address)}
    return render(request, "counter/relay_made.html", context)
