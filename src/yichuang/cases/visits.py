"""Joining a service in person to its case: the stay it belongs to, the visit, and what is known of its cause.

Called on a locked case, inside the act's transaction and before `moves.finish`, which writes and vouches for it.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from yichuang.cases.clocks import start_of
from yichuang.cases.models import Case, Encounter, TripCause, Visit
from yichuang.cases.rules.trips import Cause, Stay, causes_of, is_same_visit
from yichuang.cases.states import Act
from yichuang.cases.values import Purpose
from yichuang.core import ledger
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date
from yichuang.core.ledger import Subject

ASKING = frozenset({Act.NOTIFY_GAPS, Act.ACCEPT_WITH_GAPS})  # the acts that say what must still be brought


def find_stay(actor: Actor, people: frozenset[UUID], at: datetime) -> Encounter | None:
    """The stay at the actor's place that is still going on, of one of those who may have come; it lasts until now."""
    if not actor.is_staff or actor.place is None:
        return None
    today = Encounter.objects.filter(person__in=people, place=actor.place, started_at__gte=start_of(local_date(at)))
    _name_who_is_served(actor, people, at)
    last = today.filter(ended_at__isnull=False).order_by("-ended_at", "id").first()
    if last is None or last.ended_at is None:
        return None
    stay = Stay(last.place_id, last.person_id, last.ended_at)
    if not is_same_visit(stay, place=actor.place, people=people, at=at):
        return None
    last.ended_at = max(last.ended_at, at)
    last.save(update_fields=["ended_at"])
    return last


def _name_who_is_served(actor: Actor, people: frozenset[UUID], at: datetime) -> None:
    """Whoever was called by a number without a name (visits) and is served by this member of staff now is the one who came."""
    if len(people) != 1:
        return
    (person,) = people
    served = Encounter.objects.filter(
        person=None, staff=actor.id, place=actor.place, outcome="", started_at__gte=start_of(local_date(at))
    )
    latest = served.order_by("-started_at", "id").values_list("id", flat=True).first()
    if latest is not None:
        Encounter.objects.filter(id=latest, person=None).update(person=person)


def came(
    case: Case,
    *,
    actor: Actor,
    purpose: Purpose,
    at: datetime,
    papers: Mapping[str, str] | None = None,
    person: UUID | None = None,
) -> Encounter | None:
    """Somebody came in for the case: one more trip, or an act within a stay that is joined to it already.

    `person` who came, when known. None when nobody came: acts of citizens online, of jobs, of staff without a place.
    """
    if not actor.is_staff or actor.place is None:
        return None
    side = {case.applicant_id, case.receiver_id, *([case.agent_id] if case.agent_id else [])}
    people = frozenset({person} if person else side)
    stay = find_stay(actor, people, at) or _begin_stay(actor, person or case.agent_id or case.applicant_id, purpose, at)
    if stay.id == case.encounter_id:
        return stay
    visit = Visit.objects.filter(case=case, encounter=stay).first()
    first_of_stay = visit is None
    before = _encounter_before(case) if first_of_stay else None
    if visit is None:
        visit = Visit.objects.create(case=case, encounter=stay, purpose=purpose.value, at=at)
        case.trip_count += 1
        case.fresh.append(visit)
    if first_of_stay or visit.purpose == purpose.value == Purpose.SUPPLEMENT:
        moved = before is not None and before.place_id is not None and before.place_id != stay.place_id
        for cause in causes_of(purpose, papers or {}, moved=moved):
            note_cause(case, stay, cause, at=at)
    return stay


def note_cause(case: Case, stay: Encounter, cause: Cause, *, at: datetime, chosen_by: UUID | None = None) -> bool:
    """Write the cause of a visit down, once; whether it was new."""
    row, fresh = TripCause.objects.get_or_create(
        case=case,
        encounter=stay,
        kind=cause.kind.value,
        material=cause.material,
        defaults={
            "guide_ref": cause.guide,
            "window": _window_that_asked(case) if cause.material else _window_before(case, stay),
            "at": at,
            "chosen_by_id": chosen_by,
        },
    )
    if fresh:
        case.fresh.append(row)
    return fresh


def _begin_stay(actor: Actor, person: UUID, purpose: Purpose, at: datetime) -> Encounter:
    return Encounter.objects.create(
        place_id=actor.place,
        window=actor.window,
        channel=actor.channel.value,
        staff_id=actor.id,
        person_id=person,
        started_at=at,
        ended_at=at,
        outcome=purpose.value,
    )


def _encounter_before(case: Case, stay: Encounter | None = None) -> Encounter | None:
    """The latest trip of the case so far, `stay` left out."""
    visits = Visit.objects.filter(case=case).select_related("encounter")
    if stay is not None:
        visits = visits.exclude(encounter=stay)
    last = visits.order_by("-at", "-id").first()
    return last.encounter if last else case.encounter


def _window_before(case: Case, stay: Encounter) -> str:
    """The window that they had left without being done."""
    before = _encounter_before(case, stay)
    return before.window if before and before.place_id and before.id != stay.id else ""


def _window_that_asked(case: Case) -> str:
    """The window that told them what to bring."""
    entries = ledger.list_entries(Subject("case", case.id))
    return next((entry.window for entry in reversed(entries) if entry.act in ASKING), "")
