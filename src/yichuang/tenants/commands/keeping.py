"""Keeping tenants (租户管理): making, changing, stopping and deleting them, by a system administrator; deleting needs two."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction

from yichuang.core import idempotency
from yichuang.core.actors import Actor
from yichuang.core.asked import needs_two
from yichuang.core.ids import new_id
from yichuang.core.refusals import Conflict, Reason, Refused, refuse_all
from yichuang.core.words import W, Words
from yichuang.engine.commands import forget_tenant
from yichuang.network import queries as network
from yichuang.tenants import wall
from yichuang.tenants.books import KEYED, KIND, find_tenant, keys_of, record
from yichuang.tenants.commands.hooks import call_waiting
from yichuang.tenants.models import Credential, Delivery, Hook, Mark, Order, Part, Row, Run, Tenant, Used
from yichuang.tenants.permissions import check_can_keep_tenants
from yichuang.tenants.rules import code_reasons, name_reasons, quota_reasons
from yichuang.tenants.values import Quotas

DELETE: Final = "delete_tenant"
TAKEN = W("编码已被使用", "This code is taken")
GONE = W("这个租户已经注销", "This tenant was deleted")
NO_DEPARTMENT = W("请选择负责部门", "Choose the department that answers for it")
CLOSED = W("这个部门已经撤销", "This department is closed")
NO_WALL = W(
    "数据库里没有角色 yichuang_tenant，租户之间不能隔离：请数据库管理员建立并授予本系统（见安装说明）",
    "The database lacks the role yichuang_tenant, so tenants cannot be kept apart: its administrator makes and grants it (see install.md)",
)


@transaction.atomic
def make_tenant(*, actor: Actor, code: str, name: Words, department: UUID | None, quotas: Quotas, at: datetime) -> UUID:
    """A new tenant. Refused with every fault; conflict CODE_TAKEN; unavailable NO_WALL where nothing would keep it apart."""
    check_can_keep_tenants(actor)
    if not wall.stands():
        raise Refused(Reason("NO_WALL", NO_WALL), kind="unavailable")
    refuse_all([*code_reasons(code), *_reasons(name, department, quotas)])
    row = Tenant(id=new_id(), code=code, made_at=at)
    _fill(row, name, department, quotas)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if "code" not in str(error):
            raise
        raise Conflict(Reason("CODE_TAKEN", TAKEN, "/code")) from None
    with wall.inside(row.id):
        Used.objects.create(tenant_id=row.id)
    record("made", actor, at, (KIND, row.id), code=code)
    return row.id


@transaction.atomic
def change_tenant(
    *, actor: Actor, code: str, name: Words, department: UUID | None, quotas: Quotas, at: datetime
) -> None:
    """Another name, department or quotas. What is kept already stays, also where it is more than the quotas now allow."""
    check_can_keep_tenants(actor)
    row = _locked(code)
    refuse_all(_reasons(name, department, quotas))
    _fill(row, name, department, quotas)
    row.save()
    told = {name: getattr(quotas, name) for name in ("rows", "bytes", "runs", "calls", "cpu")}
    record("changed", actor, at, (KIND, row.id), **told)


@transaction.atomic
def suspend_tenant(*, actor: Actor, code: str, at: datetime) -> None:
    """Its tokens open nothing until it is resumed; timers of its processes go on. Suspended already: nothing happens."""
    _turn(actor, code, "suspended", at)


@transaction.atomic
def resume_tenant(*, actor: Actor, code: str, at: datetime) -> None:
    """Its tokens open again."""
    _turn(actor, code, "active", at)
    call_waiting(tenant=find_tenant(code).id)


@transaction.atomic
def delete_tenant(*, actor: Actor, code: str, at: datetime) -> None:
    """End it for good: processes, rows and definitions are deleted, tokens revoked; the name stays in the books.

    It waits for calls and timers under way, and none begins behind it (`books.held`): nothing is left half deleted. Needs a
    second person (Conflict SECOND_NEEDED).
    """
    check_can_keep_tenants(actor)
    needs_two(DELETE, actor)
    row = _locked(code)
    with wall.inside(row.id):
        gone = {"processes": forget_tenant(tenant=str(row.id))}
        for kept in (Mark, Order, Row, Run, Part, Delivery, Hook):
            gone[kept._meta.model_name or ""] = kept.objects.filter(tenant=row.id)._raw_delete(using="default")
        Used.objects.filter(tenant=row.id).update(rows=0, bytes=0, runs=0)
    idempotency.forget([keys_of(act, row.id) for act in KEYED])
    Credential.objects.filter(tenant=row, revoked_at=None).update(revoked_at=at)
    row.state = "deleted"
    row.save(update_fields=["state"])
    record("deleted", actor, at, (KIND, row.id), code=code, **gone)


def _reasons(name: Words, department: UUID | None, quotas: Quotas) -> list[Reason]:
    return [*name_reasons(name), *_department_reasons(department), *quota_reasons(quotas)]


def _department_reasons(department: UUID | None) -> list[Reason]:
    row = network.departments_by_id().get(department) if department else None
    if row is None:
        return [Reason("DEPARTMENT_MISSING", NO_DEPARTMENT, "/department")]
    if row.closed:
        return [Reason("DEPARTMENT_CLOSED", CLOSED, "/department")]
    return []


def _fill(row: Tenant, name: Words, department: UUID | None, quotas: Quotas) -> None:
    assert department is not None  # `_reasons` came before
    row.name_zh, row.name_en, row.department_id = name.zh.strip(), name.en.strip(), department
    row.most_rows, row.most_bytes, row.most_runs = quotas.rows, quotas.bytes, quotas.runs
    row.most_calls, row.most_cpu = quotas.calls, quotas.cpu


def check_not_deleted(row: Tenant) -> None:
    """Refused (conflict) DELETED."""
    if row.state == "deleted":
        raise Conflict(Reason("DELETED", GONE))


def _locked(code: str) -> Tenant:
    find_tenant(code)
    row = Tenant.objects.select_for_update(of=("self",)).get(code=code)
    check_not_deleted(row)
    return row


def _turn(actor: Actor, code: str, state: str, at: datetime) -> None:
    check_can_keep_tenants(actor)
    row = _locked(code)
    if row.state != state:
        row.state = state
        row.save(update_fields=["state"])
        record(state, actor, at, (KIND, row.id), code=code)
