"""What several commands and queries of the room share: a tenant's row as others see it, its use, and the record of its acts."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F

from yichuang.core import ledger
from yichuang.core.actors import Actor
from yichuang.core.refusals import NotFound, refuse_all
from yichuang.core.words import W, Words
from yichuang.tenants import wall
from yichuang.tenants.models import Credential, Tenant, Used
from yichuang.tenants.permissions import check_can
from yichuang.tenants.rules import over_quota
from yichuang.tenants.values import CredentialRow, Quotas, TenantRow, Usage

A_TENANT = W("租户", "tenant")
KIND = "tenant"  # of the ledger's subjects


def row_of(row: Tenant) -> TenantRow:
    return TenantRow(
        id=row.id,
        code=row.code,
        name=Words(row.name_zh, row.name_en),
        department=row.department_id,
        quotas=Quotas(row.most_rows, row.most_bytes, row.most_runs, row.most_calls),
        state=row.state,  # type: ignore[arg-type]  # a constraint holds it to the three
        made_at=row.made_at,
    )


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
        if max(rows, bytes, runs) > 0:
            now = mine.get()
            refuse_all(over_quota(Usage(now.rows, now.bytes, now.runs), self.quotas), kind="conflict")


@contextmanager
def at_home(actor: Actor, *scopes: str) -> Iterator[Home]:
    """Inside the wall of the tenant whose token may do one of these. Refused as `check_can` refuses."""
    tenant = check_can(actor, *scopes)
    quotas = row_of(Tenant.objects.get(id=tenant)).quotas
    with wall.inside(tenant):
        yield Home(tenant, quotas)


def record(act: str, actor: Actor, at: datetime, subject: tuple[str, UUID], **detail: str | int | bool | None) -> None:
    """Put an act on record: outside the wall, whose role may not write the ledger."""
    ledger.append(act=f"tenants.{act}", actor=actor, at=at, subject=ledger.Subject(*subject), detail=detail)
