"""For the contract test: what becomes of a result, the archive, and those who look on."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from tests.security.world import archived

from yichuang.cases.commands import proceedings as acts
from yichuang.cases.commands.end import withdraw_case
from yichuang.cases.models import Proceeding
from yichuang.core.clock import local_date
from yichuang.issuing.commands import answer_appraisal, appraise
from yichuang.issuing.models import Appraisal, ArchivePackage


def register(recipe: Callable[[str], Callable[[Any], Any]]) -> None:
    """Add them to the recipes."""
    for operation, prepare in OPERATIONS.items():
        recipe(operation)(prepare)


def _granted(world: Any) -> UUID:
    _, certificate, _ = world.ready()
    world.user, world.path = "wangqiang", {"id": str(certificate.id)}
    return UUID(str(certificate.id))


def _proceedings(world: Any) -> None:
    _opened(world)
    world.path.pop("proceeding")
    world.body = None


def _open(world: Any) -> None:
    _granted(world)
    world.body = {"ground": "facts_changed", "facts": "规划调整"}


def _opened(world: Any) -> Any:
    certificate, demo = _granted(world), world.demo
    made = acts.open_proceeding(
        actor=demo.actor("wangqiang"), certificate=certificate, ground="facts_changed", facts="规划调整", at=demo.at
    )
    world.path["proceeding"] = str(made)
    world.user, world.body = "zhangxiao", {"version": 1}
    return made


def _state(world: Any) -> None:
    _opened(world)
    world.body |= {"statement": "不同意，请求听证", "wants_hearing": True}


def _asked(world: Any) -> Any:
    made, demo = _opened(world), world.demo
    zhang = demo.actor("zhangxiao")
    acts.state_defence(actor=zhang, proceeding=made, version=1, statement="不同意", wants_hearing=True, at=demo.at)
    world.user, world.body = "linfang", {"version": 2}
    return made


def _call(world: Any) -> None:
    _asked(world)
    world.body |= {"hearing_on": "2026-12-30", "place": "301 室", "chair": "高峰"}


def _record(world: Any) -> None:
    made, demo = _asked(world), world.demo
    called: dict[str, Any] = {
        "hearing_on": local_date(demo.at).replace(month=12, day=30),
        "place": "301",
        "chair": "高峰",
    }
    acts.call_hearing(actor=demo.actor("linfang"), proceeding=made, version=2, **called, at=demo.at)
    Proceeding.objects.filter(id=made).update(hearing_on=local_date(demo.at))  # the day has come
    world.body = {"version": 3, "record": "双方陈述，均签名。"}


def _waived(world: Any) -> None:
    made, demo = _opened(world), world.demo
    acts.waive_defence(actor=demo.actor("zhangxiao"), proceeding=made, version=1, at=demo.at)
    world.user, world.body = "linfang", {"version": 2, "reasons": "规划已经调整，原址不再允许饲养。"}


def _drop(world: Any) -> None:
    _opened(world)
    world.user, world.body = "linfang", {"version": 1, "reasons": "经核实不属实。"}


def _package(world: Any) -> None:
    demo, receipt = world.demo, world.file()
    withdraw_case(actor=demo.actor("zhangxiao"), number=receipt.number, version=1, reason="不办了", at=demo.at)
    world.user, world.path = "wangqiang", {"package": str(archived(receipt.case_id, at=demo.at))}


def _archive(world: Any) -> None:
    _package(world)
    world.path = {}


def _due(world: Any) -> None:
    """A package whose term is over: closed in a year long past."""
    _package(world)
    found = ArchivePackage.objects.filter(id=world.path["package"])
    found.update(keep_until=date(2020, 12, 31))


def _list_due(world: Any) -> None:
    _due(world)
    world.path = {}


def _appraise(world: Any) -> None:
    _due(world)
    world.body = {"outcome": "extend", "reason": "涉及历史遗留问题", "until": "2030-12-31"}


def _proposed(world: Any) -> None:
    _due(world)
    demo, package = world.demo, UUID(world.path["package"])
    said = appraise(actor=demo.actor("wangqiang"), package=package, outcome="destroy", reason="保管期满", at=demo.at)
    world.user, world.body = "linfang", {"appraisal": str(said), "approve": True}


def _destroyed(world: Any) -> None:
    _proposed(world)
    said = Appraisal.objects.get(package=world.path["package"])
    answer_appraisal(actor=world.demo.actor("linfang"), appraisal=said.id, approve=True, at=world.demo.at)
    world.path, world.body = {}, None


def _note_trip(world: Any) -> None:
    world.user, world.path, world.body = "lina", {"number": world.file().number}, {"kind": "consult"}


def _urge(world: Any) -> None:
    receipt, _ = world.accepted()
    world.user, world.path, world.body = "mali", {"number": receipt.number}, {"words": "请尽快办理"}


def _unmask(world: Any) -> None:
    world.user, world.path = "lina", {"number": world.file().number}
    world.body = {"field": "mobile", "reason": "联系申请人核实"}


ONE = "/certificates/{id}/proceedings/{proceeding}/"
OPERATIONS = {
    "GET /certificates/{id}/proceedings": _proceedings,
    "POST /certificates/{id}/proceedings": _open,
    f"POST {ONE}state-defence": _state,
    f"POST {ONE}waive-defence": lambda world: (_opened(world), None)[1],
    f"POST {ONE}call-hearing": _call,
    f"POST {ONE}record-hearing": _record,
    f"POST {ONE}end-certificate": _waived,
    f"POST {ONE}drop": _drop,
    "GET /archive": _archive,
    "GET /archive/{package}": _package,
    "GET /archive/due": _list_due,
    "GET /archive/destroyed": _destroyed,
    "POST /archive/{package}/appraisals": _appraise,
    "POST /archive/{package}/appraisals/answer": _proposed,
    "POST /cases/{number}/actions/note-trip": _note_trip,
    "POST /cases/{number}/actions/urge": _urge,
    "POST /cases/{number}/actions/unmask": _unmask,
}
