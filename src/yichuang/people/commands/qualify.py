"""上岗资格: the manager of a hall says who may be routed people who come for an item, for how long, and on what it rests."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from yichuang.core import ledger, roles
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date
from yichuang.core.refusals import NotFound, Reason, Refused, refuse_all
from yichuang.core.words import W
from yichuang.network import queries as network
from yichuang.people.models import Qualification, Staff
from yichuang.people.permissions import check_can_qualify
from yichuang.people.qualified import rows_of
from yichuang.people.rules import LONGEST_EVIDENCE, judge_qualification
from yichuang.people.staffing import list_at_place

A_CLERK = W("本大厅的窗口人员", "member of staff who serves in this hall")
A_QUALIFICATION = W("上岗资格", "qualification")
NO_REASON = W("请写明收回的原因，2 至 200 字", "Say why it is withdrawn: 2 to 200 characters")


@transaction.atomic
def grant_qualification(
    *,
    actor: Actor,
    place: UUID,
    staff: UUID,
    item: str = "",
    department: str = "",
    evidence: str,
    valid_from: date | None = None,
    valid_to: date | None = None,
    at: datetime,
) -> UUID:
    """Qualify a clerk of the place for an item, for all of a department (its code), or (neither) for everything.

    It holds wherever they serve. Refused with every reason: QUALIFIED_BY_ONESELF, QUALIFIED_TWICE, EVIDENCE_MISSING,
    ENDS_BEFORE_START, QUALIFICATION_HELD; 403 unless the actor manages the place.
    """
    check_can_qualify(actor, place)
    row = _clerk(place, staff, at)
    organ = network.get_department(department) if department else None
    start = valid_from or local_date(at)
    refuse_all(
        judge_qualification(
            item=item,
            department=department,
            evidence=evidence,
            valid_from=start,
            valid_to=valid_to,
            held=rows_of([staff], local_date(at)),
            to_oneself=actor.id == staff,
        )
    )
    made = Qualification.objects.create(
        staff=row,
        item=item,
        department_id=organ.id if organ else None,
        evidence=evidence.strip(),
        valid_from=start,
        valid_to=valid_to,
        granted_by_id=actor.id,
        granted_at=at,
    )
    _record(actor, "people.qualify", made, at)
    return made.id


def _clerk(place: UUID, staff: UUID, at: datetime) -> Staff:
    if staff not in {row.id for row in list_at_place(place, roles.SERVES, at=at)}:
        raise NotFound(A_CLERK)
    return Staff.objects.select_for_update(of=("self",)).get(id=staff)


@transaction.atomic
def withdraw_qualification(*, actor: Actor, place: UUID, qualification: UUID, reason: str, at: datetime) -> None:
    """Withdraw it: the next call is routed without it. Twice is once. Refused WHY_MISSING without a reason."""
    check_can_qualify(actor, place)
    row = Qualification.objects.select_for_update(of=("self",)).filter(id=qualification).first()
    if row is None or row.staff_id not in {one.id for one in list_at_place(place, roles.SERVES, at=at)}:
        raise NotFound(A_QUALIFICATION)
    if row.withdrawn_at is not None:
        return
    if not 2 <= len(reason.strip()) <= LONGEST_EVIDENCE:
        raise Refused(Reason("WHY_MISSING", NO_REASON, "/reason"))
    row.withdrawn_at, row.withdrawn_by_id, row.why_withdrawn = at, actor.id, reason.strip()
    row.save(update_fields=["withdrawn_at", "withdrawn_by", "why_withdrawn"])
    _record(actor, "people.disqualify", row, at)


def _record(actor: Actor, act: str, row: Qualification, at: datetime) -> None:
    what = row.item or (str(row.department_id) if row.department_id else "*")
    ledger.append(act=act, actor=actor, at=at, subject=ledger.Subject("staff", row.staff_id), detail={"what": what})
