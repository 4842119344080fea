"""What cases do when something happened below."""

from yichuang.cases.clocks import start_of
from yichuang.cases.commands.stuck import note_stuck
from yichuang.cases.commands.work import do_work_job
from yichuang.cases.jobs import rederive
from yichuang.cases.models import Case
from yichuang.cases.processes import KIND, TENANT, lock
from yichuang.core import ledger, live
from yichuang.core.actors import SYSTEM
from yichuang.core.events import subscribe
from yichuang.core.jobs import enqueue
from yichuang.core.ledger import Subject
from yichuang.engine.events import ProcessStuck, TimerFired, WorkWaits
from yichuang.engine.ports import own
from yichuang.network.events import CalendarChanged


@subscribe(CalendarChanged)
def rederive_due_days(event: CalendarChanged) -> None:
    """A working day came or went: the due days that lie behind it are derived anew, in the background."""
    if Case.objects.filter(due_at__gt=start_of(event.first_day)).exists():
        enqueue(rederive, first_day=event.first_day.isoformat(), after="")


own(KIND, tenant=TENANT, lock=lock)


@subscribe(WorkWaits)
def do_what_a_process_asks(event: WorkWaits) -> None:
    """After the commit: whoever acted does not wait for it, and holds the case's lock until then."""
    if event.tenant == TENANT:
        enqueue(do_work_job, lock=f"case:{event.subject_id}", wait=event.wait)


@subscribe(ProcessStuck)
def tell_of_a_process_that_is_stuck(event: ProcessStuck) -> None:
    """Nothing moves it by itself: people have to know."""
    if event.subject_kind == KIND:
        note_stuck(event)


@subscribe(TimerFired)
def note_a_timer(event: TimerFired) -> None:
    """A moment that moved the process stands on the record of the case."""
    if event.subject_kind != KIND:
        return
    detail = {"node": event.node, "event": event.event, "zh": event.name.zh, "en": event.name.en}
    ledger.append(
        act="process-timer", actor=SYSTEM, at=event.at, subject=Subject(KIND, event.subject_id), detail=detail
    )
    live.tell(f"case:{event.subject_id}")
