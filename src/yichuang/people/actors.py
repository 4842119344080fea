"""Building the one Actor of a request from an account: one statement, and always from today's powers."""

from functools import lru_cache
from typing import Any, NamedTuple, TypedDict, TypeVar
from uuid import UUID

from django.db.models import Model, OuterRef, Q, QuerySet

from yichuang.core.actors import Actor, Channel, Grant
from yichuang.core.packed import packed
from yichuang.people.models import Account, GrantRow, Posting, Representation, Staff, stamp_of

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


class Held(NamedTuple):
    """An account, who is behind it, and what it may do on a day: roles, posts and whom its person stands for."""

    account: UUID
    password: str
    epoch: int
    party: UUID | None
    party_name: str | None
    staff: UUID | None
    staff_name: str | None
    staff_place: UUID | None
    staff_window: str | None
    grants: list[tuple[str, str | None, str | None]]
    posts: list[tuple[str]]
    stands_for: list[tuple[str, list[str]]]

    def stamp(self) -> str:
        """What a session must hold to be believed (see `Account.stamp`)."""
        return stamp_of(self.account, self.password, self.epoch)


COLUMNS = (
    "id", "password", "epoch", "party_id", "party__name", "staff__id", "staff__name", "staff__place_id", "staff__window",
)  # fmt: skip


def held(rows: QuerySet[M], account: str, day: Any) -> QuerySet[M, tuple[Any, ...]]:
    """The values of `Held` for the accounts of the rows; `account` leads to them ("" or "account__")."""
    staff, person = OuterRef(f"{account}staff__id"), OuterRef(f"{account}party_id")
    grants = GrantRow.objects.filter(in_force(day), staff=staff, revoked_at__isnull=True).order_by("id")
    posts = Posting.objects.filter(in_force(day), staff=staff, ended_at__isnull=True).order_by("post_id")
    stands_for = Representation.objects.filter(in_force(day), agent=person, revoked_at__isnull=True).order_by("id")
    powers: QuerySet[M] = rows.annotate(  # type: ignore[assignment]  # the stubs make a new type of annotated rows
        roles=packed(grants, "role", "place_id", "department_id"),
        held_posts=packed(posts, "post_id"),
        stands_for=packed(stands_for, "principal_id", "items"),
    )
    return powers.values_list(*(f"{account}{name}" for name in COLUMNS), "roles", "held_posts", "stands_for")


def staff_of(account: Account) -> Staff | None:
    """The member of staff behind an account that was loaded with `select_related("staff")`."""
    return getattr(account, "staff", None)


def actor_of(held: Held, came: Where) -> Actor | None:
    """The actor of an active account; None when nobody is behind it."""
    if held.staff is not None:
        return _staff_actor(held, came)
    if held.party is None:
        return None
    stands_for = [(UUID(party), items) for party, items in held.stands_for]
    return Actor(
        kind="person",
        id=held.party,
        name=held.party_name or "",
        represents=frozenset(party for party, items in stands_for if not items),
        represents_in=frozenset((party, item) for party, items in stands_for for item in items),
        **came,
    )


def _staff_actor(held: Held, came: Where) -> Actor:
    grants = frozenset(Grant(role, _id(place), _id(department)) for role, place, department in held.grants)
    at_place = came["place"] if any(g.place in {None, came["place"]} for g in grants) else None
    here: dict[str, Any] = {
        **came, "place": at_place or held.staff_place, "window": came["window"] or held.staff_window,
    }  # fmt: skip
    posts = frozenset(post for (post,) in held.posts)
    return Actor(kind="staff", id=held.staff, name=held.staff_name or "", grants=grants, posts=posts, **here)


@lru_cache(maxsize=4096)  # places and departments: few
def _id(text: str | None) -> UUID | None:
    return UUID(text) if text else None


def plain_actor(account: Account, channel: Channel) -> Actor:
    """Who signs in, for the ledger: no powers yet."""
    if (staff := staff_of(account)) is not None:
        return Actor(kind="staff", id=staff.id, name=staff.name, channel=channel, place=staff.place_id)
    return Actor(kind="person", id=account.party_id, name=account.party.name if account.party else "", channel=channel)
