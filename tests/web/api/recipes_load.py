"""For the contract test: the desk of a hall's manager, with somebody at window 1."""

from collections.abc import Callable
from datetime import time
from typing import Any

from tests.visits.hall import Hall

from yichuang.core.clock import local_date
from yichuang.core.words import Words
from yichuang.network.values import Span
from yichuang.visits.commands.hours import extend_hours


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


def _hours(world: Any) -> None:
    _extended(world)


def _extend(world: Any) -> None:
    hall = _managed(world)
    world.body = {
        "weekdays": [5], "first": "2026-11-24", "opens": "12:00", "closes": "17:00", "queues": [str(hall.queues["A"])],
        "windows": ["1"], "reason": "周末延时", "reason_en": "Week-end hours",
    }  # fmt: skip


def _extended(world: Any) -> str:
    hall = _managed(world)
    today, why = local_date(hall.at), Words("延时办理", "Extended hours")
    given = {"actor": world.demo.actor("mali"), "place": hall.place, "first": today, "last": today, "at": hall.at}
    return str(extend_hours(**given, span=Span(time(18), time(20)), reason=why))


def _end_extended(world: Any) -> None:
    world.path["hours"] = _extended(world)
    world.body = {"reason": "当晚停电"}


def _longer(world: Any) -> None:
    _managed(world)
    world.body = {"until": "19:00"}


def _until_last(world: Any) -> None:
    _managed(world)
    world.body = {"on": True}


def _settings(world: Any) -> None:
    _managed(world)


def _setting(world: Any) -> None:
    _managed(world)
    world.body = {
        "letter": "K", "name": "企业开办", "name_en": "Opening a company", "aim_minutes": 20, "scope": "named",
        "windows": ["1", "2"], "items": ["youxian-gongsi-sheli"], "departments": [], "order": 3,
    }  # fmt: skip


def _standard(world: Any) -> None:
    Hall.of(world.demo).none()
    world.user, world.path = "mali", {"place": "LH"}


def _retire(world: Any) -> None:
    _managed(world, letter="B")


OPERATIONS = {
    "GET /halls/{place}/queue-settings": _settings,
    "POST /halls/{place}/queue-settings": _setting,
    "POST /halls/{place}/queue-settings/standard": _standard,
    "POST /halls/{place}/queue-settings/{letter}/retire": _retire,
    "GET /halls/{place}/hours": _hours,
    "POST /halls/{place}/extended-hours": _extend,
    "POST /halls/{place}/extended-hours/{hours}/end": _end_extended,
    "POST /halls/{place}/today/longer": _longer,
    "POST /halls/{place}/today/until-last": _until_last,
    "GET /halls/{place}/load": _load,
    "POST /halls/{place}/windows/{window}/steps/{step}": _step,
    "POST /halls/{place}/windows/{window}/seat": _seat,
    "POST /halls/{place}/windows/{window}/hand-over": _hand_over,
    "POST /halls/{place}/windows/{window}/queues": _queues,
    "POST /halls/{place}/items/{code}/queue": _item,
}
