"""鉴定、销毁: whose keeping term is over, one file with what holds it, and the register of destruction."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from yichuang.core.clock import now
from yichuang.core.refusals import NotFound, Refused
from yichuang.core.words import W, Words
from yichuang.issuing import queries as issued
from yichuang.issuing.commands import answer_appraisal, appraise
from yichuang.web.office.archive import day_or_none
from yichuang.web.office.pages import NAV
from yichuang.webkit import params
from yichuang.webkit.actor import actor_of
from yichuang.webkit.acts import settle
from yichuang.webkit.pages import render
from yichuang.webkit.problems import NONE, problems_sent

OUTCOMES = {"extend": W("延长保管期限", "Keep it longer"), "destroy": W("提出销毁", "Propose destruction")}
STAGES = {
    "done": (W("已延长", "Extended"), "green"),
    "proposed": (W("待另一人审批", "Waits for a second person"), "amber"),
    "destroyed": (W("已销毁", "Destroyed"), "red"),
    "declined": (W("不同意销毁", "Kept: not approved"), ""),
}
EXTENDED = W("保管期限已延长", "It is kept longer")
PROPOSED = W("已提出销毁，等另一人审批；批准前档案不变", "Proposed; nothing changes until another person approves it")
APPROVED = W("已批准销毁，销毁清册已登记", "Destroyed; the register has its entry")
DECLINED = W("已记录：不同意销毁，需要重新鉴定", "On record: not destroyed; it is to be appraised anew")
NO_PROPOSAL = W("销毁提议", "proposed destruction")


def appraisals(request: HttpRequest) -> HttpResponse:
    """What waits for a second person, whose term is over, and what was destroyed."""
    actor, at = actor_of(request), now()
    context = {
        "nav": NAV,
        "proposed": issued.list_proposed(actor, cursor=_cursor(request, "proposed")),
        "due": issued.list_due(actor, at=at, cursor=_cursor(request, "due")),
        "destroyed": issued.list_destroyed(actor, cursor=_cursor(request, "register")),
    }
    return render(request, "office/appraisals.html", context)


def _cursor(request: HttpRequest, name: str) -> str | None:
    cursor = params.uuid_or_none(params.text(request, name))
    return str(cursor) if cursor else None


def appraisal(request: HttpRequest, package: UUID) -> HttpResponse:
    """One file; posted: its term is extended, or its destruction proposed."""
    if request.method != "POST":
        return _page(request, package)
    outcome = params.choice(request, "outcome", set(OUTCOMES)) or "extend"
    return _do(
        request,
        package,
        lambda: appraise(
            actor=actor_of(request),
            package=package,
            outcome=outcome,
            reason=params.text(request, "reason", longest=1000),
            until=day_or_none(params.text(request, "until", longest=10)),
            at=now(),
        ),
        EXTENDED if outcome == "extend" else PROPOSED,
    )


def answer(request: HttpRequest, package: UUID) -> HttpResponse:
    """The second person approves the proposed destruction, or declines it."""
    actor, at, approves = actor_of(request), now(), "approve" in request.POST
    read = params.uuid_or_none(params.text(request, "appraisal"))  # not whatever waits now: what the page showed
    if read is None or all(row.id != read for row in issued.appraisal_page(actor, package, at=at).rows):
        raise NotFound(NO_PROPOSAL)
    return _do(
        request,
        package,
        lambda: answer_appraisal(
            actor=actor, appraisal=read, approve=approves, at=at, note=params.text(request, "note", longest=1000)
        ),
        APPROVED if approves else DECLINED,
    )


def _do(request: HttpRequest, package: UUID, do: Callable[[], object], done: Words) -> HttpResponse:
    then = reverse("office:appraisal", args=[package])
    return settle(request, do, done=done, then=then, again=lambda refused: _page(request, package, refused))


def _page(request: HttpRequest, package: UUID, refused: Refused | None = None) -> HttpResponse:
    context = {
        "nav": NAV,
        "page": issued.appraisal_page(actor_of(request), package, at=now()),
        "outcomes": OUTCOMES,
        "stages": STAGES,
        "problems": problems_sent(request, refused) if refused else NONE,
        "typed": request.POST if refused else {},
    }
    return render(request, "office/appraisal.html", context, status=refused.status if refused else 200)
