"""For the contract test: rule sets and rehearsals, shared bases kept in order, tables of other kinds tried and kept."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from tests.cases.judged import ITEM, a_recheck, from_the_beginning, judged
from tests.tenants import things
from tests.web.api.recipes_administration import WITH_TABLE

from yichuang.cases.commands.rehearse import ask_rehearsal, rehearse
from yichuang.cases.commands.rulesets import switch_off
from yichuang.catalog.commands import pack_file
from yichuang.core.words import W
from yichuang.network.queries import get_department
from yichuang.registry.commands import stage_batch
from yichuang.registry.models import Contradiction, SharedBatch
from yichuang.registry.values import Base
from yichuang.tenants.commands import suspend_tenant

WITH_ROUTE = Path(__file__).resolve().parents[3] / "packs/gongjijin/gongjijin-tiqu"
ROWS = "key,name\n44030319900101901X,张晓\n".encode()


def register(recipe: Callable[[str], Callable[[Any], Any]]) -> None:
    """Add them to the recipes."""
    for operation, prepare in OPERATIONS.items():
        recipe(operation)(prepare)


def _as(user: str, body: Any = None, **path: str) -> Callable[[Any], None]:
    """Nothing to prepare: this caller sends this."""

    def prepare(world: Any) -> None:
        world.user, world.path, world.body = user, path, body

    return prepare


def _compared(world: Any, n: int = 3) -> str:
    """A rule set of 唐敏's department that compares, with so many approvals that people gave too."""
    sha = from_the_beginning(world.demo)
    judged(world.demo, n, at=world.demo.at - timedelta(days=30))
    world.user, world.path = "tangmin", {"code": ITEM}
    return sha


def _cases_behind(world: Any) -> None:
    _compared(world)
    world.query = {"verdict": "approve", "outcome": "granted"}


def _let(world: Any) -> None:
    world.body = {"sha": _compared(world, 299), "reason": "比对已经达到标准"}


def _off(world: Any) -> None:
    world.body = {"sha": _compared(world), "reason": "规则要改"}


def _again(world: Any) -> None:
    sha = _compared(world)
    switch_off(actor=world.demo.actor("tangmin"), item=ITEM, sha=sha, reason="规则要改", at=world.demo.at)
    world.body = {"sha": sha}


def _percent(world: Any) -> None:
    world.body = {"sha": _compared(world), "percent": "12.5"}


def _rehearsed(world: Any) -> UUID:
    """The rules as they are, over cases of which they would say something else: their inputs know little."""
    judged(world.demo, 2, item=WITH_TABLE.name)
    asked = ask_rehearsal(actor=world.demo.actor("wuqian"), item=WITH_TABLE.name, at=world.demo.at)
    rehearse(rehearsal=asked, at=world.demo.at)
    return asked


def _rehearsal(world: Any) -> None:
    world.user, world.path = "wuqian", {"code": WITH_TABLE.name, "rehearsal": str(_rehearsed(world))}


def _workbook(world: Any) -> None:
    _rehearsal(world)
    world.query = {"format": "xlsx"}


def _drawn(world: Any) -> None:
    world.user, world.path = "luobin", {"recheck": str(a_recheck(world.demo))}


def _listed(world: Any) -> None:
    _drawn(world)
    world.path = {}


def _answer_recheck(world: Any) -> None:
    _drawn(world)
    world.body = {"verdict": "not", "reasons": "经营场所是住宅", "found": ["occupied"]}


def _unmask_recheck(world: Any) -> None:
    _drawn(world)
    world.body = {"field": "mobile", "reason": "核对联系方式"}


def _stage(world: Any) -> None:
    world.user, world.files = (
        "wuqian",
        {
            "file": ROWS,
            "base": "population",
            "source": "street",
            "made_at": "2026-11-01T09:00:00",
        },
    )


def _load(world: Any) -> None:
    editor = world.demo.actor("wuqian")
    batch = stage_batch(
        base=Base.POPULATION, source="street", file=ROWS, name="人口.csv", actor=editor, at=world.demo.at
    )
    world.user, world.path, world.body = "wuqian", {"batch": str(batch)}, {"reason": "按月更新"}


def _batch(world: Any) -> None:
    world.user, world.path = "wuqian", {"batch": str(SharedBatch.objects.order_by("id")[0].id)}


def _settle(world: Any) -> None:
    clash = Contradiction.objects.filter(field="residence_address", settled_at=None).order_by("id")[0]
    world.user, world.path = "wuqian", {"contradiction": str(clash.id)}
    world.body = {"keep": "demo_police", "reason": "电话与派出所核对", "seen": clash.found_at.isoformat()}


def _routing(world: Any) -> None:
    world.user, world.path = "wuqian", {"code": WITH_ROUTE.name}
    world.body = {"xml": (WITH_ROUTE / "route.dmn").read_text(encoding="utf-8")}


def _try_routing(world: Any) -> None:
    _routing(world)
    world.body = {"xml": world.body["xml"], "values": {"reason": "rent"}}


def _keep(world: Any) -> None:
    found = pack_file(world.demo.actor("wuqian"), WITH_ROUTE.name, "route.dmn")
    world.user, world.path = "wuqian", {"code": WITH_ROUTE.name, "file": "route.dmn"}
    world.body = {"xml": found.content.decode(), "digest": found.digest}


def _tenant(world: Any, kind: str, code: str, body: bytes, name: Any = things.TITLE) -> None:
    tenant = things.made(world.demo, "jiefang")
    things.publish(tenant, kind, code, body, world.demo.at, name)
    world.user, world.path = "shilei", {"tenant": "jiefang", "kind": kind, "code": code}


def _definition(world: Any) -> None:
    _tenant(world, "process", "book", things.PROCESS)


def _definitions(world: Any) -> None:
    _definition(world)
    world.path = {"tenant": "jiefang"}


def _check(world: Any) -> None:
    _definition(world)
    world.body = {"body": things.PROCESS.decode()}


def _publish(world: Any) -> None:
    _definition(world)
    world.body = {"body": things.WAITS.decode(), "version": 1}


def _try(world: Any) -> None:
    _tenant(world, "decision", "fee", things.DECISION, W("准入", "Fee"))
    world.path = {"tenant": "jiefang", "code": "fee"}
    world.body = {"body": things.DECISION.decode(), "values": {"人数": "12"}}


QUOTAS = {"rows": 1000, "megabytes": 50, "runs": 10, "calls": 60, "seconds": 20}


def _kept(world: Any) -> things.Tenant:
    world.user, world.path = "shilei", {"tenant": "jiefang"}
    return things.made(world.demo, "jiefang")


def _all_kept(world: Any) -> None:
    _kept(world)
    world.path = {}


def _particulars() -> dict[str, Any]:
    department = str(get_department("CGZF").id)
    return {"name": {"zh": "场地预约", "en": "Venues"}, "department": department, "quotas": QUOTAS}


def _make_tenant(world: Any) -> None:
    world.user, world.body = "shilei", {"code": "venues", **_particulars()}


def _change_tenant(world: Any) -> None:
    _kept(world)
    world.body = _particulars()


def _suspended(world: Any) -> None:
    _kept(world)
    suspend_tenant(actor=world.demo.actor("shilei"), code="jiefang", at=world.demo.at)


def _delete_tenant(world: Any) -> None:
    _kept(world)
    world.body = {"reason": "应用停止服务"}


def _make_token(world: Any) -> None:
    _kept(world)
    world.body = {"label": "预约小程序", "scopes": ["read", "data"], "days": 30}


def _token(world: Any) -> None:
    tenant = _kept(world)
    world.path = {"tenant": "jiefang", "credential": str(tenant.credential)}


OPERATIONS = {
    "GET /administration/tenants": _all_kept,
    "POST /administration/tenants": _make_tenant,
    "GET /administration/tenants/{tenant}": _kept,
    "POST /administration/tenants/{tenant}/change": _change_tenant,
    "POST /administration/tenants/{tenant}/suspend": _kept,
    "POST /administration/tenants/{tenant}/resume": _suspended,
    "POST /administration/tenants/{tenant}/delete": _delete_tenant,
    "POST /administration/tenants/{tenant}/tokens": _make_token,
    "POST /administration/tenants/{tenant}/tokens/{credential}/rotate": _token,
    "POST /administration/tenants/{tenant}/tokens/{credential}/revoke": _token,
    "GET /administration/rule-sets": _compared,
    "GET /administration/rule-sets/{code}": _compared,
    "GET /administration/rule-sets/{code}/cases": _cases_behind,
    "POST /administration/rule-sets/{code}/let-decide-alone": _let,
    "POST /administration/rule-sets/{code}/begin-anew": _let,
    "POST /administration/rule-sets/{code}/switch-off": _off,
    "POST /administration/rule-sets/{code}/compare-again": _again,
    "POST /administration/rule-sets/{code}/percent": _percent,
    "GET /administration/rule-sets/{code}/rehearsals": _as("wuqian", code=WITH_TABLE.name),
    "POST /administration/rule-sets/{code}/rehearsals": _as("wuqian", code=WITH_TABLE.name),
    "GET /administration/rule-sets/{code}/rehearsals/{rehearsal}": _rehearsal,
    "GET /administration/rule-sets/{code}/rehearsals/{rehearsal}/file": _workbook,
    "GET /rechecks": _listed,
    "GET /rechecks/{recheck}": _drawn,
    "POST /rechecks/{recheck}/answer": _answer_recheck,
    "POST /rechecks/{recheck}/unmask": _unmask_recheck,
    "GET /administration/registry/sources": _as("shilei"),
    "GET /administration/registry/holdings": _as("wuqian"),
    "POST /administration/registry/holdings/retire": _as(
        "wuqian", {"base": "credit", "source": "demo_court", "reason": "不再提供"}
    ),
    "GET /administration/registry/batches": _as("wuqian"),
    "POST /administration/registry/batches": _stage,
    "GET /administration/registry/batches/{batch}": _batch,
    "POST /administration/registry/batches/{batch}/load": _load,
    "GET /administration/registry/contradictions": _as("wuqian"),
    "POST /administration/registry/contradictions/{contradiction}/settle": _settle,
    "POST /administration/items/{code}/check-routing": _routing,
    "POST /administration/items/{code}/try-routing": _try_routing,
    "GET /administration/items/{code}/files/{file}": _as("wuqian", code=WITH_ROUTE.name, file="route.dmn"),
    "POST /administration/items/{code}/files/{file}": _keep,
    "GET /administration/tenants/{tenant}/definitions": _definitions,
    "GET /administration/tenants/{tenant}/definitions/{kind}/{code}": _definition,
    "POST /administration/tenants/{tenant}/definitions/{kind}/{code}/check": _check,
    "POST /administration/tenants/{tenant}/definitions/{kind}/{code}/publish": _publish,
    "POST /administration/tenants/{tenant}/decisions/{code}/try": _try,
}
