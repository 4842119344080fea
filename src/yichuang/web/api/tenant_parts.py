"""/tenant: what another application (租户) has declared on the house's engine: processes, decision tables, forms, data tables.

By a token of the tenant, which sees and changes its own and nothing else (docs/adr/0025, docs/how-to/tenants.md).
"""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, P, Path, QueryEx, Router, Schema

from yichuang.core.clock import now
from yichuang.core.words import Words
from yichuang.tenants import commands, queries
from yichuang.tenants.values import PartFault, PartRow, Quotas, Usage
from yichuang.web.api import translate
from yichuang.web.api.drawn import FaultOut
from yichuang.web.api.schemas import In, Label, ReasonOut
from yichuang.web.api.tenant_shared import REFUSALS
from yichuang.webkit.actor import actor_of

router = Router(tags=["tenant"])
Kind = Literal["process", "decision", "form", "table"]
Version = QueryEx[int | None, P(ge=1, le=1_000_000)]


class NumbersOut(Schema):
    rows: int
    bytes: int
    runs: int = Field(description="running processes")
    calls: int = Field(description="in the present minute")
    cpu: int = Field(description="milliseconds of the processor, in the present minute")


class TenantOut(Schema):
    code: str
    name: Label
    quotas: NumbersOut
    used: NumbersOut


class NameIn(In):
    zh: str = Field(max_length=100)
    en: str = Field(max_length=100)


class PartIn(In):
    name: NameIn = Field(description="of a decision, the Chinese one is that of the decision in the file")
    body: str = Field(
        min_length=1, max_length=300_000, description="XML of a process or decision, JSON of a form or table"
    )


class PartRowOut(Schema):
    id: UUID
    kind: str
    code: str
    version: int
    name: Label
    sha: str = Field(description="SHA-256 of the body, hex")
    made_at: datetime


class PartOut(PartRowOut):
    body: str


class PartsOut(Schema):
    items: list[PartRowOut]


class FaultsOut(Schema):
    faults: list[FaultOut]


class EvaluateIn(In):
    inputs: dict[str, Any] = Field(description="by input of the table; days as 2026-12-31; left out: unknown")
    version: int | None = Field(None, ge=1, le=1_000_000, description="left out: the newest")


class TriedOut(Schema):
    row: int
    hit: bool
    why: Label


class VerdictOut(Schema):
    """What the table says. With `doubts` nothing is decided: a person decides."""

    code: str
    version: int
    decided: bool
    value: Any
    doubts: list[Label]
    rows: list[TriedOut] = Field(description="of each rule: it fits, or the first cell that does not")


class DataIn(In):
    data: dict[str, Any]


class ReasonsOut(Schema):
    faults: list[ReasonOut]


@router.get(
    "", response={200: TenantOut, **REFUSALS}, url_name="tenant", summary="Whose token this is, and how much is used"
)
def whoami(request: HttpRequest) -> dict[str, Any]:
    row, used = queries.whoami(actor_of(request), at=now())
    return {"code": row.code, "name": translate.label(row.name), "quotas": _numbers(row.quotas), "used": _numbers(used)}


@router.get(
    "/definitions/{kind}",
    response={200: PartsOut, **REFUSALS},
    url_name="tenant_parts",
    summary="Definitions of a kind",
)
def listed(request: HttpRequest, kind: Path[Kind]) -> dict[str, Any]:
    """The newest version of each, without its body."""
    return {"items": [definition(row) for row in queries.list_parts(actor_of(request), kind)]}


@router.get(
    "/definitions/{kind}/{code}", response={200: PartOut, **REFUSALS}, url_name="tenant_part", summary="One definition"
)
def one(request: HttpRequest, kind: Path[Kind], code: Path[str], version: Version = None) -> dict[str, Any]:
    """The newest version, or the one that is named."""
    row = queries.get_part(actor_of(request), kind, code, version)
    return {**definition(row), "body": row.body}


@router.post(
    "/definitions/{kind}/{code}/publish",
    response={200: PartRowOut, **REFUSALS},
    url_name="tenant_publish",
    summary="Publish the next version of a process, decision table, form or data table",
)
def publish(request: HttpRequest, kind: Path[Kind], code: Path[str], body: PartIn) -> dict[str, Any]:
    """Refused with every fault. The same body again is the version that it is already. What runs keeps its version."""
    name = Words(body.name.zh, body.name.en)
    row = commands.publish_part(actor=actor_of(request), kind=kind, code=code, name=name, body=body.body, at=now())
    return definition(row)


@router.post(
    "/definitions/{kind}/{code}/check",
    response={200: FaultsOut, **REFUSALS},
    url_name="tenant_check",
    summary="Check a definition; nothing is kept",
)
def check(request: HttpRequest, kind: Path[Kind], code: Path[str], body: PartIn) -> dict[str, Any]:
    """What publishing would refuse, and what it would warn of."""
    found = commands.check_part(actor=actor_of(request), kind=kind, name=body.name.zh, body=body.body)
    return {"faults": [definition_fault(one) for one in found]}


@router.post(
    "/decisions/{code}/evaluate",
    response={200: VerdictOut, **REFUSALS},
    url_name="tenant_evaluate",
    summary="Ask a decision table, with the explanation",
)
def evaluate(request: HttpRequest, code: Path[str], body: EvaluateIn) -> dict[str, Any]:
    """Fails closed: whatever is missing or of a wrong kind is a doubt. Nothing is kept."""
    found = queries.evaluate(actor_of(request), code, body.inputs, version=body.version, at=now())
    return {
        "code": found.code,
        "version": found.version,
        "decided": found.decided,
        "value": found.value,
        "doubts": [translate.label(words) for words in found.doubts],
        "rows": [{"row": row.row, "hit": row.hit, "why": translate.label(row.words)} for row in found.rows],
    }


@router.post(
    "/forms/{code}/check", response={200: ReasonsOut, **REFUSALS}, url_name="tenant_form_check", summary="Check what was filled into a form"
)  # fmt: skip
def check_data(request: HttpRequest, code: Path[str], body: DataIn) -> dict[str, Any]:
    """Every fault at once, each with the JSON pointer of its field."""
    return {"faults": translate.reasons(queries.check_data(actor_of(request), code, body.data, at=now()))}


def _numbers(of: Quotas | Usage) -> dict[str, int]:
    return {name: getattr(of, name) for name in ("rows", "bytes", "runs", "calls", "cpu")}


def definition(row: PartRow) -> dict[str, Any]:
    """A definition in a list."""
    names = ("id", "kind", "code", "version", "sha", "made_at")
    return {**{name: getattr(row, name) for name in names}, "name": translate.label(row.name)}


def definition_fault(one: PartFault) -> dict[str, Any]:
    """What is wrong with one, and where."""
    names = ("line", "code", "element", "row", "column", "warns")
    return {**{name: getattr(one, name) for name in names}, "words": translate.label(one.words)}
