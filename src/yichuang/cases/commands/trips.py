"""跑动账 at the window: somebody came in for a case and no other act says so, or a trip whose cause only the clerk knows."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from yichuang.cases.models import Case, Encounter, Visit
from yichuang.cases.moves import THE_CASE, relations_of
from yichuang.cases.permissions import can_note_trips
from yichuang.cases.rules.trips import Cause
from yichuang.cases.values import Purpose, TripKind
from yichuang.cases.visits import came, note_cause
from yichuang.cases.vouch import fresh_facts
from yichuang.core import ledger
from yichuang.core.actors import Actor
from yichuang.core.ledger import Subject
from yichuang.core.refusals import NotFound, Reason, Refused
from yichuang.core.words import W

KNOWN_ALREADY = frozenset({TripKind.COLLECT, TripKind.WITHDRAW})  # the acts themselves say so
CHOICES = tuple(kind for kind in TripKind if kind not in KNOWN_ALREADY)
NO_CHOICE = W("请选择到现场的原因", "Choose why they came in")
NO_VISIT = W("这次到访", "visit")
NO_WINDOW = W("请先选择所在的窗口", "Choose your window first")


@transaction.atomic
def note_trip(
    *, actor: Actor, number: str, kind: str, at: datetime, encounter: UUID | None = None, material: str = ""
) -> UUID:
    """Note why somebody came in for the case; returns the visit's encounter. Noted once, however often it is pressed.

    `encounter` is an earlier trip of the case whose cause is still open; None is the person before the window now.
    It is a remark, no act on the case: state and version stay. Raises: NotFound; Refused for an unknown kind or material.
    """
    case = Case.objects.select_for_update(of=("self",)).select_related("department").filter(number=number).first()
    if case is None or not can_note_trips(actor, relations_of(case)):
        raise NotFound(THE_CASE)
    if kind not in CHOICES or (material and not case.materials.filter(code=material).exists()):
        raise Refused(Reason("TRIP_KIND_UNKNOWN", NO_CHOICE, "/kind"))
    stay = _trip_of(case, encounter) if encounter else came(case, actor=actor, purpose=Purpose.OTHER, at=at)
    if stay is None:
        raise Refused(Reason("NO_WINDOW", NO_WINDOW))
    guide = f"materials/{material}" if material else ""
    note_cause(case, stay, Cause(TripKind(kind), material, guide), at=at, chosen_by=actor.id)
    facts = fresh_facts(case)
    if facts:
        case.save(update_fields=["trip_count"])
        ledger.append(
            act="note-trip",
            actor=actor,
            at=at,
            subject=Subject("case", case.id),
            detail={"kind": kind, "material": material},
            facts=facts,
        )
    return stay.id


@transaction.atomic
def came_to_collect(*, case: UUID, actor: Actor, person: UUID, at: datetime) -> None:
    """Somebody came once more for a result that was handed over before (换领): a trip like any other. The gate is the caller's."""
    row = Case.objects.select_for_update(of=("self",)).select_related("department").get(id=case)
    came(row, actor=actor, purpose=Purpose.COLLECT, at=at, person=person)
    facts = fresh_facts(row)
    if facts:
        row.save(update_fields=["trip_count"])
        detail = {"kind": TripKind.COLLECT.value}
        ledger.append(act="note-trip", actor=actor, at=at, subject=Subject("case", row.id), detail=detail, facts=facts)


def _trip_of(case: Case, encounter: UUID) -> Encounter:
    filed_in: Encounter | None = case.encounter
    if filed_in is not None and filed_in.id == encounter and filed_in.place_id is not None:
        return filed_in
    visit = Visit.objects.select_related("encounter").filter(case=case, encounter=encounter).first()
    if visit is None:
        raise NotFound(NO_VISIT)
    stay: Encounter = visit.encounter
    return stay
