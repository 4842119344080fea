"""更正 from any door: the page that asks what is wrong and what would be right; and the answer to a request."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from yichuang.cases import queries as cases
from yichuang.cases.commands.correct import (
    ask_correction,
    decline_correction,
    make_correction,
    withdraw_correction,
)
from yichuang.cases.pages import CasePage
from yichuang.cases.states import State
from yichuang.cases.turns import Wish
from yichuang.cases.values import DocumentKind
from yichuang.catalog import queries as catalog
from yichuang.core.clock import now
from yichuang.core.masks import mask_by_shape
from yichuang.core.refusals import Conflict, NotFound, Reason, Refused
from yichuang.core.words import W, Words
from yichuang.registry import queries as registry
from yichuang.webkit import params
from yichuang.webkit.actor import actor_of
from yichuang.webkit.areas import with_places
from yichuang.webkit.forms import answers_of, masked_answers, subjects
from yichuang.webkit.pages import note, render
from yichuang.webkit.problems import NONE, problems_of

ASKED = W("已提出更正申请，等待有权决定的岗位批准", "Asked; who decides such cases will answer")
MADE = W("已更正，更正通知书已生成", "Corrected; the notice is ready")
DECLINED = W("已答复不予更正", "Answered: not corrected")
WITHDRAWN = W("已撤回更正申请", "The request is taken back")
WITH_CERTIFICATE = frozenset({State.GRANTED, State.READY, State.DELIVERED})
Frame = Callable[[], Mapping[str, Any]]


def correct(request: HttpRequest, number: str, *, door: str, frame: Mapping[str, Any]) -> HttpResponse:
    """What may be wrong, and asking to mend it."""
    actor, at = actor_of(request), now()
    refused: Refused | None = None
    if request.method == "POST":
        wish = Wish(
            params.text(request, "target", longest=300),
            params.text(request, "new", longest=1000),
            params.text(request, "old", longest=1000),
        )
        reason = params.text(request, "reason", longest=1000)
        try:
            id = ask_correction(actor=actor, number=number, wishes=(wish,), reason=reason, at=at)
        except NotFound:
            raise
        except Refused as found:
            refused = found
        else:
            page = cases.get_case_for(actor, number, at=at)
            made = any(row.id == id and row.document for row in page.corrections)
            return _done(request, number, door, MADE if made else ASKED)
    page = cases.get_case_for(actor, number, at=at)
    if not page.may_ask_correction:
        raise NotFound(W("页面", "page"))
    pack = catalog.get_pack(page.item_code, version=page.item_version, at=at)
    schema = with_places(catalog.form_schema(pack, page.answers, page.form))
    whole = [(subject, answers_of(schema, page.form, subject)) for subject in subjects(schema)]
    context = {
        **frame,
        "case": page,
        "sections": masked_answers(schema, page.form) if actor.is_staff else whole,
        "papers": [row for row in page.documents if row.kind is not DocumentKind.CORRECTION],
        "certificate": _certificate(page, masked=actor.is_staff),
        "typed": request.POST if refused else {"target": params.text(request, "target", longest=300)},
        "change": refused.change if isinstance(refused, Conflict) else None,
        "problems": problems_of(_beside(reason) for reason in refused.reasons) if refused else NONE,
    }
    return render(request, _template(door), context, status=refused.status if refused else 200)


def _beside(reason: Reason) -> Reason:
    """The reason beside the input of this page's one line; what the corrected form as a whole would break, beside the value."""
    field = (reason.field or "").strip("/")
    known = {
        "reason": "/reason",
        "lines/0/new": "/new",
        "lines/0/old": "/old",
        "lines/0": "/target",
        "lines": "/target",
    }
    return Reason(reason.code, reason.words, known.get(field, "/new") if field else None, reason.basis)


def answer(request: HttpRequest, number: str, correction: UUID, step: str, *, door: str) -> HttpResponse:
    """Approve ("make"), decline or take back a request; the case page says how it went."""
    actor, at = actor_of(request), now()
    steps: dict[str, tuple[Callable[[], object], Words]] = {
        "make": (lambda: make_correction(actor=actor, correction=correction, at=at), MADE),
        "decline": (
            lambda: decline_correction(
                actor=actor, correction=correction, note=params.text(request, "note", longest=1000), at=at
            ),
            DECLINED,
        ),
        "withdraw": (lambda: withdraw_correction(actor=actor, correction=correction, at=at), WITHDRAWN),
    }
    if step not in steps:
        raise NotFound(W("页面", "page"))
    do, done = steps[step]
    try:
        do()
    except NotFound:
        raise
    except Refused as refused:
        if refused.kind == "forbidden":
            raise
        for reason in refused.reasons:
            note(request, reason.words, kind="warn")
        return HttpResponseRedirect(reverse(f"{door}:case", args=[number]) + "#h-correct")
    return _done(request, number, door, done)


def _done(request: HttpRequest, number: str, door: str, words: Words) -> HttpResponse:
    note(request, words)
    return HttpResponseRedirect(reverse(f"{door}:case", args=[number]))


def _template(door: str) -> str:
    return "portal/cases/correct.html" if door == "portal" else f"{door}/correct.html"


def _certificate(page: CasePage, *, masked: bool) -> list[tuple[str, Words, str]]:
    """(target, label, value) of what the newest certificate says, where there is one."""
    row = registry.certificate_of_subject("case", page.id) if page.state in WITH_CERTIFICATE else None
    if row is None:
        return []
    labels = {"holder": W("持证人", "Holder")} | {key: Words(label, label) for key, label in row.labels.items()}
    told = [(key, labels[key], row.data.get(key)) for key in labels]
    return [
        (f"certificate:{key}", label, mask_by_shape(value) if masked else value)
        for key, label, value in told
        if isinstance(value, str) and value
    ]
