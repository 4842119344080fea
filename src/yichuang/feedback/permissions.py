"""Who may rate what, and who sees the sums. `check_can_x` raises, `can_x` asks the same."""

from collections.abc import Collection
from uuid import UUID

from yichuang.core import roles
from yichuang.core.actors import Actor
from yichuang.core.refusals import Reason, Refused
from yichuang.feedback import messages

LEAD = (roles.SUPERVISOR, roles.CHIEF_REPRESENTATIVE, roles.HALL_MANAGER)
SEE = (*LEAD, roles.REVIEWER)  # a reviewer: of the own department


def is_of(actor: Actor, *, kind: str, person: UUID | None, items: Collection[str]) -> bool:
    """Whether the actor, signed in, was served: themselves at a window; by a helper, also whoever could have asked for the other
    (a company asks by who represents it); for cases and packages whoever stands for the applicant in every item."""
    if actor.kind != "person" or person is None:
        return False
    if kind == "stay":
        return actor.id == person
    if kind == "help" or not items:
        return actor.acts_for(person)
    return all(actor.acts_for(person, item=item) for item in items)


def check_may_use_link(actor: Actor, *, kind: str, person: UUID | None, items: Collection[str]) -> None:
    """Refused (403) for staff, and for somebody signed in who was not served: a link proves nothing against that."""
    if actor.is_staff:
        raise Refused(Reason("STAFF_DO_NOT_RATE", messages.STAFF), kind="forbidden")
    if actor.kind == "person" and person is not None and not is_of(actor, kind=kind, person=person, items=items):
        raise Refused(Reason("NOT_SERVED", messages.NOT_SERVED), kind="forbidden")


def can_see(actor: Actor) -> bool:
    """Who sees sums of ratings at all; of which places and departments, `figures` asks the grants."""
    return actor.is_staff and any(actor.has(role) for role in SEE)


def can_see_staff(actor: Actor) -> bool:
    """Who sees the sums of single members of staff: those who lead them."""
    return actor.is_staff and any(actor.has(role) for role in LEAD)


def check_can_see(actor: Actor) -> None:
    """Refused (403) unless `can_see`."""
    if not can_see(actor):
        raise Refused(Reason("NOT_ALLOWED", messages.NOT_ALLOWED), kind="forbidden")
