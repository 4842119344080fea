"""A hall's plan for appointments as a value; what nobody has set has its usual numbers."""

from uuid import UUID

from yichuang.visits.models import BookingGroup, BookingHall, Queue
from yichuang.visits.values.booking import BookingRules, GroupPlan


def rules_of(place: UUID) -> BookingRules:
    """The rules of the hall."""
    row = BookingHall.objects.filter(place=place).first()
    return BookingRules(row.days_ahead, row.release, row.walk_in_percent) if row else BookingRules()


def plan_of(queue: Queue) -> GroupPlan:
    """The plan of the group; without one it serves nobody by appointment."""
    row = BookingGroup.objects.filter(queue=queue).first()
    return plan_in(row) if row else GroupPlan()


def plan_in(row: BookingGroup) -> GroupPlan:
    """The row as a value."""
    morning, noon, afternoon = row.weekday
    first, second, third = row.weekend
    return GroupPlan((morning, noon, afternoon), (first, second, third), row.minutes, row.home, row.video)
