"""Who acts: the one value that every command and every gated query takes."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal
from uuid import UUID

Kind = Literal["person", "staff", "system", "anonymous", "link", "client", "device"]


class Channel(StrEnum):
    """The way an act came in."""

    PORTAL = "portal"
    COUNTER = "counter"
    KIOSK = "kiosk"
    COMMUNITY = "community"
    API = "api"
    LINK = "link"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Grant:
    """A role, for one place, for one department, or (None) everywhere."""

    role: str
    place: UUID | None = None
    department: UUID | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, a member of staff, the system itself, somebody unknown, the holder of a scoped link, another application, or a machine.

    `id` is the Party of a person, the Staff of staff, and the token of a client: an application of a `tenant`, whose grants
    are what the token may do. A machine (device) acts for nobody: who stands before it is nobody's business until they
    say so, for that once; `id` is its own, `place` where it stands. `name` is for the people who work with it, never for a log.
    """

    kind: Kind
    id: UUID | None = None
    name: str = ""
    grants: frozenset[Grant] = frozenset()
    posts: frozenset[str] = frozenset()
    represents: frozenset[UUID] = frozenset()
    represents_in: frozenset[tuple[UUID, str]] = frozenset()  # (party, item code): an authority for that item alone
    channel: Channel = Channel.SYSTEM
    place: UUID | None = None
    window: str = ""
    device: str = ""
    locale: str = "zh-hans"
    case: UUID | None = field(default=None)
    link: UUID | None = None  # which link its holder came by: two links of one case are two holders
    tenant: UUID | None = None  # for whom a client acts

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(grant.role for grant in self.grants)

    @property
    def is_staff(self) -> bool:
        return self.kind == "staff"

    def has(self, role: str, *, place: UUID | None = None, department: UUID | None = None) -> bool:
        """Whether the role is held, and covers the named place and department (a grant without one covers all)."""
        return any(
            grant.role == role
            and (place is None or grant.place in {None, place})
            and (department is None or grant.department in {None, department})
            for grant in self.grants
        )

    def acts_for(self, party: UUID, *, item: str = "") -> bool:
        """Whether a person stands for the party: as itself, or as agent, guardian or representative.

        With `item`, an authority for that one item counts too; without, only one for everything does.
        """
        return self.kind == "person" and (
            party == self.id or party in self.represents or (party, item) in self.represents_in
        )


SYSTEM = Actor(kind="system", name="系统")


def anonymous(*, channel: Channel, device: str = "", locale: str = "zh-hans") -> Actor:
    """Somebody who has not said who they are."""
    return Actor(kind="anonymous", channel=channel, device=device, locale=locale)
