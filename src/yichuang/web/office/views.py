"""The department's pages: lists by post and by light, the case, and one view per act. They translate; they never decide."""

from collections.abc import Callable
from typing import Literal, cast
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from yichuang.cases import queries as cases
from yichuang.cases.commands.ask_person import answer_person
from yichuang.cases.commands.decide import decide_case
from yichuang.cases.commands.end import repair_lapse, terminate_case
from yichuang.cases.commands.notify_gaps import notify_gaps
from yichuang.cases.commands.review import claim_review, complete_review, return_review
from yichuang.cases.commands.serve_notice import make_answer_code
from yichuang.cases.commands.special import resume_case, suspend_case
from yichuang.cases.pages import WorkFilters
from yichuang.cases.states import WORDS
from yichuang.core.clock import now
from yichuang.core.refusals import NotFound, Refused
from yichuang.core.roles import CHIEF_REPRESENTATIVE, REVIEWER
from yichuang.core.words import W, Words
from yichuang.people import commands as people
from yichuang.web.office import extensions, hands, hearings, inspections
from yichuang.web.office.pages import LABELS, NAV, OF_CASE, case_page, rest_of
from yichuang.webkit import params, turning
from yichuang.webkit.actor import actor_of
from yichuang.webkit.acts import Given, act, given, read_findings, settle
from yichuang.webkit.pages import render

Field = Literal["name", "id_no", "mobile", "address"]
TASK_STATES = frozenset({"open", "claimed"})
CLAIMED = W("已领取任务", "The task is yours")
STATES = {state.value: words for state, words in WORDS.items()}
NO_FILTERS = WorkFilters()
RETURNED = W("已退回任务池", "The task is back with the post")
REVIEWED = W("已提交审查意见", "Your opinion is submitted")
DECIDED = W("已作出决定", "The decision is made")
LOOKED_AT = W("已答复，申请人看得到", "Answered; the applicant can read it")
SUSPENDED = W("已暂停计时，告知书已生成", "The clock is stopped; the notice is ready")
RESUMED = W("已恢复计时", "The clock is running again")
ENDED = W("已终止办理，通知书已生成", "The case is ended; the notice is ready")
TOLD = W("已再次告知，告知书已生成", "Told again; the notice is ready")
REPAIRED = W("已修复，申请人可再次适用容缺受理", "Repaired; promises are open to the applicant again")


def tasks(request: HttpRequest) -> HttpResponse:
    """The open tasks of my posts, the most urgent first, with a preview of one."""
    actor, at = actor_of(request), now()
    state = params.choice(request, "state", TASK_STATES)
    page = cases.list_tasks(actor, at=at, state=state or None, cursor=params.text(request, "cursor") or None)
    context = {
        "nav": NAV,
        "labels": LABELS,
        "page": page,
        "state": state,
        "several": len(page.items) > 1 and bool(actor.roles & {REVIEWER, CHIEF_REPRESENTATIVE}),
        "chosen": rest_of(page.items, params.text(request, "task")),
        "sent": cases.my_inspections(actor),
        "reviews": cases.open_reviews(actor),
        "extensions": cases.waiting_extensions(actor, at=at),
        "me": actor.id,
    }
    return render(request, "office/tasks.html", context)


def department_cases(request: HttpRequest) -> HttpResponse:
    """The open cases of my departments, by due day."""
    state = params.choice(request, "state", STATES)
    filters = WorkFilters(
        state=state, light=params.choice(request, "light", {"overdue"}), text=params.text(request, "q", longest=40)
    )
    page = cases.list_work(actor_of(request), filters=filters, at=now(), cursor=params.text(request, "cursor") or None)
    return render(
        request,
        "office/cases.html",
        {
            "nav": NAV,
            "labels": LABELS,
            "page": page,
            "filters": filters,
            "states": STATES,
            "filtered": filters != NO_FILTERS,
        },
    )


def case(request: HttpRequest, number: str) -> HttpResponse:
    return case_page(request, number)


def clock(request: HttpRequest, number: str) -> HttpResponse:
    """时限账: how each due day is derived."""
    page = cases.clock_of(actor_of(request), number, at=now())
    return render(request, "office/clock.html", {**OF_CASE, "clock": page})


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
    return render(request, "office/unmasked.html", {**OF_CASE, "number": number, "field": field, "value": value})


def _act(request: HttpRequest, number: str, do: Callable[[Given], object], done: Words) -> HttpResponse:
    """One act from the case page and back to it."""
    return act(
        request,
        number,
        do,
        done=done,
        then=reverse("office:case", args=[number]),
        again=lambda refused: case_page(request, number, refused=refused),
    )


def task(request: HttpRequest, number: str, task: UUID, step: str) -> HttpResponse:
    """Claim, return, complete, hand on, ask about or send back a task."""
    opinion = params.text(request, "opinion", longest=2000)
    outcome = params.text(request, "outcome")
    steps: dict[str, tuple[Callable[[Given], object], Words]] = {
        "claim": (lambda given: claim_review(**given, task=task), CLAIMED),
        "return": (lambda given: return_review(**given, task=task, note=opinion), RETURNED),
        "complete": (lambda given: complete_review(**given, task=task, outcome=outcome, opinion=opinion), REVIEWED),
        **hands.steps(request, task),
        **inspections.steps(request, task),
    }
    if step not in steps:
        raise NotFound(W("页面", "page"))
    return _act(request, number, *steps[step])


def decide(request: HttpRequest, number: str) -> HttpResponse:
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


def human_review(request: HttpRequest, number: str) -> HttpResponse:
    """人工复核: whether an automatic decision is right as it is."""
    said = params.text(request, "stands")
    stands = {"yes": True, "no": False, "undue": False}.get(said)
    return settle(
        request,
        lambda: answer_person(
            actor=actor_of(request),
            number=number,
            stands=stands,
            undue=said == "undue",
            answer=params.text(request, "answer", longest=2000),
            at=now(),
        ),
        done=LOOKED_AT,
        then=reverse("office:case", args=[number]),
        again=lambda refused: case_page(request, number, refused=refused),
    )


def suspend(request: HttpRequest, number: str) -> HttpResponse:
    return _act(
        request,
        number,
        lambda given: suspend_case(
            **given,
            ground=params.text(request, "ground"),
            days=params.whole(request, "days"),
            reason=params.text(request, "reason", longest=2000),
        ),
        SUSPENDED,
    )


def resume(request: HttpRequest, number: str) -> HttpResponse:
    return _act(
        request,
        number,
        lambda given: resume_case(**given),
        RESUMED,
    )


def extension(request: HttpRequest, number: str, step: str) -> HttpResponse:
    """延期: ask for it, approve it, decline it."""
    known = extensions.steps(request)
    if step not in known:
        raise NotFound(W("页面", "page"))
    return _act(request, number, *known[step])


def hearing(request: HttpRequest, number: str, step: str) -> HttpResponse:
    """Tell those concerned, put statements on record, call and hold the hearing."""
    known = hearings.steps(request)
    if step not in known:
        raise NotFound(W("页面", "page"))
    return _act(request, number, *known[step])


def transfer(request: HttpRequest, number: str) -> HttpResponse:
    """移送: to the place or department that is competent."""
    return turning.transfer(request, number, door="office", home="tasks", frame=OF_CASE)


def answer_code(request: HttpRequest, number: str) -> HttpResponse:
    """A code for one of those told, shown once, to be printed with the notice."""
    party = params.uuid_or_none(params.text(request, "party")) or hearings.NOBODY
    try:
        _, code = make_answer_code(**given(request, number), party=party)
    except NotFound:
        raise
    except Refused as refused:
        return case_page(request, number, refused=refused)
    actor, at = actor_of(request), now()
    rows = cases.hearings_of(cases.get_case_for(actor, number, at=at).id, at=at)
    told = next(one for row in rows for one in row.told if one.id == party)
    address = f"{settings.YICHUANG_BASE_URL}/h/{code}"
    context = {**OF_CASE, "number": number, "code": code, "address": address, "told": told}
    return render(request, "office/answer_code.html", context)


def terminate(request: HttpRequest, number: str) -> HttpResponse:
    return _act(
        request,
        number,
        lambda given: terminate_case(**given, reason=params.text(request, "reason", longest=2000)),
        ENDED,
    )


def notify_again(request: HttpRequest, number: str) -> HttpResponse:
    """A second notice with a supervisor's reason: counted, and shown to the applicant."""
    return _act(
        request,
        number,
        lambda given: notify_gaps(
            **given,
            findings=read_findings(request),
            supervisor_reason=params.text(request, "reason", longest=500),
        ),
        TOLD,
    )


def repair(request: HttpRequest, number: str) -> HttpResponse:
    return _act(
        request,
        number,
        lambda given: repair_lapse(
            actor=given["actor"], number=number, reason=params.text(request, "reason"), at=given["at"]
        ),
        REPAIRED,
    )
