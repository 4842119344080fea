"""Building the one Actor of a request from an account: one statement, and always from today's powers."""

from collections.abc import Sequence
from typing import Any, TypedDict, TypeVar
from uuid import UUID

from django.db.models import Model, OuterRef, Q, QuerySet

from yichuang.core.actors import Actor, Channel, Grant
from yichuang.core.packed import packed
from yichuang.people.models import Account, GrantRow, Posting, Representation, Staff

M = TypeVar("M", bound=Model)


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


def with_powers(rows: QuerySet[M], account: str, day: Any) -> QuerySet[M]:
    """The rows with what their account may do on the day: roles, posts and whom its person stands for.

    `account` leads from the rows to the account ("" or "account__")."""
    staff, person = OuterRef(f"{account}staff__id"), OuterRef(f"{account}party_id")
    grants = GrantRow.objects.filter(in_force(day), staff=staff, revoked_at__isnull=True).order_by("id")
    posts = Posting.objects.filter(in_force(day), staff=staff, ended_at__isnull=True).order_by("post_id")
    stands_for = Representation.objects.filter(in_force(day), agent=person, revoked_at__isnull=True).order_by("id")
    powers: QuerySet[M] = rows.annotate(  # type: ignore[assignment]  # the stubs make a new type of annotated rows
        grants=packed(grants, "role", "place_id", "department_id"),
        posts=packed(posts, "post_id"),
        stands_for=packed(stands_for, "principal_id", "items"),
    )
    return powers


def staff_of(account: Account) -> Staff | None:
    """The member of staff behind an account that was loaded with `select_related("staff")`."""
    return getattr(account, "staff", None)


def actor_of(account: Account, powers: Any, came: Where) -> Actor | None:
    """The actor of an active account loaded with its party and staff; `powers` is the row of `with_powers`."""
    if (staff := staff_of(account)) is not None:
        place, window = staff.place_id, staff.window
        return _staff_actor((staff.id, staff.name, place, window), powers.grants, powers.posts, came)
    if account.party is None:
        return None
    return _person_actor(account.party.id, account.party.name, powers.stands_for, came)


# The same account as one row of values; `with_powers` adds three.
VALUES = ("party__id", "party__name", "staff__id", "staff__name", "staff__place_id", "staff__window")
POWERS = ("grants", "posts", "stands_for")


def actor_of_values(row: Sequence[Any], came: Where) -> Actor | None:
    """As `actor_of`, from a row of VALUES and POWERS."""
    party, name, *staff, grants, posts, stands_for = row
    if staff[0] is not None:
        return _staff_actor(staff, grants, posts, came)
    return None if party is None else _person_actor(party, name, stands_for, came)


def _person_actor(party: UUID, name: str, stands_for: Any, came: Where) -> Actor:
    principals = [(UUID(principal), items) for principal, items in stands_for]
    return Actor(
        kind="person",
        id=party,
        name=name,
        represents=frozenset(principal for principal, items in principals if not items),
        represents_in=frozenset((principal, item) for principal, items in principals for item in items),
        **came,
    )


def _staff_actor(staff: Sequence[Any], granted: Any, posted: Any, came: Where) -> Actor:
    """`staff`: id, name, place, window."""
    id, name, own_place, own_window = staff
    grants = frozenset(Grant(role, _id(place), _id(department)) for role, place, department in granted)
    at_place = came["place"] if any(g.place in {None, came["place"]} for g in grants) else None
    here: dict[str, Any] = {**came, "place": at_place or own_place, "window": came["window"] or own_window}
    posts = frozenset(post for (post,) in posted)
    return Actor(kind="staff", id=id, name=name, grants=grants, posts=posts, **here)


def _id(text: str | None) -> UUID | None:
    return UUID(text) if text else None


def plain_actor(account: Account, channel: Channel) -> Actor:
    """Who signs in, for the ledger: no powers yet."""
    if (staff := staff_of(account)) is not None:
        return Actor(kind="staff", id=staff.id, name=staff.name, channel=channel, place=staff.place_id)
    return Actor(kind="person", id=account.party_id, name=account.party.name if account.party else "", channel=channel)
