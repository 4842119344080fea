"""What cases do when something happened below."""

from yichuang.cases.clocks import start_of
from yichuang.cases.jobs import rederive
from yichuang.cases.models import Case
from yichuang.core.events import subscribe
from yichuang.core.jobs import enqueue
from yichuang.network.events import CalendarChanged


@subscribe(CalendarChanged)
def rederive_due_days(event: CalendarChanged) -> None:
    """A working day came or went: the due days that lie behind it are derived anew, in the background."""
    if Case.objects.filter(due_at__gt=start_of(event.first_day)).exists():
        enqueue(rederive, first_day=event.first_day.isoformat(), after="")
