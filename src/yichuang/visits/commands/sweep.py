"""收场: what nobody ended. A number lives for its day; one that has passed is kept for half an hour (domain.md §6)."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from yichuang.cases.commands.encounters import end_encounter
from yichuang.core.actors import SYSTEM
from yichuang.core.clock import local, local_date
from yichuang.visits.halls import note
from yichuang.visits.keeping import keeps, kept_here, lock_any
from yichuang.visits.models import HERE, Desk, HallDay, Ticket
from yichuang.visits.states import Move, TicketState
from yichuang.visits.values import Outcome

KEPT = timedelta(minutes=30)
BATCH = 500


def sweep_halls(*, at: datetime) -> int:
    """How many numbers were ended: of earlier days, and passed ones. Windows of earlier days are closed."""
    today = local_date(at)
    old = Q(day__lt=today) | Q(state=TicketState.PASSED.value, called_at__lt=at - KEPT)
    rows = Ticket.objects.filter(old, kept_here(), state__in=HERE).order_by("place_id", "day", "id")
    ended = sum(_end(ticket, at) for ticket in rows.values_list("id", flat=True)[:BATCH])
    Desk.objects.filter(closed_at=None, opened_at__lt=start_of_day(at)).update(closed_at=at)
    return ended


def start_of_day(at: datetime) -> datetime:
    """The hall's midnight before this moment."""
    return local(at).replace(hour=0, minute=0, second=0, microsecond=0)


@transaction.atomic
def _end(ticket: UUID, at: datetime) -> int:
    """One number, under the lock of its hall's day; what was served and never ended counts as consulted."""
    row = Ticket.objects.select_related("queue").get(id=ticket)
    lock_any(row.place_id, local_date(at))  # whoever ends yesterday's service at this moment has it
    day = HallDay.objects.select_for_update(of=("self",)).filter(place=row.place_id, day=row.day).first()
    row.refresh_from_db()
    if day is None or not keeps(day) or row.state not in HERE:
        return 0
    served = row.state in {TicketState.SERVING.value, TicketState.PARKED.value}
    row.state = (TicketState.DONE if served else TicketState.LEFT).value
    row.ended_at, row.outcome = at, Outcome.CONSULTED.value if served else ""
    row.save(update_fields=["state", "ended_at", "outcome"])
    note(day, row, Move.FINISH if served else Move.LEAVE, actor=SYSTEM, at=at)
    if row.encounter_id is not None and served:
        end_encounter(encounter=row.encounter_id, outcome=row.outcome, at=at)
    return 1
