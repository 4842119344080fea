"""For the contract test: what another application does by its tenant's token."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from tests.tenants import things

from yichuang.core.words import W
from yichuang.tenants import commands, queries


def register(recipe: Callable[[str], Callable[[Any], Any]]) -> None:
    """Add them to the recipes."""
    for operation, prepare in OPERATIONS.items():
        recipe(operation)(prepare)


def _tenant(world: Any) -> things.Tenant:
    tenant = things.made(world.demo, "jiefang")
    world.token = tenant.bearer
    return tenant


def _key(world: Any) -> None:
    world.headers = {"Idempotency-Key": str(uuid4())}


def _process(world: Any, process: bytes = things.PROCESS) -> things.Tenant:
    tenant = _tenant(world)
    things.publish(tenant, "process", "book", process, world.demo.at)
    return tenant


def _definition(world: Any) -> None:
    _process(world)
    world.path = {"kind": "process", "code": "book"}


def _definitions(world: Any) -> None:
    _definition(world)
    world.path = {"kind": "process"}


def _publish(world: Any) -> None:
    _tenant(world)
    world.path = {"kind": "process", "code": "book"}
    world.body = {"name": {"zh": "预约", "en": "Booking"}, "body": things.PROCESS.decode()}


def _evaluate(world: Any) -> None:
    things.publish(_tenant(world), "decision", "fee", things.DECISION, world.demo.at, W("准入", "Fee"))
    world.path, world.body = {"code": "fee"}, {"inputs": {"人数": 12}, "version": 1}


def _form(world: Any) -> None:
    things.publish(_tenant(world), "form", "ask", things.TABLE["form"], world.demo.at)
    world.path, world.body = {"code": "ask"}, {"data": things.ROW}


def _row(world: Any) -> None:
    tenant = _tenant(world)
    things.with_table(tenant, world.demo.at)
    world.path = {"code": "bookings", "row": str(things.add(tenant, world.demo.at))}


def _rows(world: Any) -> None:
    _row(world)
    world.path, world.query = {"code": "bookings"}, {"where": '{"venue": "一楼活动室"}'}


def _add(world: Any) -> None:
    _row(world)
    _key(world)
    world.path, world.body = {"code": "bookings"}, {"data": {**things.ROW, "day": "2026-12-02"}}


def _change(world: Any) -> None:
    _row(world)
    world.body = {"version": 1, "data": {**things.ROW, "people": 20}}


def _remove(world: Any) -> None:
    _row(world)
    world.body = {"version": 1}


def _start(world: Any) -> None:
    _process(world)
    _key(world)
    world.body = {"process": "book", "version": 1, "variables": {"people": 12}, "reference": "B-1"}


def _run(world: Any) -> None:
    world.path = {"run": str(things.start(_process(world), world.demo.at))}


def _runs(world: Any) -> None:
    _run(world)
    world.path = {}


def _cancel(world: Any) -> None:
    _run(world)
    world.body = {"reason": "取消预约"}


def _move(world: Any) -> None:
    _run(world)
    world.body = {"version": 1, "names": {"look": "look"}}


def _remove_run(world: Any) -> None:
    tenant = _process(world)
    run = things.start(tenant, world.demo.at)
    commands.cancel_run(actor=tenant.program, run=run, reason="", at=world.demo.at)
    world.path = {"run": str(run)}


def _message(world: Any) -> None:
    world.path = {"run": str(things.start(_process(world, things.WAITS), world.demo.at))}
    _key(world)
    world.body = {"name": "补正", "variables": {"a": 1}}


def _signal(world: Any) -> None:
    _run(world)
    world.path, world.body = {}, {"name": "放假"}


def _task(world: Any) -> things.Tenant:
    tenant = _process(world)
    things.start(tenant, world.demo.at)
    [task] = queries.list_tasks(tenant.program, ["YUYUE.look"]).items
    world.path, world.body = {"id": str(task.id)}, {"by": "worker-1"}
    return tenant


def _tasks(world: Any) -> None:
    _task(world)
    world.path, world.body, world.query = {}, None, {"posts": "YUYUE.look"}


def _claimed(world: Any) -> None:
    tenant = _task(world)
    commands.claim_task(actor=tenant.program, task=world.path["id"], by="worker-1", at=world.demo.at)


def _return(world: Any) -> None:
    _claimed(world)
    world.body = {"by": "worker-1", "note": "请假"}


def _complete(world: Any) -> None:
    _claimed(world)
    world.body = {"by": "worker-1", "outcome": "agree", "opinion": "可以"}


def _work(world: Any) -> None:
    tenant = _process(world, things.WAITS)
    run = things.start(tenant, world.demo.at)
    commands.send_message(actor=tenant.program, run=run, name="补正", variables={}, key="m", at=world.demo.at)
    [work] = queries.list_work(tenant.program, "service", at=world.demo.at)
    world.path = {"id": str(work.id)}


def _works(world: Any) -> None:
    _work(world)
    world.path = {}


def _answer(world: Any) -> None:
    _work(world)
    world.body = {"variables": {"sent": True}}


def _fail(world: Any) -> None:
    _work(world)
    world.body = {"code": "DOWN", "retry_minutes": 5}


def _hook(world: Any) -> None:
    tenant, url = _tenant(world), "http://127.0.0.1:8400/told"
    hook, _ = commands.make_hook(actor=tenant.program, url=url, kinds=["run_ended"], at=world.demo.at)
    world.path = {"hook": str(hook)}


def _hooks(world: Any) -> None:
    _hook(world)
    world.path = {}


def _make_hook(world: Any) -> None:
    _tenant(world)
    world.body = {"url": "http://127.0.0.1:8400/told", "kinds": ["run_ended", "row_added"]}


OPERATIONS = {
    "GET /tenant": _tenant,
    "GET /tenant/definitions/{kind}": _definitions,
    "GET /tenant/definitions/{kind}/{code}": _definition,
    "POST /tenant/definitions/{kind}/{code}/publish": _publish,
    "POST /tenant/definitions/{kind}/{code}/check": _publish,
    "POST /tenant/decisions/{code}/evaluate": _evaluate,
    "POST /tenant/forms/{code}/check": _form,
    "GET /tenant/tables/{code}/rows": _rows,
    "POST /tenant/tables/{code}/rows": _add,
    "GET /tenant/tables/{code}/rows/{row}": _row,
    "POST /tenant/tables/{code}/rows/{row}/change": _change,
    "POST /tenant/tables/{code}/rows/{row}/remove": _remove,
    "GET /tenant/runs": _runs,
    "POST /tenant/runs": _start,
    "GET /tenant/runs/{run}": _run,
    "POST /tenant/runs/{run}/cancel": _cancel,
    "POST /tenant/runs/{run}/move": _move,
    "POST /tenant/runs/{run}/move/check": _move,
    "POST /tenant/runs/{run}/remove": _remove_run,
    "POST /tenant/runs/{run}/messages": _message,
    "POST /tenant/signals": _signal,
    "GET /tenant/tasks": _tasks,
    "POST /tenant/tasks/{id}/claim": _task,
    "POST /tenant/tasks/{id}/return": _return,
    "POST /tenant/tasks/{id}/complete": _complete,
    "GET /tenant/work": _works,
    "POST /tenant/work/{id}/answer": _answer,
    "POST /tenant/work/{id}/fail": _fail,
    "GET /tenant/hooks": _hooks,
    "POST /tenant/hooks": _make_hook,
    "POST /tenant/hooks/{hook}/ping": _hook,
    "POST /tenant/hooks/{hook}/retry": _hook,
    "POST /tenant/hooks/{hook}/remove": _hook,
}
