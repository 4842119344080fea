"""优先 as pages show it: that it is so, to everybody; why, to the applicant's side and to the clerk who recorded it."""

from yichuang.cases.models import Case, Priority
from yichuang.cases.permissions import Relations, stands_for_applicant
from yichuang.cases.values import CATEGORY_WORDS, Category
from yichuang.core.actors import Actor
from yichuang.core.words import Words


def category_for(actor: Actor, case: Case, relations: Relations) -> Words | None:
    """Why the case is put forward, for those who may know; None for everybody else, and when it is not."""
    row = Priority.objects.filter(case=case, ended_at=None).first() if case.is_priority else None
    if row is None:
        return None
    knows = row.by_id == actor.id if actor.is_staff else stands_for_applicant(actor, relations) and actor.kind != "link"
    return CATEGORY_WORDS[Category(row.category)] if knows else None
