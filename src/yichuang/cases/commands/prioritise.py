"""优先办理 (绿色通道): a clerk puts a case forward, naming a category of the closed list; no evidence is asked for or kept."""

from datetime import datetime

from django.db import transaction

from yichuang.cases import messages
from yichuang.cases.models import Case, Priority
from yichuang.cases.moves import THE_CASE, head_of, relations_of
from yichuang.cases.permissions import FORBIDDEN, can_prioritise, can_see
from yichuang.cases.states import ENDS, WORDS, State
from yichuang.cases.values import CaseHead, Category
from yichuang.cases.vouch import facts_of
from yichuang.core import ledger, live
from yichuang.core.actors import Actor
from yichuang.core.ledger import Subject
from yichuang.core.refusals import NotFound, Reason, Refused
from yichuang.core.words import W

PRIORITISE = W("优先办理", "put forward")


@transaction.atomic
def give_priority(*, actor: Actor, number: str, category: str, at: datetime) -> CaseHead:
    """Put a case forward. State, version and clock stay; the ledger says that it was done, not why.

    Raises: NotFound; Refused 403 for who serves at neither place of the case; CATEGORY_UNKNOWN; conflict when it has ended.
    """
    case = _open(actor, number)
    if category not in set(Category):
        raise Refused(Reason("CATEGORY_UNKNOWN", messages.CATEGORY_UNKNOWN, "/category"))
    known = Priority.objects.filter(case=case).first()
    if known is not None and known.ended_at is None and known.category == category:
        return head_of(case)  # pressed twice
    row, _ = Priority.objects.update_or_create(
        case=case, defaults={"category": category, "at": at, "by_id": actor.id, "ended_at": None}
    )
    return _record(case, row, actor, "give-priority", at, priority=True)


@transaction.atomic
def end_priority(*, actor: Actor, number: str, at: datetime) -> CaseHead:
    """Take it back: it was given by mistake, or the person asks for it. Nothing to take back is no fault."""
    case = _open(actor, number)
    row = Priority.objects.filter(case=case, ended_at=None).first()
    if row is None:
        return head_of(case)
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    return _record(case, row, actor, "end-priority", at, priority=False)


def _open(actor: Actor, number: str) -> Case:
    case = Case.objects.select_for_update(of=("self",)).select_related("department").filter(number=number).first()
    if case is None or not can_see(actor, relations_of(case)):
        raise NotFound(THE_CASE)
    if not can_prioritise(actor, relations_of(case)):
        raise Refused(Reason("NOT_ALLOWED", FORBIDDEN.format(act=PRIORITISE)), kind="forbidden")
    if State(case.state) in ENDS:
        told = messages.NOT_IN_STATE.format(state=WORDS[State(case.state)], act=PRIORITISE)
        raise Refused(Reason("NOT_IN_THIS_STATE", told), kind="conflict")
    return case


def _record(case: Case, row: Priority, actor: Actor, act: str, at: datetime, *, priority: bool) -> CaseHead:
    case.is_priority = priority
    case.save(update_fields=["is_priority"])
    ledger.append(act=act, actor=actor, at=at, subject=Subject("case", case.id), facts=facts_of(row))
    live.tell(f"case:{case.id}")
    return head_of(case)
