"""利害关系人告知、听证 on the case page: one form for each step."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest

from yichuang.cases.commands.hearing import (
    call_hearing,
    close_hearing,
    hold_hearing,
    postpone_hearing,
    record_statement,
    tell_interested,
)
from yichuang.cases.commands.serve_notice import record_service
from yichuang.core.words import W, Words
from yichuang.webkit import params
from yichuang.webkit.acts import Given

Step = tuple[Callable[[Given], object], Words]
NOBODY = UUID(int=0)
ROWS = 5  # interested parties in one press


def steps(request: HttpRequest) -> dict[str, Step]:
    """The acts by the last part of their address."""
    return {
        "tell": (
            lambda given: tell_interested(
                **given, matter=params.text(request, "matter", longest=2500), parties=_parties(request)
            ),
            W("告知书已生成，已通知申请人", "The notice is ready and the applicant told"),
        ),
        "state": (
            lambda given: record_statement(
                **given,
                who=params.text(request, "who", longest=80),
                words=params.text(request, "words", longest=5000),
                asks="asks" in request.POST,
                party=params.uuid_or_none(params.text(request, "party")),
            ),
            W("已记录", "Put on record"),
        ),
        "serve": (
            lambda given: record_service(
                **given,
                party=params.uuid_or_none(params.text(request, "party")) or NOBODY,
                on=params.day(request, "on"),
                how=params.text(request, "how"),
                refused="refused" in request.POST,
                note=params.text(request, "note", longest=600),
            ),
            W("已记录送达，期限从送达之日起算", "The service is on record; the days run from it"),
        ),
        "call": (
            lambda given: call_hearing(
                **given,
                day=params.day(request, "day"),
                place=params.text(request, "place", longest=300),
                chair=params.uuid_or_none(params.text(request, "chair")),
            ),
            W("已通知听证，计时暂停", "The hearing is called; the clock stands still"),
        ),
        "postpone": (
            lambda given: postpone_hearing(
                **given,
                day=params.day(request, "day"),
                place=params.text(request, "place", longest=300),
                chair=params.uuid_or_none(params.text(request, "chair")),
                reason=params.text(request, "reason", longest=600),
            ),
            W("听证已改期，已重新通知", "The hearing is moved and told anew"),
        ),
        "close": (
            lambda given: close_hearing(
                **given,
                ground=params.text(request, "ground"),
                reason=params.text(request, "reason", longest=600),
                by=params.text(request, "by", longest=80),
            ),
            W("已记录；其他人要求听证的权利不受影响", "On record; the right of others to a hearing stands"),
        ),
        "hold": (
            lambda given: hold_hearing(
                **given,
                present=params.text(request, "present", longest=600),
                record=params.text(request, "record", longest=5000),
                signed={"yes": True, "no": False}.get(params.text(request, "signed")),
                note=params.text(request, "note", longest=600),
            ),
            W("听证笔录已生成，恢复计时", "The record is ready; the clock runs on"),
        ),
    }


def _parties(request: HttpRequest) -> list[tuple[str, str]]:
    rows = range(1, ROWS + 1)
    return [(params.text(request, f"name{n}"), params.text(request, f"contact{n}")) for n in rows]
