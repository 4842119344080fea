"""Hearings of a case (听证) as pages show them, and who may chair one."""

from datetime import date, datetime
from uuid import UUID

from yichuang.cases.inspections import inspectors_of
from yichuang.cases.models import Case, Hearing
from yichuang.cases.pages import HearingRow, ToldRow
from yichuang.cases.rules.hearing import bars_decision, wishes
from yichuang.cases.told import open_day, statement_of, told_rows
from yichuang.core.clock import local_date
from yichuang.engine import queries as engine
from yichuang.network import queries as network
from yichuang.people.values import StaffRow


def hearings_of(case: UUID, *, at: datetime) -> tuple[HearingRow, ...]:
    """All of a case, oldest first. No gate: ask for the case first."""
    rows = list(Hearing.objects.filter(case=case).order_by("told_at", "id"))
    told = told_rows(row.id for row in rows)
    return tuple(_row(row, told.get(row.id, ()), local_date(at)) for row in rows)


def possible_chairs(case: UUID, *, at: datetime) -> tuple[StaffRow, ...]:
    """Who of the department may chair a hearing of the case. No gate."""
    return chairs_of(Case.objects.select_related("department").get(id=case), at=at)


def chairs_of(case: Case, *, at: datetime) -> tuple[StaffRow, ...]:
    """Staff of the department who had no part in the review (art. 48 (3))."""
    code = network.get_department_by_id(case.department_id).code
    tasks = engine.tasks_of(("case", case.id))
    busy = {one for task in tasks for one in (task.claimed_by, task.done_by, task.asked_by, task.delegated_by) if one}
    return tuple(one for one in inspectors_of(f"{code}.", at=at) if one.id not in busy)


def bars(case: UUID, today: date) -> str | None:
    """The day to which a decision has to wait for a hearing, as far as it is known; None: for none."""
    row = Hearing.objects.filter(case=case, stage__in=["told", "asked", "called"]).first()
    if row is None:
        return None
    open_until = open_day(row, today)
    if not bars_decision(row.stage, may_ask=open_until is not None):
        return None
    return row.held_on.isoformat() if row.held_on else open_until or "待听证"


def is_called(case: UUID) -> bool:
    """Whether a hearing is called and its record not yet written."""
    return Hearing.objects.filter(case=case, stage="called").exists()


def _row(row: Hearing, told: tuple[ToldRow, ...], today: date) -> HearingRow:
    return HearingRow(
        stage=row.stage,
        matter=row.matter,
        parties=tuple((one["name"], one["contact"]) for one in row.parties),
        told_at=row.told_at,
        answer_until=row.answer_until,
        statements=tuple(statement_of(one) for one in row.statements),
        asked_on=row.asked_on,
        held_on=row.held_on,
        place=row.place,
        chair=row.chair_name,
        present=row.present,
        record=row.record,
        signed=row.signed,
        note=row.note,
        told=told,
        open_day=open_day(row, today),
        askers=tuple(wishes(row.statements).items()),
    )
