"""决定: 准予 or 不予, by the person with the power (行政许可法 arts. 34, 37–38); the chief representative on the spot."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from yichuang.cases import hearings, messages, papers, tellings
from yichuang.cases.commands.refuse import check_reason
from yichuang.cases.commands.serve import serve_grant
from yichuang.cases.comparing import why_not_by
from yichuang.cases.events import CaseDecided
from yichuang.cases.following import why_not_grant
from yichuang.cases.models import Case, Decision, Hold
from yichuang.cases.moves import begin, finish, relations_of
from yichuang.cases.permissions import is_chief_of
from yichuang.cases.processes import calendar
from yichuang.cases.rules.hearing import BASIS, HEARING_OPEN
from yichuang.cases.states import Act
from yichuang.cases.values import CaseHead, DocumentKind
from yichuang.catalog import queries as catalog
from yichuang.core import events
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date
from yichuang.core.refusals import Reason, Refused, refuse_all
from yichuang.engine import commands as engine
from yichuang.engine import queries as tasks


@transaction.atomic
def decide_case(
    *,
    actor: Actor,
    number: str,
    version: int,
    outcome: str,
    reasons: str,
    at: datetime,
    opinion: str = "",
    basis: Sequence[str] = (),
) -> CaseHead:
    """Decide. "deny" needs reasons and the law that they rest on (`basis`: keys of the item's `Pack.grounds`), and its
    document names both and the remedies (行政许可法 art. 38); "grant" with papers outstanding is only prepared.

    The departments must have finished, unless the chief representative (首席代表) decides at the counter.
    """
    act = Act.DENY if outcome == "deny" else Act.GRANT
    case = begin(actor=actor, number=number, version=version, act=act, at=at)
    if outcome not in {"grant", "deny"}:
        raise Refused(Reason("OUTCOME_UNKNOWN", messages.OUTCOME_UNKNOWN, "/outcome"))
    if waits := hearings.bars(case.id, local_date(at)):
        words = HEARING_OPEN.format(day=waits)
        raise Refused(Reason("HEARING_OPEN", words, basis=BASIS), kind="conflict")
    if outcome == "grant":
        refuse_all([*why_not_grant(case), *why_not_by(case, actor)], kind="conflict")
    cited: tuple[str, ...] = ()
    if outcome == "deny":
        cited, faults = _cited(case, basis, at)
        refuse_all([*check_reason(reasons, "/reasons"), *faults])
    _close_tasks(case, actor, outcome, opinion or reasons, at)
    Decision.objects.create(
        case=case,
        outcome=outcome,
        reasons={"text": reasons.strip(), **({"basis": list(cited)} if cited else {})},
        made_at=at,
        made_by_id=actor.id if actor.is_staff else None,
    )
    case.decided_at, case.outcome = at, outcome
    if outcome == "deny":
        return _deny(case, actor, reasons, cited, at)
    if Hold.objects.filter(case=case, kind="promise", lifted_at=None).exists():
        return finish(case, actor=actor, act=Act.PREPARE_GRANT, at=at)
    return serve_grant(case, actor=actor, act=Act.GRANT, at=at)


def _cited(case: Case, basis: Sequence[str], at: datetime) -> tuple[tuple[str, ...], list[Reason]]:
    """The chosen law as the paper cites it, in the item's order; and what is wrong with the choice."""
    grounds = catalog.get_pack(case.item_code, version=case.item_version, at=at).grounds()
    faults = [
        Reason("BASIS_UNKNOWN", messages.BASIS_UNKNOWN.format(basis=one[:40]), "/basis")
        for one in basis
        if one not in grounds
    ]
    if not basis:
        faults.append(Reason("BASIS_NEEDED", messages.BASIS_NEEDED, "/basis", basis="《行政许可法》第三十八条"))
    return tuple(told for key, told in grounds.items() if key in basis), faults


def _close_tasks(case: Case, actor: Actor, outcome: str, opinion: str, at: datetime) -> None:
    """Complete the deciding task, or, for a chief representative on the spot, end the process with the decision."""
    task = tasks.find_open_task(("case", case.id), act="decide")
    if task is not None and task.post in actor.posts:
        if task.claimed_by is None:
            engine.claim_task(actor=actor, task=task.id, version=None, at=at)
        engine.complete_task(
            actor=actor,
            task=task.id,
            outcome=outcome,
            opinion=opinion,
            variables={"decision": outcome},
            at=at,
            calendar=calendar(),
        )
        # what others were still asked is asked no more, and no time or message beside the decision comes later
        engine.cancel_beside(subject=("case", case.id), node=task.node, at=at, reason="decided")
        return
    if is_chief_of(actor, relations_of(case)):
        engine.cancel_process(subject=("case", case.id), at=at, reason="chief-representative")
        return
    raise Refused(Reason("REVIEW_OPEN", messages.REVIEW_OPEN), kind="conflict")


def _deny(case: Case, actor: Actor, reasons: str, cited: Sequence[str], at: datetime) -> CaseHead:
    values = {"reasons": reasons.strip(), "basis": "；".join(cited), **papers.remedies_of(case)}
    document = papers.issue_document(case, DocumentKind.REFUSAL, actor=actor, at=at, values=values)
    Decision.objects.filter(case=case).update(served_at=at)
    head = finish(case, actor=actor, act=Act.DENY, at=at, detail={"document": str(document)}, documents=(document,))
    tellings.tell_decided(case, granted=False, at=at)
    events.publish(
        CaseDecided(
            case_id=case.id,
            number=case.number,
            at=at,
            package=case.package,
            outcome="deny",
            certificate=None,
            has_physical_result=False,
        )
    )
    return head
