"""Building the one Actor of a request from an account: at most three statements, and always from today's powers."""

from datetime import date, datetime
from typing import Any, TypedDict
from uuid import UUID

from django.db.models import Q, QuerySet, UUIDField, Value

from yichuang.core.actors import Actor, Channel, Grant
from yichuang.core.clock import local_date
from yichuang.core.compiled import compiled
from yichuang.people.models import Account, GrantRow, Posting, Representation, Staff


class Where(TypedDict):
    """How the request came in."""

    channel: Channel
    place: UUID | None
    window: str
    device: str
    locale: str


def where(
    channel: Channel, place: UUID | None = None, window: str = "", device: str = "", locale: str = "zh-hans"
) -> Where:
    return Where(channel=channel, place=place, window=window, device=device, locale=locale)


def in_force(day: Any) -> Q:
    """Rows with valid_from and valid_to that count on a day, both ends included."""
    return Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))


NAMES = ("party__name", "staff__name", "staff__place", "staff__window")


@compiled
def _powers(staff: UUID, day: date) -> QuerySet[Any, Any]:
    """Roles with place and department, and posts with neither, in one statement; the first column says which."""
    nothing = Value(None, UUIDField())
    roles = GrantRow.objects.filter(in_force(day), staff=staff, revoked_at__isnull=True).order_by()
    posts = Posting.objects.filter(in_force(day), staff=staff, ended_at__isnull=True).order_by()
    posts = posts.annotate(is_post=Value(True), at_place=nothing, of_department=nothing)
    return (
        roles.annotate(is_post=Value(False))
        .values_list("is_post", "role", "place_id", "department_id")
        .union(posts.values_list("is_post", "post_id", "at_place", "of_department"), all=True)
    )


@compiled
def _authorities(agent: UUID, day: date) -> QuerySet[Representation, tuple[UUID, list[str]]]:
    rows = Representation.objects.filter(in_force(day), agent=agent, revoked_at__isnull=True)
    return rows.order_by("id").values_list("principal_id", "items")


def staff_of(account: Account) -> Staff | None:
    """The member of staff behind an account that was loaded with `select_related("staff")`."""
    return getattr(account, "staff", None)


def actor_of(account: Account, came: Where, at: datetime) -> Actor | None:
    """The actor of an active account loaded with its party and staff; two further statements at most."""
    day = local_date(at)
    if (staff := staff_of(account)) is not None:
        return _staff_actor(staff, came, day)
    if account.party is None:
        return None
    authorities = _authorities(account.party.id, day)
    return Actor(
        kind="person",
        id=account.party.id,
        name=account.party.name,
        represents=frozenset(party for party, items in authorities if not items),
        represents_in=frozenset((party, item) for party, items in authorities for item in items),
        **came,
    )


def _staff_actor(staff: Staff, came: Where, day: date) -> Actor:
    powers = _powers(staff.id, day)
    grants = frozenset(Grant(*power) for is_post, *power in powers if not is_post)
    posts = frozenset(post for is_post, post, _, _ in powers if is_post)
    at_place = came["place"] if any(g.place in {None, came["place"]} for g in grants) else None
    here: dict[str, Any] = {**came, "place": at_place or staff.place_id, "window": came["window"] or staff.window}
    return Actor(kind="staff", id=staff.id, name=staff.name, grants=grants, posts=posts, **here)


def plain_actor(account: Account, channel: Channel) -> Actor:
    """Who signs in, for the ledger: no powers yet."""
    if (staff := staff_of(account)) is not None:
        return Actor(kind="staff", id=staff.id, name=staff.name, channel=channel, place=staff.place_id)
    return Actor(kind="person", id=account.party_id, name=account.party.name if account.party else "", channel=channel)
