"""跑动账: what counts as one trip, which trips are more than the guide declared, and what is known of their cause.

The national item list declares 到办事现场次数, how often an applicant must come in the whole case, collecting the result
included. A doubt counts as a trip: the number that stands beside the declared one must not flatter the hall.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from yichuang.cases.fetched import HeldState
from yichuang.cases.values import MaterialState, Purpose, TripKind
from yichuang.core.clock import local_date

STAY = timedelta(hours=2)  # nothing done for so long: they had left, and came again
BY_DESIGN = frozenset({Purpose.FILE, Purpose.COLLECT})  # what the declared visits are for
PAPER_KINDS: Mapping[str, TripKind] = {
    MaterialState.MISSING.value: TripKind.MISSING,
    MaterialState.PROMISED.value: TripKind.MISSING,
    MaterialState.FAULTY.value: TripKind.FAULTY,
    HeldState.SILENT.value: TripKind.FAULT,  # a base that did not answer: no omission of theirs
}


@dataclass(frozen=True, slots=True)
class Stay:
    """One person in one place: from the first service to the last so far."""

    place: UUID | None
    person: UUID | None
    last_at: datetime


def is_same_visit(stay: Stay, *, place: UUID, people: frozenset[UUID], at: datetime) -> bool:
    """Whether a service at `at` still belongs to the stay: the same hall (whichever window), one of `people` (whoever may
    have come), the same day, and no more than two hours after the last service."""
    if stay.place != place or stay.person not in people or local_date(stay.last_at) != local_date(at):
        return False
    return at - stay.last_at <= STAY


def extra_trips(purposes: Sequence[Purpose], declared: int) -> frozenset[int]:
    """The places, in a case's trips in order of time, of those beyond the declared number.

    First those that the item's design does not ask for, then the later of those that it does: once a trip counts as
    extra it stays so, whatever comes after.
    """
    count = max(len(purposes) - declared, 0)
    unasked = [place for place, purpose in enumerate(purposes) if purpose not in BY_DESIGN]
    asked = [place for place, purpose in enumerate(purposes) if purpose in BY_DESIGN]
    return frozenset((unasked + asked[::-1])[:count])


@dataclass(frozen=True, slots=True)
class Cause:
    """Why somebody came; `guide` is the sentence of the guide: "materials/<code>" or "visits"."""

    kind: TripKind
    material: str = ""
    guide: str = ""


def causes_of(purpose: Purpose, papers: Mapping[str, str], *, moved: bool) -> tuple[Cause, ...]:
    """What the system knows of the cause by itself; empty means that the clerk is asked.

    `papers`: material code → its state before it was handed in now. `moved`: the trip before ended at another place.
    """
    found: list[Cause] = []
    if purpose is Purpose.SUPPLEMENT:
        asked = {code: PAPER_KINDS[state] for code, state in papers.items() if state in PAPER_KINDS}
        found = [Cause(kind, code, f"materials/{code}") for code, kind in sorted(asked.items())]
    elif purpose is Purpose.COLLECT:
        found = [Cause(TripKind.COLLECT, guide="visits")]
    elif purpose is Purpose.WITHDRAW:
        found = [Cause(TripKind.WITHDRAW)]
    if not found and moved:
        found = [Cause(TripKind.SENT_ON)]
    return tuple(found)
