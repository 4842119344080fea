"""现场核查: what a plan and a record must say. 行政许可法 art. 34: at least two officials; they show who they are."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from yichuang.core.refusals import Reason
from yichuang.core.words import W

BASIS: Final = "《行政许可法》第三十四条第三款"
LICENCE: Final = re.compile(r"[0-9A-Za-z一-龥〔〕()（）-]{4,30}")
FURTHEST: Final = timedelta(days=60)
MAX_PHOTOS: Final = 30
TWO = W("须指派两名不同的执法人员", "Two different inspectors are needed")
NOT_OF_US = W("执法人员须是本部门的在岗人员", "An inspector has to sit at a post of the department")
LICENCE_WRONG = W("请填写执法证号（4–30 位）", "Give the number of the enforcement licence (4 to 30 signs)")
WHEN_WRONG = W("核查时间应在现在之后、60 日之内", "The time has to be ahead of now, within 60 days")
PLACE_NEEDED = W("请写明核查地点", "Say where the inspection is")
FINDINGS_NEEDED = W("请写明现场情况（最多 4000 字）", "Say what was found (at most 4,000 characters)")
MEETS_NEEDED = W("请选择是否符合要求", "Say whether the requirements are met")
HELD_WRONG = W("核查时间不能晚于现在", "The inspection cannot have been later than now")
PHOTO_NEEDED = W("请至少上传一张现场照片", "Add at least one photograph of the place")
PRESENT_NEEDED = W("请写明被核查人或在场人姓名", "Name the person who was there")
SIGNED_NEEDED = W("请选择在场人是否签字", "Say whether the person there signed")
NOTE_NEEDED = W("拒签或无人在场的，请写明情况", "Where nobody signed, say why")


@dataclass(frozen=True, slots=True)
class Inspector:
    """A named inspector (执法人员) with the number of the licence (执法证号)."""

    staff: UUID | None
    licence: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Who, when, where."""

    first: Inspector
    second: Inspector
    at: datetime | None
    place: str


@dataclass(frozen=True, slots=True)
class Record:
    """What was found. `signed`: "signed", "refused" or "absent", of the person inspected."""

    held_at: datetime | None
    findings: str
    meets: bool | None
    present: str
    signed: str
    note: str


def plan_faults(plan: Plan, department: Collection[UUID], now: datetime) -> list[Reason]:
    """Everything that keeps a plan from being made; `department` are the staff who may go."""
    faults = []
    if plan.first.staff == plan.second.staff:
        faults.append(Reason("TWO_INSPECTORS", TWO, "/second", BASIS))
    for name, one in (("first", plan.first), ("second", plan.second)):
        if one.staff not in department:
            faults.append(Reason("INSPECTOR_UNKNOWN", NOT_OF_US, f"/{name}"))
        if not LICENCE.fullmatch(one.licence.strip()):
            faults.append(Reason("LICENCE_NEEDED", LICENCE_WRONG, f"/{name}_licence"))
    if plan.at is None or not now < plan.at <= now + FURTHEST:
        faults.append(Reason("WHEN_WRONG", WHEN_WRONG, "/planned_at"))
    if not 2 <= len(plan.place.strip()) <= 200:
        faults.append(Reason("PLACE_NEEDED", PLACE_NEEDED, "/place"))
    return faults


def record_faults(record: Record, photos: int, now: datetime) -> list[Reason]:
    """Everything that keeps a record from being written."""
    faults = []
    if record.held_at is None or record.held_at > now:
        faults.append(Reason("HELD_WRONG", HELD_WRONG, "/held_at"))
    if not 1 <= len(record.findings.strip()) <= 4000:
        faults.append(Reason("FINDINGS_NEEDED", FINDINGS_NEEDED, "/findings"))
    if record.meets is None:
        faults.append(Reason("MEETS_NEEDED", MEETS_NEEDED, "/meets"))
    if not photos:
        faults.append(Reason("PHOTO_NEEDED", PHOTO_NEEDED, "/photos"))
    return faults + _present_faults(record)


def _present_faults(record: Record) -> list[Reason]:
    faults = []
    if record.signed not in {"signed", "refused", "absent"}:
        faults.append(Reason("SIGNED_NEEDED", SIGNED_NEEDED, "/signed"))
    if record.signed in {"signed", "refused"} and not 1 <= len(record.present.strip()) <= 60:
        faults.append(Reason("PRESENT_NEEDED", PRESENT_NEEDED, "/present"))
    if record.signed in {"refused", "absent"} and not 1 <= len(record.note.strip()) <= 500:
        faults.append(Reason("NOTE_NEEDED", NOTE_NEEDED, "/note"))
    return faults
