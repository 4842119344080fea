"""Who of the staff sits where, holds what, and reads which language; part of `people.queries`."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from yichuang.core.clock import local_date
from yichuang.core.refusals import NotFound
from yichuang.core.words import W
from yichuang.people.actors import in_force
from yichuang.people.models import GrantRow, Posting, Staff
from yichuang.people.values import StaffRow


def get_staff(id: UUID) -> StaffRow:
    """A member of staff; NotFound."""
    staff = Staff.objects.filter(id=id).first()
    if staff is None:
        raise NotFound(W("工作人员", "member of staff"))
    return _staff_row(staff)


def _staff_row(staff: Staff) -> StaffRow:
    return StaffRow(
        staff.id, staff.account_id, staff.staff_no, staff.name, staff.place_id, staff.department_id, staff.window
    )


def languages_of_staff(ids: Iterable[UUID]) -> dict[UUID, str]:
    """The language in which to write to members of staff whose accounts are open: as they chose it on the pages."""
    rows = Staff.objects.filter(id__in=set(ids), account__disabled_at=None).order_by("id")
    return dict(rows.values_list("id", "account__language"))


def names_of_staff(ids: Iterable[UUID]) -> dict[UUID, str]:
    """The names of members of staff, also of those who left; an unknown id is left out."""
    return dict(Staff.objects.filter(id__in=set(ids)).order_by("id").values_list("id", "name"))


def list_at_post(post: str, *, at: datetime) -> tuple[StaffRow, ...]:
    """Who sits at a post (岗位) on the day and has an open account, by name."""
    rows = Staff.objects.filter(account__disabled_at=None).filter(
        Exists(Posting.objects.filter(in_force(local_date(at)), staff=OuterRef("pk"), post__code=post, ended_at=None))
    )
    return tuple(_staff_row(staff) for staff in rows.order_by("name", "id"))


def list_at_place(place: UUID, wanted: Collection[str], *, at: datetime) -> tuple[StaffRow, ...]:
    """Who holds one of these roles at a place on the day and has an open account, by name."""
    held = GrantRow.objects.filter(
        in_force(local_date(at)), staff=OuterRef("pk"), place=place, role__in=wanted, revoked_at=None
    )
    rows = Staff.objects.filter(Exists(held), account__disabled_at=None)
    return tuple(_staff_row(staff) for staff in rows.order_by("name", "id"))


def list_covering(role: str, *, place: UUID, department: UUID, at: datetime) -> tuple[StaffRow, ...]:
    """Who holds a role that covers this place and department on the day (`Actor.has`), with an open account, by name."""
    covers = (Q(place=place) | Q(place=None)) & (Q(department=department) | Q(department=None))
    held = GrantRow.objects.filter(covers, in_force(local_date(at)), staff=OuterRef("pk"), role=role, revoked_at=None)
    rows = Staff.objects.filter(Exists(held), account__disabled_at=None)
    return tuple(_staff_row(staff) for staff in rows.order_by("name", "id"))
