"""What a hall serves when (延时办理): the hours are the network's, what is served in extended ones is said here."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from yichuang.core.clock import local
from yichuang.network import queries as network
from yichuang.network.values import Extended
from yichuang.visits.models import ExtendedService
from yichuang.visits.rules.hours import joined


@dataclass(frozen=True, slots=True)
class Serving:
    """What is served in extended hours. `queues`, `windows`: None where nothing was named, so all of them."""

    queues: frozenset[UUID] | None
    windows: frozenset[UUID] | None

    def takes(self, queue: UUID) -> bool:
        return self.queues is None or queue in self.queues


def services_of(extended: Collection[Extended]) -> Mapping[UUID, ExtendedService]:
    """What was said of these extended hours, by their ids. One statement, and none for no hours."""
    ids = [one.id for one in extended]
    return {row.hours_id: row for row in ExtendedService.objects.filter(hours__in=ids).order_by("id")} if ids else {}


def serving(extended: Collection[Extended], known: Mapping[UUID, ExtendedService]) -> Serving | None:
    """What is served in these extended hours together; None for none: the ordinary hours hold."""
    if not extended:
        return None
    rows = [known.get(one.id) for one in extended]
    return Serving(
        _together([row.queues if row else [] for row in rows]), _together([row.windows if row else [] for row in rows])
    )


def _together(named: Sequence[Sequence[UUID]]) -> frozenset[UUID] | None:
    """All that was named; None where one of them names nothing, which means everything."""
    return frozenset(one for each in named for one in each) if all(named) else None


def serving_at(place: UUID, at: datetime) -> Serving | None:
    """What is served in the extended hours by which alone the hall is open at the instant; None in its ordinary ones."""
    extended = network.extended_at(place, at)
    return serving(extended, services_of(extended))


def serving_of(places: Collection[UUID], at: datetime) -> Mapping[UUID, Serving]:
    """Of those of these places that are open by extended hours alone: what they serve. Two statements, however many."""
    with network.one_look():
        found = {place: network.extended_at(place, at) for place in places}
    known = services_of([one for extended in found.values() for one in extended])
    return {place: one for place, extended in found.items() if (one := serving(extended, known)) is not None}


def served_stretches(
    place: UUID, queue: UUID, since: datetime, until: datetime
) -> tuple[tuple[datetime, datetime], ...]:
    """When the queue is served on the days from one instant to another, in order, none touching the next (UTC): the hall's
    ordinary hours, and the extended ones that are for it."""
    found = list(network.open_stretches(place, since, until, longer=False))
    first, last = local(since).date(), local(until).date()
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    longer = [(day, one) for day in days for one in network.extended_on(place, day)]
    known = services_of({one.id: one for _, one in longer}.values())
    for day, one in longer:
        of = serving([one], known)
        if of is not None and of.takes(queue):
            found.append(network.instants_of(one.span, day))
    return joined(found)
