"""现场核查: two named inspectors are sent, photographs come in, one writes the record, both sign it.

The task of the process (`yc:act="inspect"`) completes only then. Steps of a review: no state moves, no clock stops.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from yichuang.cases import papers, tellings
from yichuang.cases.commands.review import done, open_task
from yichuang.cases.inspections import inspectors_of
from yichuang.cases.models import Case, Inspection, Upload
from yichuang.cases.rules.inspection import MAX_PHOTOS, Inspector, Plan, Record, plan_faults, record_faults
from yichuang.cases.storage import keep_file
from yichuang.cases.values import CaseHead, DocumentKind
from yichuang.core.actors import Actor
from yichuang.core.refusals import Conflict, Reason, Refused, refuse_all
from yichuang.core.words import W
from yichuang.engine import commands as engine
from yichuang.engine.values import TaskRow

__all__ = [
    "Inspector", "Photo", "Plan", "Record", "add_photo", "arrange_inspection", "record_inspection", "sign_inspection",
]  # fmt: skip
NO_INSPECTION = W("这项任务不是现场核查", "This task is no inspection")
ARRANGE_FIRST = W("请先安排核查人员、时间和地点", "Arrange the inspectors, time and place first")
OVER = W(
    "现场检查记录已由两名执法人员签字，不能再改", "Both inspectors have signed: the record cannot be changed any more"
)
NOT_SENT = W("只有指派的执法人员可以记录和签字", "Only the inspectors who were sent may record and sign")
RECORD_FIRST = W("请先写好现场检查记录", "Write the record first")
SIGNED_ALREADY = W("您已签字，请另一名执法人员签字", "You have signed: the other inspector signs now")
PHOTO_AFTER_SIGNING = W(
    "记录已有一名执法人员签字，不能再添加照片：如需补充，请重新安排核查",
    "One inspector has signed the record: no photograph can be added. Arrange the inspection anew to add some",
)
TOO_MANY = W("现场照片最多 30 张", "At most 30 photographs")
PICTURES = frozenset({"jpg", "png", "webp"})
ONLY_PICTURES = W("现场照片须是图片", "A photograph of the place has to be a picture")
SIGNED_WORDS = {"signed": "已签字", "refused": "拒绝签字", "absent": "无人在场"}


@dataclass(frozen=True, slots=True)
class Photo:
    """A photograph as `webkit.uploads.sniff_and_clean` leaves it."""

    name: str
    kind: str
    content: bytes
    sha256: str


@transaction.atomic
def arrange_inspection(
    *, actor: Actor, task: UUID, version: int | None, plan: Plan, at: datetime, number: str | None = None
) -> CaseHead:
    """Send two named inspectors with licence numbers, at a time, to a place; the applicant is told. Again until it is held."""
    row, case = _inspecting(actor, task, version, at, number)
    known = {one.id: one.name for one in inspectors_of(row.post, at=at)}
    refuse_all(plan_faults(plan, known, at))
    assert plan.first.staff
    assert plan.second.staff
    assert plan.at
    if row.state == "open":
        engine.claim_task(actor=actor, task=row.id, version=None, at=at)
    inspection = Inspection.objects.filter(task=row.id).first() or Inspection(case=case, task=row.id)
    _check_open(inspection)
    inspection.first_id, inspection.first_name = plan.first.staff, known[plan.first.staff]
    inspection.second_id, inspection.second_name = plan.second.staff, known[plan.second.staff]
    inspection.first_licence, inspection.second_licence = plan.first.licence.strip(), plan.second.licence.strip()
    inspection.planned_at, inspection.place = plan.at, plan.place.strip()
    _clear_record(inspection)
    inspection.save()
    case.fresh.append(inspection)
    head = done(case, actor, at, row, "inspect-arrange")
    tellings.tell_inspection(case, when=plan.at, at=at)
    return head


@transaction.atomic
def add_photo(
    *, actor: Actor, task: UUID, version: int | None, photo: Photo, at: datetime, number: str | None = None
) -> CaseHead:
    """Keep a photograph of the place, sealed; by an inspector or who holds the task. The content is cleaned by the door."""
    row, case = _inspecting(actor, task, version, at, number)
    inspection = _arranged(row)
    _check_sent(actor, inspection, row)
    if inspection.first_signed_at or inspection.second_signed_at:
        raise Conflict(Reason("PHOTO_AFTER_SIGNING", PHOTO_AFTER_SIGNING, "/photos"))
    if photo.kind not in PICTURES:
        raise Refused(Reason("NO_PICTURE", ONLY_PICTURES, "/photos"))
    if len(inspection.photos) >= MAX_PHOTOS:
        raise Refused(Reason("TOO_MANY_PHOTOS", TOO_MANY, "/photos"))
    upload = Upload(
        staff_id=actor.id, case=case, name=photo.name[:200], kind=photo.kind, size=len(photo.content),
        sha256=photo.sha256, created_at=at,
    )  # fmt: skip
    upload.path = keep_file(upload.id, photo.content)
    upload.save()
    inspection.photos = [*inspection.photos, {"id": str(upload.id), "sha256": photo.sha256}]
    inspection.save(update_fields=["photos"])
    case.fresh.append(inspection)
    return done(case, actor, at, row, "inspect-photo", photo=str(upload.id))


@transaction.atomic
def record_inspection(
    *, actor: Actor, task: UUID, version: int | None, record: Record, at: datetime, number: str | None = None
) -> CaseHead:
    """Write what was found, and sign it, as one of the two inspectors; a new record takes the other's signature away."""
    row, case = _inspecting(actor, task, version, at, number)
    inspection = _arranged(row)
    _check_inspector(actor, inspection)
    refuse_all(record_faults(record, len(inspection.photos), at))
    assert record.meets is not None
    inspection.held_at, inspection.findings, inspection.meets = record.held_at, record.findings.strip(), record.meets
    inspection.present, inspection.present_note = record.present.strip(), record.note.strip()
    inspection.present_signed = record.signed
    first = actor.id == inspection.first_id
    inspection.first_signed_at, inspection.second_signed_at = (at, None) if first else (None, at)
    inspection.save()
    case.fresh.append(inspection)
    return done(case, actor, at, row, "inspect-record")


@transaction.atomic
def sign_inspection(
    *, actor: Actor, task: UUID, version: int | None, at: datetime, number: str | None = None
) -> CaseHead:
    """The other inspector signs the record: it is final, and its paper (现场检查记录) is issued."""
    row, case = _inspecting(actor, task, version, at, number)
    inspection = _arranged(row)
    _check_inspector(actor, inspection)
    if inspection.held_at is None:
        raise Conflict(Reason("RECORD_FIRST", RECORD_FIRST))
    mine, other = inspection.first_signed_at, inspection.second_signed_at
    if actor.id != inspection.first_id:
        mine, other = other, mine
    if mine is not None:
        raise Conflict(Reason("SIGNED_ALREADY", SIGNED_ALREADY))
    if other is None:
        raise Conflict(Reason("RECORD_FIRST", RECORD_FIRST))  # who writes the record signs it first
    if actor.id == inspection.first_id:
        inspection.first_signed_at = at
    else:
        inspection.second_signed_at = at
    inspection.document = papers.issue_document(
        case, DocumentKind.INSPECTION, actor=actor, at=at, values=_said(inspection)
    )
    inspection.save()
    case.fresh.append(inspection)
    return done(case, actor, at, row, "inspect-sign", document=str(inspection.document))


def _clear_record(inspection: Inspection) -> None:
    """Another plan is another inspection: what was found at the one before is nothing that its inspectors signed."""
    inspection.held_at = inspection.meets = None
    inspection.findings = inspection.present = inspection.present_note = inspection.present_signed = ""
    inspection.first_signed_at = inspection.second_signed_at = None
    inspection.photos = []


def _said(inspection: Inspection) -> dict[str, object]:
    assert inspection.held_at
    return {
        "inspectors": [
            {"name": inspection.first_name, "licence": inspection.first_licence, "signed": "已签字"},
            {"name": inspection.second_name, "licence": inspection.second_licence, "signed": "已签字"},
        ],
        "inspected_at": inspection.held_at.isoformat(),
        "inspected_place": inspection.place,
        "findings": inspection.findings,
        "conclusion": "符合要求" if inspection.meets else "不符合要求",
        "photos": f"{len(inspection.photos)} 张",
        "present": inspection.present,
        "present_signed": SIGNED_WORDS[inspection.present_signed],
        "present_note": inspection.present_note,
    }


def _inspecting(
    actor: Actor, task: UUID, version: int | None, at: datetime, number: str | None
) -> tuple[TaskRow, Case]:
    """The inspecting task and its case, locked: for its post, and for the inspectors who were sent."""
    sent = Inspection.objects.filter(task=task).values_list("first_id", "second_id").first() or ()
    row, case = open_task(actor, task, version, at, of=number, also=frozenset(sent))
    if row.act != "inspect":
        raise Refused(Reason("NO_INSPECTION", NO_INSPECTION))
    if row.state not in {"open", "claimed"}:
        raise Conflict(Reason("INSPECTION_OVER", OVER))
    return row, case


def _arranged(row: TaskRow) -> Inspection:
    """The inspection of the task, which may still be changed. The case is locked, so nobody else writes to it."""
    inspection = Inspection.objects.filter(task=row.id).first()
    if inspection is None:
        raise Conflict(Reason("ARRANGE_FIRST", ARRANGE_FIRST))
    _check_open(inspection)
    return inspection


def _check_open(inspection: Inspection) -> None:
    if inspection.document is not None:
        raise Conflict(Reason("INSPECTION_OVER", OVER))


def _check_inspector(actor: Actor, inspection: Inspection) -> None:
    if actor.id not in {inspection.first_id, inspection.second_id}:
        raise Refused(Reason("NOT_SENT", NOT_SENT), kind="forbidden")


def _check_sent(actor: Actor, inspection: Inspection, row: TaskRow) -> None:
    if actor.id != row.claimed_by:
        _check_inspector(actor, inspection)
