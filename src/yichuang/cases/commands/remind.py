"""A reminder before promised papers fall due (容缺承诺): two working days before, once for each day on which some do."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from yichuang.cases import tellings
from yichuang.cases.models import Case, Material
from yichuang.cases.states import Act, State, can_move
from yichuang.core.clock import local_date
from yichuang.network import queries as network

REMIND = 2  # working days before


@transaction.atomic
def remind_promise(*, case: UUID, at: datetime) -> int:
    """Tell the applicant of papers still missing whose day is at most two working days away; how many days were named.

    Again is nothing: each day of a case is told once. Nothing for a case that can no longer lapse. Run by a job.
    """
    row = Case.objects.select_for_update(of=("self",)).get(id=case)
    if not can_move(State(row.state), Act.LAPSE):
        return 0
    today = local_date(at)
    near = Material.objects.filter(
        case=row, state="promised", due_date__gte=today, due_date__lte=network.working_calendar().add(today, REMIND)
    )
    days = list(near.order_by("due_date").values_list("due_date", flat=True))
    for day in dict.fromkeys(days):
        assert day is not None
        tellings.tell_promise_due(row, count=days.count(day), due=day, at=at)
    return len(set(days))
