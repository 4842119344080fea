"""中台支撑 as pages show it: the questions on a case, and those that wait for a department's answer."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from yichuang.cases.models import Question
from yichuang.cases.pages import QuestionRow, QuestionWork
from yichuang.core import roles
from yichuang.core.actors import Actor
from yichuang.core.words import Words

OPEN, ANSWERED = 100, 20  # lines of the lists at most


def questions_of(case: UUID) -> tuple[QuestionRow, ...]:
    """What was asked about a case, oldest first."""
    return tuple(_row(row) for row in Question.objects.filter(case=case).order_by("asked_at", "id"))


def list_questions(actor: Actor, *, at: datetime) -> tuple[tuple[QuestionWork, ...], tuple[QuestionWork, ...]]:
    """(waiting for an answer, the longest first; answered last) of the departments where the actor reviews.

    What was put to somebody on duty is theirs alone, until the minutes of `settings.YICHUANG_DUTY_MINUTES` are over."""
    mine = (
        {g.department for g in actor.grants if g.role == roles.REVIEWER and g.department} if actor.is_staff else set()
    )
    if not mine:
        return (), ()
    rows = Question.objects.filter(department__in=mine).select_related("case")
    waiting = rows.filter(answered_at__isnull=True).filter(theirs(actor, at)).order_by("asked_at", "id")[:OPEN]
    answered = rows.filter(answered_at__isnull=False).order_by("-answered_at", "id")[:ANSWERED]
    return tuple(_work(row) for row in waiting), tuple(_work(row) for row in answered)


def theirs(actor: Actor, at: datetime) -> Q:
    """Questions that wait for this colleague: put to nobody or to them, or handed on."""
    handed_on = Q(asked_at__lte=at - timedelta(minutes=settings.YICHUANG_DUTY_MINUTES))
    return Q(put_to=None) | Q(put_to=actor.id) | handed_on


def _work(row: Question) -> QuestionWork:
    item = Words(row.case.item_name_zh, row.case.item_name_en)
    return QuestionWork(row.case.number, item, _row(row))


def _row(row: Question) -> QuestionRow:
    return QuestionRow(
        row.id,
        row.text,
        row.asked_at,
        row.asked_name,
        row.answer,
        row.answered_at,
        row.answered_name,
        row.for_knowledge,
        row.put_to_id,
        row.put_to_name,
    )
