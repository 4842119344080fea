"""延期 as pages show it: what was asked, what became of it, and what waits for whose approval."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from yichuang.cases.models import Case, ExtensionRequest
from yichuang.cases.moves import relations_of
from yichuang.cases.pages import ExtensionRow, ExtensionWork
from yichuang.cases.permissions import can_do, is_chief_of
from yichuang.cases.states import Act
from yichuang.cases.values import TimelineRow
from yichuang.core import roles
from yichuang.core.actors import Actor
from yichuang.core.words import Words
from yichuang.engine import queries as engine

ANSWERS = frozenset({Act.ASK_EXTENSION, Act.EXTEND, Act.DECLINE_EXTENSION})
SHOWN = 50  # requests on a list


def may_approve(actor: Actor, case: Case, at: datetime) -> bool:
    """Whether somebody answers for this case's limits: who holds a deciding post of its running process (after a transfer
    (移送) the other department's), or the chief representative (首席代表) of its department. A process without a deciding step
    asks for any deciding post."""
    if not can_do(actor, Act.EXTEND, relations_of(case)):
        return False
    if is_chief_of(actor, relations_of(case)):
        return True
    posts = engine.posts_of(("case", case.id), act="decide")
    return not posts or bool(posts & actor.posts)


def hidden_acts(actor: Actor, case: Case, timeline: Sequence[TimelineRow], at: datetime) -> set[Act]:
    """The acts of 延期 that are not this actor's now: one request at a time, answered by another who answers for limits."""
    acts = (row.act for row in reversed(timeline))
    if next((act for act in acts if act in ANSWERS), "") != Act.ASK_EXTENSION or case.state != "IN_REVIEW":
        return {Act.EXTEND, Act.DECLINE_EXTENSION}
    asked_by = ExtensionRequest.objects.filter(case=case.id, stage="asked").values_list("asked_by", flat=True).first()
    if actor.id == asked_by or not may_approve(actor, case, at):
        return {Act.ASK_EXTENSION, Act.EXTEND, Act.DECLINE_EXTENSION}
    return {Act.ASK_EXTENSION}


def extensions_of(case: UUID) -> tuple[ExtensionRow, ...]:
    """All that was asked for a case, oldest first. No gate: ask for the case first."""
    return tuple(_row(row) for row in ExtensionRequest.objects.filter(case=case).order_by("asked_at", "id"))


def waiting_extensions(actor: Actor, *, at: datetime) -> tuple[ExtensionWork, ...]:
    """What waits for approval in the actor's departments, the most urgent case first: to be answered by them, or asked."""
    if not actor.is_staff or not actor.roles & {roles.REVIEWER, roles.CHIEF_REPRESENTATIVE}:
        return ()
    departments = {grant.department for grant in actor.grants if grant.department}
    asked = ExtensionRequest.objects.filter(
        case__department__in=departments, stage="asked", case__state="IN_REVIEW"
    )  # not those of a department that the case has left: whoever asked there is a stranger to it now
    rows = asked.select_related("case__department").order_by("case__due_at", "asked_at", "id")[:SHOWN]
    found = [
        ExtensionWork(
            _row(row),
            row.case.number,
            Words(row.case.item_name_zh, row.case.item_name_en),
            row.case.due_at,
            row.asked_by_id != actor.id and may_approve(actor, row.case, at),
        )
        for row in rows
    ]
    return tuple(work for work in found if work.to_answer or work.row.asked_by == actor.id)


def _row(row: ExtensionRequest) -> ExtensionRow:
    return ExtensionRow(
        stage=row.stage,
        days=row.days,
        reason=row.reason,
        asked_at=row.asked_at,
        asked_by=row.asked_by_id,
        asked_name=row.asked_name,
        answered_at=row.answered_at,
        answered_name=row.answered_name,
        note=row.note,
    )
