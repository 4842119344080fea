"""What two inspectors do on the spot: they are sent, take photographs, write a record, both sign it (行政许可法 art. 34).

For a task of a review (`commands.inspect`) and for a check behind a decision (`commands.checks`): an `Inspection` either way.
The case is locked by whoever calls, so nobody else writes to it.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yichuang.cases import papers
from yichuang.cases.inspections import inspectors_of
from yichuang.cases.models import Case, Inspection, Upload
from yichuang.cases.rules.inspection import MAX_PHOTOS, Plan, Record, plan_faults, record_faults
from yichuang.cases.storage import keep_file
from yichuang.cases.values import DocumentKind
from yichuang.core.actors import Actor
from yichuang.core.refusals import Conflict, Reason, Refused, refuse_all
from yichuang.core.words import W

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


def send(case: Case, task: UUID, plan: Plan, *, post: str, at: datetime) -> Inspection:
    """Two named inspectors of the post's department, with licence numbers, at a time, to a place. Another plan is another
    inspection: what was found at the one before is nothing that its inspectors signed."""
    known = {one.id: one.name for one in inspectors_of(post, at=at)}
    refuse_all(plan_faults(plan, known, at))
    assert plan.first.staff
    assert plan.second.staff
    assert plan.at
    inspection = Inspection.objects.filter(task=task).first() or Inspection(case=case, task=task)
    _check_open(inspection)
    inspection.first_id, inspection.first_name = plan.first.staff, known[plan.first.staff]
    inspection.second_id, inspection.second_name = plan.second.staff, known[plan.second.staff]
    inspection.first_licence, inspection.second_licence = plan.first.licence.strip(), plan.second.licence.strip()
    inspection.planned_at, inspection.place = plan.at, plan.place.strip()
    inspection.held_at = inspection.meets = None
    inspection.findings = inspection.present = inspection.present_note = inspection.present_signed = ""
    inspection.first_signed_at = inspection.second_signed_at = None
    inspection.photos = []
    _save(case, inspection)
    return inspection


def add_picture(case: Case, task: UUID, photo: Photo, *, actor: Actor, holder: UUID | None, at: datetime) -> UUID:
    """Keep a photograph of the place, sealed; by an inspector, or by who holds the task."""
    inspection = _arranged(task)
    if actor.id != holder:
        _check_inspector(actor, inspection)
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
    return upload.id


def write(case: Case, task: UUID, record: Record, *, actor: Actor, at: datetime) -> None:
    """What was found, signed by who writes it; a new record takes the other's signature away."""
    inspection = _arranged(task)
    _check_inspector(actor, inspection)
    refuse_all(record_faults(record, len(inspection.photos), at))
    assert record.meets is not None
    inspection.held_at, inspection.findings, inspection.meets = record.held_at, record.findings.strip(), record.meets
    inspection.present, inspection.present_note = record.present.strip(), record.note.strip()
    inspection.present_signed = record.signed
    first = actor.id == inspection.first_id
    inspection.first_signed_at, inspection.second_signed_at = (at, None) if first else (None, at)
    _save(case, inspection)


def countersign(case: Case, task: UUID, *, actor: Actor, at: datetime) -> Inspection:
    """The other inspector signs: the record is final, and its paper (现场检查记录) is issued."""
    inspection = _arranged(task)
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
    _save(case, inspection)
    return inspection


def _save(case: Case, inspection: Inspection) -> None:
    inspection.save()
    case.fresh.append(inspection)


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


def _arranged(task: UUID) -> Inspection:
    """The inspection of the task, which may still be changed."""
    inspection = Inspection.objects.filter(task=task).first()
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
