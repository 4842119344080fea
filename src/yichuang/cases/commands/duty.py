"""值班表: who decides for a department says who answers on which half of a day."""

from collections.abc import Sequence
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


def set_duty(*, actor: Actor, department: str, day: date | None, half: str, staff: UUID | None, at: datetime) -> None:
    """`set_duties` of one half of a day."""
    set_duties(actor=actor, department=department, halves=[(day, half, staff)], at=at)


@transaction.atomic
def set_duties(
    *, actor: Actor, department: str, halves: Sequence[tuple[date | None, str, UUID | None]], at: datetime
) -> None:
    """Put somebody down (None: nobody) for each half of a working day, instead of whoever stood there: all, or none.

    Raises NotFound for a department that is not theirs; Refused 403 for who does not decide there.
    """
    found = next((one for one in network.list_departments() if one.code == department), None)
    if found is None or not can_answer(actor, found.id):
        raise NotFound(THE_DEPARTMENT)
    if not can_set_duty(actor, found.code):
        raise Refused(Reason("NOT_ALLOWED", FORBIDDEN.format(act=SET)), kind="forbidden")
    known, calendar = {one.id: one.name for one in colleagues_of(found.code, at=at)}, network.working_calendar()
    told = [one for half in halves for one in duty_faults(*half, known, local_date(at), calendar)]
    refuse_all(list(dict.fromkeys(told)))  # the same of several halves is said once
    for day, half, staff in halves:
        assert day
        _put(actor, found.id, day, half, (staff, known[staff]) if staff else None, at)


def _put(actor: Actor, department: UUID, day: date, half: str, who: tuple[UUID, str] | None, at: datetime) -> None:
    assert actor.id
    if who is None:
        Duty.objects.filter(department=department, day=day, half=half).delete()
    else:
        put = {"staff_id": who[0], "staff_name": who[1], "set_by_id": actor.id, "set_at": at}
        Duty.objects.update_or_create(department_id=department, day=day, half=half, defaults=put)
    detail: dict[str, str | int | bool | None] = {
        "day": day.isoformat(),
        "half": half,
        "staff": str(who[0] if who else ""),
    }
    ledger.append(act="set-duty", actor=actor, at=at, subject=Subject("department", department), detail=detail)
