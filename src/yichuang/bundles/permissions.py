"""Who may see and do what with a package. `check_can_x` raises, `can_x` asks the same."""

from collections.abc import Iterable
from uuid import UUID

from yichuang.bundles import messages
from yichuang.bundles.values import Package
from yichuang.core.actors import Actor
from yichuang.core.refusals import Reason, Refused


def why_not_file(actor: Actor, package: Package, applicant: UUID) -> list[Reason]:
    """Each item that the actor may not apply for in the applicant's name."""
    return [
        Reason("NOT_AUTHORISED_FOR", messages.NOT_AUTHORISED.format(name=slot.name), "/applicant")
        for slot in package.slots
        if not actor.acts_for(applicant, item=slot.item)
    ]


def check_may_file(actor: Actor) -> UUID:
    """The person who files. Refused for anybody else: a package is filed online."""
    if actor.is_staff:
        raise Refused(Reason("ONLY_PEOPLE", messages.ONLY_PEOPLE), kind="forbidden")
    if actor.kind != "person" or actor.id is None:
        raise Refused(Reason("SIGN_IN_FIRST", messages.SIGN_IN), kind="signed_out")
    return actor.id


def is_applicants_side(actor: Actor, applicant: UUID, items: Iterable[str]) -> bool:
    """The applicant, or who stands for them in every item: a part of a package says little without the rest."""
    return all(actor.acts_for(applicant, item=item) for item in items)
