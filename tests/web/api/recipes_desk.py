"""For the contract test: what a hall lends, who is qualified, its machines, its forecast."""

from collections.abc import Callable
from typing import Any

from tests.visits.hall import Hall

from yichuang.core.words import Words
from yichuang.devices.commands import add_device
from yichuang.people.commands import grant_qualification
from yichuang.visits.commands.loans import lend, set_loan_item
from yichuang.visits.commands.qualified import ask_qualification

ITEM = "yangquan-dengji"


def register(recipe: Callable[[str], Callable[[Any], Any]]) -> None:
    """Add them to the recipes."""
    for operation, prepare in OPERATIONS.items():
        recipe(operation)(prepare)


def _hall(world: Any, user: str, **path: str) -> Hall:
    hall = Hall.of(world.demo)
    world.user, world.path = user, {"place": "LH", **path}
    return hall


def _forecast(world: Any) -> None:
    hall = _hall(world, "zhangxiao")
    hall.take()
    hall.open()


def _things(world: Any) -> dict[str, Any]:
    """An umbrella of the hall, and where it is lent."""
    hall = _hall(world, "lina")
    of = {"place": hall.place, "at": hall.at}
    item = set_loan_item(actor=world.demo.actor("mali"), name=Words("雨伞把", "Umbrella"), owned=2, minutes=60, **of)
    return {**of, "item": item}


def _lent(world: Any) -> str:
    given = _things(world)
    return str(lend(actor=world.demo.actor("lina"), name="张晓", mobile="13800000001", key="a", **given))


def _loans(world: Any) -> None:
    _lent(world)


def _lend(world: Any) -> None:
    world.body = {"item": str(_things(world)["item"]), "name": "张晓", "mobile": "13800000001"}


def _end_loan(world: Any) -> None:
    world.path["loan"] = _lent(world)
    world.path["place"] = "LH"
    world.body = {"how": "lost"}


def _loan_item(world: Any) -> None:
    _hall(world, "mali")
    world.body = {"name_zh": "充电器", "name_en": "Charger", "owned": 3, "minutes": 60}


def _qualified(world: Any) -> str:
    hall = _hall(world, "mali")
    given = {"place": hall.place, "staff": world.demo.actor("zhoujie").id, "at": hall.at}
    return str(grant_qualification(actor=world.demo.actor("mali"), item=ITEM, evidence="考核合格", **given))


def _qualifications(world: Any) -> None:
    _qualified(world)


def _grant(world: Any) -> None:
    _hall(world, "mali")
    world.body = {"staff": str(world.demo.actor("zhoujie").id), "item": ITEM, "evidence": "考核合格"}


def _withdraw(world: Any) -> None:
    row = _qualified(world)
    world.path["qualification"] = row
    world.body = {"reason": "调离"}


def _asking(world: Any) -> None:
    world.user, world.path = "wuqian", {}
    ask_qualification(actor=world.demo.actor("wuqian"), item=ITEM, at=world.demo.at)


def _ask(world: Any) -> None:
    world.user, world.path = "wuqian", {"code": ITEM}


def _lift(world: Any) -> None:
    _asking(world)
    world.path = {"code": ITEM}


def _machine(world: Any) -> str:
    hall = Hall.of(world.demo)
    world.user, world.path = "dengjie", {"code": "LH"}
    given = {"actor": world.demo.actor("dengjie"), "place": hall.place, "at": hall.at}
    return str(add_device(kind="kiosk", name="契约取号机", **given).device)


def _machines(world: Any) -> None:
    _machine(world)


def _add_machine(world: Any) -> None:
    _machine(world)
    world.body = {"kind": "display", "name": "契约窗口屏", "window": "1", "address": "simulator"}


def _one_machine(world: Any) -> None:
    device = _machine(world)
    world.path["device"] = device


OPERATIONS = {
    "GET /halls/{place}/forecast": _forecast,
    "GET /halls/{place}/loans": _loans,
    "POST /halls/{place}/loans": _lend,
    "POST /halls/{place}/loans/{loan}/end": _end_loan,
    "POST /halls/{place}/loan-items": _loan_item,
    "GET /halls/{place}/qualifications": _qualifications,
    "POST /halls/{place}/qualifications": _grant,
    "POST /halls/{place}/qualifications/{qualification}/withdraw": _withdraw,
    "GET /administration/asking-items": _asking,
    "POST /administration/asking-items/{code}/ask": _ask,
    "POST /administration/asking-items/{code}/lift": _lift,
    "GET /administration/places/{code}/devices": _machines,
    "POST /administration/places/{code}/devices": _add_machine,
    "POST /administration/places/{code}/devices/{device}/code": _one_machine,
    "POST /administration/places/{code}/devices/{device}/revoke": _one_machine,
}
