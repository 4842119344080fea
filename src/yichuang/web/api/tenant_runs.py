"""/tenant: another application's processes as they run: runs, tasks of its people, work of its programs, messages, signals."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, P, Path, QueryEx, Router, Schema, Status

from yichuang.core.clock import now
from yichuang.tenants import commands, queries
from yichuang.tenants.values import RunRow
from yichuang.web.api import translate
from yichuang.web.api.schemas import DoneOut, In, Label
from yichuang.web.api.tenant_shared import REFUSALS, Key, TenantMadeOut, TenantTaskOut, needed, task
from yichuang.webkit.actor import actor_of

router = Router(tags=["tenant"])
BY = "a name of the tenant's own for who does it; the same name is the same person"


class RunIn(In):
    process: str = Field(max_length=40)
    version: int | None = Field(None, ge=1, le=1_000_000, description="left out: the newest")
    variables: dict[str, Any] = {}
    reference: str = Field(
        "", max_length=200, description="the tenant's own word for what it is about; no personal data"
    )
    due_at: datetime | None = Field(None, description="when its tasks are due")


class RunOut(Schema):
    id: UUID
    process: str
    version: int
    reference: str
    state: str = Field(description="running, finished or cancelled")
    outcome: str
    started_at: datetime
    ended_at: datetime | None


class RunsOut(Schema):
    items: list[RunOut]
    next: str | None = None


class TenantStepOut(Schema):
    node: str
    name: Label
    state: str = Field(description="done, current, late, waiting or skipped")


class WaitOut(Schema):
    """What a process waits for besides people."""

    id: UUID
    run: UUID
    kind: str = Field(description="service, rule, send, message, signal or timer")
    node: str
    name: Label
    key: str = Field(description="the operation, decision, message or signal")
    due_at: datetime | None
    failures: int
    failed_with: str


class RunPageOut(RunOut):
    tasks: list[TenantTaskOut]
    steps: list[TenantStepOut]
    waits: list[WaitOut]


class TenantTasksOut(Schema):
    items: list[TenantTaskOut]
    next: str | None = None


class WorkOut(Schema):
    items: list[WaitOut]


class CancelIn(In):
    reason: str = Field(max_length=500)


class MessageIn(In):
    name: str = Field(max_length=200)
    variables: dict[str, Any] = {}


class SentOut(Schema):
    replayed: bool


class SignalIn(In):
    name: str = Field(max_length=200)


class ReachedOut(Schema):
    reached: int = Field(description="runs that waited for it")


class MoveRunIn(In):
    version: int | None = Field(None, ge=1, le=1_000_000, description="left out: the newest")
    names: dict[str, str] = Field({}, description="node id now → node id in that version, for those called otherwise")


class MovedOut(Schema):
    version: int


class ObstacleOut(Schema):
    scope: str = Field(description="the way into sub-processes; empty in the process itself")
    node: str
    code: str
    why: Label


class RunMovingOut(Schema):
    obstacles: list[ObstacleOut] = Field(description="one for each token that cannot go; none: it can go over")
    left_out: list[Label] = Field(description="steps of people that nobody would do then")


class ByIn(In):
    by: str = Field(max_length=60, description=BY)


class ReturnIn(ByIn):
    note: str = Field("", max_length=4000)


class TenantCompleteIn(ByIn):
    outcome: str = Field(max_length=60, description="a short code that the process's conditions read")
    opinion: str = Field("", max_length=4000)
    variables: dict[str, Any] = {}


class TenantAnswerIn(In):
    outcome: str | None = Field(None, max_length=60)
    variables: dict[str, Any] = {}


class FailIn(In):
    code: str = Field(max_length=60)
    retry_minutes: int = Field(
        5, ge=1, le=10_080, description="when it is offered again, unless the process catches the error"
    )


class FailedOut(Schema):
    caught: bool


@router.get("/runs", response={200: RunsOut, **REFUSALS}, url_name="tenant_runs", summary="Runs, page by page")
def listed(
    request: HttpRequest,
    state: Literal["running", "finished", "cancelled"] | None = None,
    cursor: UUID | None = None,
    limit: QueryEx[int, P(ge=1, le=200)] = 50,
) -> dict[str, Any]:
    """In the order in which they began."""
    page = queries.list_runs(actor_of(request), state=state, cursor=str(cursor) if cursor else None, limit=limit)
    return {"items": [_run(row) for row in page.items], "next": page.next}


@router.post("/runs", response={201: TenantMadeOut, **REFUSALS}, url_name="tenant_runs", summary="Start a process, once per Idempotency-Key")  # fmt: skip
def start(request: HttpRequest, body: RunIn, key: Key = "") -> Status[dict[str, Any]]:
    """It goes on to its first wait. 422 where a gateway cannot decide by the variables."""
    made, replayed = commands.start_run(
        actor=actor_of(request), process=body.process, version=body.version, variables=body.variables,
        reference=body.reference, due_at=body.due_at, key=needed(key), at=now(),
    )  # fmt: skip
    return Status(201, {"id": made, "replayed": replayed})


@router.get("/runs/{run}", response={200: RunPageOut, **REFUSALS}, url_name="tenant_run", summary="One run, with tasks, steps and waits")  # fmt: skip
def one(request: HttpRequest, run: Path[UUID]) -> dict[str, Any]:
    page = queries.get_run(actor_of(request), run)
    steps = [{"node": one.node, "name": translate.label(one.name), "state": one.state} for one in page.steps]
    return {
        **_run(page.row),
        "tasks": [task(row) for row in page.tasks],
        "steps": steps,
        "waits": [_wait(row) for row in page.waits],
    }


@router.post("/runs/{run}/cancel", response={200: DoneOut, **REFUSALS}, url_name="tenant_run_cancel", summary="End a run without an outcome")  # fmt: skip
def cancel(request: HttpRequest, run: Path[UUID], body: CancelIn) -> dict[str, Any]:
    commands.cancel_run(actor=actor_of(request), run=run, reason=body.reason, at=now())
    return {}


@router.post("/runs/{run}/move", response={200: MovedOut, **REFUSALS}, url_name="tenant_run_move", summary="Go on by another version of the process")  # fmt: skip
def move(request: HttpRequest, run: Path[UUID], body: MoveRunIn) -> dict[str, Any]:
    """All its tokens go, or none: 409 MIGRATE_… with a reason for each that cannot."""
    at = now()
    return {
        "version": commands.move_run(actor=actor_of(request), run=run, version=body.version, names=body.names, at=at)
    }


@router.post("/runs/{run}/move/check", response={200: RunMovingOut, **REFUSALS}, url_name="tenant_run_moving", summary="What would keep a run from going over")  # fmt: skip
def moving(request: HttpRequest, run: Path[UUID], body: MoveRunIn) -> dict[str, Any]:
    """Nothing is changed."""
    found = queries.moving_of(actor_of(request), run, version=body.version, names=body.names)
    obstacles = [
        {"scope": one.scope, "node": one.node, "code": one.code, "why": translate.label(one.words)}
        for one in found.obstacles
    ]
    return {"obstacles": obstacles, "left_out": [translate.label(words) for words in found.left_out]}


@router.post("/runs/{run}/remove", response={200: DoneOut, **REFUSALS}, url_name="tenant_run_remove", summary="Keep nothing of a run that is over")  # fmt: skip
def remove(request: HttpRequest, run: Path[UUID]) -> dict[str, Any]:
    """Its variables, tasks and what was said go, and their bytes are free again. 409 STILL_RUNNING."""
    commands.remove_run(actor=actor_of(request), run=run, at=now())
    return {}


@router.post("/runs/{run}/messages", response={200: SentOut, **REFUSALS}, url_name="tenant_message", summary="A message for a run, once per Idempotency-Key")  # fmt: skip
def message(request: HttpRequest, run: Path[UUID], body: MessageIn, key: Key = "") -> dict[str, Any]:
    """409 NOBODY_WAITS when nothing there waits for it."""
    replayed = commands.send_message(
        actor=actor_of(request), run=run, name=body.name, variables=body.variables, key=needed(key), at=now()
    )
    return {"replayed": replayed}


@router.post("/signals", response={200: ReachedOut, **REFUSALS}, url_name="tenant_signal", summary="A signal for every run that waits for it")  # fmt: skip
def signal(request: HttpRequest, body: SignalIn) -> dict[str, Any]:
    """Those beyond the first 50 hear it a moment later, and are not counted."""
    return {"reached": commands.send_signal(actor=actor_of(request), name=body.name, at=now())}


@router.get("/tasks", response={200: TenantTasksOut, **REFUSALS}, url_name="tenant_tasks", summary="Open tasks of the tenant's posts")  # fmt: skip
def tasks(
    request: HttpRequest,
    posts: QueryEx[str, P(max_length=2000)],
    state: Literal["open", "claimed"] | None = None,
    cursor: QueryEx[str | None, P(max_length=200)] = None,
    limit: QueryEx[int, P(ge=1, le=100)] = 20,
) -> dict[str, Any]:
    """`posts` apart by commas. The most urgent first."""
    wanted = [post.strip() for post in posts.split(",") if post.strip()]
    page = queries.list_tasks(actor_of(request), wanted, state=state, cursor=cursor, limit=limit)
    return {"items": [task(row) for row in page.items], "next": page.next}


@router.post("/tasks/{id}/claim", response={200: TenantTaskOut, **REFUSALS}, url_name="tenant_task_claim", summary="Take a task")  # fmt: skip
def claim(request: HttpRequest, id: Path[UUID], body: ByIn) -> dict[str, Any]:
    return task(commands.claim_task(actor=actor_of(request), task=id, by=body.by, at=now()))


@router.post("/tasks/{id}/return", response={200: TenantTaskOut, **REFUSALS}, url_name="tenant_task_return", summary="Give a task back to its post")  # fmt: skip
def give_back(request: HttpRequest, id: Path[UUID], body: ReturnIn) -> dict[str, Any]:
    return task(commands.return_task(actor=actor_of(request), task=id, by=body.by, note=body.note, at=now()))


@router.post("/tasks/{id}/complete", response={200: TenantTaskOut, **REFUSALS}, url_name="tenant_task_complete", summary="Complete a task; the process goes on")  # fmt: skip
def complete(request: HttpRequest, id: Path[UUID], body: TenantCompleteIn) -> dict[str, Any]:
    done = commands.complete_task(
        actor=actor_of(request), task=id, by=body.by, outcome=body.outcome, opinion=body.opinion,
        variables=body.variables, at=now(),
    )  # fmt: skip
    return task(done)


@router.get("/work", response={200: WorkOut, **REFUSALS}, url_name="tenant_work", summary="What processes ask of the tenant's programs")  # fmt: skip
def work(
    request: HttpRequest,
    kind: Literal["service", "rule", "send"] = "service",
    limit: QueryEx[int, P(ge=1, le=100)] = 50,
) -> dict[str, Any]:
    """The oldest first; what failed comes again at its time."""
    return {"items": [_wait(row) for row in queries.list_work(actor_of(request), kind, at=now(), limit=limit)]}


@router.post("/work/{id}/answer", response={200: DoneOut, **REFUSALS}, url_name="tenant_work_answer", summary="The work is done; the process goes on")  # fmt: skip
def answer(request: HttpRequest, id: Path[UUID], body: TenantAnswerIn) -> dict[str, Any]:
    """404 when it was answered before, or is wanted no more."""
    commands.answer_work(actor=actor_of(request), work=id, outcome=body.outcome, variables=body.variables, at=now())
    return {}


@router.post("/work/{id}/fail", response={200: FailedOut, **REFUSALS}, url_name="tenant_work_fail", summary="The work failed with an error code")  # fmt: skip
def fail(request: HttpRequest, id: Path[UUID], body: FailIn) -> dict[str, Any]:
    caught = commands.fail_work(
        actor=actor_of(request), work=id, code=body.code, retry_minutes=body.retry_minutes, at=now()
    )
    return {"caught": caught}


def _run(row: RunRow) -> dict[str, Any]:
    names = ("id", "process", "version", "reference", "state", "outcome", "started_at", "ended_at")
    return {name: getattr(row, name) for name in names}


def _wait(row: Any) -> dict[str, Any]:
    names = ("id", "kind", "node", "key", "due_at", "failures", "failed_with")
    return {**{name: getattr(row, name) for name in names}, "run": row.subject_id, "name": translate.label(row.name)}
