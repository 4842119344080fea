"""What the tenants of the tests publish and write."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from tests.engine.decisions import table as decision_table
from tests.engine.processes import EVENTS, bpmn, catch, work

from yichuang.core.actors import Actor
from yichuang.core.words import W
from yichuang.network import queries as network
from yichuang.tenants import commands
from yichuang.tenants.values import SCOPES, Quotas

TITLE = W("预约", "Booking")
PROCESS = bpmn("start s", "task look YUYUE.look", "end e", "s look", "look e")
WAITS = bpmn(
    "start s", catch("m", "m1"), work("service", "tell", "notify"), "end e", "s m", "m tell", "tell e", top=EVENTS
)
DECISION = decision_table([["<= 30", '"free"'], ["> 30", '"ask"']], {"人数": "number"})
ROW = {"venue": "一楼活动室", "day": "2026-12-01", "people": 12, "name": "张晓", "mobile": "13800138000"}


TABLE = {
    "form": {
        "type": "object",
        "properties": {
            "venue": {"type": "string", "maxLength": 40, "x-label": "场地", "x-label-en": "Venue"},
            "day": {"type": "string", "format": "date", "x-label": "日期", "x-label-en": "Day"},
            "people": {"type": "integer", "minimum": 1, "maximum": 500, "x-label": "人数", "x-label-en": "People"},
            "name": {"type": "string", "format": "name_cn", "x-label": "姓名", "x-label-en": "Name", "x-personal": True},
            "mobile": {"type": "string", "format": "mobile", "x-label": "手机", "x-label-en": "Mobile", "x-personal": True},
        },
        "required": ["venue", "name"],
        "additionalProperties": False,
    },
    "unique": [["venue", "day"]],
    "indexes": [["mobile"], ["venue"]],
}  # fmt: skip


@dataclass(frozen=True)
class Tenant:
    """A tenant, its program, and the token by which that comes."""

    id: Any
    code: str
    program: Actor
    bearer: str
    credential: Any


def made(demo: Any, code: str, *, scopes: tuple[str, ...] = tuple(SCOPES), **quotas: int) -> Tenant:
    """A tenant with a token for everything, unless the scopes are named."""
    keeper, department = demo.actor("shilei"), network.get_department("CGZF").id
    name = W(f"{code} 应用", f"Application {code}")
    id = commands.make_tenant(
        actor=keeper, code=code, name=name, department=department, quotas=Quotas(**quotas), at=demo.at
    )
    credential, bearer = commands.make_credential(
        actor=keeper, tenant=code, label="测试程序", scopes=scopes, days=30, at=demo.at
    )
    return Tenant(id, code, commands.admit(bearer, at=demo.at), bearer, credential)


def publish(tenant: Tenant, kind: Any, code: str, body: Any, at: Any, name: Any = TITLE) -> Any:
    text = body if isinstance(body, str) else body.decode() if isinstance(body, bytes) else json.dumps(body)
    return commands.publish_part(actor=tenant.program, kind=kind, code=code, name=name, body=text, at=at)


def with_table(tenant: Tenant, at: Any) -> None:
    publish(tenant, "table", "bookings", TABLE, at)


def add(tenant: Tenant, at: Any, key: str = "", **data: Any) -> UUID:
    row, _ = commands.add_row(
        actor=tenant.program, table="bookings", data={**ROW, **data}, key=key or str(uuid4()), at=at
    )
    return row


def start(tenant: Tenant, at: Any, process: str = "book", **more: Any) -> UUID:
    run, _ = commands.start_run(
        actor=tenant.program, process=process, variables=more.pop("variables", {}), key=str(uuid4()), at=at, **more
    )
    return run
