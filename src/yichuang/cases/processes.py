"""What a case and its process (流程) have to do with each other: whose it is, by which calendar."""

from uuid import UUID

from yichuang.cases.models import Case
from yichuang.core.workdays import Calendar
from yichuang.network import queries as network

TENANT = "cases"
KIND = "case"


def subject_of(case: Case) -> tuple[str, UUID]:
    """The case as the engine knows it."""
    return KIND, case.id


def lock(case: UUID) -> None:
    """The row that is locked before its process (`engine.ports`)."""
    Case.objects.select_for_update(of=("self",)).filter(id=case).first()


def calendar() -> Calendar:
    """The working days that timers count: the district's, as all limits of a case do."""
    return network.working_calendar()
