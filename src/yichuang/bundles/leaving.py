"""退出和撤回: what of a filed package the applicant may still give up, and what would follow."""

from collections.abc import Mapping
from uuid import UUID

from yichuang.bundles import messages
from yichuang.bundles.mine import Parts, found_mine
from yichuang.bundles.models import Part
from yichuang.bundles.packages import package_by_id
from yichuang.bundles.rules.refusal import ENDED, FATE_WORDS, Consequence, Fate, leaving, leaving_all
from yichuang.bundles.turns import fates_of
from yichuang.cases import queries as cases
from yichuang.cases.states import Act, State, can_move
from yichuang.core.actors import Actor
from yichuang.core.refusals import Conflict, NotFound, Reason
from yichuang.core.words import Words


def may_leave(part: Part, states: Mapping[UUID, State]) -> bool:
    """Whether it has not ended, and its case can still be withdrawn: before the decision is served."""
    if Fate(part.fate) in ENDED:
        return False
    return part.case_id is None or can_move(states[part.case_id], Act.WITHDRAW)


def states_of(parts: Parts) -> dict[UUID, State]:
    """Where the cases of the parts stand now."""
    return cases.states_of([part.case_id for part in parts.values() if part.case_id])


def check_may_leave(part: Part, states: Mapping[UUID, State]) -> None:
    """Conflict once it is decided or has ended."""
    if not may_leave(part, states):
        fate = Fate(part.fate)
        state = FATE_WORDS[fate] if fate in ENDED else messages.DECIDED
        words = messages.CANNOT_LEAVE.format(name=Words(part.name_zh, part.name_en), state=state)
        raise Conflict(Reason("CANNOT_LEAVE", words))


def left_by_all(parts: Parts) -> list[Part]:
    """What would be given up with the whole package. Conflict when nothing can be."""
    states = states_of(parts)
    left = [part for part in parts.values() if may_leave(part, states)]
    if not left:
        raise Conflict(Reason("NOTHING_TO_LEAVE", messages.NOTHING_TO_LEAVE))
    return left


def get_leaving(actor: Actor, number: str, slot: str) -> Consequence:
    """What follows if the applicant's side gives up this item, or (slot "") the whole package. Conflict when it cannot."""
    bundle, parts = found_mine(actor, number)
    package, fates = package_by_id(bundle.package_id), fates_of(parts)
    if not slot:
        left_by_all(parts)
        return leaving_all(package, fates)
    if slot not in parts:
        raise NotFound(messages.THE_BUNDLE)
    check_may_leave(parts[slot], states_of(parts))
    return leaving(package, slot, fates)
