"""/administration/tenants/…/definitions: what a tenant (租户) has declared, checked, tried and published on its behalf (docs/adr/0034).

By who keeps tenants, with the commands of the console's editors. Definitions only: never their data.
"""

from typing import Any

from django.http import HttpRequest
from ninja import Field, Path, Router

from yichuang.core.clock import now
from yichuang.tenants import commands, queries
from yichuang.web.api.drawn import BenchOut, bench
from yichuang.web.api.schemas import In, Problem
from yichuang.web.api.tenant_parts import (
    FaultsOut,
    Kind,
    PartOut,
    PartRowOut,
    PartsOut,
    definition,
    definition_fault,
)
from yichuang.webkit.actor import actor_of

router = Router(tags=["administration"])
REFUSALS: dict[int, Any] = dict.fromkeys((401, 403, 404, 409, 413, 422, 429), Problem)
MOST = 300_000


class DefinitionIn(In):
    body: str = Field(
        min_length=1, max_length=MOST, description="XML of a process or decision, JSON of a form or table"
    )


class DefinitionPublishIn(DefinitionIn):
    version: int = Field(ge=1, le=1_000_000, description="the one that was opened: what came meanwhile is a conflict")


class DefinitionTryIn(DefinitionIn):
    values: dict[str, str] = Field(description="by input; left out: unknown; dates as 2026-12-31", max_length=100)


@router.get(
    "/tenants/{tenant}/definitions",
    response={200: PartsOut, **REFUSALS},
    url_name="tenant_definitions",
    summary="What a tenant has declared",
)
def listed(request: HttpRequest, tenant: Path[str]) -> dict[str, Any]:
    """The newest version of each, without its body."""
    return {"items": [definition(row) for row in queries.parts_of(actor_of(request), tenant)]}


@router.get(
    "/tenants/{tenant}/definitions/{kind}/{code}",
    response={200: PartOut, **REFUSALS},
    url_name="tenant_definition",
    summary="One definition of a tenant",
)
def one(request: HttpRequest, tenant: Path[str], kind: Path[Kind], code: Path[str]) -> dict[str, Any]:
    """The newest version, with its body."""
    row = queries.part_shown(actor_of(request), tenant, kind, code)
    return {**definition(row), "body": row.body}


@router.post(
    "/tenants/{tenant}/definitions/{kind}/{code}/check",
    response={200: FaultsOut, **REFUSALS},
    url_name="check_tenant_definition",
    summary="What publishing would refuse, and what it would warn of",
)
def check(
    request: HttpRequest, tenant: Path[str], kind: Path[Kind], code: Path[str], body: DefinitionIn
) -> dict[str, Any]:
    """Nothing is kept."""
    found = commands.check_part_of(actor=actor_of(request), tenant=tenant, kind=kind, code=code, body=body.body)
    return {"faults": [definition_fault(one) for one in found]}


@router.post(
    "/tenants/{tenant}/decisions/{code}/try",
    response={200: BenchOut, **REFUSALS},
    url_name="try_tenant_decision",
    summary="试算: what a tenant's table says on values, and row by row why",
)
def attempt(request: HttpRequest, tenant: Path[str], code: Path[str], body: DefinitionTryIn) -> dict[str, Any]:
    """Nothing is kept."""
    actor, at = actor_of(request), now()
    found = commands.try_part_of(actor=actor, tenant=tenant, code=code, body=body.body, values=body.values, at=at)
    return bench(found)


@router.post(
    "/tenants/{tenant}/definitions/{kind}/{code}/publish",
    response={200: PartRowOut, **REFUSALS},
    url_name="publish_tenant_definition",
    summary="代为发布: publish the next version under its name; the tenant's record says who",
)
def publish(
    request: HttpRequest, tenant: Path[str], kind: Path[Kind], code: Path[str], body: DefinitionPublishIn
) -> dict[str, Any]:
    """Of what is there: the first version comes from the tenant's program. What runs keeps its version."""
    row = commands.publish_part_of(
        actor=actor_of(request),
        tenant=tenant,
        kind=kind,
        code=code,
        body=body.body,
        version=body.version,
        at=now(),
    )
    return definition(row)
