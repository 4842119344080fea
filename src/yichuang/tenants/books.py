"""What several commands and queries of the room share: a tenant's row as others see it, its use, and the record of its acts."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from yichuang.core import ledger, sql
from yichuang.core.actors import Actor
from yichuang.core.refusals import NotFound, Reason, Refused, refuse_all
from yichuang.core.words import W, Words
from yichuang.tenants import wall
from yichuang.tenants.meter import counted, metered
from yichuang.tenants.models import Credential, Tenant, Used
from yichuang.tenants.permissions import SUSPENDED, UNKNOWN, check_can
from yichuang.tenants.rules import over_quota
from yichuang.tenants.values import CredentialRow, Quotas, TenantRow, Usage

A_TENANT = W("租户", "tenant")
KIND = "tenant"  # of the ledger's subjects
KEYED = ("add_row", "start_run", "send_message")  # acts that take an Idempotency-Key


def keys_of(act: str, tenant: UUID) -> str:
    """The scope of a tenant's Idempotency-Keys for an act."""
    return f"tenants.{act}/{tenant}"


def row_of(row: Tenant) -> TenantRow:
    return TenantRow(
        id=row.id,
        code=row.code,
        name=Words(row.name_zh, row.name_en),
        department=row.department_id,
        quotas=quotas_of(row),
        state=row.state,  # type: ignore[arg-type]  # a constraint holds it to the three
        made_at=row.made_at,
    )


def quotas_of(row: Tenant) -> Quotas:
    return Quotas(row.most_rows, row.most_bytes, row.most_runs, row.most_calls, row.most_cpu)


def credential_row(row: Credential, at: datetime) -> CredentialRow:
    return CredentialRow(
        id=row.id,
        label=row.label,
        tail=row.tail,
        scopes=tuple(row.scopes),
        made_at=row.made_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        used_at=row.used_at,
        live=row.revoked_at is None and row.expires_at > at,
    )


def find_tenant(code: str) -> Tenant:
    """NotFound when there is none."""
    row = Tenant.objects.filter(code=code).first()
    if row is None:
        raise NotFound(A_TENANT)
    return row


@dataclass(frozen=True, slots=True)
class Home:
    """A tenant inside its wall, with the quotas that stand in the house's books outside of it."""

    tenant: UUID
    quotas: Quotas

    def use(self, *, rows: int = 0, bytes: int = 0, runs: int = 0) -> None:
        """Count what an act uses or gives back. Refused (conflict) with every quota that it would pass."""
        mine = Used.objects.filter(tenant=self.tenant)
        mine.update(rows=F("rows") + rows, bytes=F("bytes") + bytes, runs=F("runs") + runs)
        more = [name for name, grown in (("rows", rows), ("bytes", bytes), ("runs", runs)) if grown > 0]
        if more:
            now = mine.get()
            grown = Usage(**{name: getattr(now, name) for name in more})
            refuse_all(over_quota(grown, self.quotas), kind="conflict")

    def weigh(self, run: UUID, *, freely: bool = False) -> None:
        """Count what the engine keeps of a run by now: variables, tasks with what was said, waits. Refused QUOTA_BYTES when
        it grew beyond; `freely`: what ends something always may."""
        grown = sql.row(_WEIGH, [run, self.tenant])
        if grown is not None and grown[0]:
            self.use(bytes=grown[0]) if not freely else self.give(-grown[0])

    def give(self, bytes: int) -> None:
        """Give bytes back, whatever was counted of them in earlier versions."""
        shift(self.tenant, -bytes)


def shift(tenant: UUID, bytes: int) -> None:
    """Count bytes without asking whether there is room for them: what is given back, and what comes without being asked."""
    Used.objects.filter(tenant=tenant).update(bytes=Greatest(F("bytes") + bytes, 0))


# What stands in the engine's rows now, and in the run's own: as stored, sealed and compressed. The engine has locked its
# instance by then, so that of two acts the second sees what the first has written.
_WEIGH = """
WITH own AS (SELECT i.id, pg_column_size(i.*) AS size FROM engine_instance i WHERE i.subject_id = $1 AND i.subject_kind = 'run'),
now AS (SELECT 300 + coalesce((SELECT sum(size) FROM own), 0)
    + coalesce((SELECT sum(pg_column_size(t.*)) FROM engine_task t WHERE t.instance_id IN (SELECT id FROM own)), 0)
    + coalesce((SELECT sum(pg_column_size(w.*)) FROM engine_wait w WHERE w.instance_id IN (SELECT id FROM own)), 0)
    + coalesce((SELECT sum(pg_column_size(k.*)) FROM engine_token k WHERE k.instance_id IN (SELECT id FROM own)), 0) AS size)
UPDATE tenants_run r SET size = now.size FROM now, tenants_run was
WHERE r.id = $1 AND r.tenant_id = $2 AND was.id = r.id RETURNING now.size - was.size
"""
_HELD = "SELECT state FROM tenants_tenant WHERE id = $1 FOR SHARE"


def held(tenant: UUID) -> Tenant:
    """The tenant, which is not deleted or suspended while this transaction lasts: who does that waits for it, and what comes
    afterwards is refused."""
    sql.rows(_HELD, [tenant])
    return Tenant.objects.get(id=tenant)


@contextmanager
def at_home(actor: Actor, *scopes: str) -> Iterator[Home]:
    """Inside the wall of the tenant whose token may do one of these, to write: it cannot be deleted meanwhile. Its work is
    metered. Refused as `check_can` refuses; forbidden TENANT_SUSPENDED, signed_out when it is deleted."""
    tenant = check_can(actor, *scopes)
    row = held(tenant)
    check_active(row)
    with metered(tenant), wall.inside(tenant):
        yield Home(tenant, quotas_of(row))


@contextmanager
def looking(actor: Actor, *scopes: str) -> Iterator[UUID]:
    """The same, only to read: nobody waits for it."""
    tenant = check_can(actor, *scopes)
    with metered(tenant), wall.inside(tenant):
        yield tenant


@contextmanager
def by_itself(tenant: str, run: UUID | None, at: datetime) -> Iterator[None]:
    """What the engine does for a tenant with nobody there (`engine.ports.enclose`): timers and signals, within its wall, its
    quotas and its share of the minute. For the house's own rooms there is no wall.

    Suspended tenants' timers go on; deleted ones have none.
    """
    home = _tenant_of(tenant)
    if home is None:
        yield
        return
    with transaction.atomic():
        quotas = quotas_of(held(home))
        with counted(home, quotas, at=at), metered(home), wall.inside(home):
            yield
            if run is not None:
                Home(home, quotas).weigh(run)


def _tenant_of(name: str) -> UUID | None:
    try:
        return UUID(name)
    except ValueError:
        return None  # one of the house's own rooms


def check_active(row: Tenant) -> None:
    """Refused: signed_out for a deleted one, forbidden TENANT_SUSPENDED."""
    if row.state == "deleted":
        raise Refused(Reason("SIGNED_OUT", UNKNOWN), kind="signed_out")
    if row.state == "suspended":
        raise Refused(Reason("TENANT_SUSPENDED", SUSPENDED), kind="forbidden")


def record(act: str, actor: Actor, at: datetime, subject: tuple[str, UUID], **detail: str | int | bool | None) -> None:
    """Put an act on record: outside the wall, whose role may not write the ledger."""
    ledger.append(act=f"tenants.{act}", actor=actor, at=at, subject=ledger.Subject(*subject), detail=detail)
