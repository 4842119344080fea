"""值班表: who decides for a department says who answers on which half of a day."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from yichuang.cases.duties import colleagues_of
from yichuang.cases.models import Duty
from yichuang.cases.permissions import FORBIDDEN, can_answer, can_set_duty
from yichuang.cases.rules.duty import duty_faults
from yichuang.core import ledger
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date
from yichuang.core.ledger import Subject
from yichuang.core.refusals import NotFound, Reason, Refused, refuse_all
from yichuang.core.words import W
from yichuang.network import queries as network

SET = W("安排值班", "set the duty roster")
THE_DEPARTMENT = W("部门", "department")


@transaction.atomic
def set_duty(*, actor: Actor, department: str, day: date | None, half: str, staff: UUID | None, at: datetime) -> None:
    """Put somebody down (None: nobody) for a half of a working day, instead of whoever stood there.

    Raises NotFound for a department that is not theirs; Refused 403 for who does not decide there.
    """
    found = next((one for one in network.list_departments() if one.code == department), None)
    if found is None or not can_answer(actor, found.id):
        raise NotFound(THE_DEPARTMENT)
    if not can_set_duty(actor, found.code):
        raise Refused(Reason("NOT_ALLOWED", FORBIDDEN.format(act=SET)), kind="forbidden")
    known = {one.id: one.name for one in colleagues_of(found.code, at=at)}
    refuse_all(duty_faults(day, half, staff, known, local_date(at), network.working_calendar()))
    assert day
    assert actor.id
    if staff is None:
        Duty.objects.filter(department=found.id, day=day, half=half).delete()
    else:
        put = {"staff_id": staff, "staff_name": known[staff], "set_by_id": actor.id, "set_at": at}
        Duty.objects.update_or_create(department_id=found.id, day=day, half=half, defaults=put)
    detail: dict[str, str | int | bool | None] = {"day": day.isoformat(), "half": half, "staff": str(staff or "")}
    ledger.append(act="set-duty", actor=actor, at=at, subject=Subject("department", found.id), detail=detail)
