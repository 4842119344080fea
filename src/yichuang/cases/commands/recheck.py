"""抽查: some of what was decided alone is looked at by a person who does not see what was decided, nor why (docs/adr/0022)."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from yichuang.cases.commands.draws import record_recheck
from yichuang.cases.commands.refuse import check_reason
from yichuang.cases.commands.rulesets import apply_brake, promoters_of, spec_of
from yichuang.cases.models import AutoDecision, Decision, Document, HumanReview, Recheck, RuleSet
from yichuang.cases.permissions import can_recheck
from yichuang.cases.rules.rulesets import OWN_RULES_LOOK
from yichuang.catalog import queries as catalog
from yichuang.catalog.values import APPROVE
from yichuang.core import ledger
from yichuang.core.actors import Actor
from yichuang.core.ledger import Subject
from yichuang.core.refusals import Change, Conflict, NotFound, Reason, Refused, refuse_all
from yichuang.core.words import W, Words
from yichuang.engine import queries as engine
from yichuang.people import queries as people

THE_DRAW = W("抽查件", "re-check")
DONE_ALREADY = W("这一件已经有人抽查", "Somebody has re-checked this one")
RECHECKED = W("完成了抽查", "re-checked it")
HAND_IN_IT = W("您参与过这个办件，请由同事抽查", "You have had a hand in this case: a colleague re-checks it")
VERDICT_NEEDED = W("请选择应当批还是不应当批", "Say whether it should be granted")
KIND_UNKNOWN = W("请从清单中选择问题", "Choose what is wrong from the list")


@transaction.atomic
def answer_recheck(
    *, actor: Actor, recheck: UUID, verdict: str, reasons: str, found: Collection[str] = (), at: datetime
) -> bool:
    """Say what oneself would have decided: "grant", or "not" with the reasons and, where the table knows it, what was
    missed (`found`: results of the table). True when this let the brake fall; of a control (对照件) nothing follows.

    NotFound for other departments; Refused HAND_IN_IT, OWN_TABLE (403); Conflict DONE_ALREADY naming who and when.
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
    record_recheck(row, "recheck", actor, at)
    return apply_brake(decision.item_code, decision.sha, at) if decision.acted and verdict == "not" else False


def check_no_hand(actor: Actor, decision: AutoDecision) -> None:
    """Refused (403) for who had a hand in the case (HAND_IN_IT), or in the rules that judged it: who made them, and who let
    them decide alone (OWN_TABLE)."""
    if actor.id is not None and _has_hand(actor.id, decision.case_id):
        raise Refused(Reason("HAND_IN_IT", HAND_IN_IT), kind="forbidden")
    item, sha = decision.item_code, decision.sha
    if actor.id in catalog.makers_of(item, sha) | promoters_of(item, sha):
        raise Refused(Reason("OWN_TABLE", OWN_RULES_LOOK), kind="forbidden")


def _has_hand(staff: UUID, case: UUID) -> bool:
    """Whether they acted on it, decided it, wrote one of its papers, held one of its tasks, or answered the applicant."""
    tasks = engine.tasks_of(("case", case))
    return (
        any(entry.actor_id == staff for entry in ledger.list_entries(Subject("case", case)))
        or Decision.objects.filter(case=case, made_by=staff).exists()
        or Document.objects.filter(case=case, by=staff).exists()
        or HumanReview.objects.filter(case=case, answered_by=staff).exists()
        or any(staff in {one.claimed_by, one.done_by, one.delegated_by, one.asked_by} for one in tasks)
    )


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
