"""For the contract test: what administrators do, each by its own."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.web.api.test_api import DOG

WITH_TABLE = Path(__file__).resolve().parents[3] / "packs/renshe/shebao-chaxun"


def register(recipe: Callable[[str], Callable[[Any], Any]]) -> None:
    """Add them to the recipes."""
    for operation, prepare in OPERATIONS.items():
        recipe(operation)(prepare)


def _staff(world: Any) -> None:
    world.user, world.query = "anning", {"q": "lina"}


def _open_staff(world: Any) -> None:
    world.user = "shilei"
    world.body = {"username": "apiclerk", "name": "林小满", "staff_no": "A900", "password": "qmzt-8kfp-3xwc-h7rn"}


def _grant(world: Any) -> None:
    world.user, world.path = "anning", {"staff": str(world.demo.actor("gaofeng").id)}
    world.body = {"role": "supervisor", "valid_to": "2027-01-31"}


def _special_day(world: Any) -> None:
    world.user, world.path = "mali", {"code": "LH"}
    world.body = {"day": "2026-12-01", "reason": "消防演练", "reason_en": "Fire drill"}


def _publish(world: Any) -> None:
    world.user, world.path, world.body = "wuqian", {"code": DOG}, {"reason": "新版本"}


def _withdraw_item(world: Any) -> None:
    world.user, world.path, world.body = "wuqian", {"code": DOG}, {"effective_at": "2026-12-31T00:00:00+08:00"}


def _check_process(world: Any) -> None:
    world.user, world.path = "wuqian", {"code": WITH_TABLE.name}
    world.body = {"xml": (WITH_TABLE / "process.bpmn").read_text(encoding="utf-8")}


def _check_decision(world: Any) -> None:
    world.user, world.path = "wuqian", {"code": WITH_TABLE.name}
    world.body = {"xml": (WITH_TABLE / "decision.dmn").read_text(encoding="utf-8"), "whole": False}


def _try_decision(world: Any) -> None:
    _check_decision(world)
    world.body = {"xml": world.body["xml"], "values": {"identity": "same"}}


OPERATIONS = {
    "GET /administration/staff": _staff,
    "POST /administration/staff/open": _open_staff,
    "POST /administration/staff/{staff}/roles": _grant,
    "POST /administration/places/{code}/special-days": _special_day,
    "POST /administration/items/{code}/publish": _publish,
    "POST /administration/items/{code}/withdraw": _withdraw_item,
    "POST /administration/items/{code}/check-process": _check_process,
    "POST /administration/items/{code}/check-decision": _check_decision,
    "POST /administration/items/{code}/try-decision": _try_decision,
}
