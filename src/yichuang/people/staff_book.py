"""The book of staff (人员名册): who works here, with which account, roles and posts; for the three administrators."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from yichuang.core import second
from yichuang.core.actors import Actor, Channel
from yichuang.core.clock import local_date
from yichuang.core.masks import mask_mobile
from yichuang.core.paging import Page
from yichuang.core.refusals import NotFound
from yichuang.core.roles import CONFIRMS
from yichuang.core.words import W
from yichuang.people.actors import Held, actor_of, held, in_force, where
from yichuang.people.models import GrantRow, Posting, Staff
from yichuang.people.permissions import check_can_see_staff
from yichuang.people.rules import normalise_username
from yichuang.people.values import ENDING_DAYS, GrantView, Holder, StaffFigures, StaffFilters, StaffView

ALL_STAFF = StaffFilters()


def list_staff(
    actor: Actor, *, filters: StaffFilters = ALL_STAFF, cursor: str | None = None, limit: int = 20, at: datetime
) -> Page[StaffView]:
    """The staff that fit, by staff number; three statements. Refused (forbidden) unless one of the three administrators."""
    check_can_see_staff(actor)
    rows = _filtered(filters, local_date(at))
    if cursor:
        rows = rows.filter(staff_no__gt=cursor)
    found = list(rows.order_by("staff_no")[: limit + 1])
    more = len(found) > limit
    return Page(_views(found[:limit]), found[limit - 1].staff_no if more else None)


def staff_page(actor: Actor, id: UUID) -> StaffView:
    """One of them; NotFound."""
    check_can_see_staff(actor)
    views = _views(Staff.objects.select_related("account").filter(id=id).order_by("id"))
    if not views:
        raise NotFound(W("工作人员", "member of staff"))
    return views[0]


def post_holders(actor: Actor, *, at: datetime) -> dict[str, tuple[Holder, ...]]:
    """Who sits at each post (岗位) on the day, by name; posts that nobody holds are left out. The account may be closed:
    then nobody works there, which is what the page is for. Refused (forbidden) unless one of the three administrators.
    """
    check_can_see_staff(actor)
    rows = Posting.objects.filter(in_force(local_date(at)), ended_at=None).order_by(
        "post_id", "staff__name", "staff_id"
    )
    found: dict[str, list[Holder]] = defaultdict(list)
    for post, id, name, closed in rows.values_list("post_id", "staff_id", "staff__name", "staff__account__disabled_at"):
        found[str(post)].append(Holder(id, name, closed is None))
    return {post: tuple(holders) for post, holders in found.items()}


def staff_names(ids: Collection[UUID]) -> dict[UUID, str]:
    """Names by id; names of officials are public. No gate."""
    return dict(Staff.objects.filter(id__in=list(ids)).order_by("id").values_list("id", "name"))


def offices_of(staff: UUID, *, at: datetime) -> frozenset[str]:
    """The roles that somebody holds or is to hold: not revoked, not ended. No gate."""
    ended = Q(valid_to__lt=local_date(at))
    return frozenset(GrantRow.objects.filter(~ended, staff=staff, revoked_at=None).values_list("role", flat=True))


def staff_for(department: UUID, wanted: Collection[str], *, at: datetime) -> tuple[UUID, ...]:
    """Who holds one of these roles for a department, or for all of them, on the day and has an open account. No gate."""
    covers = Q(department=department) | Q(department=None)
    held_now = GrantRow.objects.filter(
        covers, in_force(local_date(at)), staff=OuterRef("pk"), role__in=wanted, revoked_at=None
    )
    rows = Staff.objects.filter(Exists(held_now), account__disabled_at=None).order_by("id")
    return tuple(rows.values_list("id", flat=True))


def second_holders(act: str, args: second.Args, *, but: UUID | None, at: datetime) -> tuple[UUID, ...]:
    """Who else might confirm an act that needs a second person (四眼): whose powers of the day reach to it and whose account
    is open, without who asks. No gate: that colleagues exist is no secret."""
    day = local_date(at)
    grants = GrantRow.objects.filter(in_force(day), staff=OuterRef("id"), revoked_at=None, role__in=CONFIRMS)
    rows = Staff.objects.filter(Exists(grants.order_by()), account__disabled_at=None).order_by("id")
    known = (actor_of(Held(*row), where(Channel.COUNTER)) for row in held(rows, "account__", day))
    return tuple(
        actor.id for actor in known if actor and actor.id and actor.id != but and second.holds(actor, act, args)
    )


def staff_figures(actor: Actor, *, at: datetime) -> StaffFigures:
    """How many accounts and roles want attention."""
    check_can_see_staff(actor)
    day = local_date(at)
    working = Staff.objects.filter(account__disabled_at=None)
    ending = GrantRow.objects.filter(in_force(day), revoked_at=None, staff__account__disabled_at=None)
    return StaffFigures(
        first_password=working.filter(account__must_change=True).count(),
        without_role=working.filter(~_holds_a_role(day)).count(),
        ending=ending.filter(valid_to__lte=day + timedelta(days=ENDING_DAYS)).count(),
    )


def _holds_a_role(day: date, role: str = "") -> Exists:
    grants = GrantRow.objects.filter(in_force(day), staff=OuterRef("id"), revoked_at=None).order_by()
    return Exists(grants.filter(role=role) if role else grants)


def _filtered(filters: StaffFilters, day: date) -> QuerySet[Staff]:
    rows = Staff.objects.select_related("account")
    if text := filters.text.strip():
        name = normalise_username(text)
        rows = rows.filter(
            Q(name__icontains=text) | Q(staff_no__icontains=text) | Q(account__username__icontains=name or text)
        )
    if filters.role:
        rows = rows.filter(_holds_a_role(day, filters.role))
    if filters.place is not None:
        there = GrantRow.objects.filter(in_force(day), staff=OuterRef("id"), revoked_at=None, place=filters.place)
        rows = rows.filter(Q(place=filters.place) | Exists(there.order_by()))
    if filters.state == "powerless":
        rows = rows.filter(~_holds_a_role(day))
    if filters.state:
        rows = rows.filter(account__disabled_at__isnull=filters.state != "closed")
    return rows


def _views(rows: Iterable[Staff]) -> tuple[StaffView, ...]:
    found = list(rows)
    ids = [staff.id for staff in found]
    grants: dict[UUID, list[GrantView]] = defaultdict(list)
    for g in GrantRow.objects.filter(staff__in=ids, revoked_at=None).order_by("id"):
        view = GrantView(g.id, g.staff_id, g.role, g.place_id, g.department_id, g.valid_from, g.valid_to)
        grants[g.staff_id].append(view)
    posts: dict[UUID, list[str]] = defaultdict(list)
    for staff, post in (
        Posting.objects.filter(staff__in=ids, ended_at=None).order_by("post_id").values_list("staff_id", "post_id")
    ):
        posts[staff].append(str(post))
    return tuple(_view(staff, tuple(grants[staff.id]), tuple(posts[staff.id])) for staff in found)


def _view(staff: Staff, grants: tuple[GrantView, ...], posts: tuple[str, ...]) -> StaffView:
    account = staff.account
    return StaffView(
        id=staff.id,
        account=account.id,
        username=account.username,
        staff_no=staff.staff_no,
        name=staff.name,
        place=staff.place_id,
        department=staff.department_id,
        window=staff.window,
        phone_masked=mask_mobile(account.phone) if account.phone else "",
        must_change=account.must_change,
        opened_at=account.opened_at,
        closed_at=account.disabled_at,
        last_sign_in_at=account.last_sign_in_at,
        grants=grants,
        posts=posts,
    )
