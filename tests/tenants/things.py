"""What the tenants of the tests publish and write."""

import json
from typing import Any
from uuid import UUID, uuid4

from tests.engine.decisions import table as decision_table
from tests.engine.processes import EVENTS, bpmn, catch, work
from tests.tenants.conftest import TABLE, Tenant

from yichuang.core.words import W
from yichuang.tenants import commands

TITLE = W("预约", "Booking")
PROCESS = bpmn("start s", "task look YUYUE.look", "end e", "s look", "look e")
WAITS = bpmn(
    "start s", catch("m", "m1"), work("service", "tell", "notify"), "end e", "s m", "m tell", "tell e", top=EVENTS
)
DECISION = decision_table([["<= 30", '"free"'], ["> 30", '"ask"']], {"人数": "number"})
ROW = {"venue": "一楼活动室", "day": "2026-12-01", "people": 12, "name": "张晓", "mobile": "13800138000"}


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
