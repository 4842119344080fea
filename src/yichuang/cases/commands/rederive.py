"""The calendar changed: the cached due days of open cases are derived anew. Nobody acts, so no version.

Only a promised day that moves is more than a cache: an entry of the system says so and vouches for it.
"""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from yichuang.cases.clocks import refresh_due, start_of
from yichuang.cases.events import DueMoved
from yichuang.cases.models import Case, Material
from yichuang.cases.offers import last_day
from yichuang.cases.rules.clock import end_of
from yichuang.cases.values import MaterialState
from yichuang.cases.vouch import of_case, of_materials
from yichuang.core import events, ledger
from yichuang.core.actors import SYSTEM
from yichuang.core.ledger import Subject
from yichuang.core.workdays import Calendar
from yichuang.engine import commands as engine
from yichuang.network import queries as network

BATCH = 200


@transaction.atomic
def rederive_due(*, first_day: date, after: UUID | None, at: datetime) -> UUID | None:
    """The next batch of cases (by id, behind `after`) that fall due on or behind `first_day`; the last one's id.

    None when there are no more. A case whose clock stands still has no due day; it is derived when it runs again.
    """
    rows = Case.objects.filter(due_at__gt=start_of(first_day))
    if after is not None:
        rows = rows.filter(id__gt=after)
    batch = list(rows.select_for_update(of=("self",)).order_by("id")[:BATCH])
    for case in batch:
        _rederive(case, at)
    _keep_promised_days_open(batch, first_day, network.working_calendar(), at)
    return batch[-1].id if len(batch) == BATCH else None


def _rederive(case: Case, at: datetime) -> None:
    before = (case.answer_due_at, case.due_at)
    refresh_due(case, now=at, calendar_changed=True)
    if (case.answer_due_at, case.due_at) == before:
        return
    case.save(update_fields=["answer_due_at", "due_at"])
    if case.promise_until is not None:
        _move_offer(case, at)
    engine.set_due(subject=("case", case.id), due_at=case.due_at)
    events.publish(DueMoved(case_id=case.id, number=case.number, at=at))


def _move_offer(case: Case, at: datetime) -> None:
    """An offered promise is to be signed before the last day of the answer, whatever the letter said first."""
    case.promise_until = end_of(last_day(case))
    case.save(update_fields=["promise_until"])
    ledger.append(
        act="move-offer", actor=SYSTEM, at=at, subject=Subject("case", case.id), facts={"case": of_case(case)}
    )


def _keep_promised_days_open(batch: list[Case], first_day: date, calendar: Calendar, at: datetime) -> None:
    """A promised day on which nobody works any more becomes the next working day (民法典 art. 203); it never moves back."""
    promised = Material.objects.filter(
        case__in=batch, state=MaterialState.PROMISED.value, due_date__gte=first_day
    ).order_by("id")
    moved: set[UUID] = set()
    for row in promised:
        assert row.due_date is not None
        open_day = calendar.next_working(row.due_date)
        if open_day != row.due_date:
            row.due_date = open_day
            row.save(update_fields=["due_date"])
            moved.add(row.case_id)
    for case in sorted(moved):
        rows = of_materials(Material.objects.filter(case=case).order_by("order"))
        ledger.append(
            act="move-promised-day", actor=SYSTEM, at=at, subject=Subject("case", case), facts={"materials": rows}
        )
