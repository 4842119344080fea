"""Tokens of tenants (访问令牌): made, replaced and revoked by a system administrator; and the counting of who comes with one."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from yichuang.core import sql
from yichuang.core.actors import Actor, Channel, Grant
from yichuang.core.bearers import bearer_hash, new_bearer
from yichuang.core.ids import new_id
from yichuang.core.refusals import Conflict, NotFound, Reason, Refused, refuse_all
from yichuang.core.words import W
from yichuang.tenants.books import KIND, check_active, find_tenant, held, quotas_of, record
from yichuang.tenants.meter import count
from yichuang.tenants.models import Credential
from yichuang.tenants.permissions import UNKNOWN, check_can_keep_tenants
from yichuang.tenants.rules import GRACE, credential_reasons
from yichuang.tenants.values import SCOPES

PREFIX: Final = "yct_"
A_TOKEN = W("访问令牌", "token")
NOT_ACTIVE = W("租户已停用或注销，不能新建令牌", "The tenant is suspended or deleted: no token can be made")

_USED = "UPDATE tenants_credential SET used_at = $2 WHERE id = $1 AND (used_at IS NULL OR used_at < $2)"


@transaction.atomic
def make_credential(
    *, actor: Actor, tenant: str, label: str, scopes: Sequence[str], days: int, at: datetime
) -> tuple[UUID, str]:
    """A new token (its id, and the bearer, which is shown this once). Refused with every fault; conflict NOT_ACTIVE."""
    check_can_keep_tenants(actor)
    row = held(find_tenant(tenant).id)
    refuse_all(credential_reasons(label, scopes, days))
    if row.state != "active":
        raise Conflict(Reason("NOT_ACTIVE", NOT_ACTIVE))
    return _make(
        actor, row.id, label.strip(), [name for name in SCOPES if name in scopes], at, at + timedelta(days=days)
    )


@transaction.atomic
def rotate_credential(*, actor: Actor, tenant: str, credential: UUID, at: datetime) -> tuple[UUID, str]:
    """Another token in the place of one, for as long again; the old one opens for 24 hours more, so that nothing stops."""
    check_can_keep_tenants(actor)
    old = _live(tenant, credential, at)
    held(old.tenant_id)
    made = _make(actor, old.tenant_id, old.label, old.scopes, at, at + (old.expires_at - old.made_at))
    old.expires_at = min(old.expires_at, at + timedelta(hours=GRACE))
    old.save(update_fields=["expires_at"])
    return made


@transaction.atomic
def revoke_credential(*, actor: Actor, tenant: str, credential: UUID, at: datetime) -> None:
    """It opens nothing from this moment. Dead already: NotFound."""
    check_can_keep_tenants(actor)
    row = _live(tenant, credential, at)
    row.revoked_at = at
    row.save(update_fields=["revoked_at"])
    record("token_revoked", actor, at, (KIND, row.tenant_id), token=str(row.id))


def _live(tenant: str, credential: UUID, at: datetime) -> Credential:
    tokens = Credential.objects.select_for_update(of=("self",)).filter(tenant=find_tenant(tenant).id)
    row = tokens.filter(id=credential, revoked_at=None, expires_at__gt=at).first()
    if row is None:
        raise NotFound(A_TOKEN)
    return row


def _make(actor: Actor, tenant: UUID, label: str, scopes: list[str], at: datetime, until: datetime) -> tuple[UUID, str]:
    bearer = new_bearer(PREFIX)
    row = Credential.objects.create(
        id=new_id(), tenant_id=tenant, label=label, token_hash=bearer_hash(bearer), tail=bearer[-4:], scopes=scopes,
        made_at=at, expires_at=until,
    )  # fmt: skip
    record("token_made", actor, at, (KIND, tenant), token=str(row.id), scopes=" ".join(scopes))
    return row.id, bearer


def admit(bearer: str, *, locale: str = "zh-hans", at: datetime) -> Actor:
    """The application that comes with a token: a client with the token's scopes as its grants. The call is counted, and the time that earlier ones took.

    Refused: signed_out for a token that is unknown, expired or revoked, forbidden TENANT_SUSPENDED, too_many QUOTA_CALLS, QUOTA_CPU.
    """
    row = Credential.objects.select_related("tenant").filter(token_hash=bearer_hash(bearer)).first()
    if row is None or row.revoked_at is not None or row.expires_at <= at:
        raise Refused(Reason("SIGNED_OUT", UNKNOWN), kind="signed_out")
    check_active(row.tenant)
    minute = at.replace(second=0, microsecond=0)
    count(row.tenant_id, quotas_of(row.tenant), calls=1, at=at)
    if row.used_at is None or row.used_at < minute:
        sql.run(_USED, [row.id, minute])
    return Actor(
        kind="client",
        id=row.id,
        name=row.tenant.name_zh,
        grants=frozenset(Grant(scope) for scope in row.scopes),
        channel=Channel.API,
        locale=locale,
        tenant=row.tenant_id,
    )
