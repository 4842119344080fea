"""后续核查: what was promised (告知承诺) and is to be looked at; one of them, and every step of its check."""

from collections.abc import Callable
from datetime import date
from typing import TypedDict
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.dateparse import parse_date

from yichuang.cases import queries as cases
from yichuang.cases.commands.checks import (
    add_check_photo,
    arrange_check,
    end_check,
    miss_check,
    order_mending,
    record_check,
    sign_check,
    write_check,
)
from yichuang.cases.commitments import CheckMove
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date, now
from yichuang.core.refusals import NotFound, Refused
from yichuang.core.words import W, Words
from yichuang.people import commands as people
from yichuang.web.office.inspections import photos_of, plan_of, record_of
from yichuang.web.office.pages import NAV
from yichuang.webkit import params
from yichuang.webkit.actor import actor_of
from yichuang.webkit.acts import settle
from yichuang.webkit.pages import render
from yichuang.webkit.sent import sent

DONE: dict[CheckMove, Words] = {
    CheckMove.ARRANGE: W("已安排现场核查并通知当事人", "The check is arranged and the holder told"),
    CheckMove.PHOTO: W("现场照片已保存", "The photographs are kept"),
    CheckMove.RECORD: W("核查情况已记录", "What was found is on record"),
    CheckMove.SIGN: W("已签字，核查结果已记录并通知当事人", "Signed; the result is on record and the holder told"),
    CheckMove.MISS: W("已记录未能核查的原因，并改期", "Why it could not be checked is on record; it is put off"),
    CheckMove.END: W("已终止后续核查并通知当事人", "The check is ended and the holder told"),
    CheckMove.ORDER: W("责令限期改正通知书已生成并通知当事人", "The order is ready and the holder told"),
}
YES_NO = {"yes": True, "no": False}


class Of(TypedDict):
    """What every move is given."""

    actor: Actor
    commitment: UUID
    version: int


def checks(request: HttpRequest) -> HttpResponse:
    """What waits to be checked or ordered, the first due first; and what was ended last."""
    waiting, ended = cases.list_checks(actor_of(request), at=now())
    context = {"nav": NAV, "section": "office:checks", "waiting": waiting, "ended": ended}
    return render(request, "office/checks.html", context)


def check(request: HttpRequest, commitment: UUID) -> HttpResponse:
    """One commitment, its checks, and what is to be done now."""
    return _page(request, commitment)


def step(request: HttpRequest, commitment: UUID, step: str) -> HttpResponse:
    """One move of a check."""
    of = Of(actor=actor_of(request), commitment=commitment, version=params.whole(request, "version"))
    known = _moves(request, of)
    if step not in known:
        raise NotFound(W("页面", "page"))
    then = reverse("office:check", args=[commitment])
    again = lambda refused: _page(request, commitment, refused)  # noqa: E731  (as every page of acts)
    return settle(request, known[step], done=DONE[CheckMove(step)], then=then, again=again)


def _moves(request: HttpRequest, of: Of) -> dict[str, Callable[[], object]]:
    """By the last part of the address. On site the record is an inspection's, else what data or papers showed."""

    def record() -> None:
        if "held_at" in request.POST:
            write_check(**of, record=record_of(request), at=now())
            return
        kept = YES_NO.get(params.text(request, "kept"))
        record_check(**of, kept=kept, findings=params.text(request, "findings", longest=5000), at=now())

    return {
        CheckMove.ARRANGE: lambda: arrange_check(**of, plan=plan_of(request), at=now()),
        CheckMove.PHOTO: lambda: _photos(request, of),
        CheckMove.RECORD: record,
        CheckMove.SIGN: lambda: sign_check(**of, at=now()),
        CheckMove.MISS: lambda: miss_check(
            **of,
            reason=params.text(request, "reason", longest=2000),
            again_by=_day(params.text(request, "again_by")),
            at=now(),
        ),
        CheckMove.END: lambda: end_check(**of, reason=params.text(request, "reason", longest=2000), at=now()),
        CheckMove.ORDER: lambda: order_mending(
            **of,
            demands=params.text(request, "demands", longest=2000),
            mend_by=_day(params.text(request, "mend_by")),
            at=now(),
        ),
    }


def _photos(request: HttpRequest, of: Of) -> None:
    """Every picture that came with this press; each raises the version by one."""
    for nth, photo in enumerate(photos_of(request)):
        add_check_photo(
            actor=of["actor"], commitment=of["commitment"], version=of["version"] + nth, photo=photo, at=now()
        )  # fmt: skip


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _page(request: HttpRequest, commitment: UUID, refused: Refused | None = None) -> HttpResponse:
    actor, at = actor_of(request), now()
    page = cases.get_commitment(actor, commitment, at=at)
    people.record_look(
        actor=actor, party=page.applicant, purpose="service", fields=("commitment",), case_number=page.number, at=at
    )
    form = sent(request, refused)
    context = {
        "nav": NAV,
        "section": "office:checks",
        "page": page,
        "moves": {move.value for move in page.moves},
        "inspectors": cases.inspectors_of(page.post, at=at) if page.mine else (),
        "me": actor.id,
        "today": local_date(at),
        "sent": form,
        "problems": form.problems,
    }
    return render(request, "office/check.html", context, status=refused.status if refused else 200)
