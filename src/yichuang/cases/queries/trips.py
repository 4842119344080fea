"""跑动账 as a page shows it: the declared trips beside those that were made, each with its cause."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from yichuang.cases.models import Case, Encounter, TripCause, Visit
from yichuang.cases.pages import CauseRow, TripPage, TripRow
from yichuang.cases.rules.trips import extra_trips
from yichuang.cases.values import PURPOSE_WORDS, TRIP_WORDS, MaterialRow, Purpose, TripKind
from yichuang.catalog import queries as catalog
from yichuang.catalog.values import Pack
from yichuang.core.compiled import compiled
from yichuang.core.words import W, Words
from yichuang.network.values import PlaceRow

ONLINE = W("网上", "online")


@compiled
def _visits(case: UUID) -> QuerySet[Visit]:
    return Visit.objects.filter(case=case).select_related("encounter").order_by("at", "id")


@compiled
def _causes(case: UUID) -> QuerySet[TripCause]:
    return TripCause.objects.filter(case=case).order_by("at", "id")


def page_of(case: Case, materials: Sequence[MaterialRow], places: Mapping[UUID, PlaceRow], at: datetime) -> TripPage:
    """The trips of a case. Who never came in costs no statement, who did three."""
    pack = catalog.get_pack(case.item_code, version=case.item_version, at=at)
    if not case.trip_count:
        return TripPage(pack.visits.count, ())
    made: list[tuple[Encounter, Purpose, datetime]] = []
    if case.encounter is not None and case.encounter.place_id is not None:
        made.append((case.encounter, Purpose.FILE, case.filed_at))
    made += [(visit.encounter, Purpose(visit.purpose), visit.at) for visit in _visits(case.id)]
    causes: dict[UUID, list[CauseRow]] = defaultdict(list)
    names = {row.code: row.name for row in materials}
    for cause in _causes(case.id):
        causes[cause.encounter_id].append(_cause(cause, names, pack))
    extra = extra_trips([purpose for _, purpose, _ in made], pack.visits.count)
    return TripPage(
        pack.visits.count,
        tuple(
            TripRow(
                encounter=stay.id,
                at=when,
                place=places[stay.place_id].name if stay.place_id else ONLINE,
                window=stay.window,
                purpose=purpose,
                words=PURPOSE_WORDS[purpose],
                extra=place in extra,
                causes=tuple(causes[stay.id]),
            )
            for place, (stay, purpose, when) in enumerate(made)
        ),
    )


def _cause(row: TripCause, names: Mapping[str, Words], pack: Pack) -> CauseRow:
    kind = TripKind(row.kind)
    return CauseRow(kind, TRIP_WORDS[kind], names.get(row.material), _sentence(row.guide_ref, pack), row.window)


def _sentence(ref: str, pack: Pack) -> Words | None:
    """The sentence of the guide, as the item version of the case has it."""
    what, _, code = ref.partition("/")
    if what == "visits":
        return pack.visits.reason
    return next((material.accept_standard for material in pack.materials if what and material.code == code), None)
