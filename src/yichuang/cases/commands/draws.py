"""抽签: which automatic decisions are looked at blind, and which controls lie among them (docs/adr/0022)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from yichuang.cases.evidence import mended
from yichuang.cases.instant import JudgedBy
from yichuang.cases.models import AutoDecision, Proceeding, Recheck, RuleSet
from yichuang.cases.rules.rulesets import CONTROLS, REFUSED, is_drawn
from yichuang.cases.vouch.instant import RECHECK, facts_of_recheck
from yichuang.core import ledger
from yichuang.core.actors import SYSTEM, Actor
from yichuang.core.crypto import blind_index
from yichuang.core.ledger import Subject

OVERLAP: Final = timedelta(
    hours=1
)  # a decision is committed well within it: one that was late is seen by the next draw
NEAR: Final = 20  # controls are taken from the last so many cases that people decided


def draw_rechecks(*, at: datetime) -> int:
    """Draw what is to be looked at blind of every rule set; how many automatic decisions are new among them. Run by a job.

    Whether one is drawn follows from a key that is no decider's, so nobody knows it beforehand (`rules.is_drawn`).
    """
    return sum(draw_of(row, at) for row in RuleSet.objects.order_by("id"))


@transaction.atomic
def draw_of(row: RuleSet, at: datetime) -> int:
    """Draw from what one rule set decided alone since the decision that was drawn last: that one is the cursor. However long
    the job stood still, and however late something was decided, nothing is passed over, and nothing is drawn twice.
    """
    waiting = _acted(row).filter(recheck=None)
    newest = _acted(row).exclude(recheck=None).order_by("-judged_at", "-id")
    last = newest.values_list("judged_at", flat=True).first()
    if last is not None:
        waiting = waiting.filter(judged_at__gt=last - OVERLAP)
    drawn = 0
    rows = waiting.order_by("judged_at", "id").values_list("id", "case__department")
    for decision, department in rows.iterator():
        if is_drawn(blind_index("recheck", str(decision)), row.percent) and _draw(decision, department, at):
            drawn += 1
            _draw_control(row, decision, at)
    return drawn


def _acted(row: RuleSet) -> QuerySet[AutoDecision]:
    return _judged(row).filter(acted=True)


def _judged(row: RuleSet) -> QuerySet[AutoDecision]:
    return AutoDecision.objects.filter(item_code=row.item_code, sha=row.sha, state=JudgedBy.DONE.value)


def _draw(decision: UUID, department: UUID, at: datetime) -> bool:
    row, fresh = Recheck.objects.get_or_create(
        decision_id=decision, defaults={"department_id": department, "drawn_at": at}
    )
    if fresh:
        record_recheck(row, "recheck-drawn", SYSTEM, at)
    return fresh


def _draw_control(row: RuleSet, beside: UUID, at: datetime) -> None:
    """对照件: beside some draws a case that people decided, shown in the same way. So who re-checks cannot know that
    everything before them was approved; what they say of it measures them, never the rules."""
    if not is_drawn(blind_index("recheck.control", str(beside)), CONTROLS):
        return
    refused, granted = _decided(row, "deny"), _decided(row, "grant")
    first = is_drawn(blind_index("recheck.refused", str(beside)), REFUSED)
    found = (refused or granted) if first else (granted or refused)
    if found:
        decision, department = min(found, key=lambda one: blind_index("recheck.which", f"{beside}.{one[0]}"))
        _draw(decision, department, at)


def _decided(row: RuleSet, outcome: str) -> Sequence[tuple[UUID, UUID]]:
    """The last cases of the rule set that a person decided so, as they were filed, and that nobody looked at again."""
    rows = (
        _judged(row)
        .filter(acted=False, recheck=None, case__decision__outcome=outcome, case__decision__made_by__isnull=False)
        .exclude(mended())
        .exclude(Exists(Proceeding.objects.filter(case=OuterRef("case"))))
    )
    return list(rows.order_by("-judged_at", "-id").values_list("id", "case__department")[:NEAR])


def record_recheck(row: Recheck, act: str, actor: Actor, at: datetime) -> None:
    """Neither the verdict nor a case stands in the entry's words: it is vouched for, and told where it may be read."""
    ledger.append(act=act, actor=actor, at=at, subject=Subject(RECHECK, row.id), facts=facts_of_recheck(row))
