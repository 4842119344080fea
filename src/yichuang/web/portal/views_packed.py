"""A filed package in its applicant's hands: completing what an item's turn asks for, giving up an item or the whole."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from yichuang.bundles import queries as bundles
from yichuang.bundles.commands.collect import collect_early
from yichuang.bundles.commands.complete import attach_paper, complete_part, detach_paper
from yichuang.bundles.commands.leave import leave_bundle, leave_part
from yichuang.bundles.queries import AskedPart
from yichuang.core.actors import Actor
from yichuang.core.clock import now
from yichuang.core.refusals import Conflict, NotFound, Reason, Refused
from yichuang.core.words import W
from yichuang.web.portal import uploads
from yichuang.webkit.actor import actor_of
from yichuang.webkit.areas import with_places
from yichuang.webkit.forms import JsonDict, parse_schema_post, press_buttons, render_schema
from yichuang.webkit.pages import note, render
from yichuang.webkit.params import text, uuid_or_none
from yichuang.webkit.problems import NONE, Problems, problems_of

PAPER = "/materials/{code}"
FILED = W("“{name}”已提交", "“{name}” is filed")
EARLY = W("已改为先领：备好后会通知您", "What is there is made ready; you will be told")
LEFT, LEFT_ALL = W("已退出这一项", "You have given this item up"), W("已撤回", "Withdrawn")


@dataclass(frozen=True, slots=True)
class _Asked:
    """One item that waits for the applicant, as this request finds it."""

    request: HttpRequest
    actor: Actor
    number: str
    slot: str
    at: datetime

    def read(self, answers: dict[str, str] | None = None, form: JsonDict | None = None) -> AskedPart:
        return bundles.get_asked(self.actor, self.number, self.slot, at=self.at, answers=answers, form=form)

    def answers(self, asked: AskedPart) -> dict[str, str]:
        given = {question.id: text(self.request, f"/{question.id}") for question in asked.questions}
        return {id: value for id, value in given.items() if value}


def complete(request: HttpRequest, number: str, slot: str) -> HttpResponse:
    """What an item's turn asks for; it is filed as soon as that is right. A file that is uploaded stays, whatever else."""
    one = _Asked(request, actor_of(request), number, slot, now())
    asked = one.read()
    if request.method != "POST":
        return _show(one, asked, problems_of(asked.reasons))
    asked = one.read(one.answers(asked))  # with the fields that an answer brings up
    schema = with_places(asked.schema)
    form = parse_schema_post(schema, request.POST, dict(asked.form))
    pressed, reasons = _files(one, asked)
    if press_buttons(schema, form, request.POST) or pressed or reasons:
        asked = one.read(one.answers(asked), form)
        return _show(one, asked, problems_of(reasons) if reasons else NONE)
    try:
        complete_part(actor=one.actor, number=number, slot=slot, form=form, answers=one.answers(asked), at=one.at)
    except (NotFound, Conflict):
        raise
    except Refused as refused:
        return _show(one, one.read(one.answers(asked), form), problems_of(refused))
    note(request, FILED.format(name=asked.name))
    return HttpResponseRedirect(reverse("portal:package-one", args=[number]))


def _files(one: _Asked, asked: AskedPart) -> tuple[bool, list[Reason]]:
    """Files of this page put in or taken out; (whether a button for that was pressed, what is wrong with a file)."""
    of: dict[str, Any] = {"actor": one.actor, "number": one.number, "slot": one.slot, "at": one.at}
    wrong: list[Reason] = []
    upload = text(one.request, "_upload")
    for paper in asked.papers:
        code = paper.needed.code
        name = PAPER.format(code=code)
        if upload != code and not one.request.FILES.getlist(name):
            continue
        ids, reasons = uploads.store(
            one.request, one.actor, name, rule=paper.needed.spec.files, had=len(paper.files), at=one.at
        )
        wrong += reasons
        for id in ids:
            attach_paper(material=code, upload=id, **of)
    code, _, file = text(one.request, "_remove").partition(":")
    taken: UUID | None = uuid_or_none(file)
    if taken is not None:
        detach_paper(material=code, upload=taken, **of)
    return bool(upload) or taken is not None, wrong


def _show(one: _Asked, asked: AskedPart, errors: Problems) -> HttpResponse:
    drawn = render_schema(with_places(asked.schema), asked.form, errors) if asked.schema.get("properties") else ()
    context = {"asked": asked, "drawn": drawn, "errors": errors, "accepts": uploads.accepts}
    status = 422 if errors and one.request.method == "POST" else 200
    return render(one.request, "portal/packages/complete.html", context, status=status)


def collect(request: HttpRequest, number: str) -> HttpResponse:
    """先领已办成的: nothing waits for the rest any more."""
    try:
        collect_early(actor=actor_of(request), number=number, at=now())
    except Conflict as refused:
        note(request, refused.reasons[0].words, kind="warn")
    else:
        note(request, EARLY)
    return HttpResponseRedirect(reverse("portal:package-one", args=[number]))


def leave(request: HttpRequest, number: str, slot: str) -> HttpResponse:
    """退出该项: what would fall with it, asked once more."""
    return _leave(request, number, slot, lambda **given: leave_part(slot=slot, **given))


def leave_all(request: HttpRequest, number: str) -> HttpResponse:
    """撤回: the whole package, asked once more."""
    return _leave(request, number, "", leave_bundle)


def _leave(request: HttpRequest, number: str, slot: str, do: Callable[..., None]) -> HttpResponse:
    actor, at = actor_of(request), now()
    back = HttpResponseRedirect(reverse("portal:package-one", args=[number]))
    page = bundles.get_bundle_for(actor, number, at=at)
    if request.method == "POST":
        do(actor=actor, number=number, reason=text(request, "reason", longest=1000), at=at)
        note(request, LEFT if slot else LEFT_ALL)
        return back
    try:
        follows = bundles.get_leaving(actor, number, slot)
    except Conflict as refused:
        note(request, refused.reasons[0].words, kind="warn")
        return back
    part = next((part for part in page.parts if part.slot == slot), None)
    return render(request, "portal/packages/leave.html", {"page": page, "part": part, "follows": follows})
