"""For the contract test: the network and the lists for everybody, items in the making, accounts, the ledger, supervision."""

from collections.abc import Callable
from typing import Any

from tests.web.api.test_api import DOG

from yichuang.catalog.commands import record_unanswered

NEW_PLACE = {
    "kind": "community",
    "name": {"zh": "演示社区党群服务中心", "en": "Demo community centre"},
    "region_code": "440303",
    "parent": "LH",
    "address": {"zh": "演示路 8 号", "en": "8 Demo Road"},
    "week": [[{"opens": "09:00", "closes": "12:00"}, {"opens": "14:00", "closes": "18:00"}]] * 5,
}


def register(recipe: Callable[[str], Callable[[Any], Any]]) -> None:
    """Add them to the recipes."""
    for operation, prepare in OPERATIONS.items():
        recipe(operation)(prepare)


def _as(user: str, body: Any = None, **path: str) -> Callable[[Any], None]:
    """Nothing to prepare: this caller sends this."""

    def prepare(world: Any) -> None:
        world.user, world.path, world.body = user, path, body

    return prepare


def _member(body: Any = None) -> Callable[[Any], None]:
    """The system administrator, about a member of staff."""

    def prepare(world: Any) -> None:
        world.user, world.path, world.body = "shilei", {"staff": str(world.demo.actor("gaofeng").id)}, body

    return prepare


def _searches(world: Any) -> None:
    record_unanswered(query="怎么修飞船", at=world.demo.at)
    world.user = "wuqian"


def _issued(world: Any) -> None:
    _, certificate, _ = world.ready()
    world.user, world.query = "wangqiang", {"q": certificate.number}


def _several(world: Any) -> None:
    receipt, head = world.accepted()
    world.user, world.body = (
        "wangqiang",
        {"step": "claim", "tasks": [{"id": str(world.task()), "version": head.version}]},
    )


OPERATIONS = {
    "POST /tasks": _several,
    "GET /places": _as("zhangxiao"),
    "GET /places/{code}": _as("zhangxiao", code="LH"),
    "GET /lists": _as("zhangxiao"),
    "GET /lists/{code}": _as("zhangxiao", code="at-once-2"),
    "GET /supervision": _as("huanghai"),
    "GET /issued-certificates": _issued,
    "GET /administration/items": _as("wuqian"),
    "GET /administration/items/{code}": _as("wuqian", code=DOG),
    "POST /administration/items/{code}/words": _as("wuqian", {"words": ["给狗上户口"]}, code=DOG),
    "GET /administration/searches": _searches,
    "POST /administration/places/{code}": _as("shilei", NEW_PLACE, code="LH-DEMO-X"),
    "POST /administration/staff/{staff}/seat": _member({"name": "高峰"}),
    "POST /administration/staff/{staff}/close": _member(),
    "POST /administration/staff/{staff}/reopen": _member(),
    "POST /administration/staff/{staff}/password": _member({"password": "qmzt-8kfp-3xwc-h7rn"}),
    "GET /administration/ledger": _as("shilei"),
    "POST /administration/ledger/check": _as("shilei"),
}
