"""For the contract test: appointments, each operation where it makes sense."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from tests.visits.booked import ITEM, BookedHall

from yichuang.core.clock import local_date
from yichuang.visits.commands.booking import join_waiting_list
from yichuang.visits.commands.home import answer_fingerprint, take_original
from yichuang.visits.models import Booking, HomeOriginal
from yichuang.visits.values import BookingKind

DAYS = {"first": "2026-11-25", "last": "2026-11-27"}


def register(recipe: Callable[[str], Callable[[Any], Any]]) -> None:
    """Add them to the recipes."""
    for operation, prepare in OPERATIONS.items():
        recipe(operation)(prepare)


def _hall(world: Any, user: str = "zhangxiao", **path: str) -> BookedHall:
    hall = BookedHall.open_to(world.demo, days=4)
    world.user, world.path = user, path
    return hall


def _slots(world: Any) -> None:
    _hall(world, place="LH")
    world.query = {"item": ITEM, **DAYS}


def _book(world: Any) -> None:
    hall = _hall(world)
    world.body = {"slot": str(hall.slot().id), "items": [ITEM]}
    world.headers["Idempotency-Key"] = "one-appointment"


def _mine(world: Any) -> None:
    hall = _hall(world)
    hall.book()
    _wait(hall)


def _one(world: Any) -> BookedHall:
    hall = _hall(world)
    world.path["booking"] = str(hall.book(slot=hall.slot(kind=BookingKind.HOME), address="幸福路 1 号").id)
    return hall


def _move(world: Any) -> None:
    hall = _hall(world)
    world.path["booking"] = str(hall.book().id)
    world.body = {"slot": str(hall.slot(days=2).id)}


def _cancel(world: Any) -> None:
    _one(world)
    world.body = {"reason": "系统维护"}


def _check_in(world: Any) -> None:
    """Booked for the half hour that begins now."""
    hall = _hall(world)
    slot = hall.slot(days=0, hour=11)
    world.path["booking"] = str(hall.book(slot=slot).id)
    slot.starts_at = hall.at
    slot.save(update_fields=["starts_at"])


def _wait(hall: BookedHall) -> UUID:
    day = local_date(hall.at) + timedelta(days=1)
    zhang = hall.demo.actor("zhangxiao")
    given = {"items": [ITEM], "person": zhang.id, "kind": BookingKind.HALL, "first": day, "last": day, "at": hall.at}
    return join_waiting_list(actor=zhang, place=hall.place, **given)


def _join(world: Any) -> None:
    _hall(world)
    world.body = {"place": "LH", "items": [ITEM], **DAYS}


def _waits(world: Any) -> None:
    _wait(_hall(world))


def _waits_one(world: Any) -> None:
    hall = _hall(world)
    world.path["waiting"] = str(_wait(hall))


def _offered(world: Any) -> None:
    hall = _hall(world)
    given_back = hall.book("maimaiti")
    world.path["waiting"] = str(_wait(hall))
    hall.cancel(given_back, "maimaiti")


def _day(world: Any) -> None:
    hall = _hall(world, "lina", place="LH")
    hall.book()
    world.query = {"day": "2026-11-25"}


def _closed(world: Any) -> None:
    hall = _plan(world)
    hall.book()
    world.body = {"day": "2026-11-25", "reason": "停电"}


def _plan(world: Any) -> BookedHall:
    return _hall(world, "mali", place="LH")


def _rules(world: Any) -> None:
    _plan(world)
    world.body = {"days_ahead": 10, "release": "08:30:00", "walk_in_percent": 40}


def _group(world: Any) -> None:
    world.path["group"] = str(_plan(world).queues["A"])
    world.body = {"weekday": [2, 1, 2], "weekend": [0, 0, 0], "minutes": 15}


def _publish(world: Any) -> None:
    world.path["group"] = str(_plan(world).queues["A"])
    world.body = DAYS


def _at_home(world: Any, user: str) -> BookedHall:
    hall = _one(world)
    world.user = user
    return hall


def _helper(world: Any) -> None:
    hall = _at_home(world, "mali")
    world.body = {"helper": str(hall.clerk.id)}


def _carry_out(world: Any) -> None:
    hall = _at_home(world, "lina")
    Booking.objects.filter(id=world.path["booking"]).update(day=local_date(hall.at))
    world.body = {"outcome": "consulted"}


def _goes(world: Any) -> BookedHall:
    hall = _at_home(world, "lina")
    Booking.objects.filter(id=world.path["booking"]).update(day=local_date(hall.at), helper=hall.clerk.id)
    return hall


def _home(world: Any) -> None:
    _goes(world)


def _take_original(world: Any) -> None:
    _goes(world)
    world.body = {"name": "户口簿", "pieces": 1, "key": "one-receipt"}


def _photos(world: Any) -> None:
    hall = _goes(world)
    world.body = {"material": "dog_photos", "uploads": [str(world.demo.upload(hall.clerk, "狗.png"))]}


def _return_original(world: Any) -> None:
    hall, booking = _goes(world), UUID(world.path["booking"])
    take_original(actor=hall.clerk, booking=booking, name="户口簿", pieces=1, key="one", at=hall.at)
    world.path["original"] = str(HomeOriginal.objects.get().id)
    world.body = {"way": "home"}


def _fingerprint(world: Any) -> None:
    _goes(world)
    world.body = {"agreed": False, "alternative": "document"}


def _withdraw(world: Any) -> None:
    hall, booking = _goes(world), UUID(world.path["booking"])
    answer_fingerprint(actor=hall.clerk, booking=booking, agreed=True, at=hall.at)


def _begun(world: Any, user: str) -> None:
    hall = _at_home(world, user)
    row = Booking.objects.select_related("slot").get(id=world.path["booking"])
    row.slot.starts_at = hall.at
    row.slot.save(update_fields=["starts_at"])


def _missed(world: Any) -> None:
    _begun(world, "lina")


def _excuse(world: Any) -> None:
    _begun(world, "mali")
    Booking.objects.filter(id=world.path["booking"]).update(state="MISSED")
    world.body = {"reason": "住院"}


OPERATIONS = {
    "GET /bookings/{booking}/home": _home,
    "POST /bookings/{booking}/home/photos": _photos,
    "POST /bookings/{booking}/home/originals": _take_original,
    "POST /bookings/{booking}/home/originals/{original}/back": _return_original,
    "POST /bookings/{booking}/home/fingerprint": _fingerprint,
    "POST /bookings/{booking}/home/fingerprint/withdraw": _withdraw,
    "GET /halls/{place}/slots": _slots,
    "GET /halls/{place}/bookings": _day,
    "POST /halls/{place}/bookings/cancel-day": _closed,
    "GET /halls/{place}/booking-plan": _plan,
    "POST /halls/{place}/booking-plan/rules": _rules,
    "POST /halls/{place}/booking-plan/groups/{group}": _group,
    "POST /halls/{place}/booking-plan/groups/{group}/publish": _publish,
    "POST /bookings": _book,
    "GET /bookings": _mine,
    "GET /bookings/{booking}": _one,
    "POST /bookings/{booking}/move": _move,
    "POST /bookings/{booking}/cancel": _cancel,
    "POST /bookings/{booking}/check-in": _check_in,
    "POST /bookings/{booking}/helper": _helper,
    "POST /bookings/{booking}/carry-out": _carry_out,
    "POST /bookings/{booking}/missed": _missed,
    "POST /bookings/{booking}/excuse": _excuse,
    "POST /waiting-list": _join,
    "GET /waiting-list": _waits,
    "POST /waiting-list/{waiting}/confirm": _offered,
    "POST /waiting-list/{waiting}/leave": _waits_one,
}
