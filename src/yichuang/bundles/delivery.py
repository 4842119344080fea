"""统一出件 of a filed package: which results wait for each other, and when they are let go."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yichuang.bundles.mine import Parts
from yichuang.bundles.models import Bundle, Part
from yichuang.bundles.rules.delivery import Handover, must_go, waiting, words_of
from yichuang.bundles.rules.refusal import Fate
from yichuang.bundles.turns import fates_of
from yichuang.cases import queries as cases
from yichuang.cases.commands.holds import TOGETHER, lift_hold
from yichuang.cases.pages import WorkRow
from yichuang.cases.states import State
from yichuang.core.words import Words
from yichuang.network import queries as network

STANDING = {Fate.OPEN.value, Fate.GRANTED.value}
COME_TO_NOTHING = {Fate.REFUSED.value, Fate.LEFT.value, Fate.STOPPED.value}


@dataclass(frozen=True, slots=True)
class Delivery:
    """How the results on paper of a package are handed over, and where each stands."""

    way: Handover
    words: Words
    paper: tuple[Words, ...]  # the items that bring something to fetch, or still may
    to_come: tuple[Words, ...]  # not decided yet
    held: tuple[Words, ...]  # granted, and waiting for the others
    ready: tuple[Words, ...]  # to be fetched now
    where: tuple[Words, ...]  # the places where those lie

    @property
    def may_go_early(self) -> bool:
        """Whether something lies held that the applicant may have now."""
        return bool(self.held)


def paper_of(parts: Parts) -> frozenset[str]:
    """The items that bring something on paper."""
    return frozenset(slot for slot, part in parts.items() if part.on_paper)


def delivery_of(bundle: Bundle, parts: Parts, rows: Mapping[UUID, WorkRow]) -> Delivery | None:
    """For the package's page; None where nothing is fetched on paper, or nothing of it came about."""
    paper = [part for part in parts.values() if part.on_paper and part.fate not in COME_TO_NOTHING]
    if not paper:
        return None
    to_come = waiting(paper_of(parts), fates_of(parts))
    way = Handover(bundle.handover)
    cases_of = {part.slot: rows[part.case_id] for part in paper if part.case_id}
    stands = {slot: row.state for slot, row in cases_of.items()}
    ready = tuple(part for part in paper if stands.get(part.slot) is State.READY)
    places = dict.fromkeys(cases_of[part.slot].taking_place for part in ready)
    return Delivery(
        way,
        words_of(way),
        tuple(_name(part) for part in paper),
        tuple(_name(parts[slot]) for slot in to_come),
        tuple(
            _name(part)
            for part in paper
            if stands.get(part.slot) is State.GRANTED and way is Handover.TOGETHER and to_come
        ),
        tuple(_name(part) for part in ready),
        tuple(network.get_place_by_id(place).name for place in places),
    )


def must_let_go(bundle: Bundle, parts: Parts, *, at: datetime) -> bool:
    """Whether what is granted can wait for the others no longer: its day comes near."""
    if bundle.handover != Handover.TOGETHER.value or not waiting(paper_of(parts), fates_of(parts)):
        return False
    granted = [part.since for part in parts.values() if part.on_paper and part.fate == Fate.GRANTED.value]
    return must_go(granted, at=at, calendar=network.working_calendar())


def states_of_paper(parts: Parts) -> list[tuple[Part, State]]:
    """The items that bring something on paper and have a case, with where it stands."""
    paper = [part for part in parts.values() if part.on_paper and part.case_id]
    states = cases.states_of([part.case_id for part in paper if part.case_id])
    return [(part, states[part.case_id]) for part in paper if part.case_id]


def let_go_of(bundle: Bundle, parts: Parts, *, at: datetime) -> None:
    """No result of the package waits for another any more."""
    for part in parts.values():
        if part.on_paper and part.case_id is not None and part.fate in STANDING:
            lift_hold(case=part.case_id, kind=TOGETHER, source=bundle.number, at=at)


def names_of(parts: list[Part]) -> Words:
    """The names of items as a sentence takes them."""
    return Words("、".join(part.name_zh for part in parts), ", ".join(part.name_en for part in parts))


def _name(part: Part) -> Words:
    return Words(part.name_zh, part.name_en)
