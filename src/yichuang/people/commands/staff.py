"""Keeping the book of staff (人员名册): name and seat, and a new first password for who has lost theirs."""

from datetime import datetime
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import transaction

from yichuang.core import ledger
from yichuang.core.actors import Actor
from yichuang.core.asked import needs_two
from yichuang.core.refusals import NotFound, Reason, Refused, refuse_all
from yichuang.core.roles import THREE_ADMINISTRATORS, WORDS
from yichuang.core.words import W
from yichuang.notices.commands import send
from yichuang.notices.values import Address
from yichuang.people.commands.accounts import check_seat, end_sessions, judge_new_password
from yichuang.people.models import Account, Staff
from yichuang.people.permissions import check_can_manage_staff, check_can_renew_password, check_can_see_staff
from yichuang.people.rules import judge_staff, renewer_of
from yichuang.people.staff_book import offices_of

RENEW = "renew_administrator_password"  # needs a second person
A_STAFF = W("工作人员", "member of staff")


def _locked(staff: UUID) -> Staff:
    row = Staff.objects.select_for_update(of=("self",)).select_related("account").filter(id=staff).first()
    if row is None:
        raise NotFound(A_STAFF)
    return row


@transaction.atomic
def change_staff(
    *,
    actor: Actor,
    staff: UUID,
    name: str,
    place: UUID | None = None,
    department: UUID | None = None,
    window: str = "",
    at: datetime,
) -> None:
    """Correct the name, or seat somebody elsewhere; their roles stay as they were granted (the security administrator's).

    Refused with all at once: NAME_MISSING, WINDOW_FORMAT, PLACE_UNKNOWN, DEPARTMENT_UNKNOWN. The same again is nothing.
    """
    check_can_manage_staff(actor)
    row = _locked(staff)
    name, window = name.strip(), window.strip()
    faults = judge_staff(username=row.account.username, name=name, staff_no=row.staff_no, window=window)
    faults = [fault for fault in faults if fault.field in {"/name", "/window"}]  # older accounts keep their spelling
    refuse_all([*faults, *check_seat(place, department, had=row.department_id)])
    before = (row.name, row.place_id, row.department_id, row.window)
    if before == (name, place, department, window):
        return
    row.name, row.place_id, row.department_id, row.window = name, place, department, window
    row.save(update_fields=["name", "place", "department", "window"])
    detail = {
        "place": str(place) if place else None,
        "department": str(department) if department else None,
        "window": window,
        "renamed": before[0] != name,
    }
    ledger.append(act="people.change_staff", actor=actor, at=at, subject=ledger.Subject("staff", staff), detail=detail)


@transaction.atomic
def renew_password(*, actor: Actor, staff: UUID, password: str, at: datetime) -> None:
    """A new first password for somebody who has lost theirs: to be changed at the next sign-in; all sessions end.

    By the office that `rules.renewer_of` names for the owner, never for themselves (that is `change_password`, which asks
    for the old one). The owner is told by SMS and in their inbox which office did it. Refused: OWN_ACCOUNT, NOT_ALLOWED,
    faults of the password.
    """
    check_can_see_staff(actor)
    row = _locked(staff)
    if row.id == actor.id:
        words = W("不能重置自己的密码，请在“修改密码”中更改", "Change your own password on its own page")
        raise Refused(Reason("OWN_ACCOUNT", words), kind="forbidden")
    held = offices_of(staff, at=at)
    check_can_renew_password(actor, held)
    if THREE_ADMINISTRATORS & set(held):
        needs_two(RENEW, actor)
    refuse_all(judge_new_password(password, row.account.username))
    Account.objects.filter(id=row.account_id).update(password=make_password(password), must_change=True)
    end_sessions(row.account_id, at)
    subject = ledger.Subject("account", row.account_id)
    ledger.append(act="people.renew_password", actor=actor, at=at, subject=subject, detail={})
    send(
        address=Address("sms", row.account.phone, row.id) if row.account.phone else Address("inbox", party=row.id),
        locale=row.account.language,
        template="password_renewed",
        values={"at": at, "office": WORDS[renewer_of(held)]},
        at=at,
    )
