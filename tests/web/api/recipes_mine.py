"""For the contract test: what is mine besides my cases, what one signs with others, and what is said of a promise not kept."""

from collections.abc import Callable
from datetime import date
from typing import Any

from tests.web.api import recipes_signing

from yichuang.cases.models import Case, PromiseLapse
from yichuang.people import cast
from yichuang.people.commands import grant_agency, record_look
from yichuang.people.queries import get_party


def register(recipe: Callable[[str], Callable[[Any], Any]]) -> None:
    """Add them to the recipes."""
    for operation, prepare in {**OPERATIONS, **recipes_signing.OPERATIONS}.items():
        recipe(operation)(prepare)


def _certificates(world: Any) -> None:
    world.ready()


def _agents(world: Any) -> Any:
    zhang, other = world.demo.actor("zhangxiao"), world.demo.actor("moshengren")
    return grant_agency(actor=zhang, principal=zhang.id, agent=other.id, valid_to=date(2027, 3, 31), at=world.demo.at)


def _list_agents(world: Any) -> None:
    _agents(world)


def _give(world: Any) -> None:
    agent = get_party(world.demo.actor("moshengren").id)
    world.body = {"name": agent.name, "id_no": agent.id_no, "valid_to": "2027-03-31", "password": cast.PASSWORD}


def _end(world: Any) -> None:
    world.path = {"id": str(_agents(world))}


def _companies(world: Any) -> None:
    world.user = "qianjin"


def _looks(world: Any) -> None:
    zhang, lina = world.demo.actor("zhangxiao"), world.demo.actor("lina")
    record_look(actor=lina, party=zhang.id, purpose="service", fields=("materials",), case_number="", at=world.demo.at)


def _inbox(world: Any) -> None:
    world.accepted()


def _progress(world: Any) -> None:
    receipt = world.file()
    world.body = {"number": receipt.number, "code": receipt.query_code}


def _pickup(world: Any) -> None:
    receipt, _, _ = world.ready()
    world.path = {"number": receipt.number}


def _objection(world: Any) -> None:
    case = Case.objects.get(number=world.file().number)
    PromiseLapse.objects.create(party_id=case.applicant_id, case=case, at=world.demo.at)
    world.path, world.body = {"number": case.number}, {"objection": "邮寄在路上"}


def _repair(world: Any) -> None:
    _objection(world)
    world.user, world.body = "huanghai", {"reason": "已补交，不是申请人的原因"}


def _identity_proof(world: Any) -> None:
    world.body = {"password": cast.PASSWORD}


OPERATIONS = {
    "POST /identity/proof": _identity_proof,
    "GET /certificates": _certificates,
    "GET /agents": _list_agents,
    "POST /agents": _give,
    "POST /agents/{id}/end": _end,
    "GET /companies": _companies,
    "GET /looks": _looks,
    "GET /messages": _inbox,
    "POST /progress": _progress,
    "POST /cases/{number}/actions/pickup-code": _pickup,
    "POST /cases/{number}/actions/object-to-lapse": _objection,
    "POST /cases/{number}/actions/repair-lapse": _repair,
}
