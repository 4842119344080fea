"""For the contract test: the queue of a hall, its appointments and the ratings of its services, each step where it makes sense."""

from collections.abc import Callable
from typing import Any

from tests.visits.hall import Hall
from tests.web.api import recipes_booking, recipes_desk, recipes_feedback, recipes_load

from yichuang.visits.commands.serving import start
from yichuang.visits.models import Queue


def register(recipe: Callable[[str], Callable[[Any], Any]]) -> None:
    """Add them to the recipes."""
    for operation, prepare in {**OPERATIONS, **recipes_feedback.OPERATIONS}.items():
        recipe(operation)(prepare)
    recipes_booking.register(recipe)
    recipes_load.register(recipe)
    recipes_desk.register(recipe)


def _hall(world: Any, **path: str) -> Hall:
    world.user, world.path = "lina", path
    return Hall.of(world.demo)


def _called(world: Any, **path: str) -> Hall:
    hall = _hall(world, **path)
    hall.take()
    hall.open()
    hall.call()
    return hall


def _serving(world: Any, **path: str) -> Hall:
    hall = _called(world, **path)
    start(actor=hall.clerk, at=hall.at)
    return hall


def _waits(world: Any, **path: str) -> None:
    hall = _hall(world, **path)
    world.path["ticket"] = str(hall.take().ticket)
    hall.open()


def _board(world: Any) -> None:
    _called(world, place="LH")


def _take(world: Any) -> None:
    hall = _hall(world, place="LH")
    world.user, world.body = "zhangxiao", {"queue": str(hall.queues["A"]), "companions": 1}
    world.headers["Idempotency-Key"] = "one-number"


def _mine(world: Any) -> None:
    hall = _hall(world)
    hall.take()
    world.path["token"] = hall.take(person=world.demo.actor("zhangxiao").id).token
    hall.open()
    hall.call()


def _holder(step: str) -> Callable[[Any], None]:
    def prepare(world: Any) -> None:
        _mine(world)
        world.path["step"] = step

    return prepare


def _halls_now(world: Any) -> None:
    _called(world, code="yangquan-dengji")


def _way(world: Any) -> None:
    hall = _hall(world)
    world.path["token"] = hall.take(person=world.demo.actor("zhangxiao").id).token
    world.body = {"minutes": 15}


def _desk(world: Any) -> None:
    hall = _called(world, place="LH")
    hall.take(reason="seventy")


def _open(world: Any) -> None:
    _hall(world, place="LH")
    world.body = {"window": "1"}


def _next(world: Any) -> None:
    hall = _hall(world)
    hall.take()
    hall.open()


def _step(world: Any) -> None:
    _called(world, step="recall")


def _finish(world: Any) -> None:
    _serving(world)
    world.body = {"outcome": "consulted"}


def _transfer(world: Any) -> None:
    _waits(world)
    there = Queue.objects.get(place=world.demo.actor("lina").place, letter="B")
    world.body = {"queue": str(there.id)}


def _ticket(world: Any) -> None:
    _waits(world, step="call")


OPERATIONS = {
    "GET /halls/{place}/board": _board,
    "POST /halls/{place}/tickets": _take,
    "GET /items/{code}/halls": _halls_now,
    "POST /tickets/{token}/reminders/leave": _way,
    "GET /tickets/{token}": _mine,
    "POST /tickets/{token}/{step}": _holder("step-away"),
    "GET /halls/{place}/desk": _desk,
    "POST /halls/{place}/desk/open": _open,
    "POST /desk/next": _next,
    "POST /desk/steps/{step}": _step,
    "POST /desk/finish": _finish,
    "POST /desk/tickets/{ticket}/transfer": _transfer,
    "POST /desk/tickets/{ticket}/steps/{step}": _ticket,
}
