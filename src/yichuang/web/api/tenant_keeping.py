"""/administration/tenants: other applications (租户) made, limited, stopped and deleted, and their tokens. Never their data.

The system administrator's, with the commands of the console's pages (docs/adr/0025); deleting needs a second one.
"""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, P, Path, QueryEx, Router, Schema, Status

from yichuang.core.clock import now
from yichuang.core.words import Words
from yichuang.tenants import commands, queries
from yichuang.tenants.values import MEGABYTE, SECOND, CredentialRow, Quotas, TenantRow, Usage
from yichuang.web.api import translate
from yichuang.web.api.schemas import DoneOut, In, Label, Problem
from yichuang.web.api.second import ProposalOut, ProposeReasonIn, propose
from yichuang.web.api.tenant_parts import NameIn
from yichuang.webkit.actor import actor_of

router = Router(tags=["administration"])
REFUSALS: dict[int, Any] = dict.fromkeys((401, 403, 404, 409, 422, 503), Problem)


class QuotasIn(In):
    """What is kept already stays, also where it is more."""

    rows: int = Field(description="of data")
    megabytes: int = Field(description="of all that it keeps")
    runs: int = Field(description="running processes")
    calls: int = Field(description="a minute")
    seconds: int = Field(description="of the processor a minute")


class TenantIn(In):
    name: NameIn
    department: UUID = Field(description="which answers for it")
    quotas: QuotasIn


class NewTenantIn(TenantIn):
    code: str = Field(max_length=60, description="small letters, digits and hyphens; it never changes")


class TokenIn(In):
    label: str = Field(max_length=80, description="whom it is for; no personal data")
    scopes: list[Literal["read", "define", "data", "run"]] = Field(max_length=4)
    days: int = Field(description="for how long: 1 to 400")


class ShareOut(Schema):
    used: float = Field(description="now; calls and seconds in the present minute")
    most: float


class SharesOut(Schema):
    rows: ShareOut
    megabytes: ShareOut
    runs: ShareOut
    calls: ShareOut
    seconds: ShareOut


class KeptTenantOut(Schema):
    id: UUID
    code: str
    name: Label
    department: UUID
    state: Literal["active", "suspended", "deleted"]
    made_at: datetime
    quotas: SharesOut


class KeptTenantsOut(Schema):
    items: list[KeptTenantOut]
    next: str | None = None


class TokenOut(Schema):
    """Never the token itself."""

    id: UUID
    label: str
    tail: str = Field(description="its last four characters")
    scopes: list[str]
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    used_at: datetime | None = Field(description="to the minute")
    live: bool = Field(description="it opens now")


class TenantPageOut(KeptTenantOut):
    tokens: list[TokenOut] = Field(description="the newest first")


class BearerOut(Schema):
    id: UUID
    bearer: str = Field(description="shown this once")


@router.get(
    "/tenants",
    response={200: KeptTenantsOut, **REFUSALS},
    url_name="kept_tenants",
    summary="租户管理: all tenants with what they use",
)
def listed(
    request: HttpRequest,
    q: QueryEx[str, P(max_length=40)] = "",
    limit: QueryEx[int, P(ge=1, le=100)] = 20,
    cursor: QueryEx[str | None, P(max_length=60)] = None,
) -> dict[str, Any]:
    """By code, deleted ones last. `q`: a part of code or name."""
    page = queries.list_tenants(actor_of(request), q, cursor=cursor, limit=limit, at=now())
    return {"items": [_tenant(line.row, line.used) for line in page.items], "next": page.next}


@router.post(
    "/tenants", response={201: TenantPageOut, **REFUSALS}, url_name="kept_tenants", summary="新建租户: make a tenant"
)
def make(request: HttpRequest, body: NewTenantIn) -> Any:
    """Its programs come in by a token."""
    commands.make_tenant(actor=actor_of(request), code=body.code, at=now(), **_particulars(body))
    return Status(201, _page(request, body.code))


@router.get(
    "/tenants/{tenant}",
    response={200: TenantPageOut, **REFUSALS},
    url_name="kept_tenant",
    summary="One tenant: quotas, use and tokens",
)
def one(request: HttpRequest, tenant: Path[str]) -> dict[str, Any]:
    return _page(request, tenant)


@router.post(
    "/tenants/{tenant}/change",
    response={200: TenantPageOut, **REFUSALS},
    url_name="change_tenant",
    summary="Another name, department or quotas, in force at once",
)
def change(request: HttpRequest, tenant: Path[str], body: TenantIn) -> dict[str, Any]:
    commands.change_tenant(actor=actor_of(request), code=tenant, at=now(), **_particulars(body))
    return _page(request, tenant)


@router.post(
    "/tenants/{tenant}/suspend",
    response={200: DoneOut, **REFUSALS},
    url_name="suspend_tenant",
    summary="停用: its tokens open nothing until it is resumed",
)
def suspend(request: HttpRequest, tenant: Path[str]) -> dict[str, Any]:
    """Data stays; timers of its processes go on. Suspended already: nothing happens."""
    commands.suspend_tenant(actor=actor_of(request), code=tenant, at=now())
    return {}


@router.post(
    "/tenants/{tenant}/resume",
    response={200: DoneOut, **REFUSALS},
    url_name="resume_tenant",
    summary="恢复: tokens that are not expired or revoked open again",
)
def resume(request: HttpRequest, tenant: Path[str]) -> dict[str, Any]:
    commands.resume_tenant(actor=actor_of(request), code=tenant, at=now())
    return {}


@router.post(
    "/tenants/{tenant}/delete",
    response={202: ProposalOut, **REFUSALS},
    url_name="delete_tenant",
    summary="注销: ask that it be deleted with all that it keeps; a second administrator confirms",
)
def delete(request: HttpRequest, tenant: Path[str], body: ProposeReasonIn) -> Any:
    """Processes end, data and definitions go, tokens are revoked; it cannot be undone."""
    queries.get_tenant(actor_of(request), tenant)
    return propose(request, commands.DELETE, {"code": tenant}, body.reason)


@router.post(
    "/tenants/{tenant}/tokens",
    response={201: BearerOut, **REFUSALS},
    url_name="make_tenant_token",
    summary="新建令牌: a token for a program of the tenant",
)
def make_token(request: HttpRequest, tenant: Path[str], body: TokenIn) -> Any:
    """Nothing keeps the answer: asked again, there is another token."""
    made, bearer = commands.make_credential(actor=actor_of(request), tenant=tenant, at=now(), **body.dict())
    return Status(201, {"id": made, "bearer": bearer})


@router.post(
    "/tenants/{tenant}/tokens/{credential}/rotate",
    response={201: BearerOut, **REFUSALS},
    url_name="rotate_tenant_token",
    summary="更换令牌: another one for as long again; the old one opens for 24 hours more",
)
def rotate(request: HttpRequest, tenant: Path[str], credential: Path[UUID]) -> Any:
    made, bearer = commands.rotate_credential(actor=actor_of(request), tenant=tenant, credential=credential, at=now())
    return Status(201, {"id": made, "bearer": bearer})


@router.post(
    "/tenants/{tenant}/tokens/{credential}/revoke",
    response={200: DoneOut, **REFUSALS},
    url_name="revoke_tenant_token",
    summary="吊销令牌: it opens nothing from this moment",
)
def revoke(request: HttpRequest, tenant: Path[str], credential: Path[UUID]) -> dict[str, Any]:
    commands.revoke_credential(actor=actor_of(request), tenant=tenant, credential=credential, at=now())
    return {}


def _particulars(body: TenantIn) -> dict[str, Any]:
    name = Words(body.name.zh, body.name.en)
    return {"name": name, "department": body.department, "quotas": Quotas.of(**body.quotas.dict())}


def _page(request: HttpRequest, code: str) -> dict[str, Any]:
    actor, at = actor_of(request), now()
    shown = _tenant(queries.get_tenant(actor, code), queries.usage_of(actor, code, at=at))
    return {**shown, "tokens": [_token(row) for row in queries.list_credentials(actor, code, at=at)]}


def _tenant(row: TenantRow, used: Usage) -> dict[str, Any]:
    plain = {name: getattr(row, name) for name in ("id", "code", "department", "state", "made_at")}
    return {**plain, "name": translate.label(row.name), "quotas": _shares(used, row.quotas)}


def _shares(used: Usage, most: Quotas) -> dict[str, dict[str, float]]:
    """What is used of what is allowed, in the units in which it is set."""
    units = (("rows", "rows", 1), ("megabytes", "bytes", MEGABYTE), ("runs", "runs", 1), ("calls", "calls", 1), ("seconds", "cpu", SECOND))  # fmt: skip
    return {
        name: {"used": round(getattr(used, of) / step, 3), "most": getattr(most, of) / step} for name, of, step in units
    }


def _token(row: CredentialRow) -> dict[str, Any]:
    names = ("id", "label", "tail", "made_at", "expires_at", "revoked_at", "used_at", "live")
    return {**{name: getattr(row, name) for name in names}, "scopes": list(row.scopes)}
