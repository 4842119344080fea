"""流程事务: what the process of a case asks of the house is done, by a job, once; the process goes on."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from yichuang.cases import tellings
from yichuang.cases.commands.escalate import tell_holders
from yichuang.cases.commands.route import take_way
from yichuang.cases.models import Case
from yichuang.cases.processes import TENANT, calendar
from yichuang.cases.states import State
from yichuang.core import clock, faults, jobs, ledger
from yichuang.core.actors import SYSTEM
from yichuang.core.ledger import Subject
from yichuang.engine import commands as engine
from yichuang.engine import queries
from yichuang.engine.values import WaitRow

LONG_AGO = timedelta(minutes=10)
Operation = Callable[[Case, WaitRow, datetime], None]


@transaction.atomic
def do_work(*, wait: UUID, at: datetime) -> bool:
    """Do one piece of work and let the process go on. False when it was done before, or is wanted no more.

    While a special procedure stops the clock it waits, and is offered again when the case goes on. Where the process cannot
    go on by it, it is put off and told of (`commands.stuck`). Raises `LookupError`
    for an operation that is not known: the job stays for a person to look at.
    """
    row = queries.find_work(wait, tenant=TENANT)
    if row is None:
        return False
    case = Case.objects.select_for_update(of=("self",)).get(id=row.subject_id)
    if State(case.state) is State.SUSPENDED:
        return False
    if row.kind == "rule":
        return engine.try_to_go_on(row.id, lambda: take_way(case, row, at), at=at)
    operation = WORK.get(row.key)
    if operation is None:
        raise LookupError(f"no operation {row.key!r} for the process of a case")
    return engine.try_to_go_on(row.id, lambda: _done(case, row, operation, at), at=at)


def _done(case: Case, row: WaitRow, operation: Operation, at: datetime) -> bool:
    """First answered, then done: whoever is to be reminded may hold a task that opens only now."""
    if not engine.answer_work(wait=row.id, variables={}, at=at, calendar=calendar()):
        return False
    faults.point("do_work.after_answer")
    operation(case, row, at)
    ledger.append(
        act="process-work",
        actor=SYSTEM,
        at=at,
        subject=Subject("case", case.id),
        detail={"node": row.node, "operation": row.key, "zh": row.name.zh, "en": row.name.en},
    )
    return True


@jobs.job(name="cases.do_work")
def do_work_job(wait: UUID) -> None:
    """One piece of work that the process of a case asks for."""
    do_work(wait=wait, at=clock.now())


@jobs.periodic("*/10 * * * *")
@jobs.job(name="cases.watch_work")
def watch_work() -> None:
    """Every ten minutes: work that was put off and is due again, or whose job was lost."""
    now = clock.now()
    for kind in queries.WORK:
        last = None
        while rows := queries.list_work(tenant=TENANT, kind=kind, at=now, after=last):
            for row in rows:
                if row.created_at < now - LONG_AGO:  # younger work has its own job still
                    jobs.enqueue_once(do_work_job, key=f"cases.work.{row.id}", wait=row.id)
            last = rows[-1]


def _remind(case: Case, row: WaitRow, at: datetime) -> None:
    tell_holders(case, "process_reminds", {"words": row.name}, row.id, at)


def _tell_applicant(case: Case, row: WaitRow, at: datetime) -> None:
    tellings.tell_progress(case, words=row.name, mark=str(row.id), at=at)


WORK: Mapping[str, Operation] = {"remind": _remind, "tell-applicant": _tell_applicant}
"""By `catalog.values.OPERATIONS`."""
