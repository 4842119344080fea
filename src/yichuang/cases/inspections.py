"""Inspections of a case (现场核查) as pages show them."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from yichuang.cases.models import Case, Inspection
from yichuang.cases.pages import InspectionRow
from yichuang.cases.states import State
from yichuang.cases.transfers import tasks_here
from yichuang.core.actors import Actor
from yichuang.core.words import Words
from yichuang.engine import queries as engine
from yichuang.network import queries as network
from yichuang.people import queries as people
from yichuang.people.values import StaffRow

UNDER_WAY = frozenset({State.IN_REVIEW.value, State.SUSPENDED.value, State.PREPARED.value})


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


def is_sent(actor: Actor, case: Case) -> bool:
    """Whether somebody is, or was, one of the two inspectors of a case, and still belongs to its inspecting department.

    Until the decision is served or the case is over: who went there for it has no business with it any more."""
    if case.state not in UNDER_WAY:
        return False
    tasks = list(
        Inspection.objects.filter(Q(first=actor.id) | Q(second=actor.id), case=case).values_list("task", flat=True)
    )
    return bool(tasks) and any(still_of(actor, task.post) for task in tasks_here(case) if task.id in tasks)


def still_of(actor: Actor, post: str) -> bool:
    """Whether somebody now has a post or role of the department of this post: an inspector is an official of it."""
    if not actor.is_staff:
        return False
    known = network.list_posts(post.partition(".")[0])
    departments = {one.department for one in known if one.department}
    return bool(actor.posts & {one.code for one in known}) or any(g.department in departments for g in actor.grants)


def my_inspections(actor: Actor) -> tuple[tuple[InspectionRow, str, Words], ...]:
    """The inspections to which this member of staff is sent and whose record is not final: (row, number, item), by time."""
    if not actor.is_staff or actor.id is None:
        return ()
    rows = Inspection.objects.filter(Q(first=actor.id) | Q(second=actor.id), document=None, case__state="IN_REVIEW")
    found = list(rows.select_related("case").order_by("planned_at", "id")[:50])
    live = engine.live_tasks_of("case", {row.case_id for row in found}) if found else ()
    posts = {task.id: task.post for task in live}
    return tuple(
        (_row(row), row.case.number, Words(row.case.item_name_zh, row.case.item_name_en))
        for row in found
        if row.task in posts and still_of(actor, posts[row.task])
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
