"""Which services are over and may be rated, and what a rating has to know of them (docs/adr/0039)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from yichuang.cases.events import ServiceKind, ServiceOver
from yichuang.cases.helping import KIND_WORDS, HelpKind
from yichuang.cases.models import Case, Encounter, HelpRequest, Visit
from yichuang.cases.rules.trips import STAY
from yichuang.core.actors import Channel
from yichuang.core.compiled import compiled
from yichuang.core.words import Words
from yichuang.network import queries as network

ONLINE = frozenset({Channel.PORTAL.value, Channel.KIOSK.value, Channel.API.value})
SENT_ON = "sent-on"  # a stay that went on at another window; one that ended so was told of when it did
A_BATCH = 500
A_DAY = timedelta(days=1)  # no stay lasts longer


def is_rated(case: Case) -> bool:
    """Whether the ending of the case is rated: filed online by the applicant's side, and no part of a package."""
    return case.channel in ONLINE and not case.package


def of_case(case: Case, at: datetime) -> ServiceOver:
    """A case filed online that has ended."""
    return ServiceOver(
        kind=ServiceKind.CASE,
        subject=case.id,
        number=case.number,
        name=Words(case.item_name_zh, case.item_name_en),
        person=case.applicant_id,
        place=case.taking_place_id,
        window="",
        department=case.department_id,
        staff=None,
        items=(case.item_code,),
        channel=case.channel,
        told=case.receiver_id == case.applicant_id,
        at=at,
    )


def of_stay(row: Encounter, at: datetime) -> ServiceOver:
    """A stay in a hall that has ended, with what it was about as far as cases know it."""
    about = list(_cases_of(row.id, row.id))
    assert row.place_id is not None
    return ServiceOver(
        kind=ServiceKind.STAY,
        subject=row.id,
        number="",
        name=network.get_place_by_id(row.place_id).name,
        person=row.person_id,
        place=row.place_id,
        window=row.window,
        department=about[0][1] if about else None,
        staff=row.staff_id,
        items=tuple(sorted({item for item, _ in about})),
        channel=row.channel,
        told=False,
        at=at,
    )


def of_help(row: HelpRequest, at: datetime) -> ServiceOver:
    """Help that was done: rated by who asked for it, of who did it."""
    kind = KIND_WORDS[HelpKind(row.kind)]
    return ServiceOver(
        kind=ServiceKind.HELP,
        subject=row.id,
        number=row.number,
        name=kind,
        person=row.asker_id,
        place=row.place_id,
        window="",
        department=None,
        staff=row.helper_id,
        items=(row.item_code,) if row.item_code else (),
        channel=row.channel,
        told=False,
        at=at,
    )


@compiled
def _cases_of(filed: UUID, came: UUID) -> QuerySet[Case, tuple[str, UUID]]:
    visited = Visit.objects.filter(encounter=came).values("case")
    return (
        Case.objects.filter(Q(encounter=filed) | Q(id__in=visited))
        .order_by("id")
        .values_list("item_code", "department_id")
    )


def stays_left(*, since: datetime, at: datetime, known: Iterable[UUID] = ()) -> tuple[ServiceOver, ...]:
    """Stays at windows that nobody ended: quiet for as long as a stay lasts, and over by that; `known` are left out."""
    quiet = Encounter.objects.filter(
        started_at__gt=since - A_DAY,  # by index: of all that ever came
        place__isnull=False,
        staff__isnull=False,
        outcome__gt="",
        ended_at__gt=since - STAY,
        ended_at__lte=at - STAY,
    ).exclude(Q(outcome=SENT_ON) | Q(id__in=list(known)))
    return tuple(of_stay(row, row.ended_at or at) for row in quiet.order_by("ended_at", "id")[:A_BATCH])
