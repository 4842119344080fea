"""抽查: some of what was decided alone is looked at by a person who does not see what was decided, nor why (docs/adr/0022)."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from yichuang.cases.commands.refuse import check_reason
from yichuang.cases.commands.rulesets import apply_brake, spec_of
from yichuang.cases.models import AutoDecision, HumanReview, Recheck, RuleSet
from yichuang.cases.permissions import can_recheck
from yichuang.cases.rules.rulesets import is_drawn
from yichuang.cases.vouch.instant import RECHECK, facts_of_recheck
from yichuang.catalog import queries as catalog
from yichuang.catalog.values import APPROVE
from yichuang.core import ledger
from yichuang.core.actors import SYSTEM, Actor
from yichuang.core.crypto import blind_index
from yichuang.core.ledger import Subject
from yichuang.core.refusals import Change, Conflict, NotFound, Reason, Refused, refuse_all
from yichuang.core.words import W, Words
from yichuang.people import queries as people

LOOKS_BACK: Final = timedelta(days=2)  # of a job that runs every ten minutes: one that stood still misses nothing
THE_DRAW = W("抽查件", "re-check")
DONE_ALREADY = W("这一件已经有人抽查", "Somebody has re-checked this one")
RECHECKED = W("完成了抽查", "re-checked it")
HAND_IN_IT = W("您参与过这个办件，请由同事抽查", "You have had a hand in this case: a colleague re-checks it")
VERDICT_NEEDED = W("请选择应当批还是不应当批", "Say whether it should be granted")
KIND_UNKNOWN = W("请从清单中选择问题", "Choose what is wrong from the list")


def draw_rechecks(*, at: datetime) -> int:
    """Draw the re-checks of what was decided alone lately, each once; how many are new. Run by a job.

    Whether one is drawn follows from a key that is no decider's, so nobody knows it beforehand (`rules.is_drawn`).
    """
    return sum(_draw_of(row, at) for row in RuleSet.objects.order_by("id"))


def _draw_of(row: RuleSet, at: datetime) -> int:
    judged = AutoDecision.objects.filter(item_code=row.item_code, sha=row.sha).order_by("-id")
    drawn = 0
    for id, acted, asked_at, department in judged.values_list("id", "acted", "asked_at", "case__department").iterator():
        if asked_at < at - LOOKS_BACK:
            break
        if acted and is_drawn(blind_index("recheck", str(id)), row.percent):
            drawn += _draw(id, department, at)
    return drawn


@transaction.atomic
def _draw(decision: UUID, department: UUID, at: datetime) -> bool:
    row, fresh = Recheck.objects.get_or_create(
        decision_id=decision, defaults={"department_id": department, "drawn_at": at}
    )
    if fresh:
        _record(row, "recheck-drawn", SYSTEM, at)
    return fresh


@transaction.atomic
def answer_recheck(
    *, actor: Actor, recheck: UUID, verdict: str, reasons: str, found: Collection[str] = (), at: datetime
) -> bool:
    """Say what oneself would have decided: "grant", or "not" with the reasons and, where the table knows it, what was
    missed (`found`: results of the table). True when this let the brake fall.

    NotFound for other departments; Refused HAND_IN_IT (403); Conflict DONE_ALREADY naming who and when.
    """
    row = Recheck.objects.select_for_update(of=("self",)).filter(id=recheck).first()
    if row is None or not can_recheck(actor, row.department_id):
        raise NotFound(THE_DRAW)
    if row.state == "done" and (row.by_id, row.verdict) == (actor.id, verdict):
        return False  # a button pressed twice
    if row.state == "done":
        assert row.by_id is not None
        assert row.at is not None
        who = people.names_of_staff([row.by_id]).get(row.by_id, "")
        raise Conflict(Reason("DONE_ALREADY", DONE_ALREADY), change=Change(who, row.at, RECHECKED))
    decision = AutoDecision.objects.get(id=row.decision_id)
    check_no_hand(actor, decision)
    wrong = [] if verdict in {"grant", "not"} else [Reason("VERDICT_NEEDED", VERDICT_NEEDED, "/verdict")]
    wrong += check_reason(reasons, "/reasons") if verdict == "not" or reasons.strip() else []
    wrong += [Reason("KIND_UNKNOWN", KIND_UNKNOWN, "/found")] if set(found) - kinds_of(decision).keys() else []
    refuse_all(wrong)
    row.state, row.verdict, row.reasons = "done", verdict, reasons.strip()
    row.found = sorted(set(found)) if verdict == "not" else []
    row.by_id, row.at = actor.id, at
    row.save()
    _record(row, "recheck", actor, at)
    return apply_brake(decision.item_code, decision.sha, at) if verdict == "not" else False


def check_no_hand(actor: Actor, decision: AutoDecision) -> None:
    """Refused (403) for who has acted on the case, or answered the applicant who asked for a person."""
    acted = any(entry.actor_id == actor.id for entry in ledger.list_entries(Subject("case", decision.case_id)))
    if acted or HumanReview.objects.filter(case=decision.case_id, answered_by_id=actor.id).exists():
        raise Refused(Reason("HAND_IN_IT", HAND_IN_IT), kind="forbidden")


def kinds_of(decision: AutoDecision) -> dict[str, Words]:
    """What the table can find wrong: its results but the approval, in the table's order."""
    pack = catalog.find_tabled(decision.item_code, decision.sha)
    results = spec_of(pack).results if pack else {}
    return {code: result.words for code, result in results.items() if code != APPROVE}


def watch_brakes(*, at: datetime) -> int:
    """Let the brake fall where reviews that applicants asked for, or re-checks, say so; how often it did. Run by a job."""
    running = RuleSet.objects.filter(mode="alone").order_by("id").values_list("item_code", "sha")
    return sum(_brake(item, sha, at) for item, sha in running)


@transaction.atomic
def _brake(item: str, sha: str, at: datetime) -> bool:
    return apply_brake(item, sha, at)


def _record(row: Recheck, act: str, actor: Actor, at: datetime) -> None:
    """Neither the verdict nor a case stands in the entry's words: it is vouched for, and told where it may be read."""
    ledger.append(act=act, actor=actor, at=at, subject=Subject(RECHECK, row.id), facts=facts_of_recheck(row))
