"""A hall's plan for appointments as a value; what nobody has set has its usual numbers."""

from collections.abc import Sequence
from uuid import UUID

from yichuang.visits.giving import queue_for
from yichuang.visits.models import BookingGroup, BookingHall, Queue
from yichuang.visits.values.booking import BookingRules, GroupPlan


def rules_of(place: UUID) -> BookingRules:
    """The rules of the hall."""
    row = BookingHall.objects.filter(place=place).first()
    return BookingRules(row.days_ahead, row.release, row.walk_in_percent) if row else BookingRules()


def group_for(place: UUID, items: Sequence[str]) -> Queue | None:
    """The group of the hall that takes appointments for these items: the one that names them goes first."""
    planned = BookingGroup.objects.filter(queue__place=place, queue__active=True).select_related("queue")
    return queue_for([row.queue for row in planned.order_by("queue__order", "queue__letter")], items)


def plan_of(queue: Queue) -> GroupPlan:
    """The plan of the group; without one it serves nobody by appointment."""
    row = BookingGroup.objects.filter(queue=queue).first()
    return plan_in(row) if row else GroupPlan()


def plan_in(row: BookingGroup) -> GroupPlan:
    """The row as a value."""
    morning, noon, afternoon = row.weekday
    first, second, third = row.weekend
    return GroupPlan((morning, noon, afternoon), (first, second, third), row.minutes, row.home, row.video)
