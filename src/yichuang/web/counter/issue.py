"""The issuing desk (出件): what lies ready, for whom, where; and the hand-over against identity (F10)."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from yichuang.cases import queries as cases
from yichuang.cases.pages import WorkRow
from yichuang.cases.states import State
from yichuang.core.clock import now
from yichuang.core.refusals import Conflict, Refused
from yichuang.core.words import W
from yichuang.issuing import queries as issuing
from yichuang.issuing.commands import exchange_paper, render_certificate
from yichuang.issuing.commands import hand_over as give
from yichuang.issuing.values import OLD_PAPER_WORDS
from yichuang.network import queries as network
from yichuang.people import commands as people_commands
from yichuang.people import queries as people
from yichuang.web.counter.keys import frame, plain_problems
from yichuang.webkit import params
from yichuang.webkit.actor import actor_of
from yichuang.webkit.acts import act
from yichuang.webkit.downloads import download
from yichuang.webkit.pages import render

WITH_RESULT = frozenset({State.GRANTED, State.READY, State.DELIVERED})
EXCHANGED = W("已换领，原证去向已登记", "Exchanged; what became of the old paper is on record")
GIVEN = W("已出件，送达回证已生成", "Handed over; the proof of delivery is ready")
PAPER = W("证照编号", "Certificate number")
VERSION = W("第 {version} 版", "version {version}")
ONLY_THIS = W(
    "证照已更正换发：只交付第 {version} 版；此前打印的作废，已经领走的凭原件换领，原件收回。",
    "The certificate was corrected and issued anew: hand over version {version} only. What was printed before is void; who "
    "has it already exchanges it, and the old paper is kept.",
)
LOOKED_AT = ("name", "id_no")


def ready(request: HttpRequest) -> HttpResponse:
    """The results that wait at this place, the longest waiting first."""
    actor = actor_of(request)
    cursor = params.text(request, "cursor", longest=120)
    page = issuing.ready_list(actor, at=now(), cursor=cursor or None)
    waiting = params.uuid_or_none(params.text(request, "exchanges"))
    to_send, to_receive = cases.list_results(actor, at=now()) if not cursor else ((), ())
    context = {
        **frame(actor),
        "page": page,
        "first_page": not cursor,
        "groups": _groups(page.items),
        "places": network.places_by_id(),
        "mine": {grant.place for grant in actor.grants if grant.place},
        "exchanges": None if cursor else issuing.list_exchanges(actor, cursor=str(waiting) if waiting else None),
        "to_send": to_send,
        "to_receive": to_receive,
    }
    return render(request, "counter/ready.html", context)


def _groups(rows: Sequence[WorkRow]) -> list[tuple[str, list[WorkRow]]]:
    """The results as they are handed over: those of one package (its number) at one place together, else each by itself."""
    packages = cases.packages_of([row.id for row in rows])
    found: dict[tuple[object, ...], list[WorkRow]] = {}
    for row in rows:
        package = packages.get(row.id, "")
        found.setdefault((package, row.taking_place) if package else (row.id,), []).append(row)
    return [(packages.get(group[0].id, ""), group) for group in found.values()]


def hand_over(request: HttpRequest, number: str) -> HttpResponse:
    """Compare the document with the case, then give. The clerk types what is on the document; the system compares."""
    if request.method != "POST":
        return _hand_over_page(request, number)
    return act(
        request,
        number,
        lambda given: give(
            **given,
            identity=params.text(request, "identity", longest=40),
            receiver_name=params.text(request, "receiver_name", longest=100),
            also=_also(request),
        ),
        done=GIVEN,
        then=reverse("counter:case", args=[number]),
        again=lambda refused: _hand_over_page(request, number, refused),
    )


def _also(request: HttpRequest) -> dict[str, int]:
    """The other cases of the package that go with it: "number:version" each."""
    told = (one.rpartition(":") for one in params.several(request, "also"))
    return {number: int(version) for number, _, version in told if number and version.isdigit() and len(version) < 9}


def exchange(request: HttpRequest, number: str) -> HttpResponse:
    """换领: give the corrected certificate against identity, and say what became of the old paper."""
    return act(
        request,
        number,
        lambda given: exchange_paper(
            **given,
            identity=params.text(request, "identity", longest=40),
            receiver_name=params.text(request, "receiver_name", longest=100),
            old_paper=params.text(request, "old_paper", longest=20),
            reason=params.text(request, "reason", longest=1000),
        ),
        done=EXCHANGED,
        then=reverse("counter:case", args=[number]),
        again=lambda refused: _hand_over_page(request, number, refused),
    )


def certificate(request: HttpRequest, number: str) -> HttpResponse:
    """The corrected certificate as PDF, to be printed for who exchanges it."""
    row = issuing.read_corrected(actor_of(request), number, at=now())
    return download(
        render_certificate(row.certificate), name=f"{row.name.zh}-{row.number}.pdf", media_type="application/pdf"
    )


def _hand_over_page(request: HttpRequest, number: str, refused: Refused | None = None) -> HttpResponse:
    actor, at = actor_of(request), now()
    page = cases.get_case_for(actor, number, at=at)
    people_commands.record_look(
        actor=actor, party=page.receiver, purpose="issue", fields=LOOKED_AT, case_number=number, at=at
    )
    paper, replaces = issuing.paper_of(page.id) if page.state in WITH_RESULT else (None, False)
    context = {
        **frame(actor),
        "section": "counter:ready",
        "case": page,
        "paper_label": PAPER,
        "paper": (paper.number, VERSION.format(version=paper.version)) if paper else None,
        "only_this": ONLY_THIS.format(version=paper.version) if paper and replaces else None,
        "receiver": people.get_party(page.receiver),
        "delivery": issuing.find_delivery(page.id),
        "exchange": issuing.waiting_for(actor, page.id),
        "beside": cases.ready_beside(actor, page.id, at=at) if page.package and page.state is State.READY else (),
        "old_papers": [(kind, words) for kind, words in OLD_PAPER_WORDS.items()],
        "can": {act.value for act in page.acts},
        "typed": request.POST if refused else {},
        "also": _also(request) if refused else None,
        "problems": plain_problems(refused),
        "change": refused.change if isinstance(refused, Conflict) else None,
    }
    return render(request, "counter/hand_over.html", context, status=refused.status if refused else 200)
