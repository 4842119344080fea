"""For the contract test: the desk of a hall's manager, with somebody at window 1."""

from collections.abc import Callable
from typing import Any

from tests.visits.hall import Hall


def register(recipe: Callable[[str], Callable[[Any], Any]]) -> None:
    """Add them to the recipes."""
    for operation, prepare in OPERATIONS.items():
        recipe(operation)(prepare)


def _managed(world: Any, **path: str) -> Hall:
    hall = Hall.of(world.demo)
    hall.take()
    hall.open()
    hall.call()
    world.user, world.path = "mali", {"place": "LH", **path}
    return hall


def _load(world: Any) -> None:
    _managed(world)


def _step(world: Any) -> None:
    _managed(world, window="1", step="pause")


def _seat(world: Any) -> None:
    _managed(world, window="2")
    world.body = {"staff": str(world.demo.actor("zhoujie").id)}


def _hand_over(world: Any) -> None:
    _managed(world, window="1")
    world.body = {"staff": str(world.demo.actor("zhoujie").id)}


def _queues(world: Any) -> None:
    hall = _managed(world, window="1")
    world.body = {"queues": [str(hall.queues["A"])], "lasting": True}


def _item(world: Any) -> None:
    hall = _managed(world, code="yangquan-dengji")
    world.body = {"queue": str(hall.queues["B"])}


OPERATIONS = {
    "GET /halls/{place}/load": _load,
    "POST /halls/{place}/windows/{window}/steps/{step}": _step,
    "POST /halls/{place}/windows/{window}/seat": _seat,
    "POST /halls/{place}/windows/{window}/hand-over": _hand_over,
    "POST /halls/{place}/windows/{window}/queues": _queues,
    "POST /halls/{place}/items/{code}/queue": _item,
}
