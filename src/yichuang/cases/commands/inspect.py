"""现场核查: two named inspectors are sent, photographs come in, one writes the record, both sign it.

The task of the process (`yc:act="inspect"`) completes only then. Steps of a review: no state moves, no clock stops.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from yichuang.cases import tellings
from yichuang.cases.commands import on_site
from yichuang.cases.commands.on_site import OVER, Photo
from yichuang.cases.commands.review import done, open_task
from yichuang.cases.models import Case, Inspection
from yichuang.cases.rules.inspection import Inspector, Plan, Record
from yichuang.cases.values import CaseHead
from yichuang.core.actors import Actor
from yichuang.core.refusals import Conflict, Reason, Refused
from yichuang.core.words import W
from yichuang.engine import commands as engine
from yichuang.engine.values import TaskRow

__all__ = [
    "Inspector", "Photo", "Plan", "Record", "add_photo", "arrange_inspection", "record_inspection", "sign_inspection",
]  # fmt: skip
NO_INSPECTION = W("这项任务不是现场核查", "This task is no inspection")


@transaction.atomic
def arrange_inspection(
    *, actor: Actor, task: UUID, version: int | None, plan: Plan, at: datetime, number: str | None = None
) -> CaseHead:
    """Send two named inspectors with licence numbers, at a time, to a place; the applicant is told. Again until it is held."""
    row, case = _inspecting(actor, task, version, at, number)
    inspection = on_site.send(case, row.id, plan, post=row.post, at=at)
    if row.state == "open":
        engine.claim_task(actor=actor, task=row.id, version=None, at=at)
    head = done(case, actor, at, row, "inspect-arrange")
    tellings.tell_inspection(case, when=inspection.planned_at, at=at)
    return head


@transaction.atomic
def add_photo(
    *, actor: Actor, task: UUID, version: int | None, photo: Photo, at: datetime, number: str | None = None
) -> CaseHead:
    """Keep a photograph of the place, sealed; by an inspector or who holds the task. The content is cleaned by the door."""
    row, case = _inspecting(actor, task, version, at, number)
    upload = on_site.add_picture(case, row.id, photo, actor=actor, holder=row.claimed_by, at=at)
    return done(case, actor, at, row, "inspect-photo", photo=str(upload))


@transaction.atomic
def record_inspection(
    *, actor: Actor, task: UUID, version: int | None, record: Record, at: datetime, number: str | None = None
) -> CaseHead:
    """Write what was found, and sign it, as one of the two inspectors; a new record takes the other's signature away."""
    row, case = _inspecting(actor, task, version, at, number)
    on_site.write(case, row.id, record, actor=actor, at=at)
    return done(case, actor, at, row, "inspect-record")


@transaction.atomic
def sign_inspection(
    *, actor: Actor, task: UUID, version: int | None, at: datetime, number: str | None = None
) -> CaseHead:
    """The other inspector signs the record: it is final, and its paper (现场检查记录) is issued."""
    row, case = _inspecting(actor, task, version, at, number)
    inspection = on_site.countersign(case, row.id, actor=actor, at=at)
    return done(case, actor, at, row, "inspect-sign", document=str(inspection.document))


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
