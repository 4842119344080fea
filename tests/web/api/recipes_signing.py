"""For the contract test: 共同签署 of a company that 张晓 opens with 孙燕; `recipes_mine` adds them."""

from typing import Any

from tests.cases.at_once import COMPANY, let
from tests.cases.cosigning import asked, company, of

from yichuang.cases.instant import Mode
from yichuang.cases.models import Draft, Signing
from yichuang.people.cast import PASSWORD
from yichuang.people.queries import get_party


def _asked(world: Any) -> Any:
    """The signature that 孙燕 is asked for."""
    let(COMPANY, Mode.ALONE, world.demo.at)
    world.user = "zhangxiao"
    return of(asked(world.demo, "sunyan"), world.demo, "sunyan")


def _listed(world: Any) -> None:
    _asked(world)


def _ask(world: Any) -> None:
    answers = dict(world.demo.example(COMPANY, 9).answers)
    world.user, world.headers["Idempotency-Key"] = "zhangxiao", "one-signing"
    world.body = {"item": COMPANY, "answers": answers, "form": company(world.demo, "sunyan"), "password": PASSWORD}


def _mine(world: Any) -> None:
    _asked(world)
    world.path = {"draft": str(Draft.objects.get().id)}


def _to_sign(world: Any) -> None:
    row = _asked(world)
    world.user, world.path = "sunyan", {"signature": str(row.id)}


def _list_to_sign(world: Any) -> None:
    _asked(world)
    world.user = "sunyan"


def _sign(world: Any) -> None:
    _to_sign(world)
    world.body = {"mark": Signing.objects.get().mark, "agreed": True, "password": PASSWORD}


def _refuse(world: Any) -> None:
    _to_sign(world)
    world.body = {"reason": "出资比例不对"}


def _find(world: Any) -> None:
    _asked(world)
    world.user, world.body = "lina", {"id_no": get_party(world.demo.actor("sunyan").id).id_no}


def _there(world: Any) -> None:
    _to_sign(world)
    number = get_party(world.demo.actor("sunyan").id).id_no
    world.user, world.body = "lina", {"id_no": number, "mark": Signing.objects.get().mark}


OPERATIONS = {
    "GET /signings": _listed,
    "POST /signings": _ask,
    "GET /signings/{draft}": _mine,
    "POST /signings/{draft}/end": _mine,
    "GET /signatures": _list_to_sign,
    "GET /signatures/{signature}": _to_sign,
    "POST /signatures/{signature}/sign": _sign,
    "POST /signatures/{signature}/refuse": _refuse,
    "POST /signatures/find": _find,
    "POST /signatures/{signature}/sign-at-counter": _there,
}
