"""The duty roster (值班表) as pages show it, and who is on duty at an instant."""

from datetime import date, datetime, timedelta
from uuid import UUID

from yichuang.cases.inspections import inspectors_of
from yichuang.cases.models import Duty
from yichuang.cases.pages import DutyDay, DutyPage
from yichuang.cases.permissions import can_set_duty
from yichuang.cases.rules.duty import HALVES, half_of
from yichuang.core import roles
from yichuang.core.actors import Actor
from yichuang.core.clock import local, local_date
from yichuang.network import queries as network
from yichuang.people.values import StaffRow

DAYS = 10  # working days on the page


def on_duty(department: UUID, at: datetime) -> tuple[UUID, str] | None:
    """(staff, name) of who answers for the department now, if anybody is put down and still works there."""
    row = Duty.objects.filter(department=department, day=local_date(at), half=half_of(local(at))).first()
    if row is None:
        return None
    code = network.get_department_by_id(department).code
    return (row.staff_id, row.staff_name) if row.staff_id in {one.id for one in colleagues_of(code, at=at)} else None


def colleagues_of(code: str, *, at: datetime) -> tuple[StaffRow, ...]:
    """Everybody at a post of the department, by name."""
    return inspectors_of(f"{code}.", at=at)


def duty_pages(actor: Actor, *, at: datetime) -> tuple[DutyPage, ...]:
    """The next working days of each department where the actor reviews; a half with nobody is a gap."""
    if not actor.is_staff:
        return ()
    mine = {grant.department for grant in actor.grants if grant.role == roles.REVIEWER and grant.department}
    days = _days(local_date(at))
    rows = Duty.objects.filter(department__in=mine, day__in=days).order_by("day", "half")
    found = {(row.department_id, row.day, row.half): (row.staff_id, row.staff_name) for row in rows}
    departments = sorted((network.get_department_by_id(one) for one in mine), key=lambda one: one.code)
    return tuple(
        DutyPage(
            code=one.code,
            name=one.name,
            days=tuple(
                DutyDay(day, half, *found.get((one.id, day, half), (None, ""))) for day in days for half in HALVES
            ),
            colleagues=tuple((row.id, row.name) for row in colleagues_of(one.code, at=at)),
            may_set=can_set_duty(actor, one.code),
        )
        for one in departments
    )


def _days(today: date) -> list[date]:
    calendar = network.working_calendar()
    first = today if calendar.is_working(today) else calendar.next_working(today)
    days = [first]
    while len(days) < DAYS:
        days.append(calendar.next_working(days[-1] + timedelta(days=1)))
    return days
