"""特别程序: what may lawfully stop the legal clock (行政许可法 art. 45), told in writing."""

from datetime import datetime

from django.db import transaction

from yichuang.cases import hearings, messages, papers, tellings
from yichuang.cases.commands.refuse import check_reason
from yichuang.cases.commands.saying import tell
from yichuang.cases.commands.work import do_work_job
from yichuang.cases.models import Suspension
from yichuang.cases.moves import begin, finish
from yichuang.cases.processes import calendar, subject_of
from yichuang.cases.states import Act, State
from yichuang.cases.values import GROUND_WORDS, CaseHead, DocumentKind, Ground
from yichuang.core import jobs
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date
from yichuang.core.refusals import Conflict, Reason, refuse_all
from yichuang.engine import commands as engine
from yichuang.engine import queries


@transaction.atomic
def suspend_case(
    *, actor: Actor, number: str, version: int, ground: str, days: int, reason: str, at: datetime
) -> CaseHead:
    """Stop the legal clock on one of the eight grounds; the days needed are told in writing."""
    case = begin(actor=actor, number=number, version=version, act=Act.SUSPEND, at=at)
    faults = check_reason(reason)
    if ground not in set(Ground):
        faults.append(Reason("GROUND_UNKNOWN", messages.GROUND_UNKNOWN, "/ground", "《行政许可法》第四十五条"))
    if not 1 <= days <= 180:
        faults.append(Reason("DAYS_NEEDED", messages.DAYS_NEEDED, "/days"))
    refuse_all(faults)
    suspension = Suspension.objects.create(
        case=case, ground=ground, reason=reason.strip(), planned_days=days, start_date=local_date(at), by_id=actor.id
    )
    case.fresh.append(suspension)
    values = {
        "ground": GROUND_WORDS[Ground(ground)].zh,
        "days": f"{days}",
        "reason": reason.strip(),
        "started_on": local_date(at).isoformat(),
        "basis": "《中华人民共和国行政许可法》第四十五条" if case.is_permit else "",
    }
    document = papers.issue_document(case, DocumentKind.SPECIAL_PROCEDURE, actor=actor, at=at, values=values)
    detail: dict[str, str | int | bool | None] = {"ground": ground, "days": days, "document": str(document)}
    head = finish(case, actor=actor, act=Act.SUSPEND, at=at, detail=detail, documents=(document,))
    engine.set_due(subject=("case", case.id), due_at=None)  # no limit runs: its tasks are the last of the list
    engine.pause_timers(subject=subject_of(case), at=at)
    tellings.tell_suspended(case, ground=Ground(ground), days=days, at=at)
    return head


@transaction.atomic
def resume_case(*, actor: Actor, number: str, version: int, at: datetime) -> CaseHead:
    """The special procedure has ended; the clock runs on."""
    case = begin(actor=actor, number=number, version=version, act=Act.RESUME, at=at)
    if hearings.is_called(case.id):
        raise Conflict(Reason("HEARING_CALLED", messages.HEARING_CALLED))
    for suspension in case.suspensions.filter(end_date=None).order_by("id"):
        suspension.end_date = local_date(at)
        suspension.save(update_fields=["end_date"])
        case.fresh.append(suspension)
    head = finish(case, actor=actor, act=Act.RESUME, at=at, to=State.IN_REVIEW)
    engine.set_due(subject=("case", case.id), due_at=case.due_at)
    engine.resume_timers(subject=subject_of(case), at=at, calendar=calendar())
    for work in queries.waits_of(subject_of(case)):
        if work.kind in queries.WORK:  # what was asked for meanwhile waited
            jobs.enqueue(do_work_job, lock=f"case:{case.id}", wait=work.id)
    tell(case, "resumed", at=at)
    tellings.tell_resumed(case, at=at)
    return head
