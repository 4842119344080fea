"""现场核查 on the case page: the forms of the plan, the photographs, the record and the two signatures."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest

from yichuang.cases.commands.inspect import (
    Inspector,
    Photo,
    Plan,
    Record,
    add_photo,
    arrange_inspection,
    record_inspection,
    sign_inspection,
)
from yichuang.core.clock import SHANGHAI
from yichuang.core.refusals import Reason, Refused
from yichuang.core.words import W, Words
from yichuang.webkit import params
from yichuang.webkit.acts import Given
from yichuang.webkit.uploads import sniff_and_clean

Step = tuple[Callable[[Given], object], Words]
CHOOSE_PHOTO = W("请选择现场照片", "Choose a photograph of the place")


def steps(request: HttpRequest, task: UUID) -> dict[str, Step]:
    """The acts by the last part of their address."""
    return {
        "inspect-arrange": (
            lambda given: arrange_inspection(**given, task=task, plan=plan_of(request)),
            W("已安排现场核查并通知申请人", "The inspection is arranged and the applicant told"),
        ),
        "inspect-photo": (
            lambda given: _photos(request, task, given),
            W("现场照片已保存", "The photographs are kept"),
        ),
        "inspect-record": (
            lambda given: record_inspection(**given, task=task, record=record_of(request)),
            W("已记录并签字，请另一名执法人员签字", "Recorded and signed; the other inspector signs now"),
        ),
        "inspect-sign": (
            lambda given: sign_inspection(**given, task=task),
            W("已签字，现场检查记录已生成", "Signed; the record is ready"),
        ),
    }


def plan_of(request: HttpRequest) -> Plan:
    """Who goes where and when, as typed."""

    def inspector(name: str) -> Inspector:
        staff = params.uuid_or_none(params.text(request, name))
        return Inspector(staff, params.text(request, f"{name}_licence", longest=40))

    place = params.text(request, "place", longest=300)
    return Plan(inspector("first"), inspector("second"), _moment(request, "planned_at"), place)


def record_of(request: HttpRequest) -> Record:
    """What was found, as typed."""
    return Record(
        held_at=_moment(request, "held_at"),
        findings=params.text(request, "findings", longest=5000),
        meets={"yes": True, "no": False}.get(params.text(request, "meets")),
        present=params.text(request, "present", longest=80),
        signed=params.text(request, "signed"),
        note=params.text(request, "note", longest=600),
    )


def photos_of(request: HttpRequest) -> list[Photo]:
    """Every picture that came with this press, cleaned. Refused where none did."""
    cleaned = [sniff_and_clean(file.name or "", file) for file in request.FILES.getlist("photo")]
    if not cleaned:
        raise Refused(Reason("PHOTO_NEEDED", CHOOSE_PHOTO, "/photos"))
    return [Photo(one.name, one.kind, one.content, one.sha256) for one in cleaned]


def _photos(request: HttpRequest, task: UUID, given: Given) -> None:
    for photo in photos_of(request):
        head = add_photo(**given, task=task, photo=photo)
        given = Given(actor=given["actor"], number=given["number"], version=head.version, at=given["at"])


def _moment(request: HttpRequest, name: str) -> datetime | None:
    """What a field for date and time holds, in the hall's time; None when it is none."""
    try:
        return datetime.fromisoformat(params.text(request, name)).replace(tzinfo=SHANGHAI)
    except ValueError:
        return None
