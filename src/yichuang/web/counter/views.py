"""The clerk's case page: one view per act. They translate; they never decide."""

from collections.abc import Callable

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from yichuang.cases import queries as cases
from yichuang.cases.commands.accept import accept_case, accept_with_gaps
from yichuang.cases.commands.decide import decide_case
from yichuang.cases.commands.end import terminate_case, withdraw_case
from yichuang.cases.commands.notify_gaps import notify_gaps
from yichuang.cases.commands.precheck import precheck_case
from yichuang.cases.commands.promise import offer_promise
from yichuang.cases.commands.refuse import refuse_case
from yichuang.cases.commands.supplement import make_supply_link, supplement_case
from yichuang.cases.commands.trips import note_trip
from yichuang.cases.values import RefusalKind
from yichuang.core.clock import now
from yichuang.core.refusals import NotFound, Refused
from yichuang.core.words import W, Words
from yichuang.people import commands as people
from yichuang.web.counter import walkin
from yichuang.web.counter.keys import frame
from yichuang.web.counter.pages import case_page
from yichuang.webkit import params
from yichuang.webkit.actor import actor_of
from yichuang.webkit.acts import Given, act, read_findings
from yichuang.webkit.pages import render

ACCEPTED = W("已受理，受理通知书已生成", "Accepted; the notice is ready")
PROMISED = W("已容缺受理，承诺书和受理通知书已生成", "Accepted on a promise; the letter and the notice are ready")
OFFERED = W(
    "已请申请人网上签署承诺书，签署后自动受理", "The applicant is asked to sign online; signing accepts the case"
)
TOLD = W("已一次性告知，告知书已生成", "Told in one notice; the paper is ready")
CHECKED = W("已记录预审意见并告知申请人", "The pre-check is noted and the applicant told")
REFUSED = W("已答复，文书已生成", "Answered; the paper is ready")
ENDED = W("已办理，文书已生成", "Done; the paper is ready")
HANDED_IN = W("已登记补交的材料", "The papers are registered")
TRIP_NOTED = W("已登记到现场的原因", "The reason for the visit is noted")
DECIDED = W("已作出决定，决定书已生成", "Decided; the paper is ready")


def case(request: HttpRequest, number: str) -> HttpResponse:
    """Everything about the case, and the acts that are possible now."""
    return case_page(request, number)


def clock(request: HttpRequest, number: str) -> HttpResponse:
    """时限账: how each due day is derived."""
    actor = actor_of(request)
    page = cases.clock_of(actor, number, at=now())
    return render(request, "counter/clock.html", {**frame(actor), "clock": page})


def unmask(request: HttpRequest, number: str) -> HttpResponse:
    """Show one personal field in full, with a reason that the person will see."""
    actor, at = actor_of(request), now()
    page = cases.get_case_for(actor, number, at=at)
    field = params.choice(request, "field", {"name", "id_no", "mobile", "address"})
    try:
        value = people.unmask(
            actor=actor,
            party=page.applicant,
            field=field,  # type: ignore[arg-type]  # one of four, checked above; the command refuses ""
            reason=params.text(request, "reason"),
            case_number=number,
            at=at,
        )
    except Refused as refused:
        return case_page(request, number, refused=refused, at=at)
    return render(request, "counter/unmasked.html", {**frame(actor), "number": number, "value": value})


def _act(request: HttpRequest, number: str, do: Callable[[Given], object], done: Words) -> HttpResponse:
    """One act from the case page and back to it."""
    return act(
        request,
        number,
        do,
        done=done,
        then=reverse("counter:case", args=[number]),
        again=lambda refused: case_page(request, number, refused=refused),
    )


def accept(request: HttpRequest, number: str) -> HttpResponse:
    """受理 (F8)."""
    return _act(
        request,
        number,
        lambda given: accept_case(**given, findings=read_findings(request)),
        ACCEPTED,
    )


def promise(request: HttpRequest, number: str) -> HttpResponse:
    """容缺受理 (Shift+F8): without the signed tick the letter is shown, and nothing is done."""
    return _act(
        request,
        number,
        lambda given: accept_with_gaps(
            **given, findings=read_findings(request), promise_signed="promise_signed" in request.POST
        ),
        PROMISED,
    )


def offer(request: HttpRequest, number: str) -> HttpResponse:
    """Ask the applicant, who is not here, to sign the promise online."""
    return _act(
        request,
        number,
        lambda given: offer_promise(**given, findings=read_findings(request)),
        OFFERED,
    )


def notify(request: HttpRequest, number: str) -> HttpResponse:
    """一次性告知 (F9)."""
    return _act(
        request,
        number,
        lambda given: notify_gaps(**given, findings=read_findings(request)),
        TOLD,
    )


def precheck(request: HttpRequest, number: str) -> HttpResponse:
    """网上预审."""
    return _act(
        request,
        number,
        lambda given: precheck_case(**given, findings=read_findings(request)),
        CHECKED,
    )


def refuse(request: HttpRequest, number: str) -> HttpResponse:
    """The three ways of not accepting."""
    kind = params.choice(request, "kind", {k.value for k in RefusalKind}, RefusalKind.NOT_ACCEPTED.value)
    return _act(
        request,
        number,
        lambda given: refuse_case(
            **given,
            kind=RefusalKind(kind),
            reason=params.text(request, "reason", longest=2000),
            where_to_go=params.text(request, "where_to_go"),
        ),
        REFUSED,
    )


def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """The applicant withdraws at the window."""
    return _act(
        request,
        number,
        lambda given: withdraw_case(**given, reason=params.text(request, "reason", longest=2000)),
        ENDED,
    )


def terminate(request: HttpRequest, number: str) -> HttpResponse:
    """The case cannot go on."""
    return _act(
        request,
        number,
        lambda given: terminate_case(**given, reason=params.text(request, "reason", longest=2000)),
        ENDED,
    )


def supplement(request: HttpRequest, number: str) -> HttpResponse:
    """Papers handed in at the window: originals seen, scans added."""
    files, reasons = walkin.read_files(request, actor_of(request), now())

    def again(refused: Refused) -> HttpResponse:
        return case_page(request, number, refused=refused, more={"kept": files})

    if reasons:
        return again(Refused(*reasons))
    return act(
        request,
        number,
        lambda given: supplement_case(
            **given,
            materials={code: [kept.id for kept in kept_files] for code, kept_files in files.items()},
            originals=walkin.read_codes(request, "original:"),
            by_post="by_post" in request.POST,
        ),
        done=HANDED_IN,
        then=reverse("counter:case", args=[number]),
        again=again,
    )


def trip(request: HttpRequest, number: str) -> HttpResponse:
    """跑动账: why they came in, by one key (1 to 7); nothing waits for it."""
    return _act(
        request,
        number,
        lambda given: note_trip(
            actor=given["actor"],
            number=number,
            kind=params.text(request, "kind", longest=30),
            encounter=params.uuid_or_none(params.text(request, "encounter", longest=40)),
            at=given["at"],
        ),
        TRIP_NOTED,
    )


def supply_link(request: HttpRequest, number: str) -> HttpResponse:
    """A link for the applicant's phone, as code and as QR; it is shown once and sent to them as well."""
    actor, at = actor_of(request), now()
    wanted = [str(code)[:60] for code in request.POST.getlist("material")]
    try:
        code = make_supply_link(actor=actor, number=number, materials=wanted, at=at)
    except NotFound:
        raise
    except Refused as refused:
        return case_page(request, number, refused=refused, at=at)
    address = f"{settings.YICHUANG_BASE_URL}/s/{code}"
    picture = segno.make(address, error="m").svg_data_uri(scale=5, border=4, xmldecl=False)
    link = {"code": code, "url": address, "qr": picture}
    return case_page(request, number, at=at, more={"link": link})


def decide(request: HttpRequest, number: str) -> HttpResponse:
    """The chief representative (首席代表) decides on the spot."""
    return _act(
        request,
        number,
        lambda given: decide_case(
            **given,
            outcome=params.text(request, "outcome"),
            reasons=params.text(request, "reasons", longest=2000),
            basis=params.several(request, "basis"),
            opinion=params.text(request, "opinion", longest=1000),
        ),
        DECIDED,
    )
