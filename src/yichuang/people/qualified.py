"""Who is qualified for what (上岗资格); part of `people.queries`."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from yichuang.core.actors import Actor
from yichuang.core.clock import local_date
from yichuang.core.roles import SERVES
from yichuang.people.actors import in_force
from yichuang.people.models import Qualification
from yichuang.people.permissions import check_can_qualify
from yichuang.people.staffing import list_at_place
from yichuang.people.values import QualificationRow, Qualified

MOST = 500  # rows of one hall that a page shows


def qualified(staff: Iterable[UUID], *, at: datetime) -> dict[UUID, Qualified]:
    """For what each of them is qualified on the day; who holds nothing is there with nothing. One statement, no gate."""
    wanted = set(staff)
    rows = Qualification.objects.filter(in_force(local_date(at)), staff__in=wanted, withdrawn_at=None).order_by("id")
    held: dict[UUID, list[tuple[str, str | None]]] = {one: [] for one in wanted}
    for who, item, department in rows.values_list("staff_id", "item", "department__code"):
        held[who].append((item, department))
    return {who: _together(rows) for who, rows in held.items()}


def _together(rows: list[tuple[str, str | None]]) -> Qualified:
    return Qualified(
        frozenset(item for item, _ in rows if item),
        frozenset(department for _, department in rows if department),
        any(not item and not department for item, department in rows),
    )


def list_qualifications(actor: Actor, place: UUID, *, at: datetime) -> tuple[QualificationRow, ...]:
    """Those of everybody who serves at the place, the ones that end first on top, ended ones last. Refused (403) unless
    the actor manages it."""
    check_can_qualify(actor, place)
    staff = [row.id for row in list_at_place(place, SERVES, at=at)]
    rows = sorted(rows_of(staff, local_date(at)), key=lambda one: (one.ended, one.valid_to or date.max, one.name))
    return tuple(rows[:MOST])


def rows_of(staff: Iterable[UUID], day: date) -> list[QualificationRow]:
    """The qualifications of these members of staff as they stand on a day."""
    rows = Qualification.objects.filter(staff__in=set(staff)).select_related("staff", "department", "granted_by")
    return [_row(one, day) for one in rows.order_by("id")]


def _row(row: Qualification, day: date) -> QualificationRow:
    return QualificationRow(
        row.id,
        row.staff_id,
        row.staff.name,
        row.item,
        row.department.code if row.department else "",
        row.evidence,
        row.valid_from,
        row.valid_to,
        row.granted_by.name if row.granted_by else "",
        row.withdrawn_at is not None or (row.valid_to is not None and row.valid_to < day),
        row.withdrawn_at is not None,
    )
