"""到访: a service to one person in a hall begins and ends; filings of the same stay join it (`cases.visits.find_stay`)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from yichuang.cases.models import Encounter
from yichuang.cases.services import of_stay
from yichuang.core import events
from yichuang.core.actors import Actor
from yichuang.core.ids import new_id


@transaction.atomic
def begin_encounter(
    *,
    actor: Actor,
    place: UUID,
    window: str,
    person: UUID | None,
    staff: UUID | None = None,
    at: datetime,
    identity: UUID | None = None,
) -> UUID:
    """Somebody is served at a window; `person` when it is known who, `staff` where another than the actor served. The room
    that calls asks whether it may. `identity`: it was begun elsewhere (at a hall node), and is known there by this id."""
    row = Encounter.objects.create(
        id=identity or new_id(),
        place_id=place,
        window=window,
        channel=actor.channel.value,
        staff_id=staff or actor.id,
        person_id=person,
        started_at=at,
        ended_at=at,
    )
    return row.id


@transaction.atomic
def name_visitor(*, encounter: UUID, person: UUID) -> None:
    """Who it is became known at the window; whoever was named first stays."""
    Encounter.objects.filter(id=encounter, person=None).update(person=person)


@transaction.atomic
def hand_encounter_over(
    *, encounter: UUID, staff: UUID, window: str, outcome: str, at: datetime, identity: UUID | None = None
) -> UUID:
    """Another member of staff goes on with the service: theirs is an encounter of its own with the same person. Its id; the
    same one where it is theirs already. `identity`: as for `begin_encounter`."""
    row = Encounter.objects.get(id=encounter)
    if row.staff_id == staff:
        return row.id
    end_encounter(encounter=row.id, outcome=outcome, at=at, goes_on=True)
    after = Encounter.objects.create(
        id=identity or new_id(),
        place_id=row.place_id,
        window=window,
        channel=row.channel,
        staff_id=staff,
        person_id=row.person_id,
        started_at=at,
        ended_at=at,
    )
    return after.id


@transaction.atomic
def end_open_encounter(*, encounter: UUID, outcome: str, at: datetime, goes_on: bool = False) -> None:
    """As `end_encounter` where the service is still open; one that is over stays as it ended."""
    row = Encounter.objects.select_for_update(of=("self",)).get(id=encounter)
    if row.ended_at == row.started_at:
        end_encounter(encounter=encounter, outcome=outcome, at=at, goes_on=goes_on)


@transaction.atomic
def end_encounter(*, encounter: UUID, outcome: str, at: datetime, goes_on: bool = False) -> None:
    """The service is over. The outcome of an act on a case (what they came for) is kept.

    `goes_on`: at another window; one service may be rated, and that is the last.
    """
    row = Encounter.objects.select_for_update(of=("self",)).get(id=encounter)
    row.ended_at = max(row.started_at, at)
    row.outcome = row.outcome or outcome
    row.save(update_fields=["ended_at", "outcome"])
    if not goes_on:
        events.publish(of_stay(row, row.ended_at))
