"""The API against its own document: every operation answers 2xx to a real caller, and whatever is sent gets a declared answer.

Schemathesis draws the requests (the same ones each time) and judges the answers; what is behind them is the demo's.
What a drawn request changes is rolled back, so that the next one finds the case where it stood.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import schemathesis
from django.conf import settings as django_settings
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connection, transaction
from django.test import override_settings
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import CHECKS as ALL_CHECKS
from schemathesis.checks import load_all_checks
from tests.web.api import (
    recipes_administration,
    recipes_after,
    recipes_checks,
    recipes_hall,
    recipes_house,
    recipes_keeping,
    recipes_mine,
    recipes_review,
    recipes_rules,
    recipes_tenants,
    recipes_turns,
)
from tests.web.api.oddities import mutants

from yichuang.cases.commands.accept import MaterialFinding, accept_case
from yichuang.cases.commands.decide import decide_case
from yichuang.cases.commands.notify_gaps import notify_gaps
from yichuang.cases.commands.promise import offer_promise
from yichuang.cases.commands.review import claim_review, complete_review
from yichuang.cases.commands.special import suspend_case
from yichuang.cases.queries import list_tasks, promise_to_sign
from yichuang.core.clock import fixed
from yichuang.issuing.commands import render_document
from yichuang.issuing.commands.prepare import prepare_result
from yichuang.people import cast
from yichuang.people.commands import issue_token
from yichuang.people.models import Account
from yichuang.people.queries import get_party
from yichuang.registry.queries import certificate_of_subject

from .test_api import DOG, PDF

load_all_checks()
CHECKS = ALL_CHECKS.get_by_names(
    [
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_headers_conformance",
        "response_schema_conformance",
    ]
)
DRAWN, DRAWN_LONG = 3, 5  # requests per operation and kind (fitting the document, not fitting it)


@dataclass
class World:
    """One demo case at the point of its life where the operation makes sense, and whoever may do it."""

    demo: Any
    user: str = "zhangxiao"
    token: str = ""  # of another application; else one is made for the user
    path: dict[str, str] = field(default_factory=dict)
    query: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None
    files: dict[str, Any] = field(default_factory=dict)
    version: int = 1

    def file(self, **more: Any) -> Any:
        return self.demo.file(self.demo.actor("zhangxiao"), DOG, **more)

    def accepted(self) -> Any:
        receipt = self.file()
        return receipt, accept_case(
            actor=self.demo.actor("lina"), number=receipt.number, version=1, findings={}, at=self.demo.at
        )

    def task(self) -> Any:
        return list_tasks(self.demo.actor("wangqiang"), at=self.demo.at).items[0].task.id

    def claimed(self) -> tuple[Any, UUID, Any]:
        receipt, head = self.accepted()
        task = self.task()
        reviewer = self.demo.actor("wangqiang")
        return receipt, task, claim_review(actor=reviewer, task=task, version=head.version, at=self.demo.at)

    def reviewed(self) -> Any:
        receipt, task, head = self.claimed()
        return receipt, complete_review(
            actor=self.demo.actor("wangqiang"), task=task, version=head.version, outcome="agree", opinion="", at=self.demo.at,
        )  # fmt: skip

    def ready(self) -> Any:
        receipt, head = self.reviewed()
        decider = self.demo.actor("linfang")
        head = decide_case(
            actor=decider, number=receipt.number, version=head.version, outcome="grant", reasons="", at=self.demo.at
        )
        certificate = certificate_of_subject("case", receipt.case_id)
        assert certificate is not None
        prepare_result(case=receipt.case_id, certificate=certificate.id, physical=True, at=self.demo.at)
        return receipt, certificate, head


Recipe = Callable[[World], None]
RECIPES: dict[str, Recipe] = {}


def recipe(operation: str) -> Callable[[Recipe], Recipe]:
    def keep(function: Recipe) -> Recipe:
        RECIPES[operation] = function
        return function

    return keep


for more in (
    recipes_review,
    recipes_turns,
    recipes_administration,
    recipes_house,
    recipes_after,
    recipes_checks,
    recipes_hall,
    recipes_tenants,
    recipes_mine,
    recipes_keeping,
    recipes_rules,
):
    more.register(recipe)


@recipe("GET /items")
def _items(world: World) -> None:
    world.query = {"q": "养狗"}


@recipe("GET /items/{code}")
def _item(world: World) -> None:
    world.path = {"code": DOG}


@recipe("POST /items/{code}/requirements")
def _requirements(world: World) -> None:
    example = world.demo.example(DOG)
    world.path = {"code": DOG}
    world.body = {"answers": dict(example.answers), "form": dict(example.form), "materials": ["owner_id"]}


@recipe("POST /uploads")
def _upload(world: World) -> None:
    world.files = {"file": PDF}


@recipe("POST /cases")
def _file(world: World) -> None:
    example = world.demo.example(DOG)
    materials = {code: [str(world.demo.upload(world.demo.actor("zhangxiao")))] for code in example.materials}
    world.headers = {"Idempotency-Key": str(uuid4())}
    world.body = {"item": DOG, "answers": dict(example.answers), "form": dict(example.form), "materials": materials}


@recipe("GET /cases")
@recipe("GET /cases/{number}")
@recipe("GET /cases/{number}/timeline")
@recipe("GET /cases/{number}/clock")
@recipe("GET /cases/{number}/documents")
def _read(world: World) -> None:
    receipt, _ = world.accepted()
    world.path = {"number": receipt.number}


@recipe("GET /documents/{document}")
def _document(world: World) -> None:
    receipt = world.file().receipt
    render_document(receipt)  # here, so that the one sheet is not set again for every request
    world.path = {"document": str(receipt)}


def _clerk(world: World, receipt: Any, **body: Any) -> None:
    world.user, world.path, world.body = "lina", {"number": receipt.number}, {"version": 1, **body}


@recipe("POST /cases/{number}/actions/precheck")
def _precheck(world: World) -> None:
    _clerk(world, world.file(), findings={"owner_id": {"state": "checked"}})


@recipe("POST /cases/{number}/actions/accept")
def _accept(world: World) -> None:
    _clerk(world, world.file())


@recipe("POST /cases/{number}/actions/accept-with-gaps")
def _accept_with_gaps(world: World) -> None:
    given = tuple(code for code in world.demo.example(DOG).materials if code != "dog_photos")
    _clerk(world, world.file(materials=given), promise_signed=True)


@recipe("POST /cases/{number}/actions/offer-promise")
def _offer_promise(world: World) -> None:
    given = tuple(code for code in world.demo.example(DOG).materials if code != "dog_photos")
    _clerk(world, world.file(materials=given))


@recipe("GET /cases/{number}/promise")
def _letter(world: World) -> None:
    _offered(world)
    world.body = None


@recipe("POST /cases/{number}/actions/decline-promise")
def _offered(world: World) -> None:
    _offer_promise(world)
    number = world.path["number"]
    head = offer_promise(actor=world.demo.actor("lina"), number=number, version=1, findings={}, at=world.demo.at)
    world.user, world.body = "zhangxiao", {"version": head.version}


@recipe("POST /cases/{number}/actions/sign-promise")
def _sign_promise(world: World) -> None:
    _offered(world)
    letter = promise_to_sign(world.demo.actor("zhangxiao"), world.path["number"], at=world.demo.at)
    world.body |= {"letter": letter.mark, "agreed": True, "password": cast.PASSWORD}


@recipe("POST /identity/code")
def _identity_code(world: World) -> None:
    pass


@recipe("POST /cases/{number}/actions/notify-gaps")
def _notify(world: World) -> None:
    _clerk(world, world.file(), findings={"owner_id": {"state": "faulty", "fault": "看不清"}})


@recipe("POST /cases/{number}/actions/refuse")
def _refuse(world: World) -> None:
    _clerk(world, world.file(), kind="not_ours", reason="属市级办理", where_to_go="市城管局")


@recipe("POST /cases/{number}/actions/terminate")
def _terminate(world: World) -> None:
    _clerk(world, world.file(), reason="逾期未补正")


@recipe("POST /cases/{number}/actions/withdraw")
def _withdraw(world: World) -> None:
    _clerk(world, world.file(), reason="不办了")
    world.user = "zhangxiao"


@recipe("POST /cases/{number}/actions/supplement")
def _supplement(world: World) -> None:
    receipt = world.file()
    faulty = {"owner_id": MaterialFinding("faulty", "看不清")}
    head = notify_gaps(
        actor=world.demo.actor("lina"), number=receipt.number, version=1, findings=faulty, at=world.demo.at
    )
    upload = world.demo.upload(world.demo.actor("zhangxiao"))
    _clerk(world, receipt, version=head.version, materials={"owner_id": [str(upload)]})
    world.user = "zhangxiao"


@recipe("POST /cases/{number}/actions/supply-link")
def _supply_link(world: World) -> None:
    given = tuple(code for code in world.demo.example(DOG).materials if code != "dog_photos")
    world.path, world.body = {"number": world.file(materials=given).number}, {"materials": ["dog_photos"]}


def _department(world: World, receipt: Any, version: int, **body: Any) -> None:
    world.user, world.path, world.body = "linfang", {"number": receipt.number}, {"version": version, **body}


@recipe("POST /cases/{number}/actions/suspend")
def _suspend(world: World) -> None:
    receipt, head = world.accepted()
    _department(world, receipt, head.version, ground="inspection", days=5, reason="需要检疫")


@recipe("POST /cases/{number}/actions/resume")
def _resume(world: World) -> None:
    receipt, head = world.accepted()
    actor = world.demo.actor("linfang")
    head = suspend_case(
        actor=actor, number=receipt.number, version=head.version, ground="inspection", days=5, reason="检疫", at=world.demo.at,
    )  # fmt: skip
    _department(world, receipt, head.version)


@recipe("POST /cases/{number}/actions/decide")
def _decide(world: World) -> None:
    receipt, head = world.reviewed()
    _department(world, receipt, head.version, outcome="grant")


@recipe("POST /cases/{number}/actions/deliver")
def _deliver(world: World) -> None:
    receipt, _, head = world.ready()
    version = head.version + 1  # the result was announced meanwhile
    taker = get_party(world.demo.actor("zhangxiao").id)
    _department(world, receipt, version, identity=taker.id_no, receiver_name=taker.name)
    world.user = "zhoujie"


@recipe("GET /tasks")
def _tasks(world: World) -> None:
    world.accepted()
    world.user = "wangqiang"


@recipe("POST /tasks/{id}/actions/claim")
def _claim(world: World) -> None:
    _, head = world.accepted()
    world.user, world.path, world.body = "wangqiang", {"id": str(world.task())}, {"version": head.version}


@recipe("POST /tasks/{id}/actions/return")
def _return(world: World) -> None:
    _, task, head = world.claimed()
    world.user, world.path = "wangqiang", {"id": str(task)}
    world.body = {"version": head.version, "note": "请假"}


@recipe("POST /tasks/{id}/actions/complete")
def _complete(world: World) -> None:
    _, task, head = world.claimed()
    world.user, world.path = "wangqiang", {"id": str(task)}
    world.body = {"version": head.version, "outcome": "agree", "opinion": "同意"}


@recipe("GET /certificates/{id}")
def _certificate(world: World) -> None:
    _, certificate, _ = world.ready()
    world.path = {"id": str(certificate.id)}


@recipe("POST /verify")
def _verify(world: World) -> None:
    _, certificate, _ = world.ready()
    world.files = {"number": certificate.number}


# ── the document, and the calls ───────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module", autouse=True)
def _one_connection() -> Iterator[None]:
    """A WSGI request gives its connection back; here it would take the test's transaction along."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture(scope="module", autouse=True)
def _few_packs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The area of the item that is asked for, one item with a table, one with a routing table: a workbook of all would be
    made anew for every request."""
    [real], few = django_settings.YICHUANG_PACKS, tmp_path_factory.mktemp("packs")
    area = next(Path(real).glob(f"*/{DOG}")).parent.name
    for name in (area, "lists.toml"):
        (few / name).symlink_to(Path(real) / name)
    for item in (recipes_administration.WITH_TABLE, recipes_rules.WITH_ROUTE):
        (few / item.parent.name).mkdir()
        (few / item.parent.name / item.name).symlink_to(Path(real) / item.parent.name / item.name)
    with override_settings(YICHUANG_PACKS=[few]):
        yield


@pytest.fixture(scope="module")
def document(_one_connection: None) -> Any:
    """The document as the API itself gives it."""
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())


def operation_of(document: Any, name: str) -> Any:
    method, _, path = name.partition(" ")
    return document[f"/api/v1{path}"][method]


def prepared(demo: Any, name: str) -> World:
    world = World(demo)
    with fixed(demo.at):
        RECIPES[name](world)
        token = world.token or issue_token(account=Account.objects.get(username=world.user).id, at=demo.at)
    world.headers["Authorization"] = f"Bearer {token}"
    return world


def send(case: Case, demo: Any, headers: dict[str, str]) -> Any:
    """One request, judged; what it did is undone, but first the database says whether it could be committed."""
    mark = transaction.savepoint()
    try:
        with fixed(demo.at):
            answer = case.call(headers=headers)
        case.validate_response(answer, checks=CHECKS)
        judge_problem(answer)
        connection.check_constraints()
    finally:
        transaction.savepoint_rollback(mark)
    return answer


def judge_problem(answer: Any) -> None:
    """RFC 9457 with at least one reason in both languages."""
    if answer.status_code < 400:
        return
    problem = answer.json()
    assert problem["status"] == answer.status_code
    assert problem["title"]
    assert problem["reasons"], problem
    assert all(reason["code"] and reason["message"] and reason["message_en"] for reason in problem["reasons"]), problem


def test_every_operation_has_a_recipe(document: Any) -> None:
    told = {
        f"{method.upper()} {path.removeprefix('/api/v1')}"
        for path, methods in document.raw_schema["paths"].items()
        for method in methods
    }
    assert told == set(RECIPES)


@pytest.mark.parametrize("name", sorted(RECIPES))
def test_a_real_caller_is_answered_with_2xx_and_whatever_else_is_sent_as_declared(
    name: str, document: Any, demo: Any
) -> None:
    world = prepared(demo, name)
    operation = operation_of(document, name)
    answer = send(_case(operation, world, world.body), demo, world.headers)
    assert 200 <= answer.status_code < 300, answer.text[:2000]
    for body in mutants(world.body, operation):
        send(_case(operation, world, body), demo, world.headers)
    for mode in GenerationMode:
        _draw(operation, mode, world, demo, DRAWN)


@pytest.mark.long
@pytest.mark.parametrize("name", sorted(RECIPES))
def test_whatever_else_is_sent_is_answered_as_declared_again_and_again(name: str, document: Any, demo: Any) -> None:
    world, operation = prepared(demo, name), operation_of(document, name)
    if _varies(operation):
        for mode in GenerationMode:
            _draw(operation, mode, world, demo, DRAWN_LONG)


def _case(operation: Any, world: World, body: Any) -> Case:
    more: dict[str, Any] = {}
    if world.files:
        more = {"body": world.files, "media_type": "multipart/form-data"}
    elif body is not None:
        more = {"body": body, "media_type": "application/json"}
    case: Case = operation.Case(path_parameters=world.path, query=world.query, headers=world.headers, **more)
    return case


def _varies(operation: Any) -> bool:
    """Whether two drawn requests can differ: path and token are the world's own."""
    raw = operation.definition.raw
    return "requestBody" in raw or any(one["in"] != "path" for one in raw.get("parameters", ()))


def _draw(operation: Any, mode: Any, world: World, demo: Any, most: int) -> None:
    headers = {"Authorization": world.headers["Authorization"]}

    @settings(
        max_examples=most if _varies(operation) else 1, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def run(case: Case) -> None:
        if isinstance(case.path_parameters, dict) and world.path:
            case.path_parameters.update(world.path)
        if isinstance(case.body, dict) and isinstance(case.body.get("version"), int):
            case.body["version"] = world.body["version"]  # a stale version would end every request at the gate
        send(case, demo, headers)

    try:
        run()
    except Unsatisfiable:  # any text fits a plain path parameter: nothing that does not fit can be drawn
        assert mode is GenerationMode.NEGATIVE
        assert operation.method == "get"
