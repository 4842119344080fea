"""What a case and its process (流程) have to do with each other: whose it is, by which calendar, what it hears."""

from datetime import datetime
from uuid import UUID

from yichuang.cases.models import Case
from yichuang.core.refusals import Conflict
from yichuang.core.workdays import Calendar
from yichuang.engine import commands as engine
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


def tell(case: Case, message: str, *, at: datetime) -> None:
    """What happened to the case (`catalog.values.MESSAGES`), for a process that waits for it. Nothing when none does.

    The act itself never fails by it: where an earlier one of the same kind is still being dealt with, this one adds
    nothing to it.
    """
    try:
        engine.receive_message(subject=subject_of(case), name=message, variables={}, at=at, calendar=calendar())
    except Conflict:
        return
