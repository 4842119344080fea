"""For the contract test: 后续核查 of a shop that was licensed on a promise, each step where it makes sense."""

from collections.abc import Callable
from typing import Any

from tests.cases.test_checks import DAY, PICTURE, Shop
from tests.files import picture

from yichuang.cases.commands.checks import add_check_photo, arrange_check, write_check
from yichuang.cases.models import SignedCommitment
from yichuang.cases.rules.inspection import Record

PICTURE_FILE = picture()


def register(recipe: Callable[[str], Callable[[Any], Any]]) -> None:
    """Add them to the recipes."""
    recipe("GET /checks")(_listed)
    recipe("GET /checks/{commitment}")(_read)
    for name, prepare in STEPS.items():
        recipe(f"POST /checks/{{commitment}}/actions/{name}")(prepare)


def _shop(world: Any) -> Shop:
    shop = Shop(world.demo)
    world.user, world.path = "helian", {"commitment": str(shop.id)}
    return shop


def _listed(world: Any) -> None:
    _shop(world)
    world.path = {}


def _read(world: Any) -> None:
    _shop(world)


def _arrange(world: Any) -> None:
    shop = _shop(world)
    one, two = (str(world.demo.actor(who).id) for who in ("helian", "leiming"))
    world.body = {
        "version": shop.row().version,
        "first": {"staff": one, "licence": "440303001"},
        "second": {"staff": two, "licence": "440303002"},
        "planned_at": (world.demo.at + DAY).isoformat(),
        "place": "演示路 9 号",
    }


def _arranged(world: Any) -> Shop:
    shop = _shop(world)
    shop.do(arrange_check, plan=shop.plan())
    return shop


def _photo(world: Any) -> None:
    _arranged(world)
    world.files = {"file": PICTURE_FILE}


def _record(world: Any) -> None:
    shop = _arranged(world)
    shop.do(add_check_photo, photo=PICTURE)
    world.body = {
        "version": shop.row().version, "held_at": world.demo.at.isoformat(), "findings": "设施齐全。", "meets": True,
        "present": "店长", "signed": "signed",
    }  # fmt: skip


def _sign(world: Any) -> None:
    shop = _arranged(world)
    shop.do(add_check_photo, photo=PICTURE)
    shop.do(write_check, record=Record(shop.at, "没有消毒柜。", False, "店长", "signed", ""))
    world.user, world.body = "leiming", {"version": shop.row().version}


def _findings(world: Any) -> None:
    shop = _shop(world)
    SignedCommitment.objects.filter(id=shop.id).update(how="data")
    world.body = {"version": shop.row().version, "kept": True, "findings": "与登记数据一致"}


def _missed(world: Any) -> None:
    shop = _shop(world)
    world.body = {"version": shop.row().version, "reason": "店铺停业", "again_by": "2026-12-10"}


def _ended(world: Any) -> None:
    shop = _shop(world)
    shop.take_the_licence()
    world.body = {"version": shop.row().version, "reason": "证照已注销"}


def _order(world: Any) -> None:
    shop = _shop(world)
    shop.look(kept=False)
    world.body = {"version": shop.row().version, "demands": "配备消毒柜", "mend_by": "2026-12-04"}


STEPS = {
    "inspect-arrange": _arrange, "inspect-photo": _photo, "inspect-record": _record, "inspect-sign": _sign,
    "record-check": _findings, "miss-check": _missed, "end-check": _ended, "order-mending": _order,
}  # fmt: skip
