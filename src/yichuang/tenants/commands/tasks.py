"""Tasks of a tenant's processes, done by its own people (opaque names), and the work that its programs do."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from yichuang.core.actors import Actor
from yichuang.core.refusals import NotFound, Reason, Refused
from yichuang.core.words import W
from yichuang.engine import commands as engine
from yichuang.engine import queries
from yichuang.engine.values import TaskRow
from yichuang.network import queries as network
from yichuang.tenants.books import at_home, check_active, record
from yichuang.tenants.commands.runs import KIND, check_variables
from yichuang.tenants.models import Tenant
from yichuang.tenants.permissions import check_can
from yichuang.tenants.rules import SIGNALS_AT_ONCE
from yichuang.tenants.values import RUN

A_WORK = W("待办工作", "piece of work")
BY_MISSING = W(
    "请写明由谁办理（租户自己的用户名，60 字以内）", "Say who does it: a name of the tenant's own, up to 60 characters"
)


def as_worker(actor: Actor, by: str) -> Actor:
    """Somebody of the tenant's own, whom only the tenant knows: the same name is the same person, for this tenant alone."""
    if actor.tenant is None or not 0 < len(by.strip()) <= 60:
        raise Refused(Reason("BY_MISSING", BY_MISSING, "/by"))
    return replace(actor, id=uuid5(actor.tenant, by.strip()), name=by.strip())


@transaction.atomic
def claim_task(*, actor: Actor, task: UUID, by: str, at: datetime) -> TaskRow:
    """Take an open task. One's own again: nothing happens; another's: Conflict CLAIMED with who and when."""
    with at_home(actor, RUN) as home:
        _own(task, home.tenant)
        row = engine.claim_task(actor=as_worker(actor, by), task=task, version=None, at=at)
        home.weigh(row.subject_id)
    record("task_claimed", actor, at, (KIND, row.subject_id), task=str(task))
    return row


@transaction.atomic
def return_task(*, actor: Actor, task: UUID, by: str, note: str, at: datetime) -> TaskRow:
    """Give a task back to its post."""
    with at_home(actor, RUN) as home:
        _own(task, home.tenant)
        row = engine.return_task(actor=as_worker(actor, by), task=task, at=at, note=note)
        home.weigh(row.subject_id)
    record("task_returned", actor, at, (KIND, row.subject_id), task=str(task))
    return row


@transaction.atomic
def complete_task(
    *, actor: Actor, task: UUID, by: str, outcome: str, opinion: str, variables: Mapping[str, Any], at: datetime
) -> TaskRow:
    """Complete a task that this person has claimed; the process goes on. Conflict DONE, NOT_CLAIMED, CLAIMED …"""
    check_can(actor, RUN)
    check_variables(variables)
    calendar = network.working_calendar()
    with at_home(actor, RUN) as home:
        _own(task, home.tenant)
        row = engine.complete_task(
            actor=as_worker(actor, by), task=task, outcome=outcome, opinion=opinion, variables=variables, at=at,
            calendar=calendar,
        )  # fmt: skip
        home.weigh(row.subject_id)
    record("task_completed", actor, at, (KIND, row.subject_id), task=str(task), outcome=outcome[:60])
    return row


@transaction.atomic
def answer_work(*, actor: Actor, work: UUID, outcome: str | None, variables: Mapping[str, Any], at: datetime) -> None:
    """Work that a process asked of the tenant's programs is done. NotFound when it was answered, or is wanted no more."""
    check_can(actor, RUN)
    check_variables(variables)
    calendar = network.working_calendar()
    with at_home(actor, RUN) as home:
        run = _run_of(work, home.tenant)
        if not engine.answer_work(wait=work, variables=variables, outcome=outcome, at=at, calendar=calendar):
            raise NotFound(A_WORK)
        home.weigh(run)
    record("work_answered", actor, at, (KIND, run), work=str(work))


@transaction.atomic
def fail_work(*, actor: Actor, work: UUID, code: str, retry_minutes: int, at: datetime) -> bool:
    """Work failed with an error code: True when the process catches it, else it is offered again after so many minutes."""
    check_can(actor, RUN)
    calendar = network.working_calendar()
    with at_home(actor, RUN) as home:
        run = _run_of(work, home.tenant)
        retry_at = at + timedelta(minutes=retry_minutes)
        caught = engine.fail_work(wait=work, code=code, at=at, retry_at=retry_at, calendar=calendar)
        home.weigh(run)
    record("work_failed", actor, at, (KIND, run), work=str(work), code=code[:60])
    return caught


def send_signal(*, actor: Actor, name: str, at: datetime) -> int:
    """A signal for every run of the tenant that waits for it now; how many went on by it within the call. Beyond
    `SIGNALS_AT_ONCE` the others hear it a moment later. Sent again, it finds who waits then.

    No transaction around it: each run goes on in one of its own, inside the tenant's wall (`books.by_itself`).
    """
    tenant = check_can(actor, RUN)
    check_active(Tenant.objects.get(id=tenant))
    return engine.send_signal(tenant=str(tenant), name=name, at=at, limit=SIGNALS_AT_ONCE)


def _own(task: UUID, tenant: UUID) -> None:
    """NotFound for what is another's, or not there: the wall hides it already, and the engine is asked by tenant besides."""
    queries.get_task(task, tenant=str(tenant))


def _run_of(work: UUID, tenant: UUID) -> UUID:
    found = queries.find_work(work, tenant=str(tenant))
    if found is None:
        raise NotFound(A_WORK)
    return found.subject_id
