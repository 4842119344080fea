"""Inspections of a case (现场核查) as pages show them."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from yichuang.cases.models import Inspection
from yichuang.cases.pages import InspectionRow
from yichuang.core.actors import Actor
from yichuang.core.words import Words
from yichuang.network import queries as network
from yichuang.people import queries as people
from yichuang.people.values import StaffRow


def inspectors_of(post: str, *, at: datetime) -> tuple[StaffRow, ...]:
    """Who may be sent: everybody at a post of the department, by name."""
    found: dict[UUID, StaffRow] = {}
    for known in network.list_posts(post.partition(".")[0]):
        found |= {one.id: one for one in people.list_at_post(known.code, at=at)}
    return tuple(sorted(found.values(), key=lambda one: (one.name, one.id)))


def inspections_of(tasks: Iterable[UUID]) -> dict[UUID, InspectionRow]:
    """By task. No gate: ask for the case first."""
    rows = Inspection.objects.filter(task__in=list(tasks)).order_by("id")
    return {row.task: _row(row) for row in rows}


def is_sent(staff: UUID | None, case: UUID) -> bool:
    """Whether somebody is, or was, one of the two inspectors of a case."""
    return Inspection.objects.filter(Q(first=staff) | Q(second=staff), case=case).exists()


def my_inspections(actor: Actor) -> tuple[tuple[InspectionRow, str, Words], ...]:
    """The inspections to which this member of staff is sent and whose record is not final: (row, number, item), by time."""
    if not actor.is_staff or actor.id is None:
        return ()
    rows = Inspection.objects.filter(Q(first=actor.id) | Q(second=actor.id), document=None, case__state="IN_REVIEW")
    return tuple(
        (_row(row), row.case.number, Words(row.case.item_name_zh, row.case.item_name_en))
        for row in rows.select_related("case").order_by("planned_at", "id")[:50]
    )


def is_final(task: UUID) -> bool:
    """Whether the record of the task's inspection is signed by both."""
    return Inspection.objects.filter(task=task, document__isnull=False).exists()


def _row(row: Inspection) -> InspectionRow:
    return InspectionRow(
        task=row.task,
        inspectors=(
            (row.first_id, row.first_name, row.first_licence, row.first_signed_at),
            (row.second_id, row.second_name, row.second_licence, row.second_signed_at),
        ),
        planned_at=row.planned_at,
        place=row.place,
        photos=tuple(UUID(photo["id"]) for photo in row.photos),
        held_at=row.held_at,
        findings=row.findings,
        meets=row.meets,
        present=row.present,
        signed=row.present_signed,
        note=row.present_note,
        document=row.document,
    )
