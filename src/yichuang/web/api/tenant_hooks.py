"""/tenant/hooks: addresses of another application's programs that are told what happens (租户回调)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Path, Router, Schema, Status

from yichuang.core.clock import now
from yichuang.tenants import commands, queries
from yichuang.tenants.values import NEWS, HookRow
from yichuang.web.api.bodies import check_text
from yichuang.web.api.schemas import DoneOut, In
from yichuang.web.api.tenant_shared import REFUSALS
from yichuang.webkit.actor import actor_of

router = Router(tags=["tenant"])


class HookIn(In):
    url: str = Field(max_length=500, description="https, to a host of the public internet")
    kinds: list[str] = Field(max_length=20, description="of " + ", ".join(NEWS))


class HookMadeOut(Schema):
    id: UUID = Field(description="stands in X-Yc-Key of what is sent")
    secret: str = Field(description="proves us (X-Yc-Signature); shown this once")


class HookOut(Schema):
    id: UUID
    url: str
    kinds: list[str]
    on: bool = Field(description="off when it answered 410; `retry` turns it on")
    made_at: datetime
    told_at: datetime | None = Field(description="when something was last taken there")
    fault: str = Field(description="of the last try: empty, ADDRESS, NOT_CONNECTED, NO_ANSWER, HTTP_500 …")
    waiting: int = Field(description="news that are tried again")
    dead: int = Field(description="news that nobody took in all tries; `retry` sends them again")
    lost: int = Field(description="news that found too many waiting")


class HooksOut(Schema):
    items: list[HookOut]


class PingedOut(Schema):
    delivery: UUID


class RetriedOut(Schema):
    again: int


@router.get("", response={200: HooksOut, **REFUSALS}, url_name="tenant_hooks", summary="Addresses that are told")
def listed(request: HttpRequest) -> dict[str, Any]:
    return {"items": [_hook(row) for row in queries.list_hooks(actor_of(request))]}


@router.post(
    "", response={201: HookMadeOut, **REFUSALS}, url_name="tenant_hooks", summary="Tell an address from now on"
)
def make(request: HttpRequest, body: HookIn) -> Status[dict[str, Any]]:
    """422 BAD_ADDRESS for private addresses and this house. 409 HOOK_THERE for an address that is told already."""
    check_text(body.url)
    made, secret = commands.make_hook(actor=actor_of(request), url=body.url, kinds=body.kinds, at=now())
    return Status(201, {"id": made, "secret": secret})


@router.post("/{hook}/ping", response={200: PingedOut, **REFUSALS}, url_name="tenant_hook_ping", summary="Send something that says nothing")  # fmt: skip
def ping(request: HttpRequest, hook: Path[UUID]) -> dict[str, Any]:
    return {"delivery": commands.ping_hook(actor=actor_of(request), hook=hook, at=now())}


@router.post("/{hook}/retry", response={200: RetriedOut, **REFUSALS}, url_name="tenant_hook_retry", summary="Send again what nobody took")  # fmt: skip
def retry(request: HttpRequest, hook: Path[UUID]) -> dict[str, Any]:
    return {"again": commands.retry_hook(actor=actor_of(request), hook=hook, at=now())}


@router.post("/{hook}/remove", response={200: DoneOut, **REFUSALS}, url_name="tenant_hook_remove", summary="Tell an address no more")  # fmt: skip
def remove(request: HttpRequest, hook: Path[UUID]) -> dict[str, Any]:
    commands.remove_hook(actor=actor_of(request), hook=hook, at=now())
    return {}


def _hook(row: HookRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in HookOut.model_fields}
