"""Every read of tenants: their own, by their token; and what administrators see of them, which is never their data."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Q, When

from yichuang.catalog import queries as catalog
from yichuang.core.actors import Actor
from yichuang.core.paging import Page
from yichuang.core.refusals import NotFound, Reason
from yichuang.engine import queries as engine
from yichuang.engine.values import Migration, TaskRow, WaitKind, WaitRow
from yichuang.tenants import wall
from yichuang.tenants.books import A_TENANT, credential_row, find_tenant, looking, row_of
from yichuang.tenants.commands.rows import A_ROW
from yichuang.tenants.commands.runs import KIND, find_run
from yichuang.tenants.meter import metered
from yichuang.tenants.models import Credential, Hook, Mark, Order, Owned, Pace, Part, Row, Run, Tenant, Used
from yichuang.tenants.parts import decision_of, form_of, part_of, part_row, spec_of
from yichuang.tenants.permissions import check_can, check_can_keep_tenants
from yichuang.tenants.ranges import Asked, asked, read_cursor, write_cursor
from yichuang.tenants.rows import blind, data_row
from yichuang.tenants.values import (
    READ,
    RUN,
    CredentialRow,
    DataRow,
    HookRow,
    PartKind,
    PartRow,
    RunPage,
    RunRow,
    RunState,
    TenantLine,
    TenantRow,
    Usage,
    Verdict,
)
from yichuang.tenants.verdicts import judged


# ── what administrators see ───────────────────────────────────────────────────────────────────────────────────────
def list_tenants(
    actor: Actor, text: str = "", *, cursor: str | None = None, limit: int = 50, at: datetime
) -> Page[TenantLine]:
    """All of them with what they use, by code, deleted ones last; a part of code or name picks some out. Three statements."""
    check_can_keep_tenants(actor)
    rows = Tenant.objects.annotate(last=Case(When(state="deleted", then=1), default=0))
    if text:
        rows = rows.filter(Q(code__icontains=text) | Q(name_zh__icontains=text) | Q(name_en__icontains=text))
    if cursor:
        last, _, code = cursor.partition(".")
        rows = rows.filter(Q(last__gt=int(last == "1")) | Q(last=int(last == "1"), code__gt=code))
    found = list(rows.order_by("last", "code")[: limit + 1])
    used = _usages([row.id for row in found[:limit]], at)
    more = f"{found[limit - 1].last}.{found[limit - 1].code}" if len(found) > limit else None
    return Page(tuple(TenantLine(row_of(row), used[row.id]) for row in found[:limit]), more)


def get_tenant(actor: Actor, code: str) -> TenantRow:
    """One of them. NotFound."""
    check_can_keep_tenants(actor)
    return row_of(find_tenant(code))


def list_credentials(actor: Actor, code: str, *, at: datetime) -> tuple[CredentialRow, ...]:
    """A tenant's tokens, the newest first."""
    check_can_keep_tenants(actor)
    rows = Credential.objects.filter(tenant=find_tenant(code)).order_by("-made_at", "-id")
    return tuple(credential_row(row, at) for row in rows)


def usage_of(actor: Actor, code: str, *, at: datetime) -> Usage:
    """How much a tenant uses now: numbers, no data."""
    check_can_keep_tenants(actor)
    tenant = find_tenant(code).id
    return _usages([tenant], at)[tenant]


def parts_of(actor: Actor, code: str) -> tuple[PartRow, ...]:
    """The newest version of each definition of a tenant, without its body."""
    check_can_keep_tenants(actor)
    tenant = find_tenant(code).id
    with wall.inside(tenant):
        return _newest(tenant, None)


def part_shown(actor: Actor, code: str, kind: PartKind, part: str) -> PartRow:
    """The newest version of one definition of a tenant, with its body: what was declared, never data. NotFound."""
    check_can_keep_tenants(actor)
    tenant = find_tenant(code).id
    with wall.inside(tenant):
        return part_row(part_of(tenant, kind, part))


def hooks_of(actor: Actor, code: str) -> tuple[HookRow, ...]:
    """The addresses that a tenant's programs are told at, and how that goes; never of what."""
    check_can_keep_tenants(actor)
    tenant = find_tenant(code).id
    with wall.inside(tenant):
        return _hooks(tenant)


# ── what a tenant's own programs read ─────────────────────────────────────────────────────────────────────────────
def whoami(actor: Actor, *, at: datetime) -> tuple[TenantRow, Usage]:
    """The tenant whose token it is, its quotas, and how much of them is used."""
    tenant = check_can(actor, READ)
    row = Tenant.objects.filter(id=tenant).first()
    if row is None:
        raise NotFound(A_TENANT)
    return row_of(row), _usages([tenant], at)[tenant]


def list_parts(actor: Actor, kind: PartKind) -> tuple[PartRow, ...]:
    """The newest version of each definition of a kind, without its body, by code."""
    with looking(actor, READ) as tenant:
        return _newest(tenant, kind)


def get_part(actor: Actor, kind: PartKind, code: str, version: int | None = None) -> PartRow:
    """A definition with its body: the newest version, or the one that is named. NotFound."""
    with looking(actor, READ) as tenant:
        return part_row(part_of(tenant, kind, code, version))


def check_data(actor: Actor, form: str, data: Mapping[str, Any], *, at: datetime) -> list[Reason]:
    """Everything that is wrong with what was filled into a form, each with the JSON pointer of its field."""
    with looking(actor, READ) as tenant:
        schema = form_of(part_of(tenant, "form", form).body)
        return catalog.check_plain_form(schema, data, at=at)


def list_rows(
    actor: Actor,
    table: str,
    *,
    where: Mapping[str, Any] | None = None,
    sort: str = "",
    cursor: str | None = None,
    limit: int = 50,
) -> Page[DataRow]:
    """Rows in the order in which they came; with `where`, those with these values in the columns of one declared group, or
    between bounds and in the order of the last column of one of its `ranges` (`ranges.asked`). Rows that lack a column of the
    group are not among them.

    Refused NOT_FOUND_BY, NOT_BETWEEN for columns that no group declares: a table is never read through.
    """
    with looking(actor, READ) as tenant:
        spec = spec_of(part_of(tenant, "table", table).body)
        find = asked(spec, where or {}, sort)
        value = blind(tenant, table, find.group, find.value) if find.group else ""
        if find.ordered:
            found = Order.objects.filter(tenant=tenant, table=table, group=find.group, value=value)
            return _ordered(found.select_related("row"), find, cursor, limit)
        rows = Row.objects.filter(tenant=tenant, table=table)
        if find.group:
            marks = Mark.objects.filter(tenant=tenant, table=table, group=find.group, value=value)
            rows = rows.filter(id__in=marks.values("row_id"))
        return _paged(rows, cursor, limit, data_row)


def get_row(actor: Actor, table: str, row: UUID) -> DataRow:
    """One row. NotFound, for another tenant's too."""
    with looking(actor, READ) as tenant:
        found = Row.objects.filter(tenant=tenant, table=table, id=row).first()
        if found is None:
            raise NotFound(A_ROW)
        return data_row(found)


def evaluate(
    actor: Actor, decision: str, inputs: Mapping[str, Any], *, version: int | None = None, at: datetime
) -> Verdict:
    """What a decision table says of these inputs, and row by row why. With doubts nothing is decided: a person decides."""
    tenant = check_can(actor, RUN)
    with metered(tenant):
        with wall.inside(tenant):
            part = part_of(tenant, "decision", decision, version)
        return judged(decision_of(part.body, part.name_zh), part.code, part.version, inputs, at)


def list_runs(
    actor: Actor, *, state: RunState | None = None, cursor: str | None = None, limit: int = 50
) -> Page[RunRow]:
    """Runs in the order in which they began."""
    with looking(actor, READ) as tenant:
        rows = Run.objects.filter(tenant=tenant)
        return _paged(rows.filter(state=state) if state else rows, cursor, limit, _run_row)


def get_run(actor: Actor, run: UUID) -> RunPage:
    """One run with its tasks, steps and waits. NotFound, for another tenant's too."""
    with looking(actor, READ) as tenant:
        subject = (KIND, run)
        row = _run_row(find_run(tenant, run))
        return RunPage(row, engine.tasks_of(subject), engine.steps_of(subject), engine.waits_of(subject))


def moving_of(actor: Actor, run: UUID, *, version: int | None = None, names: Mapping[str, str]) -> Migration:
    """What would keep a run from going over to another version of its process, token by token, and which steps of people
    nobody would do then; nothing is changed. NotFound for one that is over."""
    with looking(actor, RUN) as tenant:
        row = find_run(tenant, run)
        part = part_of(tenant, "process", row.process, version)
        return engine.migration_of((KIND, run), xml=part.body.encode(), names=names)


def list_hooks(actor: Actor) -> tuple[HookRow, ...]:
    """The addresses that are told, the oldest first."""
    with looking(actor, READ) as tenant:
        return _hooks(tenant)


def list_tasks(
    actor: Actor, posts: list[str], *, state: str | None = None, cursor: str | None = None, limit: int = 20
) -> Page[TaskRow]:
    """The live tasks of some of the tenant's posts, the most urgent first."""
    with looking(actor, READ) as tenant:
        return engine.list_tasks(tenant=str(tenant), posts=posts, state=state, cursor=cursor, limit=limit)


def list_work(actor: Actor, kind: WaitKind, *, at: datetime, limit: int = 50) -> tuple[WaitRow, ...]:
    """What the tenant's processes ask of its programs, the oldest first; what failed, from its time on."""
    with looking(actor, READ) as tenant:
        return engine.list_work(tenant=str(tenant), kind=kind, at=at, limit=limit)


# ── inside ────────────────────────────────────────────────────────────────────────────────────────────────────────
def _usages(tenants: Sequence[UUID], at: datetime) -> Mapping[UUID, Usage]:
    minute = at.replace(second=0, microsecond=0)
    paces = {pace.tenant_id: pace for pace in Pace.objects.filter(tenant__in=tenants, minute=minute).order_by("tenant")}
    return {
        used.tenant_id: Usage(used.rows, used.bytes, used.runs, pace.used if pace else 0, pace.cpu if pace else 0)
        for used in Used.figures.filter(tenant__in=tenants).order_by("tenant")
        for pace in [paces.get(used.tenant_id)]
    }


def _newest(tenant: UUID, kind: PartKind | None) -> tuple[PartRow, ...]:
    rows = Part.objects.filter(tenant=tenant).defer("body").order_by("kind", "code", "-version")
    newest = (rows.filter(kind=kind) if kind else rows).distinct("kind", "code")
    return tuple(part_row(row, whole=False) for row in newest)


def _hooks(tenant: UUID) -> tuple[HookRow, ...]:
    def kept(state: str) -> Count:
        return Count("deliveries", filter=Q(deliveries__state=state))

    rows = Hook.objects.filter(tenant=tenant).annotate(waiting=kept("waiting"), dead=kept("dead")).order_by("id")
    return tuple(
        HookRow(
            id=row.id,
            url=row.url,
            kinds=tuple(row.kinds),
            on=row.on,
            made_at=row.made_at,
            told_at=row.told_at,
            fault=row.fault,
            waiting=row.waiting,
            dead=row.dead,
            lost=row.lost,
        )
        for row in rows
    )


def _paged(rows: Any, cursor: str | None, limit: int, shown: Any) -> Page[Any]:
    """By id, which grows with time: a page costs what is on it."""
    if cursor:
        rows = rows.filter(id__gt=read_cursor(cursor, ordered=False)[1])
    found: list[Owned] = list(rows.order_by("id")[: limit + 1])
    more = str(found[limit - 1].id) if len(found) > limit else None
    return Page(tuple(shown(row) for row in found[:limit]), more)


def _ordered(orders: Any, find: Asked, cursor: str | None, limit: int) -> Page[DataRow]:
    """By key and row, along the index: a page costs what is on it."""
    for lookup, key in find.bounds.items():
        orders = orders.filter(**{f"key__{lookup}": key})
    way, sign = ("lt", "-") if find.down else ("gt", "")
    if cursor:
        key, row = read_cursor(cursor, ordered=True)
        orders = orders.filter(Q(**{f"key__{way}": key}) | Q(key=key, **{f"row__{way}": row}), **{f"key__{way}e": key})
    found: list[Order] = list(orders.order_by(f"{sign}key", f"{sign}row")[: limit + 1])
    more = write_cursor(found[limit - 1].key, found[limit - 1].row_id) if len(found) > limit else None
    return Page(tuple(data_row(one.row) for one in found[:limit]), more)


def _run_row(row: Run) -> RunRow:
    return RunRow(
        id=row.id,
        process=row.process,
        version=row.version,
        reference=row.reference,
        state=row.state,  # type: ignore[arg-type]  # a constraint holds it to the three
        outcome=row.outcome,
        started_at=row.started_at,
        ended_at=row.ended_at,
    )
