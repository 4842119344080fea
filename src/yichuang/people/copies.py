"""Who works in a hall, as it travels to the hall's node: with what is needed to sign in there, and nothing more."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from yichuang.core import roles
from yichuang.core.clock import local_date
from yichuang.core.copies import Row, row_of, take
from yichuang.people.identity import id_index
from yichuang.people.models import Account, GrantRow, Party, Qualification, Staff

THERE = (*roles.SERVES, roles.HALL_MANAGER, roles.DEVICE_KEEPER)
AT_HOME = {  # columns that stay at the centre
    Account: ("party_id", "phone", "phone_index", "last_sign_in_at"),
    GrantRow: ("granted_by_id", "revoked_by_id"),
    Qualification: ("granted_by_id", "withdrawn_by_id", "evidence", "why_withdrawn"),
    Party: ("mobile", "mobile_index", "address", "email", "birth_date", "id_index"),
}


def copied_of(place: UUID, visitors: Collection[UUID]) -> dict[str, list[Row]]:
    """Who serves, manages and keeps machines at the place, with account, roles there and qualifications; and of who has an
    appointment (`visitors`) the name and the document by which they check in."""
    grants = GrantRow.objects.filter(_here(place)).order_by("id")
    staff = Staff.objects.filter(id__in=grants.values("staff")).order_by("id")
    return {
        "Account": _rows(Account, Account.objects.filter(staff__in=staff).order_by("id")),
        "Staff": [row_of(row) for row in staff],
        "GrantRow": _rows(GrantRow, grants),
        "Qualification": _rows(Qualification, Qualification.objects.filter(staff__in=staff).order_by("id")),
        "Party": _rows(Party, Party.objects.filter(id__in=visitors).order_by("id")),
    }


def name_at(staff: UUID, place: UUID, *, since: datetime, until: datetime) -> str | None:
    """The name of a member of staff who held one of those roles at the place at some moment between the two; None for others."""
    first, last = local_date(since), local_date(until)
    held = Q(valid_from__lte=last) & (Q(valid_to=None) | Q(valid_to__gte=first))
    held &= Q(revoked_at=None) | Q(revoked_at__gte=since)
    found = GrantRow.objects.filter(_here(place), held, staff=staff).order_by("id")
    return found.values_list("staff__name", flat=True).first()


def _here(place: UUID) -> Q:
    return (Q(place=place) | Q(place=None, role=roles.DEVICE_KEEPER)) & Q(role__in=THERE)


def _rows(table: type[Account | GrantRow | Qualification | Party], found: object) -> list[Row]:
    return [row_of(row, but=AT_HOME[table]) for row in found]  # type: ignore[attr-defined]  # a query set of the table


@transaction.atomic
def take_copied_of(copy: Mapping[str, Sequence[Row]]) -> None:
    """The same people here. Who is no more among them may not come in."""
    parties = [{**row, "id_index": id_index(row["id_type"], row["id_no"])} for row in copy["Party"]]
    take(Party, parties)
    take(Account, copy["Account"])
    take(Staff, copy["Staff"])
    known = [row["id"] for row in copy["GrantRow"]]
    GrantRow.objects.exclude(id__in=known).filter(revoked_at=None).delete()
    take(GrantRow, copy["GrantRow"])
    take(Qualification, copy["Qualification"])
