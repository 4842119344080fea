"""The department's pages: lists by post and by light, the case, and one view per act. They translate; they never decide."""

from collections.abc import Callable
from typing import Literal, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from yichuang.cases import queries as cases
from yichuang.cases.commands.decide import decide_case
from yichuang.cases.commands.end import repair_lapse, terminate_case
from yichuang.cases.commands.notify_gaps import notify_gaps
from yichuang.cases.commands.review import claim_review, complete_review, return_review
from yichuang.cases.commands.special import extend_case, resume_case, suspend_case
from yichuang.cases.pages import WorkFilters
from yichuang.cases.states import WORDS, State
from yichuang.core.clock import now
from yichuang.core.refusals import NotFound, Refused
from yichuang.core.words import W
from yichuang.issuing.commands import render_document
from yichuang.people import commands as people
from yichuang.web.office.pages import NAV, case_page, rest_of
from yichuang.webkit import params
from yichuang.webkit.actor import actor_of
from yichuang.webkit.downloads import download
from yichuang.webkit.looks import open_document, open_upload
from yichuang.webkit.pages import render

Field = Literal["name", "id_no", "mobile", "address"]
TASK_STATES = frozenset({"open", "claimed"})
MEDIA = {"pdf": "application/pdf", "jpeg": "image/jpeg", "png": "image/png", "ofd": "application/ofd"}


def tasks(request: HttpRequest) -> HttpResponse:
    """The open tasks of my posts, the most urgent first, with a preview of one."""
    actor, at = actor_of(request), now()
    state = params.choice(request, "state", TASK_STATES)
    page = cases.list_tasks(actor, at=at, state=state or None, cursor=params.text(request, "cursor") or None)
    context = {
        "nav": NAV,
        "page": page,
        "state": state,
        "chosen": rest_of(page.items, params.text(request, "task")),
        "me": actor.id,
    }
    return render(request, "office/tasks.html", context)


def department_cases(request: HttpRequest) -> HttpResponse:
    """The open cases of my departments, by due day."""
    state = params.choice(request, "state", {s.value for s in State})
    filters = WorkFilters(
        state=state, light=params.choice(request, "light", {"overdue"}), text=params.text(request, "q", longest=40)
    )
    page = cases.list_work(actor_of(request), filters=filters, at=now(), cursor=params.text(request, "cursor") or None)
    return render(
        request,
        "office/cases.html",
        {"nav": NAV, "page": page, "filters": filters, "states": WORDS, "filtered": filters != WorkFilters()},
    )


def case(request: HttpRequest, number: str) -> HttpResponse:
    return case_page(request, number)


def clock(request: HttpRequest, number: str) -> HttpResponse:
    """时限账: how each due day is derived."""
    page = cases.clock_of(actor_of(request), number, at=now())
    return render(request, "office/clock.html", {"nav": NAV, "clock": page})


def document(request: HttpRequest, document: UUID) -> HttpResponse:
    row = open_document(actor_of(request), document, at=now())
    return download(render_document(row.id), name=f"{row.title.zh}-{row.number}.pdf", media_type="application/pdf")


def upload(request: HttpRequest, upload: UUID) -> HttpResponse:
    row, content = open_upload(actor_of(request), upload, at=now())
    return download(content, name=row.name, media_type=MEDIA.get(row.kind, "application/octet-stream"))


def unmask(request: HttpRequest, number: str) -> HttpResponse:
    """Show one personal field in full, with a reason that the person will see."""
    actor, at = actor_of(request), now()
    page = cases.get_case_for(actor, number, at=at)
    field = cast(Field, params.choice(request, "field", {"name", "id_no", "mobile", "address"}, default="name"))
    try:
        value = people.unmask(
            actor=actor,
            party=page.applicant,
            field=field,
            reason=params.text(request, "reason"),
            case_number=number,
            at=at,
        )
    except Refused as refused:
        return case_page(request, number, refused=refused, at=at)
    return render(request, "office/unmasked.html", {"nav": NAV, "number": number, "field": field, "value": value})


def _act(request: HttpRequest, number: str, do: Callable[[], object]) -> HttpResponse:
    """Do one act; a refusal shows the case again with the reasons and everything typed."""
    try:
        do()
    except NotFound:
        raise
    except Refused as refused:
        return case_page(request, number, refused=refused)
    return HttpResponseRedirect(reverse("office:case", args=[number]))


def _version(request: HttpRequest) -> int:
    text = params.text(request, "version", longest=9)
    return int(text) if text.isdigit() else 0


def _days(request: HttpRequest) -> int:
    text = params.text(request, "days", longest=4)
    return int(text) if text.isdigit() else 0


def task(request: HttpRequest, number: str, task: UUID, step: str) -> HttpResponse:
    """Claim, return or complete a task."""
    actor, at, version = actor_of(request), now(), _version(request)
    opinion = params.text(request, "opinion", longest=2000)
    steps: dict[str, Callable[[], object]] = {
        "claim": lambda: claim_review(actor=actor, task=task, version=version, at=at),
        "return": lambda: return_review(actor=actor, task=task, version=version, note=opinion, at=at),
        "complete": lambda: complete_review(
            actor=actor, task=task, version=version, outcome=params.text(request, "outcome"), opinion=opinion, at=at
        ),
    }
    if step not in steps:
        raise NotFound(W("页面", "page"))
    return _act(request, number, steps[step])


def decide(request: HttpRequest, number: str) -> HttpResponse:
    return _act(
        request,
        number,
        lambda: decide_case(
            actor=actor_of(request),
            number=number,
            version=_version(request),
            outcome=params.text(request, "outcome"),
            reasons=params.text(request, "reasons", longest=2000),
            opinion=params.text(request, "opinion", longest=1000),
            at=now(),
        ),
    )


def suspend(request: HttpRequest, number: str) -> HttpResponse:
    return _act(
        request,
        number,
        lambda: suspend_case(
            actor=actor_of(request),
            number=number,
            version=_version(request),
            ground=params.text(request, "ground"),
            days=_days(request),
            reason=params.text(request, "reason", longest=2000),
            at=now(),
        ),
    )


def resume(request: HttpRequest, number: str) -> HttpResponse:
    return _act(
        request,
        number,
        lambda: resume_case(actor=actor_of(request), number=number, version=_version(request), at=now()),
    )


def extend(request: HttpRequest, number: str) -> HttpResponse:
    return _act(
        request,
        number,
        lambda: extend_case(
            actor=actor_of(request),
            number=number,
            version=_version(request),
            days=_days(request),
            reason=params.text(request, "reason", longest=2000),
            approved_by=params.text(request, "approved_by"),
            at=now(),
        ),
    )


def terminate(request: HttpRequest, number: str) -> HttpResponse:
    return _act(
        request,
        number,
        lambda: terminate_case(
            actor=actor_of(request),
            number=number,
            version=_version(request),
            reason=params.text(request, "reason", longest=2000),
            at=now(),
        ),
    )


def notify_again(request: HttpRequest, number: str) -> HttpResponse:
    """A second notice with a supervisor's reason: counted, and shown to the applicant."""
    return _act(
        request,
        number,
        lambda: notify_gaps(
            actor=actor_of(request),
            number=number,
            version=_version(request),
            findings={},
            supervisor_reason=params.text(request, "reason", longest=500),
            at=now(),
        ),
    )


def repair(request: HttpRequest, number: str) -> HttpResponse:
    return _act(
        request,
        number,
        lambda: repair_lapse(actor=actor_of(request), number=number, reason=params.text(request, "reason"), at=now()),
    )
