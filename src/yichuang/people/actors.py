"""Building the one Actor of a request from an account: at most three statements, and always from today's powers."""

from datetime import date, datetime
from typing import Any, TypedDict
from uuid import UUID

from django.db.models import Q, QuerySet

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
def _powers(staff: UUID, day: date) -> QuerySet[GrantRow, tuple[str, UUID | None, UUID | None]]:
    rows = GrantRow.objects.filter(in_force(day), staff=staff, revoked_at__isnull=True)
    return rows.order_by("id").values_list("role", "place_id", "department_id")


@compiled
def _posts(staff: UUID, day: date) -> QuerySet[Posting, Any]:
    rows = Posting.objects.filter(in_force(day), staff=staff, ended_at__isnull=True)
    return rows.order_by("post_id").values_list("post_id", flat=True)


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
    grants = frozenset(Grant(*powers) for powers in _powers(staff.id, day))
    posts = _posts(staff.id, day)
    at_place = came["place"] if any(g.place in {None, came["place"]} for g in grants) else None
    here: dict[str, Any] = {**came, "place": at_place or staff.place_id, "window": came["window"] or staff.window}
    return Actor(kind="staff", id=staff.id, name=staff.name, grants=grants, posts=frozenset(map(str, posts)), **here)


def plain_actor(account: Account, channel: Channel) -> Actor:
    """Who signs in, for the ledger: no powers yet."""
    if (staff := staff_of(account)) is not None:
        return Actor(kind="staff", id=staff.id, name=staff.name, channel=channel, place=staff.place_id)
    return Actor(kind="person", id=account.party_id, name=account.party.name if account.party else "", channel=channel)
