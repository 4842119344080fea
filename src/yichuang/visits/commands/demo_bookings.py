"""Appointments of the demo: every hall with queues opens them, some places are taken."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from yichuang.core.actors import Actor, Channel
from yichuang.core.clock import local_date
from yichuang.network import queries as network
from yichuang.network.values import PlaceKind
from yichuang.people import queries as people
from yichuang.visits.commands.booking.making import keep_booking
from yichuang.visits.commands.booking.planning import write_slots
from yichuang.visits.models import BookingGroup, BookingHall, Queue, Slot
from yichuang.visits.places import lock_booker, take_place
from yichuang.visits.values.booking import BookingKind, BookingRules

LETTER: Final = "A"
DAYS: Final = BookingRules().days_ahead + 1
NAMES: Final = frozenset({"王秀英", "买买提·阿卜杜热合曼·吐尔逊江", "𠮷野䶮", "孙燕"})
ITEM: Final = "yangquan-dengji"


@transaction.atomic
def load_demo_bookings(*, at: datetime) -> int:
    """How many slots were published. A second run writes nothing."""
    count = 0
    planned = BookingGroup.objects.order_by("queue_id").values("queue_id")
    for queue in Queue.objects.filter(letter=LETTER, active=True).exclude(id__in=planned).order_by("place_id"):
        place, windows = network.get_place_by_id(queue.place_id), max(1, len(queue.windows))
        big = place.kind is PlaceKind.DISTRICT_HALL
        hall = BookingRules()
        BookingHall.objects.create(
            place_id=place.id, days_ahead=hall.days_ahead, release=hall.release, walk_in_percent=hall.walk_in_percent
        )
        BookingGroup.objects.create(
            queue=queue, weekday=[windows, max(1, windows // 2), windows], weekend=[1, 1, 1], minutes=15,
            home=2 if big else 0, video=3 if big else 0,
        )  # fmt: skip
        today = local_date(at)
        count += write_slots(queue, today, today + timedelta(days=DAYS), at)
        if big:
            _book_some(queue.place_id, at)
    return count


def _book_some(place: UUID, at: datetime) -> None:
    known = [row for row in people.list_demo_parties() if row.name in NAMES]
    free = Slot.objects.filter(place=place, kind=BookingKind.HALL.value, starts_at__gt=at).order_by("starts_at")[:60]
    for n, row in enumerate(known):
        slot = free[n * 7 % len(free)]
        if take_place(slot.id):
            actor = Actor("person", id=row.id, channel=Channel.PORTAL)
            keep_booking(actor, slot, lock_booker(row.id), [ITEM], key=f"demo:{row.id}", at=at)
