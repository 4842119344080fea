"""Giving and taking powers (授权): roles and posts. Only the security administrator; never to oneself."""

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from yichuang.core import ledger
from yichuang.core.actors import Actor
from yichuang.core.asked import needs_two
from yichuang.core.clock import local_date
from yichuang.core.ids import new_id
from yichuang.core.refusals import NotFound, Reason, Refused, refuse_all
from yichuang.core.roles import THREE_ADMINISTRATORS
from yichuang.core.second import withdraw_all
from yichuang.core.words import W
from yichuang.network.queries import list_posts
from yichuang.people.commands.accounts import check_seat, end_sessions
from yichuang.people.models import GrantRow, Posting, Staff
from yichuang.people.permissions import check_can_grant
from yichuang.people.rules import judge_grant
from yichuang.people.values import GrantView

GRANT, REVOKE = "grant_administrator", "revoke_administrator"  # need a second person
A_STAFF = W("工作人员", "member of staff")
A_GRANT = W("授权", "grant")


@transaction.atomic
def grant_role(
    *,
    actor: Actor,
    staff: UUID,
    role: str,
    place: UUID | None = None,
    department: UUID | None = None,
    valid_from: date | None = None,
    valid_to: date | None = None,
    at: datetime,
) -> UUID:
    """Give a role for a place, a department, or (None) everywhere. Their sessions end: powers begin with a new one.

    Refused: ROLE_UNKNOWN, GRANT_TO_ONESELF, ENDS_BEFORE_START, ADMINISTRATORS_EXCLUDE, ROLE_HELD, PLACE_UNKNOWN,
    DEPARTMENT_UNKNOWN.
    """
    check_can_grant(actor)
    if role in THREE_ADMINISTRATORS:
        needs_two(GRANT, actor)
    row = _lock(staff)
    start = valid_from or local_date(at)
    reasons = judge_grant(
        role=role,
        place=place,
        department=department,
        valid_from=start,
        valid_to=valid_to,
        held=_held(staff),
        to_oneself=actor.id == staff,
    )
    refuse_all([*reasons, *check_seat(place, department)])
    grant = GrantRow.objects.create(
        id=new_id(),
        staff=row,
        role=role,
        place_id=place,
        department_id=department,
        valid_from=start,
        valid_to=valid_to,
        granted_by_id=actor.id,
        granted_at=at,
    )
    end_sessions(row.account_id, at, tokens=False)
    _record(actor, "people.grant_role", staff, role, at)
    return grant.id


def _lock(staff: UUID) -> Staff:
    row = Staff.objects.select_for_update(of=("self",)).filter(id=staff).first()
    if row is None:
        raise NotFound(A_STAFF)
    return row


def _held(staff: UUID) -> list[GrantView]:
    return [
        GrantView(g.id, g.staff_id, g.role, g.place_id, g.department_id, g.valid_from, g.valid_to)
        for g in GrantRow.objects.filter(staff_id=staff, revoked_at=None).order_by("id")
    ]


def _record(actor: Actor, act: str, staff: UUID, what: str, at: datetime) -> None:
    ledger.append(act=act, actor=actor, at=at, subject=ledger.Subject("staff", staff), detail={"what": what})


@transaction.atomic
def revoke_role(*, actor: Actor, grant: UUID, at: datetime) -> None:
    """Take a role back: gone at the next request, sessions and tokens with it. Twice is once."""
    check_can_grant(actor)
    row = GrantRow.objects.select_for_update(of=("self",)).select_related("staff").filter(id=grant).first()
    if row is None:
        raise NotFound(A_GRANT)
    if row.staff_id == actor.id:
        words = W("不能变更自己的授权", "You cannot change your own powers")
        raise Refused(Reason("GRANT_TO_ONESELF", words), kind="forbidden")
    if row.revoked_at is not None:
        return
    if row.role in THREE_ADMINISTRATORS:
        needs_two(REVOKE, actor)
    withdraw_all(of=row.staff_id, actor=actor, at=at)
    row.revoked_at, row.revoked_by_id = at, actor.id
    row.save(update_fields=["revoked_at", "revoked_by"])
    end_sessions(row.staff.account_id, at)
    _record(actor, "people.revoke_role", row.staff_id, row.role, at)


@transaction.atomic
def assign_post(
    *,
    actor: Actor,
    staff: UUID,
    post: str,
    valid_from: date | None = None,
    valid_to: date | None = None,
    at: datetime,
) -> UUID:
    """Seat somebody at a post "DEPT.post". Refused: GRANT_TO_ONESELF, POST_UNKNOWN, POST_HELD."""
    check_can_grant(actor)
    row = _lock(staff)
    reasons = []
    if actor.id == staff:
        reasons.append(Reason("GRANT_TO_ONESELF", W("不能给自己授权", "You cannot grant powers to yourself"), "/staff"))
    if post not in {known.code for known in list_posts(None)}:
        reasons.append(Reason("POST_UNKNOWN", W("没有这个岗位", "There is no such post"), "/post"))
    refuse_all(reasons)
    try:
        with transaction.atomic():
            posting = Posting.objects.create(
                id=new_id(), staff=row, post_id=post, valid_from=valid_from or local_date(at), valid_to=valid_to
            )
    except IntegrityError:
        words = W("此人已在该岗位", "They already hold this post")
        raise Refused(Reason("POST_HELD", words, "/post"), kind="conflict") from None
    end_sessions(row.account_id, at, tokens=False)
    _record(actor, "people.assign_post", staff, post, at)
    return posting.id


@transaction.atomic
def end_post(*, actor: Actor, staff: UUID, post: str, at: datetime) -> None:
    """Take somebody off a post: gone at the next request. Twice is once."""
    check_can_grant(actor)
    if actor.id == staff:
        words = W("不能变更自己的授权", "You cannot change your own powers")
        raise Refused(Reason("GRANT_TO_ONESELF", words), kind="forbidden")
    row = _lock(staff)
    if Posting.objects.filter(staff=row, post_id=post, ended_at=None).update(ended_at=at):
        end_sessions(row.account_id, at)
        _record(actor, "people.end_post", staff, post, at)
