"""What a hall node needs of the centre's data, as it travels: its network, its people, its queues, its appointments."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from yichuang.core.clock import local_date
from yichuang.core.copies import Row, row_of, take
from yichuang.devices import commands as devices_commands
from yichuang.devices import queries as devices
from yichuang.network import commands as network_commands
from yichuang.network import queries as network
from yichuang.people import commands as people_commands
from yichuang.people import queries as people
from yichuang.visits.models import Booker, Booking, ExtendedService, NodeAct, QualifiedItem, Queue, Slot
from yichuang.visits.values.booking import BookingKind
from yichuang.visits.values.node import ActKind

DAYS = timedelta(days=4)
OF_BOOKING = ("ticket_id", "made_by_id", "staff_id", "helper_id", "address", "reason")  # stay at the centre
TABLES = (Queue, QualifiedItem, ExtendedService, Booker, Slot)
Copy = Mapping[str, Mapping[str, Sequence[Row]]]


def copied(node: UUID, place: UUID, *, at: datetime) -> Copy:
    """Everything that the node of this hall needs for the next days. No case, no file, of people only who works there and who
    has an appointment there."""
    today = local_date(at)
    hall = BookingKind.HALL.value
    bookings = Booking.objects.filter(place=place, day__gte=today, day__lt=today + DAYS, slot__kind=hall).order_by("id")
    rows: dict[str, list[Row]] = {
        "Queue": [row_of(row) for row in Queue.objects.filter(place=place).order_by("id")],
        "QualifiedItem": [row_of(row) for row in QualifiedItem.objects.order_by("pk")],
        "ExtendedService": [row_of(row) for row in ExtendedService.objects.filter(hours__place=place).order_by("id")],
        "Slot": [row_of(row) for row in Slot.objects.filter(id__in=bookings.values("slot")).order_by("id")],
        "Booker": [row_of(row) for row in Booker.objects.filter(person__in=bookings.values("booker")).order_by("pk")],
        "Booking": [row_of(row, but=OF_BOOKING) for row in bookings],
    }
    visitors = [UUID(row["booker_id"]) for row in rows["Booking"]]
    return {
        "network": network.copied(),
        "people": people.copied_of(place, visitors),
        "devices": devices.copied(node),
        "visits": rows,
    }


def mark_of(copy: Copy) -> str:
    """The same copy has the same mark."""
    return hashlib.sha256(json.dumps(copy, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


@transaction.atomic
def take_copied(copy: Copy) -> None:
    """The same data at the node. An appointment that was kept in the hall stays kept, though the centre has not heard it yet."""
    network_commands.take_copied(copy["network"])
    people_commands.take_copied_of(copy["people"])
    devices_commands.take_copied(copy["devices"])
    rows = copy["visits"]
    for table in TABLES:
        take(table, rows[table.__name__])
    kept = set(NodeAct.objects.filter(kind=ActKind.ARRIVE.value).order_by("seq").values_list("subject", flat=True))
    told: list[Mapping[str, Any]] = [row for row in rows["Booking"] if UUID(row["id"]) not in kept]
    Booking.objects.exclude(id__in=[*kept, *(row["id"] for row in told)]).delete()
    take(Booking, told)
