"""Every operation of other applications × every kind of caller, over HTTP with real objects: the access matrix of tenants.

The tokens of the own tenant come in; another tenant's finds the same paths empty or missing, as if nothing were there; tokens
that are revoked, expired, replaced or of a suspended or deleted tenant open nothing, narrow ones what their scopes say; people
of the house, whatever they may elsewhere, find no such address.
"""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from tests.tenants.things import DECISION, PROCESS, ROW, TABLE, WAITS, Tenant, add, made, publish, start, with_table

from yichuang.core.clock import fixed
from yichuang.core.words import W
from yichuang.people.commands import issue_token
from yichuang.people.queries import find_account
from yichuang.tenants import commands, queries
from yichuang.tenants.values import SCOPES

pytestmark = pytest.mark.django_db
NAME = {"zh": "预约", "en": "Booking"}
BODY = {"name": NAME, "body": PROCESS.decode().replace("YUYUE.look", "YUYUE.other")}
# operation → (scope that it needs, body, what another tenant's token gets: "none" 404, "empty" a list with nothing of it, "own" its own doing)
OPERATIONS: dict[str, tuple[str, Any, str]] = {
    "GET ": ("read", None, "own"),
    "GET /definitions/process": ("read", None, "empty"),
    "GET /definitions/process/book": ("read", None, "none"),
    "POST /definitions/process/book/publish": ("define", BODY, "own"),
    "POST /definitions/process/book/check": ("define", BODY, "own"),
    "POST /decisions/fee/evaluate": ("run", {"inputs": {"人数": 12}}, "none"),
    "POST /forms/ask/check": ("read", {"data": ROW}, "none"),
    "GET /tables/bookings/rows": ("read", None, "none"),
    "POST /tables/bookings/rows": ("data", {"data": {**ROW, "day": "2026-12-02"}}, "none"),
    "GET /tables/bookings/rows/{row}": ("read", None, "none"),
    "POST /tables/bookings/rows/{row}/change": ("data", {"version": 1, "data": ROW}, "none"),
    "POST /tables/bookings/rows/{row}/remove": ("data", {"version": 1}, "none"),
    "GET /runs": ("read", None, "empty"),
    "POST /runs": ("run", {"process": "book"}, "none"),
    "GET /runs/{run}": ("read", None, "none"),
    "POST /runs/{run}/cancel": ("run", {"reason": "取消"}, "none"),
    "POST /runs/{run}/move": ("run", {"names": {"look": "look"}}, "none"),
    "POST /runs/{run}/move/check": ("run", {}, "none"),
    "POST /runs/{over}/remove": ("run", None, "none"),
    "POST /runs/{waiting}/messages": ("run", {"name": "补正"}, "none"),
    "POST /signals": ("run", {"name": "放假"}, "own"),
    "GET /tasks?posts=YUYUE.look": ("read", None, "empty"),
    "POST /tasks/{task}/claim": ("run", {"by": "worker-2"}, "none"),
    "POST /tasks/{held}/return": ("run", {"by": "worker"}, "none"),
    "POST /tasks/{held}/complete": ("run", {"by": "worker", "outcome": "agree"}, "none"),
    "GET /work": ("read", None, "empty"),
    "POST /work/{work}/answer": ("run", {}, "none"),
    "POST /work/{work}/fail": ("run", {"code": "DOWN"}, "none"),
    "GET /hooks": ("read", None, "empty"),
    "POST /hooks": ("define", {"url": "http://127.0.0.1:8401/told", "kinds": ["run_ended"]}, "own"),
    "POST /hooks/{hook}/ping": ("define", None, "none"),
    "POST /hooks/{hook}/retry": ("define", None, "none"),
    "POST /hooks/{hook}/remove": ("define", None, "none"),
}


@pytest.fixture
def things(jiefang: Tenant, demo: Any) -> dict[str, Any]:
    """One of everything that 街坊 may keep."""
    at = demo.at
    with_table(jiefang, at)
    publish(jiefang, "process", "book", PROCESS, at)
    publish(jiefang, "process", "waits", WAITS, at)
    publish(jiefang, "decision", "fee", DECISION, at, W("准入", "Fee"))
    publish(jiefang, "form", "ask", TABLE["form"], at)
    runs = [
        start(jiefang, at),
        start(jiefang, at),
        start(jiefang, at, "waits"),
        start(jiefang, at, "waits"),
        start(jiefang, at),
    ]
    commands.cancel_run(actor=jiefang.program, run=runs[4], reason="", at=at)
    commands.send_message(actor=jiefang.program, run=runs[3], name="补正", variables={}, key="m", at=at)
    task, held = (queries.get_run(jiefang.program, run).tasks[0].id for run in runs[:2])
    commands.claim_task(actor=jiefang.program, task=held, by="worker", at=at)
    url = "http://127.0.0.1:8400/told"
    hook, _ = commands.make_hook(actor=jiefang.program, url=url, kinds=["run_ended"], at=at)
    [work] = queries.list_work(jiefang.program, "service", at=at)
    return {
        "row": add(jiefang, at),
        "run": runs[0],
        "waiting": runs[2],
        "over": runs[4],
        "task": task,
        "held": held,
        "work": work.id,
        "hook": hook,
    }


def ask(operation: str, things: dict[str, Any], bearer: str, at: Any, *, channel: str = "bearer") -> Any:
    """One call, taken back afterwards."""
    method, path = operation.split(" ", 1)
    headers = {"Idempotency-Key": "matrix", **({"Authorization": f"Bearer {bearer}"} if bearer else {})}
    address = f"/api/v1/tenant{path.format(**things)}"
    body = OPERATIONS[operation][1]
    mark = transaction.savepoint()
    try:
        with fixed(at):
            if method == "GET":
                return Client().get(address, headers=headers)
            return Client().post(address, json.dumps(body), content_type="application/json", headers=headers)
    finally:
        transaction.savepoint_rollback(mark)


def marks(things: dict[str, Any]) -> list[str]:
    return [str(one) for one in things.values()]


def test_the_matrix_names_every_operation() -> None:
    from yichuang.web.api.routes import api

    paths = dict(api.get_openapi_schema())["paths"]
    told = {f"{m.upper()} {p}" for p, methods in paths.items() if p.startswith("/api/v1/tenant") for m in methods}
    assert len(told) == len(OPERATIONS)
    assert len({operation.count("/") for operation in told}) > 1


@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_own_token_comes_in_and_another_tenants_finds_nothing(
    operation: str, things: dict[str, Any], jiefang: Tenant, linli: Tenant, demo: Any
) -> None:
    own, other = (ask(operation, things, tenant.bearer, demo.at) for tenant in (jiefang, linli))
    assert own.status_code in {200, 201}, own.content.decode()
    expected = OPERATIONS[operation][2]
    assert other.status_code == (404 if expected == "none" else own.status_code), other.content.decode()
    assert not [mark for mark in marks(things) if mark in other.content.decode()]
    if expected == "empty":
        assert other.json()["items"] == []
        assert own.json()["items"]


@pytest.mark.parametrize(
    "operation", [one for one, (_, _, other) in OPERATIONS.items() if "{" in one and other == "none"]
)
def test_what_is_another_tenants_looks_like_what_is_not_there(
    operation: str, things: dict[str, Any], linli: Tenant, demo: Any
) -> None:
    with_table(linli, demo.at)  # the table is there at both
    nothing = dict.fromkeys(things, "01900000-0000-7000-8000-000000000000")
    theirs, none = (ask(operation, found, linli.bearer, demo.at) for found in (things, nothing))
    assert (theirs.status_code, theirs.json()) == (none.status_code, none.json())


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_token_with_every_scope_but_one_is_refused_by_name(
    operation: str, things: dict[str, Any], demo: Any, keeper: Any
) -> None:
    needed = OPERATIONS[operation][0]
    _, narrow = commands.make_credential(
        actor=keeper, tenant="jiefang", label="窄", scopes=[one for one in SCOPES if one != needed], days=1, at=demo.at
    )
    answer = ask(operation, things, narrow, demo.at)
    assert (answer.status_code, answer.json()["reasons"][0]["code"]) == (403, "SCOPE_MISSING")


def _revoked(demo: Any, keeper: Any, tenant: Tenant) -> Any:
    commands.revoke_credential(actor=keeper, tenant=tenant.code, credential=tenant.credential, at=demo.at)
    return demo.at


def _expired(demo: Any, keeper: Any, tenant: Tenant) -> Any:
    return demo.at + timedelta(days=30)


def _replaced(demo: Any, keeper: Any, tenant: Tenant) -> Any:
    commands.rotate_credential(actor=keeper, tenant=tenant.code, credential=tenant.credential, at=demo.at)
    return demo.at + timedelta(hours=24)


def _suspended(demo: Any, keeper: Any, tenant: Tenant) -> Any:
    commands.suspend_tenant(actor=keeper, code=tenant.code, at=demo.at)
    return demo.at


@pytest.mark.parametrize(("end", "status"), [(_revoked, 401), (_expired, 401), (_replaced, 401), (_suspended, 403)])
def test_a_token_that_has_ended_opens_no_operation(
    end: Callable[..., Any], status: int, things: dict[str, Any], jiefang: Tenant, keeper: Any, demo: Any
) -> None:
    at = end(demo, keeper, jiefang)
    found = {operation: ask(operation, things, jiefang.bearer, at).status_code for operation in OPERATIONS}
    assert set(found.values()) == {status}, found


@pytest.mark.parametrize("bearer", ["", "yct_", "yct_" + "x" * 43, "yc_" + "x" * 43])
def test_without_a_token_or_with_a_guessed_one_one_is_asked_to_sign_in(
    bearer: str, things: dict[str, Any], demo: Any
) -> None:
    found = {operation: ask(operation, things, bearer, demo.at).status_code for operation in OPERATIONS}
    assert set(found.values()) == {401}, found


@pytest.mark.parametrize("username", ["zhangxiao", "lina", "shilei", "anning"])
def test_people_of_the_house_find_no_such_address(username: str, things: dict[str, Any], demo: Any) -> None:
    account = find_account(username)
    assert account is not None
    bearer = issue_token(account=account, at=demo.at)
    found = {operation: ask(operation, things, bearer, demo.at).status_code for operation in OPERATIONS}
    assert set(found.values()) == {404}, found


@pytest.mark.parametrize(
    "path",
    ["/api/v1/cases", "/api/v1/tasks", "/api/v1/administration/staff", "/api/v1/registry/looks", "/api/v1/archive"],
)
def test_a_tenants_token_opens_nothing_of_the_house(path: str, demo: Any) -> None:
    tenant = made(demo, "jiefang")
    with fixed(demo.at):
        answer = Client().get(path, headers={"Authorization": f"Bearer {tenant.bearer}"})
        page = Client().get("/my/cases", headers={"Authorization": f"Bearer {tenant.bearer}"})
    assert answer.status_code in {401, 404}
    assert page.status_code == 302  # to signing in


def test_what_is_open_to_everybody_says_to_a_tenants_token_what_it_says_to_nobody(demo: Any) -> None:
    tenant = made(demo, "jiefang")
    asked = {"answers": {}, "form": {}, "applicant": "01900000-0000-7000-8000-000000000000"}
    told = []
    for headers in ({}, {"Authorization": f"Bearer {tenant.bearer}"}):
        with fixed(demo.at):
            found = [Client().get("/api/v1/items", headers=headers), Client().get("/api/v1/items/yangquan-dengji", headers=headers)]  # fmt: skip
            found.append(
                Client().post(
                    "/api/v1/items/yangquan-dengji/requirements", json.dumps(asked), content_type="application/json", headers=headers
                )
            )  # fmt: skip
        told.append([(answer.status_code, answer.content) for answer in found])
    assert told[0] == told[1]


def test_too_many_calls_are_told_until_the_minute_is_over(demo: Any) -> None:
    busy = made(demo, "busy", calls=2)  # making it called once
    headers = {"Authorization": f"Bearer {busy.bearer}"}
    with fixed(demo.at):
        statuses = [Client().get("/api/v1/tenant", headers=headers).status_code for _ in range(2)]
    with fixed(demo.at + timedelta(minutes=1)):
        statuses.append(Client().get("/api/v1/tenant", headers=headers).status_code)
    assert statuses == [200, 429, 200]
