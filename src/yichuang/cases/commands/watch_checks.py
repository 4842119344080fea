"""后续核查 in time: who makes a check is reminded, and one that runs late is brought before the supervisors (督办)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from yichuang.cases.models import Case, Escalation, SignedCommitment
from yichuang.cases.models.commitment import CommitmentCheck
from yichuang.cases.rules.clock import end_of
from yichuang.cases.rules.commitment import AHEAD
from yichuang.cases.tellings.checks import supervisors_of, tell_of_check
from yichuang.cases.values import STEP_WORDS, Limit, Step
from yichuang.cases.vouch import facts_of
from yichuang.core import clock, jobs, ledger, live
from yichuang.core.actors import SYSTEM
from yichuang.core.clock import local_date
from yichuang.core.ledger import Subject
from yichuang.core.words import W
from yichuang.network import queries as network
from yichuang.people import queries as people

SOON = W("期限将至", "soon due")


@transaction.atomic
def remind_check(*, check: UUID, at: datetime) -> Step | None:
    """Remind the post of a check that is soon due; on its last day and once late, put that on record, each once, and when
    late tell the supervisors too. Run by a job; what was put on record, or None."""
    found = CommitmentCheck.objects.filter(id=check, state="open").first()
    if found is None:
        return None
    case = Case.objects.select_for_update(of=("self",)).get(id=found.case_id)
    row = SignedCommitment.objects.get(id=found.commitment_id)
    today = local_date(at)
    if found.due_date > today:
        tell_of_check(case, found, SOON, "soon", _post(row, at), at=at)
        live.tell(f"post:{row.post}")
        return None
    step = Step.OVERDUE if found.due_date < today else Step.DUE_SOON
    due = end_of(found.due_date)
    written, fresh = Escalation.objects.get_or_create(
        case=case, step=step.value, limit=Limit.CHECK.value, due_at=due, defaults={"at": at}
    )
    if fresh:
        ledger.append(
            act="escalate",
            actor=SYSTEM,
            at=at,
            subject=Subject("case", case.id),
            detail={"step": step.value, "limit": Limit.CHECK.value, "due": due.isoformat()},
            facts=facts_of(written),
        )
    # Two checks of a case may fall on one day and share the row: each is told, once by the mark of its own notice.
    who = _post(row, at) | (supervisors_of(case, at) if step is Step.OVERDUE else set())
    tell_of_check(case, found, STEP_WORDS[step], step.value, who, at=at)
    live.tell(f"post:{row.post}")
    return step if fresh else None


def _post(row: SignedCommitment, at: datetime) -> set[UUID]:
    return {one.id for one in people.list_at_post(row.post, at=at)}


@jobs.job(name="cases.remind_check")
def remind_check_job(check: UUID) -> None:
    """One check that is due, or soon will be."""
    remind_check(check=check, at=clock.now())


@jobs.periodic("25 9 * * *")
@jobs.job(name="cases.watch_checks")
def watch_checks() -> None:
    """Once a day, in the morning of the hall: the open checks that are due within five working days, or late."""
    last = network.working_calendar().add(local_date(clock.now()), AHEAD)
    open_ones = CommitmentCheck.objects.filter(state="open", due_date__lte=last).order_by("due_date", "id")
    for check in open_ones.values_list("id", flat=True):
        jobs.enqueue_once(remind_check_job, key=f"check:{check}", check=check)
