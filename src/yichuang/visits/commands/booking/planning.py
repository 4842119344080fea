"""号源: how a hall opens its appointments, what each group can serve, and the slots that follow from it."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from yichuang.core import ledger
from yichuang.core.actors import Actor
from yichuang.core.clock import SHANGHAI, local, local_date
from yichuang.core.ledger import Subject
from yichuang.core.refusals import NotFound, Reason, Refused, refuse_all
from yichuang.network import queries as network
from yichuang.network.values import Extended, Span
from yichuang.visits import messages
from yichuang.visits.hours import served_stretches, serving_at
from yichuang.visits.models import BookingGroup, BookingHall, Queue, Slot
from yichuang.visits.permissions import check_can_plan
from yichuang.visits.planned import plan_of, rules_of
from yichuang.visits.rules import booking as rules
from yichuang.visits.values.booking import BookingKind, BookingRules, GroupPlan, WantedRules

MOST_DAYS: Final = 31
Detail = dict[str, str | int | bool | None]


@transaction.atomic
def set_booking_rules(*, actor: Actor, place: UUID, hall: BookingRules | WantedRules, at: datetime) -> None:
    """How many days ahead, from which second, and which share stays for who just comes; for slots published from now on."""
    check_can_plan(actor, place)
    refuse_all(rules.judge_rules(hall))
    assert hall.release is not None
    values = {"days_ahead": hall.days_ahead, "release": hall.release, "walk_in_percent": hall.walk_in_percent}
    BookingHall.objects.update_or_create(place_id=place, defaults=values)
    detail: Detail = {
        "days_ahead": hall.days_ahead,
        "release": hall.release.isoformat(),
        "walk_in_percent": hall.walk_in_percent,
    }
    ledger.append(act="set-booking-rules", actor=actor, at=at, subject=Subject("place", place), detail=detail)


@transaction.atomic
def set_group_plan(*, actor: Actor, place: UUID, group: UUID, plan: GroupPlan, at: datetime) -> None:
    """What a group can serve, by part of the day; for slots published from now on."""
    check_can_plan(actor, place)
    queue = _queue(place, group)
    refuse_all(rules.judge_plan(plan))
    values = {
        "weekday": list(plan.weekday), "weekend": list(plan.weekend), "minutes": plan.minutes, "home": plan.home,
        "video": plan.video,
    }  # fmt: skip
    BookingGroup.objects.update_or_create(queue=queue, defaults=values)
    detail: Detail = {"weekday": str(plan.weekday), "weekend": str(plan.weekend), "minutes": plan.minutes}
    ledger.append(act="set-group-plan", actor=actor, at=at, subject=Subject("queue", queue.id), detail=detail)


@transaction.atomic
def publish_slots(*, actor: Actor, place: UUID, group: UUID, first: date, last: date, at: datetime) -> int:
    """Publish the slots of a group for these days, from the opening calendar and the plan; how many half hours.

    Published again it follows the plan as it is now, but never takes away what was booked: a slot keeps at least so many
    places, and loses them as they are given back. Refused for a range that is empty or longer than a month.
    """
    check_can_plan(actor, place)
    queue = _queue(place, group)
    if not local_date(at) <= first <= last or (last - first).days >= MOST_DAYS:
        raise Refused(Reason("RANGE_WRONG", messages.RANGE_WRONG.format(n=MOST_DAYS), "/first"))
    count = write_slots(queue, first, last, at)
    detail: Detail = {"first": first.isoformat(), "last": last.isoformat(), "slots": count}
    ledger.append(act="publish-slots", actor=actor, at=at, subject=Subject("queue", queue.id), detail=detail)
    return count


def write_slots(queue: Queue, first: date, last: date, at: datetime, *, within: Span | None = None) -> int:
    """The slots of these days as the plan wants them; those that it does not want any more take nobody new. `within`: only
    those that begin in these hours, and none on a day that was closed (cancel_day)."""
    hall, plan = rules_of(queue.place_id), plan_of(queue)
    there = list(
        Slot.objects.select_for_update(of=("self",)).filter(queue=queue, day__range=(first, last)).order_by("id")
    )
    shut = {row.day for row in there} - {row.day for row in there if row.planned}

    def meant(slot: Slot) -> bool:
        begins = local(slot.starts_at).time()
        return slot.starts_at > at and (
            within is None or (slot.day not in shut and within.opens <= begins < within.closes)
        )

    with network.one_look():
        wanted = [slot for slot in _slots(queue, hall, plan, first, last) if meant(slot)]
    kept = {(row.kind, row.starts_at): row for row in there if meant(row)}
    for slot in wanted:
        known = kept.pop((slot.kind, slot.starts_at), None)
        if known is not None:
            _replan(known, slot.planned)
    for row in kept.values():
        _replan(row, 0)
    Slot.objects.bulk_create(wanted, ignore_conflicts=True)
    return len(wanted)


def _replan(row: Slot, planned: int) -> None:
    Slot.objects.filter(id=row.id).update(planned=planned, capacity=Greatest(planned, F("booked")))


def _slots(queue: Queue, hall: BookingRules, plan: GroupPlan, first: date, last: date) -> Iterable[Slot]:
    since = datetime.combine(first, time.min, SHANGHAI)
    until = datetime.combine(last, time.max, SHANGHAI)
    for begin in rules.half_hours(served_stretches(queue.place_id, queue.id, since, until)):
        day, longer = local_date(begin), serving_at(queue.place_id, begin)
        seats = None if longer is None or longer.windows is None else len(longer.windows & set(queue.windows))
        for kind in BookingKind if longer is None else (BookingKind.HALL,):
            places = rules.capacity(plan, kind, begin, hall.walk_in_percent, windows=seats)
            if places > 0 and first <= day <= last:
                yield Slot(
                    place_id=queue.place_id, queue=queue, kind=kind.value, day=day, starts_at=begin,
                    opens_at=rules.opens_at(hall, day), capacity=places, planned=places,
                )  # fmt: skip


def follow_hours(place: UUID, hours: Extended, at: datetime) -> None:
    """The slots that are published already follow hours that were arranged or ended: in these hours, on their days."""
    for group in BookingGroup.objects.filter(queue__place=place, queue__active=True).select_related("queue"):
        known = Slot.objects.filter(queue=group.queue).order_by("-day").values_list("day", flat=True).first()
        first = max(hours.first, local_date(at))
        last = min(hours.last or known, known) if known else None
        if last is not None and first <= last:
            write_slots(group.queue, first, last, at, within=hours.span)


def publish_ahead(*, at: datetime) -> int:
    """Every night: the slots that will be released next, of every group that has a plan; how many half hours."""
    today, count = local_date(at), 0
    for group in BookingGroup.objects.filter(queue__active=True).select_related("queue").order_by("queue_id"):
        days = rules_of(group.queue.place_id).days_ahead
        known = Slot.objects.filter(queue=group.queue).order_by("-day").values_list("day", flat=True).first()
        first = max(today, known + timedelta(days=1)) if known else today
        last = today + timedelta(days=days + 1)
        if first <= last:
            with transaction.atomic():
                count += write_slots(group.queue, first, last, at)
    return count


def _queue(place: UUID, group: UUID) -> Queue:
    queue = Queue.objects.filter(id=group, place=place, active=True).first()
    if queue is None:
        raise NotFound(messages.QUEUE)
    return queue
