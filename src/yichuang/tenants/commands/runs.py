"""Processes of tenants: started, told, and ended. The engine runs them; inside the wall it sees this tenant's only."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import F

from yichuang.core import idempotency
from yichuang.core.actors import Actor
from yichuang.core.ids import new_id
from yichuang.core.refusals import NotFound, Reason, Refused, refuse_all
from yichuang.core.words import W
from yichuang.engine import commands as engine
from yichuang.network import queries as network
from yichuang.tenants import wall
from yichuang.tenants.books import at_home, keys_of, record
from yichuang.tenants.commands.hooks import tell
from yichuang.tenants.models import Run, Used
from yichuang.tenants.parts import part_of
from yichuang.tenants.permissions import check_can
from yichuang.tenants.rules import KEY_BYTES, LARGEST_ROW, size_of
from yichuang.tenants.values import RUN

KIND: Final = "run"  # of the engine's subjects and the ledger's
A_RUN: Final = W("流程实例", "run")
RESERVED = W("outcomes 是流程自己的名字，不能用作变量", "“outcomes” is the process's own: no variable may be called so")
TOO_LARGE = W("流程变量最多 100 KB", "Variables have at most 100 KB")
NOBODY_WAITS = W("没有流程在等这条消息", "Nothing there waits for this message")
OVER = W("这个流程已经结束", "This process has ended")
STILL_RUNNING = W("流程还在运行，先取消才能删除", "The process still runs: cancel it, then remove it")


def check_variables(variables: Mapping[str, Any]) -> None:
    """Refused where a process cannot take them."""
    if size_of(variables) > LARGEST_ROW:
        refuse_all([Reason("TOO_LARGE", TOO_LARGE, "/variables")], kind="too_large")
    refuse_all([Reason("RESERVED_NAME", RESERVED, "/variables/outcomes")] if "outcomes" in variables else [])


@transaction.atomic
def start_run(
    *,
    actor: Actor,
    process: str,
    version: int | None = None,
    variables: Mapping[str, Any],
    reference: str = "",
    due_at: datetime | None = None,
    key: str,
    at: datetime,
) -> tuple[UUID, bool]:
    """Start a process, once for the `key`: (the run's id, replayed). It goes on to its first wait.

    Refused as the engine refuses (PROCESS_STUCK …); conflict QUOTA_RUNS; NotFound without such a process or version.
    """
    tenant = check_can(actor, RUN)
    check_variables(variables)
    calendar = network.working_calendar()

    def do() -> dict[str, Any]:
        with at_home(actor, RUN) as home:
            part = part_of(tenant, "process", process, version)
            home.use(runs=1, bytes=KEY_BYTES)
            row = Run.objects.create(
                id=new_id(), tenant_id=tenant, process=process, version=part.version, reference=reference, started_at=at
            )
            engine.start_process(
                xml=part.body.encode(), subject=(KIND, row.id), tenant=str(tenant), variables=variables, at=at,
                due_at=due_at, calendar=calendar,
            )  # fmt: skip
            home.weigh(row.id)
        record("run_started", actor, at, (KIND, row.id), process=process, version=part.version)
        return {"id": str(row.id)}

    sent = {"process": process, "version": version, "variables": dict(variables), "reference": reference}
    sent |= (
        {"due_at": due_at.isoformat()} if due_at else {}
    )  # (left out as ever where there is none: keys hold for a month)
    answer, replayed = idempotency.run_once(
        key=key, scope=keys_of("start_run", tenant), body_hash=idempotency.body_hash(sent), at=at, do=do
    )
    return UUID(answer["id"]), replayed


@transaction.atomic
def cancel_run(*, actor: Actor, run: UUID, reason: str, at: datetime) -> None:
    """End a run without an outcome. Refused (conflict) ENDED when it is over."""
    with at_home(actor, RUN) as home:
        find_run(home.tenant, run)
        if not engine.cancel_process(subject=(KIND, run), at=at, reason=reason):
            raise Refused(Reason("ENDED", OVER), kind="conflict")
        Run.objects.filter(tenant=home.tenant, id=run).update(state="cancelled", ended_at=at)
        home.use(runs=-1)
        home.weigh(run, freely=True)
        tell(home.tenant, "run_ended", {"run": str(run), "state": "cancelled", "outcome": ""}, at)
    record("run_cancelled", actor, at, (KIND, run))


@transaction.atomic
def move_run(*, actor: Actor, run: UUID, version: int | None = None, names: Mapping[str, str], at: datetime) -> int:
    """A run goes on by another version of its process, the newest unless one is named: that version. `names`: node id now →
    node id then, for those that are called otherwise; all its tokens go, or none.

    What it waited for keeps its moments. Refused (conflict) MIGRATE_… with one reason for each token that cannot go; ENDED.
    """
    check_can(actor, RUN)
    calendar = network.working_calendar()
    with at_home(actor, RUN) as home:
        row = find_run(home.tenant, run)
        if row.state != "running":
            raise Refused(Reason("ENDED", OVER), kind="conflict")
        part = part_of(home.tenant, "process", row.process, version)
        before = row.version
        engine.migrate_process(subject=(KIND, run), xml=part.body.encode(), names=names, at=at, calendar=calendar)
        Run.objects.filter(tenant=home.tenant, id=run).update(version=part.version)
        home.weigh(run)
    record("run_moved", actor, at, (KIND, run), old=before, new=part.version)
    return int(part.version)


@transaction.atomic
def remove_run(*, actor: Actor, run: UUID, at: datetime) -> None:
    """What is kept of a run that is over is gone, and its room free. Refused (conflict) STILL_RUNNING."""
    with at_home(actor, RUN) as home:
        row = find_run(home.tenant, run)
        if row.state == "running":
            raise Refused(Reason("STILL_RUNNING", STILL_RUNNING), kind="conflict")
        engine.forget_process(subject=(KIND, run))
        row.delete()
        home.give(row.size)
    record("run_removed", actor, at, (KIND, run))


@transaction.atomic
def send_message(*, actor: Actor, run: UUID, name: str, variables: Mapping[str, Any], key: str, at: datetime) -> bool:
    """A message for a run, once for the `key`; whether it was sent before. Refused (conflict) NOBODY_WAITS, STILL_BUSY."""
    tenant = check_can(actor, RUN)
    check_variables(variables)
    calendar = network.working_calendar()

    def do() -> dict[str, Any]:
        with at_home(actor, RUN) as home:
            find_run(tenant, run)
            if not engine.receive_message(
                subject=(KIND, run), name=name, variables=variables, at=at, calendar=calendar
            ):
                raise Refused(Reason("NOBODY_WAITS", NOBODY_WAITS, "/name"), kind="conflict")
            home.weigh(run)
            home.use(bytes=KEY_BYTES)
        record("message_sent", actor, at, (KIND, run), name=name[:60])
        return {}

    sent = {"run": str(run), "name": name, "variables": dict(variables)}
    _, replayed = idempotency.run_once(
        key=key, scope=keys_of("send_message", tenant), body_hash=idempotency.body_hash(sent), at=at, do=do
    )
    return replayed


def find_run(tenant: UUID, run: UUID) -> Run:
    """Inside the wall. NotFound, for another tenant's too."""
    row: Run | None = Run.objects.filter(tenant=tenant, id=run).first()
    if row is None:
        raise NotFound(A_RUN)
    return row


@transaction.atomic
def finish_run(*, tenant: UUID, run: UUID, outcome: str, at: datetime) -> None:
    """The engine says that no token is left; by whatever act, or by a timer. A run that is over stays as it is."""
    with wall.inside(tenant):
        ended = Run.objects.filter(tenant=tenant, id=run, state="running").update(
            state="finished", outcome=outcome[:60], ended_at=at
        )
        if ended:
            Used.objects.filter(tenant=tenant).update(runs=F("runs") - 1)
            tell(tenant, "run_ended", {"run": str(run), "state": "finished", "outcome": outcome[:60]}, at)
