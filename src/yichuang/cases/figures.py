"""Numbers that the cases room vouches for: counted when asked, never kept."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from yichuang.cases.models import Case
from yichuang.cases.states import ENDS, State
from yichuang.cases.worklists import mine
from yichuang.core.actors import Actor
from yichuang.core.clock import SHANGHAI, local


@dataclass(frozen=True, slots=True)
class DeskFigures:
    """Cases of the actor's places and departments: what came and went today, and how many wait now."""

    filed_today: int
    accepted_today: int
    promised_today: int  # of those accepted, on a promise (容缺受理)
    to_accept: int
    correcting: int
    overdue: int
    ready: int


def desk_figures(actor: Actor, *, at: datetime) -> DeskFigures:
    """One statement. "Today" is the hall's calendar day; `overdue` are open cases whose next due instant has passed."""
    there = local(at)
    start = datetime(there.year, there.month, there.day, tzinfo=SHANGHAI)
    is_open = ~Q(state__in=[state.value for state in ENDS])
    accepted = Q(accepted_at__gte=start)
    counted = Case.objects.filter(mine(actor)).aggregate(
        filed_today=Count("id", filter=Q(filed_at__gte=start)),
        accepted_today=Count("id", filter=accepted),
        promised_today=Count("id", filter=accepted & Q(accepted_as="promise")),
        to_accept=Count("id", filter=Q(state=State.SUBMITTED.value)),
        correcting=Count("id", filter=Q(state=State.CORRECTING.value)),
        overdue=Count("id", filter=is_open & Q(due_at__lt=at)),
        ready=Count("id", filter=Q(state=State.READY.value)),
    )
    return DeskFigures(**counted)
